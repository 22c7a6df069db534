// Telegram from end to end: the real monitor, a simulated miner, and a double of
// the Bot API that can be told to fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import test from 'node:test';

import telegramTestApi from 'telegram-test-api';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { Site, until } from '../support/programs.mjs';

const POLL_MS = 2000; // of every site
const CHAT = 4242;
const TOKEN = '12345:e2e-secret-token';

// First lines of the messages, as far as these tests depend on their words.
const HOT = /Garage is too hot/;
const COOL = /Garage has cooled down/;
const GONE = /Garage is (offline|not answering)/;
const BACK = /Garage is back/;

/** One hot-headed miner, watched by a monitor whose Bot API is at that address. */
async function startSite(telegramUrl, env = {}) {
  return Site.start({
    devices: ['--count', '1', '--model', 'gamma', '--speed', '10'],
    env: {
      TELEGRAM_API_BASE: telegramUrl,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_ID: String(CHAT),
      TEMP_THRESHOLD_CORE_C: '68',
      ALERT_COOLDOWN_MINUTES: '0',
      ...env,
    },
  });
}

async function startBoth(context, env) {
  const telegram = await BotApiDouble.start({ token: TOKEN });
  const site = await startSite(telegram.url, env);
  context.after(async () => {
    await site.stop();
    await telegram.stop();
    assert.ok(!site.log.includes(TOKEN), 'the token is in the log');
  });
  return { telegram, site };
}

/** Adds the miner and waits until it is polled by schedule. */
async function addGarage(site) {
  await site.addMiner(0, 'Garage');
  await untilHealth(site, (health) => health.polls.total > 1);
}

const untilHealth = (site, condition) => until(() => site.get('/health'), condition);
const untilWaiting = (site, count) =>
  untilHealth(site, (health) => health.telegram.messages_waiting === count);

const texts = (telegram) => telegram.sent.map((message) => message.text);

test('an overheating miner is reported within two polls, and its recovery too', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);

  const brokenAt = Date.now();
  await site.break(0, 'hot', 72);
  const hot = await telegram.message((message) => HOT.test(message.text));
  await site.mend(0);
  const cool = await telegram.message((message) => COOL.test(message.text));

  // Two samples above the limit, each up to an interval and its jitter away.
  assert.ok(hot.at - brokenAt < 3 * POLL_MS + 5000, `${hot.at - brokenAt} ms`);
  assert.match(hot.text, /7[1-3]\.\d °C/);
  assert.match(hot.text, /limit (is )?68 °C/);
  assert.match(hot.text, /What to do:/);
  assert.equal(hot.chatId, String(CHAT));
  assert.ok(cool.at > hot.at);
  assert.equal(telegram.sent.length, 2, texts(telegram).join('\n---\n'));
});

test('a miner that goes away is reported after three misses, and when it is back', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);

  await site.break(0, 'refuse');
  const gone = await telegram.message((message) => GONE.test(message.text));
  const failed = (await site.get('/health')).polls.failed;
  await site.mend(0);
  await telegram.message((message) => BACK.test(message.text));

  assert.ok(failed >= 3, `${failed} misses`);
  assert.match(gone.text, /What to do:/);
  assert.equal(telegram.sent.length, 2, texts(telegram).join('\n---\n'));
});

test('commands are answered in the configured chat; a stranger gets one sentence', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);

  telegram.write('/status', { chatId: 666 });
  telegram.write('/status@AnyBot', { chatId: CHAT });
  const status = await telegram.message((message) => message.text.includes('Garage: Hashing'));
  telegram.write('/last 2', { chatId: CHAT });
  await telegram.message((message) => message.text.includes('Garage: the last 2 readings'));
  telegram.write('/thresholds', { chatId: CHAT });
  const limits = await telegram.message((message) => message.text.includes('hysteresis'));
  telegram.write('/dance', { chatId: CHAT });
  await telegram.message((message) => message.text.includes('/help'));

  assert.match(status.text, /expected \(\d+ %\)/);
  assert.match(limits.text, /Garage: chip above 68\.0 °C/);
  const toStranger = telegram.sent.filter((message) => message.chatId === '666');
  assert.equal(toStranger.length, 1);
  assert.match(toStranger[0].text, /^Hello! I belong to somebody's miners/);
  assert.match(site.log, /chat 666 is not linked/);
  const menu = telegram.commands.map((command) => command.command);
  for (const name of ['status', 'miner', 'chart', 'ack', 'mute', 'help']) assert.ok(menu.includes(name));
  await until(() => telegram.unconfirmed, (count) => count === 0);
});

test('what happens while Telegram is away arrives in order when it is back', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);
  await telegram.stop();

  await site.break(0, 'hot', 72);
  await untilWaiting(site, 1);
  await site.mend(0);
  const away = await untilWaiting(site, 2);
  await telegram.listen();
  await until(() => telegram.sent.length, (count) => count === 2, 60_000);
  await untilHealth(site, (health) => health.telegram.ok);

  assert.equal(away.telegram.ok, false);
  assert.match(telegram.sent[0].text, HOT);
  assert.match(telegram.sent[1].text, COOL);
});

