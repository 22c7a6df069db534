// Every way in which a device misbehaves has its own words, and none harms the monitor.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Site } from '../support/programs.mjs';

const UNREACHABLE = [
  ['gone', 'offline', 'host_gone'],
  ['refuse', 'unresponsive', 'refused'],
  ['hang', 'unresponsive', 'no_answer'],
  ['web_dead', 'unresponsive', 'no_answer'],
  ['slow', 'unresponsive', 'no_answer'],
  ['reset', 'unresponsive', 'reset'],
  ['truncated', 'unresponsive', 'truncated'],
  ['garbage', 'unresponsive', 'not_json'],
  ['not_http', 'unresponsive', 'not_json'],
  ['huge', 'unresponsive', 'too_large'],
  ['html', 'unresponsive', 'html'],
  ['not_a_miner', 'unresponsive', 'not_a_miner'],
  ['http_401', 'unresponsive', 'unauthorized'],
  ['http_302', 'unresponsive', 'redirected'],
  ['http_500', 'unresponsive', 'http_error'],
];
const TROUBLED = [
  ['2.15', 'paused', 'paused', 'paused_by_user'],
  ['2.15', 'power_fault', 'fault', 'power_fault'],
  ['2.15', 'pools_unreachable', 'not_hashing', 'pools_unreachable'],
  ['2.12', 'zero_hashrate', 'not_hashing', null],
  ['2.6', 'overheat', 'overheated', 'overheat_slow'],
];

describe('a device that cannot be read', () => {
  let site;
  const miners = [];
  before(async () => {
    const devices = ['--count', String(UNREACHABLE.length), '--firmware', '2.12'];
    site = await Site.start({ devices });
    for (const [i, [fault]] of UNREACHABLE.entries()) miners.push(await site.addMiner(i, fault));
    for (const [i, [fault]] of UNREACHABLE.entries()) await site.break(i, fault);
  });
  after(() => site.stop());

  for (const [i, [fault, state, reason]] of UNREACHABLE.entries()) {
    test(`${fault}: ${state}, because ${reason}`, async () => {
      const miner = await site.untilMiner(miners[i].id, (m) => m.state !== 'hashing' && m.state !== 'starting');

      assert.equal(miner.state, state);
      assert.equal(miner.reason_code, reason);
      assert.ok(miner.reason.length > 10, 'the reason is told in words');
      assert.ok(miner.advice.length > 10, 'so is what to do');
      assert.equal(miner.sample.hashrate_ghs, null, 'old values are not shown as present');
    });
  }

  test('all of them come back by themselves', async () => {
    for (const i of UNREACHABLE.keys()) await site.mend(i);
    for (const miner of miners) {
      await site.untilMiner(miner.id, (m) => m.state === 'hashing' && m.sample.hashrate_ghs > 0);
    }
  });
});

describe('a device in trouble', () => {
  for (const [firmware, fault, state, reason] of TROUBLED) {
    test(`${fault} on ${firmware}: ${state}`, async () => {
      const site = await Site.start({ devices: ['--count', '1', '--firmware', firmware, '--speed', '10'] });
      const { id } = await site.addMiner(0, 'Garage');
      await site.break(0, fault);

      const miner = await site.untilMiner(id, (m) => m.state === state);

      if (reason) assert.equal(miner.reason_code, reason);
      assert.ok(miner.text.startsWith('Garage '));
      await site.stop();
    });
  }
});

test('two devices that swap addresses are told apart by their MACs', async () => {
  const site = await Site.start({ devices: ['--count', '2', '--firmware', '2.12'] });
  const garage = await site.addMiner(0, 'Garage');
  const kitchen = await site.addMiner(1, 'Kitchen');
  const response = await fetch(`${site.sim.value}/devices/0/fault`, {
    method: 'POST',
    body: JSON.stringify({ fault: 'swap', with: 1 }),
  });
  assert.ok(response.ok, await response.text());

  await site.untilMiner(garage.id, (m) => m.address === kitchen.address);
  const moved = await site.untilMiner(kitchen.id, (m) => m.address === garage.address);

  assert.equal(moved.mac, kitchen.mac);
  await site.stop();
});

test('a reboot of the device is a restart, not an outage', async () => {
  const site = await Site.start({ devices: ['--count', '1', '--firmware', '2.12', '--speed', '10'] });
  const { id } = await site.addMiner(0, 'Garage');
  const before = await site.get(`/miners/${id}`);
  await site.break(0, 'reboot');

  await site.untilMiner(id, (m) => m.sample.uptime_s !== null && m.sample.uptime_s < before.sample.uptime_s);

  const after = await site.untilMiner(id, (m) => m.state === 'hashing');
  assert.equal(after.mac, before.mac);
  await site.stop();
});

test('polling is polite: one request at a time, none because of readers', async () => {
  const site = await Site.start({ devices: ['--count', '1', '--firmware', '2.12'] });
  const { id } = await site.addMiner(0, 'Garage');
  const counted = async () => (await (await fetch(`${site.sim.value}/requests`)).json()).requests;
  const asked = await counted();

  for (let i = 0; i < 200; i++) await site.get(`/miners/${id}`);

  const polls = (await site.get('/health')).polls.total;
  assert.ok((await counted()) <= Math.max(asked, polls) + 2);
  await site.stop();
});
