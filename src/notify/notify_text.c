#include "notify/notify_text.h"

#include <ctype.h>
#include <string.h>

static const char ellipsis[] = "\xE2\x80\xA6";

static size_t character_length(const char *text) {
  size_t length = 1;
  while (((unsigned char)text[length] & 0xC0) == 0x80)
    length++;
  return length;
}

static size_t cost_of(const char *text, size_t length, enum notify_unit unit) {
  if (unit == NOTIFY_BYTES)
    return length;
  return unit == NOTIFY_UTF16 && (unsigned char)*text >= 0xF0 ? 2 : 1;
}

size_t notify_text_fit(const char *text, enum notify_unit unit, size_t most) {
  size_t fits = 0;
  while (text[fits] != '\0') {
    size_t length = character_length(text + fits);
    size_t cost = cost_of(text + fits, length, unit);
    if (cost > most)
      break;
    most -= cost;
    fits += length;
  }
  return fits;
}

const char *notify_text_cut(struct arena *arena, const char *text, enum notify_unit unit,
                            size_t most) {
  if (text[notify_text_fit(text, unit, most)] == '\0')
    return text;
  size_t mark = cost_of(ellipsis, sizeof ellipsis - 1, unit);
  int kept = (int)notify_text_fit(text, unit, most > mark ? most - mark : 0);
  return arena_printf(arena, "%.*s%s", kept, text, ellipsis);
}

const char *notify_text_subject(struct arena *arena, const char *text) {
  return arena_strndup(arena, text, strcspn(text, "\r\n"));
}

void notify_text_base64(struct buf *out, const void *bytes, size_t length, size_t line) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *in = bytes;
  size_t in_line = 0;
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    unsigned group = (unsigned)in[i] << 16 | (left > 1 ? (unsigned)in[i + 1] << 8 : 0) |
                     (left > 2 ? (unsigned)in[i + 2] : 0);
    const char four[] = {digits[group >> 18], digits[group >> 12 & 63],
                         left > 1 ? digits[group >> 6 & 63] : '=',
                         left > 2 ? digits[group & 63] : '='};
    if (line > 0 && in_line + sizeof four > line) {
      buf_append_text(out, "\r\n");
      in_line = 0;
    }
    buf_append(out, four, sizeof four);
    in_line += sizeof four;
  }
}

void notify_text_percent(struct buf *out, const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c < 128 && (isalnum(c) || strchr("-._~", c) != NULL))
      buf_append_char(out, (char)c);
    else
      buf_printf(out, "%%%02X", c);
  }
}

const char *notify_text_base_url(struct arena *arena, const char *url) {
  size_t length = strlen(url);
  while (length > 0 && url[length - 1] == '/')
    length--;
  return arena_strndup(arena, url, length);
}
