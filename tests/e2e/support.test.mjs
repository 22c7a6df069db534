// The support file: enough to help with, and nothing that must stay at home.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Site } from '../support/programs.mjs';

const SECRETS = {
  TELEGRAM_BOT_TOKEN: '123456789:AAEhBOweik6ad9r-very-secret-token',
  TELEGRAM_CHAT_ID: '4711081500',
  TELEGRAM_WEBHOOK_SECRET: 'a-webhook-secret-of-mine',
};

test('no secret, name, wallet or whole address is in the support file', async () => {
  const env = { ...SECRETS, TELEGRAM_API_BASE: 'http://127.0.0.1:9' };
  const site = await Site.start({ devices: ['--count', '1', '--addresses', '127.75.8.9'], env });
  const miner = await site.addMiner(0, 'Grandmothers kitchen');
  await site.untilMiner(miner.id, (m) => m.state === 'hashing');
  const device = await (await fetch(`${site.addresses[0]}/api/system/info`)).json();
  await site.call('PATCH', '/settings', { site_name: 'Rose Lane 7' });
  const settings = { target: 'my-topic', server: 'http://127.0.0.1:9', token: 'tk_ntfy_secret' };
  await site.call('POST', '/channels', { kind: 'ntfy', settings });
  await site.call('PATCH', '/settings', { payout_addresses: [device.stratumUser.split('.')[0]] });

  const file = await site.get('/support');
  const text = JSON.stringify(file).toLowerCase();

  const hidden = [
    ...Object.values(SECRETS),
    ...Object.values(settings),
    'Grandmothers kitchen',
    'Rose Lane 7',
    device.stratumUser.split('.')[0],
    '127.75.8.9',
    device.macAddr,
    device.stratumUser,
    device.ssid,
  ];
  for (const secret of hidden) {
    assert.ok(secret, 'the test knows what to look for');
    assert.ok(!text.includes(secret.toLowerCase()), secret);
  }
  assert.equal(file.miners[0].model, miner.model);
  assert.equal(file.miners[0].state, 'hashing');
  assert.equal(file.miners[0].address.split('//')[1].split('.')[0], '127');
  assert.equal(file.configuration.telegram_in_environment, true);
  assert.deepEqual(file.channels.map(({ kind }) => kind).sort(), ['ntfy', 'telegram']);
  assert.equal(file.storage.kind, 'sqlite');
  assert.ok(file.storage.bytes > 0);
  assert.ok(file.log.some((line) => / info {2}engine: watching '\(hidden\)' at http:\/\/127\.x\.x\.x/.test(line)));
  await site.stop();
});
