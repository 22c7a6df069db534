#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "model/alert.h"
#include "model/rollup.h"
#include "store/alerts/episode_store.h"
#include "store/records/record_store.h"
#include "store_fixture.h"

#define DAY(n) ((n)*ROLLUP_DAY_MS)
enum { HOURS_MS = 3600000 };

/* A day of one miner; figures in the units of the table. */
struct day {
  int64_t miner_id, at_ms, online_h;
  int64_t hashrate, power, best, session; /* x 100, x 1000; below 0: NULL */
};

static struct db_value known(int64_t value) {
  return value < 0 ? db_null() : db_int(value);
}

static void add_day(struct db *db, const struct day *day) {
  struct err err;
  const struct db_value params[] = {
      db_int(day->miner_id), db_int(day->at_ms),   db_int(day->online_h * HOURS_MS),
      known(day->best),      known(day->hashrate), known(day->power),
      known(day->session)};
  if (!db_exec(db,
               "INSERT INTO day (miner_id, at_ms, samples, missed, online_ms, hashing_ms, "
               "shares_accepted, shares_rejected, energy_mwh, best_diff, hashrate_ghs_avg, "
               "power_w_avg, best_session_diff_max) "
               "VALUES ($1, $2, 100, 0, $3, $3, 10, 1, 2000, $4, $5, $6, $7)",
               params, 7, NULL, &err))
    fail_msg("%s", err.text);
}

static struct record_book book_of(struct db *db, int64_t miner_id) {
  struct record_book book;
  struct err err;
  if (!record_store_book(db, miner_id, &book, &err))
    fail_msg("%s", err.text);
  return book;
}

static void an_empty_book_has_no_records_and_sums_of_nothing(void **state) {
  struct record_book book = book_of(store_fixture_db(state), RECORD_ALL_MINERS);

  assert_int_equal(book.days, 0);
  assert_true(isnan(book.best_diff.value) && isnan(book.hashrate.value));
  assert_true(isnan(book.lowest_efficiency.value) && isnan(book.best_session_diff));
  assert_true(book.energy_wh == 0 && book.hashes == 0);
}

static void records_tell_their_day_and_the_earliest_of_equals_counts(void **state) {
  struct db *db = store_fixture_db(state);
  add_day(db, &(struct day){7, DAY(1), 24, 100000, 18000, 5000, 4000});
  add_day(db, &(struct day){7, DAY(2), 24, 110000, 17600, 9000, 9000});
  add_day(db, &(struct day){7, DAY(3), 24, 105000, 18900, 9000, 100});

  struct record_book book = book_of(db, 7);

  assert_int_equal(book.first_ms, DAY(1));
  assert_int_equal(book.days, 3);
  assert_true(book.best_diff.value == 9000);
  assert_int_equal(book.best_diff.at_ms, DAY(2));
  assert_int_equal(book.best_diff.miner_id, 7);
  assert_float_equal(book.hashrate.value, 1100, 1e-6);
  assert_int_equal(book.hashrate.at_ms, DAY(2));
  assert_float_equal(book.lowest_efficiency.value, 16, 1e-6); /* 17.6 W / 1.1 TH/s */
  assert_int_equal(book.shares_accepted, 30);
  assert_float_equal(book.energy_wh, 6, 1e-6);
  assert_true(book.best_session_diff == 9000);
  assert_true(fabs(book.hashes / ((1000e9 + 1100e9 + 1050e9) * 86400) - 1) < 1e-9);
}

static void a_short_day_sets_no_record_of_averages(void **state) {
  struct db *db = store_fixture_db(state);
  add_day(db, &(struct day){7, DAY(1), 24, 100000, 18000, -1, -1});
  add_day(db, &(struct day){7, DAY(2), 1, 190000, 1000, -1, -1});

  struct record_book book = book_of(db, 7);

  assert_int_equal(book.hashrate.at_ms, DAY(1));
  assert_int_equal(book.lowest_efficiency.at_ms, DAY(1));
  assert_true(isnan(book.best_diff.value));
}

