// Waiting for a condition, with a deadline: no test here sleeps for a guessed time.
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 30_000;
const BETWEEN_MS = 50;

/** The first truthy thing that `look` gives; an error that says `what` after the deadline. */
export async function eventually(what, look, deadline_ms = DEADLINE_MS) {
  const end = Date.now() + deadline_ms;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`, { cause: last });
    await pause(BETWEEN_MS);
  }
}
