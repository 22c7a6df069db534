#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "model/text_figure.h"

static char figure[TEXT_FIGURE_SIZE];

static const char *number(const char *language, double value, int decimals) {
  text_figure_number(figure, language, value, decimals);
  return figure;
}

static void a_language_has_its_own_comma_and_thousands(void **state) {
  (void)state;

  assert_string_equal(number(NULL, 12.5, 1), "12.5");
  assert_string_equal(number("en", -1234567.25, 2), "-1,234,567.25");
  assert_string_equal(number("de", 12.5, 1), "12,5");
  assert_string_equal(number("de", 46000, 0), "46.000");
  assert_string_equal(number("es", 46000.5, 1), "46.000,5");
}

static void four_digits_stand_together(void **state) {
  (void)state;

  assert_string_equal(number("en", 5400, 0), "5400");
  assert_string_equal(number("de", 9999, 0), "9999");
  assert_string_equal(number("de", 10000, 0), "10.000");
}

static void what_is_unknown_or_beyond_all_is_no_nonsense(void **state) {
  (void)state;

  assert_string_equal(number("de", NAN, 1), "?");
  assert_string_equal(number("de", INFINITY, 1), "?");
  assert_string_equal(number("en", 1e300, 1), "1.0e+300");
}

static void a_limit_needs_no_more_digits_than_it_has(void **state) {
  (void)state;

  text_figure_short(figure, "de", 65);
  assert_string_equal(figure, "65");
  text_figure_short(figure, "de", 4.75);
  assert_string_equal(figure, "4,75");
}

static void large_values_are_scaled(void **state) {
  (void)state;

  text_figure_scaled(figure, "en", 4.29e9, "");
  assert_string_equal(figure, "4.29 G");
  text_figure_scaled(figure, "de", 1.208e12, "H/s");
  assert_string_equal(figure, "1,21 TH/s");
  text_figure_scaled(figure, "en", 999, "");
  assert_string_equal(figure, "999");
  text_figure_scaled(figure, "en", 12, "H/s");
  assert_string_equal(figure, "12 H/s");
}

static void figures_of_a_miner_have_their_unit(void **state) {
  (void)state;

  text_figure_metric(figure, "de", METRIC_CHIP_TEMP_C, 58.12);
  assert_string_equal(figure, "58,1 °C");
  text_figure_metric(figure, "de", METRIC_FAN_RPM, 5400);
  assert_string_equal(figure, "5400 U/min");
  text_figure_hashrate(figure, "es", 1070);
  assert_string_equal(figure, "1,07 TH/s");
  text_figure_hashrate(figure, NULL, 480.4);
  assert_string_equal(figure, "480 GH/s");
}

static void a_span_is_told_in_what_fits_it(void **state) {
  (void)state;
  static const struct {
    const char *language;
    int64_t ms;
    const char *expected;
  } cases[] = {{"en", -5, "0 seconds"},           {"en", 1000, "1 second"},
               {"en", 60000, "1 minute"},         {"de", 12 * 60000, "12 Minuten"},
               {"en", 185 * 60000, "3 h 05 min"}, {"es", INT64_C(96) * 3600000, "4 días"}};

  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    text_figure_span(figure, cases[i].language, cases[i].ms);
    assert_string_equal(figure, cases[i].expected);
  }
}

static void a_date_is_written_as_the_language_does(void **state) {
  (void)state;

  text_figure_date(figure, "en", INT64_C(1795392000000)); /* 2026-11-23 */
  assert_string_equal(figure, "23 November");
  text_figure_date(figure, "de", INT64_C(1795392000000));
  assert_string_equal(figure, "23. November");
  text_figure_date(figure, "es", INT64_C(1795392000000));
  assert_string_equal(figure, "23 de noviembre");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_language_has_its_own_comma_and_thousands),
      cmocka_unit_test(four_digits_stand_together),
      cmocka_unit_test(what_is_unknown_or_beyond_all_is_no_nonsense),
      cmocka_unit_test(a_limit_needs_no_more_digits_than_it_has),
      cmocka_unit_test(large_values_are_scaled),
      cmocka_unit_test(figures_of_a_miner_have_their_unit),
      cmocka_unit_test(a_span_is_told_in_what_fits_it),
      cmocka_unit_test(a_date_is_written_as_the_language_does),
  };
  setenv("TZ", "UTC", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
