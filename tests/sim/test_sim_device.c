#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "tests/sim/sim_make.h"
#include "tests/sim/sim_near.h"

static bool patch(struct sim_device *device, const char *text, struct err *err) {
  struct json *settings = json_parse(text, strlen(text), NULL, err);
  assert_non_null(settings);
  bool good = sim_device_patch(device, settings, err);
  json_free(settings);
  return good;
}

static void a_fresh_device_boots_before_it_hashes(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 0);

  sim_device_advance(&device, 3);
  enum sim_halt early = device.halt;
  sim_device_advance(&device, 60);

  assert_int_equal(early, SIM_BOOTING);
  assert_int_equal(device.halt, SIM_RUNNING);
  assert_near(device.boot.uptime_s, 56, 0);
  sim_device_finish(&device);
}

static void a_device_up_for_days_has_counters_to_match(void **state) {
  (void)state;
  const double day_s = 86400;
  struct sim_device device = sim_make("gamma", "2.15", 3 * day_s);
  double expected = 1071e9 * 0.998 / (device.pool_difficulty * 4294967296.0) * 3 * day_s;

  assert_near(device.boot.accepted, expected, 0.03 * expected);
  assert_true(device.boot.session_best > 100 * device.pool_difficulty);
  assert_true(device.all_time_best >= device.boot.session_best);
  assert_near(device.chip_c, 60, 1);
  sim_device_finish(&device);
}

static void restart_clears_what_belongs_to_the_boot_only(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  double best = device.all_time_best;
  double lifetime = device.total_uptime_s;

  sim_device_restart(&device, "Software reset via esp_restart");
  sim_device_advance(&device, 20);

  assert_near(device.boot.uptime_s, 13, 0);
  assert_true(device.boot.accepted < 10);
  assert_near(device.all_time_best, best, 0);
  assert_true(device.total_uptime_s > lifetime);
  sim_device_finish(&device);
}

static void averages_stand_still_while_hashing_is_paused(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.14", 86400);
  struct err err = {0};
  assert_true(sim_device_pause(&device, true, &err));
  sim_device_advance(&device, 1);
  double average = device.now.hashrate_1m_ghs;

  sim_device_advance(&device, 300);

  assert_near(device.now.hashrate_ghs, 0, 0);
  assert_near(device.now.hashrate_1m_ghs, average, 0);
  assert_near(device.now.temp_c, -1, 0);
  assert_near(device.now.fan_pct, 30, 0);
  assert_true(device.now.power_w < 5);
  sim_device_finish(&device);
}

