// Alerts from end to end: simulated miners break and are mended, and a double of the
// Bot API is told, once each. One site for all the rules, so that few programs run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

import { addMiners, episodes, gamma, startTold, told } from '../support/alert_site.mjs';
import { runToEnd, until } from '../support/programs.mjs';
import { SmtpReceiver } from '../support/smtp_receiver.mjs';
import { WebhookReceiver } from '../support/webhook_receiver.mjs';

// What breaks, and words of what is told. Each miner is watched for its own trouble
// alone, or one fault would be told by several rules and told as one trouble of many.
// `tune` brings a rule's patience down to seconds; `mend` is for what the simulator does
// not mend by taking the fault away; `past` gives the miner hours that it did not have.
// A row without `cleared` is a moment.
const RULES = [
  { rule: 'unresponsive', fault: ['refuse'], raised: 'is not answering', cleared: 'is back' },
  { rule: 'chip_temp', fault: ['hot', 72], raised: 'is too hot: chip', cleared: 'has cooled down' },
  { rule: 'vr_temp', fault: ['vr_hot', 100], raised: 'is too hot: voltage', cleared: 'has cooled' },
  {
    rule: 'overheated',
    fault: ['overheat'],
    soothe: true, // else it overheats again when it is back
    raised: 'got too hot',
    cleared: 'left its overheat mode',
  },
  {
    rule: 'overheat_slow',
    fault: ['overheat'],
    soothe: true,
    raised: 'since it overheated',
    mend: (site, device) => site.turn(device, { frequency_mhz: 525 }),
    cleared: 'old settings back',
  },
  {
    rule: 'hashrate_low',
    past: true, // hours are learned from
    fault: ['hashrate_drop', 60],
    raised: 'more slowly than it should',
    cleared: 'as fast as it should again',
  },
  { rule: 'stalled', fault: ['frozen_hashrate'], raised: 'no results', cleared: 'delivers results' },
  { rule: 'not_hashing', fault: ['zero_hashrate'], raised: 'does not mine', cleared: 'mines again' },
  {
    rule: 'rejected_shares',
    before: { pool_difficulty: 64 }, // hundreds of shares a second
    fault: ['rejects', 60],
    raised: 'the pool rejects',
    cleared: 'accepts its work',
  },
  {
    rule: 'error_rate',
    tune: { limit: 20 }, // the mean of five minutes begins with the first reading
    fault: ['chip_errors', 60],
    raised: 'results are wrong',
    cleared: 'few errors again',
  },
  { rule: 'fan_stopped', fault: ['fan_stopped'], raised: 'has stopped', cleared: 'turns again' },
  { rule: 'input_voltage', fault: ['low_voltage', 85], raised: 'from the power', cleared: 'is good again' },
  { rule: 'power_fault', fault: ['power_fault'], raised: 'power fault', cleared: 'no power fault' },
  { rule: 'hardware_fault', fault: ['hardware_fault'], raised: 'hardware fault', cleared: 'no hardware' },
  { rule: 'fallback_pool', fault: ['fallback_pool'], raised: 'second pool', cleared: 'first pool' },
  { rule: 'pool_lost', fault: ['pools_unreachable'], raised: 'cannot reach', cleared: 'has a pool' },
  { rule: 'weak_wifi', fault: ['weak_wifi', -88], raised: 'weak Wi-Fi', cleared: 'good Wi-Fi' },
  { rule: 'low_memory', fault: ['low_heap', 25], raised: 'out of memory', cleared: 'enough free memory' },
  { rule: 'chip_lost', fault: ['chip_lost'], raised: 'does no work', cleared: 'chips work again' },
  {
    rule: 'payout_address',
    own: { payout_addresses: ['bc1qsimulatedminer'] },
    fault: ['other_user'],
    raised: 'pays to',
    cleared: 'pays to an address of your list',
  },
  { rule: 'restarted', fault: ['reboot'], raised: 'has restarted: ' },
  { rule: 'restart_loop', tune: { limit: 0 }, fault: ['brownout'], raised: 'times within a day', lasts: true },
  { rule: 'settings_changed', fault: ['other_pool'], raised: 'settings were changed: pool' },
  { rule: 'new_best', turn: { best_diff: 9e15 }, raised: 'has a new record' },
  { rule: 'block_found', turn: { blocks_found: 1 }, raised: 'has found a BLOCK' },
];

// Those of the monitor itself are shown in alerts_monitor.test.mjs, and `offline` below:
// beside one that is unresponsive it would be told as one trouble of two.
const ELSEWHERE = ['offline', 'monitor_disk', 'monitor_database', 'monitor_off', 'monitor_channel'];

/**
 * Nearly two hours of readings before the first, ten seconds apart, with a percent of
 * noise; the monitor learns from them at its next start. It does so ten minutes at a time,
 * which are not over just when the miner breaks: so no whole number of them.
 */
