// The search for miners, with simulated ones that have an address each.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Site, until } from '../support/programs.mjs';

const untilEnded = (site) => until(() => site.get('/scan'), (scan) => scan.ended_at !== null);

/** Devices from 127.x.0.1 on, and what a search must be told to find them. */
async function startSite(octet, count) {
  const devices = ['--count', String(count), '--addresses', `127.${octet}.0.1`];
  const site = await Site.start({ devices });
  const port = Number(new URL(site.addresses[0]).port);
  return { site, where: { network: `127.${octet}.0.0/24`, port } };
}

test('what is found waits until it is added, and is known again then', async () => {
  const { site, where } = await startSite(71, 3);

  const begun = await site.call('POST', '/scan', where);
  const first = await untilEnded(site);
  const watchedBefore = await site.get('/miners');
  await site.addMiner(0, 'Garage');
  await site.call('POST', '/scan', where);
  const second = await untilEnded(site);

  assert.equal(begun.status, 202);
  assert.equal(first.state, 'done');
  assert.equal(first.asked, 254);
  assert.deepEqual(
    first.found.map((found) => found.address).sort(),
    [...site.addresses].sort(),
  );
  assert.ok(first.found.every((found) => found.miner_id === null && found.model && found.mac));
  assert.equal(watchedBefore.items.length, 0, 'nothing is added by itself');
  const known = second.found.filter((found) => found.miner_id !== null);
  assert.equal(second.found.length, 3);
  assert.deepEqual(known.map((found) => found.address), [site.addresses[0]]);
  await site.stop();
});

test('devices that refuse, hang or talk nonsense are passed over', async () => {
  const { site, where } = await startSite(72, 4);
  await site.break(0, 'hang');
  await site.break(1, 'html');

  await site.call('POST', '/scan', where);
  const scan = await untilEnded(site);

  assert.equal(scan.state, 'done');
  assert.deepEqual(
    scan.found.map((found) => found.address).sort(),
    site.addresses.slice(2).sort(),
  );
  await site.stop();
});

test('a search is cancelled, and the monitor may stop in the middle of one', async () => {
  const { site, where } = await startSite(73, 40);
  for (let device = 0; device < 40; device++) await site.break(device, 'hang');

  await site.call('POST', '/scan', where);
  const twice = await site.call('POST', '/scan', where);
  const cancelled = await site.call('DELETE', '/scan');
  const scan = await untilEnded(site);
  await site.call('POST', '/scan', where);

  assert.equal(twice.status, 409);
  assert.match(twice.body.detail, /under way/);
  assert.equal(cancelled.status, 204);
  assert.equal(scan.state, 'cancelled');
  assert.ok(scan.asked < scan.total);
  await site.stop();
});
