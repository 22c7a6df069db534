/* Decides what a miner is doing from what came before: three missed polls make
 * it offline, a frozen hashrate with no shares, no heat and no power is no
 * hashing, the first minutes after a boot are warm-up. Pure: time is in the
 * sample, the memory is the caller's. */
#ifndef MINER_MINER_JUDGE_H
#define MINER_MINER_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "miner/miner_driver.h"
#include "model/sample.h"

enum { MINER_JUDGE_MISSES = 3, MINER_JUDGE_MEDIAN = 3 };

struct miner_memory {
  enum miner_state state; /* the state that is shown */
  enum reason reason;
  int64_t seen_ms; /* wall time of the last good answer; 0 never */
  int64_t state_since_ms;
  int misses;              /* failed polls in a row */
  int64_t boot_ms;         /* wall time of the device's last start, from its uptime; 0 unknown */
  double shares_seen;      /* accepted shares at the last progress */
  int64_t shares_since_ms; /* when they last moved */
  double frozen_hashrate;  /* last bit-identical hashrate */
  int frozen_polls;        /* how many polls in a row it was the same */
  double recent_ghs[MINER_JUDGE_MEDIAN]; /* for the spike filter; NaN unused */
};

void miner_memory_init(struct miner_memory *memory);

/* A good answer: refines `sample` in place (state, reason, flags; temperatures
 * in the first 60 s after a boot and hashrates above three times the expected
 * become unknown) and moves the memory on. */
void miner_judge_answer(struct miner_memory *memory, const struct miner_facts *facts,
                        struct sample *sample);

/* A failed poll. The sample gets STATE_UNKNOWN until the third miss in a row,
 * then STATE_OFFLINE (host gone) or STATE_UNRESPONSIVE (its web server). */
void miner_judge_miss(struct miner_memory *memory, enum reason reason, struct sample *sample);

#endif
