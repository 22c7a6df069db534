/* What a rule found, in another language. A detail is made and kept in English, once, from
 * texts with figures in them ("frequency from 525 to 490 MHz"); whoever reads it later may read
 * another language. So it is known again by its English text, and its figures are put into
 * the other one. What is not from the texts (the miner's own words, a name) stays. Pure. */
#ifndef ALERT_ALERT_DETAIL_H
#define ALERT_ALERT_DETAIL_H

#include "base/buf.h"

/* Appends it. `language` NULL: English. */
void alert_detail_write(struct buf *out, const char *language, const char *detail);

#endif
