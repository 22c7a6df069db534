/* The routes of the first Bitaxe monitor with its field names, so that programs
 * written against it go on working, and the webhook of Telegram. They speak of
 * one miner: ?miner=, else the one with the lowest number. */
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "api/param.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/str.h"
#include "store/open_chunk.h"
#include "store/sample_store.h"

static const struct {
  const char *name;
  enum metric metric;
} legacy_names[] = {
    {"temp_core_c", METRIC_CHIP_TEMP_C},
    {"temp_vr_c", METRIC_VR_TEMP_C},
    {"power_w", METRIC_POWER_W},
    {"fan_rpm", METRIC_FAN_RPM},
    {"frequency_mhz", METRIC_FREQUENCY_MHZ},
    {"core_voltage_mv", METRIC_CORE_VOLTAGE_MV},
    {"wifi_rssi_dbm", METRIC_WIFI_RSSI_DBM},
    {"uptime_seconds", METRIC_UPTIME_S},
    {"hash_rate_ghs", METRIC_HASHRATE_GHS},
    {"best_difficulty", METRIC_BEST_DIFF},
    {"response_time_ms", METRIC_RESPONSE_MS},
    {"shares_accepted", METRIC_SHARES_ACCEPTED},
    {"shares_rejected", METRIC_SHARES_REJECTED},
};

/* False (answered) when the request names a miner that does not exist; `miner`
 * is NULL when there is none at all yet. */
static bool find_miner(struct request *request, struct fleet_miner **miner) {
  if (!input_query_miner(request, miner))
    return false;
  struct fleet *fleet = engine_fleet(request->api->engine);
  if (*miner == NULL && fleet_count(fleet) > 0)
    *miner = fleet_at(fleet, 0);
  return true;
}

static bool is_online(const struct sample *sample) {
  return (sample->flags & SAMPLE_MISSED) == 0 && sample->state != STATE_OFFLINE &&
         sample->state != STATE_UNRESPONSIVE;
}

static void write_figure(struct json_write *json, const char *name, enum metric metric,
                         const struct sample *sample) {
  json_write_number(json, name, sample->values[metric], metric_facts(metric)->decimals);
}

static void write_telemetry(struct json_write *json, const struct sample *sample) {
  json_write_object(json, NULL);
  json_write_null(json, "id");
  json_write_time(json, "timestamp", sample->at_ms);
  json_write_bool(json, "online", is_online(sample));
  for (size_t i = 0; i < sizeof legacy_names / sizeof legacy_names[0]; i++)
    write_figure(json, legacy_names[i].name, legacy_names[i].metric, sample);
  json_write_null(json, "raw_json");
  json_write_object_end(json);
}

static void write_status(struct json_write *json, const struct sample *sample) {
  json_write_object(json, NULL);
  json_write_bool(json, "has_telemetry", true);
  json_write_bool(json, "online", is_online(sample));
  write_figure(json, "temp_core_c", METRIC_CHIP_TEMP_C, sample);
  write_figure(json, "temp_vr_c", METRIC_VR_TEMP_C, sample);
  write_figure(json, "hash_rate_ghs", METRIC_HASHRATE_GHS, sample);
  write_figure(json, "power_w", METRIC_POWER_W, sample);
  write_figure(json, "fan_rpm", METRIC_FAN_RPM, sample);
  write_figure(json, "uptime_seconds", METRIC_UPTIME_S, sample);
  json_write_time(json, "timestamp", sample->at_ms);
  json_write_object_end(json);
}

/* ------------------------------------------------------------ the newest reading */

/* The last that came, not the one with the latest time: the clock may have been
 * ahead for a while. */
static bool keep_newest(const struct sample *sample, void *arg) {
  struct sample *newest = arg;
  *newest = *sample;
  return true;
}

/* Missed polls count, as they did in the original: `online` is false then. */
static bool find_newest(const struct fleet_miner *miner, struct sample *newest) {
  sample_init(newest, 0);
  if (miner == NULL)
    return false;
  *newest = miner->last;
  open_chunk_each(miner->recent, clock_wall_ms() - 10 * 60 * 1000, INT64_MAX, keep_newest, newest);
  if (newest->at_ms == 0)
    open_chunk_each(miner->recent, 0, INT64_MAX, keep_newest, newest);
  return newest->at_ms > 0;
}

