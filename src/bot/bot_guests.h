/* Chats that are not linked. Each gets one polite sentence and then silence for
 * good: a bot that answers strangers can be made to talk by anyone. Pure. */
#ifndef BOT_BOT_GUESTS_H
#define BOT_BOT_GUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { BOT_GUESTS_MAX = 64, BOT_GUESTS_HOUR_MAX = 5 };

struct bot_guests {
  int64_t chats[BOT_GUESTS_MAX]; /* when it is full, new ones get silence too */
  size_t count;
  int64_t hour_mono_ms; /* when the hour began that `in_hour` counts */
  int in_hour;
};

/* True when the chat is to be answered: never before, and few others in the last
 * hour. A chat that is passed over for that is not answered later either. */
bool bot_guests_greet(struct bot_guests *guests, int64_t chat_id, int64_t now_mono_ms);

/* The chats as text and back, for the next run. What cannot be read is left out. */
void bot_guests_format(const struct bot_guests *guests, struct buf *text);
void bot_guests_parse(struct bot_guests *guests, const char *text);

#endif
