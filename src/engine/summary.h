/* One plain sentence on how things stand, for the page, the API and the bot. */
#ifndef ENGINE_SUMMARY_H
#define ENGINE_SUMMARY_H

#include <stdint.h>

#include "base/buf.h"
#include "engine/fleet.h"

enum summary_mood { SUMMARY_EMPTY, SUMMARY_FINE, SUMMARY_ATTENTION, SUMMARY_TROUBLE };

/* "All 3 miners are fine. Nothing to do." / "Kitchen has been silent for 12
 * minutes: ... " Appends to `text` and, when there is something to do, to `advice`. `language`
 * NULL: English. */
enum summary_mood summary_write(struct fleet *fleet, int64_t now_wall_ms, const char *language,
                                struct buf *text, struct buf *advice);

/* One miner's state in a sentence, and what to do ("" when nothing). */
void summary_write_miner(const struct fleet_miner *miner, int64_t now_wall_ms, const char *language,
                         struct buf *text, struct buf *advice);

const char *summary_mood_name(enum summary_mood mood); /* "empty" "fine" "attention" "trouble" */

#endif
