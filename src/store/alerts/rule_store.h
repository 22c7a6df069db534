/* The table `rule_setting`: what an owner changed of a rule, for all miners or for
 * one. What is not changed is unknown here and comes from the defaults. */
#ifndef STORE_ALERTS_RULE_STORE_H
#define STORE_ALERTS_RULE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"

enum { RULE_UNSET = -1 };

struct rule_setting {
  int64_t miner_id; /* 0: all miners */
  enum alert_rule rule;
  int enabled;                                         /* 0, 1 or RULE_UNSET */
  int severity;                                        /* enum alert_severity or RULE_UNSET */
  double limit, hysteresis;                            /* NaN: unset */
  int64_t hold_ms, clear_ms, cooldown_ms, reminder_ms; /* RULE_UNSET */
};

/* Nothing is changed. */
void rule_setting_init(struct rule_setting *setting, int64_t miner_id, enum alert_rule rule);
bool rule_setting_is_empty(const struct rule_setting *setting);

/* Inserts or replaces; an empty one is removed. */
bool rule_store_save(struct db *db, const struct rule_setting *setting, struct err *err);
bool rule_store_each(struct db *db, void (*visit)(const struct rule_setting *setting, void *arg),
                     void *arg, struct err *err);

#endif