async function givePast(site, miner) {
  await site.stopMonitor();
  const db = path.join(site.dataDir, 'monitor.db');
  const sql = (text) => execFileSync('sqlite3', [db, text]).toString().trim();
  const columns = sql('SELECT name FROM pragma_table_info("sample")').split('\n');
  const values = columns.map((name) => {
    if (name === 'seq') return '10000 - ago_s';
    if (name === 'at_ms') return 'at_ms - 1000 * ago_s';
    if (name === 'uptime_s') return '86400 - ago_s';
    if (name === 'hashrate_ghs') return 'expected_hashrate_ghs * (9900 + ago_s * 7919 % 200) / 10000';
    if (name === 'shares_accepted') return 'shares_accepted + 690 - ago_s / 10';
    return name;
  });
  const rows = sql(`
    UPDATE sample SET seq = seq + 10000;
    WITH RECURSIVE tick(ago_s) AS (SELECT 6900 UNION ALL SELECT ago_s - 10 FROM tick WHERE ago_s > 10),
      first AS (SELECT * FROM sample WHERE miner_id = ${miner.id} ORDER BY seq LIMIT 1)
    INSERT INTO sample SELECT ${values.join(', ')} FROM tick, first;
    SELECT changes()`);
  assert.equal(rows, '690');
  const startedAt = Date.now();
  await site.startMonitor();
  // What happens to a miner before its first poll is not noticed.
  await until(
    () => site.get('/miners'),
    ({ items }) => items.every((one) => Date.parse(one.seen_at) > startedAt),
  );
}

/** Watches each miner for one rule only, and without the patience of days. */
async function watchForOne(site, miners) {
  for (const { rule } of (await site.get('/rules')).items)
    if (!rule.startsWith('monitor_')) await site.call('PATCH', `/rules/${rule}`, { enabled: false });
  for (const [device, { rule, tune, cleared }] of RULES.entries()) {
    const quick = cleared ? { hold_s: 0, clear_s: 0, ...tune } : { ...tune };
    const where = `/miners/${miners[device].id}/rules/${rule}`;
    const { status, body } = await site.call('PATCH', where, { enabled: true, ...quick });
    assert.equal(status, 200, JSON.stringify(body));
  }
}

async function raiseAndClear(site, telegram, device, row, name) {
  if (row.before) await site.turn(device, row.before);
  if (row.fault) await site.break(device, ...row.fault);
  if (row.turn) await site.turn(device, row.turn);
  if (row.soothe) {
    await until(() => site.get('/miners'), ({ items }) =>
      items.find((miner) => miner.name === name)?.state === 'overheated');
    await site.mend(device);
  }
  await told(telegram, new RegExp(`^${name}.*${row.raised}`));
  if (!row.cleared) return;
  await (row.mend ?? ((at, which) => at.mend(which)))(site, device);
  await told(telegram, new RegExp(`^${name}.*${row.cleared}`, 's'));
}

async function checkEpisode(site, miner, { rule, cleared, lasts }) {
  const state = lasts ? 'open' : 'closed';
  const all = await episodes(site, `?miner=${miner.id}&rule=${rule}&state=${state}`);
  assert.equal(all.length, 1, rule);
  const detail = await until(
    () => site.get(`/alerts/${all[0].id}`),
    (one) => one.deliveries.every((delivery) => delivery.delivered_at),
  );
  const kinds = detail.events.map((event) => event.kind);
  const moment = !cleared && !lasts;
  assert.deepEqual(kinds, moment ? ['happened'] : lasts ? ['raised'] : ['raised', 'cleared'], rule);
  assert.equal(detail.deliveries.length, kinds.length, rule);
}

test('each rule is raised and cleared through a real channel', async (context) => {
  const { telegram, site } = await startTold(context, gamma(RULES.length), {
    TEMP_THRESHOLD_CORE_C: '68',
    BENCH_POLL_INTERVAL_MS: '500',
  });
  const names = RULES.map(({ rule }) => `M-${rule}`);
  const miners = await addMiners(site, names);
  for (const [device, { past }] of RULES.entries()) if (past) await givePast(site, miners[device]);
  await watchForOne(site, miners);
  for (const { own } of RULES) if (own) await site.call('PATCH', '/settings', own);

  const lives = RULES.map((row, device) => raiseAndClear(site, telegram, device, row, names[device]));
  for (const life of await Promise.allSettled(lives))
    assert.equal(life.status, 'fulfilled', String(life.reason));

  for (const [device, row] of RULES.entries()) await checkEpisode(site, miners[device], row);
  const all = (await site.get('/rules')).items.map(({ rule }) => rule);
  const shown = [...RULES.map(({ rule }) => rule), ...ELSEWHERE];
  assert.deepEqual(shown.sort(), all.sort(), 'a rule that nobody shows');
});

