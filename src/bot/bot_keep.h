/* One text that the bot keeps over a restart, under a name in the table `setting`.
 *
 * Life: bot_keep_create (reads it) -> ... -> bot_keep_stop. Loop thread only. */
#ifndef BOT_BOT_KEEP_H
#define BOT_BOT_KEEP_H

#include "engine/db_thread.h"

enum { BOT_KEEP_TEXT_MAX = 2048 };

struct bot_keep;

struct bot_keep_options {
  struct db_threads *db;
  const char *name; /* outlives it */
  /* Runs once, with "" when there is nothing or the database is away. */
  void (*loaded)(const char *text, void *arg);
  void (*saved)(void *arg); /* after each writing, also one that failed; may be NULL */
  void *arg;
};

struct bot_keep *bot_keep_create(const struct bot_keep_options *options);

/* Copies; what is saved while an earlier text is being written goes after it, only
 * the newest of these. Not before `loaded`. */
void bot_keep_save(struct bot_keep *keep, const char *text);

/* No callback of the options runs any more. `stopped` runs once, from here or from the loop. */
void bot_keep_stop(struct bot_keep *keep, void (*stopped)(void *arg), void *arg);

#endif
