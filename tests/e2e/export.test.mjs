// What the monitor recorded comes out of it as text, from the page's API and from the
// command, and both say the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { runToEnd, Site, until } from '../support/programs.mjs';

let site;
before(async () => {
  site = await Site.start({
    devices: ['--count', '2', '--firmware', '2.12,2.6'],
    env: { BENCH_POLL_INTERVAL_MS: '50' },
  });
  for (let i = 0; i < 2; i++) await site.addMiner(i, `Miner ${i}`);
  await until(() => site.get('/health'), (h) => h.polls.total > 200 && h.storage.last_commit_at);
});
after(() => site?.stop());

const run = (...args) =>
  runToEnd('bitaxe-monitor', ['export', ...args, '--data-dir', site.dataDir], {
    env: { HOME: site.dataDir },
  });

test('the command writes what the API sends, while the monitor runs', async () => {
  const to = new Date();
  await until(
    () => site.get('/health'),
    (h) => Date.parse(h.storage.last_commit_at) > to.getTime() + 2500,
  );
  const miner = (await site.get('/miners')).items[1];
  for (const format of ['csv', 'jsonl']) {
    const query = `to=${to.toISOString()}&format=${format}`;
    const sent = await (await fetch(`${site.api}/miners/${miner.id}/export?${query}`)).text();
    assert.ok(sent.split('\n').length > 20);
    const written = await run(miner.name, '--to', to.toISOString(), `--format=${format}`);
    assert.equal(written.code, 0, written.text);
    assert.equal(written.text, sent);
  }
});

test('everything comes out however far away the end is said to be', async () => {
  const all = await run('Miner 0', '--to', '2100-01-01T00:00:00Z');
  assert.equal(all.code, 0, all.text);
  assert.ok(all.text.split('\n').length > 20);
});

test('a miner that is not there and a time that is none are refused in words', async () => {
  const refusals = [
    [['Nobody'], /no miner named 'Nobody'/],
    [[], /there are 2 miners: say which one/],
    [['1', '--from', 'yesterday'], /must be a time like/],
    [['1', '--format', 'xlsx'], /must be csv or jsonl/],
  ];
  for (const [args, words] of refusals) {
    const refused = await run(...args);
    assert.equal(refused.code, 1, refused.text);
    assert.match(refused.text, words);
  }
});
