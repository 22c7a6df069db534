// `bitaxe-monitor rebuild` packs all that was recorded and reckons its hours and
// days; the monitor then shows the same samples as before.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

const DEVICES = ['--count', '2', '--firmware', '2.12'];

const number = (file, sql) => Number(execFileSync('sqlite3', ['-readonly', file, sql]).toString());

const rebuild = (site) =>
  runToEnd('bitaxe-monitor', ['rebuild', '--data-dir', site.dataDir], { env: { HOME: site.dataDir } });

test('a rebuild packs the history, reckons its hours, and loses nothing of it', async (t) => {
  const site = await Site.start({ devices: DEVICES, env: { BENCH_POLL_INTERVAL_MS: '50', BACKUP_KEEP: '0' } });
  t.after(() => site.stop());
  for (let i = 0; i < 2; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (h) => h.polls.total > 100 && h.storage.last_commit_at);

  const whileRunning = await rebuild(site);
  await site.stopMonitor();
  const file = path.join(site.dataDir, 'monitor.db');
  const recorded = number(file, 'SELECT COUNT(*) FROM sample');
  const done = await rebuild(site);
  const again = await rebuild(site);

  assert.equal(whileRunning.code, 1);
  assert.match(whileRunning.text, /in use by another monitor/);
  assert.equal(done.code, 0, done.text);
  assert.match(done.text, /hours and days of 2 miners/);
  assert.equal(again.code, 0, again.text);
  assert.equal(number(file, 'SELECT SUM(samples) FROM chunk'), recorded);
  assert.equal(number(file, 'SELECT SUM(samples) FROM hour'), recorded);
  assert.equal(number(file, 'SELECT SUM(samples) FROM day'), recorded);
  assert.equal(number(file, 'SELECT COUNT(*) FROM sample'), 1, 'the newest row keeps its number');
});
