// A backup is worth what its restore is worth: so one is rehearsed here, with the
// monitor at work while the copy is made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

const DEVICES = ['--count', '3', '--firmware', '2.12,2.6'];
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function folder() {
  const made = await mkdtemp(path.join(tmpdir(), 'bitaxe-backup-'));
  folders.push(made);
  return made;
}

const rows = (file) =>
  execFileSync('sqlite3', ['-readonly', file, 'SELECT * FROM sample ORDER BY seq']).toString();

const command = (site, ...args) =>
  runToEnd('bitaxe-monitor', [...args, '--data-dir', site.dataDir], { env: { HOME: site.dataDir } });

async function busySite() {
  const site = await Site.start({ devices: DEVICES, env: { BENCH_POLL_INTERVAL_MS: '50', BACKUP_KEEP: '0' } });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (h) => h.polls.total > 100 && h.storage.last_commit_at);
  return site;
}

test('a backup made at work brings back the same miners and samples', async () => {
  const site = await busySite();
  const backup = path.join(await folder(), 'stick.db');
  const polls = (await site.get('/health')).polls.total;

  const made = await command(site, 'backup', backup);
  assert.equal(made.code, 0, made.text);
  assert.match(made.text, /3 miners, \d+ samples/);
  await until(() => site.get('/health'), (h) => h.polls.total > polls + 50);
  assert.equal((await site.get('/health')).status, 'ok', 'the monitor did not mind');
  const kept = rows(backup);
  const miners = (await site.get('/miners')).items.map((m) => [m.id, m.name, m.address]);

  const whileRunning = await command(site, 'restore', backup);
  assert.equal(whileRunning.code, 1);
  assert.match(whileRunning.text, /in use by another monitor.*stop that one first/);

  await site.stopMonitor();
  await writeFile(path.join(site.dataDir, 'monitor.db'), 'the disk has eaten it');
  const restored = await command(site, 'restore', backup);
  assert.equal(restored.code, 0, restored.text);
  assert.match(restored.text, /kept as .*monitor\.db\.before-/);
  assert.equal(rows(path.join(site.dataDir, 'monitor.db')), kept);

  await site.startMonitor();
  assert.deepEqual((await site.get('/miners')).items.map((m) => [m.id, m.name, m.address]), miners);
  await until(() => site.get('/health'), (h) => h.polls.total > 20 && h.storage.last_commit_at);
  assert.ok(rows(path.join(site.dataDir, 'monitor.db')).startsWith(kept), 'and goes on behind it');
  await site.stop();
});

test('without a name the backup goes to the data folder, for its owner only', async () => {
  const site = await busySite();
  const made = await command(site, 'backup');
  assert.equal(made.code, 0, made.text);
  const [file, ...others] = await readdir(path.join(site.dataDir, 'backups'));
  assert.deepEqual(others, []);
  assert.match(file, /^monitor-\d{4}-\d\d-\d\d-\d{6}\.db$/);
  const facts = await stat(path.join(site.dataDir, 'backups', file));
  assert.equal(facts.mode & 0o777, 0o600);
  await site.stop();
});

test('what was there is kept, and can be put back', async () => {
  const site = await busySite();
  const early = path.join(await folder(), 'early.db');
  assert.equal((await command(site, 'backup', early)).code, 0);
  const polls = (await site.get('/health')).polls.total;
  await until(() => site.get('/health'), (h) => h.polls.total > polls + 50);
  await site.killMonitor(); // so that part of it still stands in the write-ahead log
  const late = rows(path.join(site.dataDir, 'monitor.db'));

  assert.equal((await command(site, 'restore', early)).code, 0);
  const [old] = (await readdir(site.dataDir)).filter((name) => /\.before-[\d-]+$/.test(name));
  assert.equal(rows(path.join(site.dataDir, old)), late, 'nothing of the old one is lost');
  assert.ok(late.startsWith(rows(early)));
  await site.startMonitor();
  await site.stop();
});

test('verify tells a whole file from a damaged one, and from another one', async () => {
  const site = await busySite();
  const place = await folder();
  const backup = path.join(place, 'good.db');
  assert.equal((await command(site, 'backup', backup)).code, 0);

  const running = await command(site, 'verify');
  assert.equal(running.code, 0, running.text);
  const good = await command(site, 'verify', backup);
  assert.equal(good.code, 0, good.text);
  assert.match(good.text, /is whole.*miners {3}3/s);

  const file = await open(backup, 'r+');
  await file.write(Buffer.alloc(3000, 0x5a), 0, 3000, 3 * 4096); // a page in its middle
  await file.close();
  const bad = await command(site, 'verify', backup);
  assert.equal(bad.code, 1, bad.text);
  assert.match(bad.text, /not good.*damaged/);
  const refused = await command(site, 'restore', backup);
  assert.equal(refused.code, 1, refused.text);

  const text = path.join(place, 'text.db');
  await writeFile(text, 'dear diary, '.repeat(100));
  assert.match((await command(site, 'verify', text)).text, /damaged or no database of ours/);
  const foreign = path.join(place, 'foreign.db');
  execFileSync('sqlite3', [foreign, 'CREATE TABLE recipe (name TEXT)']);
  assert.match((await command(site, 'verify', foreign)).text, /not one of this monitor/);
  assert.match((await command(site, 'verify', path.join(place, 'no.db'))).text, /no such file/);
  await site.stop();
});

test('a backup never overwrites, and says so when it cannot be made', async () => {
  const site = await busySite();
  const place = await folder();
  const backup = path.join(place, 'one.db');
  assert.equal((await command(site, 'backup', backup)).code, 0);

  const again = await command(site, 'backup', backup);
  assert.equal(again.code, 1);
  assert.match(again.text, /file of that name already/);
  const nowhere = await command(site, 'backup', path.join(place, 'no/such/folder.db'));
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.text, /does not exist/);
  assert.deepEqual(await readdir(place), ['one.db'], 'and leaves nothing half made');
  await site.stop();
});

test('a day has its backup without being asked, and the API tells of it', async () => {
  const site = await Site.start({ devices: DEVICES, env: { BENCH_POLL_INTERVAL_MS: '20' } });
  for (let i = 0; i < 3; i++) await site.addMiner(i, `Miner ${i}`);
  const storage = await until(
    () => site.get('/storage'),
    (answer) => answer.backups.length === 1 && answer.bytes_per_sample !== null,
  );
  const [backup] = storage.backups;
  assert.match(backup.name, /^monitor-\d{4}-\d\d-\d\d\.db$/);
  assert.ok(backup.bytes > 10_000 && Date.parse(backup.at) <= Date.now() + 1000);
  assert.equal(storage.kind, 'sqlite');
  assert.ok(storage.free_disk_bytes > 0);
  assert.equal(storage.retention_days, null);
  const year = storage.forecast_bytes_per_miner_year;
  assert.ok(Math.abs(storage.forecast_bytes_per_year / year - 3) < 0.01);
  assert.ok((await site.get('/health')).storage.last_backup_at);
  const good = await command(site, 'verify', path.join(site.dataDir, 'backups', backup.name));
  assert.equal(good.code, 0, good.text);
  await site.stop();
});

test('a backup that cannot be made is told in the health', async () => {
  const dataDir = await folder();
  await writeFile(path.join(dataDir, 'backups'), 'a file where the folder is to be');
  const site = await Site.start({ dataDir });
  const health = await until(() => site.get('/health'), (h) => h.status === 'degraded');
  assert.equal(health.problems[0].part, 'backup');
  assert.match(health.problems[0].problem, /backups/);
  assert.equal(health.storage.storing, true);
  await site.stop();
});
