#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "alert/cusum.h"
#include "base/rand.h"

enum { POLL_S = 10, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

/* A miner whose readings vary by `noise`; `keep` of a reading's deviation is in the
 * next one too, as it is when the firmware averages. */
struct scene {
  struct cusum cusum;
  struct rand rand;
  double noise, keep, deviation;
  double poll_s, uptime_s;
  uint32_t firmware, settings;
};

static void begin(struct scene *scene) {
  *scene = (struct scene){
      .noise = 0.015, .poll_s = POLL_S, .uptime_s = DAY_S, .firmware = 1, .settings = 1};
  rand_init(&scene->rand, 42);
  cusum_init(&scene->cusum);
}

static enum cusum_state feed(struct scene *scene, double ratio) {
  scene->uptime_s += scene->poll_s;
  return cusum_step(&scene->cusum, &(struct cusum_reading){.ratio = ratio,
                                                           .dt_s = scene->poll_s,
                                                           .uptime_s = scene->uptime_s,
                                                           .firmware = scene->firmware,
                                                           .settings = scene->settings});
}

static double noisy(struct scene *scene, double ratio) {
  double fresh = sqrt(1 - scene->keep * scene->keep) * scene->noise;
  scene->deviation = scene->keep * scene->deviation + fresh * rand_normal(&scene->rand);
  return ratio * exp(scene->deviation);
}

/* Runs for that long; returns after how many seconds it was low, -1 never. */
static int64_t run(struct scene *scene, double ratio, int64_t seconds) {
  for (int64_t at = (int64_t)scene->poll_s; at <= seconds; at += (int64_t)scene->poll_s)
    if (feed(scene, noisy(scene, ratio)) == CUSUM_LOW)
      return at;
  return -1;
}

static void a_healthy_miner_is_never_low(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  int64_t low_s = run(&scene, 1, 30 * DAY_S);

  assert_int_equal(low_s, -1);
  assert_float_equal(cusum_level(&scene.cusum), 1, 0.002);
}

static void a_lasting_drop_of_a_tenth_is_found_within_ten_minutes(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);

  int64_t low_s = run(&scene, 0.9, HOUR_S);

  assert_in_range(low_s, MINUTE_S, 10 * MINUTE_S);
}

static void a_drop_by_a_third_is_found_within_two_minutes(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);

  int64_t low_s = run(&scene, 0.7, HOUR_S);

  assert_in_range(low_s, MINUTE_S, 2 * MINUTE_S);
}

static void what_follows_itself_for_minutes_raises_nothing(void **state) {
  (void)state;
  /* As firmware up to 2.10 on a small miner: 10 % of noise, nine tenths of it kept. */
  struct scene scene;
  begin(&scene);
  scene.noise = 0.1;
  scene.keep = 0.9;

  int64_t low_s = run(&scene, 1, 60 * DAY_S);

  assert_int_equal(low_s, -1);
}

static void noise_that_lasts_makes_it_slower_but_not_blind(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.noise = 0.1;
  scene.keep = 0.9;
  run(&scene, 1, 3 * DAY_S);

  int64_t low_s = run(&scene, 0.7, DAY_S);

  assert_in_range(low_s, 2 * MINUTE_S, 30 * MINUTE_S);
  assert_true(cusum_delay_s(&scene.cusum, 0.1) > 10 * MINUTE_S);
}

static void a_miner_that_always_ran_a_little_low_is_normal(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  int64_t low_s = run(&scene, 0.93, 10 * DAY_S);

  assert_int_equal(low_s, -1);
  assert_float_equal(cusum_level(&scene.cusum), 0.93, 0.005);
}

static void a_new_miner_far_below_the_formula_is_low_all_the_same(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  int64_t low_s = run(&scene, 0.6, HOUR_S);

  assert_in_range(low_s, MINUTE_S, HOUR_S);
}

static void a_drop_is_not_learned_away(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);

  for (int64_t at = 0; at < 30 * DAY_S; at += POLL_S)
    feed(&scene, noisy(&scene, 0.9));

  assert_int_equal(cusum_state(&scene.cusum), CUSUM_LOW);
  assert_float_equal(cusum_level(&scene.cusum), 1, 0.005);
}

