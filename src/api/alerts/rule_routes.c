/* /api/v1/rules and /api/v1/miners/{id}/rules: what is watched for, and how the owner
 * tuned it, for all miners or for one. */
#include "api/alerts/alert_json.h"
#include "api/alerts/rule_preview.h"
#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"

static void answer_rules(struct request *request, const struct miner *miner) {
  const struct desk *desk = engine_desk(request->api->engine);
  struct json_write json;
  struct buf body;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    if (miner == NULL || !alert_rule_facts((enum alert_rule)rule)->of_monitor)
      alert_json_rule(&json, NULL, desk, (enum alert_rule)rule, miner);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void list_rules(struct request *request) {
  answer_rules(request, NULL);
}

static void list_miner_rules(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner != NULL)
    answer_rules(request, &miner->miner);
}

static bool find_rule(struct request *request, const char *name, enum alert_rule *rule) {
  if (alert_rule_find(name, rule))
    return true;
  answer_problem(request->exchange, 404, "there is no rule '%.40s'; /api/v1/rules lists them",
                 name);
  return false;
}

/* ------------------------------------------------------------ change */

/* A member that is missing leaves what is set, null takes it back. */
static bool read_number(const struct json *body, const char *key, double *out, struct err *err) {
  const struct json *value = json_get(body, key);
  if (value == NULL)
    return true;
  if (json_type(value) == JSON_NULL)
    *out = METRIC_UNKNOWN;
  else if (!json_number(value, out))
    return err_set(err, ERR_INVALID, "`%s` must be a number or null", key);
  return true;
}

static bool read_seconds(const struct json *body, const char *key, int64_t *ms, struct err *err) {
  double seconds = 0;
  const struct json *value = json_get(body, key);
  if (value == NULL)
    return true;
  if (json_type(value) == JSON_NULL) {
    *ms = ALERT_UNSET;
    return true;
  }
  if (!json_number(value, &seconds) || seconds < 0 || seconds > 7 * 86400)
    return err_set(err, ERR_INVALID, "`%s` must be between 0 and a week, in seconds, or null", key);
  *ms = (int64_t)(seconds * 1000);
  return true;
}

static bool read_enabled(const struct json *body, int *enabled, struct err *err) {
  const struct json *value = json_get(body, "enabled");
  bool on;
  if (value == NULL)
    return true;
  if (json_type(value) == JSON_NULL)
    *enabled = ALERT_UNSET;
  else if (json_bool(value, &on))
    *enabled = on ? 1 : 0;
  else
    return err_set(err, ERR_INVALID, "`enabled` must be true, false or null");
  return true;
}

static bool read_severity(const struct json *body, int *severity, struct err *err) {
  const struct json *value = json_get(body, "severity");
  const char *name;
  enum alert_severity found;
  if (value == NULL)
    return true;
  if (json_type(value) == JSON_NULL) {
    *severity = ALERT_UNSET;
    return true;
  }
  if (!json_text(value, &name) || !alert_severity_find(name, &found))
    return err_set(err, ERR_INVALID, "`severity` must be info, warning, critical or null");
  *severity = (int)found;
  return true;
}

static bool read_setting(const struct json *body, struct alert_rule_setting *setting,
                         struct err *err) {
  return read_enabled(body, &setting->enabled, err) &&
         read_severity(body, &setting->severity, err) &&
         read_number(body, "limit", &setting->limit, err) &&
         read_number(body, "hysteresis", &setting->hysteresis, err) &&
         read_seconds(body, "hold_s", &setting->hold_ms, err) &&
         read_seconds(body, "clear_s", &setting->clear_ms, err) &&
         read_seconds(body, "cooldown_s", &setting->cooldown_ms, err) &&
         read_seconds(body, "reminder_s", &setting->reminder_ms, err);
}

static void answer_rule(struct request *request, enum alert_rule rule, const struct miner *miner) {
  struct json_write json;
  struct buf body;
  buf_init(&body);
  json_write_init(&json, &body);
  alert_json_rule(&json, NULL, engine_desk(request->api->engine), rule, miner);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void change_rule_of(struct request *request, enum alert_rule rule,
                           const struct miner *miner) {
  struct json *body = input_body(request);
  if (body == NULL)
    return;
  struct desk *desk = engine_desk(request->api->engine);
  struct alert_rule_setting setting;
  struct err err;
  alert_rulebook_get(desk_rulebook(desk), miner == NULL ? 0 : miner->id, rule, &setting);
  if (read_setting(body, &setting, &err) && desk_set_rule(desk, &setting, &err))
    answer_rule(request, rule, miner);
  else
    answer_err(request->exchange, &err);
  json_free(body);
}

static void change_rule(struct request *request) {
  enum alert_rule rule;
  if (find_rule(request, request->param, &rule))
    change_rule_of(request, rule, NULL);
}

static bool find_miner_rule(struct request *request, struct fleet_miner **miner,
                            enum alert_rule *rule) {
  *miner = input_miner(request);
  if (*miner == NULL || !find_rule(request, request->second, rule))
    return false;
  if (!alert_rule_facts(*rule)->of_monitor)
    return true;
  answer_problem(request->exchange, 422, "the rule '%s' watches the monitor itself, not a miner",
                 alert_rule_facts(*rule)->name);
  return false;
}

static void change_miner_rule(struct request *request) {
  struct fleet_miner *miner;
  enum alert_rule rule;
  if (find_miner_rule(request, &miner, &rule))
    change_rule_of(request, rule, &miner->miner);
}

static void reset_miner_rule(struct request *request) {
  struct fleet_miner *miner;
  enum alert_rule rule;
  struct alert_rule_setting nothing;
  struct err err;
  if (!find_miner_rule(request, &miner, &rule))
    return;
  alert_rule_setting_init(&nothing, miner->miner.id, rule);
  if (desk_set_rule(engine_desk(request->api->engine), &nothing, &err))
    answer_rule(request, rule, &miner->miner);
  else
    answer_err(request->exchange, &err);
}

const struct route rule_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/rules", .answer = list_rules},
    {ROUTE_WRITE, "PATCH", "/api/v1/rules/{rule}", .answer = change_rule},
    {ROUTE_STORED, "GET", "/api/v1/rules/{rule}/preview", .plan = rule_preview_plan,
     .query = rule_preview_query},
    {ROUTE_LIVE, "GET", "/api/v1/miners/{id}/rules", .answer = list_miner_rules},
    {ROUTE_WRITE, "PATCH", "/api/v1/miners/{id}/rules/{rule}", .answer = change_miner_rule},
    {ROUTE_WRITE, "DELETE", "/api/v1/miners/{id}/rules/{rule}", .answer = reset_miner_rule},
    {0},
};
