/* The tables `hour` and `day`: one row per miner and hour or UTC day in which it
 * was polled, reckoned from the sealed samples when they are sealed. What is not
 * sealed yet (up to two hours) is not in them. Figures are whole numbers at the
 * scales of model/metric, an average included. */
#ifndef STORE_ROLLUP_STORE_H
#define STORE_ROLLUP_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/rollup.h"

enum rollup_length { ROLLUP_HOUR, ROLLUP_DAY };

/* Oldest first; return false to stop the walk (no failure). */
typedef bool (*rollup_store_visit)(const struct rollup *rollup, void *arg);

struct rollup_range {
  enum rollup_length length;
  int64_t miner_id;
  int64_t from_ms, to_ms; /* from_ms <= at_ms < to_ms */
};

bool rollup_store_each(struct db *db, const struct rollup_range *range, rollup_store_visit visit,
                       void *arg, struct err *err);

/* Reckons the hours that touch [from_ms, to_ms] anew from the chunks, those between
 * the newest before them and them, those after them while their counters change, and
 * their days. In the caller's transaction. */
bool rollup_store_update(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                         struct err *err);

/* The same for samples of the past, but no further than hours were reckoned already:
 * those after them come with the samples around them. In the caller's transaction. */
bool rollup_store_mend(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                       struct err *err);

/* All hours and days of one miner that its chunks tell of; others stay as they
 * are. `damaged` gets the number of chunks that had to be passed over. In the
 * caller's transaction. */
bool rollup_store_rebuild(struct db *db, int64_t miner_id, int64_t *damaged, struct err *err);

/* The miners that have chunks, those removed long ago too: `miners` (heap, free with
 * free()) holds `count` ids. */
bool rollup_store_miners(struct db *db, int64_t **miners, size_t *count, struct err *err);

#endif
