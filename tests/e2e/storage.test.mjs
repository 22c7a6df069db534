// The disk is full, and then it is not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { Site, until } from '../support/programs.mjs';

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

test('a full disk is told, polling goes on, and writing resumes', async (t) => {
  const disk = await smallDisk();
  if (disk === null) {
    t.diagnostic('only root can make a small disk: checked by the unit tests alone');
    return;
  }
  const filler = path.join(disk, 'filler');
  const devices = ['--count', '3', '--firmware', '2.12'];
  const site = await Site.start({ devices, dataDir: disk, env: { BENCH_POLL_INTERVAL_MS: '100', BACKUP_KEEP: '0' } });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);

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
  const stored = execFileSync('sqlite3', ['-readonly', path.join(disk, 'monitor.db'), 'SELECT count(*) FROM sample']);
  assert.ok(Number(stored) > polls, 'what waited was written');
  await site.stop();
  execFileSync('umount', [disk]);
  await rm(disk, { recursive: true });
});
