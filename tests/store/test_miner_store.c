#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "store/miner_store.h"
#include "store_fixture.h"

struct list {
  struct miner miners[8];
  size_t count;
};

static void collect(const struct miner *miner, void *arg) {
  struct list *list = arg;
  assert_true(list->count < 8);
  list->miners[list->count++] = *miner;
}

static struct list all_miners(struct db *db) {
  struct err err;
  struct list list = {.count = 0};
  assert_true(miner_store_each(db, collect, &list, &err));
  return list;
}

static struct miner make_miner(const char *name, const char *address, const char *mac) {
  struct miner miner = {.created_ms = 1800000000000, .demo = true};
  str_copy(miner.name, sizeof miner.name, name);
  str_copy(miner.address, sizeof miner.address, address);
  str_copy(miner.mac, sizeof miner.mac, mac);
  str_copy(miner.driver, sizeof miner.driver, "axeos");
  struct miner_facts *facts = &miner.facts;
  str_copy(facts->model, sizeof facts->model, "Bitaxe Gamma 601");
  str_copy(facts->asic_model, sizeof facts->asic_model, "BM1370");
  str_copy(facts->mac, sizeof facts->mac, mac);
  str_copy(facts->firmware, sizeof facts->firmware, "v2.12.2");
  str_copy(facts->board, sizeof facts->board, "601");
  str_copy(facts->hostname, sizeof facts->hostname, "bitaxe");
  str_copy(facts->reset_reason, sizeof facts->reset_reason, "power on");
  str_copy(facts->pool_host, sizeof facts->pool_host, "pool.example");
  str_copy(facts->fault, sizeof facts->fault, "none");
  facts->asic_count = 1;
  facts->small_core_count = 2040;
  facts->pool_port = 3333;
  facts->limits = (struct miner_limits){65, 75, 85, 105, 4800, NAN, 25.5};
  return miner;
}

static bool insert(struct db *db, struct miner *miner, struct err *err) {
  *err = (struct err){0};
  return miner_store_insert(db, miner, err);
}

static void expect_same(const struct miner *got, const struct miner *sent) {
  const struct miner_facts *a = &got->facts;
  const struct miner_facts *b = &sent->facts;
  assert_int_equal(got->id, sent->id);
  assert_string_equal(got->name, sent->name);
  assert_string_equal(got->address, sent->address);
  assert_string_equal(got->driver, sent->driver);
  assert_string_equal(got->mac, sent->mac);
  assert_int_equal(got->demo, sent->demo);
  assert_int_equal(got->created_ms, sent->created_ms);
  assert_string_equal(a->model, b->model);
  assert_string_equal(a->asic_model, b->asic_model);
  assert_int_equal(a->asic_count, b->asic_count);
  assert_int_equal(a->small_core_count, b->small_core_count);
  assert_string_equal(a->mac, b->mac);
  assert_string_equal(a->firmware, b->firmware);
  assert_string_equal(a->board, b->board);
  assert_string_equal(a->hostname, b->hostname);
  assert_string_equal(a->reset_reason, b->reset_reason);
  assert_string_equal(a->pool_host, b->pool_host);
  assert_int_equal(a->pool_port, b->pool_port);
  assert_string_equal(a->fault, b->fault);
  assert_true(a->limits.chip_warn_c == b->limits.chip_warn_c);
  assert_true(a->limits.chip_trip_c == b->limits.chip_trip_c);
  assert_true(a->limits.vr_warn_c == b->limits.vr_warn_c);
  assert_true(a->limits.vr_trip_c == b->limits.vr_trip_c);
  assert_true(a->limits.input_min_mv == b->limits.input_min_mv);
  assert_true(isnan(a->limits.input_max_mv) && isnan(b->limits.input_max_mv));
  assert_true(a->limits.power_max_w == b->limits.power_max_w);
}

static void all_that_is_known_of_a_miner_comes_back(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner miner = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");

  assert_true(insert(db, &miner, &err));

  struct list list = all_miners(db);
  assert_int_equal(list.count, 1);
  assert_int_equal(miner.id, 1);
  expect_same(&list.miners[0], &miner);
}

static void a_mac_is_watched_only_once(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner first = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  struct miner again = make_miner("Attic", "http://10.0.0.6", "aa:bb:cc:dd:ee:01");
  assert_true(insert(db, &first, &err));

  assert_false(insert(db, &again, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "Garage"));
  assert_int_equal(all_miners(db).count, 1);
}

