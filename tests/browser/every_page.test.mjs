// What holds for every page: accessible, no sideways scroll, a picture of each to look at.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { BotApiDouble } from '../support/bot_api_double.mjs';
import { assertAccessible } from './support/accessibility.mjs';
import { DESKTOP, openBrowser, openPage, PHONE, scrollsSideways, SMALL_PHONE } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { openAt, PAGES, WELCOME } from './support/pages.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const shots = path.join(import.meta.dirname, 'shots');
let browser, simulator, monitor, empty, telegram;

before(async () => {
  mkdirSync(shots, { recursive: true });
  simulator = await Simulator.start('--profile', 'demo', '--speed', '20');
  telegram = await BotApiDouble.start({ token: '12345:every-page' });
  monitor = await Monitor.start({
    env: { TELEGRAM_API_BASE: telegram.url, TELEGRAM_BOT_TOKEN: '12345:every-page', TELEGRAM_CHAT_ID: '4242' },
  });
  empty = await Monitor.start();
  await empty.patch('/api/v1/settings', { first_run: 'skipped' });
  await monitor.watch(simulator, ['Living room', 'Garage', 'Attic under the roof']);
  const { id } = await monitor.post('/api/v1/channels', {
    kind: 'webhook',
    name: 'Phone of Anna',
    settings: { url: 'http://127.0.0.1:9/' },
    quiet_hours: { from: '22:00', to: '07:00' },
  });
  await monitor.post(`/api/v1/channels/${id}/test`);
  await simulator.fail(1, 'zero_hashrate');
  await simulator.fail(2, 'web_dead');
  await eventually('trouble is known', async () => {
    const { trouble } = await monitor.get('/api/v1/fleet');
    return trouble === 2;
  });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await empty?.stop();
  await telegram?.stop();
  await simulator?.stop();
});

const everyPage = () => [...PAGES.map((view) => [view, monitor]), [WELCOME, empty]];

for (const theme of ['light', 'dark']) {
  for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    test(`every page is accessible and can be looked at: ${theme}, ${device}`, async () => {
      const page = await openPage(browser, { theme, viewport });
      for (const [view, served] of everyPage()) {
        await openAt(page, served, view);
        await page.screenshot({
          path: path.join(shots, `${view.name}-${theme}-${device}.png`),
          fullPage: !['add', 'explain', 'menu', 'mute', 'rename', 'remove', 'keys'].includes(view.name),
          animations: 'disabled',
        });
        await assertAccessible(page).catch((error) => {
          throw new Error(`${view.name}: ${error.message}`);
        });
      }
      page.verify();
    });
  }
}

test('no page is wider than a window of 320 points', async () => {
  const page = await openPage(browser, { viewport: SMALL_PHONE });
  const wide = [];
  for (const [view, served] of everyPage()) {
    await openAt(page, served, view);
    if (await scrollsSideways(page)) wide.push(view.name);
  }
  assert.deepEqual(wide, []);
  page.verify();
});

test('a chosen appearance is kept', async () => {
  const page = await openPage(browser, { theme: 'light' });
  await page.goto(monitor.url);
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await page.reload();
  await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor();
  const scheme = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  assert.equal(scheme, 'dark');
  page.verify();
});

test('the keyboard alone gets from the top of the page to a miner', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('article').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.pathname?.startsWith('/miners/'))) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/miners\/\d/);
  page.verify();
});

test('the API page works without any other host', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/docs`);
  await page.getByText('/api/v1/miners/{id}/samples').first().waitFor();
  page.verify();
});

test('without the monitor the page still says how things stood, and is accessible', async () => {
  const pages = [];
  for (const theme of ['light', 'dark']) {
    const page = await openPage(browser, { theme, viewport: theme === 'light' ? DESKTOP : PHONE, mayLose: true });
    await openAt(page, monitor, PAGES[0]);
    pages.push([theme, page]);
  }
  await monitor.pause();
  for (const [theme, page] of pages) {
    await page.getByText('Connection to the monitor lost.').waitFor();
    await page.screenshot({ path: path.join(shots, `away-${theme}.png`), animations: 'disabled' });
    await assertAccessible(page);
    page.verify();
  }
});
