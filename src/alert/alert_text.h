/* The words of an alert: what happened, what it means, what to do. Plain text, in the
 * language asked for (texts/), times on the clock of the owner's wall (TZ). */
#ifndef ALERT_ALERT_TEXT_H
#define ALERT_ALERT_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "model/alert.h"
#include "model/miner.h"

enum { ALERT_TEXT_MAX = 1000 }; /* bytes of a message, at most */

/* Appends the message for a person, several short lines. `language` NULL: English;
 * `miner` NULL: an event of the monitor itself. */
void alert_text_write(struct buf *out, const char *language, const struct miner *miner,
                      const struct alert_event *event);

/* "This happened at 02:10 CET, 55 minutes ago; it could not be sent before." or
 * nothing when less than two minutes late (the courier asks at delivery). */
void alert_text_late(struct buf *out, const char *language, int64_t happened_ms, int64_t now_ms);

#endif
