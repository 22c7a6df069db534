// The letter from end to end: asked for by hand, due while the monitor was off, and not
// sent twice after a restart.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { canFakeClock, DAY_MS, fakeClock, HOUR_MS } from '../support/fake_clock.mjs';
import { programPath, runToEnd, Site, until } from '../support/programs.mjs';
import { SmtpReceiver } from '../support/smtp_receiver.mjs';
import { WebhookReceiver } from '../support/webhook_receiver.mjs';

const TOKEN = '123:letter';
const CHAT = 42;

/** A wall clock that begins at nine in the morning (UTC) and can be put forward. */
async function clockAtNine() {
  const toNine = 9 * HOUR_MS - (Date.now() % DAY_MS);
  const clock = await fakeClock(toNine);
  return {
    now: () => Date.now() + toNine,
    forward: (ms) => clock.set(toNine + ms),
    remove: clock.remove,
    env: { ...clock.env, TZ: 'UTC' },
  };
}

const dateOf = (ms) =>
  new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** A PNG as bitaxe-chart draws it. */
function assertPicture(png) {
  assert.ok(Buffer.isBuffer(png), 'there is no picture');
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  assert.equal(png.readUInt32BE(16), 1000);
  assert.equal(png.readUInt32BE(20), 640);
}

/** A site with a miner and a chat, a mailbox and a webhook to write to. */
async function siteWithChannels(context, program) {
  const telegram = await BotApiDouble.start({ token: TOKEN });
  const mail = await SmtpReceiver.start();
  const hook = await WebhookReceiver.start();
  const site = await Site.start({
    devices: ['--count', '1', '--model', 'gamma'],
    program,
    env: {
      TELEGRAM_API_BASE: telegram.url,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_ID: String(CHAT),
      BENCH_POLL_INTERVAL_MS: '100',
      BENCH_SEAL_PERIOD_MS: '2400',
      BACKUP_KEEP: '0',
    },
  });
  context.after(() => Promise.all([site.stop(), telegram.stop(), mail.stop(), hook.stop()]));
  const add = (kind, settings) =>
    fetch(`${site.api}/channels`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, name: kind, settings }),
    });
  await add('email', {
    target: 'owner@example.org',
    from: 'miners@example.org',
    server: '127.0.0.1',
    port: String(mail.port),
    security: 'none',
  });
  await add('webhook', { url: hook.url });
  await site.addMiner(0, 'Garage');
  return { site, telegram, mail, hook };
}

const KNOWN = /^Hashrate: /m; // the letter knows of readings

/** Sends a letter through a channel, once the first hours are reckoned. */
async function sendLetter(site, channel) {
  await until(
    async () => (await site.get(`/channels/${channel}/letter`)).text,
    (text) => KNOWN.test(text),
    120_000,
  );
  assert.equal((await fetch(`${site.api}/channels/${channel}/letter`, { method: 'POST' })).status, 202);
}

const idle = (site) => until(() => site.get('/health'), (health) => health.telegram.messages_waiting === 0);

test('a letter shows a picture where the service can, and bars where it cannot', async (context) => {
  const { site, telegram, mail, hook } = await siteWithChannels(context);
  const channels = (await site.get('/channels')).items;

  for (const channel of channels) await sendLetter(site, channel.id);
  const photo = await telegram.message((one) => KNOWN.test(one.text));
  const letter = await mail.letter((one) => KNOWN.test(one.text));
  const post = await until(() => hook.posts[0], (one) => one !== undefined);

  assertPicture(photo.photo);
  assert.doesNotMatch(photo.text, /[▁▂▃▄▅▆▇█]/);
  assertPicture(letter.picture);
  assert.doesNotMatch(letter.text, /[▁▂▃▄▅▆▇█]/);
  assert.match(JSON.parse(post.body).text, /\n.*█.* \(a bar for each hour\)\n/);
});

