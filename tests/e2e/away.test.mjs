// PostgreSQL goes away, comes back, or is not there at the start: the monitor goes on, and
// nothing is lost or doubled. AWAY_MINUTES=10 keeps it away for ten minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { PostgresServer } from '../support/postgres.mjs';
import { Site, until } from '../support/programs.mjs';

const COUNTS = "SELECT count(*) || ' ' || count(DISTINCT (miner_id, at_ms)) FROM sample";

/** Runs `body` with a server, or says why not. */
function withServer(name, body) {
  test(name, async (t) => {
    const server = await PostgresServer.start();
    if (server === null) {
      t.skip('PostgreSQL is not installed');
      return;
    }
    try {
      await body(server);
    } finally {
      await server.stop();
    }
  });
}

const health = (site) => site.get('/health');
const untilOk = (site) => until(() => health(site), (now) => now.status === 'ok');
const untilAway = (site) => until(() => health(site), (now) => now.storage.spooling_since !== null);

const untilSpooled = (site, count) =>
  until(() => health(site), (now) => now.storage.spooled_samples >= count);

/** How many samples the server has; fails when one is there twice. */
function samples(server) {
  const [rows, distinct] = server.query(COUNTS).split(' ').map(Number);
  assert.equal(rows, distinct, 'none is doubled');
  return rows;
}

/** Every miner's samples follow each other without a gap longer than the programs were down. */
function longestGapMs(server) {
  return Number(
    server.query(
      'SELECT max(gap) FROM (SELECT at_ms - lag(at_ms) OVER (PARTITION BY miner_id ORDER BY at_ms) ' +
        'AS gap FROM sample) AS gaps',
    ),
  );
}

async function startSite(server, miners = 3, env = {}) {
  const site = await Site.start({
    devices: ['--count', String(miners), '--firmware', '2.12'],
    env: { DATABASE_URL: server.url, BENCH_POLL_INTERVAL_MS: '100', ...env },
  });
  for (let i = 0; i < miners; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => health(site), (now) => now.polls.total > 20);
  return site;
}

withServer('stopped while polling and started again: nothing is lost or doubled', async (server) => {
  const site = await startSite(server);

  await server.crash();
  const away = await untilAway(site);
  assert.equal(away.status, 'degraded');
  assert.match(away.problems[0].problem, /PostgreSQL is away since .* will be moved/);
  const spooled = await untilSpooled(site, 100);
  const stored = await site.call('GET', '/miners/1/samples?from=2020-01-01T00:00:00Z');
  if (stored.status !== 200) assert.equal(stored.status, 503);
  const added = await site.call('POST', '/miners', { address: 'http://127.0.0.1:9', name: 'New' });
  assert.ok(added.status >= 400);

  await server.run();
  await untilOk(site);
  await site.stopMonitor();
  assert.ok(samples(server) >= spooled.storage.spooled_samples + 20);
  assert.ok(longestGapMs(server) < 2000, `a gap of ${longestGapMs(server)} ms`);
  await site.startMonitor();
  await site.stop();
});

withServer('down at the start: the known miners are watched, and their samples arrive', async (server) => {
  const site = await startSite(server);
  await site.stopMonitor();
  const before = samples(server);

  await server.crash();
  await site.startMonitor();
  assert.equal((await site.get('/miners')).items.length, 3);
  await untilSpooled(site, 60);
  assert.equal((await site.call('GET', '/storage')).status, 503);
  const chart = await site.call('GET', '/miners/1/history');
  assert.equal(chart.status, 503);
  assert.match(chart.body.detail, /database server/);
  const refused = await site.call('POST', '/miners', { address: site.addresses[0], name: 'Again' });
  assert.ok([409, 503].includes(refused.status), JSON.stringify(refused.body));

  await server.run();
  await untilOk(site);
  await site.stop();
  assert.ok(samples(server) >= before + 60);
});

withServer('the first start ever waits for the server in words', async (server) => {
  await server.crash();
  const site = await Site.start({
    devices: ['--count', '1', '--firmware', '2.12'],
    env: { DATABASE_URL: server.url },
  });
  const away = await health(site);
  assert.match(away.problems[0].problem, /not known before/);
  const refused = await site.call('POST', '/miners', { address: site.addresses[0], name: 'New' });
  assert.equal(refused.status, 503);
  assert.match(refused.body.detail, /database server/);

  await server.run();
  await untilOk(site);
  const miner = await site.addMiner(0, 'New');
  await site.untilMiner(miner.id, (now) => now.seen_at !== null);
  await site.stop();
});

withServer('killed while spooling and while moving: nothing is lost or doubled', async (server) => {
  const site = await startSite(server);
  for (let round = 0; round < 4; round++) {
    await server.crash();
    await untilAway(site);
    await untilSpooled(site, 60);
    await site.killMonitor(); // in the middle of spooling
    await site.startMonitor();
    const waiting = await untilSpooled(site, 90);
    await server.run();
    // in the middle of moving
    await until(
      () => health(site),
      (now) => now.storage.spooled_samples < waiting.storage.spooled_samples - 10 * round,
    );
    await site.killMonitor();
    await site.startMonitor();
    await untilOk(site);
    samples(server);
  }
  await site.stop();
  assert.ok(longestGapMs(server) < 8000, `a gap of ${longestGapMs(server)} ms`);
});

