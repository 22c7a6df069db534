// The Learn pages: pictures, odds that can be tried, the record book, costs, words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start('--profile', 'demo');
  monitor = await Monitor.start();
  await monitor.watch(simulator, ['Kitchen', 'Garage']);
  await eventually('the odds are known', async () => {
    const { network, hashrate_ghs } = await monitor.get('/api/v1/odds');
    return network.difficulty !== null && hashrate_ghs !== null;
  });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

test('mining is told in ten pictures, each with words for those who cannot see it', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('link', { name: 'Learn' }).click();
  await page.getByRole('heading', { level: 1, name: 'Learn' }).waitFor();
  const pictures = page.getByRole('main').getByRole('listitem').getByRole('img');
  assert.equal(await pictures.count(), 10);
  for (const picture of await pictures.all()) assert.ok(await picture.getAttribute('aria-label'));
  page.verify();
});

test('the odds follow the slider, and come back to what is measured', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/learn/odds`);
  const chance = page.getByText(/^1 in [\d,]+$/);
  const measured = await chance.innerText();
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('End');
  await page.getByText('10.0 PH/s').waitFor();
  const numberOf = (words) => Number(words.replace(/\D/g, ''));
  await page.waitForFunction((before) => !document.body.innerText.includes(before), measured);
  assert.ok(numberOf(await chance.innerText()) < numberOf(measured) / 100);
  await page.getByRole('button', { name: 'Use my hashrate' }).click();
  await slider.waitFor();
  await page.getByText(/Reckoned with the difficulty/).waitFor();
  page.verify();
});

test('the record book of one miner has a link of its own', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/learn/records`);
  await page.getByRole('heading', { name: 'Highest difficulty' }).waitFor();
  await page.getByLabel('For').selectOption({ label: 'Garage' });
  await page.waitForURL(/\/learn\/records\?miner=2/);
  await page.getByText(/Garage/).nth(1).waitFor();
  await page.reload();
  assert.equal(await page.getByLabel('For').inputValue(), '2');
  page.verify();
});

test('a price gives costs, a wrong one gives words', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/learn/costs`);
  const price = page.getByLabel('Price of a kilowatt-hour');
  await page.getByRole('heading', { name: 'A month' }).waitFor();
  await price.fill('0,30');
  await page.getByText(/^\d+\.\d+$/).first().waitFor();
  await price.fill('cheap');
  await page.getByRole('alert').getByText('Write a number, such as 0.30.').waitFor();
  await page.getByText(/light bulb|person|candles/).waitFor();
  page.verify();
});

test('a word is found by typing, and has a link that leads to it', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/learn/glossary`);
  await page.getByLabel('Search the words').fill('vr');
  await page.getByText('1 word', { exact: true }).waitFor();
  await page.waitForURL(/q=vr/);
  await page.goto(`${monitor.url}/learn/glossary#wifi`);
  const title = page.getByText('Wi-Fi signal (RSSI)');
  await title.waitFor();
  await page.waitForFunction(() => {
    const { top, bottom } = document.getElementById('wifi').getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  });
  page.verify();
});
