#include "api/param.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"

bool param_id(const char *text, int64_t *out, struct err *err) {
  if (text == NULL || str_to_i64(text, 1, INT64_MAX, out))
    return true;
  return err_set(err, ERR_INVALID,
                 "'%.40s' is not the number of a miner; a whole number from 1 on is", text);
}

bool param_count(const char *name, const char *text, struct param_range range, int64_t *out,
                 struct err *err) {
  if (text == NULL || str_to_i64(text, range.min, range.max, out))
    return true;
  return err_set(err, ERR_INVALID,
                 "%s is '%.40s', but must be a whole number from %" PRId64 " to %" PRId64, name,
                 text, range.min, range.max);
}

bool param_time(const char *name, const char *text, int64_t *wall_ms, struct err *err) {
  if (text == NULL || clock_parse(text, wall_ms))
    return true;
  return err_set(err, ERR_INVALID,
                 "%s is '%.40s', but must be a time like 2026-11-22T16:00:00Z or milliseconds "
                 "since 1970",
                 name, text);
}

static bool cursor_bad(struct err *err) {
  return err_set(err, ERR_INVALID,
                 "this cursor is not one of ours; start again without it, then use `next`");
}

/* "1763827200000.2" */
bool param_sample_cursor(const char *text, struct param_sample_cursor *out, struct err *err) {
  if (text == NULL)
    return true;
  char copy[PARAM_CURSOR_SIZE];
  if (strlen(text) >= sizeof copy)
    return cursor_bad(err);
  str_copy(copy, sizeof copy, text);
  char *dot = strchr(copy, '.');
  if (dot == NULL)
    return cursor_bad(err);
  *dot = '\0';
  struct param_sample_cursor cursor;
  if (!str_to_i64(copy, 0, INT64_MAX, &cursor.at_ms) || !str_to_i64(dot + 1, 0, 1000, &cursor.skip))
    return cursor_bad(err);
  *out = cursor;
  return true;
}

void param_sample_cursor_format(struct param_sample_cursor cursor, char text[PARAM_CURSOR_SIZE]) {
  snprintf(text, PARAM_CURSOR_SIZE, "%" PRId64 ".%" PRId64, cursor.at_ms, cursor.skip);
}

bool param_id_cursor(const char *text, int64_t *id, struct err *err) {
  if (text == NULL || str_to_i64(text, 1, INT64_MAX, id))
    return true;
  return cursor_bad(err);
}
