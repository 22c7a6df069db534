#include "bot/bot_guests.h"

enum { HOUR_MS = 3600 * 1000 };

bool bot_guests_greet(struct bot_guests *guests, int64_t chat_id, int64_t now_mono_ms) {
  for (size_t i = 0; i < guests->count; i++) {
    if (guests->chats[i] == chat_id)
      return false;
  }
  if (guests->count == BOT_GUESTS_MAX)
    return false;
  guests->chats[guests->count++] = chat_id;
  if (guests->in_hour == 0 || now_mono_ms - guests->hour_mono_ms >= HOUR_MS) {
    guests->hour_mono_ms = now_mono_ms;
    guests->in_hour = 0;
  }
  return ++guests->in_hour <= BOT_GUESTS_HOUR_MAX;
}
