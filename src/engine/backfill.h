/* Filling what we missed from what the device remembers. Pure.
 *
 * When a miner answers after a silence of more than two polls (the monitor was off, or
 * could not reach it), the poller asks once for its past; the rows that lie in the gap
 * become samples at the schedule's ticks, marked SAMPLE_BACKFILLED. They go into the
 * history and nowhere else: they raise no alert and are no news. */
#ifndef ENGINE_BACKFILL_H
#define ENGINE_BACKFILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "miner/miner_driver.h"

/* Between two answers, neither included; wall time. to_ms 0: there is none. */
struct backfill_gap {
  int64_t from_ms, to_ms;
};

/* Takes the time between two answers as the gap when it is more than two polls long;
 * otherwise the gap stays what it was. from_ms 0: it was never seen before. */
void backfill_note(struct backfill_gap *gap, int64_t from_ms, int64_t to_ms, int64_t interval_ms);

struct backfill_frame {
  struct backfill_gap gap;
  int64_t answered_ms;           /* wall time at which the past was told */
  int64_t boot_ms;               /* of the device's last start; 0 unknown */
  int64_t interval_ms, phase_ms; /* of the schedule: ticks lie at phase + n x interval */
  double expected_ghs;           /* NaN unknown */
};

/* Gives the rows their times and drops those outside the gap, before the device's
 * start, or at a tick that has one already. Temperatures of the first minute after a
 * start and spikes of the hashrate become unknown, as in miner_judge. */
void backfill_place(const struct backfill_frame *frame, struct miner_past *past);

#endif
