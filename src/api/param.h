/* Reading what a request asks for: numbers, times, cursors. Pure; every refusal
 * is ERR_INVALID with words that name the parameter. A NULL text is a parameter
 * that was not given: the default stays in `out`. */
#ifndef API_PARAM_H
#define API_PARAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The number of a miner in a path or query. */
bool param_id(const char *text, int64_t *out, struct err *err);

struct param_range {
  int64_t min, max;
};
bool param_count(const char *name, const char *text, struct param_range range, int64_t *out,
                 struct err *err);

/* RFC 3339 or milliseconds since 1970. */
bool param_time(const char *name, const char *text, int64_t *wall_ms, struct err *err);

/* From one time on, and before another. */
struct param_period {
  int64_t from_ms, to_ms;
};

/* Reads `from` and `to`. `period` comes with the default; its length is kept when
 * only `to` is given, but one that begins at 0 (everything) always begins there. Clamped to what
 * RFC 3339 can write: 1970 to 9999. Refused when `from` is not earlier than `to`. */
bool param_period(const char *from, const char *to, struct param_period *period, struct err *err);

/* Where a list of samples goes on: at this time, after so many of that time. */
struct param_sample_cursor {
  int64_t at_ms;
  int64_t skip;
};
enum { PARAM_CURSOR_SIZE = 48 };
bool param_sample_cursor(const char *text, struct param_sample_cursor *out, struct err *err);
void param_sample_cursor_format(struct param_sample_cursor cursor, char text[PARAM_CURSOR_SIZE]);

/* Where a list that is ordered by id goes on: beyond this id. */
bool param_id_cursor(const char *text, int64_t *id, struct err *err);

#endif
