#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/rand.h"

static struct buf out;
static struct json_write json;

static int make_writer(void **state) {
  (void)state;
  buf_init(&out);
  json_write_init(&json, &out);
  return 0;
}

static int drop_writer(void **state) {
  (void)state;
  buf_finish(&out);
  return 0;
}

/* What one number looks like. */
static const char *number(double value, int decimals) {
  buf_clear(&out);
  json_write_init(&json, &out);
  json_write_number(&json, NULL, value, decimals);
  return out.data;
}

static const char *text(const char *bytes, size_t length) {
  buf_clear(&out);
  json_write_init(&json, &out);
  json_write_text_n(&json, NULL, bytes, length);
  return out.data;
}

static void commas_and_keys_are_put_in_their_places(void **state) {
  (void)state;

  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  json_write_i64(&json, NULL, 1);
  json_write_object(&json, NULL);
  json_write_object_end(&json);
  json_write_array(&json, NULL);
  json_write_array_end(&json);
  json_write_array_end(&json);
  json_write_null(&json, "next");
  json_write_bool(&json, "more", false);
  json_write_raw(&json, "raw", "[0]", 3);
  json_write_text(&json, "none", NULL);
  json_write_object_end(&json);

  assert_string_equal(
      out.data, "{\"items\":[1,{},[]],\"next\":null,\"more\":false,\"raw\":[0],\"none\":null}");
}

static void numbers_are_rounded_and_lose_trailing_zeros(void **state) {
  (void)state;

  assert_string_equal(number(525, 2), "525");
  assert_string_equal(number(17.2, 2), "17.2");
  assert_string_equal(number(58.125, 3), "58.125");
  assert_string_equal(number(1071.3, 2), "1071.3");
  assert_string_equal(number(0.05, 1), "0.1");
  assert_string_equal(number(0.005, 3), "0.005");
  assert_string_equal(number(100, 0), "100");
  assert_string_equal(number(-61.55, 1), "-61.6");
  assert_string_equal(number(4290000000.0, 0), "4290000000");
}

static void zero_has_no_sign(void **state) {
  (void)state;

  assert_string_equal(number(0.0, 2), "0");
  assert_string_equal(number(-0.0, 2), "0");
  assert_string_equal(number(-0.001, 2), "0");
  assert_string_equal(number(-0.5, 1), "-0.5");
}

static void unknown_numbers_are_null(void **state) {
  (void)state;

  assert_string_equal(number(NAN, 2), "null");
  assert_string_equal(number(INFINITY, 2), "null");
  assert_string_equal(number(-INFINITY, 2), "null");
}

static void large_numbers_keep_their_value(void **state) {
  (void)state;
  static const double values[] = {0x1p53, 1e17, 1.2345678901234567e18, 1e300, -1e18};

  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    assert_true(strtod(number(values[i], 9), NULL) == values[i]);
}

static void numbers_read_back_within_half_a_step(void **state) {
  (void)state;
  struct rand rand;
  rand_init(&rand, 1);

  for (int i = 0; i < 100000; i++) {
    int decimals = (int)rand_below(&rand, 10);
    double value = (rand_unit(&rand) - 0.5) * pow(10, (double)rand_below(&rand, 9));
    double error = fabs(strtod(number(value, decimals), NULL) - value);
    assert_true(error <= 0.5000001 * pow(10, -decimals) + 4 * DBL_EPSILON * fabs(value));
  }
}

static void whole_numbers_reach_both_ends(void **state) {
  (void)state;

  json_write_array(&json, NULL);
  json_write_i64(&json, NULL, INT64_MIN);
  json_write_i64(&json, NULL, 0);
  json_write_i64(&json, NULL, INT64_MAX);
  json_write_array_end(&json);

  assert_string_equal(out.data, "[-9223372036854775808,0,9223372036854775807]");
}

static void text_is_escaped(void **state) {
  (void)state;

  assert_string_equal(text("a\"b\\c\nd\re\tf\x01g\x1f", 14),
                      "\"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\\u001f\"");
  assert_string_equal(text("nul\0nul", 7), "\"nul\\u0000nul\"");
  assert_string_equal(text("58 °C ₿", strlen("58 °C ₿")), "\"58 °C ₿\"");
}

static void broken_utf8_becomes_the_replacement_character(void **state) {
  (void)state;

  assert_string_equal(text("a\xFF"
                           "b",
                           3),
                      "\"a\xEF\xBF\xBD"
                      "b\"");
  assert_string_equal(text("\xC2", 1), "\"\xEF\xBF\xBD\"");
  assert_string_equal(text("\xE2\x82", 2), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  assert_string_equal(text("\xED\xA0\x80\xC3\xA4", 5),
                      "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA4\"");
}

static void times_before_1970_are_null(void **state) {
  (void)state;

  json_write_object(&json, NULL);
  json_write_time(&json, "seen_at", INT64_C(1700000000123));
  json_write_time(&json, "never", 0);
  json_write_object_end(&json);

  assert_string_equal(out.data, "{\"seen_at\":\"2023-11-14T22:13:20.123Z\",\"never\":null}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_writer, drop_writer)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(commas_and_keys_are_put_in_their_places),
      TEST(numbers_are_rounded_and_lose_trailing_zeros),
      TEST(zero_has_no_sign),
      TEST(unknown_numbers_are_null),
      TEST(large_numbers_keep_their_value),
      TEST(numbers_read_back_within_half_a_step),
      TEST(whole_numbers_reach_both_ends),
      TEST(text_is_escaped),
      TEST(broken_utf8_becomes_the_replacement_character),
      TEST(times_before_1970_are_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
