#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/str.h"

static void copy_cuts_between_characters(void **state) {
  (void)state;
  char small[4];

  str_copy(small, sizeof small, "a₿"); /* four bytes: does not fit with its NUL */
  assert_string_equal(small, "a");
  str_copy(small, sizeof small, "₿");
  assert_string_equal(small, "₿");
  str_copy(small, sizeof small, "abcdef");
  assert_string_equal(small, "abc");
  str_copy(small, 1, "abc");
  assert_string_equal(small, "");
}

static void comparisons_accept_null(void **state) {
  (void)state;

  assert_true(str_equal("a", "a"));
  assert_false(str_equal("a", "A"));
  assert_true(str_equal(NULL, NULL));
  assert_false(str_equal(NULL, ""));
  assert_true(str_equal_ignore_case("Content-Type", "content-TYPE"));
  assert_false(str_equal_ignore_case("a", NULL));
  assert_true(str_starts_with("/api/v1", "/api"));
  assert_false(str_starts_with("/ap", "/api"));
}

static void whole_numbers_must_be_the_whole_text(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",    " 1",  "1 ", "+1",  "0x10", "1.0", "1e3",
      "abc", "--1", "-",  "101", "-101", "1a",  "99999999999999999999999"};
  int64_t value = 42;

  assert_true(str_to_i64("0", 0, 100, &value));
  assert_int_equal(value, 0);
  assert_true(str_to_i64("-100", -100, 100, &value));
  assert_int_equal(value, -100);
  assert_true(str_to_i64("9223372036854775807", 0, INT64_MAX, &value));
  assert_true(value == INT64_MAX);
  value = 42;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(str_to_i64(bad[i], -100, 100, &value));
  assert_false(str_to_i64(NULL, -100, 100, &value));
  assert_int_equal(value, 42);
}

static void doubles_are_decimal_and_finite(void **state) {
  (void)state;
  static const char *const bad[] = {"",    " 1", "1 ", "nan", "inf", "0x1p3", "1e999",
                                    "1,5", ".",  "e5", "1e",  "-",   "1.2.3"};
  double value = 42;

  assert_true(str_to_double("1.5", &value));
  assert_true(value == 1.5);
  assert_true(str_to_double("-.5e-1", &value));
  assert_true(value == -0.05);
  value = 42;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(str_to_double(bad[i], &value));
  assert_true(value == 42);
}

static void difficulties_are_read_as_miners_write_them(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double value;
  } good[] = {
      {"0", 0},         {"483k", 483e3},    {"4.29G", 4.29e9}, {"2.03 G", 2.03e9},
      {"270M", 270e6},  {" 1.5T ", 1.5e12}, {"3P", 3e15},      {"1E", 1e18},
      {"1.5e9", 1.5e9}, {"1e3k", 1e6},      {"12345", 12345},  {"7K", 7e3},
  };
  static const char *const bad[] = {"",    "G",   "4.29GG", "4.29 X", "four",
                                    "1k2", "nan", "1e999",  "-"};
  double value = 42;

  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(str_to_si(good[i].text, &value));
    assert_true(fabs(value - good[i].value) <= 1e-9 * good[i].value);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(str_to_si(bad[i], &value));
  assert_false(str_to_si(NULL, &value));
}

static void utf8_is_checked_as_rfc3629_says(void **state) {
  (void)state;
  static const char *const good[] = {"",
                                     "abc",
                                     "ä",
                                     "₿",
                                     "\xF0\x9F\x94\xA5",
                                     "\xED\x9F\xBF",
                                     "\xEE\x80\x80",
                                     "\xF4\x8F\xBF\xBF"};
  static const char *const bad[] = {"\x80",
                                    "\xC0\x80",
                                    "\xC1\xBF",
                                    "\xC3",
                                    "\xE0\x9F\xBF",
                                    "\xED\xA0\x80",
                                    "\xE2\x82",
                                    "\xF0\x8F\xBF\xBF",
                                    "\xF4\x90\x80\x80",
                                    "\xF5\x80\x80\x80",
                                    "\xFF",
                                    "a\xE2\x82z"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(str_is_utf8(good[i], strlen(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(str_is_utf8(bad[i], strlen(bad[i])));
}

static void sanitize_makes_any_bytes_one_safe_line(void **state) {
  (void)state;
  char target[64];

  str_sanitize(target, sizeof target,
               "a\nb\x00"
               "c\x7f\xFF"
               "d\xC2\x85",
               10);
  assert_string_equal(target, "a b c \xEF\xBF\xBD"
                              "d ");
  str_sanitize(target, 3, "₿₿", 6);
  assert_string_equal(target, "");
  str_sanitize(target, 4, "\xFF\xFF", 2);
  assert_string_equal(target, "\xEF\xBF\xBD");
}

static void sanitize_always_gives_utf8(void **state) {
  (void)state;
  char bytes[3], target[16];

  for (int first = 0; first < 256; first++) {
    for (int second = 0; second < 256; second++) {
      bytes[0] = (char)first;
      bytes[1] = (char)second;
      bytes[2] = (char)(first ^ second);
      str_sanitize(target, sizeof target, bytes, sizeof bytes);
      assert_true(str_is_utf8(target, strlen(target)));
    }
  }
}

static void trim_drops_white_space_on_both_ends(void **state) {
  (void)state;
  char padded[] = " \t a b \r\n";
  char blank[] = "   ";

  assert_string_equal(str_trim(padded), "a b");
  assert_string_equal(str_trim(blank), "");
}

static void secrets_are_equal_only_when_every_byte_is(void **state) {
  (void)state;

  assert_true(str_equal_secret("", ""));
  assert_true(str_equal_secret("secret", "secret"));
  assert_false(str_equal_secret("secret", "secreT"));
  assert_false(str_equal_secret("secret", "secretsecret"));
  assert_false(str_equal_secret("secretsecret", "secret"));
  assert_false(str_equal_secret("secret", ""));
  assert_false(str_equal_secret("", "secret"));
}

static void hexadecimal_digits_have_their_value_and_nothing_else_has(void **state) {
  (void)state;

  assert_int_equal(str_hex_value('0'), 0);
  assert_int_equal(str_hex_value('9'), 9);
  assert_int_equal(str_hex_value('a'), 10);
  assert_int_equal(str_hex_value('F'), 15);
  for (const char *c = "/:@G`g \xff"; *c != '\0'; c++)
    assert_int_equal(str_hex_value(*c), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copy_cuts_between_characters),
      cmocka_unit_test(comparisons_accept_null),
      cmocka_unit_test(whole_numbers_must_be_the_whole_text),
      cmocka_unit_test(doubles_are_decimal_and_finite),
      cmocka_unit_test(difficulties_are_read_as_miners_write_them),
      cmocka_unit_test(utf8_is_checked_as_rfc3629_says),
      cmocka_unit_test(sanitize_makes_any_bytes_one_safe_line),
      cmocka_unit_test(sanitize_always_gives_utf8),
      cmocka_unit_test(trim_drops_white_space_on_both_ends),
      cmocka_unit_test(secrets_are_equal_only_when_every_byte_is),
      cmocka_unit_test(hexadecimal_digits_have_their_value_and_nothing_else_has),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
