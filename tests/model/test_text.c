#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alert.h"
#include "model/text.h"
#include "model/vitals.h"

static char *filled(const char *language, const char *key, const struct text_value *values,
                    size_t count) {
  struct buf out;
  buf_init(&out);
  text_write(&out, language, key, values, count);
  return buf_take(&out, NULL);
}

static void a_text_is_found_by_its_key_and_english_stands_in(void **state) {
  (void)state;
  const char *english = text_get("en", "rule.chip_temp.title");

  assert_string_equal(english, "Chip too hot");
  assert_string_equal(text_get(NULL, "rule.chip_temp.title"), english);
  assert_string_equal(text_get("tlh", "rule.chip_temp.title"), english);
}

static void a_key_that_is_unknown_gives_itself(void **state) {
  (void)state;

  assert_string_equal(text_get("en", "no.such.key"), "no.such.key");
  assert_false(text_has("no.such.key"));
}

static void every_language_is_sorted_and_has_the_keys_of_english(void **state) {
  (void)state;
  assert_true(text_has_language("en"));
  for (const struct text_language *language = text_languages; language->code != NULL; language++) {
    assert_int_equal(language->count, text_languages[0].count);
    for (size_t i = 0; i < language->count; i++) {
      assert_true(i == 0 || strcmp(language->entries[i - 1].key, language->entries[i].key) < 0);
      assert_string_equal(language->entries[i].key, text_languages[0].entries[i].key);
    }
  }
}

static void placeholders_are_filled_in_and_values_are_left_alone(void **state) {
  (void)state;
  const struct text_value values[] = {{"name", "a {value} b"}, {"detail", NULL}};

  char *text = filled("en", "alert.fan_stopped.raised", values, 2);

  assert_string_equal(text, "a {value} b:  has stopped.");
  free(text);
}

static void every_rule_has_a_text_for_what_can_happen_to_it(void **state) {
  (void)state;
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    const struct alert_rule_facts *facts = alert_rule_facts((enum alert_rule)rule);
    char key[64];
    snprintf(key, sizeof key, "alert.%s.%s", facts->name, facts->moment ? "happened" : "raised");
    assert_true(text_has(key));
    snprintf(key, sizeof key, "alert.%s.cleared", facts->name);
    assert_int_equal(text_has(key), !facts->moment);
  }
}

static void a_user_is_masked_but_the_worker_is_shown(void **state) {
  (void)state;
  static const struct {
    const char *user, *shown;
  } cases[] = {
      {"bc1qexamplewalletexamplewalletexample0000.rig", "bc1qex...0000.rig"},
      {"bc1qexamplewalletexamplewalletexample0000", "bc1qex...0000"},
      {"someone.rig1", "som....rig1"},
      {"ab", "ab..."},
      {"", "none"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[64];
    vitals_mask(cases[i].user, text, sizeof text);
    assert_string_equal(text, cases[i].shown);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_is_found_by_its_key_and_english_stands_in),
      cmocka_unit_test(a_key_that_is_unknown_gives_itself),
      cmocka_unit_test(every_language_is_sorted_and_has_the_keys_of_english),
      cmocka_unit_test(placeholders_are_filled_in_and_values_are_left_alone),
      cmocka_unit_test(every_rule_has_a_text_for_what_can_happen_to_it),
      cmocka_unit_test(a_user_is_masked_but_the_worker_is_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
