#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>

#include "base/rand.h"
#include "sim/sim_physics.h"
#include "tests/sim/sim_make.h"
#include "tests/sim/sim_near.h"

static void hashrate_is_frequency_times_cores_times_chips(void **state) {
  (void)state;
  assert_near(sim_board_hashrate(sim_board_find("gamma"), 525), 1071, 0.01);
  assert_near(sim_board_hashrate(sim_board_find("hex"), 485), 2601.54, 0.01);
}

static void power_grows_with_frequency_and_with_the_square_of_voltage(void **state) {
  (void)state;
  const struct sim_board *board = sim_board_find("gamma");
  double normal = sim_physics_core_power(board, 525, 1150);
  double faster = sim_physics_core_power(board, 1050, 1150);
  double higher = sim_physics_core_power(board, 525, 2300);

  assert_near(normal, board->full_w - board->offset_w, 1e-9);
  assert_near(faster / normal, 1.92, 0.01);
  assert_near(higher / normal, 3.84, 0.01);
}

static void errors_explode_when_voltage_is_too_low_for_the_frequency(void **state) {
  (void)state;
  const struct sim_board *board = sim_board_find("gamma");

  assert_true(sim_physics_error_share(board, 525, 1150) < 0.003);
  assert_true(sim_physics_error_share(board, 700, 1150) > 0.3);
  assert_true(sim_physics_error_share(board, 700, 1400) < 0.01);
}

static void best_share_follows_its_extreme_value_law(void **state) {
  (void)state;
  /* The median of the best of n shares of difficulty 1 is 1 / (1 - 2^(-1/n)). */
  assert_near(sim_physics_best_of(1, 1000, 0.5), 2000, 1e-6);
  assert_near(sim_physics_best_of(1e6, 1, 0.5), 1e6 / 0.6931, 1000);
  assert_near(sim_physics_best_of(0, 1000, 0.5), 0, 1e-9);
}

static void broken_chips_make_errors_and_broken_hardware_stops(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  struct err err = {0};
  const double errors_pct = 20;

  assert_true(sim_device_break(&device, SIM_ERRORS, &errors_pct, &err));
  sim_device_advance(&device, 60);
  assert_near(device.rate_ghs, 0.8 * 1071, 1);
  assert_true(sim_device_break(&device, SIM_HARDWARE_FAULT, NULL, &err));
  sim_device_advance(&device, 5);

  assert_int_equal(device.halt, SIM_FAULTED);
  assert_near(device.now.hashrate_ghs, 0, 1e-9);
  sim_device_finish(&device);
}

static void fan_holds_the_chip_at_its_target(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);

  device.ambient_c = 30;
  sim_device_advance(&device, 900);

  assert_near(device.chip_c, 60, 1);
  assert_true(device.duty_pct > 45);
  sim_device_finish(&device);
}

static void counted_hashrate_stays_within_a_few_percent(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.12", 86400);
  double sum = 0;
  double squares = 0;
  const int n = 3600;

  for (int i = 0; i < n; i++) {
    sim_device_advance(&device, 1);
    double ratio = device.now.hashrate_ghs / 1071;
    sum += ratio;
    squares += ratio * ratio;
  }

  double mean = sum / n;
  double deviation = sqrt(squares / n - mean * mean);
  assert_near(mean, 0.998, 0.005);
  assert_true(deviation > 0.01 && deviation < 0.03);
  sim_device_finish(&device);
}

static void estimated_hashrate_is_noisy_but_right_on_average(void **state) {
  (void)state;
  struct sim_device device = sim_make("supra", "2.10", 86400);
  double sum = 0;
  double squares = 0;
  const int n = 40000;

  for (int i = 0; i < n; i++) {
    sim_device_advance(&device, 1);
    double ratio = device.now.hashrate_ghs / 625;
    sum += ratio;
    squares += ratio * ratio;
  }

  double mean = sum / n;
  double deviation = sqrt(squares / n - mean * mean);
  assert_near(mean, 1, 0.03);
  assert_true(deviation > 0.05 && deviation < 0.2);
  sim_device_finish(&device);
}

static void estimated_hashrate_rises_slowly_after_a_start(void **state) {
  (void)state;
  struct sim_device old = sim_make("ultra", "2.6", 0);
  struct sim_device new = sim_make("ultra", "2.12", 0);

  sim_device_advance(&old, 60);
  sim_device_advance(&new, 60);

  assert_true(old.now.hashrate_ghs < 0.6 * 434);
  assert_true(new.now.hashrate_ghs > 0.9 * 434);
  sim_device_finish(&old);
  sim_device_finish(&new);
}

