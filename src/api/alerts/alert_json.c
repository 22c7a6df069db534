#include "api/alerts/alert_json.h"

#include "model/state.h"

const char *alert_json_miner_name(struct fleet *fleet, int64_t miner_id) {
  const struct fleet_miner *miner = miner_id > 0 ? fleet_find(fleet, miner_id) : NULL;
  return miner == NULL ? NULL : miner->miner.name;
}

static void write_reason(struct json_write *json, int reason) {
  bool known = reason > REASON_NONE && reason < REASON_COUNT;
  const struct reason_facts *facts = known ? reason_facts((enum reason)reason) : NULL;
  json_write_text(json, "reason_code", known ? facts->name : NULL);
  json_write_text(json, "reason", known ? facts->text : NULL);
}

static const char *text_or_null(const char *text) {
  return text[0] == '\0' ? NULL : text;
}

void alert_json_episode(struct json_write *json, const char *key, const struct episode *episode,
                        const char *miner_name) {
  const struct alert_rule_facts *facts = alert_rule_facts(episode->rule);
  json_write_object(json, key);
  json_write_i64(json, "id", episode->id);
  if (episode->miner_id > 0)
    json_write_i64(json, "miner_id", episode->miner_id);
  else
    json_write_null(json, "miner_id");
  json_write_text(json, "miner_name", miner_name);
  json_write_text(json, "rule", facts->name);
  json_write_text(json, "title", facts->title);
  json_write_text(json, "meaning", facts->meaning);
  json_write_text(json, "advice", facts->advice);
  json_write_text(json, "unit", facts->unit);
  json_write_text(json, "severity", alert_severity_name(episode->severity));
  json_write_bool(json, "good_news", facts->good_news);
  json_write_bool(json, "drill", episode->drill);
  json_write_text(json, "state", episode_end_name(episode->end));
  json_write_time(json, "since", episode->since_ms);
  json_write_time(json, "raised_at", episode->raised_ms);
  json_write_time(json, "acknowledged_at", episode->acknowledged_ms);
  json_write_text(json, "acknowledged_by", text_or_null(episode->acknowledged_by));
  json_write_time(json, "ended_at", episode->cleared_ms);
  json_write_number(json, "value", episode->value, 3);
  json_write_number(json, "limit", episode->limit, 3);
  json_write_number(json, "worst", episode->worst, 3);
  write_reason(json, episode->reason);
  json_write_text(json, "detail", text_or_null(episode->detail));
  json_write_object_end(json);
}

void alert_json_note(struct json_write *json, const char *key, const struct episode_note *note) {
  json_write_object(json, key);
  json_write_i64(json, "id", note->id);
  json_write_time(json, "at", note->at_ms);
  json_write_text(json, "by", note->author);
  json_write_text(json, "text", note->text);
  json_write_object_end(json);
}

void alert_json_mute(struct json_write *json, const char *key, const struct mute *mute,
                     const char *miner_name) {
  bool of_rule = mute->rule >= 0 && mute->rule < ALERT_RULE_COUNT;
  json_write_object(json, key);
  json_write_i64(json, "id", mute->id);
  if (mute->miner_id > 0)
    json_write_i64(json, "miner_id", mute->miner_id);
  else
    json_write_null(json, "miner_id");
  json_write_text(json, "miner_name", miner_name);
  json_write_text(json, "rule",
                  of_rule ? alert_rule_facts((enum alert_rule)mute->rule)->name : NULL);
  json_write_time(json, "created_at", mute->created_ms);
  json_write_time(json, "until", mute->until_ms);
  json_write_text(json, "by", mute->author);
  json_write_object_end(json);
}

/* Seconds; ALERT_UNSET is null. */
static void write_span(struct json_write *json, const char *key, int64_t ms) {
  if (ms == ALERT_UNSET)
    json_write_null(json, key);
  else
    json_write_number(json, key, (double)ms / 1000, 3);
}

static void write_changed(struct json_write *json, const struct alert_rule_setting *own) {
  if (alert_rule_setting_is_empty(own)) {
    json_write_null(json, "changed");
    return;
  }
  json_write_object(json, "changed");
  if (own->enabled == ALERT_UNSET)
    json_write_null(json, "enabled");
  else
    json_write_bool(json, "enabled", own->enabled != 0);
  json_write_text(json, "severity",
                  own->severity == ALERT_UNSET
                      ? NULL
                      : alert_severity_name((enum alert_severity)own->severity));
  json_write_number(json, "limit", own->limit, 3);
  json_write_number(json, "hysteresis", own->hysteresis, 3);
  write_span(json, "hold_s", own->hold_ms);
  write_span(json, "clear_s", own->clear_ms);
  write_span(json, "cooldown_s", own->cooldown_ms);
  write_span(json, "reminder_s", own->reminder_ms);
  json_write_object_end(json);
}

void alert_json_rule(struct json_write *json, const char *key, const struct desk *desk,
                     enum alert_rule rule, const struct miner *miner) {
  const struct alert_rule_facts *facts = alert_rule_facts(rule);
  const struct alert_rulebook *book = desk_rulebook(desk);
  struct alert_rule_setting own;
  struct alert_tuning tuning;
  struct miner_limits none = {0};
  int64_t miner_id = miner == NULL ? 0 : miner->id;
  alert_rulebook_tuning(book, rule, miner_id, miner == NULL ? &none : &miner->facts.limits,
                        &tuning);
  alert_rulebook_get(book, miner_id, rule, &own);
  json_write_object(json, key);
  json_write_text(json, "rule", facts->name);
  json_write_text(json, "title", facts->title);
  json_write_text(json, "meaning", facts->meaning);
  json_write_text(json, "advice", facts->advice);
  json_write_text(json, "unit", facts->unit);
  json_write_bool(json, "moment", facts->moment);
  json_write_bool(json, "good_news", facts->good_news);
  json_write_bool(json, "of_monitor", facts->of_monitor);
  json_write_bool(json, "enabled", tuning.enabled);
  json_write_text(json, "severity", alert_severity_name(tuning.severity));
  json_write_number(json, "limit", tuning.limit, 3);
  json_write_number(json, "hysteresis", tuning.hysteresis, 3);
  write_span(json, "hold_s", tuning.hold_ms);
  write_span(json, "clear_s", tuning.clear_ms);
  write_span(json, "cooldown_s", tuning.cooldown_ms);
  write_span(json, "reminder_s", tuning.reminder_ms);
  write_changed(json, &own);
  json_write_object_end(json);
}
