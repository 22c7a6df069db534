#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rand.h"
#include "store/sample_store.h"
#include "store_fixture.h"
#include "store_samples.h"

enum { MANY = 3000, TWO_HOURS_MS = 7200000 };

struct found {
  struct sample_row rows[MANY];
  size_t count;
  size_t stop_after; /* 0: never */
};

static bool collect(const struct sample_row *row, void *arg) {
  struct found *found = arg;
  assert_true(found->count < MANY);
  found->rows[found->count++] = *row;
  return found->count != found->stop_after;
}

static void insert(struct db *db, const struct sample_row *rows, size_t count) {
  struct err err;
  assert_true(db_begin(db, &err));
  if (!sample_store_insert(db, rows, count, &err))
    fail_msg("%s", err.text);
  assert_true(db_commit(db, &err));
}

/* `count` samples of miner 1 and miner 2 in turns, 10 s apart. */
static void insert_two_miners(struct db *db, int count) {
  struct rand rand;
  rand_init(&rand, 5);
  for (int i = 0; i < count; i++) {
    struct sample_row row = {.miner_id = 1 + i % 2};
    make_realistic_sample(&rand, &row.sample, i / 2);
    insert(db, &row, 1);
  }
}

static struct found *range(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms) {
  struct err err;
  struct found *found = calloc(1, sizeof *found);
  if (!sample_store_range(db, miner_id, from_ms, to_ms, collect, found, &err))
    fail_msg("%s", err.text);
  return found;
}

/* Given rows of two miners in one batch, with unknown values among them. */
static void a_batch_of_many_rows_is_kept_whole_and_in_its_order(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample_row rows[200];
  struct rand rand;
  rand_init(&rand, 9);
  for (int i = 0; i < 200; i++) {
    rows[i] = (struct sample_row){.miner_id = 1 + i % 2};
    make_realistic_sample(&rand, &rows[i].sample, i / 2);
    if (i % 3 == 0)
      rows[i].sample.values[METRIC_VR_TEMP_C] = METRIC_UNKNOWN;
  }

  insert(db, rows, 200);

  struct found *found = range(db, 2, 0, INT64_MAX);
  assert_int_equal(found->count, 100);
  for (int i = 0; i < 100; i++) {
    const struct sample *kept = &found->rows[i].sample, *given = &rows[2 * i + 1].sample;
    assert_int_equal(kept->at_ms, given->at_ms);
    assert_int_equal(isnan(kept->values[METRIC_VR_TEMP_C]), (2 * i + 1) % 3 == 0);
  }
  free(found);
}

static void any_sample_comes_back_at_its_stored_scale(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample_row *sent = calloc(500, sizeof *sent);
  struct rand rand;
  rand_init(&rand, 11);
  for (int i = 0; i < 500; i++) {
    sent[i].miner_id = 1 + i % 3;
    make_wild_sample(&rand, &sent[i].sample, i);
    sent[i].sample.at_ms = SAMPLES_START_MS + i;
  }

  insert(db, sent, 500);

  struct found *found = range(db, 0, INT64_MIN, INT64_MAX);
  assert_int_equal(found->count, 500);
  for (size_t i = 0; i < 500; i++) {
    assert_int_equal(found->rows[i].miner_id, sent[i].miner_id);
    expect_same_sample(&found->rows[i].sample, &sent[i].sample);
  }
  free(found);
  free(sent);
}

static void a_range_is_exact_at_both_ends(void **state) {
  struct db *db = store_fixture_db(state);
  insert_two_miners(db, 2000);

  struct found *found = range(db, 2, SAMPLES_START_MS + 5000000, SAMPLES_START_MS + 5100000);

  assert_int_equal(found->count, 10);
  for (size_t i = 0; i < found->count; i++) {
    assert_int_equal(found->rows[i].miner_id, 2);
    assert_int_equal(found->rows[i].sample.at_ms, SAMPLES_START_MS + 5000000 + (int64_t)i * 10000);
  }
  free(found);
}

static void an_empty_table_has_nothing(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int64_t count = 1, first_ms = 1, last_ms = 1;

  struct found *found = range(db, 0, INT64_MIN, INT64_MAX);
  assert_true(sample_store_last(db, 1, 1000, collect, found, &err));
  assert_true(sample_store_count(db, &count, &first_ms, &last_ms, &err));

  assert_int_equal(found->count, 0);
  assert_true(count == 0 && first_ms == 0 && last_ms == 0);
  free(found);
}

/* Times that wander by up to 50 minutes: what a bisection could lose. The same
 * rows filtered by hand say what must be found. */
