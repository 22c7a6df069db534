/* What is remembered of a miner over a restart of the monitor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "alert/alert_scene.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };

/* What a watch learns from hours of the scene's healthy miner, the last of them `ago_s`
 * before the scene begins. */
static struct alert_watch learn(struct alert_scene *scene, int seconds, int ago_s) {
  struct alert_watch past;
  alert_watch_init(&past);
  for (int after_s = 0; after_s < seconds; after_s += SCENE_POLL_S) {
    struct sample sample = scene->sample;
    sample.at_ms = scene->now_ms - (int64_t)(ago_s + seconds - after_s) * 1000;
    sample.values[METRIC_HASHRATE_GHS] = 1071 * (0.99 + 0.02 * rand_unit(&scene->rand));
    sample.values[METRIC_UPTIME_S] = DAY + after_s;
    alert_watch_learn(&past, &(struct alert_context){.miner_id = 7,
                                                     .sample = &sample,
                                                     .facts = &scene->facts,
                                                     .last_episode = &scene->last_episode});
  }
  return past;
}

static void what_the_past_taught_counts_although_a_reading_was_quicker(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  scene.sample.values[METRIC_UPTIME_S] = 2 * DAY;
  struct alert_watch past = learn(&scene, 2 * HOUR, MINUTE);
  assert_true(past.cusum.noise_blocks > 5);

  alert_scene_run(&scene, MINUTE);
  alert_watch_join(&scene.watch, &past);

  assert_int_equal(scene.watch.cusum.noise_blocks, past.cusum.noise_blocks);
  scene.hashrate_ghs =
      0.5 * 1071; /* found in minutes, which takes a quarter of an hour unlearned */
  alert_scene_run(&scene, 3 * MINUTE);
  assert_int_equal(alert_scene_count(&scene, ALERT_HASHRATE_LOW, ALERT_RAISED), 1);
  alert_scene_end(&scene);
}

static void what_came_while_nobody_watched_is_told_although_a_reading_was_quicker(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct alert_watch past = learn(&scene, HOUR, HOUR);
  scene.sample.values[METRIC_BLOCKS_FOUND] = 1;
  scene.sample.values[METRIC_BEST_DIFF] = 9e15;

  alert_scene_answer(&scene);
  assert_int_equal(scene.count, 0);
  alert_watch_join(&scene.watch, &past);
  alert_scene_run(&scene, MINUTE);

  assert_int_equal(alert_scene_count(&scene, ALERT_BLOCK_FOUND, ALERT_HAPPENED), 1);
  assert_int_equal(alert_scene_count(&scene, ALERT_NEW_BEST, ALERT_HAPPENED), 1);
  alert_scene_end(&scene);
}

static void a_watch_that_knows_more_keeps_it(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct alert_watch past = learn(&scene, HOUR, MINUTE);
  alert_scene_run(&scene, 12 * HOUR);
  struct cusum known = scene.watch.cusum;
  float mhz = scene.watch.normal_mhz;
  past.normal_mhz = 400;

  alert_watch_join(&scene.watch, &past);

  assert_memory_equal(&scene.watch.cusum, &known, sizeof known);
  assert_true(scene.watch.normal_mhz == mhz);
  alert_scene_end(&scene);
}

static void a_watch_without_a_reading_begins_as_the_past_ended(void **state) {
  (void)state;
  struct alert_scene scene;
  struct alert_watch nothing;
  alert_scene_begin(&scene);
  struct alert_watch past = learn(&scene, HOUR, MINUTE);
  alert_watch_init(&nothing);

  alert_watch_join(&scene.watch, &past);
  alert_watch_join(&scene.watch, &nothing);

  assert_int_equal(scene.watch.last_ms, past.last_ms);
  assert_memory_equal(&scene.watch.cusum, &past.cusum, sizeof past.cusum);
  assert_true(scene.watch.fan_turned[0]);
  alert_scene_end(&scene);
}

static void restarts_of_the_past_count_for_a_day(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct alert_watch past = learn(&scene, HOUR, HOUR);
  past.boot_count = 3;
  past.boots_ago_s[0] = 0;
  past.boots_ago_s[1] = HOUR;
  past.boots_ago_s[2] = DAY - MINUTE; /* an hour later it is older than a day */

  alert_scene_run(&scene, MINUTE);
  alert_scene_reboot(&scene);
  alert_scene_answer(&scene);
  alert_watch_join(&scene.watch, &past);

  assert_int_equal(scene.watch.boot_count, 3);
  assert_in_range(scene.watch.boots_ago_s[1], HOUR, HOUR + 5 * MINUTE);
  assert_in_range(scene.watch.boots_ago_s[2], 2 * HOUR, 2 * HOUR + 5 * MINUTE);
  alert_scene_end(&scene);
}

/* The history has the free memory of all kinds together, eighty times as much. */
static void memory_of_another_kind_is_not_compared(void **state) {
  (void)state;
  struct alert_scene scene;
  alert_scene_begin(&scene);
  struct alert_watch past = learn(&scene, 2 * HOUR, MINUTE);
  assert_true(past.heap_high > 8e6F);
  alert_watch_join(&scene.watch, &past);

  alert_scene_run(&scene, 2 * DAY + HOUR);

  assert_int_equal(alert_scene_count(&scene, ALERT_LOW_MEMORY, ALERT_RAISED), 0);
  alert_scene_end(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_the_past_taught_counts_although_a_reading_was_quicker),
      cmocka_unit_test(what_came_while_nobody_watched_is_told_although_a_reading_was_quicker),
      cmocka_unit_test(a_watch_that_knows_more_keeps_it),
      cmocka_unit_test(a_watch_without_a_reading_begins_as_the_past_ended),
      cmocka_unit_test(restarts_of_the_past_count_for_a_day),
      cmocka_unit_test(memory_of_another_kind_is_not_compared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
