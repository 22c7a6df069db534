/* The state machine of one rule on one miner; pure, time comes with the sample.
 *
 *            above (or suspect)              above often enough, cooldown over
 *      OK ---------------------> PENDING ------------------------> FIRING  (raised)
 *       ^ <--- not above -------                                   |    ^
 *       |                                                    below v    | not below
 *       +----- below often enough (cleared) ------------------ RECOVERING
 *
 * Above means above the limit, below means below limit minus hysteresis. Missing
 * data neither raises nor clears; being offline is a rule of its own, during which
 * the temperature rules stand still; a paused miner raises nothing and counts as
 * cooled down. Offline fires with the judge's word (three missed polls); the first
 * missed poll makes it suspect, so that `since` is when the silence began. */
#ifndef ALERT_ALERT_STEP_H
#define ALERT_ALERT_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/alert.h"
#include "model/miner.h"
#include "model/sample.h"

/* What is compared. NaN limits come from the miner's board. */
struct alert_config {
  bool enabled[ALERT_RULE_COUNT];
  double chip_limit_c; /* NaN: the board's warning limit, else 70 */
  double vr_limit_c;   /* NaN: the board's, else 95 */
  double hysteresis_c; /* below limit minus this counts as over; default 2 */
  int hold_samples;    /* in a row above the limit to fire; default 2 */
  int clear_samples;   /* in a row below to clear; default 2 */
  int64_t cooldown_ms; /* not raised again sooner after the last raise; default 10 min */
  int64_t reminder_ms; /* while firing; 0 never; default 6 h */
};

void alert_config_init(struct alert_config *config); /* the defaults above, all enabled */

struct alert_memory {
  enum alert_phase phase;
  int64_t since_ms;           /* when the condition began; 0 in ALERT_OK */
  int64_t changed_ms;         /* when the phase last changed */
  int64_t announced_ms;       /* last raised or reminded, kept over ALERT_OK; 0 never */
  int holds;                  /* samples in a row towards firing or clearing */
  double worst, value, limit; /* of the episode; NaN where none applies */
  int reason;                 /* enum reason for ALERT_OFFLINE, else 0 */
};

void alert_memory_init(struct alert_memory *memory);

/* The limit that applies to this miner for a temperature rule, in °C: the
 * configured one, else the board's warning limit, else a usual one. NaN for
 * ALERT_OFFLINE, which has none. */
double alert_limit(const struct alert_config *config, enum alert_rule rule,
                   const struct miner_limits *limits);

/* One sample against one rule. True when `event` was filled (raised, reminded,
 * cleared); its miner_id is left 0. `changed` says that the memory must be saved:
 * another phase, count, announcement or worst value. */
bool alert_step(enum alert_rule rule, const struct alert_config *config,
                const struct miner_limits *limits, struct alert_memory *memory,
                const struct sample *sample, struct alert_event *event, bool *changed);

#endif
