#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "insight/letter_time.h"

static int use_berlin(void **state) {
  (void)state;
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  return 0;
}

static int64_t at(const char *text) {
  int64_t wall_ms = 0;
  assert_true(clock_parse(text, &wall_ms));
  return wall_ms;
}

static void a_daily_letter_is_due_at_its_hour_and_once(void **state) {
  (void)state;
  int64_t eight = at("2026-11-23T08:00:00+01:00");

  assert_int_equal(letter_time_due(false, 8, eight - 1), eight - LETTER_TIME_LATE_MS);
  assert_int_equal(letter_time_due(false, 8, eight), eight);

  assert_false(letter_time_is_due(false, 8, eight - LETTER_TIME_LATE_MS, eight - 1));
  assert_true(letter_time_is_due(false, 8, eight - LETTER_TIME_LATE_MS, eight));
  assert_false(letter_time_is_due(false, 8, eight, eight + 1));
}

static void a_weekly_letter_is_due_on_monday(void **state) {
  (void)state;
  int64_t monday = at("2026-11-23T08:00:00+01:00");

  assert_int_equal(letter_time_due(true, 8, at("2026-11-29T23:00:00+01:00")), monday);
  assert_int_equal(letter_time_due(true, 8, monday), monday);
  assert_int_equal(letter_time_due(true, 8, monday - 1), at("2026-11-16T08:00:00+01:00"));
}

static void a_late_letter_comes_within_a_day_and_not_after(void **state) {
  (void)state;
  int64_t monday = at("2026-11-23T08:00:00+01:00"), before = monday - 7 * LETTER_TIME_LATE_MS;

  assert_true(letter_time_is_due(true, 8, before, monday + LETTER_TIME_LATE_MS - 1));
  assert_false(letter_time_is_due(true, 8, before, monday + LETTER_TIME_LATE_MS));
}

static void it_tells_of_whole_local_days_however_long_they_are(void **state) {
  (void)state;
  int64_t from, to;

  letter_time_span(false, at("2026-10-26T08:00:00+01:00"), &from, &to); /* the clock was set back */
  assert_int_equal(from, at("2026-10-25T00:00:00+02:00"));
  assert_int_equal(to, at("2026-10-26T00:00:00+01:00"));

  letter_time_span(true, at("2026-11-02T08:00:00+01:00"), &from, &to);
  assert_int_equal(from, at("2026-10-26T00:00:00+01:00"));
  assert_int_equal(to, at("2026-11-02T00:00:00+01:00"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_daily_letter_is_due_at_its_hour_and_once),
      cmocka_unit_test(a_weekly_letter_is_due_on_monday),
      cmocka_unit_test(a_late_letter_comes_within_a_day_and_not_after),
      cmocka_unit_test(it_tells_of_whole_local_days_however_long_they_are),
  };
  return cmocka_run_group_tests(tests, use_berlin, NULL);
}
