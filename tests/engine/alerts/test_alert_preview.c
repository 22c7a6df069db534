#include "engine/alerts/alert_preview.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { INTERVAL_MS = 10000 };
static const int64_t START_MS = INT64_C(1700000000000);

/* Two heats of three readings, each with five cool ones behind it. */
static const double HEATS_C[] = {60, 72, 73, 71, 60, 60, 60, 60, 60, 75, 76, 74, 60, 60, 60};

static struct alert_preview *walk(double limit_c, size_t readings) {
  static const struct miner_facts facts;
  struct alert_rulebook *book = alert_rulebook_create(NULL);
  struct alert_tuning tuning;
  alert_rulebook_tuning(book, ALERT_CHIP_TEMP, 1, &facts.limits, &tuning);
  tuning.limit = limit_c;
  tuning.cooldown_ms = 0;
  struct alert_preview *preview = alert_preview_create(ALERT_CHIP_TEMP, INTERVAL_MS);
  alert_preview_begin(preview, 7, &facts, &tuning);
  for (size_t i = 0; i < readings; i++) {
    struct sample sample;
    sample_init(&sample, START_MS + (int64_t)i * INTERVAL_MS);
    sample.state = STATE_HASHING;
    sample.values[METRIC_CHIP_TEMP_C] = HEATS_C[i];
    sample.values[METRIC_UPTIME_S] = 86400;
    alert_preview_take(preview, &sample);
  }
  alert_preview_end(preview);
  alert_rulebook_destroy(book);
  return preview;
}

static void each_time_the_rule_would_have_fired_is_counted_and_listed(void **state) {
  (void)state;
  size_t listed;

  struct alert_preview *preview = walk(70, 15);

  const struct alert_preview_episode *list = alert_preview_list(preview, &listed);
  assert_int_equal(alert_preview_samples(preview), 15);
  assert_int_equal(alert_preview_count(preview), 2);
  assert_int_equal(listed, 2);
  assert_int_equal(list[0].miner_id, 7);
  assert_int_equal(list[0].from_ms, START_MS + INTERVAL_MS);
  assert_true(list[0].to_ms > list[0].from_ms);
  assert_float_equal(list[0].worst, 73, 0.01);
  assert_float_equal(list[1].worst, 76, 0.01);
  alert_preview_destroy(preview);
}

static void another_limit_gives_another_answer(void **state) {
  (void)state;
  struct alert_preview *preview = walk(74.5, 15);
  assert_int_equal(alert_preview_count(preview), 1);
  alert_preview_destroy(preview);
}

static void what_is_not_over_at_the_end_has_no_end(void **state) {
  (void)state;
  size_t listed;

  struct alert_preview *preview = walk(70, 12);

  const struct alert_preview_episode *list = alert_preview_list(preview, &listed);
  assert_int_equal(listed, 2);
  assert_int_equal(list[1].to_ms, 0);
  assert_float_equal(list[1].worst, 76, 0.01);
  alert_preview_destroy(preview);
}

static void rules_whose_figures_are_not_kept_cannot_be_tried(void **state) {
  (void)state;
  assert_true(alert_preview_can(ALERT_CHIP_TEMP));
  assert_true(alert_preview_can(ALERT_RESTARTED));
  assert_false(alert_preview_can(ALERT_PAYOUT_ADDRESS));
  assert_false(alert_preview_can(ALERT_MONITOR_DISK));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_time_the_rule_would_have_fired_is_counted_and_listed),
      cmocka_unit_test(another_limit_gives_another_answer),
      cmocka_unit_test(what_is_not_over_at_the_end_has_no_end),
      cmocka_unit_test(rules_whose_figures_are_not_kept_cannot_be_tried),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
