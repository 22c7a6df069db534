#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "miner/miner_driver.h"

static void every_driver_is_found_by_its_name(void **state) {
  (void)state;
  for (size_t i = 0; miner_drivers[i] != NULL; i++)
    assert_ptr_equal(miner_driver_find(miner_drivers[i]->name), miner_drivers[i]);
  assert_ptr_equal(miner_driver_find("axeos"), &axeos_driver);
  assert_null(miner_driver_find("toaster"));
}

static void an_answer_that_leaves_out_a_fact_does_not_erase_it(void **state) {
  (void)state;
  struct miner_facts known = {
      .model = "Bitaxe Gamma 604", .asic_count = 1, .hostname = "garage", .pool_port = 3333};
  struct miner_facts fresh = {.model = "AxeOS miner (BM1370)", .firmware = "v2.15.1"};

  miner_driver_merge_facts(&known, &fresh);

  assert_string_equal(known.model, "Bitaxe Gamma 604");
  assert_string_equal(known.hostname, "garage");
  assert_string_equal(known.firmware, "v2.15.1");
  assert_int_equal(known.asic_count, 1);
  assert_int_equal(known.pool_port, 3333);
}

static void a_fault_is_over_when_it_is_no_longer_named(void **state) {
  (void)state;
  struct miner_facts known = {.model = "Bitaxe Gamma 601", .fault = "VIN undervoltage"};
  struct miner_facts fresh = {.model = "Bitaxe Gamma 601"};

  miner_driver_merge_facts(&known, &fresh);

  assert_string_equal(known.fault, "");
}

static void another_device_takes_nothing_over(void **state) {
  (void)state;
  struct miner_facts known = {
      .model = "Bitaxe Gamma 601", .mac = "02:00:00:00:00:01", .hostname = "garage"};
  struct miner_facts fresh = {.model = "NerdQAxe++", .mac = "02:00:00:00:00:02"};

  miner_driver_merge_facts(&known, &fresh);

  assert_string_equal(known.model, "NerdQAxe++");
  assert_string_equal(known.hostname, "");
}

static void limits_that_are_unknown_leave_the_known_ones(void **state) {
  (void)state;
  struct miner_facts known = {.model = "Bitaxe Gamma 601", .limits = {.chip_warn_c = 68}};
  struct miner_facts fresh = {.model = "Bitaxe Gamma 601",
                              .limits = {.chip_warn_c = NAN, .power_max_w = 40}};

  miner_driver_merge_facts(&known, &fresh);

  assert_true(known.limits.chip_warn_c == 68);
  assert_true(known.limits.power_max_w == 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_driver_is_found_by_its_name),
      cmocka_unit_test(an_answer_that_leaves_out_a_fact_does_not_erase_it),
      cmocka_unit_test(a_fault_is_over_when_it_is_no_longer_named),
      cmocka_unit_test(another_device_takes_nothing_over),
      cmocka_unit_test(limits_that_are_unknown_leave_the_known_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
