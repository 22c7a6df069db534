#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "alert/alert_scene.h"
#include "base/str.h"

enum { MINUTE = 60, HOUR = 3600 };

/* --- every rule: what breaks it, how long it takes, what mends it --- */

static double *value(struct alert_scene *scene, enum metric metric) {
  return &scene->sample.values[metric];
}

static void state(struct alert_scene *scene, enum miner_state state, enum reason reason) {
  scene->sample.state = state;
  scene->sample.reason = reason;
}

static void hot(struct alert_scene *s) {
  *value(s, METRIC_CHIP_TEMP_C) = 71;
}
static void cool(struct alert_scene *s) {
  *value(s, METRIC_CHIP_TEMP_C) = 60;
}
static void vr_hot(struct alert_scene *s) {
  *value(s, METRIC_VR_TEMP_C) = 97;
}
static void vr_cool(struct alert_scene *s) {
  *value(s, METRIC_VR_TEMP_C) = 70;
}
static void overheated(struct alert_scene *s) {
  state(s, STATE_OVERHEATED, REASON_OVERHEAT_MODE);
}
static void hashing(struct alert_scene *s) {
  state(s, STATE_HASHING, REASON_NONE);
  s->exact = false;
  s->no_shares = false;
  s->reject_part = 0;
  s->hashrate_ghs = *value(s, METRIC_EXPECTED_HASHRATE_GHS);
  s->sample.flags = 0;
}
static void slow(struct alert_scene *s) {
  s->hashrate_ghs = 700;
}
static void silent(struct alert_scene *s) {
  s->no_shares = true;
}
static void frozen(struct alert_scene *s) {
  s->exact = true;
  s->no_shares = true;
  state(s, STATE_NOT_HASHING, REASON_FROZEN);
}
static void zero(struct alert_scene *s) {
  s->exact = true;
  s->no_shares = true;
  *value(s, METRIC_HASHRATE_GHS) = 0;
  state(s, STATE_NOT_HASHING, REASON_ZERO_HASHRATE);
}
static void self_test(struct alert_scene *s) {
  state(s, STATE_FAULT, REASON_SELF_TEST);
}
static void no_pool(struct alert_scene *s) {
  state(s, STATE_NOT_HASHING, REASON_POOLS_UNREACHABLE);
}
static void rejects(struct alert_scene *s) {
  s->reject_part = 0.3;
}
static void errors(struct alert_scene *s) {
  *value(s, METRIC_ERROR_PCT) = 9;
}
static void no_errors(struct alert_scene *s) {
  *value(s, METRIC_ERROR_PCT) = 0.3;
}
static void fan_stops(struct alert_scene *s) {
  *value(s, METRIC_FAN_RPM) = 0;
}
static void fan_turns(struct alert_scene *s) {
  *value(s, METRIC_FAN_RPM) = 4000;
}
static void sag(struct alert_scene *s) {
  *value(s, METRIC_INPUT_VOLTAGE_MV) = 4600;
}
static void no_sag(struct alert_scene *s) {
  *value(s, METRIC_INPUT_VOLTAGE_MV) = 5000;
}
static void power_fault(struct alert_scene *s) {
  state(s, STATE_FAULT, REASON_POWER_FAULT);
  str_copy(s->facts.fault, sizeof s->facts.fault, "VIN undervoltage");
}
static void hardware_fault(struct alert_scene *s) {
  state(s, STATE_FAULT, REASON_HARDWARE_FAULT);
}
static void fallback(struct alert_scene *s) {
  s->sample.flags |= SAMPLE_FALLBACK_POOL;
}
static void weak(struct alert_scene *s) {
  *value(s, METRIC_WIFI_RSSI_DBM) = -84;
}
static void strong(struct alert_scene *s) {
  *value(s, METRIC_WIFI_RSSI_DBM) = -55;
}
static void little_heap(struct alert_scene *s) {
  s->vitals.heap_internal_bytes = 30000;
}
static void much_heap(struct alert_scene *s) {
  s->vitals.heap_internal_bytes = 100000;
}
static void chip_gone(struct alert_scene *s) {
  s->vitals.domains_silent = 2;
}
static void chip_back(struct alert_scene *s) {
  s->vitals.domains_silent = 0;
}
static void foreign_payee(struct alert_scene *s) {
  alert_rulebook_set_payout(s->book, "bc1qownersaddressownersaddressowner00, 1Other");
  str_copy(s->vitals.user, sizeof s->vitals.user, "bc1qthiefthiefthiefthiefthiefthief99.rig");
}
static void own_payee(struct alert_scene *s) {
  str_copy(s->vitals.user, sizeof s->vitals.user, "BC1QOWNERSADDRESSOWNERSADDRESSOWNER00.x");
}

