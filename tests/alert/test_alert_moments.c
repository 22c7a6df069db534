#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "alert/alert_scene.h"
#include "base/str.h"

enum { MINUTE = 60, HOUR = 3600 };

static void a_restart_is_told_once_with_the_devices_own_reason(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  str_copy(scene.facts.reset_reason, sizeof scene.facts.reset_reason, "Brownout");
  alert_scene_run(&scene, MINUTE);

  alert_scene_reboot(&scene);
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_RESTARTED, ALERT_HAPPENED), 1);
  assert_string_equal(alert_scene_last(&scene, ALERT_RESTARTED)->detail, "Brownout");
  assert_true(alert_scene_last(&scene, ALERT_RESTARTED)->episode > 0);
  assert_int_equal(scene.memories[ALERT_RESTARTED].phase, ALERT_OK);
  alert_scene_end(&scene);
}

static void
changed_settings_say_from_what_to_what_and_keep_the_address_to_themselves(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  scene.sample.values[METRIC_FREQUENCY_MHZ] = 600;
  scene.sample.values[METRIC_CORE_VOLTAGE_MV] = 1200;
  str_copy(scene.vitals.pool, sizeof scene.vitals.pool, "other.example:21496");
  str_copy(scene.vitals.user, sizeof scene.vitals.user, "bc1qthiefthiefthiefthiefthiefthief99.rig");
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(scene.count, 1);
  assert_string_equal(alert_scene_last(&scene, ALERT_SETTINGS_CHANGED)->detail,
                      "user from bc1qow...er00.rig to bc1qth...ef99.rig, pool from "
                      "pool.example:3333 to other.example:21496, frequency from 525 to 600 MHz, "
                      "core voltage from 1150 to ");
  alert_scene_end(&scene);
}

static void one_odd_answer_is_no_change_of_settings(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  scene.sample.values[METRIC_FREQUENCY_MHZ] = 1;
  scene.vitals.user[0] = '\0';
  alert_scene_answer(&scene);
  scene.sample.values[METRIC_FREQUENCY_MHZ] = 525.25; /* newer firmware sends fractions */
  str_copy(scene.vitals.user, sizeof scene.vitals.user,
           "bc1qownersaddressownersaddressowner00.rig");
  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void changes_within_the_cooldown_are_told_together_after_it(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);
  scene.sample.values[METRIC_FREQUENCY_MHZ] = 550;
  alert_scene_run(&scene, MINUTE);

  scene.sample.values[METRIC_FREQUENCY_MHZ] = 575;
  alert_scene_run(&scene, MINUTE);
  scene.sample.values[METRIC_FREQUENCY_MHZ] = 600;
  alert_scene_run(&scene, MINUTE);
  assert_int_equal(scene.count, 1);
  alert_scene_run(&scene, 10 * MINUTE);

  assert_int_equal(scene.count, 2);
  assert_string_equal(scene.events[1].detail, "frequency from 550 to 600 MHz");
  alert_scene_end(&scene);
}

static void new_firmware_is_told_and_its_restart_is_not(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  str_copy(scene.facts.firmware, sizeof scene.facts.firmware, "v2.15.3");
  alert_scene_reboot(&scene);
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(scene.count, 1);
  assert_string_equal(scene.events[0].detail, "firmware from v2.15.0 to v2.15.3");
  alert_scene_end(&scene);
}

static void a_record_is_told_with_the_one_before(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  scene.sample.values[METRIC_BEST_DIFF] = 7.5e9;
  alert_scene_run(&scene, MINUTE);

  const struct alert_event *event = alert_scene_last(&scene, ALERT_NEW_BEST);
  assert_int_equal(scene.count, 1);
  assert_true(event->value == 7.5e9 && event->limit == 4e9);
  alert_scene_end(&scene);
}

