#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* Parses text that must be good. */
static struct json *parse(const char *text) {
  struct err err;
  struct json *root = json_parse(text, strlen(text), NULL, &err);
  if (root == NULL)
    fail_msg("%s: %s", text, err.text);
  return root;
}

/* Parses text that must be bad and gives the error's code. */
static enum err_code refusal(const char *text, size_t length, const struct json_limits *limits) {
  struct err err = {0};
  struct json *root = json_parse(text, length, limits, &err);
  assert_null(root);
  assert_true(strlen(err.text) > 0);
  return err.code;
}

static void members_are_found_by_their_exact_name(void **state) {
  (void)state;
  struct json *root = parse("{\"fanSpeed\": 4100, \"fanspeed\": 42, \"on\": true}");
  double fan_rpm = 0, fan_pct = 0;
  bool on = false;

  assert_true(json_number(json_get(root, "fanSpeed"), &fan_rpm));
  assert_true(json_number(json_get(root, "fanspeed"), &fan_pct));
  assert_true(json_bool(json_get(root, "on"), &on));

  assert_true(fan_rpm == 4100);
  assert_true(fan_pct == 42);
  assert_true(on);
  assert_null(json_get(root, "FANSPEED"));
  json_free(root);
}

static void reads_of_a_missing_value_leave_the_target_alone(void **state) {
  (void)state;
  struct json *root = parse("{\"text\": \"x\", \"none\": null}");
  double number = 7;
  bool truth = true;
  const char *text = "before";
  int64_t whole = 7;

  assert_false(json_number(json_get(root, "text"), &number));
  assert_false(json_bool(json_get(root, "none"), &truth));
  assert_false(json_text(json_get(root, "missing"), &text));
  assert_false(json_i64(json_get(root, "text"), 0, 9, &whole));
  assert_false(json_number(json_get(json_get(NULL, "a"), "b"), &number));

  assert_true(number == 7);
  assert_true(truth);
  assert_string_equal(text, "before");
  assert_int_equal(whole, 7);
  json_free(root);
}

static void types_are_told_apart(void **state) {
  (void)state;
  struct json *root = parse("[null, false, 1, \"a\", [], {}]");
  enum json_type expected = JSON_NULL;

  for (const struct json *item = json_first(root); item != NULL; item = json_next(item))
    assert_int_equal(json_type(item), expected++);

  assert_int_equal(json_count(root), 6);
  assert_int_equal(json_type(NULL), JSON_NULL);
  json_free(root);
}

static void an_object_is_walked_in_order_with_keys(void **state) {
  (void)state;
  struct json *root = parse("{\"a\": 1, \"b\": [2, 3]}");
  const struct json *first = json_first(root);
  const struct json *second = json_next(first);

  assert_string_equal(json_key(first), "a");
  assert_string_equal(json_key(second), "b");
  assert_string_equal(json_key(json_first(second)), "");
  assert_null(json_next(second));
  assert_null(json_first(first));
  json_free(root);
}

static void infinity_is_no_number(void **state) {
  (void)state;
  struct json *root = parse("[1e999, -1e999, 1e308]");
  double number = 7;
  const struct json *item = json_first(root);

  assert_false(json_number(item, &number));
  assert_false(json_number(json_next(item), &number));
  assert_true(json_number(json_next(json_next(item)), &number));
  json_free(root);
}

static void whole_numbers_are_checked_against_bounds(void **state) {
  (void)state;
  struct json *root = parse("[5, 5.5, -1, 1e300, 9223372036854775807, 9007199254740992]");
  bool expected[] = {true, false, false, false, false, true};
  int index = 0;

  for (const struct json *item = json_first(root); item != NULL; item = json_next(item)) {
    int64_t whole = 0;
    assert_int_equal(json_i64(item, 0, INT64_MAX, &whole), expected[index++]);
  }
  json_free(root);
}

