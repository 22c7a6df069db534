// Starting and ending: what a person sees when it works, and when it does not.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

test('the demo brings three miners and takes them away again', async () => {
  const site = await Site.start({ args: ['--demo'] });

  const shown = await until(() => site.get('/miners'), (list) => list.items.length === 3);
  assert.ok(shown.items.every((miner) => miner.demo));
  await until(() => site.get('/summary'), (summary) => summary.mood === 'fine');
  const ended = await site.call('DELETE', '/demo');
  assert.ok(ended.status < 300, JSON.stringify(ended));
  assert.equal((await site.get('/miners')).items.length, 0);
  const begun = await site.call('POST', '/demo');
  assert.ok(begun.status < 300, JSON.stringify(begun));
  const again = await site.get('/miners');
  assert.deepEqual(
    again.items.map((miner) => miner.id),
    shown.items.map((miner) => miner.id),
    'they keep their numbers, and with them their history',
  );
  await site.stop();
});

test('without --demo the simulated miners of an earlier run are not shown', async () => {
  const site = await Site.start({ args: ['--demo'] });
  await until(() => site.get('/miners'), (list) => list.items.length === 3);
  await site.stopMonitor();
  site.args = [];

  await site.startMonitor();

  await until(() => site.get('/miners'), (list) => list.items.length === 0);
  assert.equal((await site.get('/summary')).mood, 'empty');
  await site.stop();
});

test('the miner that the environment names is watched once', async () => {
  const site = await Site.start({ devices: ['--count', '1'] });
  await site.stopMonitor();
  await site.startMonitor({ BITAXE_BASE_URL: site.addresses[0] });
  const [miner] = (await until(() => site.get('/miners'), (list) => list.items.length === 1)).items;
  assert.equal((await site.call('DELETE', `/miners/${miner.id}`)).status, 204);
  await until(() => site.get('/health'), (health) => health.storage.unsaved_samples === 0);
  await site.stopMonitor();

  await site.startMonitor({ BITAXE_BASE_URL: site.addresses[0] });

  await until(() => site.get('/health'), (health) => health.uptime_s >= 1);
  assert.equal((await site.get('/miners')).items.length, 0, 'removing it is not undone');
  await site.stop();
});

test('a .env file in the working directory is read', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-env-'));
  await writeFile(path.join(folder, '.env'), 'TEMP_THRESHOLD_CORE_C=61.5\nALERT_COOLDOWN_MINUTES=7\n');
  const site = await Site.start({ cwd: folder });

  const thresholds = await site.get('/telemetry/thresholds');

  assert.equal(thresholds.temp_threshold_core_c, 61.5);
  assert.equal(thresholds.alert_cooldown_minutes, 7);
  await site.stop();
  await rm(folder, { recursive: true });
});

test('a port that is taken is named, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address();
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-port-'));

  const { code, text } = await runToEnd('bitaxe-monitor', ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', folder]);

  assert.equal(code, 1);
  assert.match(text, new RegExp(`port ${port} is already used`));
  assert.match(text, /--listen/);
  taken.close();
  await rm(folder, { recursive: true });
});

test('a second monitor on the same data is refused and harms nothing', async () => {
  const site = await Site.start();

  const { code, text } = await runToEnd('bitaxe-monitor', ['serve', '--listen', '127.0.0.1:0', '--data-dir', site.dataDir]);

  assert.equal(code, 1);
  assert.match(text, /monitor\.db/);
  assert.equal((await site.get('/health')).status, 'ok');
  await site.stop();
});

test('a data folder that cannot be made is named', async () => {
  const { code, text } = await runToEnd('bitaxe-monitor', ['serve', '--data-dir', '/proc/nowhere/data']);

  assert.equal(code, 1);
  assert.match(text, /\/proc\/nowhere/);
  assert.match(text, /--data-dir/);
});

test('wrong flags and commands end with code 2 and say what is right', async () => {
  const flag = await runToEnd('bitaxe-monitor', ['serve', '--colour', 'red']);
  assert.equal(flag.code, 2);
  assert.match(flag.text, /no flag --colour/);
  const command = await runToEnd('bitaxe-monitor', ['dance']);
  assert.equal(command.code, 2);
  assert.match(command.text, /no command 'dance'/);
  const help = await runToEnd('bitaxe-monitor', ['--help']);
  assert.equal(help.code, 0);
  assert.match(help.text, /--data-dir/);
});

test('check says what is wrong with a set-up', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bitaxe-check-'));
  const good = await runToEnd('bitaxe-monitor', ['check', '--listen', '127.0.0.1:0', '--data-dir', folder]);
  assert.equal(good.code, 0, good.text);
  await writeFile(path.join(folder, 'monitor.db'), 'this is no database, but long enough to look at');

  const env = { BITAXE_BASE_URL: 'gopher://192.168.1.50' };
  const bad = await runToEnd('bitaxe-monitor', ['check', '--listen', '127.0.0.1:0', '--data-dir', folder], { env });

  assert.equal(bad.code, 1);
  assert.match(bad.text, /WRONG database/);
  assert.match(bad.text, /WRONG BITAXE_BASE_URL: .* write just the miner's address/);
  await rm(folder, { recursive: true });
});

test('a name that leads to us from the internet is refused, unless it is trusted', async () => {
  const statusAs = (site, host) =>
    new Promise((resolve, reject) => {
      const options = { headers: { Host: host } };
      http.get(`${site.api}/miners`, options, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    });
  const site = await Site.start({ env: { TRUSTED_HOSTS: 'miners.example.org' } });

  assert.equal(await statusAs(site, 'evil.example:8000'), 403);
  assert.equal(await statusAs(site, 'miners.example.org'), 200);
  assert.equal(await statusAs(site, 'raspberrypi.local:8000'), 200);
  await site.stop();
});

test('the demo can be ended and begun at once, again and again', async () => {
  const site = await Site.start({ args: ['--demo'] });
  await until(() => site.get('/miners'), (list) => list.items.length === 3);

  for (let round = 0; round < 3; round++) {
    assert.equal((await site.call('DELETE', '/demo')).status, 204);
    const begun = await site.call('POST', '/demo');
    assert.ok(begun.status < 300, JSON.stringify(begun));
    assert.equal((await site.get('/miners')).items.length, 3);
  }
  await site.stop();
});
