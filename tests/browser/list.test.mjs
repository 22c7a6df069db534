// Many miners: found, ordered, grouped, as cards or as a table.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessibility.mjs';
import { openBrowser, openPage, PHONE, scrollsSideways } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const COUNT = 60;
const shots = path.join(import.meta.dirname, 'shots');
let browser, simulator, monitor;

before(async () => {
  mkdirSync(shots, { recursive: true });
  simulator = await Simulator.start('--count', String(COUNT));
  monitor = await Monitor.start();
  const names = Array.from({ length: COUNT }, (_, i) => `Miner ${i + 1}`);
  await monitor.watch(simulator, names);
  await simulator.fail(6, 'zero_hashrate');
  await eventually('the trouble is known', async () => (await monitor.get('/api/v1/fleet')).trouble === 1);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

async function openHome(query = '', options = {}) {
  const page = await openPage(browser, options);
  await page.goto(`${monitor.url}/${query}`);
  await page.getByRole('searchbox', { name: 'Find miners' }).waitFor();
  return page;
}

const firstCard = (page) => page.getByRole('article').first().getByRole('heading');

test('of many cards only those in sight exist, and all can be reached', async () => {
  const page = await openHome('?sort=name');
  await page.getByRole('article').filter({ hasText: 'Miner 1' }).first().waitFor();
  assert.ok((await page.getByRole('article').count()) < COUNT, 'not every card is drawn');

  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.getByRole('link', { name: `Miner ${COUNT}`, exact: true }).waitFor();
  page.verify();
});

test('the one in need stands first, and the search finds it', async () => {
  const page = await openHome();
  await eventually('Miner 7 stands first', async () => (await firstCard(page).textContent()) === 'Miner 7');

  await page.keyboard.press('/');
  await page.keyboard.type('"miner 42"');
  await page.waitForURL(/q=.*42/);
  await eventually('one card is left', async () => (await page.getByRole('article').count()) === 1);
  assert.equal(await firstCard(page).textContent(), 'Miner 42');

  await page.getByRole('searchbox').fill('temp>200');
  await page.getByText('No miner fits “temp>200”.').waitFor();
  page.verify();
});

test('a link brings the same search, order, groups and table', async () => {
  const page = await openHome('?q=miner&sort=hashrate&group=state&view=table');
  await page.getByRole('heading', { name: /^Need help/ }).waitFor();
  await page.getByRole('heading', { name: /^Fine/ }).waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'miner');
  assert.equal(await page.getByLabel('Order').inputValue(), 'hashrate');

  const first = page.getByRole('table').first();
  assert.match(await first.innerText(), /Miner 7/);
  const rows = page.getByRole('table').nth(1).getByRole('row');
  assert.ok((await rows.count()) < COUNT, 'not every row is drawn');
  await page.screenshot({ path: path.join(shots, 'table-light-desktop.png'), animations: 'disabled' });
  await assertAccessible(page);

  await page.getByLabel('Groups').selectOption('none');
  await page.waitForURL((url) => !url.searchParams.has('group'));
  await page.getByLabel('Order').selectOption('attention');
  await page.getByRole('link', { name: 'Miner 7', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Miner 7' }).waitFor();
  page.verify();
});

test('on a phone nothing is wider than the page', async () => {
  const page = await openHome('?view=table', { viewport: PHONE, theme: 'dark' });
  await page.getByRole('table').waitFor();
  assert.equal(await scrollsSideways(page), false);
  await page.screenshot({ path: path.join(shots, 'table-dark-phone.png'), animations: 'disabled' });
  await assertAccessible(page);
  await page.getByRole('radio', { name: 'Cards' }).check({ force: true });
  await page.getByRole('article').first().waitFor();
  await page.screenshot({ path: path.join(shots, 'cards-dark-phone.png'), animations: 'disabled' });
  assert.equal(await scrollsSideways(page), false);
  page.verify();
});
