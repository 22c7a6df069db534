#include "store/history.h"

#include <assert.h>

#include "store/chunk_store.h"
#include "store/rollup_store.h"
#include "store/sample_store.h"

struct walk {
  struct db *db;
  const struct history_query *query;
  const struct history_sink *sink;
  bool enough; /* the sink takes no more: no further place is asked */
  /* The newest hour or day read, not handed over yet. */
  struct rollup held;
  bool holds;
  int64_t held_length_ms;
};

static const char *const detail_names[] = {"sample", "hour", "day"};
static const int64_t detail_ms[] = {0, ROLLUP_HOUR_MS, ROLLUP_DAY_MS};

const char *history_detail_name(enum history_detail detail) {
  return detail_names[detail];
}

enum history_detail history_detail_for(int64_t span_ms, int64_t points) {
  for (int detail = HISTORY_DAYS; detail > HISTORY_SAMPLES; detail--) {
    if (span_ms / detail_ms[detail] * 2 >= (points + 1) / 2)
      return (enum history_detail)detail;
  }
  return HISTORY_SAMPLES;
}

/* ------------------------------------------------------------ samples */

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

static void pass_over(const struct chunk_info *chunk, const char *why, void *arg) {
  const struct history_sink *sink = ((struct walk *)arg)->sink;
  if (sink->damaged != NULL)
    sink->damaged(chunk->from_ms, chunk->to_ms, why, sink->arg);
}

/* A sample is either sealed or not: in one transaction none is missed or met twice. */
static bool read_stored(struct walk *walk, int64_t from_ms, int64_t to_ms, struct err *err) {
  const struct chunk_visitor visitor = {
      .sample = take, .damaged = pass_over, .arg = walk, .metrics = walk->query->metrics};
  int64_t miner_id = walk->query->miner_id;
  if (!db_begin(walk->db, err))
    return false;
  bool ok = chunk_store_each(walk->db, miner_id, from_ms, to_ms, &visitor, err);
  if (ok && !walk->enough)
    ok = sample_store_range(walk->db, miner_id, from_ms, to_ms, take_row, walk, err);
  db_rollback(walk->db); /* nothing was written */
  return ok;
}

static bool read_samples(struct walk *walk, int64_t from_ms, int64_t to_ms, struct err *err) {
  const struct history_query *query = walk->query;
  int64_t border_ms = stored_to(query);
  int64_t stored_ms = to_ms < border_ms ? to_ms : border_ms;
  int64_t recent_ms = from_ms > border_ms ? from_ms : border_ms;
  if (from_ms < stored_ms && !read_stored(walk, from_ms, stored_ms, err))
    return false;
  if (!walk->enough && query->recent != NULL && recent_ms < to_ms)
    open_chunk_each(query->recent, recent_ms, to_ms, take, walk);
  return true;
}

/* ------------------------------------------------------------ hours and days */

/* Hands over the one before: the newest there is may still be growing, since only
 * what is sealed is in it. */
static bool hold(const struct rollup *rollup, void *arg) {
  struct walk *walk = arg;
  if (walk->holds)
    walk->sink->rollup(&walk->held, walk->held.at_ms + walk->held_length_ms, walk->sink->arg);
  walk->held = *rollup;
  walk->holds = true;
  return true;
}

/* Whole hours or days; `rest_ms` gets from where on it must be read more finely. */
static bool read_rollups(struct walk *walk, enum history_detail detail, struct rollup_range range,
                         int64_t *rest_ms, struct err *err) {
  assert(detail == HISTORY_HOURS || detail == HISTORY_DAYS);
  walk->holds = false;
  walk->held_length_ms = detail_ms[detail];
  if (!rollup_store_each(walk->db, &range, hold, walk, err))
    return false;
  *rest_ms = walk->holds ? walk->held.at_ms : range.from_ms;
  return true;
}

/* The ends that fill no whole hour or day, and the newest, are read more finely. */
static bool read_detail(struct walk *walk, enum history_detail detail,
                        const struct history_query *part, struct err *err) {
  int64_t from_ms = part->from_ms, to_ms = part->to_ms;
  if (detail == HISTORY_SAMPLES)
    return read_samples(walk, from_ms, to_ms, err);
  int64_t first_ms = rollup_start(from_ms + detail_ms[detail] - 1, detail_ms[detail]);
  int64_t end_ms = rollup_start(to_ms, detail_ms[detail]);
  struct history_query finer = *part;
  if (first_ms < end_ms) {
    struct rollup_range range = {detail == HISTORY_DAYS ? ROLLUP_DAY : ROLLUP_HOUR, part->miner_id,
                                 first_ms, end_ms};
    finer.to_ms = first_ms;
    if (from_ms < first_ms && !read_detail(walk, detail - 1, &finer, err))
      return false;
    if (!read_rollups(walk, detail, range, &finer.from_ms, err))
      return false;
    finer.to_ms = to_ms;
  }
  return finer.from_ms >= to_ms || walk->enough || read_detail(walk, detail - 1, &finer, err);
}

bool history_read(struct db *db, const struct history_query *query, const struct history_sink *sink,
                  struct err *err) {
  struct walk walk = {.db = db, .query = query, .sink = sink};
  bool needs_db = history_needs_db(query);
  assert(db != NULL || !needs_db);
  assert(sink->rollup != NULL || query->detail == HISTORY_SAMPLES);
  return read_detail(&walk, needs_db ? query->detail : HISTORY_SAMPLES, query, err);
}
