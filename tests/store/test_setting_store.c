#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include "store/setting_store.h"
#include "store_fixture.h"
#include <cmocka.h>

static void a_setting_is_kept_and_replaced(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  char value[32];

  assert_true(setting_store_set(db, "poll_interval_s", "10", &err));
  assert_true(setting_store_set(db, "poll_interval_s", "30", &err));
  assert_true(setting_store_set(db, "other", "", &err));

  assert_true(setting_store_get(db, "poll_interval_s", value, sizeof value, &err));
  assert_string_equal(value, "30");
  assert_true(setting_store_get(db, "other", value, sizeof value, &err));
  assert_string_equal(value, "");
}

static void a_setting_never_set_is_not_found(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  char value[32] = "untouched";

  assert_false(setting_store_get(db, "a", value, sizeof value, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_string_equal(value, "untouched");
}

static void a_change_says_whether_there_was_one(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  char value[8];
  bool first = false, again = true, other = false;

  assert_true(setting_store_change(db, "a", "1", &first, &err));
  assert_true(setting_store_change(db, "a", "1", &again, &err));
  assert_true(setting_store_change(db, "a", "2", &other, &err));

  assert_true(first);
  assert_false(again);
  assert_true(other);
  assert_true(setting_store_get(db, "a", value, sizeof value, &err));
  assert_string_equal(value, "2");
}

static void a_setting_that_does_not_fit_is_not_cut(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  char fits[5];
  char small[4] = "old";
  assert_true(setting_store_set(db, "a", "1234", &err));

  assert_true(setting_store_get(db, "a", fits, sizeof fits, &err));
  assert_false(setting_store_get(db, "a", small, sizeof small, &err));

  assert_string_equal(fits, "1234");
  assert_int_equal(err.code, ERR_TOO_LARGE);
  assert_string_equal(small, "old");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_setting_is_kept_and_replaced),
      cmocka_unit_test(a_setting_never_set_is_not_found),
      cmocka_unit_test(a_change_says_whether_there_was_one),
      cmocka_unit_test(a_setting_that_does_not_fit_is_not_cut),
  };
  return store_fixture_run("setting_store", tests, sizeof tests / sizeof tests[0]);
}
