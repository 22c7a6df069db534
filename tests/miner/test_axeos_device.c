#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "miner/miner_driver.h"

static struct device_setup read(const char *body) {
  struct miner_report report;
  enum reason reason;
  struct err err;
  assert_true(axeos_driver.parse(body, strlen(body), &report, &reason, &err));
  return report.device;
}

#define MINER "\"ASICModel\":\"BM1370\",\"power\":15"
#define WALLET "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"

static void an_answer_without_them_leaves_all_unknown(void **state) {
  (void)state;
  struct device_setup device = read("{" MINER "}");

  assert_string_equal(device.web_version, "");
  assert_string_equal(device.ip, "");
  assert_string_equal(device.pool_user, "");
  assert_string_equal(device.fallback_host, "");
  assert_int_equal(device.fallback_port, 0);
  assert_int_equal(device.tls, DEVICE_SWITCH_UNKNOWN);
  assert_null(device_setup_fan_name(device.fan));
  assert_true(isnan(device.fan_target_c) && isnan(device.fan_set_pct));
  assert_true(isnan(device.frequency_actual_mhz));
}

static void user_is_that_of_the_pool_in_use_and_shortened(void **state) {
  (void)state;
#define USERS                                                                                      \
  "\"stratumUser\":\"" WALLET ".rig\",\"fallbackStratumUser\":\"annasaccount.shed\","              \
  "\"stratumTLS\":1,\"fallbackStratumTLS\":0"
  struct device_setup first = read("{" MINER "," USERS "}");
  struct device_setup fallback = read("{" MINER "," USERS ",\"isUsingFallbackStratum\":1}");

  assert_string_equal(first.pool_user, "bc1qxy...0wlh.rig");
  assert_int_equal(first.tls, DEVICE_ON);
  assert_string_equal(fallback.pool_user, "ann....shed");
  assert_int_equal(fallback.tls, DEVICE_OFF);
}

static void fallback_pool_is_a_host_without_login(void **state) {
  (void)state;
  struct device_setup device =
      read("{" MINER ",\"fallbackStratumURL\":\"stratum+tcp://me:pw@back.up\","
           "\"fallbackStratumPort\":4444}");

  assert_string_equal(device.fallback_host, "back.up");
  assert_int_equal(device.fallback_port, 4444);
}

static void pools_may_come_as_a_list(void **state) {
  (void)state;
  struct device_setup device = read(
      "{" MINER ",\"primaryPoolIndex\":1,\"secondaryPoolIndex\":0,\"pools\":["
      "{\"id\":0,\"stratumURL\":\"second.example\",\"stratumPort\":1,\"stratumUser\":\"nobody\"},"
      "{\"id\":1,\"stratumURL\":\"first.example\",\"stratumUser\":\"" WALLET "\","
      "\"stratumTLS\":2}]}");

  assert_string_equal(device.pool_user, "bc1qxy...0wlh");
  assert_int_equal(device.tls, DEVICE_ON);
  assert_string_equal(device.fallback_host, "second.example");
  assert_int_equal(device.fallback_port, 1);
}

static void nerdos_tells_its_pool_inside_stratum(void **state) {
  (void)state;
  struct device_setup device =
      read("{" MINER ",\"hostip\":\"192.168.1.7\",\"stratum\":{\"pools\":["
           "{\"connected\":true,\"user\":\"" WALLET ".q\","
           "\"encrypted\":false}]},\"autofanspeed\":2,\"pidTargetTemp\":55}");

  assert_string_equal(device.pool_user, "bc1qxy...0wlh.q");
  assert_int_equal(device.tls, DEVICE_OFF);
  assert_string_equal(device.ip, "192.168.1.7");
  assert_string_equal(device_setup_fan_name(device.fan), "target");
  assert_float_equal(device.fan_target_c, 55, 0.001);
}

static void fan_is_fixed_follows_a_curve_or_keeps_a_temperature(void **state) {
  (void)state;
  struct device_setup fixed =
      read("{" MINER ",\"autofanspeed\":0,\"manualFanSpeed\":70,\"temptarget\":60}");
  struct device_setup kept = read("{" MINER ",\"autofanspeed\":1,\"temptarget\":60}");
  struct device_setup curve = read("{" MINER ",\"autofanspeed\":1}");

  assert_string_equal(device_setup_fan_name(fixed.fan), "fixed");
  assert_float_equal(fixed.fan_set_pct, 70, 0.001);
  assert_true(isnan(fixed.fan_target_c));
  assert_string_equal(device_setup_fan_name(kept.fan), "target");
  assert_float_equal(kept.fan_target_c, 60, 0.001);
  assert_string_equal(device_setup_fan_name(curve.fan), "curve");
}

static void an_address_alone_makes_no_miner(void **state) {
  (void)state;
  const char *body = "{\"version\":\"1\",\"hostname\":\"lamp\",\"ipv4\":\"10.0.0.2\"}";
  struct miner_report report;
  enum reason reason = REASON_NONE;
  struct err err;

  assert_false(axeos_driver.parse(body, strlen(body), &report, &reason, &err));

  assert_int_equal(reason, REASON_NOT_A_MINER);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_answer_without_them_leaves_all_unknown),
      cmocka_unit_test(user_is_that_of_the_pool_in_use_and_shortened),
      cmocka_unit_test(fallback_pool_is_a_host_without_login),
      cmocka_unit_test(pools_may_come_as_a_list),
      cmocka_unit_test(nerdos_tells_its_pool_inside_stratum),
      cmocka_unit_test(fan_is_fixed_follows_a_curve_or_keeps_a_temperature),
      cmocka_unit_test(an_address_alone_makes_no_miner),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