test('a miner that is gone is offline, for that reason, and is back', async (context) => {
  const { telegram, site } = await startTold(context, gamma(1), { BENCH_POLL_INTERVAL_MS: '500' });
  const [miner] = await addMiners(site, ['Garage']);

  await site.break(0, 'gone');
  const gone = await told(telegram, /^Garage is offline: it does not answer on the network, since/);
  const seen = await site.get(`/miners/${miner.id}`);
  await site.mend(0);
  const back = await told(telegram, /^Garage is back/);

  assert.deepEqual([seen.state, seen.reason_code], ['offline', 'host_gone']);
  assert.match(gone.text, /What to do: /);
  assert.match(back.text, /It was out of reach for /);
  await checkEpisode(site, miner, { rule: 'offline', cleared: true });
});

test('miners that go together are one message, and so is their return', async (context) => {
  const { telegram, site } = await startTold(context, gamma(4));
  await addMiners(site, ['Attic', 'Cellar', 'Garage', 'Office']);

  for (let device = 0; device < 4; device++) await site.break(device, 'refuse');
  const gone = await told(telegram, /4 of 4 miners cannot be reached/);
  for (let device = 0; device < 4; device++) await site.mend(device);
  await told(telegram, /4 miners are back/);

  assert.match(gone.text, /Attic/);
  assert.match(gone.text, /Probable cause: /);
  assert.equal(telegram.sent.length, 2, telegram.sent.map((one) => one.text).join('\n---\n'));
});

/** The alerts of the event stream, from now on; until stop(). */
async function listen(site) {
  const cancel = new AbortController();
  const response = await fetch(`${site.api}/events`, { signal: cancel.signal });
  const alerts = [];
  const read = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body) {
      const parts = (text + decoder.decode(piece, { stream: true })).split('\n\n');
      text = parts.pop();
      for (const part of parts)
        if (/^event: alert$/m.test(part)) alerts.push(JSON.parse(/^data: (.*)$/m.exec(part)[1]));
    }
  })().catch((error) => assert.equal(error.name, 'AbortError'));
  const stop = () => {
    cancel.abort();
    return read;
  };
  return { alerts, stop };
}

test('a fire drill reaches the chat and the event stream, from the page and from the command line', async (context) => {
  const { telegram, site } = await startTold(context, null);
  const stream = await listen(site);

  const started = await site.call('POST', '/drill');
  assert.equal(started.status, 202);
  const hot = await told(telegram, /^Drill: Practice miner is too hot/);
  const cool = await told(telegram, /^Drill: Practice miner has cooled down/);
  await until(() => site.get('/drill'), (drill) => !drill.running);
  await until(() => stream.alerts, (alerts) => alerts.length === 2);
  await stream.stop();
  const port = new URL(site.url).port;
  const asked = await runToEnd('bitaxe-monitor', ['drill', '--listen', `127.0.0.1:${port}`]);

  assert.equal(asked.code, 0, asked.text);
  assert.match(asked.text, /drill/i);
  assert.ok(cool.at > hot.at);
  assert.equal((await site.get('/fleet')).miners, 0);
  for (const [at, kind] of ['raised', 'cleared'].entries()) {
    const { drill, miner_id: miner, rule, kind: was } = stream.alerts[at];
    assert.deepEqual({ drill, miner, rule, was }, { drill: true, miner: null, rule: 'chip_temp', was: kind });
  }
  await until(() => telegram.sent.length, (count) => count >= 3);
});

test('whoever presses "I know" is named, and the rule can be changed meanwhile', async (context) => {
  const { telegram, site } = await startTold(context, gamma(1), { TEMP_THRESHOLD_CORE_C: '68' });
  const [miner] = await addMiners(site, ['Garage']);
  await site.break(0, 'hot', 72);
  await told(telegram, /Garage is too hot/);
  const [open] = await episodes(site, '?state=open');

  const answer = await site.call('POST', `/alerts/${open.id}/acknowledge`, { by: 'Ann' });
  await told(telegram, /Ann knows about it/);
  await site.call('PATCH', `/miners/${miner.id}/rules/chip_temp`, { limit: 90 });
  await told(telegram, /closed: the rule was changed/);

  assert.equal(answer.body.acknowledged_by, 'Ann');
  assert.deepEqual(await episodes(site, '?state=open'), []);
  const [closed] = await episodes(site, `?miner=${miner.id}&rule=chip_temp`);
  assert.equal(closed.state, 'rule_changed');
});