static void back_to_usual_is_seen_as_soon(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);
  run(&scene, 0.8, HOUR_S);

  int64_t back_s = 0;
  while (feed(&scene, noisy(&scene, 1)) == CUSUM_LOW)
    back_s += POLL_S;

  assert_in_range(back_s, 20, 5 * MINUTE_S);
}

static void single_spikes_and_zeros_count_for_nothing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);

  for (int i = 0; i < 10000; i++) {
    double odd[] = {1, 1, 0, 1, 1, 1e6, 1};
    assert_int_equal(feed(&scene, noisy(&scene, odd[i % 7])), CUSUM_NORMAL);
  }

  assert_float_equal(cusum_level(&scene.cusum), 1, 0.01);
}

static void a_spike_does_not_save_a_miner_that_is_low(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);
  run(&scene, 0.8, HOUR_S);

  for (int i = 0; i < 1000; i++)
    assert_int_equal(feed(&scene, noisy(&scene, i % 10 == 0 ? 10 : 0.8)), CUSUM_LOW);
}

static void unknown_readings_neither_raise_nor_clear(void **state) {
  (void)state;
  struct scene normal, low;
  begin(&normal);
  run(&normal, 1, DAY_S);
  low = normal;
  run(&low, 0.8, HOUR_S);
  struct cusum before_normal = normal.cusum, before_low = low.cusum;

  for (int i = 0; i < 1000; i++) {
    assert_int_equal(feed(&normal, NAN), CUSUM_NORMAL);
    assert_int_equal(feed(&low, NAN), CUSUM_LOW);
  }

  assert_memory_equal(&normal.cusum, &before_normal, sizeof normal.cusum);
  assert_memory_equal(&low.cusum, &before_low, sizeof low.cusum);
}

static void the_first_ten_minutes_after_a_start_do_not_count(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);
  scene.uptime_s = 0;

  for (int at = POLL_S; at < 10 * MINUTE_S; at += POLL_S)
    assert_int_equal(feed(&scene, 0.001 * at), CUSUM_NORMAL);

  assert_in_range(run(&scene, 0.5, HOUR_S), MINUTE_S, 2 * MINUTE_S);
}

static void after_a_pause_it_has_to_settle_again(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);
  struct cusum_reading paused = {
      .ratio = 0, .dt_s = POLL_S, .uptime_s = DAY_S, .firmware = 1, .settings = 1, .resting = true};

  for (int i = 0; i < 100; i++)
    assert_int_equal(cusum_step(&scene.cusum, &paused), CUSUM_NORMAL);

  for (int at = POLL_S; at < 10 * MINUTE_S; at += POLL_S)
    assert_int_equal(feed(&scene, 0.001 * at), CUSUM_NORMAL);
}

static void another_firmware_is_learned_anew(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 0.93, 3 * DAY_S);

  scene.firmware = 2;
  feed(&scene, 1);

  assert_float_equal(cusum_level(&scene.cusum), 1, 1e-9);
  assert_int_equal(run(&scene, 0.95, 3 * DAY_S), -1);
}

static void other_settings_have_a_level_of_their_own(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, 3 * DAY_S);

  scene.settings = 2; /* a frequency that the voltage cannot carry: some hashes are lost */

  assert_int_equal(run(&scene, 0.94, 3 * DAY_S), -1);
  assert_float_equal(cusum_level(&scene.cusum), 0.94, 0.005);
}

static void an_answer_that_does_not_tell_its_settings_changes_nothing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 0.95, 3 * DAY_S);
  double level = cusum_level(&scene.cusum);

  scene.firmware = 0;
  scene.settings = 0;
  feed(&scene, 0.95);
  scene.firmware = 1;
  scene.settings = 1;
  feed(&scene, 0.95);

  assert_float_equal(cusum_level(&scene.cusum), level, 1e-3);
  assert_in_range(run(&scene, 0.6, HOUR_S), MINUTE_S, 2 * MINUTE_S);
}

