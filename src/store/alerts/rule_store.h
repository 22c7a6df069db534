/* The table `rule_setting`: what an owner changed of a rule, for all miners or for
 * one. What is not changed is unknown here and comes from the defaults. */
#ifndef STORE_ALERTS_RULE_STORE_H
#define STORE_ALERTS_RULE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"

/* Inserts or replaces; an empty one is removed. */
bool rule_store_save(struct db *db, const struct alert_rule_setting *setting, struct err *err);
bool rule_store_each(struct db *db,
                     void (*visit)(const struct alert_rule_setting *setting, void *arg), void *arg,
                     struct err *err);

#endif
