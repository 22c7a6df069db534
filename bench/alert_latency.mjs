// Run by bench/alert-latency.
import { BotApiDouble } from '../tests/support/bot_api_double.mjs';
import { Site } from '../tests/support/programs.mjs';

const ROUNDS = Number(process.argv[2]);
const POLL_S = Number(process.env.POLL_S ?? 2);
const TOKEN = '1:bench';

/** `intervals`: so many polls the rule wants to see it in before it believes it. */
const CASES = [
  { name: 'settings, two readings', rule: 'settings_changed', fault: ['other_pool'], words: /settings were/, intervals: 2 },
  { name: 'hot, two readings wanted', rule: 'chip_temp', fault: ['hot', 75], words: /too hot/, intervals: 2 },
  { name: 'power fault, two readings', rule: 'power_fault', fault: ['power_fault'], words: /power fault/, intervals: 2 },
];

const telegram = await BotApiDouble.start({ token: TOKEN });
const site = await Site.start({
  devices: ['--count', '1', '--model', 'gamma', '--speed', '10'],
  env: {
    TELEGRAM_API_BASE: telegram.url,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_CHAT_ID: '42',
    POLL_INTERVAL_SECONDS: String(POLL_S),
    ALERT_COOLDOWN_MINUTES: '0',
    TEMP_THRESHOLD_CORE_C: '68',
  },
});
const miner = await site.addMiner(0, 'Garage');
await site.untilMiner(miner.id, (one) => one.state === 'hashing');

console.log(`poll interval ${POLL_S} s, ${ROUNDS} rounds; seconds from the fault to the message`);
for (const { name, rule, fault, words, intervals } of CASES) {
  await site.call('PATCH', `/rules/${rule}`, { hold_s: 0, clear_s: 0 });
  const waits = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = telegram.sent.length;
    // Anywhere between two polls, as faults are, and when the chat has had its second of rest.
    const restMs = 1200 + Math.random() * POLL_S * 1000;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const brokenAt = Date.now();
    await site.break(0, ...fault);
    const later = (message) => telegram.sent.indexOf(message) >= before;
    const raised = await telegram.message((message) => later(message) && words.test(message.text));
    waits.push((raised.at - brokenAt) / 1000);
    await site.mend(0);
    const raisedIndex = telegram.sent.indexOf(raised);
    await telegram.message((message) => telegram.sent.indexOf(message) > raisedIndex);
  }
  waits.sort((a, b) => a - b);
  const promised = intervals * POLL_S + 1;
  const middle = waits[Math.floor(waits.length / 2)].toFixed(2);
  const worst = waits.at(-1).toFixed(2);
  const verdict = waits.at(-1) <= promised ? 'kept' : 'BROKEN';
  console.log(`${name.padEnd(28)} middle ${middle}  worst ${worst}  promised ${promised}  ${verdict}`);
}
await site.stop();
await telegram.stop();
