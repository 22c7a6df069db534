// What a stranger on the network may send, and what a device may answer that is none: the
// monitor refuses in words or hangs up, and asks its miners on.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { programPath, Site, until } from '../support/programs.mjs';

const DEVICES = ['--count', '1', '--firmware', '2.12'];

/** A figure that is the same in each run, and looks like none. */
function makeDice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const connect = (site) => {
  const socket = net.connect(Number(new URL(site.url).port), '127.0.0.1');
  socket.on('error', () => {}); // hung up on: that is an answer too
  return socket;
};

/** Sends bytes as they are and gives what is answered, to the end of its header at least. */
function say(site, bytes) {
  return new Promise((resolve) => {
    const socket = connect(site);
    let heard = '';
    socket.on('data', (piece) => {
      heard += piece.toString('latin1');
      if (heard.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('close', () => resolve(heard));
    socket.write(bytes);
  });
}

const polls = async (site) => (await site.get('/health')).polls;
const untilAskedOn = async (site, more = 3) => {
  const before = await polls(site);
  const after = await until(() => polls(site), (now) => now.total >= before.total + more);
  return after.failed - before.failed;
};

test('bytes that are no request are refused, and miners are asked on', async () => {
  const site = await Site.start({ devices: DEVICES });
  await site.addMiner(0, 'Garage');
  const post = 'POST /api/v1/miners HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const refused = {
    'an upgrade to HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'a header of 100 KB': `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
    'five thousand headers': `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(5000)}\r\n`,
    'a line of 100 KB': `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'no host': 'GET / HTTP/1.1\r\n\r\n',
    'a negative length': `${post}Content-Length: -5\r\n\r\nhello`,
    'a length beyond all numbers': `${post}Content-Length: ${'9'.repeat(30)}\r\n\r\nhello`,
    'two lengths': `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a chunk of no size': `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    'NUL in the address': 'GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n',
    'a way out of the folder': 'GET /assets/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\n\r\n',
    'a header in the address': 'GET /x%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: x\r\n\r\n',
  };
  for (const [what, bytes] of Object.entries(refused)) {
    const answer = await say(site, bytes);
    assert.match(answer, /^HTTP\/1\.1 [45]\d\d /, `${what}: ${answer.slice(0, 200)}`);
    assert.doesNotMatch(answer, /root:|\nSet-Cookie/i, what);
  }
  for (const bytes of ['\x00\xff\xfe\r\n\r\n', '\x16\x03\x01\x00\xdc'.padEnd(200, '\x00')])
    connect(site).end(bytes); // nobody needs to wait for what becomes of them

  assert.equal(await untilAskedOn(site), 0);
  await site.stop();
});

const ODD = ['', '0', '-1', '99999999999999999999', '9223372036854775807', '1e308', 'nan', '0x10', 'null', '{}'];
const ODD_TEXTS = ['a'.repeat(3000), '%ff%fe', '../../etc', "';--", '2026-13-45T99:99:99Z', '9999-12-31T23:59:59Z'];
const ODD_VALUES = [null, true, -1, 1e308, 2 ** 63, '', '\u0000', '\ud800', 'x'.repeat(5000), [], [[[]]], { a: {} }];
const ODD_BODIES = ['', '{', 'null', '['.repeat(10_000), '{"a":'.repeat(5000), '{"name":1,"name":[]}', '\ufeff{}'];

/** Every route of the contract with what its author did not think of. */
test('no route fails, hangs or garbles its answer, whatever it is asked', async () => {
  const site = await Site.start({ devices: DEVICES });
  await site.addMiner(0, 'Garage');
  const contract = await (await fetch(`${site.url}/openapi.json`)).json();
  const resolve = (thing) =>
    thing?.$ref ? thing.$ref.slice(2).split('/').reduce((at, name) => at[name], contract) : thing;
  const roll = makeDice(7);
  const one = (list) => list[roll(list.length)];
  const odd = () => one(roll(2) ? ODD : ODD_TEXTS);
  const bodyOf = (operation) => {
    const schema = resolve(resolve(operation.requestBody)?.content?.['application/json']?.schema);
    if (!schema?.properties || roll(3) === 0) return one(ODD_BODIES);
    return JSON.stringify(Object.fromEntries(Object.keys(schema.properties).map((name) => [name, one(ODD_VALUES)])));
  };
  const routes = Object.entries(contract.paths)
    .filter(([where]) => where !== '/api/v1/events')
    .flatMap(([where, methods]) => Object.entries(methods).map(([method, operation]) => ({ where, method, operation })))
    .filter(({ method }) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .filter(({ method, where }) => method !== 'delete' || where !== '/api/v1/miners/{id}');

  for (let round = 0; round < 4; round++) {
    for (const { where, method, operation } of routes) {
      const place = where.replace(/\{\w+\}/g, () => one(['1', '2', odd().replaceAll('/', '%2f') || 'x']));
      const query = (operation.parameters ?? []).map(resolve).filter((item) => item.in === 'query' && roll(2));
      const address = `${site.url}${place}?${query.map((item) => `${item.name}=${odd()}`).join('&')}`;
      const body = ['post', 'put', 'patch'].includes(method) ? bodyOf(operation) : undefined;
      const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const answer = await fetch(address, { method: method.toUpperCase(), headers, body, redirect: 'manual' });
      const text = await answer.text();
      const what = `${method} ${address.slice(0, 200)} ${body?.slice(0, 100)}: ${answer.status} ${text.slice(0, 200)}`;
      assert.ok(answer.status < 500 || answer.status >= 503, what);
      if (/json/.test(answer.headers.get('content-type') ?? '') && text !== '' && !/export/.test(where))
        assert.doesNotThrow(() => JSON.parse(text), what);
    }
  }

  assert.equal((await site.get('/health')).status, 'ok');
  await site.stop();
});

/** A device that answers each request with `answer(socket)`. */
async function startDevice(answer) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Sends the same over and over until the other side has enough. */
function forEver(socket, begin, piece) {
  socket.write(begin);
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

test('a device that answers without end costs nobody else anything', async () => {
  const site = await Site.start({ devices: DEVICES });
  await site.addMiner(0, 'Garage');
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  const answers = {
    'a body without end': (socket) => forEver(socket, 'HTTP/1.1 200 OK\r\n\r\n{"a":"', 'x'.repeat(65536)),
    'a header without end': (socket) => forEver(socket, 'HTTP/1.1 200 OK\r\n', `X: ${'y'.repeat(1000)}\r\n`),
    'promises without end': (socket) => forEver(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n'),
    'fifty megabytes in fifty kilobytes': (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    },
    'a length of a gigabyte': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{'),
    'brackets without end': (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${'['.repeat(100_000)}`),
    'a way to a file': (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n'),
  };
  for (const [what, answer] of Object.entries(answers)) {
    const device = await startDevice(answer);
    const refused = await site.call('POST', '/miners', { address: device.address, name: what });
    assert.equal(refused.status, 422, what);
    assert.match(refused.body.detail, /no miner answers at .*: /, what);
    const watched = await site.call('POST', '/miners', { address: device.address, name: what, verify: false });
    assert.equal(watched.status, 201, what);
  }

  const garage = (await site.get('/miners')).items.find((miner) => miner.name === 'Garage');
  await site.untilMiner(garage.id, (miner) => miner.seen_at > garage.seen_at && miner.state === 'hashing');
  const health = await until(() => site.get('/health'), (now) => now.polls.failed > Object.keys(answers).length);
  assert.equal(health.status, 'ok');
  await site.stop();
});

test('clients without end leave descriptors for the miners, and the page comes back', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-few-'));
  const program = path.join(folder, 'monitor');
  await writeFile(program, `#!/bin/sh\nulimit -n 64\nexec '${programPath('bitaxe-monitor')}' "$@"\n`);
  await chmod(program, 0o755);
  const site = await Site.start({ program, devices: DEVICES });
  const garage = await site.addMiner(0, 'Garage');
  const { seen_at: seenAt } = await site.untilMiner(garage.id, (miner) => miner.state === 'hashing');

  const idle = Array.from({ length: 200 }, () => connect(site));
  await until(() => polls(site), (now) => now.total > 0); // a place is found beside them
  for (const socket of idle) socket.destroy();
  assert.equal(await untilAskedOn(site), 0);

  const miner = await site.untilMiner(garage.id, (now) => now.seen_at > seenAt);
  assert.equal(miner.state, 'hashing');
  assert.equal((await polls(site)).failed, 0);
  await site.stop();
  await rm(folder, { recursive: true });
});
