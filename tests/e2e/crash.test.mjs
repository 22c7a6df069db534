// The power cord is pulled: whatever happens, at most the last second is lost.
//   CRASH_KILLS=100 node --test tests/e2e/crash.test.mjs     more than the few of every day
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { PostgresServer } from '../support/postgres.mjs';
import { runToEnd, Site, until } from '../support/programs.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 8);
const MINERS = 4;
const COMMITTED_MS = 1500; // one commit a second, and the time that one takes
// Each miner is sealed every 2.4 s and a slot every 0.1 s: kills meet it at work.
const LOAD = { BENCH_POLL_INTERVAL_MS: '50', BENCH_SEAL_PERIOD_MS: '2400', BACKUP_KEEP: '0' };

const onFile = {
  name: 'SQLite',
  start: async () => ({ env: {}, stop: async () => {} }),
  query: (site, _, sql) =>
    execFileSync('sqlite3', ['-readonly', path.join(site.dataDir, 'monitor.db'), sql]).toString().trim(),
  verify(site) {
    assert.equal(this.query(site, null, 'PRAGMA integrity_check'), 'ok');
  },
};

const onServer = {
  name: 'PostgreSQL',
  async start() {
    const server = await PostgresServer.start();
    return server && { server, env: { DATABASE_URL: server.url }, stop: () => server.stop() };
  },
  query: (_, place, sql) => place.server.query(sql),
  verify() {},
};

/** All that is kept of a miner, read by the program itself from chunks and rows. */
async function historyOf(site, name) {
  const options = { env: { HOME: site.dataDir, ...site.env } };
  const args = ['export', name, '--format', 'jsonl', '--data-dir', site.dataDir];
  const { code, text } = await runToEnd('bitaxe-monitor', args, options);
  assert.equal(code, 0, text);
  return text.trim().split('\n').map((line) => JSON.parse(line).at);
}

async function expectKept(site, miner, confirmed) {
  const kept = await historyOf(site, miner.name);
  const known = new Set(kept);
  assert.equal(known.size, kept.length, `${miner.name}: ${kept.length - known.size} samples doubled`);
  const lost = [...confirmed].filter((at) => !known.has(at));
  assert.deepEqual(lost, [], `${miner.name}: lost`);
  return kept;
}

/** What the API has shown of every miner and has told to be saved. */
async function confirm(site, miners, confirmed) {
  const shown = [];
  for (const [i, miner] of miners.entries()) {
    const from = [...confirmed[i]].at(-1); // a page begins with the oldest
    shown.push(await site.get(`/miners/${miner.id}/samples?limit=1000${from ? `&from=${from}` : ''}`));
  }
  // A poll under way may be counted before its sample is there.
  const polls = (await site.get('/health')).polls.total + MINERS;
  const health = await until(
    () => site.get('/health'),
    (h) => h.polls.total - h.storage.unsaved_samples >= polls,
  );
  shown.forEach((page, i) => page.items.forEach((item) => confirmed[i].add(item.at)));
  return Date.parse(health.at);
}

for (const database of [onFile, onServer]) {
  test(`${KILLS} kills while history is sealed lose and double nothing on ${database.name}`, async (t) => {
    const place = await database.start();
    if (place === null) {
      t.skip('PostgreSQL is not installed');
      return;
    }
    const devices = ['--count', String(MINERS), '--firmware', '2.12,2.6'];
    const site = await Site.start({ devices, env: { ...LOAD, ...place.env } });
    const miners = [];
    for (let i = 0; i < MINERS; i++) miners.push(await site.addMiner(i, `Miner ${i}`));
    const confirmed = miners.map(() => new Set());
    const chunks = () => Number(database.query(site, place, 'SELECT count(*) FROM chunk'));

    for (let kill = 0; kill < KILLS; kill++) {
      const sealed = chunks();
      await until(chunks, (count) => count > sealed + (kill % 3));
      const askedMs = await confirm(site, miners, confirmed);
      await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 100)); // anywhere in a step
      await site.killMonitor();

      database.verify(site);
      const kept = await expectKept(site, miners[kill % MINERS], confirmed[kill % MINERS]);
      const newestMs = Date.parse(kept.at(-1));
      assert.ok(newestMs > askedMs - COMMITTED_MS, `lost ${askedMs - newestMs} ms (kill ${kill})`);
      await site.startMonitor();
      assert.equal((await site.get('/miners')).items.length, MINERS);
    }

    for (const [i, miner] of miners.entries()) await expectKept(site, miner, confirmed[i]);
    t.diagnostic(`${chunks()} chunks, ${confirmed.reduce((sum, set) => sum + set.size, 0)} samples confirmed`);
    await site.stop();
    await place.stop();
  });
}

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
