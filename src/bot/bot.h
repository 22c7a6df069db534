/* The Telegram bot: answers commands and buttons in linked chats, each by its role,
 * and links new ones by a code. Updates come by long polling, which works behind a
 * home router, or through the webhook route.
 *
 * Without a token it waits for one: TELEGRAM_BOT_TOKEN of the environment, else the
 * token that the first linked chat was linked with, else the one that is given with
 * bot_link. A token is never changed while it is in use.
 *
 * Life: engine_start -> bot_create (begins at once) -> bot_stop (frees itself,
 * then `stopped`) -> engine_stop. Loop thread only. */
#ifndef BOT_BOT_H
#define BOT_BOT_H

#include <stddef.h>

#include "base/log.h"
#include "bot/bot_links.h"
#include "engine/engine.h"

struct bot;

/* Token, chat and base URL are those of the engine's options. Texts are copied. */
struct bot_options {
  struct engine *engine;
  struct log *log;
  const char *webhook_url;    /* NULL or "": long polling; else Telegram is told to post there */
  const char *webhook_secret; /* NULL or "": the webhook route is not in use */
  double time_scale;          /* of all waits, for tests; 0: 1 */
};

struct bot *bot_create(const struct bot_options *options);

/* One update as Telegram posts it (JSON, not trusted). The caller has checked
 * the secret. What cannot be read, or comes from another chat, is ignored. */
void bot_handle_update(struct bot *bot, const char *json, size_t length);

/* Cancels the poll. `stopped` (may be NULL) runs once from the loop. */
void bot_stop(struct bot *bot, void (*stopped)(void *arg), void *arg);

/* --- linking a chat --- */

/* Who the bot is; "" while it is not known. Borrowed. */
const char *bot_username(const struct bot *bot);
bool bot_has_token(const struct bot *bot);

struct bot_link_wish {
  const char *token; /* as BotFather gave it; NULL: the one that is in use */
  int role;          /* enum channel_role; -1: owner for the first chat, then member */
};

/* `code` is NULL on failure. Runs once, from inside bot_link or from the loop. */
typedef void (*bot_link_done)(const struct bot_link *link, const struct err *err, void *arg);

/* Makes a code that links the chat in which it is sent to the bot. Asks Telegram who
 * the bot is when that is not known yet; a token that works is used from then on. */
void bot_link(struct bot *bot, const struct bot_link_wish *wish, bot_link_done done, void *arg);

enum bot_link_state { BOT_LINK_UNKNOWN, BOT_LINK_WAITING, BOT_LINK_USED, BOT_LINK_EXPIRED };

/* What became of a code. `link` is borrowed, NULL when the code is unknown. */
enum bot_link_state bot_link_look(struct bot *bot, const char *code, const struct bot_link **link);

#endif
