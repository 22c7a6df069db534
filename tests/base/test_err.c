#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

static void set_fills_the_error_and_is_false(void **state) {
  (void)state;
  struct err err = {0};

  bool result = err_set(&err, ERR_TIMEOUT, "no answer after %d s", 8);

  assert_false(result);
  assert_int_equal(err.code, ERR_TIMEOUT);
  assert_string_equal(err.text, "no answer after 8 s");
}

static void add_puts_words_in_front_and_keeps_the_code(void **state) {
  (void)state;
  struct err err;
  err_set(&err, ERR_TIMEOUT, "no answer");

  bool result = err_add(&err, "miner '%s'", "Garage");

  assert_false(result);
  assert_int_equal(err.code, ERR_TIMEOUT);
  assert_string_equal(err.text, "miner 'Garage': no answer");
}

static void the_text_may_be_its_own_argument(void **state) {
  (void)state;
  struct err err;
  err_set(&err, ERR_IO, "disk full");

  err_set(&err, ERR_UNAVAILABLE, "not saved: %s", err.text);

  assert_string_equal(err.text, "not saved: disk full");
}

static void long_text_is_cut_between_characters(void **state) {
  (void)state;
  for (int filler = 0; filler < 4; filler++) {
    struct err err;
    char text[2 * ERR_TEXT_MAX] = "";
    memset(text, 'x', (size_t)filler);
    while (strlen(text) < ERR_TEXT_MAX + 10)
      strcat(text, "\xE2\x82\xBF"); /* the Bitcoin sign, three bytes */

    err_set(&err, ERR_IO, "%s", text);
    assert_true(strlen(err.text) >= ERR_TEXT_MAX - 4);
    assert_true(str_is_utf8(err.text, strlen(err.text)));

    err_add(&err, "%s", text);
    assert_true(strlen(err.text) < ERR_TEXT_MAX);
    assert_true(str_is_utf8(err.text, strlen(err.text)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(set_fills_the_error_and_is_false),
      cmocka_unit_test(add_puts_words_in_front_and_keeps_the_code),
      cmocka_unit_test(the_text_may_be_its_own_argument),
      cmocka_unit_test(long_text_is_cut_between_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