static const struct {
  enum alert_rule rule;
  void (*broken)(struct alert_scene *scene);
  void (*mended)(struct alert_scene *scene);
  int not_before_s, at_latest_s; /* from broken to raised */
  int over_s;                    /* from mended to cleared, at latest */
} cases[] = {
    {ALERT_CHIP_TEMP, hot, cool, 10, 20, 20},
    {ALERT_VR_TEMP, vr_hot, vr_cool, 10, 20, 20},
    {ALERT_OVERHEATED, overheated, hashing, 0, 10, 80},
    {ALERT_HASHRATE_LOW, slow, hashing, 60, 10 * MINUTE, 30 * MINUTE},
    {ALERT_STALLED, silent, hashing, 50, 10 * MINUTE, 30},
    {ALERT_STALLED, frozen, hashing, 0, 10, 30},
    {ALERT_NOT_HASHING, zero, hashing, 60, 70, 20},
    {ALERT_NOT_HASHING, self_test, hashing, 60, 70, 20},
    {ALERT_REJECTED_SHARES, rejects, hashing, 30, 30 * MINUTE, 2 * HOUR},
    {ALERT_ERROR_RATE, errors, no_errors, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE},
    {ALERT_FAN_STOPPED, fan_stops, fan_turns, 20, 30, 20},
    {ALERT_INPUT_VOLTAGE, sag, no_sag, 5 * MINUTE, 5 * MINUTE + 10, 130},
    {ALERT_POWER_FAULT, power_fault, hashing, 10, 20, 20},
    {ALERT_HARDWARE_FAULT, hardware_fault, hashing, 10, 20, 20},
    {ALERT_FALLBACK_POOL, fallback, hashing, 5 * MINUTE, 5 * MINUTE + 10, 20},
    {ALERT_POOL_LOST, no_pool, hashing, 60, 70, 20},
    {ALERT_WEAK_WIFI, weak, strong, 5 * MINUTE, 5 * MINUTE + 10, 5 * MINUTE + 10},
    {ALERT_LOW_MEMORY, little_heap, much_heap, 10 * MINUTE, 10 * MINUTE + 10, 10 * MINUTE + 10},
    {ALERT_CHIP_LOST, chip_gone, chip_back, 2 * MINUTE, 2 * MINUTE + 10, 70},
    {ALERT_PAYOUT_ADDRESS, foreign_payee, own_payee, 10, 20, 20},
};

static int seconds_until(struct alert_scene *scene, enum alert_rule rule, int kind, int most_s) {
  int before = alert_scene_count(scene, rule, kind);
  for (int passed = 0; passed <= most_s; passed += SCENE_POLL_S) {
    alert_scene_answer(scene);
    if (alert_scene_count(scene, rule, kind) > before)
      return passed;
  }
  return -1;
}

static void every_rule_raises_in_its_time_and_clears(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct alert_scene scene;
    alert_scene_begin(&scene);
    alert_scene_run(&scene, HOUR);
    assert_int_equal(scene.count, 0);

    cases[i].broken(&scene);
    int raised_s = seconds_until(&scene, cases[i].rule, ALERT_RAISED, cases[i].at_latest_s);
    if (raised_s < cases[i].not_before_s)
      fail_msg("%s: raised after %d s", alert_rule_facts(cases[i].rule)->name, raised_s);
    struct alert_event raised = *alert_scene_last(&scene, cases[i].rule);
    cases[i].mended(&scene);
    int cleared_s = seconds_until(&scene, cases[i].rule, ALERT_CLEARED, cases[i].over_s);
    if (cleared_s < 0)
      fail_msg("%s: not cleared", alert_rule_facts(cases[i].rule)->name);

    const struct alert_event *cleared = alert_scene_last(&scene, cases[i].rule);
    assert_true(raised.episode > 0 && cleared->episode == raised.episode);
    assert_int_equal(cleared->since_ms, raised.since_ms);
    assert_int_equal(raised.miner_id, 7);
    alert_scene_end(&scene);
  }
}

static void nothing_is_raised_about_a_paused_miner(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct alert_scene scene;
    alert_scene_begin(&scene);
    alert_scene_run(&scene, HOUR);

    cases[i].broken(&scene);
    state(&scene, STATE_PAUSED, REASON_PAUSED_BY_USER);
    alert_scene_run(&scene, HOUR);

    assert_int_equal(alert_scene_count(&scene, cases[i].rule, ALERT_RAISED), 0);
    alert_scene_end(&scene);
  }
}

