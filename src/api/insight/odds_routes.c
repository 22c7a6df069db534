/* /api/v1/odds: the lottery of solo mining, for one miner or all of them. */
#include <math.h>
#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "base/json_write.h"
#include "base/str.h"
#include "insight/odds.h"
#include "model/metric.h"
#include "store/records/record_store.h"

static const char nothing_told[] =
    "No miner has told the difficulty of the network yet. AxeOS tells it since 2.11, once it "
    "has work from its pool; with another firmware give it as `network_difficulty`.";

struct odds_plan {
  int64_t miner_id; /* RECORD_ALL_MINERS */
  double hashrate_ghs, best;
  struct fleet_network network;
  bool given; /* the difficulty came with the request */
};

/* ------------------------------------------------------------ plan (loop) */

/* A positive number; a missing parameter leaves `out` alone. */
static bool read_positive(struct http_exchange *exchange, const char *name, double *out,
                          struct err *err) {
  const char *text = http_exchange_query(exchange, name);
  double value;
  if (text == NULL)
    return true;
  if (!str_to_double(text, &value) || !(value > 0) || !isfinite(value))
    return err_set(err, ERR_INVALID, "`%s` must be a number above 0", name);
  *out = value;
  return true;
}

static bool plan_odds(struct request *request, struct stored_job *job) {
  struct fleet *fleet = engine_fleet(request->api->engine);
  struct odds_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct fleet_miner *only;
  struct fleet_totals totals;
  struct err err;
  double given = METRIC_UNKNOWN;
  if (!input_query_miner(request, &only))
    return false;
  fleet_totals(fleet, &totals);
  *plan = (struct odds_plan){.miner_id = RECORD_ALL_MINERS,
                             .hashrate_ghs = totals.hashrate_ghs,
                             .best = totals.best_diff,
                             .network = fleet_network(fleet)};
  if (only != NULL) {
    plan->miner_id = only->miner.id;
    plan->best = only->best_diff_ever;
    plan->hashrate_ghs =
        fleet_miner_is_live(only) ? only->last.values[METRIC_HASHRATE_GHS] : METRIC_UNKNOWN;
  }
  if (!read_positive(request->exchange, "hashrate_ghs", &plan->hashrate_ghs, &err) ||
      !read_positive(request->exchange, "network_difficulty", &given, &err)) {
    answer_err(request->exchange, &err);
    return false;
  }
  plan->given = metric_is_known(given);
  if (plan->given)
    plan->network = (struct fleet_network){.difficulty = given};
  job->plan = plan;
  return true;
}

/* ------------------------------------------------------------ query (reader) */

static void write_network(struct json_write *json, const struct odds_plan *plan) {
  const struct fleet_network *network = &plan->network;
  bool known = metric_is_known(network->difficulty);
  json_write_object(json, "network");
  json_write_number(json, "difficulty", network->difficulty, 0);
  json_write_time(json, "at", network->at_ms);
  json_write_text(json, "source",
                  !known          ? NULL
                  : plan->given   ? "request"
                  : network->demo ? "demo"
                                  : "miner");
  json_write_text(json, "note", known ? NULL : nothing_told);
  json_write_object_end(json);
}

/* One target and how likely it is; all null when either is unknown. */
static void write_chance(struct json_write *json, const char *key, double hashrate_ghs,
                         double difficulty) {
  double day = odds_reach(odds_hashes(hashrate_ghs, ODDS_DAY_S), difficulty);
  double year = odds_reach(odds_hashes(hashrate_ghs, ODDS_YEAR_S), difficulty);
  json_write_object(json, key);
  json_write_number(json, "one_in_per_day", odds_one_in(day), 1);
  json_write_number(json, "one_in_per_year", odds_one_in(year), 1);
  json_write_number(json, "expected_years", odds_mean_s(hashrate_ghs, difficulty) / ODDS_YEAR_S, 6);
  json_write_object_end(json);
}

static void write_luck(struct json_write *json, const struct record_book *book) {
  double luck = odds_luck(book->best_session_diff, book->hashes);
  bool known = metric_is_known(luck) && book->hashes > 0;
  json_write_object(json, "luck");
  json_write_time(json, "since", book->first_ms);
  json_write_number(json, "work_terahashes", book->hashes / 1e12, 0);
  json_write_number(json, "usual_best_difficulty",
                    book->hashes > 0 ? odds_usual_best(book->hashes) : METRIC_UNKNOWN, 0);
  json_write_number(json, "best_difficulty", book->best_session_diff, 0);
  json_write_number(json, "percentile", known ? luck * 100 : METRIC_UNKNOWN, 1);
  json_write_object_end(json);
}

static bool query_odds(struct stored_job *job, struct db *db, struct err *err) {
  const struct odds_plan *plan = job->plan;
  struct record_book book;
  struct json_write json;
  if (!record_store_book(db, plan->miner_id, &book, err))
    return false;
  json_write_init(&json, &job->body);
  json_write_object(&json, NULL);
  write_network(&json, plan);
  json_write_number(&json, "hashrate_ghs", plan->hashrate_ghs, 3);
  write_chance(&json, "block", plan->hashrate_ghs, plan->network.difficulty);
  json_write_number(&json, "best_difficulty", plan->best, 0);
  write_chance(&json, "record", plan->hashrate_ghs, plan->best);
  write_luck(&json, &book);
  json_write_object_end(&json);
  return true;
}

const struct route odds_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/odds", .plan = plan_odds, .query = query_odds},
    {0},
};
