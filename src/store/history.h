/* Reading what was recorded of one miner, wherever it is kept: older samples in
 * the database, the newest in a copy of its open chunk. Any thread that has a
 * connection. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/sample.h"
#include "store/open_chunk.h"

struct history_query {
  int64_t miner_id;
  int64_t from_ms, to_ms; /* from_ms <= at_ms < to_ms */

  /* From `recent_from_ms` on everything is in `recent`, as open_chunk_complete_from
   * tells. NULL: all is read from the database. */
  const struct open_chunk *recent;
  int64_t recent_from_ms;
};

/* Where it goes. `sample` returns false when it has enough (no failure). */
struct history_sink {
  bool (*sample)(const struct sample *sample, void *arg);
  void *arg;
};

/* False when the query can be answered from `recent` alone. */
bool history_needs_db(const struct history_query *query);

/* Hands each sample of the range to the sink, nearly in the order of time: what
 * came late or while the clock was set stands where it arrived. All is read as of
 * one moment. `db` may be NULL when history_needs_db says so; no transaction may
 * be open on it. */
bool history_read(struct db *db, const struct history_query *query, const struct history_sink *sink,
                  struct err *err);

#endif
