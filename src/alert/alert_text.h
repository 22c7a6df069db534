/* The words of an alert: what happened, what it means, what to do. Plain text. */
#ifndef ALERT_ALERT_TEXT_H
#define ALERT_ALERT_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "model/alert.h"
#include "model/miner.h"

/* Appends the message for a person, several short lines. `now_ms` lets a late
 * delivery say when it happened (the courier asks again at delivery). */
void alert_text_write(struct buf *out, const struct miner *miner, const struct alert_event *event);

/* "This happened at 02:10 CET, 55 minutes ago; it could not be sent before." or
 * nothing when less than two minutes late. */
void alert_text_late(struct buf *out, int64_t happened_ms, int64_t now_ms);

#endif