static void what_is_no_json_is_refused(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      " ",
      "{",
      "[1,2",
      "[1,]",
      "{\"a\"}",
      "{\"a\":}",
      "{a:1}",
      "nan",
      "NaN",
      "[NaN]",
      "Infinity",
      "tru",
      "\"abc",
      "'a'",
      "1 2",
      "{} {}",
      "[1] x",
      "]",
      "}{",
      "\"\\x\"",
      "[1}",
      "<!doctype html>",
      "{\"a\":\"b",
      "\"\\u12\"",
      "\"\\ud800\"",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_int_equal(refusal(texts[i], strlen(texts[i]), NULL), ERR_CORRUPT);
}

static void white_space_may_follow_but_no_nul(void **state) {
  (void)state;
  struct json *root = parse("{}\r\n\t ");
  json_free(root);

  assert_int_equal(refusal("{}\0", 3, NULL), ERR_CORRUPT);
  assert_int_equal(refusal("{\"a\0\":1}", 8, NULL), ERR_CORRUPT);
}

static void limits_are_exact(void **state) {
  (void)state;
  struct err err;
  const struct json_limits size = {.size = 6}, depth = {.depth = 3}, values = {.values = 4};

  struct json *fits_size = json_parse("[1,23]", 6, &size, &err);
  struct json *fits_depth = json_parse("[[[1]]]", 7, &depth, &err);
  struct json *fits_values = json_parse("[1,2]", 5, &values, &err);

  assert_non_null(fits_size);
  assert_non_null(fits_depth);
  assert_non_null(fits_values);
  json_free(fits_size);
  json_free(fits_depth);
  json_free(fits_values);
  assert_int_equal(refusal("[1,234]", 7, &size), ERR_TOO_LARGE);
  assert_int_equal(refusal("[[[[1]]]]", 9, &depth), ERR_TOO_LARGE);
  assert_int_equal(refusal("[1,2,3,4]", 9, &values), ERR_TOO_LARGE);
}

static void brackets_and_commas_inside_text_do_not_count(void **state) {
  (void)state;
  struct err err;
  const struct json_limits limits = {.depth = 1, .values = 4};
  static const char text[] = "[\"[[[[,,,,,\\\"{{{\", \"\\\\\"]";

  struct json *root = json_parse(text, strlen(text), &limits, &err);

  assert_non_null(root);
  json_free(root);
}

static void a_hundred_thousand_brackets_do_no_harm(void **state) {
  (void)state;
  const size_t length = 100000;
  char *text = malloc(length);
  memset(text, '[', length);

  assert_int_equal(refusal(text, length, NULL), ERR_TOO_LARGE);
  memset(text, ',', length);
  assert_int_equal(refusal(text, length, NULL), ERR_TOO_LARGE);
  free(text);
}

static void every_prefix_of_a_document_is_refused_cleanly(void **state) {
  (void)state;
  static const char text[] = "{\"a\": [1, -2.5e3, \"x\\n\\u20bf\", true, null, {\"b\": {}}]}";

  for (size_t length = 0; length < strlen(text); length++) {
    char *exact = malloc(length + 1); /* so that a read beyond the end is caught */
    memcpy(exact, text, length);
    exact = realloc(exact, length > 0 ? length : 1);
    assert_int_equal(refusal(exact, length, NULL), ERR_CORRUPT);
    free(exact);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_are_found_by_their_exact_name),
      cmocka_unit_test(reads_of_a_missing_value_leave_the_target_alone),
      cmocka_unit_test(types_are_told_apart),
      cmocka_unit_test(an_object_is_walked_in_order_with_keys),
      cmocka_unit_test(infinity_is_no_number),
      cmocka_unit_test(whole_numbers_are_checked_against_bounds),
      cmocka_unit_test(what_is_no_json_is_refused),
      cmocka_unit_test(white_space_may_follow_but_no_nul),
      cmocka_unit_test(limits_are_exact),
      cmocka_unit_test(brackets_and_commas_inside_text_do_not_count),
      cmocka_unit_test(a_hundred_thousand_brackets_do_no_harm),
      cmocka_unit_test(every_prefix_of_a_document_is_refused_cleanly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
