// The page is there even while the monitor is not, and the wall shows it all without a touch.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';

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

test('opened while the monitor is away, the page shows what it knew and how old that is', async () => {
  const page = await openPage(browser, { mayLose: true });
  await page.goto(monitor.url);
  await page.getByRole('link', { name: 'Kitchen' }).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload(); // leaving a page keeps what it knows; the new one is the worker's
  await page.getByRole('link', { name: 'Kitchen' }).waitFor();
  await page.waitForFunction(() => localStorage.getItem('last-known') !== null);

  await monitor.pause();
  await page.reload();
  await page.getByText('Connection to the monitor lost.').waitFor();
  await page.getByText(/Showing what was known .* ago/).waitFor();
  await page.getByRole('link', { name: 'Kitchen' }).waitFor();
  await page.goto(`${monitor.url}/miners/1`);
  await page.getByRole('heading', { level: 1, name: 'Kitchen' }).waitFor();

  await monitor.resume();
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
  page.verify();
});

test('the wall shows how things stand, every miner, and nothing to press', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/wall`);
  await page.getByRole('heading', { level: 1, name: /fine/ }).waitFor();
  assert.deepEqual((await page.getByRole('listitem').allInnerTexts()).map((tile) => tile.split('\n')[0]), [
    'Garage',
    'Kitchen',
  ]);
  assert.equal(await page.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('link').count(), 0);
  page.verify();
});

test('a question mark tells what the keys do', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('link', { name: 'Kitchen' }).waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'What the keys do' });
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  page.verify();
});
