/* What happens and is over: a restart, settings changed, a record, a block. */
#ifndef ALERT_ALERT_MOMENTS_H
#define ALERT_ALERT_MOMENTS_H

#include "alert/alert_rules.h"

/* Tells the sink what this reading shows to have happened, and remembers when, in
 * the memories of those rules. */
void alert_moments_step(struct alert_look *look, struct alert_memory *memories,
                        const struct alert_sink *sink);

#endif
