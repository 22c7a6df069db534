#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/engine_parts.h"
#include "store/chunk_store.h"
#include "store/records/record_store.h"
#include "store/sample_store.h"

enum { HISTORY_MS = 2 * 60 * 60 * 1000 };

struct chunk_of {
  int64_t miner_id;
  struct open_chunk *chunk;
};

struct load {
  struct engine *engine;
  struct db_task task;
  int64_t from_ms;
  struct chunk_of *chunks; /* sorted by miner id */
  size_t count;
};

static int compare_ids(const void *a, const void *b) {
  int64_t left = ((const struct chunk_of *)a)->miner_id;
  int64_t right = ((const struct chunk_of *)b)->miner_id;
  return (left > right) - (left < right);
}

static bool append_row(const struct sample_row *row, void *arg) {
  struct load *load = arg;
  struct chunk_of key = {.miner_id = row->miner_id};
  struct chunk_of *found = bsearch(&key, load->chunks, load->count, sizeof key, compare_ids);
  if (found != NULL)
    open_chunk_append(found->chunk, &row->sample);
  return true;
}

static bool append_sealed(const struct sample *sample, void *arg) {
  open_chunk_append(arg, sample);
  return true;
}

/* The last hours, or the last ones before the monitor stopped when that is longer ago:
 * they tell when each miner was seen last. */
static bool find_start(struct load *load, struct db *db, struct err *err) {
  int64_t count, first_ms, last_ms;
  if (!sample_store_count(db, &count, &first_ms, &last_ms, err))
    return false;
  if (count > 0 && last_ms - HISTORY_MS < load->from_ms)
    load->from_ms = last_ms - HISTORY_MS;
  return true;
}

static bool load_all(struct load *load, struct db *db, struct err *err) {
  if (!find_start(load, db, err))
    return false;
  for (size_t i = 0; i < load->count; i++) {
    const struct chunk_visitor visitor = {.sample = append_sealed, .arg = load->chunks[i].chunk};
    if (!chunk_store_each(db, load->chunks[i].miner_id, load->from_ms, INT64_MAX, &visitor, err))
      return false;
  }
  return sample_store_range(db, 0, load->from_ms, INT64_MAX, append_row, load, err);
}

/* In one transaction: what is sealed meanwhile is neither missed nor met twice. A
 * private database has one connection, whose tasks are in a transaction already. */
static void run_load(struct db_task *task, struct db *db) {
  struct load *load = task->arg;
  if (db == NULL)
    return;
  bool own = !db_is_private(db);
  task->ok = (!own || db_begin(db, &task->err)) && load_all(load, db, &task->err);
  if (own)
    db_rollback(db); /* nothing was written */
}

struct restore {
  struct fleet_miner *miner;
  struct alert_watch past;
  int64_t first_live_ms; /* of the samples that were polled meanwhile */
  int64_t newest_ms;
  int64_t answered_ms; /* the newest that is no missed poll; 0 none */
};

static bool restore_sample(const struct sample *sample, void *arg) {
  struct restore *restore = arg;
  struct fleet_miner *miner = restore->miner;
  /* fmax passes over unknown values. */
  miner->best_diff_ever = fmax(miner->best_diff_ever, sample->values[METRIC_BEST_DIFF]);
  if (sample->at_ms < restore->first_live_ms)
    alert_watch_learn(&restore->past, &(struct alert_context){.miner_id = miner->miner.id,
                                                              .sample = sample,
                                                              .facts = &miner->miner.facts});
  bool answered = (sample->flags & SAMPLE_MISSED) == 0;
  if (answered && sample->at_ms > restore->answered_ms)
    restore->answered_ms = sample->at_ms;
  if (answered && sample->at_ms > miner->memory.seen_ms)
    miner->memory.seen_ms = sample->at_ms;
  if (sample->at_ms > restore->newest_ms)
    restore->newest_ms = sample->at_ms;
  return true;
}

static bool find_answer(const struct sample *sample, void *arg) {
  if ((sample->flags & SAMPLE_MISSED) != 0)
    return true;
  *(int64_t *)arg = sample->at_ms;
  return false;
}

/* It may have answered before the last hours were read: then what lies between is for
 * its own statistics to fill. */
static void note_gap(struct fleet_miner *miner, int64_t answered_ms, int64_t interval_ms) {
  int64_t first_ms = 0;
  open_chunk_each(miner->recent, answered_ms + 1, INT64_MAX, find_answer, &first_ms);
  backfill_note(&miner->gap, answered_ms, first_ms, interval_ms);
}

static bool find_first(const struct sample *sample, void *arg) {
  int64_t *first_ms = arg;
  if (sample->at_ms < *first_ms)
    *first_ms = sample->at_ms;
  return true;
}

