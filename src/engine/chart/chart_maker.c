#include "engine/chart/chart_maker.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/chart/chart_child.h"
#include "model/chart_order.h"
#include "store/history.h"
#include "store/rollup_store.h"

/* A small computer draws in a second; the first time it looks for its fonts. */
enum { AT_ONCE_MAX = 2, DRAW_DEADLINE_MS = 30000, SHORTEST_MS = 10 * 60 * 1000 };

/* Where one miner's history is. */
struct source {
  int64_t miner_id;
  struct open_chunk *recent; /* NULL: only what is reckoned for each hour is read */
};

enum stage { WAITING, READING, DRAWING };

struct chart_job {
  TAILQ_ENTRY(chart_job) link;
  struct chart_maker *maker;
  enum stage stage;
  bool cancelled;
  struct chart_order order;
  struct source *sources;
  size_t source_count;
  struct db_task task;
  struct chart_child *child; /* NULL: not yet */
  chart_maker_done done;
  void *arg;
};

TAILQ_HEAD(chart_job_list, chart_job);

struct chart_maker {
  uv_loop_t *loop;
  struct db_threads *db;
  struct chart_job_list jobs; /* in the order of the wishes */
  uv_async_t turn;            /* begins what waits, and ends what was cancelled, on the loop */
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void on_turn_closed(uv_handle_t *handle) {
  struct chart_maker *maker = handle->data;
  void (*stopped)(void *arg) = maker->stopped;
  void *arg = maker->stopped_arg;
  free(maker);
  if (stopped != NULL)
    stopped(arg);
}

static void look_again(struct chart_maker *maker) {
  uv_handle_t *turn = (uv_handle_t *)&maker->turn;
  if (maker->stopping && TAILQ_EMPTY(&maker->jobs) && !uv_is_closing(turn))
    uv_close(turn, on_turn_closed);
  else if (!uv_is_closing(turn))
    uv_async_send(&maker->turn);
}

static void job_finish(struct chart_job *job, struct buf *png, const struct err *err) {
  struct chart_maker *maker = job->maker;
  double average = chart_series_average(&job->order.series, CHART_HASHRATE);
  TAILQ_REMOVE(&maker->jobs, job, link);
  job->done(png, average, err, job->arg);
  for (size_t i = 0; i < job->source_count; i++)
    open_chunk_destroy(job->sources[i].recent);
  free(job->sources);
  free(job);
  look_again(maker);
}

static void refuse(struct chart_job *job, const struct err *err) {
  struct buf none;
  buf_init(&none);
  job_finish(job, &none, err);
  buf_finish(&none);
}

static void refuse_cancelled(struct chart_job *job) {
  struct err err;
  err_set(&err, ERR_UNAVAILABLE, "it is not wanted any more");
  refuse(job, &err);
}

/* ------------------------------------------------------------ draw (child) */

static void on_drawn(struct buf *png, const struct err *err, void *arg) {
  job_finish(arg, png, err);
}

static void draw(struct chart_job *job) {
  char program[PATH_MAX];
  struct err err;
  if (!file_find_beside("bitaxe-chart", program, sizeof program, &err)) {
    refuse(job, &err);
    return;
  }
  struct buf order;
  buf_init(&order);
  chart_order_format(&job->order, &order);
  job->stage = DRAWING;
  job->child = chart_child_start(&(struct chart_child_options){.loop = job->maker->loop,
                                                               .program = program,
                                                               .deadline_ms = DRAW_DEADLINE_MS,
                                                               .order = &order,
                                                               .done = on_drawn,
                                                               .arg = job});
}

/* ------------------------------------------------------------ read (reader thread) */

static bool take_sample(const struct sample *sample, void *arg) {
  chart_series_add(arg, sample);
  return true;
}

static void take_rollup(const struct rollup *rollup, int64_t to_ms, void *arg) {
  chart_series_add_rollup(arg, rollup, to_ms);
}

static bool take_hour(const struct rollup *hour, void *arg) {
  chart_series_add_rollup(arg, hour, hour->at_ms + ROLLUP_HOUR_MS);
  return true;
}

static bool read_fine(struct db *db, const struct source *source, struct chart_series *series,
                      struct err *err) {
  struct history_query query = {
      .miner_id = source->miner_id,
      .from_ms = series->from_ms,
      .to_ms = series->to_ms,
      .detail = history_detail_for(series->to_ms - series->from_ms, CHART_SERIES_COLUMNS),
      .recent = source->recent,
      .recent_from_ms = open_chunk_complete_from(source->recent)};
  const struct history_sink sink = {.sample = take_sample, .rollup = take_rollup, .arg = series};
  if (!history_needs_db(&query))
    query.detail = HISTORY_SAMPLES;
  else if (db == NULL)
    return false; /* the task says why */
  return history_read(db, &query, &sink, err);
}

static bool read_source(struct db *db, const struct source *source, struct chart_series *series,
                        struct err *err) {
  const struct rollup_range range = {ROLLUP_HOUR, source->miner_id, series->from_ms, series->to_ms};
  if (source->recent != NULL)
    return read_fine(db, source, series, err);
  return db != NULL && rollup_store_each(db, &range, take_hour, series, err);
}

static void read_history(struct db_task *task, struct db *db) {
  struct chart_job *job = task->arg;
  struct chart_series *all = &job->order.series;
  struct chart_series *one = job->source_count > 1 ? mem_alloc(sizeof *one) : all;
  task->ok = true;
  for (size_t i = 0; i < job->source_count && task->ok; i++) {
    chart_series_init(one, all->from_ms, all->to_ms);
    task->ok = read_source(db, &job->sources[i], one, &task->err);
    if (task->ok && one != all)
      chart_series_join(all, one);
  }
  if (one != all)
    free(one);
}

static void on_read(struct db_task *task) {
  struct chart_job *job = task->arg;
  if (job->cancelled)
    refuse_cancelled(job);
  else if (task->ok)
    draw(job);
  else
    refuse(job, &task->err);
}

/* ------------------------------------------------------------ loop */

static void begin(struct chart_job *job) {
  job->stage = READING;
  job->task = (struct db_task){.run = read_history, .done = on_read, .arg = job};
  db_threads_read(job->maker->db, &job->task);
}

static struct chart_job *find_cancelled(struct chart_maker *maker) {
  struct chart_job *job;
  TAILQ_FOREACH(job, &maker->jobs, link) {
    if (job->stage == WAITING && job->cancelled)
      return job;
  }
  return NULL;
}

static void on_turn(uv_async_t *turn) {
  struct chart_maker *maker = turn->data;
  struct chart_job *job;
  if ((job = find_cancelled(maker)) != NULL) {
    refuse_cancelled(job); /* which calls for the next turn */
    return;
  }
  size_t running = 0;
  TAILQ_FOREACH(job, &maker->jobs, link) {
    if (job->stage == WAITING && running < AT_ONCE_MAX)
      begin(job);
    running += job->stage != WAITING;
  }
}

static void choose_sources(struct chart_job *job, const struct chart_wish *wish) {
  bool fine = wish->miner_count <= CHART_MAKER_FINE_MINERS;
  job->source_count = wish->miner_count;
  job->sources = mem_alloc(job->source_count * sizeof *job->sources);
  for (size_t i = 0; i < job->source_count; i++) {
    const struct fleet_miner *miner = wish->miners[i];
    job->sources[i] = (struct source){.miner_id = miner->miner.id,
                                      .recent = fine ? open_chunk_dup(miner->recent) : NULL};
  }
}

int64_t chart_maker_known_from(const struct chart_wish *wish) {
  int64_t first_ms = wish->to_ms, span_ms = wish->to_ms - wish->from_ms;
  for (size_t i = 0; i < wish->miner_count; i++) {
    const struct fleet_miner *miner = wish->miners[i];
    int64_t recent_ms = open_chunk_complete_from(miner->recent); /* may be filled in later */
    int64_t known_ms = miner->miner.created_ms < recent_ms ? miner->miner.created_ms : recent_ms;
    first_ms = known_ms < first_ms ? known_ms : first_ms;
  }
  int64_t known_ms = wish->to_ms - first_ms;
  if (known_ms <= 0 || known_ms >= span_ms / 2)
    return wish->from_ms;
  return wish->to_ms - (known_ms < SHORTEST_MS ? SHORTEST_MS : known_ms);
}

struct chart_job *chart_maker_draw(struct chart_maker *maker, const struct chart_wish *wish,
                                   chart_maker_done done, void *arg) {
  assert(wish->miner_count > 0);
  struct chart_job *job = mem_alloc(sizeof *job);
  job->maker = maker;
  job->cancelled = maker->stopping;
  job->done = done;
  job->arg = arg;
  str_copy(job->order.title, sizeof job->order.title, wish->title);
  str_copy(job->order.range, sizeof job->order.range, wish->range);
  str_copy(job->order.language, sizeof job->order.language,
           wish->language == NULL ? "" : wish->language);
  job->order.miners = (int)wish->miner_count;
  job->order.chip_limit_c = wish->chip_limit_c;
  chart_series_init(&job->order.series, wish->from_ms, wish->to_ms);
  choose_sources(job, wish);
  TAILQ_INSERT_TAIL(&maker->jobs, job, link);
  uv_async_send(&maker->turn);
  return job;
}

void chart_job_cancel(struct chart_job *job) {
  job->cancelled = true;
  chart_child_cancel(job->child);
  uv_async_send(&job->maker->turn);
}

size_t chart_maker_count(const struct chart_maker *maker) {
  const struct chart_job *job;
  size_t count = 0;
  TAILQ_FOREACH(job, &maker->jobs, link) count++;
  return count;
}

struct chart_maker *chart_maker_create(uv_loop_t *loop, struct db_threads *db) {
  struct chart_maker *maker = mem_alloc(sizeof *maker);
  maker->loop = loop;
  maker->db = db;
  TAILQ_INIT(&maker->jobs);
  uv_async_init(loop, &maker->turn, on_turn);
  maker->turn.data = maker;
  return maker;
}

void chart_maker_stop(struct chart_maker *maker, void (*stopped)(void *arg), void *arg) {
  struct chart_job *job;
  assert(!maker->stopping);
  maker->stopping = true;
  maker->stopped = stopped;
  maker->stopped_arg = arg;
  TAILQ_FOREACH(job, &maker->jobs, link) chart_job_cancel(job);
  look_again(maker);
}
