// The clock of the computer is set while the monitor runs: a Raspberry Pi has no clock
// of its own, and a person may mistype the date.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

const LIBRARY = ['x86_64', 'aarch64', 'arm', 'i386']
  .flatMap((kind) => ['', 'eabihf'].map((end) => `/usr/lib/${kind}-linux-gnu${end}/faketime/libfaketimeMT.so.1`))
  .find((file) => existsSync(file));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A wall clock that can be set; waits and ages keep the real time. */
async function makeClock() {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-clock-'));
  const file = path.join(folder, 'time');
  await writeFile(file, '+0');
  return {
    set: (offsetMs) => writeFile(file, `${offsetMs < 0 ? '' : '+'}${offsetMs / 1000}`),
    remove: () => rm(folder, { recursive: true }),
    env: {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      ASAN_OPTIONS: 'verify_asan_link_order=0:detect_leaks=0',
    },
  };
}

/** Everything that is kept of a miner, whenever the clock said it was. */
async function keptOf(site, name) {
  const args = ['export', name, '--format', 'jsonl', '--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z', '--data-dir', site.dataDir];
  const { code, text } = await runToEnd('bitaxe-monitor', args, { env: { HOME: site.dataDir } });
  assert.equal(code, 0, text);
  assert.notEqual(text, '', 'nothing is kept');
  return text.trim().split('\n').map((line) => JSON.parse(line));
}

test('a clock set back an hour and forward a day loses, doubles and invents nothing', async (t) => {
  if (!LIBRARY) {
    t.diagnostic('libfaketime is not installed: checked by the unit tests alone');
    return;
  }
  const clock = await makeClock();
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
