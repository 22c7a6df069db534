/* /api/v1/support: one file to hand to somebody who helps. Made of what is known to
 * carry no secret; free text passes through the mask besides. Names of miners and of
 * the place, and who is paid, are left out: they are nobody's business. */
#include <math.h>
#include <string.h>
#include <sys/utsname.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/setup/log_mask.h"
#include "api/setup/storage_facts.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/mask.h"
#include "base/str.h"
#include "engine/setup/preferences.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static void write_masked(struct json_write *json, const char *key, const char *text) {
  struct buf masked;
  buf_init(&masked);
  mask_append(&masked, text);
  json_write_text_n(json, key, masked.length == 0 ? "" : masked.data, masked.length);
  buf_finish(&masked);
}

static void write_system(struct json_write *json) {
  struct utsname system;
  json_write_object(json, "system");
  if (uname(&system) == 0) {
    json_write_text(json, "name", system.sysname);
    json_write_text(json, "release", system.release);
    json_write_text(json, "machine", system.machine);
  }
  json_write_object_end(json);
}

static void write_configuration(struct json_write *json, const struct engine_options *options) {
  bool is_file = str_starts_with(options->database_url, "sqlite:");
  double days = (double)options->retention_ms / DAY_MS;
  json_write_object(json, "configuration");
  json_write_text(json, "database", is_file ? "sqlite" : "postgresql");
  json_write_number(json, "poll_interval_s", (double)options->poll_interval_ms / 1000, 3);
  json_write_number(json, "retention_days", options->retention_ms > 0 ? days : NAN, 2);
  json_write_i64(json, "backups_kept", options->backup_keep);
  json_write_bool(json, "public_miners_allowed", options->allow_public_miners);
  json_write_bool(json, "telegram_in_environment", options->telegram_token != NULL);
  json_write_object_end(json);
}

static void write_settings(struct json_write *json, const struct preferences *preferences) {
  json_write_object(json, "settings");
  for (enum preference i = 0; i < PREFERENCE_COUNT; i++) {
    if (i != PREFERENCE_SITE_NAME && i != PREFERENCE_PAYOUT_ADDRESSES)
      write_masked(json, preferences_name(i), preferences_get(preferences, i));
  }
  json_write_object_end(json);
}

static void write_health(struct json_write *json, struct engine *engine) {
  struct engine_health health;
  engine_health(engine, &health);
  json_write_object(json, "health");
  json_write_time(json, "started_at", health.started_ms);
  json_write_bool(json, "storing", health.storing);
  write_masked(json, "storage_problem", health.storage_problem);
  json_write_bool(json, "keeping", health.keeping);
  write_masked(json, "keeping_problem", health.keeping_problem);
  json_write_time(json, "last_commit_at", health.last_commit_ms);
  json_write_time(json, "last_backup_at", health.last_backup_ms);
  json_write_i64(json, "unsaved_samples", (int64_t)health.unsaved_samples);
  json_write_i64(json, "spooled_samples", (int64_t)health.spooled_samples);
  json_write_i64(json, "lost_samples", (int64_t)health.lost_samples);
  json_write_i64(json, "messages_waiting", (int64_t)health.messages_waiting);
  json_write_i64(json, "polls", (int64_t)health.polls);
  json_write_i64(json, "polls_failed", (int64_t)health.polls_failed);
  json_write_i64(json, "polls_late", (int64_t)health.polls_late);
  json_write_object_end(json);
}

/* Their problem in words may quote what a service said: only that there is one is told. */
static void write_channels(struct json_write *json, const struct channels *channels) {
  json_write_array(json, "channels");
  for (size_t i = 0; i < channels_count(channels); i++) {
    const struct channel *channel = channels_at(channels, i);
    json_write_object(json, NULL);
    json_write_text(json, "kind", channel->kind);
    json_write_bool(json, "enabled", channel->enabled);
    json_write_bool(json, "failing", channel->last_error[0] != '\0');
    json_write_bool(json, "dead", channels_is_dead(channels, channel));
    json_write_time(json, "last_delivered_at", channel->last_ok_ms);
    json_write_object_end(json);
  }
  json_write_array_end(json);
}

