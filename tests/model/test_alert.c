#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "model/alert.h"

static void every_rule_has_words_and_is_found_by_its_name(void **state) {
  (void)state;
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    const struct alert_rule_facts *facts = alert_rule_facts((enum alert_rule)rule);
    enum alert_rule found = ALERT_RULE_COUNT;

    assert_true(strlen(facts->title) > 0);
    assert_true(strlen(facts->meaning) > 20);
    assert_true(strlen(facts->advice) > 20);
    assert_true(alert_rule_find(facts->name, &found));
    assert_int_equal(found, rule);
  }
}

static void an_unknown_rule_is_not_found(void **state) {
  (void)state;
  enum alert_rule found = ALERT_VR_TEMP;

  assert_false(alert_rule_find("humidity", &found));
  assert_false(alert_rule_find(NULL, &found));
  assert_int_equal(found, ALERT_VR_TEMP);
}

static void severities_have_names(void **state) {
  (void)state;

  assert_string_equal(alert_severity_name(ALERT_INFO), "info");
  assert_string_equal(alert_severity_name(ALERT_CRITICAL), "critical");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_rule_has_words_and_is_found_by_its_name),
      cmocka_unit_test(an_unknown_rule_is_not_found),
      cmocka_unit_test(severities_have_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
