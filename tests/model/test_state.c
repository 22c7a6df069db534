#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "model/state.h"

static void every_state_has_a_name_and_a_title(void **state) {
  (void)state;
  for (int number = 0; number < STATE_COUNT; number++) {
    assert_true(strlen(state_title((enum miner_state)number)) > 0);
    assert_true(strlen(state_name((enum miner_state)number)) > 0);
  }
}

static void every_reason_has_a_name_of_its_own_and_words(void **state) {
  (void)state;
  for (int number = 0; number < REASON_COUNT; number++) {
    const struct reason_facts *facts = reason_facts((enum reason)number);

    assert_true(strlen(facts->name) > 0);
    assert_true(strlen(facts->text) > 0);
    assert_true(strlen(facts->meaning) > 0);
    assert_true(strlen(facts->advice) > 0);
    for (int other = 0; other < number; other++)
      assert_string_not_equal(facts->name, reason_facts((enum reason)other)->name);
  }
}

static void sentences_end_with_a_full_stop_and_phrases_do_not(void **state) {
  (void)state;
  for (int number = 0; number < REASON_COUNT; number++) {
    const struct reason_facts *facts = reason_facts((enum reason)number);

    assert_int_not_equal(facts->text[strlen(facts->text) - 1], '.');
    assert_int_equal(facts->meaning[strlen(facts->meaning) - 1], '.');
    assert_int_equal(facts->advice[strlen(facts->advice) - 1], '.');
  }
}

static void failed_polls_are_told_from_states_of_a_miner_that_answers(void **state) {
  (void)state;

  assert_true(reason_is_failed_poll(REASON_HOST_GONE));
  assert_true(reason_is_failed_poll(REASON_OTHER_DEVICE));
  assert_false(reason_is_failed_poll(REASON_NONE));
  assert_false(reason_is_failed_poll(REASON_WARMING_UP));
  assert_false(reason_is_failed_poll(REASON_SETUP_MODE));
}

static void only_a_silent_host_is_gone(void **state) {
  (void)state;

  assert_true(reason_is_host_gone(REASON_HOST_GONE));
  assert_true(reason_is_host_gone(REASON_NAME_UNKNOWN));
  assert_false(reason_is_host_gone(REASON_REFUSED));
  assert_false(reason_is_host_gone(REASON_NONE));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_state_has_a_name_and_a_title),
      cmocka_unit_test(every_reason_has_a_name_of_its_own_and_words),
      cmocka_unit_test(sentences_end_with_a_full_stop_and_phrases_do_not),
      cmocka_unit_test(failed_polls_are_told_from_states_of_a_miner_that_answers),
      cmocka_unit_test(only_a_silent_host_is_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