static void releases_before_2_14_cannot_pause(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.13", 86400);
  struct err err = {0};

  assert_false(sim_device_break(&device, SIM_PAUSED, NULL, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_false(sim_device_has(&device, SIM_PAUSED));
  sim_device_finish(&device);
}

static void patch_changes_frequency_and_so_hashrate(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  struct err err = {0};

  assert_true(patch(&device, "{\"frequency\":625,\"coreVoltage\":1250,\"unknown\":1}", &err));
  sim_device_advance(&device, 60);

  assert_near(device.now.hashrate_ghs, 1275, 100);
  assert_true(device.now.power_w > 22);
  sim_device_finish(&device);
}

static void wrong_patch_changes_nothing_from_2_11_on(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.11", 86400);
  struct err err = {0};

  assert_false(patch(&device, "{\"frequency\":600,\"temptarget\":\"hot\"}", &err));

  assert_string_equal(err.text, "Wrong API input");
  assert_near(device.settings.frequency_mhz, 525, 0);
  sim_device_finish(&device);
}

static void patch_can_clear_overheat_mode_but_not_set_it(void **state) {
  (void)state;
  struct sim_device device = sim_make("supra", "2.10", 86400);
  struct err err = {0};

  assert_true(patch(&device, "{\"overheat_mode\":1}", &err));
  assert_false(device.settings.overheat_mode);
  device.settings.overheat_mode = true;
  assert_true(patch(&device, "{\"overheat_mode\":0}", &err));

  assert_false(device.settings.overheat_mode);
  sim_device_finish(&device);
}

static void frozen_hashrate_never_moves_and_no_share_comes(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.12", 86400);
  struct err err = {0};
  sim_device_advance(&device, 10);
  assert_true(sim_device_break(&device, SIM_FROZEN, NULL, &err));
  double hashrate = device.now.hashrate_ghs;
  double shares = device.boot.accepted;

  sim_device_advance(&device, 600);

  assert_near(device.now.hashrate_ghs, hashrate, 0);
  assert_near(device.boot.accepted, shares, 0);
  sim_device_finish(&device);
}

static void lost_chip_costs_its_share_of_the_hashrate(void **state) {
  (void)state;
  struct sim_device device = sim_make("hex", "2.15", 86400);
  struct err err = {0};
  assert_true(sim_device_break(&device, SIM_CHIP_LOST, NULL, &err));

  sim_device_advance(&device, 60);

  assert_near(device.now.hashrate_ghs / 2602, 5.0 / 6, 0.06);
  sim_device_finish(&device);
}

static void dropped_hashes_cost_their_share_on_every_release(void **state) {
  (void)state;
  static const char *const releases[] = {"2.10", "2.15"};
  const double drop_pct = 30;
  for (int i = 0; i < 2; i++) {
    struct sim_device device = sim_make("suprahex", releases[i], 86400);
    struct err err = {0};
    assert_true(sim_device_break(&device, SIM_SLOW_CHIPS, &drop_pct, &err));

    double sum = 0;
    sim_device_advance(&device, 300);
    for (int minute = 0; minute < 60; minute++) {
      sim_device_advance(&device, 60);
      sum += device.now.hashrate_ghs;
    }

    assert_near(sum / 60 / sim_board_hashrate(device.board, 490), 0.7, 0.02);
    sim_device_finish(&device);
  }
}

static void hanging_device_stands_still(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  struct err err = {0};
  assert_true(sim_device_break(&device, SIM_HANG, NULL, &err));
  double uptime_s = device.boot.uptime_s;

  sim_device_advance(&device, 100);

  assert_near(device.boot.uptime_s, uptime_s, 0);
  assert_int_equal(device.now_s, 103);
  sim_device_finish(&device);
}

static void faults_show_in_the_readings_they_concern(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  struct err err = {0};
  double hot = 73;
  assert_true(sim_device_break(&device, SIM_HOT, &hot, &err));
  assert_true(sim_device_break(&device, SIM_VR_HOT, NULL, &err));
  assert_true(sim_device_break(&device, SIM_LOW_VOLTAGE, NULL, &err));
  assert_true(sim_device_break(&device, SIM_WEAK_WIFI, NULL, &err));
  assert_true(sim_device_break(&device, SIM_REJECTS, NULL, &err));
  double before = device.boot.rejected;

  sim_device_advance(&device, 600);

  assert_near(device.now.temp_c, 73, 1);
  assert_near(device.now.vr_temp_c, 98, 1);
  assert_near(device.now.input_mv, 4530, 60);
  assert_true(device.now.rssi_dbm < -78);
  assert_true(device.boot.rejected - before > 5);
  sim_device_finish(&device);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fresh_device_boots_before_it_hashes),
      cmocka_unit_test(a_device_up_for_days_has_counters_to_match),
      cmocka_unit_test(restart_clears_what_belongs_to_the_boot_only),
      cmocka_unit_test(averages_stand_still_while_hashing_is_paused),
      cmocka_unit_test(releases_before_2_14_cannot_pause),
      cmocka_unit_test(patch_changes_frequency_and_so_hashrate),
      cmocka_unit_test(wrong_patch_changes_nothing_from_2_11_on),
      cmocka_unit_test(patch_can_clear_overheat_mode_but_not_set_it),
      cmocka_unit_test(frozen_hashrate_never_moves_and_no_share_comes),
      cmocka_unit_test(lost_chip_costs_its_share_of_the_hashrate),
      cmocka_unit_test(dropped_hashes_cost_their_share_on_every_release),
      cmocka_unit_test(hanging_device_stands_still),
      cmocka_unit_test(faults_show_in_the_readings_they_concern),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
