// The disk is full, and then it is not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

/** A small file system of its own, or null where this user may not make one. */
async function smallDisk() {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  return folder;
}

const chunksOf = (disk) =>
  Number(execFileSync('sqlite3', ['-readonly', path.join(disk, 'monitor.db'), 'SELECT COUNT(*) FROM chunk']));

/** How many different samples of a miner are kept, in rows and chunks. */
async function samplesOf(disk, name) {
  const { code, text } = await runToEnd('bitaxe-monitor', ['export', name, '--data-dir', disk]);
  assert.equal(code, 0, text);
  return new Set(text.trim().split('\n').slice(1)).size;
}

test('a full disk while history is sealed is told, polling goes on, and nothing is lost', async (t) => {
  const disk = await smallDisk();
  if (disk === null) {
    t.diagnostic('only root can make a small disk: checked by the unit tests alone');
    return;
  }
  const filler = path.join(disk, 'filler');
  const devices = ['--count', '3', '--firmware', '2.12'];
  const env = { BENCH_POLL_INTERVAL_MS: '100', BENCH_SEAL_PERIOD_MS: '2400', BACKUP_KEEP: '0' };
  const site = await Site.start({ devices, dataDir: disk, env });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);

  await until(() => chunksOf(disk), (chunks) => chunks > 3);
  await writeFile(filler, Buffer.alloc(4 << 20)).catch(() => {}); /* until nothing fits any more */
  const degraded = await until(() => site.get('/health'), (health) => health.status === 'degraded');
  const [problem] = degraded.problems;
  assert.match(`${problem.problem} ${problem.advice}`, /disk|space/i);
  const polls = degraded.polls.total;
  await until(() => site.get('/health'), (health) => health.polls.total > polls + 30);
  const miner = await site.get('/miners/1');
  assert.equal(miner.state, 'hashing');
  assert.ok(miner.age_s < 30, 'the page stays live');

  await rm(filler);
  const healed = await until(
    () => site.get('/health'),
    (health) => health.status === 'ok' && health.storage.unsaved_samples < 50,
  );
  assert.equal(healed.storage.lost_samples, 0);
  const chunks = chunksOf(disk);
  await until(() => chunksOf(disk), (now) => now > chunks + 3);
  const asked = (await site.get('/health')).polls.total;
  await site.stop();
  let kept = 0;
  for (let i = 0; i < 3; i++) kept += await samplesOf(disk, `Miner ${i}`);
  assert.ok(kept >= asked, `${asked - kept} of ${asked} samples are lost`);
  execFileSync('umount', [disk]);
  await rm(disk, { recursive: true });
});
