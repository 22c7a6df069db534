#include "api/render.h"

#include <math.h>

#include "api/device/device_json.h"
#include "base/clock.h"
#include "engine/alerts/desk.h"
#include "engine/summary.h"

struct render_now render_clock(void) {
  return (struct render_now){.wall_ms = clock_wall_ms(), .mono_ms = clock_mono_ms()};
}

/* In this run the monotonic clock tells the age; a miner that was only seen in
 * an earlier run has nothing but the wall clock's word. */
int64_t render_age_ms(const struct fleet_miner *miner, struct render_now now) {
  int64_t age_ms = -1;
  if (miner->seen_mono_ms > 0)
    age_ms = now.mono_ms - miner->seen_mono_ms;
  else if (miner->memory.seen_ms > 0)
    age_ms = now.wall_ms - miner->memory.seen_ms;
  else
    return -1;
  return age_ms < 0 ? 0 : age_ms;
}

/* "" is unknown. */
static void write_known(struct json_write *json, const char *key, const char *text) {
  json_write_text(json, key, text[0] == '\0' ? NULL : text);
}

static void write_reason(struct json_write *json, const char *key, enum reason reason) {
  json_write_text(json, key, reason == REASON_NONE ? NULL : reason_facts(reason)->text);
}

/* Every figure, and the efficiency that follows from two of them. */
static void write_readings(struct json_write *json, const struct sample *sample) {
  for (int i = 0; i < METRIC_COUNT; i++) {
    const struct metric_facts *facts = metric_facts((enum metric)i);
    json_write_number(json, facts->name, sample->values[i], facts->decimals);
  }
  json_write_number(json, "efficiency_j_th", sample_efficiency_j_th(sample), 2);
}

/* No limit is 0 or below: such a board is not known. */
static void write_limit(struct json_write *json, const char *key, double limit) {
  json_write_number(json, key, limit > 0 ? limit : METRIC_UNKNOWN, 1);
}

static void write_limits(struct json_write *json, const struct miner_limits *limits) {
  json_write_object(json, "limits");
  write_limit(json, "chip_warn_c", limits->chip_warn_c);
  write_limit(json, "chip_trip_c", limits->chip_trip_c);
  write_limit(json, "vr_warn_c", limits->vr_warn_c);
  write_limit(json, "vr_trip_c", limits->vr_trip_c);
  write_limit(json, "input_min_mv", limits->input_min_mv);
  write_limit(json, "input_max_mv", limits->input_max_mv);
  write_limit(json, "power_max_w", limits->power_max_w);
  json_write_object_end(json);
}

static void write_facts(struct json_write *json, const struct miner *miner) {
  const struct miner_facts *facts = &miner->facts;
  write_known(json, "model", facts->model);
  write_known(json, "asic_model", facts->asic_model);
  if (facts->asic_count > 0)
    json_write_i64(json, "asic_count", facts->asic_count);
  else
    json_write_null(json, "asic_count");
  write_known(json, "mac", miner->mac[0] != '\0' ? miner->mac : facts->mac);
  json_write_text(json, "address", miner->address);
  write_known(json, "firmware", facts->firmware);
  write_known(json, "board", facts->board);
  write_known(json, "hostname", facts->hostname);
  write_known(json, "fault", facts->fault);
  write_limits(json, &facts->limits);
}

static void write_pool(struct json_write *json, const struct fleet_miner *miner) {
  const struct miner_facts *facts = &miner->miner.facts;
  if (facts->pool_host[0] == '\0') {
    json_write_null(json, "pool");
    return;
  }
  json_write_object(json, "pool");
  json_write_text(json, "host", facts->pool_host);
  if (facts->pool_port > 0)
    json_write_i64(json, "port", facts->pool_port);
  else
    json_write_null(json, "port");
  json_write_bool(json, "fallback", (miner->last.flags & SAMPLE_FALLBACK_POOL) != 0);
  json_write_object_end(json);
}

static void write_state(struct json_write *json, const struct fleet_miner *miner,
                        struct render_now now) {
  const struct miner_memory *memory = &miner->memory;
  json_write_text(json, "state", state_name(memory->state));
  json_write_text(json, "state_title", state_title(memory->state));
  json_write_time(json, "state_since", memory->state_since_ms);
  write_reason(json, "reason", memory->reason);
  json_write_text(json, "reason_code",
                  memory->reason == REASON_NONE ? NULL : reason_facts(memory->reason)->name);

  struct buf text, advice;
  buf_init(&text);
  buf_init(&advice);
  summary_write_miner(miner, now.wall_ms, NULL, &text, &advice);
  json_write_text_n(json, "text", text.length > 0 ? text.data : "", text.length);
  json_write_text(json, "advice", advice.length > 0 ? advice.data : NULL);
  buf_finish(&text);
  buf_finish(&advice);
}

