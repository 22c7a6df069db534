// The Telegram bot from end to end: the real monitor, a simulated miner, and a
// double of the Bot API in which people write and press buttons.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';

import telegramTestApi from 'telegram-test-api';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { programPath, Site, until } from '../support/programs.mjs';

const TOKEN = '12345:e2e-bot-token';
const ANNA = 77;

/** One miner, and a monitor that knows of no bot yet. */
async function startBoth(context, env = {}, program = undefined) {
  const telegram = await BotApiDouble.start({ token: TOKEN });
  const site = await Site.start({
    program,
    devices: ['--count', '1', '--model', 'gamma', '--speed', '10'],
    env: {
      TELEGRAM_API_BASE: telegram.url,
      TEMP_THRESHOLD_CORE_C: '68',
      ALERT_COOLDOWN_MINUTES: '0',
      ...env,
    },
  });
  context.after(async () => {
    await site.stop();
    await telegram.stop();
    assert.ok(!site.log.includes(TOKEN), 'the token is in the log');
  });
  const garage = await site.addMiner(0, 'Garage');
  await site.untilMiner(garage.id, (miner) => miner.state === 'hashing');
  return { telegram, site, garage };
}

/** Links a chat as the dashboard does it. */
async function link(site, telegram, { chatId = ANNA, name = 'Anna', token, role } = {}) {
  const made = await site.call('POST', '/telegram/link', { token, role });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  telegram.write(`/start ${made.body.code}`, { chatId, name });
  await telegram.message(
    (message) => message.chatId === String(chatId) && message.text.includes('This chat is linked'),
  );
  return made.body;
}

const says = (words, chatId = ANNA) => (message) =>
  message.chatId === String(chatId) && message.text.includes(words);

test('a chat is linked with a new token and a code, and alerts come there', async (context) => {
  const { telegram, site } = await startBoth(context);
  const before = await site.call('POST', '/telegram/link', {});
  assert.equal(before.status, 409);
  assert.match(before.body.detail, /@BotFather/);

  const made = await link(site, telegram, { token: TOKEN });
  const state = await until(
    () => site.get(`/telegram/link/${made.code}`),
    (answer) => answer.state === 'used',
  );
  await site.break(0, 'hot', 72);
  await telegram.message(says('Garage is too hot'));
  const health = await site.get('/health');

  assert.equal(health.telegram.configured, true);
  assert.deepEqual(state, { state: 'used', role: 'owner', chat: 'Anna' });
  assert.equal(made.url, `https://t.me/GarageBot?start=${made.code}`);
});

test('a linked chat works on after a restart of the monitor', async (context) => {
  const { telegram, site } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });

  await site.stopMonitor();
  await site.startMonitor();
  telegram.write('/miner garage', { chatId: ANNA });

  const miner = await telegram.message(says('Shares since its last restart'));
  assert.match(miner.text, /Garage: Hashing/);
});

test('a chart comes as a photo', async (context) => {
  const { telegram, site } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });

  telegram.write('/chart Garage', { chatId: ANNA });
  const photo = await telegram.message((message) => message.photo !== undefined);

  assert.equal(photo.photo.subarray(1, 4).toString(), 'PNG');
  assert.match(photo.text, /^Garage, all there is so far: .* on average$/);
});

/** A folder with the monitor alone, to put a drawing program of one's own beside it. */
async function monitorAlone(context) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-alone-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await copyFile(programPath('bitaxe-monitor'), path.join(folder, 'bitaxe-monitor'));
  return folder;
}

