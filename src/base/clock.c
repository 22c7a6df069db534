#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

enum { MS_PER_SECOND = 1000, SECONDS_PER_DAY = 86400 };

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z. */
static const int64_t first_ms = INT64_C(-62167219200000);
static const int64_t last_ms = INT64_C(253402300799999);

static int64_t read_us(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_mono_us(void) {
  return read_us(CLOCK_MONOTONIC);
}

int64_t clock_mono_ms(void) {
  return clock_mono_us() / 1000;
}

int64_t clock_wall_ms(void) {
  return read_us(CLOCK_REALTIME) / 1000;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. Years are counted
 * from March so that the leap day is the last of its year; 400 years, an era,
 * have 146097 days. (gmtime_r is right too and three times slower; it is called
 * for every time in every answer.) */
static int64_t days_from_date(int64_t year, int month, int day) {
  if (month <= 2)
    year--;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

/* The inverse of days_from_date. */
static void date_from_days(int64_t days, int *year, int *month, int *day) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t march_month = (5 * day_of_year + 2) / 153;
  *day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
  *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
  *year = (int)(era * 400 + year_of_era + (*month <= 2 ? 1 : 0));
}

static void put_digits(char *at, int64_t value, int count) {
  for (int i = count - 1; i >= 0; i--, value /= 10)
    at[i] = (char)('0' + value % 10);
}

char *clock_format_rfc3339(int64_t wall_ms, char text[CLOCK_RFC3339_SIZE]) {
  if (wall_ms < first_ms)
    wall_ms = first_ms;
  if (wall_ms > last_ms)
    wall_ms = last_ms;
  int64_t since_first = wall_ms - first_ms; /* never negative: plain division below */
  int64_t seconds = since_first / MS_PER_SECOND;
  int year, month, day;
  date_from_days(seconds / SECONDS_PER_DAY + first_ms / MS_PER_SECOND / SECONDS_PER_DAY, &year,
                 &month, &day);
  memcpy(text, "YYYY-MM-DDThh:mm:ss.mmmZ", 25);
  put_digits(text, year, 4);
  put_digits(text + 5, month, 2);
  put_digits(text + 8, day, 2);
  put_digits(text + 11, seconds / 3600 % 24, 2);
  put_digits(text + 14, seconds / 60 % 60, 2);
  put_digits(text + 17, seconds % 60, 2);
  put_digits(text + 20, since_first % MS_PER_SECOND, 3);
  return text;
}

/* Reads exactly `count` digits and moves `at` past them. */
static bool take_digits(const char **at, int count, int *out) {
  int value = 0;
  for (int i = 0; i < count; i++) {
    char c = (*at)[i];
    if (c < '0' || c > '9')
      return false;
    value = value * 10 + (c - '0');
  }
  *at += count;
  *out = value;
  return true;
}

static bool take_char(const char **at, const char *choices) {
  if (**at == '\0' || strchr(choices, **at) == NULL)
    return false;
  (*at)++;
  return true;
}

/* ".5", ".123456789": as milliseconds, the rest cut off. */
static bool take_fraction(const char **at, int *ms) {
  int digits = 0;
  *ms = 0;
  for (; **at >= '0' && **at <= '9'; (*at)++, digits++)
    if (digits < 3)
      *ms = *ms * 10 + (**at - '0');
  for (int i = digits; i < 3; i++)
    *ms *= 10;
  return digits > 0;
}

/* "Z", "+02:00", "-0530": as minutes east of UTC. */
static bool take_offset(const char **at, int *minutes) {
  *minutes = 0;
  if (take_char(at, "zZ"))
    return true;
  bool west = **at == '-';
  int hour, minute;
  if (!take_char(at, "+-") || !take_digits(at, 2, &hour))
    return false;
  take_char(at, ":");
  if (!take_digits(at, 2, &minute) || hour > 23 || minute > 59)
    return false;
  *minutes = (hour * 60 + minute) * (west ? -1 : 1);
  return true;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool parse_rfc3339(const char *at, int64_t *wall_ms) {
  int year, month, day, hour, minute, second, offset, ms = 0;
  if (!take_digits(&at, 4, &year) || !take_char(&at, "-") || !take_digits(&at, 2, &month) ||
      !take_char(&at, "-") || !take_digits(&at, 2, &day) || !take_char(&at, "Tt ") ||
      !take_digits(&at, 2, &hour) || !take_char(&at, ":") || !take_digits(&at, 2, &minute) ||
      !take_char(&at, ":") || !take_digits(&at, 2, &second))
    return false;
  if (take_char(&at, ".,") && !take_fraction(&at, &ms))
    return false;
  if (!take_offset(&at, &offset) || *at != '\0')
    return false;
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
      minute > 59 || second > 60) /* 60: a leap second counts as the next one */
    return false;
  int64_t seconds = days_from_date(year, month, day) * SECONDS_PER_DAY + hour * 3600 +
                    (minute - offset) * 60 + second;
  *wall_ms = seconds * MS_PER_SECOND + ms;
  return true;
}

bool clock_parse(const char *text, int64_t *wall_ms) {
  if (text == NULL)
    return false;
  return str_to_i64(text, INT64_MIN, INT64_MAX, wall_ms) || parse_rfc3339(text, wall_ms);
}

static const char *plural(int64_t count) {
  return count == 1 ? "" : "s";
}

char *clock_format_span(int64_t ms, char *text, int size) {
  int64_t seconds = ms > 0 ? ms / MS_PER_SECOND : 0;
  int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  size_t room = (size_t)size;
  if (seconds < 60)
    snprintf(text, room, "%lld second%s", (long long)seconds, plural(seconds));
  else if (minutes < 60)
    snprintf(text, room, "%lld minute%s", (long long)minutes, plural(minutes));
  else if (days < 2)
    snprintf(text, room, "%lld h %02d min", (long long)hours, (int)(minutes % 60));
  else
    snprintf(text, room, "%lld days", (long long)days);
  return text;
}
