// The monitor was off while the miners went on: what they remember of that time fills the
// history, marked, and once only.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

// Labels of both eras, and a release that keeps no statistics.
const FIRMWARE = ['2.14', '2.9', '2.7'];
const POLL_MS = 200;

let site;
before(async () => {
  site = await Site.start({
    devices: ['--count', '3', '--firmware', FIRMWARE.join(',')],
    env: { BENCH_POLL_INTERVAL_MS: String(POLL_MS), BACKUP_KEEP: '0' },
  });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);
  for (const device of site.addresses.slice(0, 2)) {
    const answer = await fetch(`${device}/api/system`, {
      method: 'PATCH',
      body: JSON.stringify({ statsFrequency: 1 }),
    });
    assert.equal(answer.status, 200);
  }
  await until(() => site.get('/health'), (h) => h.polls.total > 30 && h.storage.last_commit_at);
});
after(() => site?.stop());

const samplesOf = async (name) => {
  const written = await runToEnd(
    'bitaxe-monitor',
    ['export', name, '--format=jsonl', '--data-dir', site.dataDir],
    { env: { HOME: site.dataDir } },
  );
  assert.equal(written.code, 0, written.text);
  return written.text.trim().split('\n').map((line) => JSON.parse(line));
};

const isFilled = (sample) => sample.backfilled;

/** Stops the monitor until the miners remember some seconds more, and starts it again. */
const pause = async () => {
  await site.stopMonitor();
  const statistics = async () =>
    (await (await fetch(`${site.addresses[0]}/api/system/statistics`)).json()).statistics.length;
  const before = await statistics();
  await until(statistics, (count) => count >= before + 5);
  await site.startMonitor();
};

test('a miner that could not be reached tells of that time afterwards', async () => {
  const miner = (await site.get('/miners')).items[1];
  await site.break(1, 'refuse');
  const samples = await until(
    () => samplesOf(miner.name),
    (all) => all.filter((sample) => sample.missed).length >= 20,
  );
  await site.mend(1);

  const after = await until(() => samplesOf(miner.name), (all) => all.some(isFilled));

  const since = samples.find((sample) => sample.missed).at;
  assert.ok(after.filter(isFilled).every((sample) => sample.at >= since && sample.hashrate_ghs > 0));
  assert.ok(after.filter((sample) => sample.missed).length >= 20, 'what failed stays told');
});

test('what was missed is filled in, marked, and not again after another start', async () => {
  await pause();
  const miners = (await site.get('/miners')).items;
  await until(() => samplesOf(miners[0].name), (samples) => samples.some(isFilled));
  await until(() => samplesOf(miners[1].name), (samples) => samples.some(isFilled));
  const filled = [];
  for (const miner of miners) filled.push((await samplesOf(miner.name)).filter(isFilled));

  assert.ok(filled[0].length >= 4 && filled[1].length >= 4, `${filled.map((f) => f.length)}`);
  assert.equal(filled[2].length, 0);
  for (const sample of [...filled[0], ...filled[1]]) {
    assert.equal(sample.state, 'hashing');
    assert.ok(sample.hashrate_ghs > 500 && sample.chip_temp_c > 30);
    assert.ok(sample.uptime_s > 0 && !sample.missed);
  }

  await pause();
  await until(
    () => samplesOf(miners[0].name),
    (samples) => samples.filter(isFilled).length > filled[0].length,
  );
  const samples = await samplesOf(miners[0].name);
  const times = samples.map((sample) => sample.at);
  assert.equal(new Set(times).size, times.length, 'no time twice');
  const again = samples.filter(isFilled).map((sample) => sample.at);
  for (const { at } of filled[0]) assert.equal(again.filter((time) => time === at).length, 1);
  const alerts = (await site.get('/alerts')).items.filter((alert) => alert.miner_id === miners[0].id);
  assert.deepEqual(alerts, []);
});

test('a chart of that time has figures and no gap', async () => {
  const [miner] = (await site.get('/miners')).items;
  const filled = (await samplesOf(miner.name)).filter(isFilled);
  const from = new Date(Date.parse(filled[0].at) - 100).toISOString();
  const to = new Date(Date.parse(filled[3].at) + 100).toISOString();

  const chart = await site.get(`/miners/${miner.id}/history?from=${from}&to=${to}&metrics=hashrate_ghs`);

  assert.deepEqual(chart.gaps, []);
  assert.ok(chart.data.some((column) => column.filter((value) => value > 500).length >= 4));
});
