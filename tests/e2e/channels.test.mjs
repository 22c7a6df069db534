// Channels from end to end: the real monitor, a simulated miner, a real mail
// server, and a receiver of webhooks that checks their signature.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { Site, until } from '../support/programs.mjs';
import { SmtpReceiver } from '../support/smtp_receiver.mjs';

const SECRET = 'a-long-random-word';
const PASSWORD = 'geheimes-wort';
const HOT = /Garage/;

/** A receiver of webhooks: `answers` are given in order, then 204. */
class Hook {
  posts = []; // {body, headers}
  answers = [];

  static async start() {
    const hook = new Hook();
    hook.server = http.createServer((request, response) => hook.#take(request, response));
    hook.server.listen(0, '127.0.0.1');
    await once(hook.server, 'listening');
    hook.url = `http://127.0.0.1:${hook.server.address().port}/miners`;
    return hook;
  }

  async #take(request, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.posts.push({ body, headers: request.headers });
    const answer = this.answers.shift() ?? { status: 204 };
    if (answer.drop) return request.destroy();
    if (answer.hang) return;
    response.writeHead(answer.status, answer.headers ?? {});
    response.end(answer.text ?? '');
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function startSite(context) {
  const site = await Site.start({
    devices: ['--count', '1', '--model', 'gamma', '--speed', '10'],
    env: { TEMP_THRESHOLD_CORE_C: '68', ALERT_COOLDOWN_MINUTES: '0' },
  });
  context.after(async () => {
    await site.stop();
    assert.ok(!site.log.includes(SECRET), 'the secret is in the log');
    assert.ok(!site.log.includes(PASSWORD), 'the password is in the log');
  });
  return site;
}

async function post(site, target, json, method = 'POST') {
  const response = await fetch(`${site.api}${target}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: json === undefined ? undefined : JSON.stringify(json),
  });
  const text = await response.text();
  return { status: response.status, ...(text ? JSON.parse(text) : {}) };
}

async function addChannel(site, kind, settings, more = {}) {
  const channel = await post(site, '/channels', { kind, name: kind, settings, ...more });
  assert.equal(channel.status, 201, JSON.stringify(channel));
  return channel;
}

/** What a receiver is told to do in docs/channels.md. */
function assertSigned({ body, headers }) {
  const signed = createHmac('sha256', SECRET)
    .update(`${headers['x-bitaxe-timestamp']}.${body}`)
    .digest('hex');
  assert.equal(headers['x-bitaxe-signature'], `sha256=${signed}`);
  assert.ok(Math.abs(Date.now() / 1000 - headers['x-bitaxe-timestamp']) < 120);
}

test('an alert reaches a signed webhook and a mailbox', async (context) => {
  const site = await startSite(context);
  const hook = await Hook.start();
  const mail = await SmtpReceiver.start();
  context.after(() => Promise.all([hook.stop(), mail.stop()]));
  await addChannel(site, 'webhook', { url: hook.url, secret: SECRET });
  await addChannel(site, 'email', {
    target: 'owner@example.org, partner@example.org',
    from: 'miners@example.org',
    server: '127.0.0.1',
    port: String(mail.port),
    security: 'none',
  });
  await site.addMiner(0, 'Garage äöü');
  await until(() => site.get('/health'), (health) => health.polls.total > 1);

  await site.break(0, 'hot', 72);
  const told = await until(
    () => hook.posts.find((one) => HOT.test(one.body)),
    (one) => one !== undefined,
  );
  const letter = await mail.letter((one) => HOT.test(one.text));

  assertSigned(told);
  const message = JSON.parse(told.body);
  assert.match(message.text, /What to do/);
  assert.ok(['info', 'warning', 'critical'].includes(message.severity));
  assert.deepEqual(letter.to, ['owner@example.org', 'partner@example.org']);
  assert.match(letter.headers.subject, /^=\?UTF-8\?B\?/);
  assert.match(letter.headers['message-id'], /^<m-\d+-\d+@example\.org>$/);
  assert.match(letter.text, /Garage äöü/);
});

test('a webhook that fails gets the same message again, with the same name', async (context) => {
  const site = await startSite(context);
  const hook = await Hook.start();
  context.after(() => hook.stop());
  await addChannel(site, 'webhook', { url: hook.url, secret: SECRET });
  await site.addMiner(0, 'Garage');
  await until(() => site.get('/health'), (health) => health.polls.total > 1);
  hook.answers.push({ status: 500 }, { drop: true }, { status: 429, headers: { 'retry-after': '1' } });

  await site.break(0, 'hot', 72);
  await until(() => hook.posts.length, (count) => count >= 4, 60_000);

  const names = new Set(hook.posts.slice(0, 4).map((one) => one.headers['x-bitaxe-message']));
  assert.equal(names.size, 1);
  hook.posts.forEach(assertSigned);
  const { items } = await site.get('/channels');
  await until(
    async () => (await site.get(`/channels/${items[0].id}`)).problem,
    (problem) => problem === null,
  );
});

test('the test button says what the service answered', async (context) => {
  const site = await startSite(context);
  const hook = await Hook.start();
  context.after(() => hook.stop());
  const channel = await addChannel(site, 'webhook', { url: hook.url, secret: SECRET });
  const tryOut = () => post(site, `/channels/${channel.id}/test`);

  hook.answers.push({ status: 204 }, { status: 401, headers: { 'content-type': 'text/plain' }, text: 'wrong signature' }, { status: 302, headers: { location: 'http://127.0.0.1:1/' } });
  const good = await tryOut();
  const denied = await tryOut();
  const moved = await tryOut();
  const before = hook.posts.length;

  assert.equal(good.delivered, true);
  assert.equal(denied.delivered, false);
  assert.match(denied.answer, /wrong signature/);
  assert.match(moved.answer, /another address/);
  assert.equal(before, 3);
  assert.equal((await site.get(`/channels/${channel.id}`)).dead, true);
  for (const [url, words] of [
    ['http://127.0.0.1:9/', /refused the connection/],
    ['http://no-such-host.invalid/', /has no address/],
    [hook.url.replace('http:', 'https:'), /no secure connection/],
  ]) {
    await post(site, `/channels/${channel.id}`, { settings: { url } }, 'PATCH');
    assert.match((await tryOut()).answer, words);
  }
});

test('a letter goes by STARTTLS and with a password, and not without', async (context) => {
  const site = await startSite(context);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitaxe-mail-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=mail.test', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const mail = await SmtpReceiver.start('--cert', cert, '--key', key, '--user', 'miner', '--password', PASSWORD);
  context.after(async () => {
    await mail.stop();
    fs.rmSync(folder, { recursive: true });
  });
  const channel = await addChannel(site, 'email', {
    target: 'owner@example.org',
    from: 'miners@example.org',
    server: '127.0.0.1',
    port: String(mail.port),
    user: 'miner',
    password: PASSWORD,
    certificate: 'any',
  });
  const tryOut = async (settings) => {
    await post(site, `/channels/${channel.id}`, { settings }, 'PATCH');
    return post(site, `/channels/${channel.id}/test`);
  };

  const good = await tryOut({});
  const letter = await mail.letter();
  const strangers = await tryOut({ certificate: 'check' });
  const wrong = await tryOut({ certificate: 'any', password: 'something else' });

  assert.equal(good.delivered, true, good.answer);
  assert.equal(letter.tls, true);
  assert.equal(letter.user, 'miner');
  assert.match(strangers.answer, /no secure connection/);
  assert.match(wrong.answer, /check user name and password/);
  assert.equal(mail.letters.length, 1);
});

test('a mailbox that is not there is said in words', async (context) => {
  const site = await startSite(context);
  const mail = await SmtpReceiver.start('--refuse', '550 5.1.1 No such user here');
  context.after(() => mail.stop());
  const channel = await addChannel(site, 'email', {
    target: 'nobody@example.org',
    from: 'miners@example.org',
    server: '127.0.0.1',
    port: String(mail.port),
    security: 'none',
  });

  const answer = await post(site, `/channels/${channel.id}/test`);

  assert.equal(answer.delivered, false);
  assert.match(answer.answer, /No such user here/);
  assert.match(answer.answer, /check To and From/);
});

test('what the kinds say of themselves stands in the catalogue, word for word', async () => {
  const site = await Site.start({ devices: ['--count', '1'] });
  const file = path.resolve(import.meta.dirname, '../../texts/page/en/kinds.json');
  const catalogue = JSON.parse(fs.readFileSync(file, 'utf8'));
  const { items } = await site.get('/channels/kinds');
  const said = {};
  for (const { kind, title, about, fields } of items) {
    if (`kind.${kind}.title` in catalogue) said[`kind.${kind}.title`] = title;
    said[`kind.${kind}.about`] = about;
    for (const field of fields) {
      said[`kind.${kind}.${field.name}.title`] = field.title;
      said[`kind.${kind}.${field.name}.help`] = field.help;
    }
  }

  assert.deepEqual(catalogue, said);
  await site.stop();
});
