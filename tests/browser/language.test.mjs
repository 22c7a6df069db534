// The page in another language: chosen once, spoken everywhere, in words and in figures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessibility.mjs';
import { DESKTOP, openBrowser, openPage, PHONE, scrollsSideways, SMALL_PHONE } from './support/browser.mjs';
import { startInTrouble } from './support/trouble.mjs';

const shots = path.join(import.meta.dirname, 'shots');
const PLACES = [
  { name: 'home', path: '/' },
  { name: 'miner', path: '/miners/2?range=1h' },
  { name: 'alerts', path: '/alerts' },
  { name: 'rules', path: '/alerts/rules' },
  { name: 'channels', path: '/alerts/channels' },
  { name: 'settings', path: '/settings' },
  { name: 'welcome', path: '/welcome' },
  { name: 'learn', path: '/learn' },
  { name: 'odds', path: '/learn/odds' },
  { name: 'records', path: '/learn/records' },
  { name: 'costs', path: '/learn/costs' },
  { name: 'glossary', path: '/learn/glossary' },
];
/** What an owner would see of a text that is not there: its key, or a place without a value. */
const KEY_OR_PLACE = /\b(app|nav|list|miner|miners|fleet|says|state|alerts|rules|history|glossary|reason|rule|channels|settings|data|about|guide|begin|telegram|learn|odds|records|costs|facts|figures|quiet|raw|restart|wifi)\.[a-z_]+(\.[a-z_]+)*\b|\{[a-z]+\}/i;

let browser, simulator, monitor;

before(async () => {
  mkdirSync(shots, { recursive: true });
  ({ simulator, monitor } = await startInTrouble());
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

/** A page whose reader has chosen the language before. */
async function openIn(language, viewport = DESKTOP, theme = 'light') {
  const page = await openPage(browser, { viewport, theme });
  await page.addInitScript((code) => localStorage.setItem('language', code), language);
  return page;
}

async function show(page, place) {
  await page.goto(monitor.url + place.path);
  await page.getByRole('contentinfo').waitFor();
  await page.getByRole('main').getByRole('heading').first().waitFor();
}

test('a language is chosen at the foot of the page and kept', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByLabel('Language').selectOption('Deutsch');
  await page.getByRole('heading', { name: 'Deine Miner' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Deine Miner' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  page.verify();
});

test('a browser in which none was chosen speaks the language of the household', async () => {
  await monitor.patch('/api/v1/settings', { language: 'de' });
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/settings`);
  await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();

  await page.getByLabel('Sprache in diesem Browser').selectOption('Español');
  await page.getByRole('heading', { level: 1, name: 'Ajustes' }).waitFor();
  await page.getByLabel('Idioma en este navegador').selectOption({ index: 0 });
  await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();

  await page.getByLabel('Sprache deines Haushalts').selectOption({ index: 0 });
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  assert.equal((await monitor.get('/api/v1/settings')).language, null);
  page.verify();
});

test('what the monitor says is said in the language of the page', async () => {
  const page = await openIn('de');
  await page.goto(monitor.url);
  await page.getByRole('heading', { level: 1, name: /^Garage antwortet, schürft aber nicht: / }).waitFor();
  await page.goto(`${monitor.url}/alerts`);
  await page.getByRole('link', { name: 'Garage: Schürft nicht' }).first().click();
  await page.getByText('Der Miner ist an und antwortet, arbeitet aber nicht.').waitFor();
  page.verify();
});

test('figures are written as the language writes them', async () => {
  const page = await openIn('de');
  await page.goto(monitor.url);
  await page.getByText(/\d,\d+\s(TH|GH)\/s/).first().waitFor();
  page.verify();
});

for (const language of ['de', 'es']) {
  test(`no page shows the name of a text or is wider than its window: ${language}`, async () => {
    const page = await openIn(language, SMALL_PHONE);
    const wrong = [];
    for (const place of PLACES) {
      await show(page, place);
      const words = await page.locator('body').innerText();
      const key = KEY_OR_PLACE.exec(words);
      if (key !== null) wrong.push(`${place.name}: ${key[0]}`);
      if (await scrollsSideways(page)) wrong.push(`${place.name} is too wide`);
    }
    assert.deepEqual(wrong, []);
    page.verify();
  });

  test(`every page is accessible and can be looked at: ${language}`, async () => {
    for (const [device, viewport, theme] of [['desktop', DESKTOP, 'light'], ['phone', PHONE, 'dark']]) {
      const page = await openIn(language, viewport, theme);
      for (const place of PLACES) {
        await show(page, place);
        await page.screenshot({
          path: path.join(shots, `${language}-${place.name}-${device}.png`),
          fullPage: true,
          animations: 'disabled',
        });
        await assertAccessible(page);
      }
      page.verify();
    }
  });
}
