#include "insight/letter_time.h"

#include <time.h>

/* That hour of the local day that lies so many days from the one of `wall_ms`. mktime
 * knows the lengths of months, and of days on which the clock is changed. */
static int64_t moment(int64_t wall_ms, int days, int hour) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) == NULL)
    return wall_ms;
  local.tm_mday += days;
  local.tm_hour = hour;
  local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return (int64_t)mktime(&local) * 1000;
}

static int days_since_monday(int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  return localtime_r(&seconds, &local) == NULL ? 0 : (local.tm_wday + 6) % 7;
}

int64_t letter_time_due(bool weekly, int hour, int64_t now_ms) {
  int back = weekly ? days_since_monday(now_ms) : 0;
  int64_t due_ms = moment(now_ms, -back, hour);
  return due_ms <= now_ms ? due_ms : moment(now_ms, -back - (weekly ? 7 : 1), hour);
}

bool letter_time_is_due(bool weekly, int hour, int64_t last_ms, int64_t now_ms) {
  int64_t due_ms = letter_time_due(weekly, hour, now_ms);
  return last_ms < due_ms && now_ms - due_ms < LETTER_TIME_LATE_MS;
}

void letter_time_span(bool weekly, int64_t due_ms, int64_t *from_ms, int64_t *to_ms) {
  *to_ms = moment(due_ms, 0, 0);
  *from_ms = moment(due_ms, weekly ? -7 : -1, 0);
}