static void nothing_but_silence_is_told_of_a_miner_that_is_away(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct alert_scene scene;
    alert_scene_begin(&scene);
    alert_scene_run(&scene, HOUR);
    cases[i].broken(&scene);
    seconds_until(&scene, cases[i].rule, ALERT_RAISED, cases[i].at_latest_s);
    int before = scene.count;

    for (int poll = 0; poll < 12 * HOUR / SCENE_POLL_S; poll++)
      alert_scene_miss(&scene, poll < 2 ? STATE_UNKNOWN : STATE_OFFLINE, REASON_HOST_GONE);

    for (int at = before; at < scene.count; at++)
      assert_int_equal(scene.events[at].rule, ALERT_OFFLINE);
    assert_int_equal(alert_scene_count(&scene, ALERT_OFFLINE, ALERT_RAISED), 1);
    alert_scene_end(&scene);
  }
}

static void a_pause_closes_what_is_about_work_without_saying_that_all_is_well(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, HOUR);
  zero(&scene);
  alert_scene_run(&scene, 2 * MINUTE);

  state(&scene, STATE_PAUSED, REASON_PAUSED_BY_USER);
  alert_scene_run(&scene, MINUTE);

  const struct alert_event *last = alert_scene_last(&scene, ALERT_NOT_HASHING);
  assert_int_equal(last->kind, ALERT_CHANGED);
  assert_int_equal(last->reason, REASON_PAUSED_BY_USER);
  alert_scene_end(&scene);
}

/* --- quirks --- */

static void a_silence_is_one_message_whatever_the_host_does_meanwhile(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  for (int i = 0; i < 30; i++)
    alert_scene_miss(&scene,
                     i < 2   ? STATE_UNKNOWN
                     : i % 2 ? STATE_OFFLINE
                             : STATE_UNRESPONSIVE,
                     REASON_NO_ANSWER);
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_UNRESPONSIVE, ALERT_RAISED), 1);
  assert_int_equal(alert_scene_count(&scene, ALERT_UNRESPONSIVE, ALERT_CLEARED), 1);
  assert_int_equal(scene.count, 2);
  alert_scene_end(&scene);
}

static void silence_after_an_update_is_forgiven_for_five_minutes(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  str_copy(scene.facts.firmware, sizeof scene.facts.firmware, "v2.15.3");
  alert_scene_reboot(&scene);
  alert_scene_answer(&scene);

  for (int i = 0; i < 24; i++)
    alert_scene_miss(&scene, STATE_OFFLINE, REASON_HOST_GONE);
  assert_int_equal(alert_scene_count(&scene, ALERT_OFFLINE, ALERT_RAISED), 0);
  assert_int_equal(alert_scene_count(&scene, ALERT_RESTARTED, ALERT_HAPPENED), 0);
  for (int i = 0; i < 12; i++)
    alert_scene_miss(&scene, STATE_OFFLINE, REASON_HOST_GONE);

  assert_int_equal(alert_scene_count(&scene, ALERT_OFFLINE, ALERT_RAISED), 1);
  alert_scene_end(&scene);
}