static void all_miners_together_add_up_and_the_best_has_a_name(void **state) {
  struct db *db = store_fixture_db(state);
  add_day(db, &(struct day){7, DAY(1), 24, 100000, 20000, 500, -1});
  add_day(db, &(struct day){8, DAY(1), 12, 100000, 10000, 800, -1}); /* half of the day */
  add_day(db, &(struct day){8, DAY(2), 24, 120000, 18000, 700, -1});

  struct record_book book = book_of(db, RECORD_ALL_MINERS);

  assert_int_equal(book.days, 2);
  assert_float_equal(book.hashrate.value, 1500, 1e-6);
  assert_int_equal(book.hashrate.at_ms, DAY(1));
  assert_int_equal(book.best_diff.miner_id, 8);
  assert_float_equal(book.lowest_efficiency.value, 15, 1e-6);
}

static void note_best(struct db *db, int64_t id, double value) {
  struct err err;
  const struct episode episode = {.id = id,
                                  .miner_id = 7,
                                  .rule = ALERT_NEW_BEST,
                                  .since_ms = id,
                                  .raised_ms = id,
                                  .cleared_ms = id,
                                  .end = EPISODE_MOMENT,
                                  .worst = NAN,
                                  .value = value,
                                  .limit = NAN};
  if (!episode_store_save(db, &episode, &err))
    fail_msg("%s", err.text);
}

static int64_t moment_of(struct db *db, int64_t miner_id, double value) {
  struct err err;
  int64_t at_ms = -1;
  assert_true(record_store_best_moment(db, miner_id, value, &at_ms, &err));
  return at_ms;
}

static void the_moment_of_a_record_is_that_of_its_news(void **state) {
  struct db *db = store_fixture_db(state);
  note_best(db, 1000, 5e6);
  note_best(db, 2000, 4.29e9);

  assert_int_equal(moment_of(db, 7, 4.291e9), 2000); /* told in three digits */
  assert_int_equal(moment_of(db, 7, 4e6), 1000);
  assert_int_equal(moment_of(db, 7, 5e9), 0);
  assert_int_equal(moment_of(db, 8, 5e6), 0);
}

struct bests {
  int64_t miners[4];
  double values[4];
  size_t count;
};

static void collect(int64_t miner_id, double best, void *arg) {
  struct bests *bests = arg;
  assert_true(bests->count < 4);
  bests->miners[bests->count] = miner_id;
  bests->values[bests->count++] = best;
}

static void the_best_of_each_miner_outlives_the_devices_memory(void **state) {
  struct db *db = store_fixture_db(state);
  add_day(db, &(struct day){7, DAY(1), 24, 1, 1, 5000, -1});
  add_day(db, &(struct day){7, DAY(2), 24, 1, 1, 20, -1}); /* after a reset */
  add_day(db, &(struct day){8, DAY(2), 24, 1, 1, -1, -1});
  add_day(db, &(struct day){9, DAY(2), 24, 1, 1, 6, -1});
  struct bests bests = {.count = 0};
  struct err err;

  assert_true(record_store_each_best(db, collect, &bests, &err));

  assert_int_equal(bests.count, 2);
  assert_true(bests.miners[0] == 7 && bests.values[0] == 5000);
  assert_true(bests.miners[1] == 9 && bests.values[1] == 6);
}

int main(void) {
  const struct CMUnitTest claims[] = {
      cmocka_unit_test(an_empty_book_has_no_records_and_sums_of_nothing),
      cmocka_unit_test(records_tell_their_day_and_the_earliest_of_equals_counts),
      cmocka_unit_test(a_short_day_sets_no_record_of_averages),
      cmocka_unit_test(all_miners_together_add_up_and_the_best_has_a_name),
      cmocka_unit_test(the_moment_of_a_record_is_that_of_its_news),
      cmocka_unit_test(the_best_of_each_miner_outlives_the_devices_memory),
  };
  return store_fixture_run("record_store", claims, sizeof claims / sizeof claims[0]);
}
