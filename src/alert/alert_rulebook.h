/* Which limits and times hold for a rule on a miner:
 *
 *   defaults <- environment of the original <- the owner's for all <- the owner's for one
 *
 * Each layer changes only what it names. Default limits come from the miner's board.
 * On the loop thread; plain memory, no I/O. */
#ifndef ALERT_ALERT_RULEBOOK_H
#define ALERT_ALERT_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/alert.h"
#include "model/miner.h"

/* What the environment says (TEMP_THRESHOLD_*, ALERT_*), as in the system before this
 * one. NaN limits come from the miner's board. */
struct alert_config {
  bool enabled[ALERT_RULE_COUNT];
  double chip_limit_c; /* NaN: the board's warning limit, else 70 */
  double vr_limit_c;   /* NaN: the board's, else 95 */
  double hysteresis_c; /* of temperatures: below limit minus this counts as over; default 2 */
  int hold_samples;    /* readings in a row above a temperature's limit to fire; default 2 */
  int clear_samples;   /* readings in a row below to clear; default 2 */
  int64_t cooldown_ms; /* not raised again sooner after the last raise; default 10 min */
  int64_t reminder_ms; /* while firing; 0 never; default 6 h */
};

void alert_config_init(struct alert_config *config); /* the defaults above, all enabled */

/* The limit of a temperature rule by the environment and the board alone, in °C;
 * NaN for every other rule. */
double alert_limit(const struct alert_config *config, enum alert_rule rule,
                   const struct miner_limits *limits);

/* What holds for one rule on one miner. */
struct alert_tuning {
  bool enabled;
  double limit;        /* in the rule's unit; NaN: the rule has none that can be set */
  double hysteresis;   /* so far on the good side of the limit counts as over */
  int64_t hold_ms;     /* so long on the bad side until it fires */
  int64_t clear_ms;    /* so long over until it is told as over */
  int64_t cooldown_ms; /* not raised again sooner after the last raise */
  int64_t reminder_ms; /* while firing and not acknowledged; 0 never */
  enum alert_severity severity;
  int hold_samples, clear_samples; /* and so many readings in a row; not to be set */
};

struct alert_rulebook;

/* Takes a copy of `config`; NULL: as after alert_config_init. */
struct alert_rulebook *alert_rulebook_create(const struct alert_config *config);
void alert_rulebook_destroy(struct alert_rulebook *book); /* NULL accepted */

/* The tuning of a rule on a miner (0: on a miner without changes of its own). */
void alert_rulebook_tuning(const struct alert_rulebook *book, enum alert_rule rule,
                           int64_t miner_id, const struct miner_limits *limits,
                           struct alert_tuning *tuning);

/* Takes the owner's changes over in place of earlier ones of that miner (0: of all)
 * and rule; an empty setting takes them back. The caller has checked the values. */
void alert_rulebook_set(struct alert_rulebook *book, const struct alert_rule_setting *setting);

/* The owner's own changes; false (and an empty setting) when there are none. */
bool alert_rulebook_get(const struct alert_rulebook *book, int64_t miner_id, enum alert_rule rule,
                        struct alert_rule_setting *setting);

/* Forgets what was changed for a miner that was removed. */
void alert_rulebook_forget(struct alert_rulebook *book, int64_t miner_id);

/* The owner's payout addresses (or pool user names), separated by commas or white
 * space. Empty: the rule is off. Replaces the earlier list. */
void alert_rulebook_set_payout(struct alert_rulebook *book, const char *addresses);
bool alert_rulebook_has_payout(const struct alert_rulebook *book);
/* Whether a user ("address.worker") or an address is on the list. */
bool alert_rulebook_pays_owner(const struct alert_rulebook *book, const char *user);

#endif
