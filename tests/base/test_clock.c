#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"

static int64_t parsed(const char *text) {
  int64_t wall_ms = 0;
  assert_true(clock_parse(text, &wall_ms));
  return wall_ms;
}

static void times_are_written_as_rfc3339_in_utc(void **state) {
  (void)state;
  char text[CLOCK_RFC3339_SIZE];

  assert_string_equal(clock_format_rfc3339(0, text), "1970-01-01T00:00:00.000Z");
  assert_string_equal(clock_format_rfc3339(INT64_C(1709210096789), text),
                      "2024-02-29T12:34:56.789Z");
  assert_string_equal(clock_format_rfc3339(-1, text), "1969-12-31T23:59:59.999Z");
}

static void years_outside_four_digits_are_clamped(void **state) {
  (void)state;
  char text[CLOCK_RFC3339_SIZE];

  assert_string_equal(clock_format_rfc3339(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
  assert_string_equal(clock_format_rfc3339(INT64_MIN, text), "0000-01-01T00:00:00.000Z");
}

static void what_is_written_reads_back(void **state) {
  (void)state;
  char text[CLOCK_RFC3339_SIZE];
  const int64_t step_ms = INT64_C(86400000) * 13 + 12345677;

  for (int64_t wall_ms = INT64_C(-62167219200000); wall_ms < INT64_C(253402300799999);
       wall_ms += step_ms)
    assert_int_equal(parsed(clock_format_rfc3339(wall_ms, text)), wall_ms);
}

static void offsets_and_fractions_are_understood(void **state) {
  (void)state;
  int64_t noon = parsed("2026-11-22T12:00:00Z");

  assert_int_equal(parsed("2026-11-22T14:00:00+02:00"), noon);
  assert_int_equal(parsed("2026-11-22T06:30:00-0530"), noon);
  assert_int_equal(parsed("2026-11-22t12:00:00.5z"), noon + 500);
  assert_int_equal(parsed("2026-11-22 12:00:00.123456789Z"), noon + 123);
}

static void plain_milliseconds_are_understood(void **state) {
  (void)state;

  assert_int_equal(parsed("0"), 0);
  assert_int_equal(parsed("1700000000000"), INT64_C(1700000000000));
  assert_int_equal(parsed("-5"), -5);
}

static void anything_else_is_refused(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      "now",
      "2026-11-22",
      "2026-11-22T12:00Z",
      "2026-11-22T12:00:00",
      "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z",
      "2026-02-29T00:00:00Z",
      "2026-11-22T24:00:00Z",
      "2026-11-22T12:60:00Z",
      "2026-11-22T12:00:00.Z",
      "2026-11-22T12:00:00+2",
      "2026-11-22T12:00:00+99:00",
      "2026-11-22T12:00:00Z ",
      "12.5",
      "99999999999999999999",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    int64_t wall_ms = 42;

    assert_false(clock_parse(texts[i], &wall_ms));
    assert_int_equal(wall_ms, 42);
  }
  assert_false(clock_parse(NULL, &(int64_t){0}));
}

static void spans_are_said_in_plain_words(void **state) {
  (void)state;
  char text[32];

  assert_string_equal(clock_format_span(-5, text, sizeof text), "0 seconds");
  assert_string_equal(clock_format_span(1999, text, sizeof text), "1 second");
  assert_string_equal(clock_format_span(59999, text, sizeof text), "59 seconds");
  assert_string_equal(clock_format_span(60000, text, sizeof text), "1 minute");
  assert_string_equal(clock_format_span(3599999, text, sizeof text), "59 minutes");
  assert_string_equal(clock_format_span(7500000, text, sizeof text), "2 h 05 min");
  assert_string_equal(clock_format_span(INT64_C(259200000), text, sizeof text), "3 days");
}

static void clocks_do_not_go_backwards(void **state) {
  (void)state;
  int64_t last_us = clock_mono_us();

  for (int i = 0; i < 10000; i++) {
    int64_t now_us = clock_mono_us();
    assert_true(now_us >= last_us);
    last_us = now_us;
  }
  assert_true(clock_mono_ms() >= last_us / 1000);
  assert_true(clock_wall_ms() > INT64_C(1700000000000));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(times_are_written_as_rfc3339_in_utc),
      cmocka_unit_test(years_outside_four_digits_are_clamped),
      cmocka_unit_test(what_is_written_reads_back),
      cmocka_unit_test(offsets_and_fractions_are_understood),
      cmocka_unit_test(plain_milliseconds_are_understood),
      cmocka_unit_test(anything_else_is_refused),
      cmocka_unit_test(spans_are_said_in_plain_words),
      cmocka_unit_test(clocks_do_not_go_backwards),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
