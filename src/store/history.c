#include "store/history.h"

#include <assert.h>

#include "store/sample_store.h"

/* Remembers that the sink has enough, so that no further place is asked. */
struct walk {
  const struct history_sink *sink;
  bool enough;
};

static bool take(const struct sample *sample, void *arg) {
  struct walk *walk = arg;
  walk->enough = !walk->sink->sample(sample, walk->sink->arg);
  return !walk->enough;
}

static bool take_row(const struct sample_row *row, void *arg) {
  return take(&row->sample, arg);
}

/* Where the database's part of the range ends. */
static int64_t stored_to(const struct history_query *query) {
  bool has_recent = query->recent != NULL && query->recent_from_ms < query->to_ms;
  return has_recent ? query->recent_from_ms : query->to_ms;
}

bool history_needs_db(const struct history_query *query) {
  return query->from_ms < stored_to(query);
}

static bool read_stored(struct db *db, const struct history_query *query, struct walk *walk,
                        struct err *err) {
  if (!db_begin(db, err))
    return false;
  bool ok = sample_store_range(db, query->miner_id, query->from_ms, stored_to(query), take_row,
                               walk, err);
  db_rollback(db); /* nothing was written */
  return ok;
}

bool history_read(struct db *db, const struct history_query *query, const struct history_sink *sink,
                  struct err *err) {
  struct walk walk = {.sink = sink};
  bool needs_db = history_needs_db(query);
  assert(db != NULL || !needs_db);
  if (needs_db && !read_stored(db, query, &walk, err))
    return false;
  int64_t recent_from = query->from_ms > stored_to(query) ? query->from_ms : stored_to(query);
  if (!walk.enough && query->recent != NULL && recent_from < query->to_ms)
    open_chunk_each(query->recent, recent_from, query->to_ms, take, &walk);
  return true;
}