static bool copy_sample(const struct sample *sample, void *arg) {
  open_chunk_append(arg, sample);
  return true;
}

/* The loaded hours come first, then what was polled while they were read. A
 * sample that both have (committed and read back) is taken once, by its time. */
static void adopt(struct fleet_miner *miner, struct open_chunk *loaded, int64_t interval_ms) {
  struct restore restore = {.miner = miner, .newest_ms = INT64_MIN, .first_live_ms = INT64_MAX};
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, find_first, &restore.first_live_ms);
  alert_watch_init(&restore.past);
  open_chunk_each(loaded, INT64_MIN, INT64_MAX, restore_sample, &restore);
  alert_watch_join(&miner->watch, &restore.past);
  alert_watch_finish(&restore.past);
  note_gap(miner, restore.answered_ms, interval_ms);
  int64_t after_ms = restore.newest_ms == INT64_MIN ? INT64_MIN : restore.newest_ms + 1;
  open_chunk_each(miner->recent, after_ms, INT64_MAX, copy_sample, loaded);
  open_chunk_destroy(miner->recent);
  miner->recent = loaded;
}

static void on_loaded(struct db_task *task) {
  struct load *load = task->arg;
  struct engine *engine = load->engine;
  if (!task->ok)
    log_write(engine->options.log, LOG_WARN, "engine",
              "the last hours could not be read back, charts start empty: %s", task->err.text);
  for (size_t i = 0; i < load->count; i++) {
    struct fleet_miner *miner = fleet_find(engine->fleet, load->chunks[i].miner_id);
    if (task->ok && miner != NULL) {
      adopt(miner, load->chunks[i].chunk, engine->options.poll_interval_ms);
      fleet_touch(engine->fleet, miner);
    } else {
      open_chunk_destroy(load->chunks[i].chunk);
    }
  }
  free(load->chunks);
  free(load);
}

/* ------------------------------------------------------------ records */

/* The best difficulty of each miner in all days, in a task of its own: it reads far
 * more than the last hours do, and nothing waits for it. */
struct best_of {
  int64_t miner_id;
  double best;
};
struct bests {
  struct engine *engine;
  struct db_task task;
  struct best_of *items;
  size_t count, capacity;
};

static void take_best(int64_t miner_id, double best, void *arg) {
  struct bests *bests = arg;
  if (bests->count == bests->capacity) {
    bests->capacity = bests->capacity == 0 ? 16 : bests->capacity * 2;
    bests->items = mem_resize(bests->items, bests->capacity, sizeof *bests->items);
  }
  bests->items[bests->count++] = (struct best_of){miner_id, best};
}

static void run_bests(struct db_task *task, struct db *db) {
  task->ok = db != NULL && record_store_each_best(db, take_best, task->arg, &task->err);
}

static void on_bests(struct db_task *task) {
  struct bests *bests = task->arg;
  struct engine *engine = bests->engine;
  if (!task->ok)
    log_write(engine->options.log, LOG_WARN, "engine",
              "the records of earlier days could not be read back: %s", task->err.text);
  for (size_t i = 0; task->ok && i < bests->count; i++) {
    struct fleet_miner *miner = fleet_find(engine->fleet, bests->items[i].miner_id);
    if (miner == NULL)
      continue;
    miner->best_diff_ever = fmax(miner->best_diff_ever, bests->items[i].best);
    fleet_touch(engine->fleet, miner);
  }
  free(bests->items);
  free(bests);
}

static void load_bests(struct engine *engine) {
  struct bests *bests = mem_alloc(sizeof *bests);
  bests->engine = engine;
  bests->task = (struct db_task){.run = run_bests, .done = on_bests, .arg = bests};
  bests->task.statement_ms = db_threads_walk_ms(fleet_count(engine->fleet));
  db_threads_read(engine->db, &bests->task);
}

void engine_history_load(struct engine *engine) {
  size_t count = fleet_count(engine->fleet);
  if (count == 0)
    return;
  struct load *load = mem_alloc(sizeof *load);
  load->engine = engine;
  load->from_ms = clock_wall_ms() - HISTORY_MS;
  load->count = count;
  load->chunks = mem_resize(NULL, count, sizeof *load->chunks);
  for (size_t i = 0; i < count; i++)
    load->chunks[i] = (struct chunk_of){fleet_at(engine->fleet, i)->miner.id, open_chunk_create()};
  load->task = (struct db_task){.run = run_load, .done = on_loaded, .arg = load};
  load->task.statement_ms = db_threads_walk_ms(count);
  db_threads_read(engine->db, &load->task);
  load_bests(engine);
}