static void a_fan_that_was_never_seen_turning_has_no_tachometer(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  fan_stops(&scene);

  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void a_fan_that_is_not_asked_to_turn_has_not_stopped(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  fan_stops(&scene);
  *value(&scene, METRIC_FAN_PCT) = 15;

  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void the_second_fan_is_named(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  *value(&scene, METRIC_FAN2_RPM) = 4000;
  alert_scene_run(&scene, MINUTE);

  *value(&scene, METRIC_FAN2_RPM) = METRIC_UNKNOWN; /* how AxeOS shows 0 rpm of it */
  alert_scene_run(&scene, MINUTE);

  assert_string_equal(alert_scene_last(&scene, ALERT_FAN_STOPPED)->detail, "the second fan");
  alert_scene_end(&scene);
}

static void a_few_rejected_shares_of_few_are_nothing(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_answer(&scene);
  alert_scene_reboot(&scene);
  alert_scene_answer(&scene);
  *value(&scene, METRIC_SHARES_ACCEPTED) = 4;
  *value(&scene, METRIC_SHARES_REJECTED) = 1;
  alert_scene_answer(&scene);
  *value(&scene, METRIC_SHARES_REJECTED) = 4;
  alert_scene_run(&scene, 3 * HOUR);

  assert_int_equal(alert_scene_count(&scene, ALERT_REJECTED_SHARES, ALERT_RAISED), 0);
  alert_scene_end(&scene);
}

static void errors_of_the_first_minutes_do_not_count(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  *value(&scene, METRIC_UPTIME_S) = 20;
  errors(&scene);

  alert_scene_run(&scene, 9 * MINUTE);
  no_errors(&scene);
  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void one_jump_of_the_error_rate_is_nothing(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  for (int i = 0; i < 60; i++) {
    *value(&scene, METRIC_ERROR_PCT) = 40;
    alert_scene_answer(&scene);
    no_errors(&scene);
    alert_scene_run(&scene, 2 * MINUTE);
  }
  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void heap_that_halves_within_a_day_is_a_leak(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, 25 * HOUR);
  assert_int_equal(scene.count, 0);

  scene.vitals.heap_internal_bytes = 48000; /* above the limit of 40 kB */
  alert_scene_run(&scene, 11 * MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_LOW_MEMORY, ALERT_RAISED), 1);
  alert_scene_end(&scene);
}

static void without_figures_for_each_chip_nothing_is_said_of_them(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  scene.vitals.chips = 0;
  chip_gone(&scene);

  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void a_lost_chip_is_one_message_and_explains_the_hashrate(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  scene.vitals.chips = 4;
  scene.vitals.domains = 16;
  alert_scene_run(&scene, HOUR);

  scene.vitals.chips_silent = 1;
  scene.vitals.first_silent = 3;
  scene.hashrate_ghs = 803;
  alert_scene_run(&scene, 2 * HOUR);

  assert_int_equal(alert_scene_count(&scene, ALERT_HASHRATE_LOW, ALERT_RAISED), 0);
  assert_string_equal(alert_scene_last(&scene, ALERT_CHIP_LOST)->detail, "chip 3 of 4");
  alert_scene_end(&scene);
}

static void more_than_three_restarts_a_day_are_a_loop_until_six_hours_are_calm(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  for (int i = 0; i < 3; i++) {
    alert_scene_reboot(&scene);
    alert_scene_run(&scene, 2 * HOUR);
  }
  assert_int_equal(alert_scene_count(&scene, ALERT_RESTART_LOOP, ALERT_RAISED), 0);
  assert_int_equal(alert_scene_count(&scene, ALERT_RESTARTED, ALERT_HAPPENED), 3);

  alert_scene_reboot(&scene);
  alert_scene_run(&scene, 5 * HOUR);
  assert_true(alert_scene_last(&scene, ALERT_RESTART_LOOP)->value == 4);
  assert_int_equal(alert_scene_count(&scene, ALERT_RESTART_LOOP, ALERT_CLEARED), 0);
  alert_scene_run(&scene, HOUR + MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_RESTART_LOOP, ALERT_CLEARED), 1);
  alert_scene_end(&scene);
}

static void after_an_overheat_lowered_settings_are_told_until_somebody_acts(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  overheated(&scene);
  *value(&scene, METRIC_FREQUENCY_MHZ) = 425;
  *value(&scene, METRIC_CORE_VOLTAGE_MV) = 1050;
  alert_scene_run(&scene, MINUTE);
  hashing(&scene);
  alert_scene_run(&scene, 10 * MINUTE);

  const struct alert_event *raised = alert_scene_last(&scene, ALERT_OVERHEAT_SLOW);
  assert_int_equal(raised->kind, ALERT_RAISED);
  assert_true(raised->value == 425 && raised->limit == 525);
  assert_int_equal(alert_scene_count(&scene, ALERT_SETTINGS_CHANGED, ALERT_HAPPENED), 0);

  *value(&scene, METRIC_FREQUENCY_MHZ) = 500; /* not all of it, but on purpose */
  *value(&scene, METRIC_CORE_VOLTAGE_MV) = 1150;
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_last(&scene, ALERT_OVERHEAT_SLOW)->kind, ALERT_CLEARED);
  alert_scene_end(&scene);
}

static void an_overheat_seen_only_by_its_flag_is_not_taken_for_good_order(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  scene.sample.flags = SAMPLE_OVERHEAT_FLAG; /* lowered already, still hashing on the average */
  *value(&scene, METRIC_FREQUENCY_MHZ) = 425;
  *value(&scene, METRIC_CORE_VOLTAGE_MV) = 1050;
  alert_scene_run(&scene, MINUTE / 6);
  overheated(&scene);
  alert_scene_run(&scene, MINUTE);
  hashing(&scene);
  scene.sample.flags = 0;
  alert_scene_run(&scene, 10 * MINUTE);

  const struct alert_event *raised = alert_scene_last(&scene, ALERT_OVERHEAT_SLOW);
  assert_int_equal(raised->kind, ALERT_RAISED);
  assert_true(raised->value == 425 && raised->limit == 525);
  assert_int_equal(alert_scene_count(&scene, ALERT_SETTINGS_CHANGED, ALERT_HAPPENED), 0);
  alert_scene_end(&scene);
}

static void an_overheat_flag_that_outlives_the_heat_is_a_notice_at_the_end(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  overheated(&scene);
  alert_scene_run(&scene, MINUTE);
  hashing(&scene);
  scene.sample.flags = SAMPLE_OVERHEAT_FLAG;
  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 2);
  assert_int_equal(scene.events[1].kind, ALERT_CLEARED);
  assert_non_null(strstr(scene.events[1].detail, "flag is still set"));
  alert_scene_end(&scene);
}

