// The home page over the real monitor and real simulated devices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const NAMES = ['Kitchen', 'Garage', 'Attic'];
let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start('--profile', 'demo');
  monitor = await Monitor.start();
  await monitor.watch(simulator, NAMES);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

const cardOf = (page, name) => page.getByRole('article').filter({ hasText: name });
const namesOf = (page) => page.getByRole('article').getByRole('heading').allTextContents();

test('home shows every miner with its figures and says that all is well', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('heading', { level: 1, name: 'All 3 miners are fine' }).waitFor();

  assert.deepEqual(await namesOf(page), ['Attic', 'Garage', 'Kitchen']);
  const kitchen = await cardOf(page, 'Kitchen').innerText();
  for (const shown of [/Hashing/, /Bitaxe Gamma 601/, /TH\/s/, /expected/, /\d\s°C/, /J\/TH/, /ago|just now/]) {
    assert.match(kitchen, shown);
  }
  assert.match(await page.title(), /^All fine/);
  page.verify();
});

test('readings change by themselves and their age is told', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  const figures = cardOf(page, 'Kitchen');
  const before = await figures.innerText();

  await eventually('a new hashrate', async () => {
    const line = (text) => text.split('\n').find((part) => part.includes('TH/s'));
    return line(await figures.innerText()) !== line(before);
  });
  await figures.getByText(/^[1-9]\d*\ss ago$/).waitFor();
  page.verify();
});

test('a card turns to trouble when its miner stops working, and back', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await cardOf(page, 'Garage').getByText('Hashing').waitFor();

  await simulator.fail(1, 'zero_hashrate');
  await cardOf(page, 'Garage').getByText('Not hashing', { exact: true }).waitFor();
  await eventually('the one in trouble comes first', async () => (await namesOf(page))[0] === 'Garage');
  await eventually('the title tells', async () => (await page.title()).startsWith('(1) Trouble'));
  await page.locator('link[rel=icon][href="/icons/trouble.svg"]').waitFor({ state: 'attached' });
  assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /Garage/);

  await simulator.heal(1);
  await cardOf(page, 'Garage').getByText('Hashing', { exact: true }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'All 3 miners are fine' }).waitFor();
  page.verify();
});

test('a miner that is too hot is said to run hot, with the limit and what to do', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);

  await simulator.fail(0, 'hot', 73);
  const kitchen = cardOf(page, 'Kitchen');
  await kitchen.getByText('Running hot').waitFor();
  await kitchen.getByText(/above 68\s°C/).waitFor();
  await page.getByRole('heading', { level: 1, name: /Kitchen/ }).waitFor();

  await simulator.heal(0);
  await kitchen.getByText('Hashing', { exact: true }).waitFor();
  page.verify();
});

test('a miner that has gone shows dashes and when it was seen last', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);

  await simulator.fail(2, 'web_dead');
  const attic = cardOf(page, 'Attic');
  await attic.getByText('Not answering', { exact: true }).waitFor({ timeout: 60_000 });
  await attic.getByText(/Last seen/).waitFor();
  assert.match(await attic.innerText(), /Power\n–/);
  await simulator.heal(2);
  await attic.getByText('Hashing', { exact: true }).waitFor({ timeout: 60_000 });
  page.verify();
});

test('while the monitor is away the page says so, keeps what it knew, and comes back', async () => {
  const page = await openPage(browser, { mayLose: true });
  await page.goto(monitor.url);
  await cardOf(page, 'Kitchen').waitFor();

  await monitor.pause();
  await page.getByText('Connection to the monitor lost.').waitFor();
  await page.getByText(/Showing what was known .* ago\. Trying again/).waitFor();
  assert.equal((await namesOf(page)).length, 3);
  assert.match(await page.title(), /^No connection/);

  await monitor.resume();
  await page.getByText('Connection to the monitor lost.').waitFor({ state: 'detached' });
  await page.getByText('Live', { exact: true }).waitFor();
  page.verify();
});

test('when the stream is blocked the page asks again and again, and shows a full disk', async () => {
  const page = await openPage(browser, { mayLose: true });
  const health = await monitor.get('/api/v1/health');
  const problem = { part: 'storage', problem: 'The disk is full.', advice: 'Make room.' };
  await page.route('**/api/v1/events', (route) => route.abort('connectionrefused'));
  await page.route('**/api/v1/health', (route) =>
    route.fulfill({ json: { ...health, status: 'degraded', problems: [problem] } }),
  );
  await page.goto(monitor.url);

  await page.getByText('Refreshed every few seconds').waitFor();
  await page.getByText('The history is not being saved.').waitFor();
  await page.getByText('Make room.').waitFor();
  await cardOf(page, 'Kitchen').getByText(/ago|just now/).waitFor();
  page.verify();
});
