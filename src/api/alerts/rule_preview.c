/* How often a rule would have told something lately, as it is tuned or as it might be.
 * The rule itself walks over the history, on the thread for walks; over so many readings
 * at most that nobody waits for long. */
#include "api/alerts/rule_preview.h"

#include <math.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "api/param.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/str.h"
#include "engine/alerts/alert_preview.h"
#include "engine/alerts/desk.h"
#include "store/history.h"

#define DAY_MS INT64_C(86400000)

enum { DAYS_DEFAULT = 30, DAYS_MOST = 90, WEEK_S = 7 * 86400 };
static const int64_t MOST_SAMPLES = 2 * 1000 * 1000;

struct watched {
  int64_t id;
  char name[MINER_NAME_MAX];
  struct miner_facts facts;
  struct alert_tuning tuning;
};

struct preview_plan {
  enum alert_rule rule;
  int64_t from_ms, to_ms, interval_ms, days;
  struct watched *miners;
  size_t count;
  double limit;    /* that was asked for; NaN: the one that holds */
  int64_t hold_ms; /* likewise; -1 */
  bool for_all;    /* no single miner was asked for */
};

/* ------------------------------------------------------------ plan (loop) */

/* These have a limit only of the owner's or of a board's. */
static bool sets_own_limit(enum alert_rule rule) {
  return rule == ALERT_HASHRATE_LOW || rule == ALERT_INPUT_VOLTAGE;
}

static bool read_tries(struct request *request, struct preview_plan *plan, struct err *err) {
  struct http_exchange *exchange = request->exchange;
  const char *limit = http_exchange_query(exchange, "limit");
  struct alert_tuning tuning;
  int64_t hold_s = -1;
  plan->days = DAYS_DEFAULT;
  plan->limit = METRIC_UNKNOWN;
  alert_rulebook_tuning(desk_rulebook(engine_desk(request->api->engine)), plan->rule, 0,
                        &(struct miner_limits){0}, &tuning);
  if (limit != NULL && !metric_is_known(tuning.limit) && !sets_own_limit(plan->rule))
    return err_set(err, ERR_INVALID, "the rule '%s' has no limit that could be tried",
                   alert_rule_facts(plan->rule)->name);
  if (limit != NULL && (!str_to_double(limit, &plan->limit) || fabs(plan->limit) >= 1e15))
    return err_set(err, ERR_INVALID, "`limit` must be a number");
  if (!param_count("days", http_exchange_query(exchange, "days"),
                   (struct param_range){1, DAYS_MOST}, &plan->days, err) ||
      !param_count("hold_s", http_exchange_query(exchange, "hold_s"),
                   (struct param_range){0, WEEK_S}, &hold_s, err))
    return false;
  plan->hold_ms = hold_s < 0 ? -1 : hold_s * 1000;
  return true;
}

static bool find_rule(struct request *request, enum alert_rule *rule) {
  if (!alert_rule_find(request->param, rule)) {
    answer_problem(request->exchange, 404, "there is no rule '%.40s'; /api/v1/rules lists them",
                   request->param);
    return false;
  }
  if (alert_preview_can(*rule))
    return true;
  answer_problem(request->exchange, 422, "what the rule '%s' looks at is not kept in the history",
                 alert_rule_facts(*rule)->name);
  return false;
}

/* What is tried for all leaves a miner that was tuned by itself as it is, as saving it
 * would. */
static void try_on(const struct preview_plan *plan, const struct alert_rule_setting *own,
                   struct alert_tuning *tuning) {
  if (metric_is_known(plan->limit) && !metric_is_known(own->limit))
    tuning->limit = plan->limit;
  if (plan->hold_ms >= 0 && own->hold_ms == ALERT_UNSET)
    tuning->hold_ms = plan->hold_ms;
}

static void add_miner(struct preview_plan *plan, const struct alert_rulebook *book,
                      const struct miner *miner) {
  struct alert_rule_setting own;
  struct watched *watched = &plan->miners[plan->count++];
  watched->id = miner->id;
  str_copy(watched->name, sizeof watched->name, miner->name);
  watched->facts = miner->facts;
  alert_rulebook_tuning(book, plan->rule, miner->id, &miner->facts.limits, &watched->tuning);
  alert_rule_setting_init(&own, miner->id, plan->rule);
  if (plan->for_all)
    alert_rulebook_get(book, miner->id, plan->rule, &own);
  try_on(plan, &own, &watched->tuning);
}

