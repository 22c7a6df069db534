// The first visit: nothing is watched yet.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';

let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start();
  monitor = await Monitor.start();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

test('the demo starts with one click and goes with another', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);

  await page.getByRole('button', { name: 'Try the demo' }).click();
  await page.getByRole('article').nth(2).waitFor();
  await page.getByRole('heading', { level: 1, name: 'All 3 miners are fine' }).waitFor();

  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await page.getByRole('button', { name: 'Try the demo' }).waitFor();
  assert.equal(await page.getByRole('article').count(), 0);
  page.verify();
});

test('an address that is none is refused in words', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('button', { name: 'Add miner' }).click();
  await page.getByRole('alert').filter({ hasText: 'Type the miner' }).waitFor();

  await page.getByLabel('Address').fill('127.0.0.1:1');
  await page.getByRole('button', { name: 'Add miner' }).click();
  await page.getByRole('alert').filter({ hasText: /\w+ \w+ \w+/ }).filter({ hasNotText: 'Type' }).waitFor();
  assert.equal(await page.getByRole('article').count(), 0);
  page.verify();
});

test('a first miner is added by its address, with a name', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);

  await page.getByLabel('Address').fill(simulator.devices[0].address);
  await page.getByLabel('Name').fill('Workshop');
  await page.keyboard.press('Enter');

  await page.getByRole('article').getByRole('link', { name: 'Workshop' }).waitFor();
  await page.getByText('Workshop is being watched.').waitFor();
  page.verify();
});
