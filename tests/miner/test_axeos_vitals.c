#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "miner/miner_driver.h"

static struct vitals vitals_of(const char *body) {
  struct miner_report report;
  struct err err = {0};
  enum reason reason;
  if (!axeos_driver.parse(body, strlen(body), &report, &reason, &err))
    fail_msg("%s", err.text);
  return report.vitals;
}

static void a_silent_chip_is_counted_and_numbered(void **state) {
  (void)state;
  struct vitals vitals = vitals_of(
      "{\"hashRate\":600,\"hashrateMonitor\":{\"asics\":["
      "{\"total\":310,\"domains\":[77,78,77,78]},{\"total\":300,\"domains\":[75,75,75,75]},"
      "{\"total\":0.4,\"domains\":[0,0,0,0]}]}}");

  assert_int_equal(vitals.chips, 3);
  assert_int_equal(vitals.chips_silent, 1);
  assert_int_equal(vitals.first_silent, 3);
  assert_int_equal(vitals.domains, 8);
  assert_int_equal(vitals.domains_silent, 0);
}

static void a_silent_part_of_a_chip_is_counted(void **state) {
  (void)state;
  struct vitals vitals =
      vitals_of("{\"hashRate\":600,\"hashrateMonitor\":{\"asics\":["
                "{\"total\":600,\"domains\":[310,0,290,1.5],\"errorCount\":9}]}}");

  assert_int_equal(vitals.chips_silent, 0);
  assert_int_equal(vitals.domains_silent, 2);
}

static void a_miner_that_does_nothing_has_no_silent_chip(void **state) {
  (void)state;
  struct vitals vitals =
      vitals_of("{\"hashRate\":0,\"hashrateMonitor\":{\"asics\":["
                "{\"total\":0,\"domains\":[0,0]},{\"total\":0,\"domains\":[0]}]}}");

  assert_int_equal(vitals.chips, 2);
  assert_int_equal(vitals.chips_silent + vitals.domains_silent, 0);
}

static void odd_monitors_say_nothing(void **state) {
  (void)state;
  static const char *const bodies[] = {
      "{\"hashRate\":1}",
      "{\"hashRate\":1,\"hashrateMonitor\":\"none\"}",
      "{\"hashRate\":1,\"hashrateMonitor\":{\"asics\":[null,7,\"x\",{\"total\":null}]}}",
  };
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
    assert_int_equal(vitals_of(bodies[i]).chips_silent, 0);
}

static void the_first_pool_is_the_one_that_is_set_not_the_one_in_use(void **state) {
  (void)state;
  struct vitals vitals = vitals_of(
      "{\"hashRate\":1,\"stratumURL\":\"stratum+tcp://me@pool.example:1/x\",\"stratumPort\":3333,"
      "\"stratumUser\":\"bc1qowner.rig\",\"isUsingFallbackStratum\":1,"
      "\"fallbackStratumURL\":\"other.example\",\"fallbackStratumPort\":4444}");

  assert_string_equal(vitals.pool, "pool.example:3333");
  assert_string_equal(vitals.user, "bc1qowner.rig");
}

static void payees_come_by_their_share_and_notes_are_none(void **state) {
  (void)state;
  struct vitals vitals =
      vitals_of("{\"hashRate\":1,\"coinbaseOutputs\":[{\"value\":0,\"address\":\"note\"},"
                "{\"value\":5,\"address\":\"small\"},{\"value\":900,\"address\":\"large\"},"
                "{\"value\":1,\"address\":\"a\"},{\"value\":2,\"address\":\"b\"},"
                "{\"value\":3,\"address\":\"c\"},{\"value\":9},{\"value\":4,\"address\":7}]}");

  assert_int_equal(vitals.payees, VITALS_PAYEES);
  assert_string_equal(vitals.payee[0], "large");
  assert_string_equal(vitals.payee[1], "small");
  assert_string_equal(vitals.payee[2], "c");
  assert_string_equal(vitals.payee[3], "b");
}

static void a_record_in_letters_is_rounded(void **state) {
  (void)state;

  assert_true(vitals_of("{\"hashRate\":1,\"bestDiff\":\"4.29G\"}").best_is_rounded);
  assert_false(vitals_of("{\"hashRate\":1,\"bestDiff\":4294967296}").best_is_rounded);
  assert_false(vitals_of("{\"hashRate\":1,\"bestDiff\":\"4.29G\",\"bestNonceDiff\":4294967296}")
                   .best_is_rounded);
}

static void internal_memory_goes_by_both_names(void **state) {
  (void)state;

  assert_true(vitals_of("{\"hashRate\":1,\"freeHeapInternal\":50000}").heap_internal_bytes ==
              50000);
  assert_true(vitals_of("{\"hashRate\":1,\"freeHeapInt\":50000}").heap_internal_bytes == 50000);
  assert_true(isnan(vitals_of("{\"hashRate\":1,\"freeHeap\":50000}").heap_internal_bytes));
}

static void the_difficulty_of_the_network_is_unknown_before_the_first_job(void **state) {
  (void)state;

  assert_true(vitals_of("{\"hashRate\":1,\"networkDifficulty\":1.4647e14}").network_difficulty ==
              1.4647e14);
  assert_true(
      vitals_of("{\"hashRate\":1,\"networkDifficulty\":\"146470000000000\"}").network_difficulty ==
      1.4647e14); /* the betas of 2.11 */
  assert_true(isnan(vitals_of("{\"hashRate\":1,\"networkDifficulty\":0}").network_difficulty));
  assert_true(isnan(vitals_of("{\"hashRate\":1}").network_difficulty));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_silent_chip_is_counted_and_numbered),
      cmocka_unit_test(a_silent_part_of_a_chip_is_counted),
      cmocka_unit_test(a_miner_that_does_nothing_has_no_silent_chip),
      cmocka_unit_test(odd_monitors_say_nothing),
      cmocka_unit_test(the_first_pool_is_the_one_that_is_set_not_the_one_in_use),
      cmocka_unit_test(payees_come_by_their_share_and_notes_are_none),
      cmocka_unit_test(a_record_in_letters_is_rounded),
      cmocka_unit_test(internal_memory_goes_by_both_names),
      cmocka_unit_test(the_difficulty_of_the_network_is_unknown_before_the_first_job),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
