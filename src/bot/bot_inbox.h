/* What came in, each update once: before an update is handed on, its number is
 * written to the table `setting`, so that after a crash nothing is carried out a
 * second time (a command that the crash cut off is lost: one types it again). While
 * the database is away, updates are handed on all the same, remembered in memory.
 *
 * Life: bot_inbox_create (reads what was remembered) -> ... -> bot_inbox_stop. Loop
 * thread only. */
#ifndef BOT_BOT_INBOX_H
#define BOT_BOT_INBOX_H

#include "base/log.h"
#include "bot/bot_update.h"
#include "engine/db_thread.h"

struct bot_inbox;

typedef void (*bot_inbox_taken)(const struct bot_update *update, void *arg);

struct bot_inbox *bot_inbox_create(struct db_threads *db, bot_inbox_taken taken, void *arg);

/* Takes a copy; `taken` follows, in order, unless it was taken before. */
void bot_inbox_add(struct bot_inbox *inbox, const struct bot_update *update);

/* Nothing is handed on any more. `stopped` runs once, from here or from the loop. */
void bot_inbox_stop(struct bot_inbox *inbox, void (*stopped)(void *arg), void *arg);

#endif