test('the command sends letters, or only shows them', async (context) => {
  const { site, telegram, hook } = await siteWithChannels(context);
  const listen = ['--listen', `127.0.0.1:${new URL(site.url).port}`];
  const command = (...flags) => runToEnd('bitaxe-monitor', ['letter', ...flags, ...listen]);

  const shown = await command('--print');
  const unknown = await command('--channel', 'nobody');
  const sent = await command('--channel', 'webhook');
  await until(() => hook.posts.length, (count) => count > 0);

  assert.equal(shown.code, 0, shown.text);
  assert.equal(shown.text.match(/^Not sent; it would go to .*:\n\nGarage, /gm).length, 3);
  assert.equal(unknown.code, 1);
  assert.match(unknown.text, /there is no channel 'nobody'/);
  assert.equal(sent.code, 0, sent.text);
  assert.match(sent.text, /^Sent to webhook \(webhook\):\n\nGarage, /);
  assert.equal(hook.posts.length, 1);
  assert.equal(telegram.sent.length, 0);
});

test('a letter that a kill left unsent is drawn and sent in the next run, once', async (context) => {
  const { site, telegram } = await siteWithChannels(context);
  await sendLetter(site, 0);
  await telegram.message((one) => KNOWN.test(one.text));
  await idle(site);

  await telegram.stop();
  await sendLetter(site, 0);
  await until(() => site.get('/health'), (health) => health.telegram.messages_waiting === 1);
  await site.killMonitor();
  await telegram.listen();
  await site.startMonitor();
  await until(() => telegram.sent.length, (count) => count > 1);
  await idle(site);

  assertPicture(telegram.sent[1].photo);
  assert.equal(telegram.sent.length, 2);
});

test('without the program that draws the letter goes with its bars, and the log says why once', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-alone-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await copyFile(programPath('bitaxe-monitor'), path.join(folder, 'bitaxe-monitor'));
  const { site, telegram } = await siteWithChannels(context, path.join(folder, 'bitaxe-monitor'));

  await sendLetter(site, 0);
  await sendLetter(site, 0);
  await until(() => telegram.sent.length, (count) => count === 2);

  assert.match(telegram.sent[1].text, /\n.*█.* \(a bar for each hour\)\n/);
  assert.equal(telegram.sent[1].photo, undefined);
  assert.equal(site.log.split('could not be drawn').length, 2);
});

test('a letter comes when asked for, late when the monitor was off, and never twice', async (context) => {
  if (!canFakeClock) {
    context.diagnostic('libfaketime is not installed: checked by the unit tests alone');
    return;
  }
  const clock = await clockAtNine();
  context.after(clock.remove);
  const telegram = await BotApiDouble.start({ token: TOKEN });
  context.after(() => telegram.stop());
  const env = {
    TELEGRAM_API_BASE: telegram.url,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_CHAT_ID: String(CHAT),
    LETTER: 'daily',
    BENCH_POLL_INTERVAL_MS: '100',
    BENCH_SEAL_PERIOD_MS: '2400',
    BACKUP_KEEP: '0',
    ...clock.env,
  };
  const site = await Site.start({ devices: ['--count', '1', '--model', 'gamma'], env });
  context.after(() => site.stop());
  const letters = (words) => telegram.sent.filter((one) => one.text.includes(words));
  const pollOn = async (count) => {
    const before = (await site.get('/health')).polls.total;
    await until(() => site.get('/health'), (health) => health.polls.total > before + count);
  };
  const askForOne = () => fetch(`${site.api}/channels/0/letter`, { method: 'POST' });

  assert.equal((await askForOne()).status, 409, 'without a miner there is nothing to tell');
  await site.addMiner(0, 'Garage');
  await pollOn(250); /* within twenty seconds it is noted that letters are wanted */
  await sendLetter(site, 0);
  await until(() => letters('mining'), (found) => found.length > 0);
  assert.match(letters('mining')[0].text, /^Garage, .*: all was well\nReachable 100 % of the time, mining [\d.]+ %\./);
  assert.match(letters('mining')[0].text, /\nHashrate: [\d.]+ [GT]H\/s on average\n/);
  assertPicture(letters('mining')[0].photo);
  const [channel] = (await site.get('/channels')).items;
  assert.equal(channel.letter, 'daily');

  await site.stopMonitor();
  const yesterday = `Garage, ${dateOf(clock.now())}: `;
  assert.equal(letters(yesterday).length, 0, 'the day is not over: no letter of it yet');
  await clock.forward(DAY_MS);
  await site.startMonitor();
  await until(() => letters(yesterday), (found) => found.length > 0);
  assert.match(letters(yesterday)[0].text, /Reachable 100 % of the time/);

  await site.stopMonitor();
  await site.startMonitor();
  await pollOn(80);
  assert.equal(letters(yesterday).length, 1, 'it is not sent twice');
});
