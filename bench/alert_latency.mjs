// Run by bench/alert-latency.
import { BotApiDouble } from '../tests/support/bot_api_double.mjs';
import { Site } from '../tests/support/programs.mjs';

const ROUNDS = Number(process.argv[2]);
const POLL_S = Number(process.env.POLL_S ?? 2);
const TOKEN = '1:bench';

// How many readings a rule wants by its definition (alert_rulebook.c, alert_settings.c)
// before it tells. The first comes within a poll interval of the fault, each further one
// an interval later; a second is for the answer, the commit and the sending.
const CASES = [
  { name: 'block found', rule: 'block_found', readings: 1, words: /found a BLOCK/, turn: (round) => ({ blocks_found: round + 1 }) },
  { name: 'settings changed', rule: 'settings_changed', readings: 2, fault: ['other_pool'], words: /settings were/ },
  { name: 'chip too hot', rule: 'chip_temp', readings: 2, fault: ['hot', 75], words: /too hot/ },
  { name: 'power fault', rule: 'power_fault', readings: 2, fault: ['power_fault'], words: /power fault/ },
];

/** Waits for the message of this round, and with a fault for the one that it is over. */
async function measure({ fault, turn, words }, round) {
  const before = telegram.sent.length;
  const brokenAt = Date.now();
  if (turn) await site.turn(0, turn(round));
  else await site.break(0, ...fault);
  const later = (message) => telegram.sent.indexOf(message) >= before;
  const raised = await telegram.message((message) => later(message) && words.test(message.text));
  if (fault) {
    await site.mend(0);
    const index = telegram.sent.indexOf(raised);
    await telegram.message((message) => telegram.sent.indexOf(message) > index);
  }
  return (raised.at - brokenAt) / 1000;
}

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
for (const one of CASES) {
  const { status } = await site.call('PATCH', `/rules/${one.rule}`, { hold_s: 0, clear_s: 0 });
  if (status !== 200) throw new Error(`the rule ${one.rule} cannot be tuned`);
  const waits = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Anywhere between two polls, as faults are, and when the chat has had its second of rest.
    const restMs = 1200 + Math.random() * POLL_S * 1000;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    waits.push(await measure(one, round));
  }
  waits.sort((a, b) => a - b);
  const promised = one.readings * POLL_S + 1;
  const middle = waits[Math.floor(waits.length / 2)].toFixed(2);
  const worst = waits.at(-1).toFixed(2);
  const verdict = waits.at(-1) <= promised ? 'kept' : 'BROKEN';
  const wants = `wants ${one.readings} ${one.readings === 1 ? 'reading' : 'readings'}`;
  console.log(
    `${one.name.padEnd(17)} ${wants.padEnd(17)} middle ${middle}  worst ${worst}  promised ${promised}  ${verdict}`,
  );
}
await site.stop();
await telegram.stop();
