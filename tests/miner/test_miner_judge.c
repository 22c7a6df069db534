#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "miner/miner_judge.h"

enum { POLL_MS = 10000 };

static const struct miner_facts gamma_facts = {.asic_count = 1, .small_core_count = 2040};

/* A Gamma that has been at work since long before the test, polled every 10 s. */
struct scene {
  struct miner_memory memory;
  struct sample sample; /* the last one, as judged */
  int64_t now_ms, mono_ms;
  double uptime_s, hashrate_ghs, shares, difficulty;
};

static void begin(struct scene *scene) {
  *scene = (struct scene){.now_ms = 1700000000000,
                          .uptime_s = 90000,
                          .hashrate_ghs = 1071,
                          .shares = 500,
                          .difficulty = 4096};
  miner_memory_init(&scene->memory);
}

static void prepare(struct scene *scene) {
  double *values = scene->sample.values;
  sample_init(&scene->sample, scene->now_ms);
  scene->sample.state = STATE_HASHING;
  values[METRIC_HASHRATE_GHS] = scene->hashrate_ghs;
  values[METRIC_FREQUENCY_MHZ] = 525;
  values[METRIC_UPTIME_S] = scene->uptime_s;
  values[METRIC_SHARES_ACCEPTED] = scene->shares;
  values[METRIC_SHARES_REJECTED] = 0;
  values[METRIC_POOL_DIFFICULTY] = scene->difficulty;
  values[METRIC_CHIP_TEMP_C] = 58;
  values[METRIC_VR_TEMP_C] = 62;
}

/* Time goes by, on both of our clocks and on the miner's. */
static void pass(struct scene *scene, int64_t ms) {
  scene->now_ms += ms;
  scene->mono_ms += ms;
  scene->uptime_s += (double)ms / 1000;
}

static void judge(struct scene *scene) {
  miner_judge_answer(&scene->memory, &gamma_facts, &scene->sample, scene->mono_ms);
  pass(scene, POLL_MS);
}

/* One answer of a miner in this state, which may be what the firmware says. */
static void answer(struct scene *scene, enum miner_state state, enum reason reason) {
  prepare(scene);
  scene->sample.state = state;
  scene->sample.reason = reason;
  judge(scene);
}

static void hash(struct scene *scene) {
  answer(scene, STATE_HASHING, REASON_NONE);
}

static void hash_well(struct scene *scene) {
  scene->shares += 1;
  scene->hashrate_ghs += 0.25;
  hash(scene);
}

static void miss(struct scene *scene, enum reason reason) {
  sample_init(&scene->sample, scene->now_ms);
  miner_judge_miss(&scene->memory, reason, &scene->sample);
  pass(scene, POLL_MS);
}

static void two_misses_change_nothing_that_is_shown(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  miss(&scene, REASON_HOST_GONE);
  miss(&scene, REASON_HOST_GONE);

  assert_int_equal(scene.sample.state, STATE_UNKNOWN);
  assert_int_equal(scene.sample.reason, REASON_HOST_GONE);
  assert_true(scene.sample.flags & SAMPLE_MISSED);
  assert_int_equal(scene.memory.state, STATE_HASHING);
}

static void third_miss_makes_it_offline(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  for (int i = 0; i < 3; i++)
    miss(&scene, REASON_HOST_GONE);

  assert_int_equal(scene.sample.state, STATE_OFFLINE);
  assert_int_equal(scene.memory.state, STATE_OFFLINE);
  assert_int_equal(scene.memory.state_since_ms, scene.now_ms - POLL_MS);
}

static void a_host_whose_web_server_is_dead_is_unresponsive(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  for (int i = 0; i < 5; i++)
    miss(&scene, REASON_NO_ANSWER);

  assert_int_equal(scene.sample.state, STATE_UNRESPONSIVE);
  assert_int_equal(scene.memory.reason, REASON_NO_ANSWER);
}

static void one_answer_between_misses_starts_the_count_again(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  miss(&scene, REASON_RESET);
  miss(&scene, REASON_RESET);

  hash_well(&scene);
  miss(&scene, REASON_RESET);
  miss(&scene, REASON_RESET);

  assert_int_equal(scene.memory.state, STATE_HASHING);
  assert_int_equal(scene.memory.misses, 2);
}

