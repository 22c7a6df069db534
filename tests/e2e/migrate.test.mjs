// The whole history moves to another database, and the monitor goes on there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { PostgresServer } from '../support/postgres.mjs';
import { runToEnd, Site, until } from '../support/programs.mjs';

const rows = (file) =>
  execFileSync('sqlite3', ['-readonly', file, 'SELECT * FROM sample ORDER BY seq']).toString();

test('a moved history is the same, and the monitor goes on behind it', async () => {
  const site = await Site.start({
    devices: ['--count', '2', '--firmware', '2.12'],
    env: { BENCH_POLL_INTERVAL_MS: '50' },
  });
  for (let i = 0; i < 2; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (h) => h.polls.total > 100 && h.storage.last_commit_at);
  const old = path.join(site.dataDir, 'monitor.db');
  const moved = path.join(site.dataDir, 'moved.db');
  const migrate = (from, to) => runToEnd('bitaxe-monitor', ['migrate', '--from', from, `--to=${to}`]);

  const early = await migrate(`sqlite:${old}`, `sqlite:${moved}`);
  assert.equal(early.code, 1);
  assert.match(early.text, /nothing was moved: the source.*in use by another monitor/);

  await site.stopMonitor();
  const done = await migrate(`sqlite:${old}`, `sqlite:${moved}`);
  assert.equal(done.code, 0, done.text);
  assert.match(done.text, /sample +\d+ rows, counts and checksums agree/);
  assert.equal(rows(moved), rows(old));

  const twice = await migrate(`sqlite:${old}`, `sqlite:${moved}`);
  assert.equal(twice.code, 1);
  assert.match(twice.text, /the target holds data already/);

  await site.startMonitor({ DATABASE_URL: `sqlite:${moved}` });
  assert.equal((await site.get('/miners')).items.length, 2);
  await until(() => site.get('/health'), (h) => h.polls.total > 20 && h.storage.last_commit_at);
  assert.ok(rows(moved).startsWith(rows(old)));
  await site.stop();
});

test('from a file to PostgreSQL and back, the monitor goes on each time', async (t) => {
  const server = await PostgresServer.start();
  if (server === null) {
    t.skip('PostgreSQL is not installed');
    return;
  }
  const site = await Site.start({
    devices: ['--count', '2', '--firmware', '2.12'],
    env: { BENCH_POLL_INTERVAL_MS: '50' },
  });
  for (let i = 0; i < 2; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (h) => h.polls.total > 100 && h.storage.last_commit_at);
  await site.stopMonitor();
  const file = `sqlite:${path.join(site.dataDir, 'monitor.db')}`;
  const back = `sqlite:${path.join(site.dataDir, 'back.db')}`;
  const migrate = (from, to) => runToEnd('bitaxe-monitor', ['migrate', '--from', from, '--to', to]);

  const there = await migrate(file, server.url);
  assert.equal(there.code, 0, there.text);
  await site.startMonitor({ DATABASE_URL: server.url });
  await until(() => site.get('/health'), (h) => h.polls.total > 20 && h.storage.last_commit_at);
  assert.equal((await site.get('/health')).status, 'ok');
  const { kind, samples } = await site.get('/storage');
  assert.equal(kind, 'postgresql');
  await site.stopMonitor();

  const home = await migrate(server.url, back);
  assert.equal(home.code, 0, home.text);
  await site.startMonitor({ DATABASE_URL: back });
  assert.ok((await site.get('/storage')).samples >= samples);
  assert.equal((await site.get('/miners')).items.length, 2);
  await site.stop();
  await server.stop();
});

test('a wrong address is told in words', async () => {
  const migrate = (...args) => runToEnd('bitaxe-monitor', ['migrate', ...args]);
  assert.match((await migrate()).text, /write: bitaxe-monitor migrate --from/);
  assert.match((await migrate('--from', 'sqlite:/a')).text, /write: bitaxe-monitor migrate --from/);
  const same = await migrate('--from', 'sqlite:/a', '--to', 'sqlite:/a');
  assert.match(same.text, /both addresses are the same/);
  const missing = await migrate('--from', 'sqlite:/no/such.db', '--to', 'sqlite:/b.db');
  assert.match(missing.text, /there is no file \/no\/such\.db to move from/);
  assert.equal(missing.code, 1);
});
