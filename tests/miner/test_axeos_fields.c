#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "miner/axeos_fields.h"

static struct json *read(struct axeos_fields *fields, const char *text) {
  struct err err;
  struct json *root = json_parse(text, strlen(text), NULL, &err);
  assert_non_null(root);
  axeos_fields_read(fields, root);
  return root;
}

/* A row out of order would be missed by the search, and only sometimes. */
static void the_table_of_keys_is_in_order(void **state) {
  (void)state;
  assert_true(axeos_fields_are_sorted());
}

static void names_that_differ_in_case_are_different_fields(void **state) {
  (void)state;
  struct axeos_fields fields;

  struct json *root = read(&fields, "{\"fanSpeed\":5320,\"fanspeed\":100}");

  assert_true(axeos_fields_number(&fields, AXEOS_FAN_SPEED_OLD) == 5320);
  assert_true(axeos_fields_number(&fields, AXEOS_FAN_PCT) == 100);
  json_free(root);
}

static void old_and_new_names_are_one_field(void **state) {
  (void)state;
  static const char *const answers[] = {"{\"fanrpm\":4100}", "{\"fanSpeedRpm\":4100}",
                                        "{\"fanrpm\":null,\"fanSpeedRpm\":4100}",
                                        "{\"fanrpm\":4100,\"fanSpeedRpm\":1}"};
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    struct axeos_fields fields;

    struct json *root = read(&fields, answers[i]);

    assert_true(axeos_fields_number(&fields, AXEOS_FAN_RPM) == 4100);
    json_free(root);
  }
}

static void numbers_are_read_from_whatever_holds_them(void **state) {
  (void)state;
  static const struct {
    const char *answer;
    double number;
  } rows[] = {{"{\"bestDiff\":4290000000}", 4.29e9},
              {"{\"bestDiff\":\"4.29G\"}", 4.29e9},
              {"{\"bestDiff\":\"2.03 G\"}", 2.03e9},
              {"{\"bestDiff\":\"483k\"}", 483e3},
              {"{\"bestDiff\":\"1.5e9\"}", 1.5e9},
              {"{\"bestDiff\":\"0\"}", 0},
              {"{\"bestDiff\":true}", 1},
              {"{\"bestDiff\":\"\"}", NAN},
              {"{\"bestDiff\":\"much\"}", NAN},
              {"{\"bestDiff\":null}", NAN},
              {"{\"bestDiff\":[4]}", NAN},
              {"{\"bestDiff\":1e999}", NAN},
              {"{}", NAN}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct axeos_fields fields;

    struct json *root = read(&fields, rows[i].answer);

    double number = axeos_fields_number(&fields, AXEOS_BEST_DIFF);
    if (isnan(rows[i].number))
      assert_true(isnan(number));
    else
      assert_true(fabs(number - rows[i].number) <= 1e-9 * rows[i].number);
    json_free(root);
  }
}

static void flags_are_read_in_every_spelling(void **state) {
  (void)state;
  static const struct {
    const char *answer;
    bool flag;
  } rows[] = {{"{\"shutdown\":true}", true},       {"{\"shutdown\":1}", true},
              {"{\"shutdown\":\"true\"}", true},   {"{\"shutdown\":\"1\"}", true},
              {"{\"shutdown\":false}", false},     {"{\"shutdown\":0}", false},
              {"{\"shutdown\":\"false\"}", false}, {"{\"shutdown\":\"0\"}", false},
              {"{\"shutdown\":null}", false},      {"{}", false}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct axeos_fields fields;

    struct json *root = read(&fields, rows[i].answer);

    assert_int_equal(axeos_fields_flag(&fields, AXEOS_SHUTDOWN), rows[i].flag);
    json_free(root);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_table_of_keys_is_in_order),
      cmocka_unit_test(names_that_differ_in_case_are_different_fields),
      cmocka_unit_test(old_and_new_names_are_one_field),
      cmocka_unit_test(numbers_are_read_from_whatever_holds_them),
      cmocka_unit_test(flags_are_read_in_every_spelling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