test('a message left over from an earlier run says when it happened', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);
  await telegram.stop();
  await site.break(0, 'hot', 72);
  await untilWaiting(site, 1);
  await site.stopMonitor();
  age(site.dataDir, 55 * 60 * 1000);

  await telegram.listen();
  await site.startMonitor();
  const late = await telegram.message((message) => HOT.test(message.text));

  assert.match(late.text, /This happened at \d\d:\d\d [^,]+, 55 minutes ago/);
});

/** Moves the waiting messages of a stopped monitor into the past. */
function age(dataDir, ms) {
  const script = `
import glob, sqlite3, sys
changed = 0
for name in glob.glob(sys.argv[1] + '/*.db'):
    db = sqlite3.connect(name)
    changed += db.execute('UPDATE outbox SET created_ms = created_ms - ?', (int(sys.argv[2]),)).rowcount
    db.commit()
    db.close()
assert changed == 1, changed`;
  execFileSync('python3', ['-c', script, dataDir, String(ms)]);
}

test('an unwilling Telegram gets every message once, after the pause it asks for', async (context) => {
  const { telegram, site } = await startBoth(context);
  await addGarage(site);
  telegram.script(
    'sendMessage',
    { status: 500 },
    { drop: true },
    { status: 429, retryAfter: 2 },
  );

  await site.break(0, 'hot', 72);
  await telegram.message((message) => HOT.test(message.text), 60_000);
  await site.mend(0);
  await telegram.message((message) => COOL.test(message.text));

  const calls = await telegram.called('sendMessage', 5);
  assert.equal(telegram.sent.length, 2, texts(telegram).join('\n---\n'));
  assert.ok(calls[3].at - calls[2].at >= 2000, 'retry_after was not honoured');
  assert.equal((await site.get('/health')).telegram.ok, true);
});

test('a wrong token is said in words in the log and in health', async (context) => {
  const telegram = await BotApiDouble.start({ token: 'another' });
  const site = await startSite(telegram.url);
  context.after(async () => {
    await site.stop();
    await telegram.stop();
  });
  const words = 'check TELEGRAM_BOT_TOKEN';

  await until(() => site.log, (log) => log.includes(words));
  await addGarage(site);
  await site.break(0, 'hot', 72);
  const health = await untilHealth(site, (answer) => !answer.telegram.ok);

  assert.ok(JSON.stringify(health).includes(words), JSON.stringify(health));
  assert.ok(!JSON.stringify(health).includes(TOKEN));
  assert.ok(!site.log.includes(TOKEN));
});

test('the webhook route answers with the secret and refuses without', async (context) => {
  const { telegram, site } = await startBoth(context, { TELEGRAM_WEBHOOK_SECRET: 'e2e-hook' });
  const update = {
    update_id: 1,
    message: { chat: { id: CHAT, type: 'private' }, text: '/help' },
  };

  const refused = await postUpdate(site, update, 'guess');
  const taken = await postUpdate(site, update, 'e2e-hook');
  await telegram.message((message) => message.text.includes('/thresholds'));

  assert.ok([401, 403].includes(refused.status), `${refused.status}`);
  assert.equal(taken.status, 200);
  assert.equal(telegram.sent.length, 1);
});

test('a webhook address is announced to Telegram with its secret', async (context) => {
  const url = 'https://monitor.example.org/api/v1/telegram/webhook';
  const { telegram } = await startBoth(context, {
    TELEGRAM_WEBHOOK_SECRET: 'e2e-hook',
    TELEGRAM_WEBHOOK_URL: url,
  });

  await telegram.called('setMyCommands');

  assert.equal(telegram.webhook.url, url);
  assert.equal(telegram.webhook.secret_token, 'e2e-hook');
  assert.equal(telegram.calls.filter((call) => call.method === 'getUpdates').length, 0);
});

test('it also gets along with an independent Bot API server', async (context) => {
  const Server = telegramTestApi.default ?? telegramTestApi;
  const server = new Server({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  const site = await startSite(server.config.apiURL);
  context.after(async () => {
    await site.stop();
    await server.stop();
  });
  const sent = () =>
    server.getUpdatesHistory(TOKEN).filter((update) => 'chat_id' in update.message);
  await addGarage(site);

  const client = server.getClient(TOKEN, { chatId: CHAT });
  await client.sendCommand(client.makeCommand('/status'));
  const answers = await until(sent, (list) => list.length > 0);
  await site.break(0, 'hot', 72);
  const all = await until(sent, (list) => list.length > 1);

  assert.match(answers[0].message.text, /Garage: Hashing/);
  assert.match(all[1].message.text, HOT);
});

/** Sends an update to the webhook route, as Telegram would. */
function postUpdate(site, update, secret) {
  return fetch(`${site.api}/telegram/webhook`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Telegram-Bot-Api-Secret-Token': secret,
    },
    body: JSON.stringify(update),
  });
}

/** A port that was free a moment ago. */
async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