static void an_answer_brings_an_offline_miner_back_at_once(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  for (int i = 0; i < 10; i++)
    miss(&scene, REASON_HOST_GONE);

  hash_well(&scene);

  assert_int_equal(scene.memory.state, STATE_HASHING);
  assert_int_equal(scene.memory.misses, 0);
}

static void temperatures_of_the_first_minute_are_unknown(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 59;

  hash(&scene); /* at 59 s */
  assert_true(isnan(scene.sample.values[METRIC_CHIP_TEMP_C]));
  assert_true(isnan(scene.sample.values[METRIC_VR_TEMP_C]));
  assert_int_equal(scene.sample.state, STATE_STARTING);

  hash_well(&scene); /* at 69 s */
  assert_true(scene.sample.values[METRIC_CHIP_TEMP_C] == 58);
  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void a_slow_ramp_after_boot_is_starting_for_five_minutes_only(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.hashrate_ghs = 300;
  scene.uptime_s = 290;

  hash_well(&scene);
  assert_int_equal(scene.sample.state, STATE_STARTING);
  assert_int_equal(scene.sample.reason, REASON_WARMING_UP);

  hash_well(&scene); /* at 300 s */
  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void no_hashes_just_after_boot_is_starting_and_later_is_not_hashing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.hashrate_ghs = 0;
  scene.uptime_s = 100;

  answer(&scene, STATE_NOT_HASHING, REASON_POOLS_UNREACHABLE);
  assert_int_equal(scene.sample.state, STATE_STARTING);

  scene.uptime_s = 400;
  answer(&scene, STATE_NOT_HASHING, REASON_POOLS_UNREACHABLE);
  assert_int_equal(scene.sample.state, STATE_NOT_HASHING);
  assert_int_equal(scene.sample.reason, REASON_POOLS_UNREACHABLE);
}

static void warm_up_hides_neither_fault_nor_overheat_nor_setup(void **state) {
  (void)state;
  static const struct {
    enum miner_state state;
    enum reason reason;
  } said[] = {{STATE_FAULT, REASON_POWER_FAULT},
              {STATE_OVERHEATED, REASON_OVERHEAT_MODE},
              {STATE_PAUSED, REASON_PAUSED_BY_USER},
              {STATE_NOT_HASHING, REASON_SETUP_MODE}};
  for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
    struct scene scene;
    begin(&scene);
    scene.uptime_s = 20;
    scene.hashrate_ghs = 0;

    answer(&scene, said[i].state, said[i].reason);

    assert_int_equal(scene.sample.state, said[i].state);
    assert_int_equal(scene.sample.reason, said[i].reason);
  }
}

static void a_spike_is_unknown_and_does_not_smear(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  scene.hashrate_ghs = 3 * 1071 + 1;
  hash(&scene);
  assert_true(isnan(scene.sample.values[METRIC_HASHRATE_GHS]));
  assert_int_equal(scene.sample.state, STATE_HASHING);

  scene.hashrate_ghs = 1060;
  hash(&scene);
  assert_true(scene.sample.values[METRIC_HASHRATE_GHS] == 1060);
}

static void the_expected_hashrate_comes_from_the_facts_when_the_answer_lacks_it(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  hash(&scene);

  assert_true(scene.sample.values[METRIC_EXPECTED_HASHRATE_GHS] == 1071);
}

static void thirty_identical_hashrates_without_a_share_are_no_hashing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.difficulty = 1e9; /* shares are rare here: their absence proves nothing */
  hash(&scene);

  for (int i = 0; i < 29; i++)
    hash(&scene);
  assert_int_equal(scene.sample.state, STATE_HASHING);

  hash(&scene);
  assert_int_equal(scene.sample.state, STATE_NOT_HASHING);
  assert_int_equal(scene.sample.reason, REASON_FROZEN);
}

static void identical_hashrates_with_shares_are_hashing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  for (int i = 0; i < 100; i++) {
    scene.shares += 1;
    hash(&scene);
  }

  assert_int_equal(scene.sample.state, STATE_HASHING);
}

