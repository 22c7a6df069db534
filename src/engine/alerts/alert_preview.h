/* How often a rule would have told something, had it been tuned so all the time: the
 * rule itself, walked over readings of the past. Pure; one owner.
 *
 * Life: alert_preview_create -> for each miner: alert_preview_begin, its readings oldest
 * first, alert_preview_end -> alert_preview_destroy. */
#ifndef ENGINE_ALERTS_ALERT_PREVIEW_H
#define ENGINE_ALERTS_ALERT_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_rulebook.h"
#include "model/sample.h"

enum { ALERT_PREVIEW_EPISODES = 50 }; /* more are counted, not listed */

struct alert_preview_episode {
  int64_t miner_id;
  int64_t from_ms, to_ms; /* to_ms 0: it was not over at the end */
  double worst;           /* in the unit of the rule; NaN unknown */
};

struct alert_preview;

/* Whether the history holds what the rule looks at: not what was set on the miner, nor
 * who is paid, nor its single chips; nor anything about the monitor itself. */
bool alert_preview_can(enum alert_rule rule);

/* `interval_ms`: between two readings. The rule must be one that alert_preview_can. */
struct alert_preview *alert_preview_create(enum alert_rule rule, int64_t interval_ms);
void alert_preview_destroy(struct alert_preview *preview); /* NULL accepted */

/* `tuning`: what is tried; it counts as switched on. `facts` is borrowed until the end. */
void alert_preview_begin(struct alert_preview *preview, int64_t miner_id,
                         const struct miner_facts *facts, const struct alert_tuning *tuning);
/* What was filled in later from the miner's own memory raised nothing, and does not here. */
void alert_preview_take(struct alert_preview *preview, const struct sample *sample);
void alert_preview_end(struct alert_preview *preview);

int64_t alert_preview_samples(const struct alert_preview *preview);
/* How often it would have fired; the first of these episodes, borrowed, and their number. */
int64_t alert_preview_count(const struct alert_preview *preview);
const struct alert_preview_episode *alert_preview_list(const struct alert_preview *preview,
                                                       size_t *listed);

#endif
