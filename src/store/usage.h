/* What the history weighs. */
#ifndef STORE_USAGE_H
#define STORE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

struct usage {
  int64_t bytes;             /* of the whole database, indexes and all */
  int64_t samples;           /* in it, at full resolution */
  int64_t first_ms, last_ms; /* of the samples; 0 when there are none */
};

bool usage_read(struct db *db, struct usage *usage, struct err *err);

/* Too few samples say nothing of a sample's weight: the empty tables weigh more. */
enum { USAGE_SAMPLES_MIN = 1000 };

/* Bytes for each sample, all included; NaN while there are too few. */
double usage_bytes_per_sample(const struct usage *usage);

/* What a year of one miner adds when it is asked every `interval_ms`; NaN while
 * unknown. */
double usage_bytes_per_miner_year(const struct usage *usage, int64_t interval_ms);

#endif
