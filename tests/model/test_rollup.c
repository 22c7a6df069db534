#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "model/rollup.h"

#define HOUR INT64_C(1800000000000) /* a full hour */

static struct sample sample_at(int64_t at_ms, double power_w, double accepted) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.state = STATE_HASHING;
  sample.values[METRIC_POWER_W] = power_w;
  sample.values[METRIC_SHARES_ACCEPTED] = accepted;
  return sample;
}

static void add(struct rollup_fold *fold, struct sample sample) {
  struct rollup finished;
  assert_false(rollup_fold_add(fold, &sample, &finished));
}

static bool near(double a, double b) {
  return fabs(a - b) < 1e-9;
}

static void hour_starts_are_whole_hours_before_1970_too(void **state) {
  (void)state;
  assert_int_equal(rollup_start(HOUR, ROLLUP_HOUR_MS), HOUR);
  assert_int_equal(rollup_start(HOUR + 1, ROLLUP_HOUR_MS), HOUR);
  assert_int_equal(rollup_start(-1, ROLLUP_HOUR_MS), -ROLLUP_HOUR_MS);
}

static void average_and_bounds_pass_over_what_is_unknown(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hour;
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR, 10, NAN));
  add(&fold, sample_at(HOUR + 10000, NAN, NAN));
  add(&fold, sample_at(HOUR + 20000, 20, NAN));

  assert_true(rollup_fold_finish(&fold, &hour));

  assert_int_equal(hour.samples, 3);
  assert_true(hour.metrics[METRIC_POWER_W].average == 15);
  assert_true(hour.metrics[METRIC_POWER_W].minimum == 10);
  assert_true(hour.metrics[METRIC_POWER_W].maximum == 20);
  assert_false(metric_is_known(hour.metrics[METRIC_CHIP_TEMP_C].average));
  assert_false(metric_is_known(hour.metrics[METRIC_SHARES_ACCEPTED].average));
  assert_false(rollup_fold_finish(&fold, &hour));
}

static void energy_is_the_integral_of_the_power(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hour;
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR, 10, NAN));
  add(&fold, sample_at(HOUR + 360000, 20, NAN)); /* 15 W for a tenth of an hour */

  rollup_fold_finish(&fold, &hour);

  assert_true(near(hour.energy_wh, 1.5));
  assert_true(near(hour.online_s, 360));
  assert_true(near(hour.hashing_s, 360));
}

static void interval_over_the_full_hour_is_shared_by_both(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup first, second;
  struct sample next = sample_at(HOUR + 6000, 18, NAN);
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR - 4000, 18, NAN));

  assert_true(rollup_fold_add(&fold, &next, &first));
  rollup_fold_finish(&fold, &second);

  assert_true(first.at_ms == HOUR - ROLLUP_HOUR_MS && second.at_ms == HOUR);
  assert_true(near(first.online_s, 4) && near(second.online_s, 6));
  assert_true(near(first.energy_wh, 18 * 4 / 3600.0));
  assert_true(near(second.energy_wh, 18 * 6 / 3600.0));
}

static void nothing_is_known_of_a_long_gap_nor_after_a_missed_poll(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hour;
  struct sample missed = sample_at(HOUR + 1000000, NAN, NAN);
  missed.flags = SAMPLE_MISSED;
  missed.state = STATE_OFFLINE;
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR, 18, NAN));
  add(&fold, missed); /* more than ten minutes on */
  add(&fold, sample_at(HOUR + 1010000, 18, NAN));

  rollup_fold_finish(&fold, &hour);

  assert_int_equal(hour.missed, 1);
  assert_true(hour.online_s == 0 && hour.energy_wh == 0);
}

static void answering_without_hashing_is_online_only(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hour;
  struct sample paused = sample_at(HOUR, 2, NAN);
  paused.state = STATE_PAUSED;
  rollup_fold_init(&fold, NULL);
  add(&fold, paused);
  add(&fold, sample_at(HOUR + 10000, 2, NAN));

  rollup_fold_finish(&fold, &hour);

  assert_true(near(hour.online_s, 10) && hour.hashing_s == 0);
}

static void shares_are_counted_across_a_reboot_and_a_gap(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hour;
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR, 18, 100)); /* the first says nothing of before */
  add(&fold, sample_at(HOUR + 10000, 18, 107));
  add(&fold, sample_at(HOUR + 20000, 18, NAN));
  add(&fold, sample_at(HOUR + 30000, 18, 3)); /* restarted, 3 since then */

  rollup_fold_finish(&fold, &hour);

  assert_int_equal(hour.shares_accepted, 10);
  assert_int_equal(hour.last_accepted, 3);
}

static void counters_go_on_from_the_hour_before(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup before = {.last_accepted = 90, .last_rejected = METRIC_STORED_UNKNOWN};
  struct rollup hour;
  rollup_fold_init(&fold, &before);
  add(&fold, sample_at(HOUR, 18, 100));

  rollup_fold_finish(&fold, &hour);

  assert_int_equal(hour.shares_accepted, 10);
  assert_int_equal(hour.shares_rejected, 0);
}

static void day_adds_up_and_weighs_its_hours(void **state) {
  (void)state;
  struct rollup_fold fold;
  struct rollup hours[2], day;
  struct sample later = sample_at(HOUR + ROLLUP_HOUR_MS, 40, 9);
  rollup_fold_init(&fold, NULL);
  add(&fold, sample_at(HOUR, 10, 5));
  add(&fold, sample_at(HOUR + 10000, 10, 7));
  add(&fold, sample_at(HOUR + 20000, 10, 8));
  assert_true(rollup_fold_add(&fold, &later, &hours[0]));
  rollup_fold_finish(&fold, &hours[1]);

  rollup_combine(hours, 2, 0, &day);

  assert_int_equal(day.samples, 4);
  assert_int_equal(day.shares_accepted, 4);
  assert_true(near(day.metrics[METRIC_POWER_W].average, (3 * 10 + 40) / 4.0));
  assert_true(day.metrics[METRIC_POWER_W].maximum == 40);
  assert_true(near(day.energy_wh, hours[0].energy_wh + hours[1].energy_wh));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hour_starts_are_whole_hours_before_1970_too),
      cmocka_unit_test(average_and_bounds_pass_over_what_is_unknown),
      cmocka_unit_test(energy_is_the_integral_of_the_power),
      cmocka_unit_test(interval_over_the_full_hour_is_shared_by_both),
      cmocka_unit_test(nothing_is_known_of_a_long_gap_nor_after_a_missed_poll),
      cmocka_unit_test(answering_without_hashing_is_online_only),
      cmocka_unit_test(shares_are_counted_across_a_reboot_and_a_gap),
      cmocka_unit_test(counters_go_on_from_the_hour_before),
      cmocka_unit_test(day_adds_up_and_weighs_its_hours),
  };
  return cmocka_run_group_tests_name("rollup", tests, NULL, NULL);
}
