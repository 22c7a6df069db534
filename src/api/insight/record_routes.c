/* /api/v1/records: the record book of a miner, or of all of them together. */
#include <math.h>

#include "api/api_state.h"
#include "api/input.h"
#include "base/json_write.h"
#include "base/str.h"
#include "model/metric.h"
#include "store/history.h"
#include "store/records/record_store.h"

/* More samples than these (at some ten million a second) are not walked for the
 * longest time without a restart, which no day tells. */
static const int64_t MOST_SAMPLES = 8 * 1000 * 1000;

struct holder {
  int64_t id;
  char name[MINER_NAME_MAX];
  double uptime_s; /* now; NaN unknown */
  int64_t seen_ms;
};

/* What the reader thread needs of the live state. */
struct record_plan {
  int64_t miner_id;       /* RECORD_ALL_MINERS */
  struct holder *holders; /* ordered by id */
  size_t count;
  struct record live_best; /* of the newest hours, with the moment when those tell it */
};

/* ------------------------------------------------------------ plan (loop) */

struct search {
  double value;
  int64_t at_ms;
};

static bool find_first(const struct sample *sample, void *arg) {
  struct search *search = arg;
  if (!(sample->values[METRIC_BEST_DIFF] >= search->value))
    return true;
  search->at_ms = sample->at_ms;
  return false;
}

/* The earliest reading of the last hours that shows the record; but not when it is the
 * very first of them, since it may be older then. */
static void find_live_best(struct record_plan *plan, const struct fleet_miner *miner) {
  struct search search = {.value = miner->best_diff_ever};
  struct search oldest = {.value = -INFINITY};
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, find_first, &search);
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, find_first, &oldest);
  plan->live_best = (struct record){.value = miner->best_diff_ever,
                                    .at_ms = search.at_ms == oldest.at_ms ? 0 : search.at_ms,
                                    .miner_id = miner->miner.id};
}

static void add_holder(struct record_plan *plan, const struct fleet_miner *miner) {
  struct holder *holder = &plan->holders[plan->count++];
  holder->id = miner->miner.id;
  str_copy(holder->name, sizeof holder->name, miner->miner.name);
  holder->uptime_s =
      fleet_miner_is_live(miner) ? miner->last.values[METRIC_UPTIME_S] : METRIC_UNKNOWN;
  holder->seen_ms = miner->last.at_ms;
}

static bool plan_records(struct request *request, struct stored_job *job) {
  struct fleet *fleet = engine_fleet(request->api->engine);
  struct record_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct fleet_miner *only;
  const struct fleet_miner *best = NULL;
  if (!input_query_miner(request, &only))
    return false;
  plan->miner_id = only != NULL ? only->miner.id : RECORD_ALL_MINERS;
  plan->live_best = (struct record){.value = METRIC_UNKNOWN};
  plan->holders = arena_alloc(&job->arena, (fleet_count(fleet) + 1) * sizeof *plan->holders);
  plan->count = 0;
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (only != NULL && miner != only)
      continue;
    add_holder(plan, miner);
    if (metric_is_known(miner->best_diff_ever) &&
        (best == NULL || miner->best_diff_ever > best->best_diff_ever))
      best = miner;
  }
  if (best != NULL)
    find_live_best(plan, best);
  job->plan = plan;
  job->tagged = true;
  return true;
}

/* ------------------------------------------------------------ query (reader) */

static bool take_longest(const struct sample *sample, void *arg) {
  struct record *longest = arg;
  double uptime_s = sample->values[METRIC_UPTIME_S];
  if (metric_is_known(uptime_s) && !(uptime_s <= longest->value)) {
    longest->value = uptime_s;
    longest->at_ms = sample->at_ms;
  }
  return true;
}

