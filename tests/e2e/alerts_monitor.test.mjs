// The monitor's own rules from end to end: what happens to it is raised and cleared
// through a real channel.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

import { addMiners, episodes, gamma, makeQuick, startTold, told } from '../support/alert_site.mjs';
import { PostgresServer } from '../support/postgres.mjs';
import { programPath, until } from '../support/programs.mjs';
import { WebhookReceiver } from '../support/webhook_receiver.mjs';

const HOUR_MS = 3_600_000;
const GB = 1e9;

/**
 * One episode, over, with each of its events delivered. Asked until it is answered: a
 * connection for reading notices only then that its database was away.
 */
async function checkOver(site, rule, kinds) {
  const { body: list } = await until(
    () => site.call('GET', `/alerts/episodes?rule=${rule}`),
    ({ status }) => status === 200,
  );
  const [episode, ...more] = list.items;
  assert.equal(more.length, 0, `${rule} was raised more than once`);
  const { body: detail } = await until(
    () => site.call('GET', `/alerts/${episode.id}`),
    ({ status, body }) =>
      status === 200 && body.deliveries.length > 0 && body.deliveries.every((one) => one.delivered_at),
  );
  assert.deepEqual(detail.events.map(({ kind }) => kind), kinds);
  assert.equal(episode.miner_id, null);
}

/** A disk as full as the test says (tests/support/full_disk.c). */
async function makeDisk(context) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-full-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'figures');
  const leave = (gb) => writeFile(file, `${gb * GB} ${64 * GB}`);
  await leave(32);
  return {
    leave,
    env: {
      LD_PRELOAD: programPath('tests/support/full_disk.so'),
      FULL_DISK: file,
      ASAN_OPTIONS: 'verify_asan_link_order=0',
    },
  };
}

// Each has a site of its own and mostly waits for the next look, ten seconds apart.
describe('the monitor watches itself', { concurrency: true }, () => {
  test('monitor_disk: a disk that fills is told, and that it has room again', async (context) => {
    const disk = await makeDisk(context);
    const { telegram, site } = await startTold(context, null, disk.env);

    await disk.leave(1.6);
    await told(telegram, /disk is nearly full: 1\.6 GB are free \(2\.5 %\)/);
    await disk.leave(20);
    await told(telegram, /disk has room again/);

    await checkOver(site, 'monitor_disk', ['raised', 'cleared']);
  });

  test('monitor_channel: one that is dead is told on the other, until it works', async (context) => {
    const hook = await WebhookReceiver.start();
    context.after(() => hook.stop());
    const { telegram, site } = await startTold(context, null);
    const added = await site.call('POST', '/channels', {
      kind: 'webhook',
      name: 'Node-RED',
      settings: { url: hook.url },
    });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    const tryOut = () => site.call('POST', `/channels/${added.body.id}/test`);

    hook.answers.push({ status: 403 });
    await tryOut();
    await told(telegram, /^Messages by Node-RED do not arrive/);
    // What it was to be told meanwhile arrives when somebody has put it right.
    await tryOut();
    await told(telegram, /^Messages by Node-RED arrive again/);

    await checkOver(site, 'monitor_channel', ['raised', 'cleared']);
  });

  test('monitor_off: the next life tells from when to when', async (context) => {
    const { telegram, site } = await startTold(context, null);
    await site.stopMonitor();
    const file = path.join(site.dataDir, 'monitor.db');
    const mark = "UPDATE setting SET value = value - ? WHERE name = 'monitor.alive_ms'; SELECT changes()";
    const changed = execFileSync('sqlite3', [file, mark.replace('?', HOUR_MS)]).toString().trim();
    assert.equal(changed, '1', 'no life has left its mark');

    await site.startMonitor();

    await told(telegram, /^The monitor was off from \d\d:\d\d/);
    await checkOver(site, 'monitor_off', ['happened']);
    const [{ since, raised_at: raised }] = await episodes(site, '?rule=monitor_off');
    assert.ok(Date.parse(raised) - Date.parse(since) >= HOUR_MS, `${since} to ${raised}`);
  });

  test('monitor_database: PostgreSQL that is away is told, and that it is back', async (context) => {
    const server = await PostgresServer.start();
    if (server === null) {
      context.skip('PostgreSQL is not installed');
      return;
    }
    const { telegram, site } = await startTold(context, gamma(1), { DATABASE_URL: server.url });
    context.after(() => server.stop()); // after the monitor
    await addMiners(site, ['Garage']);
    await makeQuick(site, 'monitor_database');
    await until(() => site.get('/health'), (health) => health.status === 'ok');

    await server.crash();
    const gone = await told(telegram, /^The monitor cannot write its history: PostgreSQL is away/);
    await server.run();
    await told(telegram, /^The monitor writes its history again/);

    assert.match(gone.text, /Check that the database runs/);
    await checkOver(site, 'monitor_database', ['raised', 'cleared']);
    assert.equal(telegram.sent.length, 2, telegram.sent.map(({ text }) => text).join('\n---\n'));
  });
});
