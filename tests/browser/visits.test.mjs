// What the page says of the time since the reader was here last, and how many alerts are open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const PATIENCE_MS = 120_000;
let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start('--profile', 'demo');
  monitor = await Monitor.start();
  await monitor.watch(simulator, ['Kitchen', 'Garage']);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

const sinceLastVisit = (page) => page.getByRole('region', { name: /^Since your last visit/ });

async function episodes(state) {
  const { items } = await monitor.get(`/api/v1/alerts/episodes?state=${state}`);
  return items.filter(({ good_news, severity }) => !good_news && severity !== 'info');
}

/** The page is left, and what it keeps is made so much older: no test waits for half an hour. */
async function leaveFor(page, minutes) {
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('visit'))?.miners?.length > 0, undefined, {
    polling: 200,
    timeout: 90_000,
  });
  await page.goto(`${monitor.url}/icons/fine.svg`);
  await page.evaluate((away_ms) => {
    const visit = JSON.parse(localStorage.getItem('visit'));
    localStorage.setItem('visit', JSON.stringify({ ...visit, seen_ms: visit.seen_ms - away_ms }));
  }, minutes * 60_000);
}

test('a second visit tells what happened meanwhile, once, with ways to it', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('article').first().waitFor();
  await page.reload(); // leaving the page keeps the miners
  await page.getByRole('article').first().waitFor();
  assert.equal(await sinceLastVisit(page).count(), 0);
  await leaveFor(page, 45);

  await simulator.fail(0, 'hot', 73);
  await eventually('the alert is open', async () => (await episodes('open')).length > 0, PATIENCE_MS);
  await simulator.heal(0);
  await eventually('the alert is over', async () => (await episodes('open')).length === 0, PATIENCE_MS);
  const [{ id }] = await episodes('closed');
  await monitor.post('/api/v1/miners', { address: simulator.devices[2].address, name: 'Attic' });

  await page.goto(monitor.url);
  await sinceLastVisit(page).waitFor();
  const words = await sinceLastVisit(page).innerText();
  assert.match(words, /Since your last visit, \d+\smin ago:/);
  assert.match(words, /Kitchen: .*over after|alerts, all over again/);
  assert.match(words, /Attic is new\./);
  if (words.includes('Kitchen: ')) {
    await sinceLastVisit(page).getByRole('link', { name: /^Kitchen: / }).click();
    await page.waitForURL(`${monitor.url}/alerts/${id}`);
    await page.goBack();
  }

  await sinceLastVisit(page).getByRole('button').click();
  await sinceLastVisit(page).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('article').first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal(await sinceLastVisit(page).count(), 0);
  page.verify();
});

test('the number of open alerts stands beside their place, and goes when they are over', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor();

  await simulator.fail(1, 'hot', 73);
  await page.getByRole('link', { name: /^Alerts \d+ open$/ }).waitFor({ timeout: PATIENCE_MS });
  await simulator.heal(1);
  await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor({ timeout: PATIENCE_MS });
  page.verify();
});