static void an_address_is_watched_only_once_while_a_mac_is_unknown(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner unseen = make_miner("Garage", "http://10.0.0.5", "");
  struct miner also_unseen = make_miner("Attic", "http://10.0.0.5", "");
  struct miner seen = make_miner("Cellar", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  assert_true(insert(db, &unseen, &err));

  assert_false(insert(db, &also_unseen, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_false(insert(db, &seen, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
}

/* One miner's old DHCP lease is another's new one. */
static void two_known_macs_may_share_an_address(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner first = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  struct miner second = make_miner("Attic", "http://10.0.0.5", "aa:bb:cc:dd:ee:02");

  assert_true(insert(db, &first, &err));
  assert_true(insert(db, &second, &err));

  assert_int_equal(all_miners(db).count, 2);
}

static void a_conflict_does_not_break_the_transaction(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner first = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  struct miner second = make_miner("Attic", "http://10.0.0.6", "aa:bb:cc:dd:ee:02");
  assert_true(insert(db, &first, &err) && insert(db, &second, &err));

  assert_true(db_begin(db, &err));
  str_copy(second.mac, sizeof second.mac, first.mac);
  assert_false(miner_store_update_facts(db, &second, &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_true(miner_store_rename(db, first.id, "Shed", &err));
  assert_true(db_commit(db, &err));

  assert_string_equal(all_miners(db).miners[0].name, "Shed");
}

static void what_the_device_tells_does_not_undo_what_the_owner_changed(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner miner = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  assert_true(insert(db, &miner, &err));

  assert_true(miner_store_rename(db, miner.id, "Shed", &err));
  assert_true(miner_store_move(db, miner.id, "http://10.0.0.9", &err));
  assert_true(miner_store_update_facts(db, &miner, &err)); /* a copy from before */

  struct list list = all_miners(db);
  assert_string_equal(list.miners[0].name, "Shed");
  assert_string_equal(list.miners[0].address, "http://10.0.0.9");
}

static void an_update_keeps_what_changed(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner miner = make_miner("Garage", "http://10.0.0.5", "");
  assert_true(insert(db, &miner, &err));

  str_copy(miner.mac, sizeof miner.mac, "aa:bb:cc:dd:ee:01");
  str_copy(miner.facts.firmware, sizeof miner.facts.firmware, "v2.13.0");
  assert_true(miner_store_update_facts(db, &miner, &err));

  struct list list = all_miners(db);
  assert_int_equal(list.count, 1);
  expect_same(&list.miners[0], &miner);
}

static void a_removed_miner_is_gone_but_comes_back_under_its_number(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner miner = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  struct miner other = make_miner("Attic", "http://10.0.0.6", "aa:bb:cc:dd:ee:02");
  struct miner again = make_miner("Garage again", "http://10.0.0.7", "aa:bb:cc:dd:ee:01");
  again.created_ms = 1900000000000;
  assert_true(insert(db, &miner, &err) && insert(db, &other, &err));

  assert_true(miner_store_remove(db, miner.id, 1850000000000, &err));
  size_t left = all_miners(db).count;
  assert_true(insert(db, &again, &err));

  struct list list = all_miners(db);
  assert_int_equal(left, 1);
  assert_int_equal(list.count, 2);
  assert_int_equal(again.id, miner.id);
  assert_int_equal(again.created_ms, miner.created_ms);
  expect_same(&list.miners[0], &again);
}

static void a_mac_and_an_address_of_a_removed_miner_are_free(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner removed = make_miner("Garage", "http://10.0.0.5", "aa:bb:cc:dd:ee:01");
  struct miner unseen = make_miner("Attic", "http://10.0.0.5", "");
  assert_true(insert(db, &removed, &err));
  assert_true(miner_store_remove(db, removed.id, 1, &err));

  assert_true(insert(db, &unseen, &err));
  str_copy(unseen.mac, sizeof unseen.mac, removed.mac);
  assert_true(miner_store_update_facts(db, &unseen, &err));

  assert_int_not_equal(unseen.id, removed.id);
  assert_int_equal(all_miners(db).count, 1);
}

static void what_is_not_there_cannot_be_changed_or_removed(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct miner miner = make_miner("Garage", "http://10.0.0.5", "");
  assert_true(insert(db, &miner, &err));
  assert_true(miner_store_remove(db, miner.id, 1, &err));

  assert_false(miner_store_update_facts(db, &miner, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(miner_store_rename(db, miner.id, "Shed", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(miner_store_move(db, miner.id, "http://10.0.0.9", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(miner_store_remove(db, miner.id, 2, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_that_is_known_of_a_miner_comes_back),
      cmocka_unit_test(a_mac_is_watched_only_once),
      cmocka_unit_test(an_address_is_watched_only_once_while_a_mac_is_unknown),
      cmocka_unit_test(two_known_macs_may_share_an_address),
      cmocka_unit_test(a_conflict_does_not_break_the_transaction),
      cmocka_unit_test(what_the_device_tells_does_not_undo_what_the_owner_changed),
      cmocka_unit_test(an_update_keeps_what_changed),
      cmocka_unit_test(a_removed_miner_is_gone_but_comes_back_under_its_number),
      cmocka_unit_test(a_mac_and_an_address_of_a_removed_miner_are_free),
      cmocka_unit_test(what_is_not_there_cannot_be_changed_or_removed),
  };
  return store_fixture_run("miner_store", tests, sizeof tests / sizeof tests[0]);
}