test('a rule can be tried on the history before it is changed', async (context) => {
  const { telegram, site } = await startTold(context, gamma(1), { TEMP_THRESHOLD_CORE_C: '68' });
  const [miner] = await addMiners(site, ['Garage']);
  await site.break(0, 'hot', 72);
  await told(telegram, /Garage is too hot/);
  const preview = `/rules/chip_temp/preview?days=1&miner=${miner.id}`;

  const tuned = await until(() => site.get(preview), ({ count }) => count > 0);
  const higher = await site.get(`${preview}&limit=90`);
  const longer = await site.get(`${preview}&hold_s=3600`);
  const cannot = await site.call('GET', '/rules/payout_address/preview');
  const hashrate = await site.get(`/rules/hashrate_low/preview?days=1&limit=10`);
  const forAll = '/rules/chip_temp/preview?days=1&limit=66';
  const lower = await site.get(forAll);
  await site.call('PATCH', `/miners/${miner.id}/rules/chip_temp`, { limit: 90 });
  const tunedByItself = await site.get(forAll);

  assert.equal(tuned.count, 1);
  assert.equal(tuned.shortened, false);
  assert.equal(tuned.episodes[0].miner_name, 'Garage');
  assert.ok(tuned.episodes[0].worst > 68);
  assert.deepEqual([higher.count, higher.limit], [0, 90]);
  assert.deepEqual([longer.count, longer.hold_s], [0, 3600]);
  assert.equal(cannot.status, 422);
  assert.equal(hashrate.limit, 10);
  assert.ok(lower.count >= 1);
  assert.equal(tunedByItself.count, 0, 'a miner keeps the limit of its own');
});

test('who may be paid is still known after a restart', async (context) => {
  const { telegram, site } = await startTold(context, gamma(2), { BENCH_POLL_INTERVAL_MS: '500' });
  const [, thief] = await addMiners(site, ['Honest', 'Robbed']);
  const owner = 'bc1qsimulatedminer';
  const { status } = await site.call('PATCH', '/settings', { payout_addresses: [owner] });
  assert.equal(status, 200);

  await site.stopMonitor();
  await site.startMonitor();
  await site.break(1, 'other_user');
  await told(telegram, /^Robbed pays to/);

  assert.deepEqual((await site.get('/settings')).payout_addresses, [owner]);
  const raised = await episodes(site, '?rule=payout_address');
  assert.deepEqual(raised.map((one) => one.miner_id), [thief.id]);
});

// How often the monitor is killed between the transition and its messages.
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3);

/** Where a message may arrive, each with the texts that have arrived there so far. */
async function addAllChannels(context, site, telegram) {
  const hook = await WebhookReceiver.start();
  const mail = await SmtpReceiver.start();
  context.after(() => Promise.all([hook.stop(), mail.stop()]));
  const kinds = {
    webhook: { url: hook.url },
    email: {
      target: 'owner@example.org',
      from: 'miners@example.org',
      server: '127.0.0.1',
      port: String(mail.port),
      security: 'none',
    },
  };
  for (const [kind, settings] of Object.entries(kinds)) {
    const { status, body } = await site.call('POST', '/channels', { kind, name: kind, settings });
    assert.equal(status, 201, JSON.stringify(body));
  }
  return {
    telegram: () => telegram.sent.map(({ text }) => text),
    webhook: () => hook.posts.map(({ body }) => JSON.parse(body).text),
    email: () => mail.texts,
  };
}

test('a crash between commit and sending costs no alert, and doubles one at most', async (context) => {
  const { telegram, site } = await startTold(context, gamma(1), {
    TEMP_THRESHOLD_CORE_C: '68',
    BENCH_POLL_INTERVAL_MS: '500',
  });
  const channels = await addAllChannels(context, site, telegram);
  await addMiners(site, ['Garage']);
  const total = { arrived: 0, doubled: 0 };

  for (let round = 1; round <= ROUNDS; round++) {
    const before = Object.values(channels).map((texts) => texts().length);
    const hot = round % 2 === 1;
    if (hot) await site.break(0, 'hot', 72);
    else await site.mend(0);
    const words = hot ? /Garage is too hot/ : /Garage has cooled down/;
    await until(
      () => episodes(site, '?rule=chip_temp'),
      ([newest]) => newest && (newest.state === 'open') === hot,
    );
    await site.killMonitor();
    await site.startMonitor();
    const [newest] = await episodes(site, '?rule=chip_temp');
    await until(
      () => site.get(`/alerts/${newest.id}`),
      ({ deliveries }) =>
        deliveries.length === (hot ? 3 : 6) && deliveries.every((one) => one.delivered_at),
    );
    for (const [at, [name, texts]] of Object.entries(channels).entries()) {
      const arrived = texts().slice(before[at]).filter((text) => words.test(text)).length;
      assert.ok(arrived === 1 || arrived === 2, `round ${round}: ${name} got it ${arrived} times`);
      total.arrived++;
      total.doubled += arrived - 1;
    }
  }
  context.diagnostic(`${total.arrived} messages on three channels arrived, ${total.doubled} of them twice`);
});
