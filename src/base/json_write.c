#include "base/json_write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"

void json_write_init(struct json_write *json, struct buf *out) {
  *json = (struct json_write){.out = out};
}

/* Writes the text in quotes. Runs of harmless bytes are copied in one go. */
static void append_quoted(struct buf *out, const char *text, size_t length) {
  static const char hex[] = "0123456789abcdef";
  size_t start = 0;
  buf_reserve(out, length + 2);
  buf_append_char(out, '"');
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    buf_append(out, text + start, i - start);
    start = i + 1;
    char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    size_t escape_length = sizeof escape;
    const char *plain = strchr("\"\"\\\\\nn\rr\tt", c); /* pairs: byte, letter */
    if (c != '\0' && plain != NULL) {
      escape[1] = plain[1];
      escape_length = 2;
    }
    buf_append(out, escape, escape_length);
  }
  buf_append(out, text + start, length - start);
  buf_append_char(out, '"');
}

/* What stands in front of every value: the comma and the key. */
static void begin_value(struct json_write *json, const char *key) {
  bool *need_comma = &json->need_comma[json->depth];
  if (*need_comma)
    buf_append_char(json->out, ',');
  *need_comma = json->depth > 0;
  if (key != NULL) {
    append_quoted(json->out, key, strlen(key));
    buf_append_char(json->out, ':');
  }
}

static void open_container(struct json_write *json, const char *key, char bracket) {
  begin_value(json, key);
  buf_append_char(json->out, bracket);
  assert(json->depth + 1 < JSON_WRITE_DEPTH);
  json->need_comma[++json->depth] = false;
}

static void close_container(struct json_write *json, char bracket) {
  assert(json->depth > 0);
  json->depth--;
  buf_append_char(json->out, bracket);
}

void json_write_object(struct json_write *json, const char *key) {
  open_container(json, key, '{');
}

void json_write_object_end(struct json_write *json) {
  close_container(json, '}');
}

void json_write_array(struct json_write *json, const char *key) {
  open_container(json, key, '[');
}

void json_write_array_end(struct json_write *json) {
  close_container(json, ']');
}

/* As append_quoted, with every byte that is no UTF-8 turned into U+FFFD. */
static void append_repaired(struct buf *out, const char *text, size_t length) {
  static const char replacement[] = "\xEF\xBF\xBD";
  struct buf repaired;
  buf_init(&repaired);
  for (size_t at = 0; at < length;) {
    size_t step = 1;
    while (step <= 4 && step <= length - at && !str_is_utf8(text + at, step))
      step++;
    if (step > 4 || step > length - at) {
      buf_append(&repaired, replacement, sizeof replacement - 1);
      at++;
    } else {
      buf_append(&repaired, text + at, step);
      at += step;
    }
  }
  append_quoted(out, repaired.data, repaired.length);
  buf_finish(&repaired);
}

void json_write_text_n(struct json_write *json, const char *key, const char *text, size_t length) {
  begin_value(json, key);
  if (str_is_utf8(text, length))
    append_quoted(json->out, text, length);
  else
    append_repaired(json->out, text, length);
}

void json_write_text(struct json_write *json, const char *key, const char *text) {
  if (text == NULL)
    json_write_null(json, key);
  else
    json_write_text_n(json, key, text, strlen(text));
}

enum { DIGITS_MAX = 24 };

/* Writes the decimal digits of `value` so that they end at `end`; returns the first. */
static char *digits_before(char *end, uint64_t value) {
  do {
    *--end = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return end;
}

void json_write_i64(struct json_write *json, const char *key, int64_t value) {
  begin_value(json, key);
  buf_append_i64(json->out, value);
}

void json_write_bool(struct json_write *json, const char *key, bool value) {
  json_write_raw(json, key, value ? "true" : "false", value ? 4 : 5);
}

void json_write_null(struct json_write *json, const char *key) {
  json_write_raw(json, key, "null", 4);
}

/* Appends scaled / 10^decimals without trailing zeros; `scaled` is below 2^53. */
static void append_scaled(struct buf *out, bool negative, uint64_t scaled, int decimals) {
  while (decimals > 0 && scaled % 10 == 0) {
    scaled /= 10;
    decimals--;
  }
  char text[2 * DIGITS_MAX];
  char *end = text + sizeof text, *first = end;
  if (decimals > 0) {
    for (int i = 0; i < decimals; i++, scaled /= 10)
      *--first = (char)('0' + scaled % 10);
    *--first = '.';
  }
  bool is_zero = scaled == 0 && first == end;
  first = digits_before(first, scaled);
  if (negative && !is_zero)
    *--first = '-';
  buf_append(out, first, (size_t)(end - first));
}

/* Some 25 numbers stand in every miner's answer and snprintf("%.1f") takes 150 ns
 * of the 7 us that the whole answer has. Ordinary magnitudes are therefore scaled
 * to a whole number, which a double holds exactly below 2^53, and printed by hand. */
void json_write_number(struct json_write *json, const char *key, double value, int decimals) {
  static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  assert(decimals >= 0 && decimals <= 9);
  if (!isfinite(value)) {
    json_write_null(json, key);
    return;
  }
  begin_value(json, key);
  double scaled = round(fabs(value) * powers[decimals]);
  if (scaled < 0x1p53) {
    append_scaled(json->out, value < 0.0, (uint64_t)scaled, decimals);
    return;
  }
  buf_printf(json->out, "%.17g", value); /* as large as this, it has no decimals to round */
}

void json_write_time(struct json_write *json, const char *key, int64_t wall_ms) {
  if (wall_ms <= 0) {
    json_write_null(json, key);
    return;
  }
  char text[CLOCK_RFC3339_SIZE];
  clock_format_rfc3339(wall_ms, text);
  begin_value(json, key);
  append_quoted(json->out, text, strlen(text));
}

void json_write_raw(struct json_write *json, const char *key, const char *text, size_t length) {
  begin_value(json, key);
  buf_append(json->out, text, length);
}
