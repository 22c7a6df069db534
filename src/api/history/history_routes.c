/* /api/v1/miners/{id}/history: a range of one miner's life as the columns of a
 * chart, from wherever it is kept, with its gaps named. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/chart.h"
#include "api/history/gaps.h"
#include "api/input.h"
#include "api/param.h"
#include "base/clock.h"
#include "store/history.h"
#include "store/retention.h"

enum { DEFAULT_RANGE_MS = 24 * 3600 * 1000, DEFAULT_POINTS = 1000, MAX_POINTS = 10000 };

struct history_plan {
  struct param_period period;
  int64_t points, now_ms, watched_ms;
  int64_t kept_ms;    /* samples before may have been let go; 0: none are */
  int64_t waiting_ms; /* those from then on may not be in the database yet; 0: all are */
  uint64_t metrics;
  struct history_query query;
  struct open_chunk *recent; /* what query.recent points to */
};

/* ------------------------------------------------------------ plan (loop) */

static bool read_plan(struct http_exchange *exchange, struct history_plan *plan, struct err *err) {
  plan->now_ms = clock_wall_ms();
  int64_t end_ms = plan->now_ms + 1; /* the end is exclusive, and now is part of it */
  plan->period = (struct param_period){end_ms - DEFAULT_RANGE_MS, end_ms};
  plan->points = DEFAULT_POINTS;
  return param_period(http_exchange_query(exchange, "from"), http_exchange_query(exchange, "to"),
                      &plan->period, err) &&
         param_count("points", http_exchange_query(exchange, "points"),
                     (struct param_range){2, MAX_POINTS}, &plan->points, err) &&
         chart_parse_columns(http_exchange_query(exchange, "metrics"), &plan->metrics, err);
}

/* What the samples must tell for these columns. */
static uint64_t wanted_metrics(uint64_t columns) {
  if ((columns >> CHART_EFFICIENCY & 1) != 0)
    columns |= UINT64_C(1) << METRIC_POWER_W | UINT64_C(1) << METRIC_HASHRATE_GHS;
  return columns & ((UINT64_C(1) << METRIC_COUNT) - 1);
}

static void release_plan(void *arg) {
  struct history_plan *plan = arg;
  open_chunk_destroy(plan->recent);
}

/* Moved in order, but for a while the database has not everything that was read. */
static int64_t spooling_since(struct engine *engine) {
  struct engine_health health = {0};
  engine_health(engine, &health);
  return health.spooling_since_ms;
}

static bool plan_history(struct request *request, struct stored_job *job) {
  struct fleet_miner *miner = input_miner(request);
  if (miner == NULL)
    return false;
  struct err err;
  struct history_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  if (!read_plan(request->exchange, plan, &err)) {
    answer_err(request->exchange, &err);
    return false;
  }
  int64_t retention_ms = engine_options(request->api->engine)->retention_ms;
  plan->watched_ms = miner->miner.created_ms;
  plan->kept_ms = retention_ms > 0 ? plan->now_ms - retention_ms : 0;
  plan->waiting_ms = spooling_since(request->api->engine);
  plan->recent = open_chunk_dup(miner->recent);
  plan->query = (struct history_query){
      .miner_id = miner->miner.id,
      .from_ms = plan->period.from_ms,
      .to_ms = plan->period.to_ms,
      .metrics = wanted_metrics(plan->metrics),
      .detail = history_detail_for(plan->period.to_ms - plan->period.from_ms, plan->points),
      .recent = plan->recent,
      .recent_from_ms = open_chunk_complete_from(plan->recent)};
  job->plan = plan;
  job->release = release_plan;
  job->needs_db = history_needs_db(&plan->query);
  if (!job->needs_db)
    plan->query.detail = HISTORY_SAMPLES;
  job->tagged = true;
  return true;
}

/* ------------------------------------------------------------ query (reader thread) */

/* What the samples become. `gaps` is NULL for a range that is all to come. */
struct drawing {
  struct chart *chart;
  struct gaps *gaps;
};

static bool draw_sample(const struct sample *sample, void *arg) {
  struct drawing *drawing = arg;
  chart_add(drawing->chart, sample);
  if (drawing->gaps != NULL)
    gaps_add(drawing->gaps, sample->at_ms, sample->at_ms, (sample->flags & SAMPLE_MISSED) == 0);
  return true;
}

static void draw_rollup(const struct rollup *rollup, int64_t to_ms, void *arg) {
  struct drawing *drawing = arg;
  chart_add_rollup(drawing->chart, rollup, to_ms);
  if (drawing->gaps != NULL)
    gaps_add(drawing->gaps, rollup->at_ms, to_ms, rollup->samples > rollup->missed);
}

