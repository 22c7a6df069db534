/* The Telegram bot: answers /status, /last, /thresholds and /help in the one
 * configured chat, and nobody else. Updates come by long polling, which works
 * behind a home router, or through the webhook route.
 *
 * Life: engine_start -> bot_create (begins at once) -> bot_stop (frees itself,
 * then `stopped`) -> engine_stop. Loop thread only. */
#ifndef BOT_BOT_H
#define BOT_BOT_H

#include <stddef.h>

#include "base/log.h"
#include "engine/engine.h"

struct bot;

/* Token, chat and base URL are those of the engine's options. Texts are copied. */
struct bot_options {
  struct engine *engine;
  struct log *log;
  const char *webhook_url;    /* NULL or "": long polling; else Telegram is told to post there */
  const char *webhook_secret; /* NULL or "": the webhook route is not in use */
};

/* NULL when the engine has no Telegram token: then there is nothing to do, and
 * the other calls accept NULL. */
struct bot *bot_create(const struct bot_options *options);

/* One update as Telegram posts it (JSON, not trusted). The caller has checked
 * the secret. What cannot be read, or comes from another chat, is ignored. */
void bot_handle_update(struct bot *bot, const char *json, size_t length);

/* Cancels the poll. `stopped` (may be NULL) runs once from the loop; for a NULL
 * bot at once. */
void bot_stop(struct bot *bot, void (*stopped)(void *arg), void *arg);

#endif
