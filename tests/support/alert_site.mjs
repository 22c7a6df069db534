// A monitor, simulated miners, and a double of the Bot API that is told what they do.
//
//   const { telegram, site } = await startTold(context, gamma(2));
//   await addMiners(site, ['Attic', 'Cellar']);
//   await site.break(0, 'hot', 72);
//   await told(telegram, /Attic is too hot/);
import { BotApiDouble } from './bot_api_double.mjs';
import { Site } from './programs.mjs';

const CHAT = 4242;
const TOKEN = '12345:e2e-secret-token';

/** Both are ended after the test. */
export async function startTold(context, devices, env = {}) {
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

/** What to start the simulator with, for so many devices of one board. */
export const gamma = (count) => ['--count', String(count), '--model', 'gamma', '--speed', '10'];

/** Adds that many miners, and waits until each has been polled by schedule. */
export async function addMiners(site, names) {
  const miners = [];
  for (const [device, name] of names.entries()) miners.push(await site.addMiner(device, name));
  for (const miner of miners) await site.untilMiner(miner.id, (it) => it.state === 'hashing');
  return miners;
}

/** Waits until the chat has been told so; generous, because it only ends a test that hangs. */
export const told = (telegram, words) =>
  telegram.message((message) => words.test(message.text), 240_000).catch((error) => {
    const all = telegram.sent.map((message) => message.text).join('\n---\n');
    throw new Error(`${words} was not told: ${error.message}\n${all}`);
  });

export const episodes = async (site, query = '') => (await site.get(`/alerts/episodes${query}`)).items;

/** Takes a rule's patience away, for all miners. */
export async function makeQuick(site, rule, more = {}) {
  const { status, body } = await site.call('PATCH', `/rules/${rule}`, { hold_s: 0, clear_s: 0, ...more });
  if (status !== 200) throw new Error(JSON.stringify(body));
}
