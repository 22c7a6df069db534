#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "sim/sim_print.h"

static const char *number(struct buf *buf, double value, int decimals) {
  buf_clear(buf);
  sim_print_number(buf, value, decimals);
  return buf->data;
}

static void numbers_have_no_trailing_zeros(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  assert_string_equal(number(&buf, 525, 7), "525");
  assert_string_equal(number(&buf, 0, 7), "0");
  assert_string_equal(number(&buf, 63.125, 7), "63.125");
  assert_string_equal(number(&buf, 0.002, 7), "0.002");
  assert_string_equal(number(&buf, -1, 7), "-1");
  assert_string_equal(number(&buf, -0.25, 7), "-0.25");
  assert_string_equal(number(&buf, 9.99999999, 7), "10");
  assert_string_equal(number(&buf, -1e-9, 7), "0");
  buf_finish(&buf);
}

static void what_is_no_number_becomes_null(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  assert_string_equal(number(&buf, 0.0 / 0.0, 3), "null");
  assert_string_equal(number(&buf, 1.0 / 0.0, 3), "null");
  buf_finish(&buf);
}

static void write_sample(struct sim_print *print) {
  sim_print_object(print, NULL);
  sim_print_float(print, "power", 0.1);
  sim_print_array(print, "list");
  sim_print_int(print, NULL, 1);
  sim_print_object(print, NULL);
  sim_print_text(print, "a", "x\"y");
  sim_print_object_end(print);
  sim_print_array_end(print);
  sim_print_object_end(print);
}

static void older_style_has_tabs_and_17_digits(void **state) {
  (void)state;
  struct buf buf;
  struct sim_print print;
  buf_init(&buf);
  sim_print_init(&print, &buf, true, true);

  write_sample(&print);

  assert_string_equal(buf.data, "{\n\t\"power\":\t0.10000000149011612,\n"
                                "\t\"list\":\t[1, {\n\t\t\t\"a\":\t\"x\\\"y\"\n\t\t}]\n}");
  buf_finish(&buf);
}

static void newer_style_is_compact(void **state) {
  (void)state;
  struct buf buf;
  struct sim_print print;
  buf_init(&buf);
  sim_print_init(&print, &buf, false, false);

  write_sample(&print);

  assert_string_equal(buf.data, "{\"power\":0.1,\"list\":[1,{\"a\":\"x\\\"y\"}]}");
  buf_finish(&buf);
}

static void whole_numbers_get_an_exponent_from_1e15_on(void **state) {
  (void)state;
  struct buf buf;
  struct sim_print print;
  buf_init(&buf);
  sim_print_init(&print, &buf, false, false);

  sim_print_array(&print, NULL);
  sim_print_int(&print, NULL, 999999999999999.0);
  sim_print_int(&print, NULL, 1.2345678901234567e17);
  sim_print_array_end(&print);

  assert_string_equal(buf.data, "[999999999999999,1.2345678901234566e+17]");
  buf_finish(&buf);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_have_no_trailing_zeros),
      cmocka_unit_test(what_is_no_number_becomes_null),
      cmocka_unit_test(older_style_has_tabs_and_17_digits),
      cmocka_unit_test(newer_style_is_compact),
      cmocka_unit_test(whole_numbers_get_an_exponent_from_1e15_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
