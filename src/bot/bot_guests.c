#include "bot/bot_guests.h"

#include <inttypes.h>
#include <string.h>

#include "base/str.h"

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

void bot_guests_format(const struct bot_guests *guests, struct buf *text) {
  for (size_t i = 0; i < guests->count; i++)
    buf_printf(text, "%s%" PRId64, i > 0 ? " " : "", guests->chats[i]);
}

void bot_guests_parse(struct bot_guests *guests, const char *text) {
  *guests = (struct bot_guests){.count = 0};
  while (*text != '\0' && guests->count < BOT_GUESTS_MAX) {
    char number[24] = "";
    size_t length = strcspn(text, " ");
    if (length < sizeof number)
      memcpy(number, text, length);
    if (str_to_i64(number, INT64_MIN, INT64_MAX, &guests->chats[guests->count]))
      guests->count++;
    text += length + (text[length] == ' ');
  }
}
