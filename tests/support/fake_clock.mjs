// A wall clock for the monitor alone, by Debian's libfaketime; waits and ages keep the real time.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const library = ['x86_64', 'aarch64', 'arm', 'i386']
  .flatMap((kind) => ['', 'eabihf'].map((end) => `/usr/lib/${kind}-linux-gnu${end}/faketime/libfaketimeMT.so.1`))
  .find((file) => existsSync(file));

/** Whether libfaketime is installed. */
export const canFakeClock = library !== undefined;

/** `env` is for the program, `set` puts its clock so far before or behind the real one. */
export async function fakeClock(offsetMs = 0) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-clock-'));
  const file = path.join(folder, 'time');
  const set = (ms) => writeFile(file, `${ms < 0 ? '' : '+'}${Math.round(ms / 1000)}`);
  await set(offsetMs);
  return {
    set,
    remove: () => rm(folder, { recursive: true }),
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      ASAN_OPTIONS: 'verify_asan_link_order=0:detect_leaks=0',
    },
  };
}
