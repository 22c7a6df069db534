// The power cord is pulled: whatever happens, at most the last second is lost.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { Site, until } from '../support/programs.mjs';

const KILLS = 20;
const COMMITTED_MS = 1500; // one commit a second, and the time that one takes

const sqlite = (site, sql) =>
  execFileSync('sqlite3', ['-readonly', path.join(site.dataDir, 'monitor.db'), sql]).toString().trim();

test('twenty kills in the middle of work lose at most the last second of samples', async () => {
  const devices = ['--count', '4', '--firmware', '2.12,2.6'];
  const site = await Site.start({ devices, env: { BENCH_POLL_INTERVAL_MS: '50' } });
  for (let i = 0; i < 4; i++) await site.addMiner(i, `Miner ${i}`);

  for (let kill = 0; kill < KILLS; kill++) {
    const polls = (await site.get('/health')).polls.total;
    const health = await until(
      () => site.get('/health'),
      (h) => h.polls.total > polls + 40 + 7 * kill && h.storage.last_commit_at,
    );
    await site.killMonitor();
    const killedMs = Date.now();

    assert.equal(sqlite(site, 'PRAGMA integrity_check'), 'ok');
    const newestMs = Number(sqlite(site, 'SELECT max(at_ms) FROM sample'));
    const askedMs = Date.parse(health.at);
    assert.ok(newestMs > askedMs - COMMITTED_MS, `lost ${askedMs - newestMs} ms (kill ${kill})`);
    assert.ok(newestMs <= killedMs);
    const doubled = sqlite(site, 'SELECT count(*) - count(DISTINCT miner_id || \':\' || at_ms) FROM sample');
    assert.equal(doubled, '0');

    await site.startMonitor();
    assert.equal((await site.get('/miners')).items.length, 4);
  }
  await site.stop();
});

test('an alert that was raised before a kill is not raised again, and clears after it', async () => {
  const site = await Site.start({ devices: ['--count', '1', '--firmware', '2.12'] });
  const miner = await site.addMiner(0, 'Garage');
  await site.break(0, 'hot', 73);
  await until(() => site.get('/alerts'), (alerts) => alerts.items.length === 1);

  await site.killMonitor();
  await site.startMonitor();
  await site.untilMiner(miner.id, (m) => m.seen_at !== null && m.sample.chip_temp_c > 70);
  await site.mend(0);

  const alerts = await until(() => site.get('/alerts'), (list) => list.items.length === 2);
  assert.deepEqual(alerts.items.map((event) => event.kind).sort(), ['cleared', 'raised']);
  await site.stop();
});
