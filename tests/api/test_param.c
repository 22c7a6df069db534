/* What a request may ask for, and how it is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "api/param.h"

static void number_outside_its_range_is_refused_with_the_range(void **state) {
  (void)state;
  struct err err;
  int64_t value = 7;
  struct param_range range = {1, 1000};
  const char *bad[] = {"0", "1001", "x", "", "1.5", "-1", "99999999999999999999", " 5"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_false(param_count("n", bad[i], range, &value, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_non_null(strstr(err.text, "from 1 to 1000"));
  }
  assert_int_equal(value, 7);
  assert_true(param_count("n", "1000", range, &value, &err));
  assert_int_equal(value, 1000);
}

static void parameter_that_is_not_given_keeps_the_default(void **state) {
  (void)state;
  struct err err;
  int64_t value = 7;
  assert_true(param_count("n", NULL, (struct param_range){1, 9}, &value, &err));
  assert_true(param_time("from", NULL, &value, &err));
  assert_true(param_id_cursor(NULL, &value, &err));
  assert_int_equal(value, 7);
}

static void time_is_rfc3339_or_milliseconds(void **state) {
  (void)state;
  struct err err;
  int64_t wall_ms = 0;
  assert_true(param_time("from", "1970-01-01T00:00:01Z", &wall_ms, &err));
  assert_int_equal(wall_ms, 1000);
  assert_true(param_time("from", "2500", &wall_ms, &err));
  assert_int_equal(wall_ms, 2500);
  assert_false(param_time("from", "yesterday", &wall_ms, &err));
  assert_non_null(strstr(err.text, "from"));
}

static void a_period_that_only_ends_keeps_its_length_or_its_beginning(void **state) {
  (void)state;
  struct err err;
  struct param_period day = {1000000, 1086400}, all = {0, 1086400};
  const char *far = "2100-01-01T00:00:00Z";

  assert_true(param_period(NULL, far, &day, &err));
  assert_true(param_period(NULL, far, &all, &err));

  assert_int_equal(day.to_ms, INT64_C(4102444800000));
  assert_int_equal(day.from_ms, day.to_ms - 86400);
  assert_int_equal(all.to_ms, day.to_ms);
  assert_true(all.from_ms <= 1);
}

static void sample_cursor_comes_back_as_it_was_given(void **state) {
  (void)state;
  struct err err;
  char text[PARAM_CURSOR_SIZE];
  struct param_sample_cursor cursor = {.at_ms = 1795377107158, .skip = 3}, back = {0};
  param_sample_cursor_format(cursor, text);
  assert_true(param_sample_cursor(text, &back, &err));
  assert_int_equal(back.at_ms, cursor.at_ms);
  assert_int_equal(back.skip, cursor.skip);
}

static void cursor_that_is_not_ours_is_refused(void **state) {
  (void)state;
  struct err err;
  struct param_sample_cursor cursor;
  const char *bad[] = {"",      "x",
                       "1",     "1.",
                       ".1",    "1.x",
                       "-1.0",  "1.999999",
                       "1.2.3", "11111111111111111111111111111111111111111111111111111111.1"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_false(param_sample_cursor(bad[i], &cursor, &err));
  int64_t id;
  assert_false(param_id_cursor("0", &id, &err));
  assert_int_equal(err.code, ERR_INVALID);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(number_outside_its_range_is_refused_with_the_range),
      cmocka_unit_test(parameter_that_is_not_given_keeps_the_default),
      cmocka_unit_test(time_is_rfc3339_or_milliseconds),
      cmocka_unit_test(a_period_that_only_ends_keeps_its_length_or_its_beginning),
      cmocka_unit_test(sample_cursor_comes_back_as_it_was_given),
      cmocka_unit_test(cursor_that_is_not_ours_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
