// A block of the disk goes bad under a sealed chunk of history.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

const sql = (file, text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', file, text]).toString().trim();

const run = (site, ...args) =>
  runToEnd('bitaxe-monitor', [...args, '--data-dir', site.dataDir], { env: { HOME: site.dataDir } });

const linesOf = (text) => text.split('\n').filter((line) => line.startsWith('20')).length;

test('a damaged chunk is told and passed over, and the rest reads', async () => {
  const env = { BENCH_POLL_INTERVAL_MS: '50', BENCH_SEAL_PERIOD_MS: '2400', BACKUP_KEEP: '0' };
  const site = await Site.start({ devices: ['--count', '1', '--firmware', '2.12'], env });
  const file = path.join(site.dataDir, 'monitor.db');
  const miner = await site.addMiner(0, 'Garage');
  await until(
    () => Number(sql(file, 'SELECT COUNT(*) FROM chunk')),
    (chunks) => chunks >= 3,
  );
  await site.stopMonitor();
  const whole = linesOf((await run(site, 'export', 'Garage')).text);

  const [id, lost] = sql(file, 'SELECT id, samples FROM chunk ORDER BY id LIMIT 1 OFFSET 1').split('|').map(Number);
  const blob = sql(file, `SELECT hex(data) FROM chunk WHERE id = ${id}`);
  const flipped = (parseInt(blob.slice(60, 62), 16) ^ 0x10).toString(16).padStart(2, '0');
  sql(file, `UPDATE chunk SET data = x'${blob.slice(0, 60)}${flipped}${blob.slice(62)}' WHERE id = ${id}`);

  const verified = await run(site, 'verify');
  assert.equal(verified.code, 1, verified.text);
  assert.match(verified.text, /damaged/);
  const exported = await run(site, 'export', 'Garage');
  assert.equal(exported.code, 0, exported.text);
  assert.match(exported.text, /damaged records were passed over/);
  assert.equal(linesOf(exported.text), whole - lost);
  await site.startMonitor();
  const history = await site.get(`/miners/${miner.id}/history?metrics=hashrate_ghs`);
  assert.ok(history.data[0].length > 0, 'the chart is drawn');
  assert.equal((await site.get('/health')).status, 'ok');
  await site.stop();
});
