/* /api/v1/mutes: silence for a miner or all, for a rule or all, until a moment. */
#include <inttypes.h>
#include <stdio.h>

#include "api/alerts/alert_json.h"
#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "api/param.h"
#include "base/clock.h"
#include "base/str.h"

enum { MINUTES_MAX = 366 * 24 * 60 };

static void write_mute(struct json_write *json, struct request *request, const struct mute *mute) {
  alert_json_mute(json, NULL, mute,
                  alert_json_miner_name(engine_fleet(request->api->engine), mute->miner_id));
}

static void list_mutes(struct request *request) {
  const struct desk *desk = engine_desk(request->api->engine);
  int64_t now_ms = clock_wall_ms();
  struct json_write json;
  struct buf body;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (size_t i = 0; i < desk_mute_count(desk); i++) {
    if (desk_mute_at(desk, i)->until_ms > now_ms)
      write_mute(&json, request, desk_mute_at(desk, i));
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

/* Until a moment, or for so many minutes from now. */
static bool read_until(const struct json *body, int64_t *until_ms, struct err *err) {
  const struct json *minutes = json_get(body, "minutes");
  const char *until = NULL;
  int64_t count;
  if (!input_text(body, "until", INPUT_OPTIONAL, &until, err))
    return false;
  if (until != NULL)
    return param_time("until", until, until_ms, err);
  if (minutes == NULL)
    return err_set(err, ERR_INVALID, "say for how long: give `minutes` or `until`");
  if (!json_i64(minutes, 1, MINUTES_MAX, &count))
    return err_set(err, ERR_INVALID, "`minutes` must be between 1 and %d", MINUTES_MAX);
  *until_ms = clock_wall_ms() + count * 60 * 1000;
  return true;
}

static bool read_mute(const struct json *body, struct mute *mute, struct err *err) {
  const struct json *miner = json_get(body, "miner_id");
  const char *rule_name = NULL, *by = "somebody at the dashboard";
  enum alert_rule rule;
  if (miner != NULL && json_type(miner) != JSON_NULL &&
      !json_i64(miner, 1, INT64_MAX, &mute->miner_id))
    return err_set(err, ERR_INVALID, "`miner_id` must be the number of a miner");
  if (!input_text(body, "rule", INPUT_OPTIONAL, &rule_name, err) ||
      !input_text(body, "by", INPUT_OPTIONAL, &by, err))
    return false;
  if (rule_name != NULL && !alert_rule_find(rule_name, &rule))
    return err_set(err, ERR_INVALID, "there is no rule '%.40s'; /api/v1/rules lists them",
                   rule_name);
  if (rule_name != NULL)
    mute->rule = (int)rule;
  str_copy(mute->author, sizeof mute->author, by);
  return read_until(body, &mute->until_ms, err);
}

static void add_mute(struct request *request) {
  struct json *body = input_body(request);
  if (body == NULL)
    return;
  struct mute mute = {.rule = MUTE_ALL_RULES};
  struct err err;
  if (read_mute(body, &mute, &err) && desk_mute(engine_desk(request->api->engine), &mute, &err)) {
    struct json_write json;
    struct buf answer;
    char location[64];
    buf_init(&answer);
    json_write_init(&json, &answer);
    write_mute(&json, request, &mute);
    snprintf(location, sizeof location, "/api/v1/mutes/%" PRId64, mute.id);
    answer_created(request->exchange, location, &answer);
    buf_finish(&answer);
  } else {
    answer_err(request->exchange, &err);
  }
  json_free(body);
}

static void remove_mute(struct request *request) {
  struct err err;
  int64_t id = 0;
  if (param_id(request->param, &id, &err) &&
      desk_unmute(engine_desk(request->api->engine), id, &err))
    answer_empty(request->exchange, 204);
  else
    answer_err(request->exchange, &err);
}

const struct route mute_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/mutes", .answer = list_mutes},
    {ROUTE_WRITE, "POST", "/api/v1/mutes", .answer = add_mute},
    {ROUTE_WRITE, "DELETE", "/api/v1/mutes/{id}", .answer = remove_mute},
    {0},
};
