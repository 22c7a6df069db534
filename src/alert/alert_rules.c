#include "alert/alert_rules.h"

#include <math.h>

#include "alert/rules_inside.h"
#include "base/str.h"

/* The rules of a miner; a row without `read` is a moment or the monitor's own. */
static const struct rule {
  void (*read)(const struct alert_look *look, struct alert_reading *reading);
  void (*detail)(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]);
} rules[ALERT_RULE_COUNT] = {
    [ALERT_OFFLINE] = {rules_offline, NULL},
    [ALERT_CHIP_TEMP] = {rules_chip_temp, NULL},
    [ALERT_VR_TEMP] = {rules_vr_temp, NULL},
    [ALERT_UNRESPONSIVE] = {rules_unresponsive, NULL},
};

/* They are about the silence itself; all others stand still while it lasts. */
static bool is_about_silence(enum alert_rule rule) {
  return rule == ALERT_OFFLINE || rule == ALERT_UNRESPONSIVE;
}

void alert_rules_read(enum alert_rule rule, const struct alert_look *look,
                      struct alert_reading *reading) {
  *reading = (struct alert_reading){
      .input = ALERT_IS_MISSING, .value = METRIC_UNKNOWN, .limit = look->tuning->limit};
  if (rules[rule].read == NULL || (look->watch->away && !is_about_silence(rule)))
    return;
  rules[rule].read(look, reading);
}

void alert_rules_detail(enum alert_rule rule, const struct alert_look *look,
                        enum alert_event_kind kind, char detail[ALERT_DETAIL_MAX]) {
  detail[0] = '\0';
  if (rules[rule].detail != NULL && (kind == ALERT_RAISED || kind == ALERT_REMINDED))
    rules[rule].detail(look, detail);
}