static void write_miner(struct json_write *json, const struct fleet_miner *miner,
                        struct render_now now) {
  json_write_i64(json, "id", miner->miner.id);
  json_write_text(json, "name", miner->miner.name);
  write_facts(json, &miner->miner);
  write_state(json, miner, now);
  json_write_time(json, "seen_at", miner->memory.seen_ms);
  int64_t age_ms = render_age_ms(miner, now);
  json_write_number(json, "age_s", age_ms < 0 ? METRIC_UNKNOWN : (double)age_ms / 1000, 1);
  json_write_time(json, "created_at", miner->miner.created_ms);
  json_write_bool(json, "demo", miner->miner.demo);
  write_pool(json, miner);
  json_write_number(json, "best_diff_ever", miner->best_diff_ever, 0);
  json_write_array(json, "alerts");
  render_firing(json, miner);
  json_write_array_end(json);
  json_write_i64(json, "version", (int64_t)miner->version);

  /* Readings of a miner that is away are not shown as present. */
  struct sample nothing;
  sample_init(&nothing, 0);
  json_write_object(json, "sample");
  write_readings(json, fleet_miner_is_live(miner) ? &miner->last : &nothing);
  json_write_object_end(json);
}

void render_miner(struct json_write *json, const char *key, const struct fleet_miner *miner,
                  struct render_now now) {
  json_write_object(json, key);
  write_miner(json, miner, now);
  json_write_object_end(json);
}

void render_miner_whole(struct json_write *json, const char *key, const struct fleet_miner *miner,
                        struct render_now now) {
  json_write_object(json, key);
  write_miner(json, miner, now);
  device_json_write(json, "device", miner);
  json_write_object_end(json);
}

void render_sample(struct json_write *json, const char *key, const struct sample *sample) {
  json_write_object(json, key);
  json_write_time(json, "at", sample->at_ms);
  json_write_text(json, "state", state_name(sample->state));
  write_reason(json, "reason", sample->reason);
  json_write_bool(json, "missed", (sample->flags & SAMPLE_MISSED) != 0);
  json_write_bool(json, "rebooted", (sample->flags & SAMPLE_REBOOTED) != 0);
  json_write_bool(json, "fallback_pool", (sample->flags & SAMPLE_FALLBACK_POOL) != 0);
  json_write_bool(json, "backfilled", (sample->flags & SAMPLE_BACKFILLED) != 0);
  write_readings(json, sample);
  json_write_object_end(json);
}

void render_fleet(struct json_write *json, const char *key, struct fleet *fleet) {
  struct fleet_totals totals;
  fleet_totals(fleet, &totals);
  json_write_object(json, key);
  json_write_i64(json, "miners", (int64_t)totals.miners);
  json_write_i64(json, "hashing", (int64_t)totals.hashing);
  json_write_i64(json, "trouble", (int64_t)totals.trouble);
  json_write_object(json, "by_state");
  for (int i = 0; i < STATE_COUNT; i++)
    json_write_i64(json, state_name((enum miner_state)i), (int64_t)totals.by_state[i]);
  json_write_object_end(json);
  json_write_number(json, "hashrate_ghs", totals.hashrate_ghs, 2);
  json_write_number(json, "expected_hashrate_ghs", totals.expected_hashrate_ghs, 2);
  json_write_number(json, "power_w", totals.power_w, 2);
  json_write_number(json, "efficiency_j_th", totals.efficiency_j_th, 2);
  json_write_number(json, "best_diff", totals.best_diff, 0);
  json_write_i64(json, "alerts_firing", (int64_t)totals.alerts_firing);
  json_write_object_end(json);
}

void render_summary(struct json_write *json, const char *key, struct fleet *fleet,
                    int64_t wall_ms) {
  struct fleet_totals totals;
  struct buf text, advice;
  buf_init(&text);
  buf_init(&advice);
  fleet_totals(fleet, &totals);
  enum summary_mood mood = summary_write(fleet, wall_ms, NULL, &text, &advice);

  json_write_object(json, key);
  json_write_text(json, "mood", summary_mood_name(mood));
  json_write_text_n(json, "text", text.length > 0 ? text.data : "", text.length);
  json_write_text(json, "advice", advice.length > 0 ? advice.data : NULL);
  json_write_object(json, "miners");
  json_write_i64(json, "total", (int64_t)totals.miners);
  json_write_i64(json, "hashing", (int64_t)totals.hashing);
  json_write_i64(json, "trouble", (int64_t)totals.trouble);
  json_write_object_end(json);
  json_write_time(json, "at", wall_ms);
  json_write_object_end(json);
  buf_finish(&text);
  buf_finish(&advice);
}

/* The words and figures that a firing alert and an alert event share. */
static void write_alert(struct json_write *json, enum alert_rule rule, double value, double limit,
                        double worst) {
  const struct alert_rule_facts *facts = alert_rule_facts(rule);
  json_write_text(json, "rule", facts->name);
  json_write_text(json, "title", facts->title);
  json_write_text(json, "severity", alert_severity_name(facts->severity));
  json_write_number(json, "value", value, 3);
  json_write_number(json, "limit", limit, 3);
  json_write_number(json, "worst", worst, 3);
  json_write_text(json, "meaning", facts->meaning);
  json_write_text(json, "advice", facts->advice);
}

