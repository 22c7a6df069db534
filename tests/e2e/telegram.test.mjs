// Telegram from end to end: the real monitor, a simulated miner, and a double of
// the Bot API that can be told to fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import test from 'node:test';

import telegramTestApi from 'telegram-test-api';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { CHAT, TelegramBench, TOKEN, until } from './telegram_bench.mjs';

const POLL_MS = 2000;

// First lines of the messages, as far as these tests depend on their words.
const HOT = /Garage is too hot/;
const COOL = /Garage has cooled down/;
const GONE = /Garage is (offline|not answering)/;
const BACK = /Garage is back/;

async function startBoth(context, env) {
  const telegram = await BotApiDouble.start({ token: TOKEN });
  const bench = await TelegramBench.start(telegram.url, env);
  context.after(async () => {
    await bench.stop();
    await telegram.stop();
    assert.ok(!bench.log.includes(TOKEN), 'the token is in the log');
  });
  return { telegram, bench };
}

const texts = (telegram) => telegram.sent.map((message) => message.text);

test('an overheating miner is reported within two polls, and its recovery too', async (context) => {
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);

  const brokenAt = Date.now();
  await bench.breakMiner('hot', 72);
  const hot = await telegram.message((message) => HOT.test(message.text));
  await bench.mendMiner();
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
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);

  await bench.breakMiner('refuse');
  const gone = await telegram.message((message) => GONE.test(message.text));
  const failed = (await bench.health()).polls.failed;
  await bench.mendMiner();
  await telegram.message((message) => BACK.test(message.text));

  assert.ok(failed >= 3, `${failed} misses`);
  assert.match(gone.text, /What to do:/);
  assert.equal(telegram.sent.length, 2, texts(telegram).join('\n---\n'));
});

test('commands are answered in the configured chat and nowhere else', async (context) => {
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);

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
  assert.deepEqual([...new Set(telegram.sent.map((message) => message.chatId))], [String(CHAT)]);
  assert.match(bench.log, /ignoring chat 666/);
  assert.deepEqual(
    telegram.commands.map((command) => command.command),
    ['status', 'last', 'thresholds', 'help', 'start'],
  );
  await until(() => telegram.unconfirmed, (count) => count === 0);
});

test('what happens while Telegram is away arrives in order when it is back', async (context) => {
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);
  await telegram.stop();

  await bench.breakMiner('hot', 72);
  await until(() => bench.health(), (health) => health.telegram.messages_waiting === 1);
  await bench.mendMiner();
  const away = await until(() => bench.health(), (health) => health.telegram.messages_waiting === 2);
  await telegram.listen();
  await until(() => telegram.sent.length, (count) => count === 2, 60_000);
  await until(() => bench.health(), (health) => health.telegram.ok);

  assert.equal(away.telegram.ok, false);
  assert.match(telegram.sent[0].text, HOT);
  assert.match(telegram.sent[1].text, COOL);
});

test('a message left over from an earlier run says when it happened', async (context) => {
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);
  await telegram.stop();
  await bench.breakMiner('hot', 72);
  await until(() => bench.health(), (health) => health.telegram.messages_waiting === 1);
  await bench.stopMonitor();
  age(bench.dataDir, 55 * 60 * 1000);

  await telegram.listen();
  await bench.startMonitor();
  const late = await telegram.message((message) => HOT.test(message.text));

  assert.match(late.text, /This happened at \d\d:\d\d UTC, 55 minutes ago/);
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
  const { telegram, bench } = await startBoth(context);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);
  telegram.script(
    'sendMessage',
    { status: 500 },
    { drop: true },
    { status: 429, retryAfter: 2 },
  );

  await bench.breakMiner('hot', 72);
  await telegram.message((message) => HOT.test(message.text), 60_000);
  await bench.mendMiner();
  await telegram.message((message) => COOL.test(message.text));

  const calls = await telegram.called('sendMessage', 5);
  assert.equal(telegram.sent.length, 2, texts(telegram).join('\n---\n'));
  assert.ok(calls[3].at - calls[2].at >= 2000, 'retry_after was not honoured');
  assert.equal((await bench.health()).telegram.ok, true);
});

test('a wrong token is said in words in the log and in health', async (context) => {
  const telegram = await BotApiDouble.start({ token: 'another' });
  const bench = await TelegramBench.start(telegram.url);
  context.after(async () => {
    await bench.stop();
    await telegram.stop();
  });

  await until(() => bench.log, (log) => log.includes('check TELEGRAM_BOT_TOKEN'));

  assert.ok(!bench.log.includes(TOKEN));
});

test('the webhook route answers with the secret and refuses without', async (context) => {
  const { telegram, bench } = await startBoth(context, { TELEGRAM_WEBHOOK_SECRET: 'e2e-hook' });
  const update = {
    update_id: 1,
    message: { chat: { id: CHAT, type: 'private' }, text: '/help' },
  };

  const refused = await bench.postUpdate(update, 'guess');
  const taken = await bench.postUpdate(update, 'e2e-hook');
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
  const bench = await TelegramBench.start(server.config.apiURL);
  context.after(async () => {
    await bench.stop();
    await server.stop();
  });
  const sent = () =>
    server.getUpdatesHistory(TOKEN).filter((update) => 'chat_id' in update.message);
  await bench.addMiner('Garage');
  await until(() => bench.health(), (health) => health.polls.total > 1);

  const client = server.getClient(TOKEN, { chatId: CHAT });
  await client.sendCommand(client.makeCommand('/status'));
  const answers = await until(sent, (list) => list.length > 0);
  await bench.breakMiner('hot', 72);
  const all = await until(sent, (list) => list.length > 1);

  assert.match(answers[0].message.text, /Garage: Hashing/);
  assert.match(all[1].message.text, HOT);
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