static void the_same_record_in_another_format_is_no_news(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  scene.vitals.best_is_rounded = true;
  scene.sample.values[METRIC_BEST_DIFF] = 4.29e9; /* "4.29G" */
  alert_scene_run(&scene, MINUTE);

  scene.vitals.best_is_rounded = false;
  scene.sample.values[METRIC_BEST_DIFF] = 4294967296;
  alert_scene_run(&scene, MINUTE);
  assert_int_equal(scene.count, 0);

  scene.sample.values[METRIC_BEST_DIFF] = 4294967297; /* exact against exact */
  alert_scene_run(&scene, MINUTE);
  assert_int_equal(scene.count, 1);
  alert_scene_end(&scene);
}

static void a_record_that_was_reset_on_the_device_stays_ours(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  scene.sample.values[METRIC_BEST_DIFF] = 0;
  alert_scene_run(&scene, MINUTE);
  scene.sample.values[METRIC_BEST_DIFF] = 3e9;
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void every_block_is_told_whatever_the_cooldown(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, MINUTE);

  for (int blocks = 1; blocks <= 3; blocks++) {
    scene.sample.values[METRIC_BLOCKS_FOUND] = blocks;
    alert_scene_answer(&scene);
  }
  alert_scene_reboot(&scene);
  alert_scene_answer(&scene);
  scene.sample.values[METRIC_BLOCKS_FOUND] = 1;
  alert_scene_answer(&scene);

  assert_int_equal(alert_scene_count(&scene, ALERT_BLOCK_FOUND, ALERT_HAPPENED), 4);
  alert_scene_end(&scene);
}

static void a_block_from_before_the_monitor_watched_is_no_news(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  scene.sample.values[METRIC_BLOCKS_FOUND] = 1;

  alert_scene_run(&scene, MINUTE);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

static void what_the_history_shows_is_known_and_never_told(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct sample past = scene.sample;
  past.at_ms -= HOUR * 1000;
  alert_watch_learn(&scene.watch, &(struct alert_context){.miner_id = 7,
                                                          .sample = &past,
                                                          .facts = &scene.facts,
                                                          .last_episode = &scene.last_episode});
  scene.sample.values[METRIC_BLOCKS_FOUND] = 1; /* found while nobody watched */
  scene.sample.values[METRIC_BEST_DIFF] = 9e9;
  scene.sample.values[METRIC_FAN_RPM] = 0;

  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_BLOCK_FOUND, ALERT_HAPPENED), 1);
  assert_int_equal(alert_scene_count(&scene, ALERT_NEW_BEST, ALERT_HAPPENED), 1);
  assert_int_equal(alert_scene_count(&scene, ALERT_FAN_STOPPED, ALERT_RAISED), 1);
  alert_scene_end(&scene);
}

static void a_moment_that_is_switched_off_is_not_told_later(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct alert_rule_setting setting;
  alert_scene_run(&scene, MINUTE);
  alert_rule_setting_init(&setting, 0, ALERT_NEW_BEST);
  setting.enabled = 0;
  alert_rulebook_set(scene.book, &setting);
  scene.sample.values[METRIC_BEST_DIFF] = 9e9;
  alert_scene_run(&scene, MINUTE);

  setting.enabled = 1;
  alert_rulebook_set(scene.book, &setting);
  alert_scene_run(&scene, HOUR);

  assert_int_equal(scene.count, 0);
  alert_scene_end(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_restart_is_told_once_with_the_devices_own_reason),
      cmocka_unit_test(changed_settings_say_from_what_to_what_and_keep_the_address_to_themselves),
      cmocka_unit_test(one_odd_answer_is_no_change_of_settings),
      cmocka_unit_test(changes_within_the_cooldown_are_told_together_after_it),
      cmocka_unit_test(new_firmware_is_told_and_its_restart_is_not),
      cmocka_unit_test(a_record_is_told_with_the_one_before),
      cmocka_unit_test(the_same_record_in_another_format_is_no_news),
      cmocka_unit_test(a_record_that_was_reset_on_the_device_stays_ours),
      cmocka_unit_test(every_block_is_told_whatever_the_cooldown),
      cmocka_unit_test(a_block_from_before_the_monitor_watched_is_no_news),
      cmocka_unit_test(what_the_history_shows_is_known_and_never_told),
      cmocka_unit_test(a_moment_that_is_switched_off_is_not_told_later),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