/* 1071 GH/s at difficulty 4096 is a share every 16.4 s, so 14 are due after 230 s. */
static void no_share_for_far_longer_than_chance_allows_is_no_hashing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash(&scene);

  for (int i = 0; i < 22; i++) {
    scene.hashrate_ghs += 0.5;
    hash(&scene);
  }
  assert_int_equal(scene.sample.state, STATE_HASHING);

  for (int i = 0; i < 3; i++) {
    scene.hashrate_ghs += 0.5;
    hash(&scene);
  }
  assert_int_equal(scene.sample.state, STATE_NOT_HASHING);
  assert_int_equal(scene.sample.reason, REASON_FROZEN);

  hash_well(&scene);
  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void rare_shares_of_a_hard_pool_are_waited_for(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.difficulty = 1e6; /* one in 67 minutes */

  for (int i = 0; i < 720; i++) { /* two hours */
    scene.hashrate_ghs += 0.5;
    hash(&scene);
  }

  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void a_rejected_share_is_work_too(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  double rejected = 0;

  for (int i = 0; i < 200; i++) {
    scene.hashrate_ghs += 0.5;
    prepare(&scene);
    scene.sample.values[METRIC_SHARES_REJECTED] = rejected++;
    judge(&scene);
  }

  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void a_lower_uptime_is_a_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);

  scene.uptime_s = 7;
  scene.shares = 0;
  hash(&scene);
  assert_true(scene.sample.flags & SAMPLE_REBOOTED);

  hash(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);
}

static void a_reboot_during_our_silence_is_seen_though_the_uptime_is_higher(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 100;
  hash_well(&scene);

  pass(&scene, 3600000);
  scene.uptime_s = 200; /* booted 200 s ago, we last saw it an hour ago */
  scene.shares = 900;   /* and by luck it has more shares */
  hash(&scene);

  assert_true(scene.sample.flags & SAMPLE_REBOOTED);
}

static void a_step_of_our_own_clock_is_no_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  scene.now_ms += 7200000;
  hash_well(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);

  scene.now_ms -= 7200000;
  hash_well(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);
}

static void a_step_of_our_own_clock_beyond_the_uptime_is_no_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 400;
  hash_well(&scene);

  scene.now_ms += 86400000;
  hash_well(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);

  hash_well(&scene);
  assert_false(scene.sample.flags & SAMPLE_REBOOTED);
}

/* Given a small computer that learns the time a while after its start. */
static void a_step_of_our_own_clock_makes_no_share_overdue(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  scene.now_ms += 500000;
  scene.hashrate_ghs += 0.5;
  hash(&scene);

  assert_int_equal(scene.sample.state, STATE_HASHING);
}

static void an_answer_without_uptime_between_hides_no_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 100;
  hash_well(&scene);

  pass(&scene, 3600000);
  scene.uptime_s = METRIC_UNKNOWN;
  hash_well(&scene);
  scene.uptime_s = 200;
  hash_well(&scene);

  assert_true(scene.sample.flags & SAMPLE_REBOOTED);
}

static void a_reboot_is_seen_though_our_own_clock_was_set_back(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  scene.now_ms -= 7200000;
  scene.uptime_s = 5;
  hash_well(&scene);

  assert_true(scene.sample.flags & SAMPLE_REBOOTED);
}

static void a_32_bit_uptime_that_wraps_is_no_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 4294960;
  hash_well(&scene);

  scene.uptime_s = 3;
  hash_well(&scene);

  assert_false(scene.sample.flags & SAMPLE_REBOOTED);
}

static void shares_that_start_again_with_the_wrap_are_a_reboot(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.uptime_s = 4294960;
  hash_well(&scene);

  scene.uptime_s = 3;
  scene.shares = 0;
  hash(&scene);

  assert_true(scene.sample.flags & SAMPLE_REBOOTED);
}

static void the_time_of_the_last_boot_is_one_value_per_session(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);
  int64_t boot_ms = scene.memory.boot_ms;

  for (int i = 0; i < 10; i++) {
    scene.now_ms += i * 137 % 900; /* answers come when they come */
    hash_well(&scene);
  }
  assert_int_equal(scene.memory.boot_ms, boot_ms);

  scene.uptime_s = 5;
  hash_well(&scene);
  assert_true(scene.memory.boot_ms > boot_ms);
}

