#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store/alerts/mute_store.h"
#include "store_fixture.h"

struct mutes {
  struct mute rows[4];
  size_t count;
};

static void collect(const struct mute *mute, void *arg) {
  struct mutes *mutes = arg;
  assert_true(mutes->count < 4);
  mutes->rows[mutes->count++] = *mute;
}

static struct mutes all(struct db *db) {
  struct err err;
  struct mutes mutes = {.count = 0};
  assert_true(mute_store_each(db, collect, &mutes, &err));
  return mutes;
}

static void a_mute_comes_back_and_can_be_lengthened(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct mute mute = {.id = INT64_C(1800000000000001),
                      .miner_id = 4,
                      .rule = MUTE_ALL_RULES,
                      .created_ms = 1,
                      .until_ms = 100,
                      .author = "Ann"};

  assert_true(mute_store_save(db, &mute, &err));
  mute.until_ms = 200;
  assert_true(mute_store_save(db, &mute, &err));

  struct mutes got = all(db);
  assert_int_equal(got.count, 1);
  assert_int_equal(got.rows[0].id, INT64_C(1800000000000001));
  assert_int_equal(got.rows[0].miner_id, 4);
  assert_int_equal(got.rows[0].rule, MUTE_ALL_RULES);
  assert_int_equal(got.rows[0].created_ms, 1);
  assert_int_equal(got.rows[0].until_ms, 200);
  assert_string_equal(got.rows[0].author, "Ann");
}

static void a_mute_that_was_lifted_is_gone(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  assert_true(mute_store_save(db, &(struct mute){.id = 1, .until_ms = 1}, &err));
  assert_true(mute_store_save(db, &(struct mute){.id = 2, .rule = 1, .until_ms = 1}, &err));

  assert_true(mute_store_remove(db, 1, &err));
  assert_true(mute_store_remove(db, 1, &err));

  struct mutes got = all(db);
  assert_int_equal(got.count, 1);
  assert_int_equal(got.rows[0].rule, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_mute_comes_back_and_can_be_lengthened),
      cmocka_unit_test(a_mute_that_was_lifted_is_gone),
  };
  return store_fixture_run("mute_store", tests, sizeof tests / sizeof tests[0]);
}
