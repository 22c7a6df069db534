/* One reading of one miner: when, what state, and METRIC_COUNT figures, each
 * possibly unknown (NaN). A failed poll is a sample too: all unknown, with the
 * reason. A plain value: copy it freely. */
#ifndef MODEL_SAMPLE_H
#define MODEL_SAMPLE_H

#include <stdint.h>

#include "model/metric.h"
#include "model/state.h"

/* Flags of a sample; stored: append only. */
enum {
  SAMPLE_FALLBACK_POOL = 1 << 0, /* mines on the fallback pool */
  SAMPLE_OVERHEAT_FLAG = 1 << 1, /* the firmware's overheat latch is set */
  SAMPLE_AUTO_FAN_OFF = 1 << 2,
  SAMPLE_BACKFILLED = 1 << 3, /* taken from the device's own statistics */
  SAMPLE_REBOOTED = 1 << 4,   /* the first one after a restart of the miner */
  SAMPLE_MISSED = 1 << 5,     /* the poll failed; `reason` says why */
};

struct sample {
  int64_t at_ms;     /* wall time of the schedule's tick */
  int32_t offset_ms; /* when the answer came, relative to at_ms */
  enum miner_state state;
  enum reason reason;
  uint32_t flags;
  double values[METRIC_COUNT];
};

/* Everything unknown, at that tick. */
void sample_init(struct sample *sample, int64_t at_ms);

/* J/TH = W / (GH/s) x 1000; unknown when either is, or nothing is hashed
 * (no division by zero). 1 J/TH is one watt per terahash a second. */
double sample_efficiency_j_th(const struct sample *sample);

#endif
