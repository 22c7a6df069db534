#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "alert/alert_rulebook.h"
#include "model/metric.h"

static const struct miner_limits board = {.chip_warn_c = 68, .vr_warn_c = 95, .input_min_mv = 4750};

static struct alert_tuning tuning_of(const struct alert_rulebook *book, enum alert_rule rule,
                                     int64_t miner_id) {
  struct alert_tuning tuning;
  alert_rulebook_tuning(book, rule, miner_id, &board, &tuning);
  return tuning;
}

static void each_layer_changes_only_what_it_names(void **state) {
  (void)state;
  struct alert_config config;
  struct alert_rule_setting all, own;
  alert_config_init(&config);
  config.cooldown_ms = 1234;
  struct alert_rulebook *book = alert_rulebook_create(&config);
  assert_true(tuning_of(book, ALERT_CHIP_TEMP, 3).limit == 68);

  alert_rule_setting_init(&all, 0, ALERT_CHIP_TEMP);
  all.limit = 60;
  alert_rulebook_set(book, &all);
  alert_rule_setting_init(&own, 3, ALERT_CHIP_TEMP);
  own.hold_ms = 5000;
  own.severity = ALERT_CRITICAL;
  alert_rulebook_set(book, &own);

  struct alert_tuning third = tuning_of(book, ALERT_CHIP_TEMP, 3);
  struct alert_tuning fourth = tuning_of(book, ALERT_CHIP_TEMP, 4);
  assert_true(third.limit == 60 && fourth.limit == 60);
  assert_int_equal(third.hold_ms, 5000);
  assert_int_equal(fourth.hold_ms, 0);
  assert_int_equal(third.severity, ALERT_CRITICAL);
  assert_int_equal(fourth.severity, ALERT_WARNING);
  assert_int_equal(third.cooldown_ms, 1234);
  alert_rulebook_destroy(book);
}

static void an_empty_setting_takes_changes_back(void **state) {
  (void)state;
  struct alert_rulebook *book = alert_rulebook_create(NULL);
  struct alert_rule_setting setting, found;
  for (int64_t miner = 40; miner > 0; miner--) {
    alert_rule_setting_init(&setting, miner, ALERT_WEAK_WIFI);
    setting.limit = -(double)miner;
    alert_rulebook_set(book, &setting);
  }
  assert_true(alert_rulebook_get(book, 17, ALERT_WEAK_WIFI, &found));
  assert_true(found.limit == -17);

  alert_rule_setting_init(&setting, 17, ALERT_WEAK_WIFI);
  alert_rulebook_set(book, &setting);
  alert_rulebook_forget(book, 18);

  assert_false(alert_rulebook_get(book, 17, ALERT_WEAK_WIFI, &found));
  assert_false(alert_rulebook_get(book, 18, ALERT_WEAK_WIFI, &found));
  assert_true(tuning_of(book, ALERT_WEAK_WIFI, 17).limit == -75);
  assert_true(tuning_of(book, ALERT_WEAK_WIFI, 19).limit == -19);
  alert_rulebook_destroy(book);
}

static void defaults_come_from_the_board_and_every_rule_has_some(void **state) {
  (void)state;
  struct alert_rulebook *book = alert_rulebook_create(NULL);

  assert_true(tuning_of(book, ALERT_INPUT_VOLTAGE, 1).limit == 4.75);
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    struct alert_tuning tuning = tuning_of(book, (enum alert_rule)rule, 1);
    assert_true(tuning.enabled);
    assert_true(tuning.hold_samples >= 1 && tuning.clear_samples >= 1);
    assert_int_equal(tuning.severity, alert_rule_facts((enum alert_rule)rule)->severity);
  }
  alert_rulebook_destroy(book);
}

static void no_cooldown_ever_holds_a_block_back(void **state) {
  (void)state;
  struct alert_rulebook *book = alert_rulebook_create(NULL);
  struct alert_rule_setting setting;
  alert_rule_setting_init(&setting, 0, ALERT_BLOCK_FOUND);
  setting.cooldown_ms = 3600000;

  alert_rulebook_set(book, &setting);

  assert_int_equal(tuning_of(book, ALERT_BLOCK_FOUND, 1).cooldown_ms, 0);
  alert_rulebook_destroy(book);
}

static void the_list_of_addresses_knows_workers_and_cases(void **state) {
  (void)state;
  struct alert_rulebook *book = alert_rulebook_create(NULL);
  assert_false(alert_rulebook_has_payout(book));

  alert_rulebook_set_payout(book, " bc1qowner,\n 1BoatSLRHtKNngkdXEeobR76b53LETtpyT ;name.rig");

  assert_true(alert_rulebook_has_payout(book));
  assert_true(alert_rulebook_pays_owner(book, "bc1qowner"));
  assert_true(alert_rulebook_pays_owner(book, "BC1QOWNER.garage"));
  assert_true(alert_rulebook_pays_owner(book, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT.x"));
  assert_true(alert_rulebook_pays_owner(book, "name.rig"));
  assert_false(alert_rulebook_pays_owner(book, "name.other"));
  assert_false(alert_rulebook_pays_owner(book, "1BOATSLRHTKNNGKDXEEOBR76B53LETTPYT"));
  assert_false(alert_rulebook_pays_owner(book, "bc1qownerx"));
  assert_false(alert_rulebook_pays_owner(book, ""));
  alert_rulebook_set_payout(book, "");
  assert_false(alert_rulebook_has_payout(book));
  alert_rulebook_destroy(book);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_layer_changes_only_what_it_names),
      cmocka_unit_test(an_empty_setting_takes_changes_back),
      cmocka_unit_test(defaults_come_from_the_board_and_every_rule_has_some),
      cmocka_unit_test(no_cooldown_ever_holds_a_block_back),
      cmocka_unit_test(the_list_of_addresses_knows_workers_and_cases),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
