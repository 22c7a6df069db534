#include "bot/chart/bot_charts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_words.h"
#include "bot/chart/chart_child.h"
#include "model/chart_order.h"
#include "store/history.h"

/* A small computer draws in a second; the first time it looks for its fonts. */
enum { AT_ONCE_MAX = 2, SHORTEST_MS = 10 * 60 * 1000, DRAW_DEADLINE_MS = 30000 };

struct bot_charts {
  uv_loop_t *loop;
  struct db_threads *db;
  struct picture *pictures; /* those that are being made */
  bool stopping;
  uv_async_t ended; /* carries `stopped` onto the loop */
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* One picture: loop -> reader thread -> loop -> child -> loop. */
struct picture {
  struct bot_charts *charts;
  struct picture *next;
  struct chart_order order;
  int64_t chat_id;
  struct history_query query;
  struct open_chunk *recent; /* what query.recent points to */
  struct db_task task;
  struct chart_child *child; /* NULL: not yet */
  bot_charts_done done;
  void *arg;
};

static void on_ended_closed(uv_handle_t *handle) {
  struct bot_charts *charts = handle->data;
  void (*stopped)(void *arg) = charts->stopped;
  void *arg = charts->stopped_arg;
  free(charts);
  if (stopped != NULL)
    stopped(arg);
}

static void end_if_done(struct bot_charts *charts) {
  if (charts->stopping && charts->pictures == NULL)
    uv_close((uv_handle_t *)&charts->ended, on_ended_closed);
}

/* "1.07 TH/s on average" */
static void write_caption(const struct picture *picture, struct buf *caption) {
  double average = chart_series_average(&picture->order.series, CHART_HASHRATE);
  buf_printf(caption, "%s, %s", picture->order.title, picture->order.range);
  if (!metric_is_known(average))
    return;
  buf_append_text(caption, ": ");
  bot_words_hashrate(caption, average);
  buf_append_text(caption, " on average");
}

static void picture_finish(struct picture *picture, const struct buf *png, const struct err *err) {
  struct bot_charts *charts = picture->charts;
  struct picture **link = &charts->pictures;
  if (!charts->stopping) {
    struct buf caption;
    buf_init(&caption);
    write_caption(picture, &caption);
    picture->done(picture->chat_id, png, caption.data, err, picture->arg);
    buf_finish(&caption);
  }
  while (*link != picture)
    link = &(*link)->next;
  *link = picture->next;
  open_chunk_destroy(picture->recent);
  free(picture);
  end_if_done(charts);
}

/* ------------------------------------------------------------ draw (child) */

static void refuse(struct picture *picture, const struct err *reason) {
  struct err err = *reason;
  err_add(&err, "The picture could not be drawn");
  picture_finish(picture, NULL, &err);
}

static void on_drawn(struct buf *png, const struct err *err, void *arg) {
  if (err == NULL)
    picture_finish(arg, png, NULL);
  else
    refuse(arg, err);
}

static void draw(struct picture *picture) {
  char program[PATH_MAX];
  struct err err;
  if (!file_find_beside("bitaxe-chart", program, sizeof program, &err)) {
    refuse(picture, &err);
    return;
  }
  struct buf order;
  buf_init(&order);
  chart_order_format(&picture->order, &order);
  picture->child = chart_child_start(&(struct chart_child_options){.loop = picture->charts->loop,
                                                                   .program = program,
                                                                   .deadline_ms = DRAW_DEADLINE_MS,
                                                                   .order = &order,
                                                                   .done = on_drawn,
                                                                   .arg = picture});
}

/* ------------------------------------------------------------ read (reader thread) */

static bool take_sample(const struct sample *sample, void *arg) {
  chart_series_add(arg, sample);
  return true;
}

static void take_rollup(const struct rollup *rollup, int64_t to_ms, void *arg) {
  chart_series_add_rollup(arg, rollup, to_ms);
}

static void read_history(struct db_task *task, struct db *db) {
  struct picture *picture = task->arg;
  const struct history_sink sink = {
      .sample = take_sample, .rollup = take_rollup, .arg = &picture->order.series};
  if (db == NULL && history_needs_db(&picture->query))
    return; /* task->err says why */
  task->ok = history_read(db, &picture->query, &sink, &task->err);
}

static void on_read(struct db_task *task) {
  struct picture *picture = task->arg;
  if (task->ok && !picture->charts->stopping)
    draw(picture);
  else
    picture_finish(picture, NULL, &task->err);
}

/* ------------------------------------------------------------ loop */

/* From when on it is drawn, and what is written about that. Of a miner that is new
 * there is no long empty space. */
static int64_t choose_range(struct picture *picture, const struct bot_chart_order *order) {
  int64_t from_ms = order->now_wall_ms - order->span_ms;
  int64_t first_ms = open_chunk_complete_from(order->miner->recent); /* may be filled in later */
  if (order->miner->miner.created_ms < first_ms)
    first_ms = order->miner->miner.created_ms;
  int64_t known_ms = order->now_wall_ms - first_ms;
  int64_t days = order->span_ms / ROLLUP_DAY_MS, hours = order->span_ms / ROLLUP_HOUR_MS;
  if (known_ms > 0 && known_ms < order->span_ms / 2) {
    str_copy(picture->order.range, sizeof picture->order.range, "all there is so far");
    return order->now_wall_ms - (known_ms < SHORTEST_MS ? SHORTEST_MS : known_ms);
  }
  if (days > 1 && order->span_ms % ROLLUP_DAY_MS == 0)
    snprintf(picture->order.range, sizeof picture->order.range, "last %d days", (int)days);
  else if (hours > 1 && order->span_ms % ROLLUP_HOUR_MS == 0)
    snprintf(picture->order.range, sizeof picture->order.range, "last %d hours", (int)hours);
  else
    snprintf(picture->order.range, sizeof picture->order.range, "last %d minutes",
             (int)(order->span_ms / 60000));
  return from_ms;
}

bool bot_charts_draw(struct bot_charts *charts, const struct bot_chart_order *order,
                     bot_charts_done done, void *arg) {
  size_t running = 0;
  for (const struct picture *other = charts->pictures; other != NULL; other = other->next)
    running++;
  if (charts->stopping || running >= AT_ONCE_MAX)
    return false;
  struct picture *picture = mem_alloc(sizeof *picture);
  picture->charts = charts;
  picture->next = charts->pictures;
  charts->pictures = picture;
  str_copy(picture->order.title, sizeof picture->order.title, order->miner->miner.name);
  int64_t from_ms = choose_range(picture, order);
  picture->order.chip_limit_c = order->chip_limit_c;
  picture->chat_id = order->chat_id;
  picture->recent = open_chunk_dup(order->miner->recent);
  picture->query = (struct history_query){
      .miner_id = order->miner->miner.id,
      .from_ms = from_ms,
      .to_ms = order->now_wall_ms + 1,
      .detail = history_detail_for(order->now_wall_ms - from_ms, CHART_SERIES_COLUMNS),
      .recent = picture->recent,
      .recent_from_ms = open_chunk_complete_from(picture->recent)};
  if (!history_needs_db(&picture->query))
    picture->query.detail = HISTORY_SAMPLES;
  chart_series_init(&picture->order.series, picture->query.from_ms, picture->query.to_ms);
  picture->done = done;
  picture->arg = arg;
  picture->task = (struct db_task){.run = read_history, .done = on_read, .arg = picture};
  db_threads_read(charts->db, &picture->task);
  return true;
}

static void on_ended(uv_async_t *ended) {
  (void)ended;
}

struct bot_charts *bot_charts_create(uv_loop_t *loop, struct db_threads *db) {
  struct bot_charts *charts = mem_alloc(sizeof *charts);
  charts->loop = loop;
  charts->db = db;
  uv_async_init(loop, &charts->ended, on_ended);
  charts->ended.data = charts;
  return charts;
}

void bot_charts_stop(struct bot_charts *charts, void (*stopped)(void *arg), void *arg) {
  charts->stopping = true;
  charts->stopped = stopped;
  charts->stopped_arg = arg;
  for (struct picture *picture = charts->pictures; picture != NULL; picture = picture->next)
    chart_child_cancel(picture->child);
  end_if_done(charts);
}