test('a picture that cannot be drawn is told of in words, and the bot works on', async (context) => {
  const folder = await monitorAlone(context);
  const { telegram, site } = await startBoth(context, {}, path.join(folder, 'bitaxe-monitor'));
  await link(site, telegram, { token: TOKEN });

  telegram.write('/chart Garage', { chatId: ANNA });
  await telegram.message(says('could not be drawn: '));
  await writeFile(path.join(folder, 'bitaxe-chart'), '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
  telegram.write('/chart Garage', { chatId: ANNA });
  const killed = await telegram.message(says('signal 9'));
  await copyFile(programPath('bitaxe-chart'), path.join(folder, 'bitaxe-chart'));
  telegram.write('/chart Garage', { chatId: ANNA });
  const photo = await telegram.message((message) => message.photo !== undefined);

  assert.match(killed.text, /^The picture could not be drawn: /);
  assert.equal(photo.photo.subarray(1, 4).toString(), 'PNG');
});

test('the drawing program refuses what is no order', async () => {
  const answers = [];
  for (const order of ['', 'garbage', '{"columns":[[', 'x'.repeat(400_000)]) {
    const child = spawn(programPath('bitaxe-chart'), { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {}); // it may end before it read all
    child.stdin.end(order);
    const [said, complaint, [code]] = await Promise.all([
      child.stdout.toArray(),
      child.stderr.toArray(),
      once(child, 'exit'),
    ]);
    answers.push({ code, bytes: said.length, lines: Buffer.concat(complaint).toString().split('\n').length - 1 });
  }

  assert.deepEqual(answers, Array(4).fill({ code: 1, bytes: 0, lines: 1 }));
});

test('buttons below an alert acknowledge it, once, and draw', async (context) => {
  const { telegram, site } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });
  await site.break(0, 'hot', 72);
  const hot = await telegram.message(says('Garage is too hot'));
  const picture = await telegram.press(hot, 'Chart');
  const photo = await telegram.message((message) => message.photo !== undefined);

  const known = await telegram.press(hot, 'I know');
  const left = await telegram.untilMessage(
    hot,
    (message) => !message.buttons.some((button) => button.callback_data.startsWith('ack:')),
  );

  assert.match(picture.text, /Drawing/);
  assert.equal(photo.photo.subarray(1, 4).toString(), 'PNG');
  assert.match(photo.text, /^Garage, all there is so far: .* on average$/);
  assert.match(known.text, /^Acknowledged/);
  assert.ok(left.buttons.length <= 1, JSON.stringify(left.buttons));
});

test('a muted miner is silent until it is unmuted', async (context) => {
  const { telegram, site } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });
  telegram.write('/mute Garage 2h', { chatId: ANNA });
  await telegram.message(says('Muted for 2 h'));

  await site.break(0, 'hot', 72);
  await until(
    () => site.get('/fleet'),
    (fleet) => fleet.alerts_firing > 0,
  );
  telegram.write('/ack', { chatId: ANNA });
  await telegram.message(says('Acknowledged'));
  telegram.write('/unmute Garage', { chatId: ANNA });
  await telegram.message(says('You will hear from me again'));

  assert.ok(!telegram.sent.some(says('is too hot')), telegram.sent.map((m) => m.text).join('\n'));
});

test('each chat may do what its role says; a restart is asked again', async (context) => {
  const { telegram, site, garage } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });
  await link(site, telegram, { chatId: 78, name: 'Bo', role: 'viewer' });
  const uptime = async () => (await site.get(`/miners/${garage.id}`)).sample.uptime_s;
  const before = await until(uptime, (value) => value > 0);

  telegram.write('/restart Garage', { chatId: 78 });
  await telegram.message(says('needs owner', 78));
  telegram.write('/mute 1h', { chatId: 78 });
  await telegram.message(says('needs member', 78));
  telegram.write('/restart Garage', { chatId: ANNA });
  const question = await telegram.message(says('Restart Garage?'));
  await telegram.press(question, 'Restart it');
  await telegram.message(says('Garage restarts'));

  await until(uptime, (value) => value !== null && value < before);
  await telegram.untilMessage(question, (message) => message.buttons.length === 0);
});

test('a word of mining is explained alike in the chat and by the API', async (context) => {
  const { telegram, site } = await startBoth(context);
  await link(site, telegram, { token: TOKEN });

  telegram.write('/help brown-out', { chatId: ANNA });
  const answer = await telegram.message(says('Brown-out: '));

  const { items } = await site.get('/glossary');
  const item = items.find((one) => one.term === 'brownout');
  assert.equal(answer.text.trim(), `${item.title}: ${item.meaning}`);
});

test('a chat is linked through an independent Bot API server too', async (context) => {
  const Server = telegramTestApi.default ?? telegramTestApi;
  const server = new Server({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  const site = await Site.start({ env: { TELEGRAM_API_BASE: server.config.apiURL } });
  context.after(async () => {
    await site.stop();
    await server.stop();
  });
  const client = server.getClient(TOKEN, { chatId: ANNA, firstName: 'Anna' });
  const said = (words) =>
    server.getUpdatesHistory(TOKEN).some((update) => update.message?.text?.includes(words));

  const made = await site.call('POST', '/telegram/link', { token: TOKEN });
  await client.sendCommand(client.makeCommand(`/start ${made.body.code}`));
  await until(() => said('This chat is linked'), Boolean);
  await client.sendCommand(client.makeCommand('/miners'));
  await until(() => said('There is no miner yet'), Boolean);

  const state = await site.get(`/telegram/link/${made.body.code}`);
  assert.equal(state.state, 'used');
  assert.match(made.body.url, /^https:\/\/t\.me\/TestNameBot\?start=/);
});

/** A port that was free a moment ago. */
async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