withServer('an alert while it is away is told once, and is in the events afterwards', async (server) => {
  const bot = await BotApiDouble.start({ token: '1:abc' });
  const site = await startSite(server, 1, {
    TELEGRAM_BOT_TOKEN: '1:abc',
    TELEGRAM_CHAT_ID: '42',
    TELEGRAM_API_BASE: bot.url,
  });
  const told = () => bot.sent.filter((message) => /too hot/.test(message.text));

  await server.crash();
  await untilAway(site);
  await site.break(0, 'hot', 73);
  await until(told, (messages) => messages.length > 0);
  await until(() => health(site), (now) => now.telegram.messages_waiting === 0);
  const marked = (await untilSpooled(site, 1)).storage.spooled_samples;
  await untilSpooled(site, marked + 30); // a second later it is known in the spool
  await site.killMonitor();
  await site.startMonitor();
  await server.run();
  await untilOk(site);

  assert.equal(server.query('SELECT count(*) FROM alert_event WHERE kind = 0 AND miner_id > 0'), '1');
  assert.equal(server.query('SELECT count(*) FROM outbox WHERE delivered_ms IS NULL'), '0');
  await site.stopMonitor();
  await site.startMonitor();
  await until(() => health(site), (now) => now.polls.total > 20);
  assert.equal(told().length, 1);
  await site.stop();
  await bot.stop();
});

withServer('an alert that Telegram takes only after PostgreSQL is back is sent once', async (server) => {
  const bot = await BotApiDouble.start({ token: '1:abc' });
  const site = await startSite(server, 1, {
    TELEGRAM_BOT_TOKEN: '1:abc',
    TELEGRAM_CHAT_ID: '42',
    TELEGRAM_API_BASE: bot.url,
  });
  const told = () => bot.sent.filter((message) => /too hot/.test(message.text));
  const undelivered = () => server.query('SELECT count(*) FROM outbox WHERE delivered_ms IS NULL');

  await server.crash();
  await untilAway(site);
  await bot.stop();
  await site.break(0, 'hot', 73);
  await until(() => health(site), (now) => now.telegram.messages_waiting > 0);
  await server.run();
  await until(() => health(site), (now) => now.storage.spooling_since === null);
  assert.notEqual(undelivered(), '0');
  await bot.listen();
  await until(undelivered, (count) => count === '0', 60_000);
  await site.stopMonitor();
  await site.startMonitor();
  await until(() => health(site), (now) => now.polls.total > 20);

  assert.equal(told().length, 1);
  await site.stop();
  await bot.stop();
});

withServer('a server that is frozen is away, and has everything once it goes on', async (server) => {
  const site = await startSite(server);

  server.freeze();
  try {
    await until(() => health(site), (now) => now.storage.spooling_since !== null, 60_000);
    await untilSpooled(site, 100);
  } finally {
    server.thaw();
  }
  await until(() => health(site), (now) => now.status === 'ok', 60_000);
  const { polls } = await health(site);
  await site.stop();
  assert.ok(samples(server) >= polls.total);
  assert.ok(longestGapMs(server) < 2000, `a gap of ${longestGapMs(server)} ms`);
});

withServer('a server whose disk hangs is away within two minutes', async (server) => {
  const site = await startSite(server);

  server.hang();
  try {
    const now = await until(() => health(site), (now) => now.storage.spooling_since !== null, 120_000);
    assert.equal(now.storage.lost_samples, 0);
  } finally {
    server.thaw();
  }
  await until(() => health(site), (now) => now.status === 'ok', 120_000);
  const { polls } = await health(site);
  await site.stop();
  assert.ok(samples(server) >= polls.total);
});

withServer('what waits for one database is not moved to another', async (server) => {
  const site = await startSite(server);
  const other = { DATABASE_URL: server.url.replace('/postgres?', '/other?') };
  server.query('CREATE DATABASE other');

  await server.crash();
  await untilSpooled(site, 60);
  await site.stopMonitor();
  await server.run();
  await assert.rejects(site.startMonitor(other), /wait for another database .* set it back/);

  await server.crash();
  await site.startMonitor(other);
  await untilAway(site);
  await server.run();
  const refused = await until(() => health(site), (now) =>
    now.problems.some(({ problem }) => /wait for another database/.test(problem)));
  assert.ok(refused.storage.spooled_samples >= 60);
  await site.stopMonitor();

  await site.startMonitor();
  await untilOk(site);
  await site.stop();
  assert.ok(samples(server) >= refused.storage.spooled_samples);
  assert.equal(server.query('SELECT count(*) FROM sample', 'other'), '0');
});

withServer('a wrong database is an error at the start', async (server) => {
  const env = { DATABASE_URL: server.url.replace('/postgres?', '/nowhere?') };
  await assert.rejects(Site.start({ env }), /refuses the connection/);
});

const minutes = Number(process.env.AWAY_MINUTES ?? 0);
test('away for long', { skip: minutes === 0, timeout: (minutes + 5) * 60_000 }, async () => {
  const server = await PostgresServer.start();
  const site = await startSite(server, 10);
  const before = (await health(site)).polls.total;
  await server.crash();
  const end = Date.now() + minutes * 60_000;
  await until(() => health(site), () => Date.now() > end, minutes * 60_000 + 60_000);
  await server.run();
  await until(() => health(site), (now) => now.status === 'ok', 300_000);
  const polls = (await health(site)).polls.total;
  await site.stop();
  assert.ok(samples(server) >= polls - before);
  assert.ok(longestGapMs(server) < 3000);
  await server.stop();
});