static void rows_out_of_order_are_all_found(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample_row *sent = calloc(MANY, sizeof *sent);
  struct rand rand;
  rand_init(&rand, 23);
  for (int i = 0; i < MANY; i++) {
    sent[i].miner_id = 1;
    int64_t late_ms = (int64_t)rand_below(&rand, 50 * 60 * 1000);
    sample_init(&sent[i].sample, SAMPLES_START_MS + i * INT64_C(10000) - late_ms);
  }
  insert(db, sent, MANY);

  for (int round = 0; round < 50; round++) {
    int64_t from_ms = SAMPLES_START_MS + (int64_t)rand_below(&rand, MANY * UINT64_C(10000));
    int64_t to_ms = from_ms + (int64_t)rand_below(&rand, TWO_HOURS_MS);
    size_t expected = 0;
    for (int i = 0; i < MANY; i++)
      expected += sent[i].sample.at_ms >= from_ms && sent[i].sample.at_ms < to_ms;
    struct found *found = range(db, 1, from_ms, to_ms);
    assert_int_equal(found->count, expected);
    free(found);
  }
  free(sent);
}

static void gaps_in_the_row_numbers_do_not_hide_rows(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  insert_two_miners(db, 2000);
  assert_true(
      db_exec(db, "DELETE FROM sample WHERE seq BETWEEN 200 AND 1700", NULL, 0, NULL, &err));

  struct found *found = range(db, 0, SAMPLES_START_MS, SAMPLES_START_MS + 10000000);

  assert_int_equal(found->count, 2000 - 1501);
  free(found);
}

static void the_last_ones_come_newest_first_with_missed_polls(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  insert_two_miners(db, 20);
  struct sample_row missed = {.miner_id = 1};
  sample_init(&missed.sample, SAMPLES_START_MS + 100000);
  missed.sample.flags = SAMPLE_MISSED;
  missed.sample.reason = REASON_NO_ANSWER;
  insert(db, &missed, 1);
  struct found *found = calloc(1, sizeof *found);

  assert_true(sample_store_last(db, 1, 4, collect, found, &err));

  assert_int_equal(found->count, 4);
  expect_same_sample(&found->rows[0].sample, &missed.sample);
  for (int i = 1; i < 4; i++)
    assert_int_equal(found->rows[i].sample.at_ms, SAMPLES_START_MS + 100000 - i * 10000);
  free(found);
}

static void a_visitor_may_stop_a_walk(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  insert_two_miners(db, 20);
  struct found *found = calloc(1, sizeof *found);
  found->stop_after = 3;

  assert_true(sample_store_range(db, 0, INT64_MIN, INT64_MAX, collect, found, &err));
  size_t after_range = found->count;
  found->count = 0;
  assert_true(sample_store_last(db, 1, 10, collect, found, &err));

  assert_int_equal(after_range, 3);
  assert_int_equal(found->count, 3);
  free(found);
}

static void the_count_knows_how_many_and_from_when_to_when(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int64_t count = 0, first_ms = 0, last_ms = 0;
  insert_two_miners(db, 2000);

  assert_true(sample_store_count(db, &count, &first_ms, &last_ms, &err));

  assert_int_equal(count, 2000);
  assert_int_equal(first_ms, SAMPLES_START_MS);
  assert_int_equal(last_ms, SAMPLES_START_MS + 9990000);
}

/* The view's divisors are written by hand in SQL; this holds them to the table. */
static void the_readable_view_shows_the_values_themselves(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct sample_row row = {.miner_id = 1};
  sample_init(&row.sample, SAMPLES_START_MS);
  for (int m = 0; m < METRIC_COUNT; m++)
    row.sample.values[m] = metric_from_stored((enum metric)m, 1000 + m);
  row.sample.values[METRIC_FAN2_RPM] = METRIC_UNKNOWN;
  store_fixture_add_miner(db, "Garage");
  insert(db, &row, 1);

  for (int m = 0; m < METRIC_COUNT; m++) {
    char sql[128];
    struct db_cursor *cursor = NULL;
    snprintf(sql, sizeof sql, "SELECT %s FROM sample_readable WHERE miner = 'Garage'",
             metric_facts((enum metric)m)->name);
    assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
    assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
    double value = db_cursor_real(cursor, 0);
    db_cursor_close(cursor);
    if (m == METRIC_FAN2_RPM)
      assert_true(isnan(value));
    else
      assert_true(fabs(value - row.sample.values[m]) < 1e-9);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_of_many_rows_is_kept_whole_and_in_its_order),
      cmocka_unit_test(any_sample_comes_back_at_its_stored_scale),
      cmocka_unit_test(a_range_is_exact_at_both_ends),
      cmocka_unit_test(an_empty_table_has_nothing),
      cmocka_unit_test(rows_out_of_order_are_all_found),
      cmocka_unit_test(gaps_in_the_row_numbers_do_not_hide_rows),
      cmocka_unit_test(the_last_ones_come_newest_first_with_missed_polls),
      cmocka_unit_test(a_visitor_may_stop_a_walk),
      cmocka_unit_test(the_count_knows_how_many_and_from_when_to_when),
      cmocka_unit_test(the_readable_view_shows_the_values_themselves),
  };
  return store_fixture_run("sample_store", tests, sizeof tests / sizeof tests[0]);
}
