// Alerts from end to end: simulated miners break and are mended, and a double of the
// Bot API is told, once each. One site for all the rules, so that few programs run.
import assert from 'node:assert/strict';
import test from 'node:test';

import { BotApiDouble } from '../support/bot_api_double.mjs';
import { runToEnd, Site, until } from '../support/programs.mjs';

const CHAT = 4242;
const TOKEN = '12345:e2e-secret-token';

async function startBoth(context, devices, env = {}) {
  const telegram = await BotApiDouble.start({ token: TOKEN });
  const site = await Site.start({
    devices,
    env: {
      TELEGRAM_API_BASE: telegram.url,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_ID: String(CHAT),
      ALERT_COOLDOWN_MINUTES: '0',
      ...env,
    },
  });
  context.after(async () => {
    await site.stop();
    await telegram.stop();
  });
  return { telegram, site };
}

const gamma = (count) => ['--count', String(count), '--model', 'gamma', '--speed', '10'];

/** Adds that many miners, and waits until each has been polled by schedule. */
async function addMiners(site, names) {
  const miners = [];
  for (const [device, name] of names.entries()) miners.push(await site.addMiner(device, name));
  for (const miner of miners) await site.untilMiner(miner.id, (it) => it.state === 'hashing');
  return miners;
}

const told = (telegram, words) =>
  telegram.message((message) => words.test(message.text), 120_000).catch((error) => {
    const all = telegram.sent.map((message) => message.text).join('\n---\n');
    throw new Error(`${words} was not told: ${error.message}\n${all}`);
  });

const episodes = async (site, query = '') => (await site.get(`/alerts/episodes${query}`)).items;

// What breaks, and the first words of what is told. Each miner has one trouble.
const RULES = [
  { rule: 'chip_temp', fault: ['hot', 72], raised: 'is too hot: chip', cleared: 'has cooled down' },
  { rule: 'vr_temp', fault: ['vr_hot', 120], raised: 'is too hot: voltage', cleared: 'has cooled' },
  { rule: 'unresponsive', fault: ['refuse'], raised: 'is not answering', cleared: 'is back' },
  { rule: 'not_hashing', fault: ['zero_hashrate'], raised: 'does not mine', cleared: 'mines again' },
  { rule: 'fallback_pool', fault: ['fallback_pool'], raised: 'second pool', cleared: 'first pool' },
  { rule: 'pool_lost', fault: ['pools_unreachable'], raised: 'cannot reach', cleared: 'has a pool' },
  { rule: 'power_fault', fault: ['power_fault'], raised: 'power fault', cleared: 'no power fault' },
  { rule: 'hardware_fault', fault: ['hardware_fault'], raised: 'hardware fault', cleared: 'no hardware' },
  { rule: 'input_voltage', fault: ['low_voltage', 85], raised: 'from the power', cleared: 'is good again' },
  { rule: 'weak_wifi', fault: ['weak_wifi', -88], raised: 'weak Wi-Fi', cleared: 'good Wi-Fi' },
  { rule: 'settings_changed', fault: ['other_pool'], raised: 'settings were changed: pool' },
];

test('each rule is raised and cleared through a real channel', async (context) => {
  const { telegram, site } = await startBoth(context, gamma(RULES.length), {
    TEMP_THRESHOLD_CORE_C: '68',
  });
  for (const { rule, cleared } of RULES) {
    if (!cleared) continue;
    const quick = await site.call('PATCH', `/rules/${rule}`, { hold_s: 0, clear_s: 0 });
    assert.equal(quick.status, 200, JSON.stringify(quick.body));
  }
  const names = RULES.map(({ rule }) => `M-${rule}`);
  const miners = await addMiners(site, names);

  for (const [device, { fault }] of RULES.entries()) await site.break(device, ...fault);
  for (const [device, { raised }] of RULES.entries())
    await told(telegram, new RegExp(`${names[device]}.*${raised}`));
  for (const device of RULES.keys()) await site.mend(device);
  for (const [device, { cleared }] of RULES.entries())
    if (cleared) await told(telegram, new RegExp(`${names[device]}.*${cleared}`, 's'));

  for (const [device, { rule, cleared }] of RULES.entries()) {
    const query = `?miner=${miners[device].id}&rule=${rule}&state=closed`;
    const all = await episodes(site, query);
    assert.equal(all.length, cleared ? 1 : 2, rule); // to be mended is a change of settings, too
    const [episode] = all;
    const detail = await site.get(`/alerts/${episode.id}`);
    const kinds = detail.events.map((event) => event.kind);
    assert.deepEqual(kinds, cleared ? ['raised', 'cleared'] : ['happened'], rule);
    await until(
      () => site.get(`/alerts/${episode.id}`),
      (one) => one.deliveries.every((delivery) => delivery.delivered_at),
    );
    assert.equal(detail.deliveries.length, kinds.length, rule);
  }
});

