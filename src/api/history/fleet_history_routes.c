/* /api/v1/fleet/history: what all miners did together. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/history/fleet_sum.h"
#include "api/param.h"
#include "base/clock.h"
#include "store/history.h"

enum { DEFAULT_RANGE_MS = 24 * 3600 * 1000, DEFAULT_POINTS = 300, MAX_POINTS = 5000 };

/* More samples than these (at one in ten seconds) are not read for one answer:
 * hours stand in, some tenths of a second of a reader thread. */
static const int64_t MOST_SAMPLES = 2 * 1000 * 1000, SAMPLE_MS = 10000;

struct fleet_plan {
  struct param_period period;
  int64_t step_ms;
  struct history_query *queries; /* one for each miner */
  struct open_chunk **recent;    /* what they point to */
  size_t count;
};

static void release_plan(void *arg) {
  struct fleet_plan *plan = arg;
  for (size_t i = 0; i < plan->count; i++)
    open_chunk_destroy(plan->recent[i]);
}

static int64_t choose_step(const struct param_period *period, int64_t points, size_t miners) {
  int64_t span_ms = period->to_ms - period->from_ms;
  int64_t step_ms = fleet_sum_step_ms(span_ms, points);
  bool too_many = span_ms / SAMPLE_MS > MOST_SAMPLES / (int64_t)(miners + 1);
  return too_many && step_ms < ROLLUP_HOUR_MS ? ROLLUP_HOUR_MS : step_ms;
}

static enum history_detail detail_of(int64_t step_ms) {
  if (step_ms % ROLLUP_DAY_MS == 0)
    return HISTORY_DAYS;
  return step_ms % ROLLUP_HOUR_MS == 0 ? HISTORY_HOURS : HISTORY_SAMPLES;
}

static void plan_miners(struct fleet_plan *plan, struct fleet *fleet, struct arena *arena) {
  plan->count = fleet_count(fleet);
  plan->queries = arena_alloc(arena, (plan->count + 1) * sizeof *plan->queries);
  plan->recent = arena_alloc(arena, (plan->count + 1) * sizeof(struct open_chunk *));
  for (size_t i = 0; i < plan->count; i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    int64_t recent_from_ms = open_chunk_complete_from(miner->recent);
    if (recent_from_ms < plan->period.to_ms)
      plan->recent[i] = open_chunk_dup(miner->recent);
    plan->queries[i] = (struct history_query){.miner_id = miner->miner.id,
                                              .from_ms = plan->period.from_ms,
                                              .to_ms = plan->period.to_ms,
                                              .detail = detail_of(plan->step_ms),
                                              .recent = plan->recent[i],
                                              .recent_from_ms = recent_from_ms};
  }
}

static bool plan_fleet(struct request *request, struct stored_job *job) {
  struct http_exchange *exchange = request->exchange;
  struct fleet *fleet = engine_fleet(request->api->engine);
  struct fleet_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct err err;
  int64_t points = DEFAULT_POINTS, end_ms = clock_wall_ms() + 1;
  plan->period = (struct param_period){end_ms - DEFAULT_RANGE_MS, end_ms};
  if (!param_period(http_exchange_query(exchange, "from"), http_exchange_query(exchange, "to"),
                    &plan->period, &err) ||
      !param_count("points", http_exchange_query(exchange, "points"),
                   (struct param_range){2, MAX_POINTS}, &points, &err)) {
    answer_err(exchange, &err);
    return false;
  }
  plan->step_ms = choose_step(&plan->period, points, fleet_count(fleet));
  plan_miners(plan, fleet, &job->arena);
  job->plan = plan;
  job->release = release_plan;
  job->needs_db = false;
  for (size_t i = 0; i < plan->count; i++)
    job->needs_db = job->needs_db || history_needs_db(&plan->queries[i]);
  job->tagged = true;
  return true;
}

static bool take_sample(const struct sample *sample, void *arg) {
  fleet_sum_add(arg, sample);
  return true;
}

static void take_rollup(const struct rollup *rollup, int64_t to_ms, void *arg) {
  (void)to_ms;
  fleet_sum_add_rollup(arg, rollup);
}

static bool query_fleet(struct stored_job *job, struct db *db, struct err *err) {
  const struct fleet_plan *plan = job->plan;
  struct fleet_sum *sum = fleet_sum_create(plan->period.from_ms, plan->period.to_ms, plan->step_ms);
  const struct history_sink sink = {.sample = take_sample, .rollup = take_rollup, .arg = sum};
  bool ok = true;
  for (size_t i = 0; ok && i < plan->count; i++) {
    ok = history_read(db, &plan->queries[i], &sink, err);
    fleet_sum_next_miner(sum);
  }
  if (ok) {
    struct json_write json;
    json_write_init(&json, &job->body);
    json_write_object(&json, NULL);
    json_write_time(&json, "from", plan->period.from_ms);
    json_write_time(&json, "to", plan->period.to_ms);
    fleet_sum_write(sum, &json);
    json_write_object_end(&json);
  }
  fleet_sum_destroy(sum);
  return ok;
}

const struct route fleet_history_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/fleet/history", .plan = plan_fleet, .query = query_fleet},
    {0},
};