static void write_miner(struct json_write *json, const struct fleet_miner *entry) {
  const struct miner_facts *facts = &entry->miner.facts;
  json_write_object(json, NULL);
  json_write_i64(json, "id", entry->miner.id);
  json_write_bool(json, "demo", entry->miner.demo);
  write_masked(json, "address", entry->miner.address);
  write_masked(json, "mac", entry->miner.mac);
  write_masked(json, "model", facts->model);
  write_masked(json, "asic_model", facts->asic_model);
  json_write_i64(json, "asic_count", facts->asic_count);
  write_masked(json, "board", facts->board);
  write_masked(json, "firmware", facts->firmware);
  write_masked(json, "pool_host", facts->pool_host);
  write_masked(json, "reset_reason", facts->reset_reason);
  write_masked(json, "fault", facts->fault);
  json_write_text(json, "state", state_name(entry->memory.state));
  json_write_text(json, "reason", reason_facts(entry->memory.reason)->name);
  json_write_i64(json, "misses", entry->memory.misses);
  json_write_time(json, "seen_at", entry->memory.seen_ms);
  json_write_object_end(json);
}

/* The last lines of the log, the oldest first. */
static void write_log(struct json_write *json, struct log *log) {
  struct buf lines, masked;
  buf_init(&lines);
  buf_init(&masked);
  log_copy_kept(log, &lines);
  json_write_array(json, "log");
  char *rest = lines.data;
  for (char *end; rest != NULL && (end = strchr(rest, '\n')) != NULL; rest = end + 1) {
    *end = '\0';
    buf_clear(&masked);
    log_mask_append(&masked, rest);
    json_write_text_n(json, NULL, masked.data, masked.length);
  }
  json_write_array_end(json);
  buf_finish(&masked);
  buf_finish(&lines);
}

static void write_live(struct json_write *json, const struct api *api) {
  struct engine *engine = api->engine;
  struct fleet *fleet = engine_fleet(engine);
  json_write_time(json, "made_at", clock_wall_ms());
  json_write_text(json, "version", api->version);
  write_system(json);
  write_configuration(json, engine_options(engine));
  write_settings(json, engine_preferences(engine));
  write_health(json, engine);
  write_channels(json, engine_channels(engine));
  json_write_array(json, "miners");
  for (size_t i = 0; i < fleet_count(fleet); i++)
    write_miner(json, fleet_at(fleet, i));
  json_write_array_end(json);
  write_log(json, api->log);
}

/* The object is begun on the loop, which knows all but the storage, and ended by the
 * reader. */
struct support_plan {
  struct json_write json;
  struct storage_facts storage;
};

static bool plan_support(struct request *request, struct stored_job *job) {
  struct support_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  job->plan = plan;
  job->needs_db = false; /* when it is away, somebody may want this file most */
  plan->storage = storage_facts_take(request->api->engine);
  json_write_init(&plan->json, &job->body);
  json_write_object(&plan->json, NULL);
  write_live(&plan->json, request->api);
  return true;
}

static void write_no_storage(struct json_write *json, const char *problem) {
  json_write_object(json, "storage");
  write_masked(json, "problem", problem);
  json_write_object_end(json);
}

static bool query_support(struct stored_job *job, struct db *db, struct err *err) {
  struct support_plan *plan = job->plan;
  if (db == NULL)
    write_no_storage(&plan->json, "the database is away");
  else if (!storage_facts_write(&plan->json, "storage", &plan->storage, db, err))
    write_no_storage(&plan->json, err->text);
  json_write_object_end(&plan->json);
  return true;
}

const struct route support_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/support", .plan = plan_support, .query = query_support},
    {0},
};