/* As many days as were asked for, or as there are readings for. */
static void choose_range(struct preview_plan *plan) {
  int64_t span_ms = plan->days * DAY_MS;
  int64_t miners = plan->count > 0 ? (int64_t)plan->count : 1;
  int64_t most_ms = MOST_SAMPLES / miners * plan->interval_ms;
  plan->to_ms = clock_wall_ms();
  plan->from_ms = plan->to_ms - (span_ms < most_ms ? span_ms : most_ms);
}

bool rule_preview_plan(struct request *request, struct stored_job *job) {
  struct engine *engine = request->api->engine;
  struct preview_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct fleet *fleet = engine_fleet(engine);
  struct fleet_miner *only;
  struct err err;
  *plan = (struct preview_plan){.interval_ms = engine_options(engine)->poll_interval_ms};
  if (!find_rule(request, &plan->rule) || !input_query_miner(request, &only))
    return false;
  if (!read_tries(request, plan, &err)) {
    answer_err(request->exchange, &err);
    return false;
  }
  plan->for_all = only == NULL;
  plan->miners = arena_alloc(&job->arena, (fleet_count(fleet) + 1) * sizeof *plan->miners);
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (only == NULL || miner == only)
      add_miner(plan, desk_rulebook(engine_desk(engine)), &miner->miner);
  }
  choose_range(plan);
  job->plan = plan;
  job->needs_db = true;
  job->walks = true;
  return true;
}

/* ------------------------------------------------------------ query (thread for walks) */

struct walk {
  struct alert_preview *preview;
  int64_t left;
};

static bool take_sample(const struct sample *sample, void *arg) {
  struct walk *walk = arg;
  alert_preview_take(walk->preview, sample);
  return --walk->left > 0; /* a history that is denser than the interval of today */
}

static bool walk_miner(const struct preview_plan *plan, const struct watched *miner,
                       struct walk *walk, struct db *db, struct err *err) {
  const struct history_query query = {.miner_id = miner->id,
                                      .from_ms = plan->from_ms,
                                      .to_ms = plan->to_ms,
                                      .detail = HISTORY_SAMPLES};
  const struct history_sink sink = {.sample = take_sample, .arg = walk};
  alert_preview_begin(walk->preview, miner->id, &miner->facts, &miner->tuning);
  bool ok = history_read(db, &query, &sink, err);
  alert_preview_end(walk->preview);
  return ok;
}

static const char *name_of(const struct preview_plan *plan, int64_t id) {
  for (size_t i = 0; i < plan->count; i++) {
    if (plan->miners[i].id == id)
      return plan->miners[i].name;
  }
  return NULL;
}

static void write_preview(struct buf *body, const struct preview_plan *plan,
                          const struct walk *walk) {
  struct json_write json;
  size_t listed;
  const struct alert_preview_episode *list = alert_preview_list(walk->preview, &listed);
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_text(&json, "rule", alert_rule_facts(plan->rule)->name);
  json_write_time(&json, "from", plan->from_ms);
  json_write_time(&json, "to", plan->to_ms);
  json_write_bool(&json, "shortened",
                  walk->left <= 0 || plan->to_ms - plan->from_ms < plan->days * DAY_MS);
  json_write_i64(&json, "miners", (int64_t)plan->count);
  json_write_i64(&json, "samples", alert_preview_samples(walk->preview));
  json_write_number(&json, "limit", plan->limit, 3);
  if (plan->hold_ms < 0)
    json_write_null(&json, "hold_s");
  else
    json_write_i64(&json, "hold_s", plan->hold_ms / 1000);
  json_write_i64(&json, "count", alert_preview_count(walk->preview));
  json_write_array(&json, "episodes");
  for (size_t i = 0; i < listed; i++) {
    json_write_object(&json, NULL);
    json_write_i64(&json, "miner_id", list[i].miner_id);
    json_write_text(&json, "miner_name", name_of(plan, list[i].miner_id));
    json_write_time(&json, "from", list[i].from_ms);
    json_write_time(&json, "to", list[i].to_ms);
    json_write_number(&json, "worst", list[i].worst, 3);
    json_write_object_end(&json);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
}

bool rule_preview_query(struct stored_job *job, struct db *db, struct err *err) {
  const struct preview_plan *plan = job->plan;
  struct walk walk = {.preview = alert_preview_create(plan->rule, plan->interval_ms),
                      .left = MOST_SAMPLES};
  bool ok = true;
  for (size_t i = 0; ok && i < plan->count && walk.left > 0; i++)
    ok = walk_miner(plan, &plan->miners[i], &walk, db, err);
  if (ok)
    write_preview(&job->body, plan, &walk);
  alert_preview_destroy(walk.preview);
  return ok;
}
