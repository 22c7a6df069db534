// Alerts as a person meets them: what is wrong now, what to do, and how to say "I know".
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessibility.mjs';
import { openBrowser, openPage } from './support/browser.mjs';
import { startInTrouble } from './support/trouble.mjs';
import { eventually } from './support/wait.mjs';

let browser, simulator, monitor;

before(async () => {
  ({ simulator, monitor } = await startInTrouble());
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

async function openAlerts() {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/alerts`);
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
  return page;
}

async function openEpisode() {
  const page = await openAlerts();
  await page.getByRole('link', { name: /^Garage: / }).first().click();
  await page.getByRole('heading', { level: 1, name: /^Garage: / }).waitFor();
  return page;
}

test('what is wrong now stands first and leads to all about it', async () => {
  const page = await openEpisode();
  await page.getByText('It began').waitFor();
  await page.getByText(/Nobody: no channel for messages is set up/).waitFor();
  await page.getByRole('img', { name: /^Hashrate, / }).waitFor();
  page.verify();
});

test('somebody says that they know, and notes why', async () => {
  const page = await openEpisode();
  await page.getByRole('button', { name: 'I know about it' }).click();
  await page.getByText(/for .* now, acknowledged/).waitFor();
  await page.getByText('Somebody knew').waitFor();

  await page.getByLabel('A note, for later').fill('The pool was moved today.');
  await page.getByRole('button', { name: 'Keep note' }).click();
  await page.getByRole('listitem').filter({ hasText: 'The pool was moved today.' }).waitFor();
  page.verify();
});

test('an alert is muted for a time, which can be ended', async () => {
  const page = await openEpisode();
  await page.getByRole('button', { name: 'Mute for 8 h' }).click();
  await page.getByText('Muted. The alert itself goes on being recorded.').waitFor();
  await page.getByRole('link', { name: 'All alerts' }).click();
  await page.getByText('Muted: one kind of alert about Garage').waitFor();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await page.getByText('Muted: one kind').waitFor({ state: 'detached' });
  page.verify();
});

test('an alert that ends moves down by itself while the page is open', async () => {
  await simulator.heal(1);
  const page = await openAlerts();
  await page.getByText('Nothing is wrong. You will be told when something is.').waitFor({ timeout: 120_000 });
  await page.getByRole('listitem').filter({ hasText: /Garage.*over after/s }).first().waitFor();
  page.verify();
});

test('a rule is tuned for one miner, said to be changed, and put back', async () => {
  const page = await openAlerts();
  await page.getByRole('link', { name: 'What is watched for' }).click();
  await page.getByLabel('Rules for').selectOption({ label: 'Kitchen' });
  const rule = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Chip too hot/ }) });
  await rule.getByRole('button', { name: 'Tune' }).click();
  await rule.getByLabel('Limit °C').fill('abc');
  await rule.getByRole('button', { name: 'Save' }).click();
  await rule.getByText('Type a number, or leave it empty.').waitFor();

  await rule.getByLabel('Limit °C').fill('61');
  await rule.getByRole('button', { name: 'Save' }).click();
  await rule.getByText('Limit: 61').waitFor();
  await rule.getByText('changed', { exact: true }).waitFor();
  const { items } = await monitor.get('/api/v1/miners/1/rules');
  assert.equal(items.find((one) => one.rule === 'chip_temp').limit, 61);

  await rule.getByRole('button', { name: 'Tune' }).click();
  await rule.getByRole('button', { name: 'Back to the usual' }).click();
  await rule.getByText('changed', { exact: true }).waitFor({ state: 'detached' });
  page.verify();
});

/** A rule of one miner, with its form open. */
async function tune(page, miner, title) {
  await page.goto(`${monitor.url}/alerts/rules?miner=${miner}`);
  const rule = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
  await rule.getByRole('button', { name: 'Tune' }).click();
  return rule;
}

test('before a limit is saved, the page says how often it would have fired, and shows when', async () => {
  const page = await openPage(browser);
  const rule = await tune(page, 1, /^Chip too hot/);
  await rule.getByLabel('Limit °C').fill('30');
  await rule.getByText(/^In the last 30 days this would have fired once \(now: 0\)\.$/).waitFor();
  await assertAccessible(page);

  await rule.getByLabel('Limit °C').fill('120');
  await rule.getByText('In the last 30 days this would not have fired (now: 0).').waitFor();
  await rule.getByLabel('Limit °C').fill('');
  await rule.getByText(/^What is usual differs/).waitFor();

  await rule.getByLabel('Limit °C').fill('30');
  await rule.getByRole('link', { name: /^Kitchen, / }).click();
  await page.waitForURL(/\/miners\/1\?from=\d+&to=\d+$/);
  await page.getByRole('img', { name: /^Temperature/ }).waitFor();
  page.verify();
});

test('a rule that cannot be tried says so, and so does a history that cannot be read', async () => {
  const page = await openPage(browser);
  const chips = await tune(page, 1, /^Part of the miner is silent/);
  await chips.getByLabel('Minutes until it counts').fill('9');
  await chips.getByText(/^This cannot be tried before it is saved/).waitFor();

  const problem = { type: '/problems/invalid', title: 'No', status: 404, detail: 'the shelf is empty' };
  const refuse = (route) => route.fulfill({ status: 404, json: problem });
  await page.route('**/preview?*', refuse);
  const hot = await tune(page, 1, /^Chip too hot/);
  await hot.getByLabel('Limit °C').fill('30');
  await hot.getByText('The history could not be looked through.').waitFor();
  await hot.getByText('The shelf is empty.').waitFor();
  await page.unroute('**/preview?*', refuse);
  await hot.getByRole('button', { name: 'Try again' }).click();
  await hot.getByText(/would have fired once/).waitFor();
  page.verify();
});

test('limits are shown and typed in the degrees that the owner chose, and kept in °C', async () => {
  await monitor.patch('/api/v1/settings', { temperature_unit: 'F' });
  const page = await openPage(browser);
  const rule = await tune(page, 1, /^Chip too hot/);
  await rule.getByLabel('Limit °F').fill('149');
  await rule.getByText(/^In the last 30 days this would/).waitFor();
  await rule.getByRole('button', { name: 'Save' }).click();
  await rule.getByText('Limit: 149').waitFor();
  const { items } = await monitor.get('/api/v1/miners/1/rules');
  assert.equal(items.find((one) => one.rule === 'chip_temp').limit, 65);
  await monitor.patch('/api/v1/settings', { temperature_unit: null });
  page.verify();
});

test('a rule is switched off with one press', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/alerts/rules`);
  const choice = page.getByRole('switch', { name: /^Watch: Weak Wi-Fi/ });
  await choice.uncheck({ force: true });
  await eventually('the monitor knows', async () => {
    const { items } = await monitor.get('/api/v1/rules');
    return items.find((one) => one.rule === 'weak_wifi').enabled === false;
  });
  page.verify();
});

test('a fire drill without a channel says that nobody would be told', async () => {
  const page = await openAlerts();
  await page.getByText('Nobody would be told: connect Telegram or another channel first.').waitFor();
  page.verify();
});
