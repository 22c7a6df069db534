/* /api/v1/miners/{id}/samples: the history of one miner, as a list or as the
 * columns of a chart. The newest hours come from the miner's open chunk, which
 * is copied for the reader thread; only what is older is read from the database. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/chart.h"
#include "api/input.h"
#include "api/param.h"
#include "api/render.h"
#include "api/sample_page.h"
#include "base/clock.h"
#include "base/str.h"
#include "store/history.h"
#include "store/open_chunk.h"

enum { DEFAULT_RANGE_MS = 3600 * 1000 };

struct sample_plan {
  struct param_period period;
  struct history_query history;
  struct open_chunk *recent; /* what history.recent points to */

  bool columns; /* a chart, not a list */
  int64_t points;
  uint64_t metrics;

  int64_t limit;
  struct param_sample_cursor cursor;
};

/* ------------------------------------------------------------ plan (loop) */

static bool read_format(struct http_exchange *exchange, struct sample_plan *plan, struct err *err) {
  const char *format = http_exchange_query(exchange, "format");
  plan->columns = str_equal(format, "columns");
  if (format != NULL && !plan->columns && !str_equal(format, "list"))
    return err_set(err, ERR_INVALID, "format is '%.40s', but must be list or columns", format);
  plan->points = 1000;
  plan->limit = 500;
  return param_count("points", http_exchange_query(exchange, "points"),
                     (struct param_range){10, 10000}, &plan->points, err) &&
         chart_parse_columns(http_exchange_query(exchange, "metrics"), &plan->metrics, err) &&
         param_count("limit", http_exchange_query(exchange, "limit"), (struct param_range){1, 5000},
                     &plan->limit, err) &&
         param_sample_cursor(http_exchange_query(exchange, "cursor"), &plan->cursor, err);
}

static void release_plan(void *arg) {
  struct sample_plan *plan = arg;
  open_chunk_destroy(plan->recent);
}

static bool plan_samples(struct request *request, struct stored_job *job) {
  struct fleet_miner *miner = input_miner(request);
  if (miner == NULL)
    return false;
  struct err err;
  struct sample_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct http_exchange *exchange = request->exchange;
  int64_t end_ms = clock_wall_ms() + 1; /* the end is exclusive, and now is part of it */
  plan->period = (struct param_period){end_ms - DEFAULT_RANGE_MS, end_ms};
  if (!param_period(http_exchange_query(exchange, "from"), http_exchange_query(exchange, "to"),
                    &plan->period, &err) ||
      !read_format(exchange, plan, &err)) {
    answer_err(exchange, &err);
    return false;
  }
  plan->recent = open_chunk_dup(miner->recent);
  plan->history = (struct history_query){.miner_id = miner->miner.id,
                                         .from_ms = plan->period.from_ms,
                                         .to_ms = plan->period.to_ms,
                                         .recent = plan->recent,
                                         .recent_from_ms = open_chunk_complete_from(plan->recent)};
  if (!plan->columns && plan->cursor.at_ms > plan->history.from_ms)
    plan->history.from_ms = plan->cursor.at_ms;
  job->plan = plan;
  job->release = release_plan;
  job->needs_db = history_needs_db(&plan->history);
  return true;
}

/* ------------------------------------------------------------ query (reader thread) */

static bool to_page(const struct sample *sample, void *arg) {
  return sample_page_add(arg, sample);
}

static bool to_chart(const struct sample *sample, void *arg) {
  chart_add(arg, sample);
  return true;
}

static void write_list(const struct sample_page *page, struct buf *body) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (size_t i = 0; i < sample_page_count(page); i++)
    render_sample(&json, NULL, sample_page_at(page, i));
  json_write_array_end(&json);
  struct param_sample_cursor next;
  char text[PARAM_CURSOR_SIZE];
  bool more = sample_page_next(page, &next);
  if (more)
    param_sample_cursor_format(next, text);
  json_write_text(&json, "next", more ? text : NULL);
  json_write_object_end(&json);
}

static bool query_list(const struct sample_plan *plan, struct stored_job *job, struct db *db,
                       struct err *err) {
  struct sample_page *page = sample_page_create((size_t)plan->limit, plan->cursor);
  const struct history_sink sink = {.sample = to_page, .arg = page};
  bool ok = history_read(db, &plan->history, &sink, err);
  if (ok)
    write_list(page, &job->body);
  sample_page_destroy(page);
  return ok;
}

static bool query_chart(const struct sample_plan *plan, struct stored_job *job, struct db *db,
                        struct err *err) {
  struct chart *chart = chart_create(&(struct chart_options){.from_ms = plan->period.from_ms,
                                                             .to_ms = plan->period.to_ms,
                                                             .points = plan->points,
                                                             .columns = plan->metrics});
  const struct history_sink sink = {.sample = to_chart, .arg = chart};
  bool ok = history_read(db, &plan->history, &sink, err);
  if (ok) {
    struct json_write json;
    json_write_init(&json, &job->body);
    json_write_object(&json, NULL);
    json_write_time(&json, "from", plan->period.from_ms);
    json_write_time(&json, "to", plan->period.to_ms);
    chart_write(chart, &json);
    json_write_object_end(&json);
  }
  chart_destroy(chart);
  return ok;
}

static bool query_samples(struct stored_job *job, struct db *db, struct err *err) {
  const struct sample_plan *plan = job->plan;
  return plan->columns ? query_chart(plan, job, db, err) : query_list(plan, job, db, err);
}

const struct route sample_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/miners/{id}/samples", .plan = plan_samples,
     .query = query_samples},
    {0},
};