static void a_single_zero_among_good_readings_is_no_stop(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene);

  double good_ghs = scene.hashrate_ghs;
  scene.hashrate_ghs = 0;
  answer(&scene, STATE_NOT_HASHING, REASON_ZERO_HASHRATE);
  assert_int_equal(scene.memory.state, STATE_HASHING);
  answer(&scene, STATE_NOT_HASHING, REASON_ZERO_HASHRATE);
  assert_int_equal(scene.memory.state, STATE_NOT_HASHING);

  scene.hashrate_ghs = good_ghs;
  hash_well(&scene);
  assert_int_equal(scene.memory.state, STATE_HASHING);
}

static void one_low_reading_does_not_bring_a_stale_overheat_flag_back(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  hash_well(&scene); /* full speed, whatever the flag says */

  scene.hashrate_ghs = 0.7 * 1071;
  answer(&scene, STATE_OVERHEATED, REASON_OVERHEAT_MODE);
  assert_int_equal(scene.sample.state, STATE_HASHING);

  scene.hashrate_ghs = 0;
  answer(&scene, STATE_OVERHEATED, REASON_OVERHEAT_MODE);
  assert_int_equal(scene.sample.state, STATE_OVERHEATED);
}

static void a_paused_miner_stays_paused_however_long(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);
  scene.hashrate_ghs = 0;

  for (int i = 0; i < 500; i++)
    answer(&scene, STATE_PAUSED, REASON_PAUSED_BY_USER);

  assert_int_equal(scene.memory.state, STATE_PAUSED);
  assert_int_equal(scene.memory.state_since_ms, 1700000000000);
}

static void an_answer_without_any_figure_is_judged_too(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene);

  for (int i = 0; i < 50; i++) {
    sample_init(&scene.sample, scene.now_ms);
    scene.sample.state = STATE_HASHING;
    judge(&scene);
  }

  assert_int_equal(scene.memory.state, STATE_HASHING);
  assert_int_equal(scene.memory.boot_ms, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_misses_change_nothing_that_is_shown),
      cmocka_unit_test(third_miss_makes_it_offline),
      cmocka_unit_test(a_host_whose_web_server_is_dead_is_unresponsive),
      cmocka_unit_test(one_answer_between_misses_starts_the_count_again),
      cmocka_unit_test(an_answer_brings_an_offline_miner_back_at_once),
      cmocka_unit_test(temperatures_of_the_first_minute_are_unknown),
      cmocka_unit_test(a_slow_ramp_after_boot_is_starting_for_five_minutes_only),
      cmocka_unit_test(no_hashes_just_after_boot_is_starting_and_later_is_not_hashing),
      cmocka_unit_test(warm_up_hides_neither_fault_nor_overheat_nor_setup),
      cmocka_unit_test(a_spike_is_unknown_and_does_not_smear),
      cmocka_unit_test(the_expected_hashrate_comes_from_the_facts_when_the_answer_lacks_it),
      cmocka_unit_test(thirty_identical_hashrates_without_a_share_are_no_hashing),
      cmocka_unit_test(identical_hashrates_with_shares_are_hashing),
      cmocka_unit_test(no_share_for_far_longer_than_chance_allows_is_no_hashing),
      cmocka_unit_test(rare_shares_of_a_hard_pool_are_waited_for),
      cmocka_unit_test(a_rejected_share_is_work_too),
      cmocka_unit_test(a_lower_uptime_is_a_reboot),
      cmocka_unit_test(a_reboot_during_our_silence_is_seen_though_the_uptime_is_higher),
      cmocka_unit_test(a_step_of_our_own_clock_is_no_reboot),
      cmocka_unit_test(a_step_of_our_own_clock_makes_no_share_overdue),
      cmocka_unit_test(a_step_of_our_own_clock_beyond_the_uptime_is_no_reboot),
      cmocka_unit_test(an_answer_without_uptime_between_hides_no_reboot),
      cmocka_unit_test(a_reboot_is_seen_though_our_own_clock_was_set_back),
      cmocka_unit_test(a_32_bit_uptime_that_wraps_is_no_reboot),
      cmocka_unit_test(shares_that_start_again_with_the_wrap_are_a_reboot),
      cmocka_unit_test(the_time_of_the_last_boot_is_one_value_per_session),
      cmocka_unit_test(a_single_zero_among_good_readings_is_no_stop),
      cmocka_unit_test(one_low_reading_does_not_bring_a_stale_overheat_flag_back),
      cmocka_unit_test(a_paused_miner_stays_paused_however_long),
      cmocka_unit_test(an_answer_without_any_figure_is_judged_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