test('miners that go together are one message, and so is their return', async (context) => {
  const { telegram, site } = await startBoth(context, gamma(4));
  await addMiners(site, ['Attic', 'Cellar', 'Garage', 'Office']);

  for (let device = 0; device < 4; device++) await site.break(device, 'refuse');
  const gone = await told(telegram, /4 of 4 miners cannot be reached/);
  for (let device = 0; device < 4; device++) await site.mend(device);
  await told(telegram, /4 miners are back/);

  assert.match(gone.text, /Attic/);
  assert.match(gone.text, /Probable cause: /);
  assert.equal(telegram.sent.length, 2, telegram.sent.map((one) => one.text).join('\n---\n'));
});

test('a fire drill reaches the chat, from the page and from the command line', async (context) => {
  const { telegram, site } = await startBoth(context, null);

  const started = await site.call('POST', '/drill');
  assert.equal(started.status, 202);
  const hot = await told(telegram, /^Drill: Practice miner is too hot/);
  const cool = await told(telegram, /^Drill: Practice miner has cooled down/);
  await until(() => site.get('/drill'), (drill) => !drill.running);
  const port = new URL(site.url).port;
  const asked = await runToEnd('bitaxe-monitor', ['drill', '--listen', `127.0.0.1:${port}`]);

  assert.equal(asked.code, 0, asked.text);
  assert.match(asked.text, /drill/i);
  assert.ok(cool.at > hot.at);
  assert.equal((await site.get('/fleet')).miners, 0);
  await until(() => telegram.sent.length, (count) => count >= 3);
});

test('whoever presses "I know" is named, and the rule can be changed meanwhile', async (context) => {
  const { telegram, site } = await startBoth(context, gamma(1), { TEMP_THRESHOLD_CORE_C: '68' });
  const [miner] = await addMiners(site, ['Garage']);
  await site.break(0, 'hot', 72);
  await told(telegram, /Garage is too hot/);
  const [open] = await episodes(site, '?state=open');

  const answer = await site.call('POST', `/alerts/${open.id}/acknowledge`, { by: 'Ann' });
  await told(telegram, /Ann knows about it/);
  await site.call('PATCH', `/miners/${miner.id}/rules/chip_temp`, { limit: 90 });
  await told(telegram, /closed: the rule was changed/);

  assert.equal(answer.body.acknowledged_by, 'Ann');
  assert.deepEqual(await episodes(site, '?state=open'), []);
  const [closed] = await episodes(site, `?miner=${miner.id}&rule=chip_temp`);
  assert.equal(closed.state, 'rule_changed');
});

// How often the monitor is killed between the transition and its message.
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3);

test('a crash between commit and sending costs no alert, and doubles one at most', async (context) => {
  const { telegram, site } = await startBoth(context, gamma(1), { TEMP_THRESHOLD_CORE_C: '68' });
  await addMiners(site, ['Garage']);

  for (let round = 1; round <= ROUNDS; round++) {
    const before = telegram.sent.length;
    const hot = round % 2 === 1;
    if (hot) await site.break(0, 'hot', 72);
    else await site.mend(0);
    const words = hot ? /Garage is too hot/ : /Garage has cooled down/;
    await until(
      () => episodes(site, '?rule=chip_temp'),
      ([newest]) => newest && (newest.state === 'open') === hot,
    );
    await site.killMonitor();
    await site.startMonitor();
    await until(
      () => telegram.sent.slice(before).filter(({ text }) => words.test(text)).length,
      (count) => count >= 1,
    );
    const doubled = telegram.sent.slice(before).filter(({ text }) => words.test(text)).length;
    assert.ok(doubled <= 2, `${doubled} times`);
  }
});
