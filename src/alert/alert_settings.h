/* What somebody, or the miner itself, changed of its settings: first pool, user,
 * frequency, core voltage, firmware. A change counts when two readings in a row show
 * it, so that a slip of one answer is no news. Users are kept masked. */
#ifndef ALERT_ALERT_SETTINGS_H
#define ALERT_ALERT_SETTINGS_H

#include "alert/alert_watch.h"
#include "model/alert.h"

/* Compares with what was last told; true when there is something to tell, which
 * `detail` then says ("frequency from 525 to 600 MHz, ..."). What an overheat or an
 * answer without the figure changed is taken over, or left, without a word. The first
 * answer ever is taken over. Stays true until alert_settings_accept. */
bool alert_settings_changed(struct alert_watch *watch, const struct alert_context *context,
                            char detail[ALERT_DETAIL_MAX]);

/* From now on what this reading shows is what was told. */
void alert_settings_accept(struct alert_watch *watch, const struct alert_context *context);

#endif