static bool find_longest(const struct record_plan *plan, const struct record_book *book,
                         struct db *db, struct record *longest, struct err *err) {
  bool walk = book->samples <= MOST_SAMPLES;
  *longest = (struct record){.value = METRIC_UNKNOWN};
  for (size_t i = 0; i < plan->count; i++) {
    const struct holder *holder = &plan->holders[i];
    const struct history_query query = {.miner_id = holder->id,
                                        .to_ms = INT64_MAX,
                                        .detail = HISTORY_SAMPLES,
                                        .metrics = UINT64_C(1) << METRIC_UPTIME_S};
    struct record own = {
        .value = holder->uptime_s, .at_ms = holder->seen_ms, .miner_id = holder->id};
    const struct history_sink sink = {.sample = take_longest, .arg = &own};
    if (walk && !history_read(db, &query, &sink, err))
      return false;
    if (metric_is_known(own.value) && !(own.value <= longest->value))
      *longest = own;
  }
  return true;
}

/* The record of the days, or that of the newest hours when it is higher, with the
 * moment of its news where that is known. `is_moment` false: `at_ms` is a day. */
static bool choose_best(const struct record_plan *plan, struct record *best, struct db *db,
                        bool *is_moment, struct err *err) {
  int64_t noted_ms;
  *is_moment = false;
  if (metric_is_known(plan->live_best.value) && !(plan->live_best.value <= best->value)) {
    *best = plan->live_best;
    *is_moment = best->at_ms != 0;
  }
  if (!metric_is_known(best->value))
    return true;
  if (!record_store_best_moment(db, best->miner_id, best->value, &noted_ms, err))
    return false;
  if (noted_ms != 0) {
    best->at_ms = noted_ms;
    *is_moment = true;
  }
  return true;
}

static void write_holder(struct json_write *json, const struct record_plan *plan, int64_t id) {
  const char *name = NULL;
  for (size_t i = 0; i < plan->count; i++) {
    if (plan->holders[i].id == id)
      name = plan->holders[i].name;
  }
  if (id == 0) {
    json_write_null(json, "miner");
    return;
  }
  json_write_object(json, "miner");
  json_write_i64(json, "id", id);
  json_write_text(json, "name", name);
  json_write_object_end(json);
}

static void write_record(struct json_write *json, const char *key, const struct record_plan *plan,
                         const struct record *record) {
  if (!metric_is_known(record->value)) {
    json_write_null(json, key);
    return;
  }
  json_write_object(json, key);
  json_write_number(json, "value", record->value, 3);
  json_write_time(json, "at", record->at_ms);
  write_holder(json, plan, record->miner_id != 0 ? record->miner_id : plan->miner_id);
  json_write_object_end(json);
}

static void write_best(struct json_write *json, const struct record_plan *plan,
                       const struct record *best, bool is_moment) {
  if (!metric_is_known(best->value)) {
    json_write_null(json, "best_difficulty");
    return;
  }
  json_write_object(json, "best_difficulty");
  json_write_number(json, "value", best->value, 0);
  json_write_time(json, "at", best->at_ms);
  json_write_text(json, "at_is", is_moment ? "moment" : "day");
  write_holder(json, plan, best->miner_id);
  json_write_object_end(json);
}

static bool query_records(struct stored_job *job, struct db *db, struct err *err) {
  const struct record_plan *plan = job->plan;
  struct record_book book;
  struct record longest;
  struct json_write json;
  bool is_moment;
  if (!record_store_book(db, plan->miner_id, &book, err) ||
      !choose_best(plan, &book.best_diff, db, &is_moment, err) ||
      !find_longest(plan, &book, db, &longest, err))
    return false;
  json_write_init(&json, &job->body);
  json_write_object(&json, NULL);
  json_write_time(&json, "since", book.first_ms);
  json_write_i64(&json, "days", book.days);
  write_best(&json, plan, &book.best_diff, is_moment);
  write_record(&json, "hashrate_ghs", plan, &book.hashrate);
  write_record(&json, "efficiency_j_th", plan, &book.lowest_efficiency);
  write_record(&json, "uptime_s", plan, &longest);
  json_write_number(&json, "energy_kwh", book.energy_wh / 1000, 3);
  json_write_number(&json, "online_s", book.online_s, 0);
  json_write_i64(&json, "shares_accepted", book.shares_accepted);
  json_write_i64(&json, "shares_rejected", book.shares_rejected);
  json_write_object_end(&json);
  return true;
}

const struct route record_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/records", .plan = plan_records, .query = query_records},
    {0},
};