static void shares_come_at_the_pace_of_the_hashrate(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 0);
  double per_hour = 1071e9 * 0.998 / (device.pool_difficulty * 4294967296.0) * 3600;

  sim_device_advance(&device, 20 * 3600);

  double shares = device.boot.accepted + device.boot.rejected;
  assert_near(shares, 20 * per_hour, 5 * sqrt(20 * per_hour));
  assert_true(device.boot.rejected < 0.01 * shares);
  assert_true(device.boot.session_best >= device.pool_difficulty);
  assert_true(device.all_time_best >= device.boot.session_best);
  sim_device_finish(&device);
}

static void overheating_up_to_2_10_ends_in_safe_mode(void **state) {
  (void)state;
  struct sim_device device = sim_make("supra", "2.10", 86400);
  struct err err = {0};
  assert_true(sim_device_break(&device, SIM_OVERHEAT, NULL, &err));

  sim_device_advance(&device, 300);

  assert_true(device.settings.overheat_mode);
  assert_near(device.settings.frequency_mhz, 50, 0);
  assert_near(device.settings.core_mv, 1000, 0);
  assert_false(device.settings.auto_fan);
  assert_near(device.now.fan_pct, 100, 0);
  assert_int_equal(device.halt, SIM_RUNNING);
  sim_device_finish(&device);
}

static void overheating_from_2_11_stops_then_restarts_slower(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.11", 86400);
  struct err err = {0};
  assert_true(sim_device_break(&device, SIM_OVERHEAT, NULL, &err));

  while (device.halt != SIM_OVERHEATED)
    sim_device_advance(&device, 1);
  struct sim_device stopped = device;
  sim_device_repair(&device, SIM_OVERHEAT);
  sim_device_advance(&device, 120);

  assert_true(stopped.settings.overheat_mode);
  assert_near(stopped.now.temp_c, -1, 0);
  assert_int_equal(device.halt, SIM_RUNNING);
  assert_false(device.settings.overheat_mode);
  assert_near(device.settings.frequency_mhz, 425, 0);
  assert_near(device.settings.core_mv, 1050, 0);
  assert_near(device.now.hashrate_ghs, 867, 60);
  sim_device_finish(&device);
}

static void a_stopped_fan_leads_to_overheating(void **state) {
  (void)state;
  struct sim_device device = sim_make("ultra", "2.6", 86400);
  struct err err = {0};
  assert_true(sim_device_break(&device, SIM_FAN_STOPPED, NULL, &err));

  sim_device_advance(&device, 30);
  double rpm = device.now.fan_rpm;
  sim_device_advance(&device, 300);

  assert_near(rpm, 0, 0);
  assert_true(device.settings.overheat_mode);
  sim_device_finish(&device);
}

static void same_seed_same_life_however_it_is_asked(void **state) {
  (void)state;
  struct sim_device a = sim_make("gamma", "2.10", 5000);
  struct sim_device b = sim_make("gamma", "2.10", 5000);

  sim_device_advance(&a, 1000);
  for (int i = 0; i < 100; i++)
    sim_device_advance(&b, 10);

  assert_memory_equal(&a.now, &b.now, sizeof a.now);
  assert_memory_equal(&a.boot, &b.boot, sizeof a.boot);
  sim_device_finish(&a);
  sim_device_finish(&b);
}

static void every_board_runs_cool_and_near_its_rated_power(void **state) {
  (void)state;
  size_t count;
  const struct sim_board *boards = sim_board_list(&count);
  for (size_t i = 0; i < count; i++) {
    struct sim_device device = sim_make(boards[i].name, "2.15", 86400);

    sim_device_advance(&device, 600);

    assert_near(device.chip_c, 60, 2);
    assert_near(device.now.power_w, boards[i].full_w, 0.03 * boards[i].full_w);
    assert_true(device.now.power_w < boards[i].max_power_w);
    assert_near(device.now.input_mv, boards[i].nominal_v * 1000, 50 * boards[i].nominal_v);
    sim_device_finish(&device);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashrate_is_frequency_times_cores_times_chips),
      cmocka_unit_test(power_grows_with_frequency_and_with_the_square_of_voltage),
      cmocka_unit_test(errors_explode_when_voltage_is_too_low_for_the_frequency),
      cmocka_unit_test(best_share_follows_its_extreme_value_law),
      cmocka_unit_test(broken_chips_make_errors_and_broken_hardware_stops),
      cmocka_unit_test(fan_holds_the_chip_at_its_target),
      cmocka_unit_test(counted_hashrate_stays_within_a_few_percent),
      cmocka_unit_test(estimated_hashrate_is_noisy_but_right_on_average),
      cmocka_unit_test(estimated_hashrate_rises_slowly_after_a_start),
      cmocka_unit_test(shares_come_at_the_pace_of_the_hashrate),
      cmocka_unit_test(overheating_up_to_2_10_ends_in_safe_mode),
      cmocka_unit_test(overheating_from_2_11_stops_then_restarts_slower),
      cmocka_unit_test(a_stopped_fan_leads_to_overheating),
      cmocka_unit_test(same_seed_same_life_however_it_is_asked),
      cmocka_unit_test(every_board_runs_cool_and_near_its_rated_power),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
