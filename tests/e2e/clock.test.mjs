// The clock of the computer is set while the monitor runs: a Raspberry Pi has no clock
// of its own, and a person may mistype the date.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { canFakeClock, DAY_MS, fakeClock, HOUR_MS } from '../support/fake_clock.mjs';
import { runToEnd, Site, until } from '../support/programs.mjs';

/** Everything that is kept of a miner, whenever the clock said it was. */
async function keptOf(site, name) {
  const args = ['export', name, '--format', 'jsonl', '--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z', '--data-dir', site.dataDir];
  const { code, text } = await runToEnd('bitaxe-monitor', args, { env: { HOME: site.dataDir } });
  assert.equal(code, 0, text);
  assert.notEqual(text, '', 'nothing is kept');
  return text.trim().split('\n').map((line) => JSON.parse(line));
}

test('a clock set back an hour and forward a day loses, doubles and invents nothing', async (t) => {
  if (!canFakeClock) {
    t.diagnostic('libfaketime is not installed: checked by the unit tests alone');
    return;
  }
  const clock = await fakeClock();
  t.after(clock.remove);
  const env = { BENCH_POLL_INTERVAL_MS: '100', BENCH_SEAL_PERIOD_MS: '2400', BACKUP_KEEP: '0', ...clock.env };
  const site = await Site.start({ devices: ['--count', '1', '--firmware', '2.12'], env });
  const miner = await site.addMiner(0, 'Garage');
  const start = Date.now();
  const pollOn = async () => {
    const before = (await site.get('/health')).polls.total;
    return until(() => site.get('/health'), (health) => health.polls.total > before + 40);
  };

  await pollOn();
  await clock.set(-HOUR_MS);
  await pollOn();
  await clock.set(DAY_MS);
  await pollOn();
  await clock.set(0);
  const health = await pollOn();

  assert.equal(health.status, 'ok');
  assert.equal((await site.get(`/miners/${miner.id}`)).state, 'hashing');
  const polls = (await site.get('/health')).polls.total;
  await site.stopMonitor();
  const kept = await keptOf(site, 'Garage');
  assert.ok(kept.length >= polls, `${polls - kept.length} of ${polls} samples are lost`);
  assert.equal(new Set(kept.map((sample) => sample.at)).size, kept.length, 'samples are doubled');
  assert.equal(kept.filter((sample) => sample.rebooted).length, 0, 'a restart was invented');
  const near = (ms) => kept.filter((sample) => Math.abs(Date.parse(sample.at) - ms) < HOUR_MS / 4).length;
  assert.ok(near(start - HOUR_MS) > 30, 'the hour before has its samples');
  assert.ok(near(start + DAY_MS) > 30, 'the day after has its samples');
  assert.ok(near(start) > 60, 'before and after it was set, the clock was right');
  await site.startMonitor();
  await site.stop();
});