static void draw_damage(int64_t from_ms, int64_t to_ms, const char *why, void *arg) {
  struct drawing *drawing = arg;
  (void)why;
  if (drawing->gaps != NULL)
    gaps_add_damage(drawing->gaps, from_ms, to_ms);
}

/* Hours and days are kept for ever. At the ends, where they are not whole, stand
 * samples; if those may have been let go, what is missing there tells nothing. */
static struct param_period told_period(const struct history_plan *plan) {
  struct param_period told = plan->period;
  if (told.to_ms > plan->now_ms)
    told.to_ms = plan->now_ms;
  if (plan->query.detail == HISTORY_SAMPLES)
    return told;
  if (told.from_ms < plan->kept_ms)
    told.from_ms = rollup_start(told.from_ms + ROLLUP_HOUR_MS - 1, ROLLUP_HOUR_MS);
  if (told.to_ms < plan->kept_ms)
    told.to_ms = rollup_start(told.to_ms, ROLLUP_HOUR_MS);
  return told;
}

/* Gaps that are narrower than a point cannot be seen. */
static struct gaps *open_gaps(const struct history_plan *plan) {
  struct param_period told = told_period(plan);
  int64_t point_ms = (plan->period.to_ms - plan->period.from_ms) / plan->points;
  if (told.from_ms >= told.to_ms)
    return NULL;
  return gaps_create(
      &(struct gaps_options){.from_ms = told.from_ms,
                             .to_ms = told.to_ms,
                             .watched_ms = plan->watched_ms,
                             .kept_ms = plan->query.detail == HISTORY_SAMPLES ? plan->kept_ms : 0,
                             .waiting_ms = plan->waiting_ms,
                             .shortest_ms = point_ms > CHART_GAP_MS ? point_ms : CHART_GAP_MS});
}

static void write_gaps(struct json_write *json, struct gaps *gaps) {
  size_t count = 0;
  const struct gap *list = gaps == NULL ? NULL : gaps_list(gaps, &count);
  json_write_array(json, "gaps");
  for (size_t i = 0; i < count; i++) {
    json_write_object(json, NULL);
    json_write_time(json, "from", list[i].from_ms);
    json_write_time(json, "to", list[i].to_ms);
    json_write_text(json, "kind", gaps_kind_name(list[i].kind));
    json_write_object_end(json);
  }
  json_write_array_end(json);
}

static void write_history(const struct history_plan *plan, const struct drawing *drawing,
                          struct buf *body) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_time(&json, "from", plan->period.from_ms);
  json_write_time(&json, "to", plan->period.to_ms);
  json_write_text(&json, "resolution", history_detail_name(plan->query.detail));
  chart_write(drawing->chart, &json);
  write_gaps(&json, drawing->gaps);
  json_write_object_end(&json);
}

/* A point of an hour or day stands up to half of it from the next. */
static int64_t line_gap_ms(enum history_detail detail) {
  static const int64_t gaps_ms[] = {CHART_GAP_MS, ROLLUP_HOUR_MS * 3 / 2, ROLLUP_DAY_MS * 3 / 2};
  return gaps_ms[detail];
}

/* What was let go stays so when more is to be kept since. */
static bool find_kept(struct history_plan *plan, struct db *db, struct err *err) {
  int64_t before_ms;
  if (!retention_let_go_ms(db, &before_ms, err))
    return false;
  if (before_ms > plan->kept_ms)
    plan->kept_ms = before_ms;
  return true;
}

static bool query_history(struct stored_job *job, struct db *db, struct err *err) {
  struct history_plan *plan = job->plan;
  if (job->needs_db && !find_kept(plan, db, err))
    return false;
  struct drawing drawing = {
      .chart = chart_create(&(struct chart_options){.from_ms = plan->period.from_ms,
                                                    .to_ms = plan->period.to_ms,
                                                    .points = plan->points,
                                                    .columns = plan->metrics,
                                                    .gap_ms = line_gap_ms(plan->query.detail)}),
      .gaps = open_gaps(plan)};
  const struct history_sink sink = {
      .sample = draw_sample, .rollup = draw_rollup, .damaged = draw_damage, .arg = &drawing};
  bool ok = history_read(db, &plan->query, &sink, err);
  if (ok)
    write_history(plan, &drawing, &job->body);
  chart_destroy(drawing.chart);
  gaps_destroy(drawing.gaps);
  return ok;
}

const struct route history_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/miners/{id}/history", .plan = plan_history,
     .query = query_history},
    {0},
};
