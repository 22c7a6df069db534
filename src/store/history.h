/* Reading what was recorded of one miner, wherever it is kept: sealed in chunks,
 * not sealed yet in the table `sample`, the newest in a copy of its open chunk.
 * Any thread that has a connection. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/rollup.h"
#include "model/sample.h"
#include "store/open_chunk.h"

/* How fine it is read: every sample, or whole hours or UTC days where there are
 * some, with hours and samples at the ends that fill no whole one. */
enum history_detail { HISTORY_SAMPLES, HISTORY_HOURS, HISTORY_DAYS };

struct history_query {
  int64_t miner_id;
  int64_t from_ms, to_ms; /* from_ms <= at_ms < to_ms */
  enum history_detail detail;
  /* A bit for each metric that is wanted, others may stay unknown (so may the offset),
   * which makes reading cheaper; 0: whole samples. */
  uint64_t metrics;

  /* From `recent_from_ms` on everything is in `recent`, as open_chunk_complete_from
   * tells. NULL: all is read from the database. */
  const struct open_chunk *recent;
  int64_t recent_from_ms;
};

/* Where it goes. */
struct history_sink {
  /* Returns false when it has enough (no failure). */
  bool (*sample)(const struct sample *sample, void *arg);
  /* An hour or day that lies in the range as a whole, up to `to_ms`. Not used, and
   * may be NULL, for HISTORY_SAMPLES. */
  void (*rollup)(const struct rollup *rollup, int64_t to_ms, void *arg);
  /* A chunk that cannot be read is passed over: what it held between these times,
   * which may reach beyond the range, is lost. May be NULL. */
  void (*damaged)(int64_t from_ms, int64_t to_ms, const char *why, void *arg);
  void *arg;
};

/* False when the query can be answered from `recent` alone. */
bool history_needs_db(const struct history_query *query);

/* The coarsest detail whose lowest and highest values still make half of the
 * points that a chart asks for. */
enum history_detail history_detail_for(int64_t span_ms, int64_t points);

/* "sample", "hour", "day" */
const char *history_detail_name(enum history_detail detail);

/* Hands what is in the range to the sink, nearly in the order of time: what came
 * late or while the clock was set stands where it arrived. `db` may be NULL when history_needs_db
 * says so; no transaction may be open on it. */
bool history_read(struct db *db, const struct history_query *query, const struct history_sink *sink,
                  struct err *err);

#endif
