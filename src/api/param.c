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

/* Times that RFC 3339 can write: 1970 to 9999. */
static const int64_t TIME_MIN_MS = 1, TIME_MAX_MS = INT64_C(253402300799999);

static int64_t clamp_time(int64_t wall_ms) {
  if (wall_ms < TIME_MIN_MS)
    return TIME_MIN_MS;
  return wall_ms > TIME_MAX_MS ? TIME_MAX_MS : wall_ms;
}

bool param_period(const char *from, const char *to, struct param_period *period, struct err *err) {
  struct param_period wanted = *period;
  if (!param_time("to", to, &wanted.to_ms, err))
    return false;
  if (period->from_ms != 0)
    wanted.from_ms = clamp_time(wanted.to_ms) - (period->to_ms - period->from_ms);
  if (!param_time("from", from, &wanted.from_ms, err))
    return false;
  wanted.from_ms = clamp_time(wanted.from_ms);
  wanted.to_ms = clamp_time(wanted.to_ms);
  if (wanted.from_ms >= wanted.to_ms)
    return err_set(err, ERR_INVALID, "from must be earlier than to");
  *period = wanted;
  return true;
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
