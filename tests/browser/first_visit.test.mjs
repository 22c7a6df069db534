// The first visit: nothing is watched yet.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start();
  monitor = await Monitor.start();
  await monitor.patch('/api/v1/settings', { first_run: 'skipped' });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

test('the first visit leads to the first steps, once, and never again when they are left', async () => {
  const fresh = await Monitor.start();
  const guide = { level: 1, name: 'Welcome! Let us meet your first miner' };
  const first = await openPage(browser);
  await first.goto(fresh.url);
  await first.waitForURL('**/welcome');
  await first.getByRole('heading', guide).waitFor();
  await first.getByRole('banner').getByRole('link').first().click();
  await first.getByRole('button', { name: 'Try the demo' }).waitFor();
  assert.equal(new URL(first.url()).pathname, '/');

  const second = await openPage(browser);
  await second.goto(fresh.url);
  await second.waitForURL('**/welcome');
  await second.getByRole('button', { name: 'Leave the guide' }).click();
  await second.getByRole('button', { name: 'Try the demo' }).waitFor();
  await eventually('the monitor knows', async () => (await fresh.get('/api/v1/settings')).first_run === 'skipped');

  const third = await openPage(browser);
  await third.goto(fresh.url);
  await third.getByRole('button', { name: 'Try the demo' }).waitFor();
  assert.equal(new URL(third.url()).pathname, '/');
  for (const page of [first, second, third]) page.verify();
  await fresh.stop();
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