static void slow_polls_find_it_after_a_few_readings(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.poll_s = 60;
  assert_int_equal(run(&scene, 1, 10 * DAY_S), -1);

  int64_t low_s = run(&scene, 0.9, HOUR_S);

  assert_in_range(low_s, 3 * MINUTE_S, 10 * MINUTE_S);
}

static void three_readings_must_agree_however_seldom_they_come(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.poll_s = 60;
  run(&scene, 1, 3 * DAY_S);

  /* The median takes one more. */
  assert_in_range(run(&scene, 0.5, HOUR_S), 4 * 60, 5 * 60);
}

static void polls_that_grow_rare_do_not_make_a_noisy_reading_surer(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.noise = 0.2;
  run(&scene, 1, 3 * DAY_S);

  scene.poll_s = 60;

  assert_int_equal(run(&scene, 1, 20 * DAY_S), -1);
}

static void one_reading_never_raises_however_long_the_gap_before_it(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  run(&scene, 1, DAY_S);

  scene.poll_s = HOUR_S;

  assert_int_equal(feed(&scene, 0.5), CUSUM_NORMAL);
}

static void the_delay_it_tells_is_the_one_it_has(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.noise = 0.1;
  scene.keep = 0.9;
  run(&scene, 1, 7 * DAY_S);
  struct scene learned = scene;
  double told_s = cusum_delay_s(&scene.cusum, 0.1), sum_s = 0;

  for (uint64_t i = 0; i < 100; i++) {
    scene = learned;
    rand_init(&scene.rand, i);
    sum_s += (double)run(&scene, 0.9, 7 * DAY_S);
  }

  assert_true(sum_s / 100 > told_s * 0.6 && sum_s / 100 < told_s * 1.4);
}

static void it_fits_64_bytes(void **state) {
  (void)state;
  assert_true(sizeof(struct cusum) <= 64);
}

static void a_key_tells_texts_apart(void **state) {
  (void)state;
  assert_int_equal(cusum_key("a", 1), 0xe40c292c); /* the published value of FNV-1a */
  assert_int_not_equal(cusum_key("v2.10.1", 7), cusum_key("v2.11.0", 7));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_healthy_miner_is_never_low),
      cmocka_unit_test(a_lasting_drop_of_a_tenth_is_found_within_ten_minutes),
      cmocka_unit_test(a_drop_by_a_third_is_found_within_two_minutes),
      cmocka_unit_test(what_follows_itself_for_minutes_raises_nothing),
      cmocka_unit_test(noise_that_lasts_makes_it_slower_but_not_blind),
      cmocka_unit_test(a_miner_that_always_ran_a_little_low_is_normal),
      cmocka_unit_test(a_new_miner_far_below_the_formula_is_low_all_the_same),
      cmocka_unit_test(a_drop_is_not_learned_away),
      cmocka_unit_test(back_to_usual_is_seen_as_soon),
      cmocka_unit_test(single_spikes_and_zeros_count_for_nothing),
      cmocka_unit_test(a_spike_does_not_save_a_miner_that_is_low),
      cmocka_unit_test(unknown_readings_neither_raise_nor_clear),
      cmocka_unit_test(the_first_ten_minutes_after_a_start_do_not_count),
      cmocka_unit_test(after_a_pause_it_has_to_settle_again),
      cmocka_unit_test(another_firmware_is_learned_anew),
      cmocka_unit_test(other_settings_have_a_level_of_their_own),
      cmocka_unit_test(an_answer_that_does_not_tell_its_settings_changes_nothing),
      cmocka_unit_test(slow_polls_find_it_after_a_few_readings),
      cmocka_unit_test(three_readings_must_agree_however_seldom_they_come),
      cmocka_unit_test(polls_that_grow_rare_do_not_make_a_noisy_reading_surer),
      cmocka_unit_test(one_reading_never_raises_however_long_the_gap_before_it),
      cmocka_unit_test(the_delay_it_tells_is_the_one_it_has),
      cmocka_unit_test(it_fits_64_bytes),
      cmocka_unit_test(a_key_tells_texts_apart),
  };
  return cmocka_run_group_tests_name("cusum", tests, NULL, NULL);
}