void render_firing(struct json_write *json, const struct fleet_miner *miner) {
  for (int i = 0; i < ALERT_RULE_COUNT; i++) {
    const struct alert_memory *memory = &miner->alerts[i];
    if (!alert_phase_is_open(memory->phase))
      continue;
    json_write_object(json, NULL);
    json_write_i64(json, "miner_id", miner->miner.id);
    json_write_time(json, "since", memory->since_ms);
    write_alert(json, (enum alert_rule)i, memory->value, memory->limit, memory->worst);
    json_write_object_end(json);
  }
}

void render_alert_event(struct json_write *json, const char *key, int64_t id,
                        const char *miner_name, const struct alert_event *event) {
  json_write_object(json, key);
  if (id > 0)
    json_write_i64(json, "id", id);
  else
    json_write_null(json, "id");
  if (event->miner_id > 0)
    json_write_i64(json, "miner_id", event->miner_id);
  else
    json_write_null(json, "miner_id");
  json_write_text(json, "miner_name", miner_name);
  json_write_bool(json, "drill", event->miner_id == DESK_DRILL_MINER);
  json_write_text(json, "kind", alert_event_kind_name(event->kind));
  json_write_time(json, "at", event->at_ms);
  json_write_time(json, "since", event->since_ms);
  bool has_reason = event->reason > REASON_NONE && event->reason < REASON_COUNT;
  write_reason(json, "reason", has_reason ? (enum reason)event->reason : REASON_NONE);
  write_alert(json, event->rule, event->value, event->limit, event->worst);
  json_write_object_end(json);
}

static void write_problem(struct json_write *json, const char *part, const char *problem,
                          const char *advice) {
  json_write_object(json, NULL);
  json_write_text(json, "part", part);
  json_write_text(json, "problem", problem);
  json_write_text(json, "advice", advice);
  json_write_object_end(json);
}

static void write_problems(struct json_write *json, const struct engine_health *health) {
  json_write_array(json, "problems");
  if (!health->storing && health->spooling_since_ms > 0)
    write_problem(
        json, "storage", health->storage_problem,
        "The miners are still watched, and you are still told of alerts. Start PostgreSQL "
        "again if it was stopped; the rest goes by itself.");
  else if (!health->storing)
    write_problem(json, "storage", health->storage_problem,
                  "The miners are still watched, and their readings wait in memory. Put right what "
                  "is named here; saving goes on by itself.");
  if (!health->keeping)
    write_problem(json, "backup", health->keeping_problem,
                  "Recording goes on; put right what is named here. It is tried again every ten "
                  "minutes.");
  if (health->telegram_configured && !health->telegram_ok)
    write_problem(json, "telegram", health->telegram_problem,
                  "Messages are kept and sent later. Check the internet connection, "
                  "TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID.");
  json_write_array_end(json);
}

static const char *demo_state(struct fleet *fleet, bool has_demo) {
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    if (fleet_at(fleet, i)->miner.demo)
      return "running";
  }
  return has_demo ? "stopped" : "unavailable";
}

void render_health(struct json_write *json, const char *key, struct engine *engine,
                   struct render_monitor monitor, int64_t wall_ms) {
  struct engine_health health;
  engine_health(engine, &health);
  bool telegram_fails = health.telegram_configured && !health.telegram_ok;

  json_write_object(json, key);
  json_write_text(json, "status",
                  health.storing && health.keeping && !telegram_fails ? "ok" : "degraded");
  json_write_text(json, "version", monitor.version);
  json_write_time(json, "at", wall_ms);
  json_write_time(json, "started_at", health.started_ms);
  json_write_number(json, "uptime_s", fmax(0, (double)(wall_ms - health.started_ms) / 1000), 0);
  write_problems(json, &health);

  json_write_object(json, "storage");
  json_write_bool(json, "storing", health.storing);
  json_write_i64(json, "unsaved_samples", (int64_t)health.unsaved_samples);
  json_write_time(json, "spooling_since", health.spooling_since_ms);
  json_write_i64(json, "spooled_samples", (int64_t)health.spooled_samples);
  json_write_i64(json, "lost_samples", (int64_t)health.lost_samples);
  json_write_time(json, "last_commit_at", health.last_commit_ms);
  json_write_time(json, "last_backup_at", health.last_backup_ms);
  json_write_object_end(json);

  json_write_object(json, "telegram");
  json_write_bool(json, "configured", health.telegram_configured);
  json_write_bool(json, "ok", health.telegram_ok);
  json_write_i64(json, "messages_waiting", (int64_t)health.messages_waiting);
  json_write_object_end(json);

  json_write_object(json, "polls");
  json_write_i64(json, "total", (int64_t)health.polls);
  json_write_i64(json, "failed", (int64_t)health.polls_failed);
  json_write_i64(json, "in_flight", (int64_t)health.polls_in_flight);
  json_write_object_end(json);

  struct fleet *fleet = engine_fleet(engine);
  json_write_i64(json, "miners", (int64_t)fleet_count(fleet));
  json_write_text(json, "demo", demo_state(fleet, monitor.has_demo));
  json_write_object_end(json);
}