static void a_coinbase_that_stops_paying_the_owner_is_told_but_a_pools_own_is_not(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_rulebook_set_payout(scene.book, "bc1qownersaddressownersaddressowner00");
  scene.vitals.payees = 1;
  str_copy(scene.vitals.payee[0], VITALS_ADDRESS_MAX, "bc1qpoolpoolpoolpoolpoolpoolpoolpool1");
  alert_scene_run(&scene, MINUTE);
  assert_int_equal(scene.count, 0); /* most pools pay themselves first */

  str_copy(scene.vitals.payee[0], VITALS_ADDRESS_MAX, "bc1qownersaddressownersaddressowner00");
  alert_scene_run(&scene, MINUTE);
  str_copy(scene.vitals.payee[0], VITALS_ADDRESS_MAX, "bc1qthiefthiefthiefthiefthiefthief99");
  alert_scene_run(&scene, MINUTE);

  assert_string_equal(alert_scene_last(&scene, ALERT_PAYOUT_ADDRESS)->detail, "bc1qth...ef99");
  alert_scene_end(&scene);
}

static void an_emptied_list_of_addresses_closes_the_alert(void **unused) {
  (void)unused;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  foreign_payee(&scene);
  alert_scene_run(&scene, MINUTE);

  alert_rulebook_set_payout(scene.book, "");
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_last(&scene, ALERT_PAYOUT_ADDRESS)->kind, ALERT_CHANGED);
  alert_scene_end(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_rule_raises_in_its_time_and_clears),
      cmocka_unit_test(nothing_is_raised_about_a_paused_miner),
      cmocka_unit_test(nothing_but_silence_is_told_of_a_miner_that_is_away),
      cmocka_unit_test(a_pause_closes_what_is_about_work_without_saying_that_all_is_well),
      cmocka_unit_test(a_silence_is_one_message_whatever_the_host_does_meanwhile),
      cmocka_unit_test(silence_after_an_update_is_forgiven_for_five_minutes),
      cmocka_unit_test(a_fan_that_was_never_seen_turning_has_no_tachometer),
      cmocka_unit_test(a_fan_that_is_not_asked_to_turn_has_not_stopped),
      cmocka_unit_test(the_second_fan_is_named),
      cmocka_unit_test(a_few_rejected_shares_of_few_are_nothing),
      cmocka_unit_test(errors_of_the_first_minutes_do_not_count),
      cmocka_unit_test(one_jump_of_the_error_rate_is_nothing),
      cmocka_unit_test(heap_that_halves_within_a_day_is_a_leak),
      cmocka_unit_test(without_figures_for_each_chip_nothing_is_said_of_them),
      cmocka_unit_test(a_lost_chip_is_one_message_and_explains_the_hashrate),
      cmocka_unit_test(more_than_three_restarts_a_day_are_a_loop_until_six_hours_are_calm),
      cmocka_unit_test(after_an_overheat_lowered_settings_are_told_until_somebody_acts),
      cmocka_unit_test(an_overheat_seen_only_by_its_flag_is_not_taken_for_good_order),
      cmocka_unit_test(an_overheat_flag_that_outlives_the_heat_is_a_notice_at_the_end),
      cmocka_unit_test(a_coinbase_that_stops_paying_the_owner_is_told_but_a_pools_own_is_not),
      cmocka_unit_test(an_emptied_list_of_addresses_closes_the_alert),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
