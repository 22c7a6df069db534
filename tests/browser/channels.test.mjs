// Who is told: adding a channel, what its service answers, and linking a Telegram chat.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BotApiDouble } from '../support/bot_api_double.mjs';
import { WebhookReceiver } from '../support/webhook_receiver.mjs';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const TOKEN = '12345:browser-secret-token';
let browser, simulator, monitor, hook, telegram;

before(async () => {
  simulator = await Simulator.start('--profile', 'demo', '--speed', '20');
  telegram = await BotApiDouble.start({ token: TOKEN });
  hook = await WebhookReceiver.start();
  monitor = await Monitor.start({ env: { TELEGRAM_API_BASE: telegram.url } });
  await monitor.watch(simulator, ['Kitchen', 'Garage']);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await hook?.stop();
  await telegram?.stop();
  await simulator?.stop();
});

async function openChannels(where = '') {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/alerts/channels${where}`);
  await page.getByRole('heading', { level: 1, name: 'Who is told' }).waitFor();
  return page;
}

const channels = async () => (await monitor.get('/api/v1/channels')).items;
const itemOf = (page, name) =>
  page.getByRole('list', { name: 'Who is told' }).getByRole('listitem').filter({ hasText: name }).first();

test('who has no channel is led from the alerts to one, which is tested at once', async () => {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/alerts`);
  await page.getByRole('link', { name: 'Who is told' }).click();
  await page.getByText('Nobody is told yet').waitFor();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await page.getByRole('button', { name: /^Webhook/ }).click();
  await page.getByRole('heading', { name: 'How to set it up' }).waitFor();

  await page.getByLabel('What to call it').fill('Node-RED');
  await page.getByLabel('Address', { exact: true }).fill(hook.url);
  await page.getByLabel('Secret (optional)').fill('a-long-random-word');
  await page.getByRole('button', { name: 'Add and test' }).click();

  await itemOf(page, 'Node-RED').getByText('The test message was taken.').waitFor();
  await itemOf(page, 'Node-RED').getByText('Works', { exact: true }).waitFor();
  assert.equal(hook.posts.length, 1);
  assert.match(hook.posts[0].headers['x-bitaxe-signature'], /^sha256=/);
  page.verify();
});

test('what is wrong with a field is said at the field', async () => {
  const page = await openChannels('?add=email');
  await page.getByRole('button', { name: 'Add and test' }).click();
  assert.equal(await page.getByText('This is needed.').count(), 3);

  await page.getByLabel('To', { exact: true }).fill('owner@example.org');
  await page.getByLabel('Mail server').fill('127.0.0.1');
  await page.getByLabel('From', { exact: true }).fill('miners@example.org');
  await page.getByLabel(/^Port/).fill('many');
  await page.getByRole('button', { name: 'Add and test' }).click();

  await page.getByText('Port must be a number from 1 to 65535.').waitFor();
  assert.equal(await page.getByLabel(/^Port/).getAttribute('aria-invalid'), 'true');
  page.verify();
});

test('a test shows what a receiver answers that refuses, hurries or is away', async () => {
  const page = await openChannels();
  const item = itemOf(page, 'Node-RED');
  const again = async () => {
    await item.getByRole('button', { name: 'Send a test message' }).click();
    return item.getByText('The test message did not get through.');
  };

  hook.answers.push({ status: 403 });
  await (await again()).waitFor();
  await item.getByText(/did not let the monitor in/).first().waitFor();

  hook.answers.push({ status: 429, headers: { 'retry-after': '60' } });
  await item.getByRole('button', { name: 'Send a test message' }).click();
  await item.getByText(/asked to wait before the next message/).first().waitFor();

  await hook.stop();
  await item.getByRole('button', { name: 'Send a test message' }).click();
  await item.getByText(/refused the connection: check the address/).first().waitFor();

  await hook.listen();
  await item.getByRole('button', { name: 'Send a test message' }).click();
  await item.getByText('The test message was taken.').waitFor();
  page.verify();
});

test('what a channel tells is chosen, and its secrets are never shown', async () => {
  const page = await openChannels();
  await page.getByRole('button', { name: 'Change Node-RED' }).click();
  await page.getByText('It is filled in and never shown.').first().waitFor();
  assert.equal(await page.getByLabel('Address', { exact: true }).inputValue(), '');

  await page.getByLabel('How bad it must be').selectOption({ label: 'Only what is urgent' });
  await page.getByRole('radio', { name: 'Only some' }).check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Choose at least one miner, or all.').waitFor();
  await page.getByRole('checkbox', { name: 'Garage' }).check();
  await page.getByRole('switch', { name: /^Quiet hours/ }).check({ force: true });
  await page.getByLabel('From', { exact: true }).fill('23:15');
  await page.getByRole('button', { name: 'Save' }).click();

  await itemOf(page, 'Node-RED')
    .getByText('Only what is urgent, only 1 miner. Quiet from 23:15 to 07:00, except what is urgent.')
    .waitFor();
  const [channel] = await channels();
  assert.deepEqual(channel.secrets_set.toSorted(), ['secret', 'url']);
  assert.equal(channel.least_severity, 'critical');
  page.verify();
});

test('a channel is switched off, and removed only after a question', async () => {
  const page = await openChannels();
  const item = itemOf(page, 'Node-RED');
  await item.getByRole('switch', { name: 'Send messages to Node-RED' }).uncheck({ force: true });
  await item.getByText('Switched off').waitFor();
  assert.equal((await channels())[0].enabled, false);
  await item.getByRole('switch').check({ force: true });
  await item.getByText('Works', { exact: true }).waitFor();

  await item.getByRole('button', { name: 'Remove Node-RED' }).click();
  const question = page.getByRole('dialog', { name: 'Remove Node-RED?' });
  await question.getByText('nobody would be told').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await channels()).length, 1);
  await item.getByRole('button', { name: 'Remove Node-RED' }).click();
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Nobody is told yet').waitFor();
  assert.deepEqual(await channels(), []);
  page.verify();
});

test('a wrong bot token is refused in words', async () => {
  const page = await openChannels('?add=telegram');
  await page.getByRole('button', { name: 'Make a code' }).click();
  await page.getByText('This is needed.').waitFor();
  await page.getByLabel('Bot token').fill('99999:wrong');
  await page.getByRole('button', { name: 'Make a code' }).click();
  await page.getByRole('alert').filter({ hasText: /token/i }).waitFor();
  page.verify();
});

test('a chat is linked by scanning a code and pressing Start', async () => {
  const page = await openChannels('?add=telegram');
  await page.getByLabel('Bot token').fill(TOKEN);
  await page.getByRole('button', { name: 'Make a code' }).click();
  const qr = page.getByRole('img', { name: /^QR code that opens Telegram/ });
  await qr.waitFor();
  await eventually('the picture is drawn', () => qr.evaluate((image) => image.naturalWidth > 20));
  const url = await page.getByRole('link', { name: 'Open Telegram on this device' }).getAttribute('href');
  const code = new URL(url).searchParams.get('start');

  telegram.write(`/start ${code}`, { chatId: 4242, name: 'Anna' });
  await page.getByText('Anna is linked.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();

  const item = itemOf(page, 'Anna');
  await item.getByRole('button', { name: 'Send a test message' }).click();
  await item.getByText('The test message was taken.').waitFor();
  const [channel] = await channels();
  assert.equal(channel.kind, 'telegram');
  assert.equal(channel.role, 'owner');
  assert.ok(telegram.sent.some((message) => message.chatId === '4242'));
  page.verify();
});
