/* The table `chunk`: sealed history, one blob (chunk_codec) for some two hours of
 * one miner. Rows are only added; their times may overlap where a clock was moved
 * or a sample came late. */
#ifndef STORE_CHUNK_STORE_H
#define STORE_CHUNK_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/sample.h"

/* No chunk is longer, so that a range is found by its start alone. */
#define CHUNK_SPAN_MAX_MS INT64_C(86400000)

struct chunk_info {
  int64_t id, miner_id;
  int64_t from_ms, to_ms; /* of the first and the last sample, both within */
  int64_t samples;
};

struct chunk_visitor {
  /* Oldest first. Return false to stop the walk (no failure). */
  bool (*sample)(const struct sample *sample, void *arg);
  /* A chunk that cannot be read: it is passed over. May be NULL. */
  void (*damaged)(const struct chunk_info *chunk, const char *why, void *arg);
  void *arg;
  /* A bit for each metric that is wanted, others may stay unknown; 0: the whole sample. */
  uint64_t metrics;
};

/* Adds samples[0..count), which are sorted by time, as one chunk or, where they
 * are too many or too far apart, as several. In the caller's transaction. */
bool chunk_store_insert(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                        struct err *err);

/* The sealed samples with from_ms <= at_ms < to_ms in the order of their times. A
 * cursor is open while the visitor runs: it must not use `db`. */
bool chunk_store_each(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                      const struct chunk_visitor *visitor, struct err *err);

/* The newest `limit` (1..1000) sealed samples, newest first. */
bool chunk_store_last(struct db *db, int64_t miner_id, int limit,
                      const struct chunk_visitor *visitor, struct err *err);

#endif
