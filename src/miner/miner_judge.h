/* Decides what a miner is doing from what came before: three missed polls make
 * it offline, a hashrate that is shown while no shares come is no hashing, the
 * first minutes after a boot are warm-up. Pure: time is in the sample, the
 * memory is the caller's. */
#ifndef MINER_MINER_JUDGE_H
#define MINER_MINER_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "miner/miner_driver.h"
#include "model/sample.h"

enum {
  MINER_JUDGE_MISSES = 3,         /* failed polls in a row until it counts as gone */
  MINER_JUDGE_TEMP_WARMUP_S = 60, /* chips report 0 or 127 °C in the first seconds */
  MINER_JUDGE_WARMUP_S = 300,     /* until then a hashrate below expected is a ramp */
  MINER_JUDGE_FROZEN_POLLS = 30,  /* bit-identical hashrates without a share */
  MINER_JUDGE_SHARES_DUE = 14,    /* missing shares: happens by luck once in e^14 = 1.2 million */
  MINER_JUDGE_ZERO_POLLS = 2,     /* zeros in a row until a hashing miner counts as stopped */
  MINER_JUDGE_SPIKE = 3,          /* times the expected hashrate */
};

struct miner_memory {
  enum miner_state state; /* the state that is shown */
  enum reason reason;
  int64_t seen_ms;      /* wall time of the last good answer; 0 never */
  int64_t seen_mono_ms; /* the same moment by the clock that nobody sets */
  int64_t state_since_ms;
  int misses;      /* failed polls in a row */
  int64_t boot_ms; /* wall time of the device's last start, the same for one session; 0 unknown */
  double uptime_s; /* the last one told; NaN unknown */
  int64_t uptime_mono_ms; /* when that was */
  double shares_seen;     /* accepted and rejected ones at the last answer; NaN unknown */
  double shares_due;      /* how many were to be expected since the last one came */
  double frozen_hashrate; /* the last hashrate */
  int zero_polls;         /* how many answers in a row showed a hashrate of zero */
  int frozen_polls;       /* how many polls in a row it was the same, without a share */
};

void miner_memory_init(struct miner_memory *memory);

/* A good answer: refines `sample` in place (state, reason, flags; temperatures
 * in the first 60 s after a boot and hashrates above three times the expected
 * become unknown; the expected hashrate is filled in where only the facts know
 * the chips) and moves the memory on. A state that the firmware itself declares
 * (paused, overheated, fault) is never overruled. `mono_ms` is now: what tells a
 * restart of the miner from a step of our own clock. */
void miner_judge_answer(struct miner_memory *memory, const struct miner_facts *facts,
                        struct sample *sample, int64_t mono_ms);

/* A failed poll. The sample gets STATE_UNKNOWN until the third miss in a row,
 * then STATE_OFFLINE (host gone) or STATE_UNRESPONSIVE (its web server). The
 * state shown in the memory stays what it was until then. */
void miner_judge_miss(struct miner_memory *memory, enum reason reason, struct sample *sample);

#endif
