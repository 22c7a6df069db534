// The whole program on PostgreSQL: everything that works on a file works here.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PostgresServer } from '../support/postgres.mjs';
import { Site, until } from '../support/programs.mjs';

const NEITHER_LOST_NOR_DOUBLED =
  "SELECT count(*) || ' ' || count(DISTINCT (miner_id, at_ms)) FROM sample";

/** Runs `body` with a server, or says why not. */
function withServer(name, body) {
  test(name, async (t) => {
    const server = await PostgresServer.start();
    if (server === null) {
      t.skip('PostgreSQL is not installed');
      return;
    }
    await body(server);
    await server.stop();
  });
}

withServer('miners, samples and alerts are kept on PostgreSQL over a restart', async (server) => {
  const devices = ['--count', '2', '--firmware', '2.12'];
  const site = await Site.start({ devices, env: { DATABASE_URL: server.url } });
  const garage = await site.addMiner(0, 'Garage');
  await site.addMiner(1, 'Attic');
  await site.break(0, 'hot', 73);
  const raised = await until(() => site.get('/alerts'), (alerts) => alerts.items.length === 1);
  const before = await until(
    () => site.get(`/miners/${garage.id}/samples`),
    (page) => page.items.length >= 3,
  );

  await site.stopMonitor();
  await site.startMonitor();

  const miners = (await site.get('/miners')).items;
  assert.deepEqual(miners.map((miner) => miner.name).sort(), ['Attic', 'Garage']);
  assert.deepEqual((await site.get('/alerts')).items, raised.items, 'not raised again');
  const known = (await site.get(`/miners/${garage.id}/samples`)).items.map((item) => item.at);
  assert.ok(before.items.every((item) => known.includes(item.at)));
  const last = await site.get('/telemetry/last/3');
  assert.equal((last.items ?? last).length, 3);
  await site.untilMiner(garage.id, (miner) => miner.seen_at !== null && miner.state !== 'unknown');
  await site.stop();
  const [rows, distinct] = server.query(NEITHER_LOST_NOR_DOUBLED).split(' ');
  assert.equal(rows, distinct);
});

withServer('PostgreSQL goes away and comes back: nothing is lost or doubled', async (server) => {
  const env = { DATABASE_URL: server.url, BENCH_POLL_INTERVAL_MS: '100' };
  const site = await Site.start({ devices: ['--count', '3', '--firmware', '2.12'], env });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (health) => health.polls.total > 20);

  await server.crash();
  const away = await until(() => site.get('/health'), (health) => health.status === 'degraded');
  assert.match(away.problems[0].problem, /database server cannot be reached/);
  await until(() => site.get('/health'), (health) => health.polls.total > away.polls.total + 50);
  const miner = await site.get('/miners/1');
  assert.ok(miner.seen_at > away.at, 'the page stays live');

  await server.run();
  await until(() => site.get('/health'), (health) => health.status === 'ok');
  await site.stopMonitor();
  const health = away.storage;
  assert.equal(health.lost_samples, 0);
  const [rows, distinct] = server.query(NEITHER_LOST_NOR_DOUBLED).split(' ');
  assert.equal(rows, distinct);
  assert.ok(Number(rows) > away.polls.total + 50, 'what waited was written');
  await site.startMonitor();
  await site.stop();
});
