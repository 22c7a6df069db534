// What a miner's page tells of the device: facts that explain themselves, its raw answer, silence.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessibility.mjs';
import { DESKTOP, openBrowser, openPage, PHONE, scrollsSideways, SMALL_PHONE } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const shots = path.join(import.meta.dirname, 'shots');
const nerdqaxe = readFileSync(
  path.join(import.meta.dirname, '../fixtures/axeos/nerdqaxe++-v1.0.30.json'),
  'utf8',
);
let browser, simulator, monitor, other;

/** A device that works on from one recorded answer: the simulator plays no NerdQAxe. */
async function playDevice(recorded) {
  const answer = JSON.parse(recorded);
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.statusCode = request.url === '/api/system/info' ? 200 : 404;
    answer.sharesAccepted += 1;
    answer.uptimeSeconds += 2;
    answer.hashRate += (answer.sharesAccepted % 7) - 3;
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

const stateOf = async (id) => (await monitor.get(`/api/v1/miners/${id}`)).state;

before(async () => {
  mkdirSync(shots, { recursive: true });
  simulator = await Simulator.start('--count', '4');
  monitor = await Monitor.start();
  await monitor.watch(simulator, ['Kitchen', 'Garage', 'Cellar', 'Attic']);
  other = await playDevice(nerdqaxe);
  await monitor.post('/api/v1/miners', { address: other.address, name: 'Office' });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
  other?.stop();
});

async function openMiner(id, options = {}) {
  const page = await openPage(browser, options);
  await page.goto(`${monitor.url}/miners/${id}?range=1h`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const rawOf = (page) => page.getByRole('region', { name: /^Raw answer of/ });
const showRaw = (page) => page.getByRole('button', { name: 'Show its raw answer' }).click();

test('the raw answer is asked for when it is opened, and shows nothing private', async () => {
  const page = await openMiner(1);
  const asked = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/raw')) asked.push(request.method());
  });
  await page.getByRole('heading', { name: 'What the miner sends' }).waitFor();
  assert.deepEqual(asked, []);

  await showRaw(page);
  await rawOf(page).waitFor();
  const shown = JSON.parse(await rawOf(page).textContent());
  assert.equal(shown.ASICModel, 'BM1370');
  for (const field of ['ssid', 'stratumUser', 'macAddr', 'hostname'])
    assert.equal(shown[field], '(hidden)', field);
  await page.getByText(/^Its answer of .*Hidden in \d+ places: .*ssid/).waitFor();
  assert.deepEqual(asked, ['POST']);

  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText(/^Copied\.$|^This browser does not let/).waitFor();
  await page.getByRole('button', { name: 'Hide its raw answer' }).click();
  await rawOf(page).waitFor({ state: 'detached' });
  page.verify();
});

test('a miner that falls silent while its answer is open shows nothing but since when', async () => {
  const page = await openMiner(2);
  await showRaw(page);
  await rawOf(page).waitFor();

  await simulator.fail(1, 'web_dead');
  await page.getByText(/^It has been silent since .*, so there is nothing to show/).waitFor({ timeout: 90_000 });
  assert.equal(await rawOf(page).count(), 0);

  await simulator.heal(1);
  await rawOf(page).waitFor({ timeout: 90_000 });
  page.verify();
});

test('an answer that cannot be had is said in words, and asked for again', async () => {
  const page = await openMiner(3, { mayRefuse: true });
  await showRaw(page);
  await rawOf(page).waitFor();
  await simulator.fail(2, 'html');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText(/It gave no answer|It has been silent since/).first().waitFor();
  assert.equal(await rawOf(page).count(), 0);
  await simulator.heal(2);
  await eventually('it hashes again', async () => (await stateOf(3)) === 'hashing', 90_000);
  const again = page.getByRole('button', { name: 'Ask again' });
  if (await again.isVisible()) await again.click();
  await rawOf(page).waitFor({ timeout: 60_000 });
  page.verify();
});

test('every fact of the device explains itself', async () => {
  const page = await openMiner(1);
  const facts = page.getByRole('region', { name: 'About this miner' });
  await facts.getByText(/^keeps the chip at \d+/).waitFor();
  const buttons = facts.getByRole('button');
  await eventually('the glossary is there', async () => (await buttons.count()) >= 15);
  await facts.getByRole('button', { name: 'Wi-Fi signal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/How strongly the miner hears your router/).waitFor();
  await dialog.getByText(/dBm\)/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  page.verify();
});

test('a figure says what it is now, what is usual for this chip and what to do', async () => {
  const page = await openMiner(1);
  await page.getByRole('button', { name: /^Efficiency/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/J\/TH$/).first().waitFor();
  await dialog.getByText('With a BM1370 chip 14 to 20 J/TH is usual.').waitFor();
  await dialog.getByText(/^Much above\?/).waitFor();
  page.verify();
});

test('a miner is muted from its page, says until when, and is heard again', async () => {
  const page = await openMiner(4);
  const choose = async (name) => {
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await choose('For 30 minutes');
  await page.getByText(/^Muted until \d\d:\d\d/).waitFor();
  const [mute] = (await monitor.get('/api/v1/mutes')).items;
  assert.equal(mute.miner_id, 4);
  assert.equal(mute.rule, null);

  await page.getByRole('button', { name: 'Unmute' }).click();
  await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
  await choose('Until I unmute');
  await page.getByText('Muted until you unmute it').waitFor();
  await page.reload();
  await page.getByText('Muted until you unmute it').waitFor();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await eventually('no mute is left', async () => (await monitor.get('/api/v1/mutes')).items.length === 0);

  await page.getByRole('link', { name: 'Its rules' }).click();
  await page.waitForURL(/\/alerts\/rules\?miner=4/);
  page.verify();
});

const KINDS = [
  { name: 'gamma', id: 1, open: showRaw, ready: rawOf },
  { name: 'nerdqaxe', id: 5, ready: (page) => page.getByText('NerdQAxe++').first() },
  { name: 'offline', id: 2, open: showRaw, ready: (page) => page.getByText(/^It has been silent since/) },
  { name: 'paused', id: 4, ready: (page) => page.getByText('Paused', { exact: true }).first() },
];

test('the pages of four very different miners can be looked at and are accessible', async () => {
  await simulator.fail(1, 'web_dead');
  await simulator.fail(3, 'paused');
  await eventually('one is away', async () => ['unresponsive', 'offline'].includes(await stateOf(2)), 90_000);
  await eventually('one is paused', async () => (await stateOf(4)) === 'paused', 90_000);
  for (const theme of ['light', 'dark']) {
    for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
      const page = await openPage(browser, { theme, viewport });
      for (const kind of KINDS) {
        await page.goto(`${monitor.url}/miners/${kind.id}?range=1h`);
        await page.getByRole('heading', { name: 'What the miner sends' }).waitFor();
        await kind.open?.(page);
        await kind.ready(page).waitFor();
        await page.getByRole('img', { name: /^Fan/ }).waitFor();
        await page.screenshot({
          path: path.join(shots, `device-${kind.name}-${theme}-${device}.png`),
          fullPage: true,
          animations: 'disabled',
        });
        await assertAccessible(page);
      }
      page.verify();
    }
  }
});

test('the page with its raw answer open is no wider than a window of 320 points', async () => {
  const page = await openMiner(1, { viewport: SMALL_PHONE });
  await showRaw(page);
  await rawOf(page).waitFor();
  assert.equal(await scrollsSideways(page), false);
  page.verify();
});
