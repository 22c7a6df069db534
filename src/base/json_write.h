/* A small streaming JSON writer onto a buf. It puts the commas; the caller
 * keeps begin and end in pairs (asserted). Text is escaped, broken UTF-8 becomes
 * U+FFFD, and NaN and infinity become null: unknown is null, never 0. */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { JSON_WRITE_DEPTH = 32 };

struct json_write {
  struct buf *out;
  int depth;
  bool need_comma[JSON_WRITE_DEPTH];
};

void json_write_init(struct json_write *json, struct buf *out);

/* `key` is NULL inside an array and at the top. */
void json_write_object(struct json_write *json, const char *key);
void json_write_object_end(struct json_write *json);
void json_write_array(struct json_write *json, const char *key);
void json_write_array_end(struct json_write *json);

void json_write_text(struct json_write *json, const char *key, const char *text); /* NULL: null */
void json_write_text_n(struct json_write *json, const char *key, const char *text, size_t length);
void json_write_i64(struct json_write *json, const char *key, int64_t value);
void json_write_bool(struct json_write *json, const char *key, bool value);
void json_write_null(struct json_write *json, const char *key);

/* Rounded to `decimals` (0..9) places with trailing zeros dropped, so that 525
 * stays 525 and 17.20 becomes 17.2. */
void json_write_number(struct json_write *json, const char *key, double value, int decimals);

/* RFC 3339 in UTC; 0 and below write null. */
void json_write_time(struct json_write *json, const char *key, int64_t wall_ms);

/* A value that is JSON already. */
void json_write_raw(struct json_write *json, const char *key, const char *text, size_t length);

#endif