static void answer_newest(struct request *request,
                          void (*write)(struct json_write *json, const struct sample *sample),
                          void (*write_none)(struct json_write *json)) {
  struct fleet_miner *miner;
  if (!find_miner(request, &miner))
    return;
  struct sample newest;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  if (find_newest(miner, &newest))
    write(&json, &newest);
  else
    write_none(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void write_message(struct json_write *json) {
  json_write_object(json, NULL);
  json_write_text(json, "message", "No telemetry yet");
  json_write_object_end(json);
}

static void write_no_status(struct json_write *json) {
  json_write_object(json, NULL);
  json_write_bool(json, "has_telemetry", false);
  json_write_object_end(json);
}

static void get_latest(struct request *request) {
  answer_newest(request, write_telemetry, write_message);
}

static void get_status(struct request *request) {
  answer_newest(request, write_status, write_no_status);
}

/* ------------------------------------------------------------ the newest n */

enum { LAST_MAX = 1000 };

struct last_plan {
  int64_t miner_id; /* 0: there is none yet */
  int64_t count;
  struct open_chunk *recent; /* holds all that are asked for; NULL: the database does */
};

static void release_last(void *arg) {
  struct last_plan *plan = arg;
  open_chunk_destroy(plan->recent);
}

static bool plan_last(struct request *request, struct stored_job *job) {
  struct fleet_miner *miner;
  struct err err;
  int64_t count = 0;
  if (!param_count("n", request->param, (struct param_range){1, LAST_MAX}, &count, &err)) {
    answer_err(request->exchange, &err);
    return false;
  }
  if (!find_miner(request, &miner))
    return false;
  struct last_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  plan->count = count;
  plan->miner_id = miner == NULL ? 0 : miner->miner.id;
  if (miner != NULL && (int64_t)open_chunk_count(miner->recent) >= count)
    plan->recent = open_chunk_dup(miner->recent);
  job->plan = plan;
  job->release = release_last;
  job->needs_db = miner != NULL && plan->recent == NULL;
  return true;
}

/* The newest `count` as a ring, since an open chunk is walked from its oldest. */
struct ring {
  struct sample *samples;
  size_t count, seen;
};

static bool to_ring(const struct sample *sample, void *arg) {
  struct ring *ring = arg;
  ring->samples[ring->seen++ % ring->count] = *sample;
  return true;
}

static bool to_json(const struct sample_row *row, void *arg) {
  write_telemetry(arg, &row->sample);
  return true;
}

static void write_recent(const struct last_plan *plan, struct arena *arena,
                         struct json_write *json) {
  struct ring ring = {.count = (size_t)plan->count};
  ring.samples = arena_alloc(arena, ring.count * sizeof(struct sample));
  open_chunk_each(plan->recent, INT64_MIN, INT64_MAX, to_ring, &ring);
  for (size_t i = 1; i <= ring.count && i <= ring.seen; i++)
    write_telemetry(json, &ring.samples[(ring.seen - i) % ring.count]);
}

static bool query_last(struct stored_job *job, struct db *db, struct err *err) {
  const struct last_plan *plan = job->plan;
  struct json_write json;
  json_write_init(&json, &job->body);
  json_write_array(&json, NULL);
  bool ok = true;
  if (plan->recent != NULL)
    write_recent(plan, &job->arena, &json);
  else if (plan->miner_id > 0)
    ok = sample_store_last(db, plan->miner_id, (int)plan->count, to_json, &json, err);
  if (ok)
    json_write_array_end(&json);
  return ok;
}

/* ------------------------------------------------------------ limits, webhook */

static void get_thresholds(struct request *request) {
  struct fleet_miner *miner;
  if (!find_miner(request, &miner))
    return;
  const struct alert_config *alerts = &engine_options(request->api->engine)->alerts;
  struct miner_limits limits = {.chip_warn_c = METRIC_UNKNOWN, .vr_warn_c = METRIC_UNKNOWN};
  if (miner != NULL)
    limits = miner->miner.facts.limits;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_number(&json, "temp_threshold_core_c", alert_limit(alerts, ALERT_CHIP_TEMP, &limits),
                    3);
  json_write_number(&json, "temp_threshold_vr_c", alert_limit(alerts, ALERT_VR_TEMP, &limits), 3);
  json_write_number(&json, "alert_cooldown_minutes", (double)alerts->cooldown_ms / 60000, 3);
  json_write_number(&json, "alert_hysteresis_c", alerts->hysteresis_c, 3);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static bool is_from_telegram(struct request *request) {
  const char *wanted = request->api->webhook_secret;
  const char *given = http_exchange_header(request->exchange, "X-Telegram-Bot-Api-Secret-Token");
  return wanted[0] != '\0' && given != NULL && str_equal_secret(given, wanted);
}

static void answer_ok(struct http_exchange *exchange) {
  struct buf body;
  buf_init(&body);
  buf_append_text(&body, "{\"ok\":true}");
  answer_json(exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void take_update(struct request *request) {
  const struct api_webhook *webhook = &request->api->webhook;
  if (!is_from_telegram(request)) {
    answer_problem(request->exchange, 403,
                   "this address is for Telegram alone, and the secret does not fit");
    return;
  }
  struct json *update = input_body(request);
  if (update == NULL)
    return;
  json_free(update);
  /* It is JSON, so no NUL stands inside. */
  const char *text = http_exchange_body(request->exchange, NULL);
  if (webhook->update != NULL)
    webhook->update(webhook->arg, text, strlen(text));
  answer_ok(request->exchange);
}

const struct route legacy_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/telemetry/latest", .answer = get_latest},
    {ROUTE_LIVE, "GET", "/api/v1/telemetry/status", .answer = get_status},
    {ROUTE_STORED, "GET", "/api/v1/telemetry/last/{n}", .plan = plan_last, .query = query_last},
    {ROUTE_LIVE, "GET", "/api/v1/telemetry/thresholds", .answer = get_thresholds},
    {ROUTE_WRITE, "POST", "/api/v1/telegram/webhook", .answer = take_update},
    {0},
};
