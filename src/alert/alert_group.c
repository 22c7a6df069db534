#include "alert/alert_group.h"

#include <assert.h>
#include <stdio.h>

#include "model/metric.h"
#include "model/text.h"

enum alert_rule alert_group_family(enum alert_rule rule) {
  return rule == ALERT_UNRESPONSIVE ? ALERT_OFFLINE : rule;
}

bool alert_group_is_for(enum alert_rule rule, enum alert_event_kind kind) {
  const struct alert_rule_facts *facts = alert_rule_facts(rule);
  if (facts->good_news || facts->of_monitor)
    return false;
  if (facts->moment)
    return rule == ALERT_RESTARTED;
  return kind == ALERT_RAISED || kind == ALERT_CLEARED;
}

/* A clock that was set back ends a group as well. */
static bool is_open(const struct alert_group *group, int64_t at_ms) {
  int64_t since_last = at_ms - group->last_ms, since_first = at_ms - group->first_ms;
  return group->episode != 0 && since_last >= -ALERT_GROUP_WINDOW_MS &&
         since_last <= ALERT_GROUP_WINDOW_MS && since_first <= ALERT_GROUP_LONGEST_MS;
}

static bool holds(const struct alert_group *group, int64_t miner_id) {
  for (size_t i = 0; i < group->count && i < ALERT_GROUP_NAMED; i++) {
    if (group->miners[i] == miner_id)
      return true;
  }
  return false;
}

bool alert_group_join(struct alert_group *group, const struct alert_event *event) {
  enum alert_rule rule = alert_group_family(event->rule);
  bool joined = is_open(group, event->at_ms) && group->rule == rule;
  if (!joined)
    *group =
        (struct alert_group){.episode = event->episode, .rule = rule, .first_ms = event->at_ms};
  if (!joined || event->at_ms > group->last_ms)
    group->last_ms = event->at_ms;
  if (holds(group, event->miner_id))
    return joined;
  if (group->count < ALERT_GROUP_NAMED)
    group->miners[group->count] = event->miner_id;
  group->count++;
  return joined;
}

/* Below this a Bitaxe begins to lose packets; the drop is what a moved aerial or a
 * router that was carried elsewhere makes. */
static const double WEAK_DBM = -78, FALLEN_DBM = -70, FALL_DB = 8;

static bool signal_was_bad(const struct alert_cause_facts *facts) {
  if (!metric_is_known(facts->rssi_dbm))
    return false;
  bool fell = metric_is_known(facts->rssi_before_dbm) &&
              facts->rssi_before_dbm - facts->rssi_dbm >= FALL_DB;
  return facts->rssi_dbm <= WEAK_DBM || (fell && facts->rssi_dbm <= FALLEN_DBM);
}

static bool supply_was_bad(const struct alert_cause_facts *facts) {
  return facts->brown_out || (metric_is_known(facts->input_mv) && facts->input_min_mv > 0 &&
                              facts->input_mv < facts->input_min_mv);
}

static enum alert_cause cause_of_gone(const struct alert_cause_facts *facts) {
  bool all = facts->count >= 2 && facts->count >= facts->watched;
  if (all && facts->gateway == ALERT_GATEWAY_SILENT)
    return ALERT_CAUSE_NETWORK;
  if (all)
    return facts->gateway == ALERT_GATEWAY_ANSWERS ? ALERT_CAUSE_POWER : ALERT_CAUSE_EVERYTHING;
  if (facts->count >= 2)
    return facts->gateway == ALERT_GATEWAY_SILENT ? ALERT_CAUSE_NETWORK : ALERT_CAUSE_SHARED;
  if (supply_was_bad(facts))
    return ALERT_CAUSE_POWER_SUPPLY;
  if (signal_was_bad(facts))
    return ALERT_CAUSE_WIFI;
  return facts->gateway == ALERT_GATEWAY_SILENT ? ALERT_CAUSE_NETWORK : ALERT_CAUSE_UNKNOWN;
}

enum alert_cause alert_group_cause(const struct alert_cause_facts *facts) {
  bool several = facts->count >= 2;
  switch (facts->rule) {
  case ALERT_OFFLINE:
  case ALERT_UNRESPONSIVE:
    return cause_of_gone(facts);
  case ALERT_RESTARTED:
  case ALERT_RESTART_LOOP:
    if (several)
      return ALERT_CAUSE_POWER_CUT;
    return supply_was_bad(facts) ? ALERT_CAUSE_POWER_SUPPLY : ALERT_CAUSE_UNKNOWN;
  case ALERT_POOL_LOST:
  case ALERT_FALLBACK_POOL:
  case ALERT_REJECTED_SHARES:
  case ALERT_STALLED:
    return several ? ALERT_CAUSE_POOL : ALERT_CAUSE_UNKNOWN;
  case ALERT_CHIP_TEMP:
  case ALERT_VR_TEMP:
  case ALERT_OVERHEATED:
    return several ? ALERT_CAUSE_ROOM : ALERT_CAUSE_UNKNOWN;
  case ALERT_NOT_HASHING:
  case ALERT_POWER_FAULT:
  case ALERT_ERROR_RATE:
    return supply_was_bad(facts) && !several ? ALERT_CAUSE_POWER_SUPPLY : ALERT_CAUSE_UNKNOWN;
  default:
    return ALERT_CAUSE_UNKNOWN;
  }
}

const char *alert_cause_name(enum alert_cause cause) {
  static const char *const names[ALERT_CAUSE_COUNT] = {
      [ALERT_CAUSE_UNKNOWN] = "unknown", [ALERT_CAUSE_NETWORK] = "network",
      [ALERT_CAUSE_POWER] = "power",     [ALERT_CAUSE_EVERYTHING] = "everything",
      [ALERT_CAUSE_SHARED] = "shared",   [ALERT_CAUSE_POWER_CUT] = "power_cut",
      [ALERT_CAUSE_POOL] = "pool",       [ALERT_CAUSE_ROOM] = "room",
      [ALERT_CAUSE_WIFI] = "wifi",       [ALERT_CAUSE_POWER_SUPPLY] = "power_supply",
  };
  assert(cause >= 0 && cause < ALERT_CAUSE_COUNT);
  return names[cause];
}

static void write_last(struct buf *out, const char *language, const char *key, const char *value) {
  const struct text_value values[] = {{"name", value}};
  text_write(out, language, key, values, 1);
}

void alert_group_write_names(struct buf *out, const char *language, const char *const *names,
                             size_t named, size_t count) {
  assert(named <= count);
  for (size_t i = 0; i < named; i++) {
    if (i > 0 && i + 1 == count) {
      write_last(out, language, "group.and", names[i]);
      continue;
    }
    if (i > 0)
      buf_append_text(out, ", ");
    buf_append_text(out, names[i]);
  }
  if (count > named) {
    char more[24];
    snprintf(more, sizeof more, "%zu", count - named);
    write_last(out, language, "group.more", more);
  }
}
