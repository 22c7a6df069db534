// The first steps, as somebody walks through them who has just unpacked a miner.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BotApiDouble } from '../support/bot_api_double.mjs';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';

const TOKEN = '12345:guide';
let browser, simulator, telegram;

before(async () => {
  telegram = await BotApiDouble.start({ token: TOKEN });
  simulator = await Simulator.start('--count', '2', '--addresses', '127.90.0.1');
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await simulator?.stop();
  await telegram?.stop();
});

/** Searches where the simulator is: its devices are on no port that a person could not change. */
async function searchAt(page, network) {
  const port = Number(new URL(simulator.devices[0].address).port);
  await page.route('**/api/v1/scan', (route) => {
    const isPost = route.request().method() === 'POST';
    return route.continue(isPost ? { postData: JSON.stringify({ network, port }) } : {});
  });
}

/** A fresh monitor that knows the double of Telegram, and a page of it. */
async function visit(run, env = {}) {
  const monitor = await Monitor.start({ env: { TELEGRAM_API_BASE: telegram.url, ...env } });
  const page = await openPage(browser);
  try {
    await run(page, monitor);
    page.verify();
  } finally {
    await page.context().close();
    await monitor.stop();
  }
}

const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

test('from nothing to a miner with a name, a chat and a price', () =>
  visit(async (page, monitor) => {
    await searchAt(page, '127.90.0.0/28');
    await page.goto(monitor.url);
    await page.waitForURL('**/welcome');

    await page.getByRole('button', { name: /^Find my miners/ }).click();
    await page.getByText('2 miners were found.').waitFor();
    await page.getByRole('button', { name: /^Add / }).first().click();
    await page.getByText('Watched', { exact: true }).waitFor();
    await press(page, 'Next');

    await heading(page, 'Give it a name');
    await page.getByText('Hashing').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Workshop');
    await page.getByRole('button', { name: /^Save the name/ }).click();
    await page.getByText('Saved.').waitFor();
    await press(page, 'Next');

    await heading(page, 'Hear of trouble in Telegram');
    await page.getByLabel('Token of your bot').fill(TOKEN);
    await press(page, 'Connect Telegram');
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    const link = await page.getByRole('link', { name: /^Open Telegram/ }).getAttribute('href');
    telegram.write(`/start ${new URL(link).searchParams.get('start')}`, { chatId: 4711, name: 'Anna' });
    await press(page, 'Send a test message');
    await page.getByText('Sent. It should be on your phone now.').waitFor();
    await press(page, 'Next');

    await heading(page, 'What does your electricity cost?');
    await page.getByLabel('Price of a kilowatt-hour').fill('0,30');
    await page.getByLabel('Currency').selectOption('EUR');
    await page.getByText(/kWh a day: €/).waitFor();
    await press(page, 'Save');

    await heading(page, 'All set');
    await page.getByRole('link', { name: 'To my miners' }).click();
    await page.getByRole('article').getByRole('link', { name: 'Workshop' }).waitFor();
    await page.getByText(/kWh a day: €/).waitFor();
    const settings = await monitor.get('/api/v1/settings');
    assert.equal(settings.first_run, 'done');
    assert.equal(settings.electricity_price_per_kwh, 0.3);
  }));

test('every step can be skipped, and a step is found again by its address', () =>
  visit(async (page, monitor) => {
    await page.goto(`${monitor.url}/welcome`);
    for (const name of ['Give it a name', 'Hear of trouble', 'What does your electricity']) {
      await press(page, 'Skip this step');
      await heading(page, name);
    }
    await page.reload();
    await heading(page, 'What does your electricity');
    await press(page, 'Back');
    await heading(page, 'Hear of trouble');
    await press(page, 'Leave the guide');
    await page.getByRole('button', { name: 'Try the demo' }).waitFor();
    assert.equal((await monitor.get('/api/v1/settings')).first_run, 'skipped');
  }));

test('a search that finds nothing says what to do, and one under way can be stopped', () =>
  visit(async (page, monitor) => {
    await searchAt(page, '127.91.0.0/28');
    await page.goto(`${monitor.url}/welcome?step=find`);
    await press(page, 'Search');
    await page.getByText('No miner was found.').waitFor();
    await page.getByText(/guest Wi-Fi/).waitFor();

    for (const device of [0, 1]) await simulator.fail(device, 'hang');
    await searchAt(page, '127.90.0.0/22');
    await press(page, 'Search again');
    await press(page, 'Stop the search');
    await page.getByRole('button', { name: 'Search again' }).waitFor();
    assert.equal((await monitor.get('/api/v1/scan')).state, 'cancelled');
    for (const device of [0, 1]) await simulator.heal(device);
  }));

test('a network that must not be searched, and a device that refuses, are told in words', () =>
  visit(async (page, monitor) => {
    await page.goto(`${monitor.url}/welcome?step=find`);
    await page.getByLabel('Network').fill('8.8.8.0/24');
    await press(page, 'Search');
    await page.getByRole('alert').filter({ hasText: 'not in a home network' }).waitFor();

    await searchAt(page, '127.90.0.0/28');
    await press(page, 'Search');
    await page.getByText('2 miners were found.').waitFor();
    await simulator.fail(0, 'http_401');
    await simulator.fail(1, 'http_401');
    await page.getByRole('button', { name: /^Add / }).first().click();
    await page.getByRole('alert').filter({ hasText: /\w+ \w+ \w+/ }).waitFor();
    for (const device of [0, 1]) await simulator.heal(device);
  }));

test('a token that is wrong is told in words', () =>
  visit(async (page, monitor) => {
    await page.goto(`${monitor.url}/welcome?step=telegram`);
    await press(page, 'Connect Telegram');
    await page.getByRole('alert').filter({ hasText: '@BotFather' }).waitFor();
    await page.getByLabel('Token of your bot').fill('999:wrong');
    await press(page, 'Connect Telegram');
    await page.getByRole('alert').filter({ hasText: /\w+ \w+ \w+/ }).waitFor();
  }));

test('degrees and money are the owner’s everywhere', () =>
  visit(async (page, monitor) => {
    await monitor.watch(simulator, ['Kitchen']);
    await page.goto(`${monitor.url}/settings`);

    await page.getByText('Fahrenheit (°F)').click();
    await page.getByLabel('Name of this place').fill('Attic');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByRole('link', { name: 'Attic' }).click();
    await page.getByText(/°F/).first().waitFor();

    await page.goto(`${monitor.url}/miners/1?range=1h`);
    await page.getByRole('img', { name: /Temperature.*°F/ }).waitFor();
    assert.equal(await page.getByText('°C').count(), 0);
  }));
