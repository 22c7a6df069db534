#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "store/alerts/rule_store.h"
#include "store_fixture.h"

struct settings {
  struct alert_rule_setting rows[4];
  size_t count;
};

static void collect(const struct alert_rule_setting *setting, void *arg) {
  struct settings *settings = arg;
  assert_true(settings->count < 4);
  settings->rows[settings->count++] = *setting;
}

static struct settings all(struct db *db) {
  struct err err;
  struct settings settings = {.count = 0};
  assert_true(rule_store_each(db, collect, &settings, &err));
  return settings;
}

static void save(struct db *db, const struct alert_rule_setting *setting) {
  struct err err;
  if (!rule_store_save(db, setting, &err))
    fail_msg("%s", err.text);
}

static void what_is_set_comes_back_and_the_rest_stays_unset(void **state) {
  struct db *db = store_fixture_db(state);
  struct alert_rule_setting sent;
  alert_rule_setting_init(&sent, 3, ALERT_CHIP_TEMP);
  sent.limit = 62.5;
  sent.reminder_ms = 0;

  save(db, &sent);

  struct settings got = all(db);
  const struct alert_rule_setting *row = &got.rows[0];
  assert_int_equal(got.count, 1);
  assert_int_equal(row->miner_id, 3);
  assert_int_equal(row->rule, ALERT_CHIP_TEMP);
  assert_true(row->limit == 62.5 && isnan(row->hysteresis));
  assert_int_equal(row->reminder_ms, 0);
  assert_int_equal(row->enabled, ALERT_UNSET);
  assert_int_equal(row->severity, ALERT_UNSET);
  assert_int_equal(row->hold_ms, ALERT_UNSET);
  assert_int_equal(row->clear_ms, ALERT_UNSET);
  assert_int_equal(row->cooldown_ms, ALERT_UNSET);
}

static void a_later_setting_replaces_the_one_before(void **state) {
  struct db *db = store_fixture_db(state);
  struct alert_rule_setting setting;
  alert_rule_setting_init(&setting, 0, ALERT_OFFLINE);
  setting.enabled = 0;
  setting.hold_ms = 60000;
  save(db, &setting);

  setting.enabled = 1;
  setting.hold_ms = ALERT_UNSET;
  setting.severity = ALERT_WARNING;
  save(db, &setting);

  struct settings got = all(db);
  assert_int_equal(got.count, 1);
  assert_int_equal(got.rows[0].enabled, 1);
  assert_int_equal(got.rows[0].hold_ms, ALERT_UNSET);
  assert_int_equal(got.rows[0].severity, ALERT_WARNING);
}

static void a_setting_that_changes_nothing_is_removed(void **state) {
  struct db *db = store_fixture_db(state);
  struct alert_rule_setting all_miners, one;
  alert_rule_setting_init(&all_miners, 0, ALERT_OFFLINE);
  alert_rule_setting_init(&one, 3, ALERT_OFFLINE);
  all_miners.enabled = one.enabled = 0;
  save(db, &all_miners);
  save(db, &one);

  one.enabled = ALERT_UNSET;
  assert_true(alert_rule_setting_is_empty(&one));
  save(db, &one);

  struct settings got = all(db);
  assert_int_equal(got.count, 1);
  assert_int_equal(got.rows[0].miner_id, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_set_comes_back_and_the_rest_stays_unset),
      cmocka_unit_test(a_later_setting_replaces_the_one_before),
      cmocka_unit_test(a_setting_that_changes_nothing_is_removed),
  };
  return store_fixture_run("rule_store", tests, sizeof tests / sizeof tests[0]);
}
