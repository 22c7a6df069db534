/* Sends what the bot says: one call at a time, in order. An answer is for the
 * moment in which it was asked for: what Telegram does not take within ten minutes
 * is dropped, and nothing is kept over a restart. (Alerts go through the outbox and
 * the courier instead, which never give up.)
 *
 * Life: bot_send_create -> ... -> bot_send_stop. Loop thread only. */
#ifndef BOT_BOT_SEND_H
#define BOT_BOT_SEND_H

#include <uv.h>

#include "base/log.h"
#include "bot/bot_call.h"
#include "bot/bot_commands.h"

struct bot_send;

struct bot_send_options {
  uv_loop_t *loop;
  struct log *log;
  struct bot_account account; /* texts are copied */
  double time_scale;          /* all waits are multiplied by it, for tests; 0: 1 */
};

struct bot_send *bot_send_create(const struct bot_send_options *options);

/* In several messages when it is long; the buttons stand below the last. Plain
 * text: no character in it needs escaping. */
void bot_send_answer(struct bot_send *send, int64_t chat_id, const struct bot_answer *answer);
void bot_send_text(struct bot_send *send, int64_t chat_id, const char *text);

/* A PNG as a photo. */
void bot_send_picture(struct bot_send *send, int64_t chat_id, const struct buf *png,
                      const char *caption);

/* Answers a pressed button, before all else: the person sees it wait. */
void bot_send_toast(struct bot_send *send, const char *press, const char *text);

/* Puts other buttons below a message of ours; none: takes them away. */
void bot_send_buttons(struct bot_send *send, int64_t chat_id, int64_t message_id,
                      const struct bot_button *buttons, size_t count);

/* Drops what waits, frees itself from the loop, then calls `stopped`. */
void bot_send_stop(struct bot_send *send, void (*stopped)(void *arg), void *arg);

#endif
