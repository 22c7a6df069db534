/* Codes that link a chat: the dashboard shows t.me/BOT?start=CODE, the bot sees
 * /start CODE (core.telegram.org/bots/features#deep-linking) and knows that whoever
 * writes there has the dashboard in front of them. A code works once, for a quarter
 * of an hour. In memory only: after a restart one asks for a new one. Pure. */
#ifndef BOT_BOT_LINKS_H
#define BOT_BOT_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bot/bot_update.h"

enum {
  BOT_LINKS_RANDOM = 16,            /* bytes: nobody guesses 2^128 */
  BOT_LINKS_CODE_SIZE = 2 * 16 + 1, /* Telegram allows A-Z a-z 0-9 _ -, up to 64 */
  BOT_LINKS_MAX = 32,
  BOT_LINKS_LIFE_MS = 15 * 60 * 1000,
};

struct bot_link {
  char code[BOT_LINKS_CODE_SIZE]; /* "": free */
  int role;                       /* of the chat that will be linked */
  int64_t until_mono_ms;
  bool used;
  char chat[BOT_UPDATE_NAME_MAX]; /* its name, once used */
};

struct bot_links {
  struct bot_link links[BOT_LINKS_MAX]; /* the newest; the oldest gives way */
  size_t next;
};

/* A new code from random bytes; borrowed until BOT_LINKS_MAX more were made. */
const struct bot_link *bot_links_add(struct bot_links *links, const uint8_t random[16], int role,
                                     int64_t now_mono_ms);

/* The link of a code, used or not, too old or not; NULL for a code that is unknown. */
struct bot_link *bot_links_find(struct bot_links *links, const char *code);

/* True while the code may still be used. */
bool bot_links_is_open(const struct bot_link *link, int64_t now_mono_ms);

#endif
