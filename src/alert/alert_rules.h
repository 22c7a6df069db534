/* What each rule looks at: one reading in, one alert_reading out. Pure but for the
 * learning in the watch, which alert_watch_take has done before. A new rule is one row
 * in alert_rules.c and its texts. */
#ifndef ALERT_ALERT_RULES_H
#define ALERT_ALERT_RULES_H

#include "alert/alert_step.h"

/* What a rule may look at. */
struct alert_look {
  const struct alert_rulebook *book;
  const struct alert_context *context;
  struct alert_watch *watch;
  const struct alert_memory *memories;
  struct alert_tuning tuning; /* of the rule that is read */
};

/* For every rule of a miner that is no moment. */
void alert_rules_read(enum alert_rule rule, const struct alert_look *look,
                      struct alert_reading *reading);

/* The plain data of the text (which fan, which pool); "" for most. */
void alert_rules_detail(enum alert_rule rule, const struct alert_look *look,
                        enum alert_event_kind kind, char detail[ALERT_DETAIL_MAX]);

#endif
