/* Brings updates by long polling (getUpdates), or asks Telegram to post them to
 * our webhook. Registers the menu of commands first.
 *
 * Life: bot_poll_create (begins at once) -> bot_poll_stop. Loop thread only. */
#ifndef BOT_BOT_POLL_H
#define BOT_BOT_POLL_H

#include <uv.h>

#include "base/log.h"
#include "bot/bot_call.h"
#include "bot/bot_update.h"

struct bot_poll;

struct bot_poll_options {
  uv_loop_t *loop;
  struct log *log;
  struct bot_account account; /* texts are copied */
  const char *webhook_url;    /* NULL or "": long polling */
  const char *webhook_secret; /* NULL or "": the webhook route is not in use */
  void (*update)(const struct bot_update *update, void *arg);
  void *arg;
  int long_poll_s;   /* 0: 50 */
  double time_scale; /* all waits between calls are multiplied by it, for tests; 0: 1 */
};

struct bot_poll *bot_poll_create(const struct bot_poll_options *options);

/* Cancels, frees itself from the loop, then calls `stopped`. */
void bot_poll_stop(struct bot_poll *poll, void (*stopped)(void *arg), void *arg);

#endif
