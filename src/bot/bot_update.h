/* One update of the Bot API (core.telegram.org/bots/api#update), reduced to what
 * commands and buttons need. Pure; the bytes are not trusted. */
#ifndef BOT_BOT_UPDATE_H
#define BOT_BOT_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

enum {
  BOT_UPDATE_TEXT_MAX = 256,
  BOT_UPDATE_NAME_MAX = 64,
  BOT_UPDATE_LANGUAGE_MAX = 8,
  BOT_UPDATE_DATA_MAX = 65, /* Telegram gives 64 bytes to a button */
};

struct bot_update {
  int64_t id;                             /* grows by one with each update of a bot */
  bool has_message;                       /* a message or channel post */
  bool has_button;                        /* someone pressed a button below one of our messages */
  int64_t chat_id;                        /* negative for groups and channels */
  bool private_chat;                      /* with one person */
  char chat_name[BOT_UPDATE_NAME_MAX];    /* "name" of a public "@name"; "" when none */
  char chat_title[BOT_UPDATE_NAME_MAX];   /* what a person calls it: a group's title, first and last
                                             name; "" when none */
  char from[BOT_UPDATE_NAME_MAX];         /* who wrote or pressed; "" in a channel */
  char language[BOT_UPDATE_LANGUAGE_MAX]; /* of that person's Telegram, "de"; "" not told */
  char text[BOT_UPDATE_TEXT_MAX];         /* cut, control characters are spaces; "" for a picture */

  /* Of a button: which press this is, what the button carries, below which message. */
  char press[BOT_UPDATE_NAME_MAX];
  char data[BOT_UPDATE_DATA_MAX];
  int64_t message_id;
};

/* False only when there is no usable update_id. */
bool bot_update_read(const struct json *value, struct bot_update *update);

/* The same from bytes, as the webhook brings them. */
bool bot_update_parse(const char *json, size_t length, struct bot_update *update, struct err *err);

/* True when the update comes from the chat that TELEGRAM_CHAT_ID names: a number
 * or "@name". */
bool bot_update_is_from(const struct bot_update *update, const char *chat);

#endif
