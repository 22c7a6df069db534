#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunk_codec.h"
#include "store/inspect.h"
#include "store/retention.h"
#include "store/sample_store.h"
#include "store/server/partition.h"
#include "store/usage.h"
#include "store_fixture.h"
#include "store_samples.h"

enum { SAMPLES = 5000, INTERVAL_MS = 10000 };

static const int64_t START_MS = SAMPLES_START_MS;

static void fill(struct db *db, int count) {
  struct err err;
  struct rand rand;
  struct sample_row *rows = calloc((size_t)count, sizeof *rows);
  rand_init(&rand, 1);
  for (int i = 0; i < count; i++) {
    rows[i].miner_id = 1 + i % 2;
    make_realistic_sample(&rand, &rows[i].sample, i);
    rows[i].sample.at_ms = START_MS + (int64_t)i * INTERVAL_MS;
  }
  assert_true(sample_store_insert(db, rows, (size_t)count, &err));
  free(rows);
}

/* Steps until nothing old is left; how many it took, the last one included. */
static int remove_before(struct db *db, int64_t before_ms) {
  struct err err;
  int64_t removed = 1;
  int steps = 0;
  for (; removed > 0; steps++)
    if (!retention_step(db, before_ms, &removed, &err))
      fail_msg("%s", err.text);
  return steps;
}

static void what_is_old_goes_in_steps_and_the_rest_stays(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct usage usage;
  fill(db, SAMPLES);

  int steps = remove_before(db, START_MS + INT64_C(4500) * INTERVAL_MS);
  assert_true(usage_read(db, &usage, &err));

  assert_int_equal(steps, 4); /* 2000, 2000, 500, and none */
  assert_int_equal(usage.samples, 500);
  assert_int_equal(usage.first_ms, START_MS + INT64_C(4500) * INTERVAL_MS);
  assert_int_equal(usage.last_ms, START_MS + INT64_C(4999) * INTERVAL_MS);
}

/* A chunk of `count` samples from `from_ms` on. */
static void add_chunk(struct db *db, int64_t from_ms, int count) {
  struct err err;
  struct rand rand;
  struct buf blob;
  struct sample *samples = calloc((size_t)count, sizeof *samples);
  rand_init(&rand, 3);
  buf_init(&blob);
  for (int i = 0; i < count; i++) {
    make_realistic_sample(&rand, &samples[i], i);
    samples[i].at_ms = from_ms + (int64_t)i * INTERVAL_MS;
  }
  chunk_codec_encode(samples, (size_t)count, &blob);
  const struct db_value params[] = {db_int(from_ms), db_int(samples[count - 1].at_ms),
                                    db_int(count), db_blob(blob.data, blob.length)};
  if (!partition_make(db, "chunk", from_ms, &err) ||
      !db_exec(db,
               "INSERT INTO chunk (miner_id, from_ms, to_ms, samples, data) "
               "VALUES (1, $1, $2, $3, $4)",
               params, 4, NULL, &err))
    fail_msg("%s", err.text);
  buf_finish(&blob);
  free(samples);
}

static void a_chunk_goes_once_its_last_sample_is_old(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct usage usage;
  add_chunk(db, START_MS, 10);
  add_chunk(db, START_MS + 10 * INTERVAL_MS, 10);
  add_chunk(db, START_MS + 20 * INTERVAL_MS, 10);

  remove_before(db, START_MS + 15 * INTERVAL_MS);
  assert_true(usage_read(db, &usage, &err));

  assert_int_equal(usage.samples, 20);
  assert_int_equal(usage.first_ms, START_MS + 10 * INTERVAL_MS);
}

/* SQLite gives the number behind the highest, and numbers tell what is sealed. */
static void numbers_are_never_given_again(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct db_cursor *cursor;
  fill(db, 100);

  remove_before(db, INT64_MAX);
  fill(db, 1);

  assert_true(db_query(db, "SELECT MAX(seq) FROM sample", NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  assert_int_equal(db_cursor_int(cursor, 0), 101);
  db_cursor_close(cursor);
}

static void rows_that_are_sealed_count_as_their_chunk_only(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct usage usage;
  fill(db, 30); /* of miners 1 and 2 in turn */
  add_chunk(db, START_MS, 10);
  assert_true(db_exec(db, "INSERT INTO seal (slot, through_seq, sealed_ms) VALUES (1, 20, 0)", NULL,
                      0, NULL, &err));

  assert_true(usage_read(db, &usage, &err));

  assert_int_equal(usage.samples, 30);
}

static void a_damaged_chunk_is_found_and_told(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct inspect whole, damaged;
  const struct db_value blob[] = {db_blob("not a chunk", 11)};
  add_chunk(db, START_MS, 10);
  add_chunk(db, START_MS + 10 * INTERVAL_MS, 10);

  assert_true(inspect_database(db, &whole, &err));
  assert_true(db_exec(db, "UPDATE chunk SET data = $1 WHERE id = 2", blob, 1, NULL, &err));
  assert_true(inspect_database(db, &damaged, &err));

  assert_int_equal(whole.chunks, 2);
  assert_int_equal(whole.samples, 20);
  assert_int_equal(whole.damaged, 0);
  assert_int_equal(damaged.damaged, 1);
  assert_non_null(strstr(damaged.damage, "chunk 2 of miner 1"));
}

static void nothing_old_means_nothing_removed(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int64_t removed = -1;
  fill(db, 10);

  assert_true(retention_step(db, START_MS, &removed, &err));

  assert_int_equal(removed, 0);
}

static void an_old_sample_between_young_ones_goes_alone(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int64_t removed = 0;
  struct sample_row row = {.miner_id = 1};
  struct rand rand;
  rand_init(&rand, 2);
  make_realistic_sample(&rand, &row.sample, 0);
  row.sample.at_ms = START_MS - 1;
  fill(db, 5);
  assert_true(sample_store_insert(db, &row, 1, &err));
  fill(db, 5);

  assert_true(retention_step(db, START_MS, &removed, &err));

  assert_int_equal(removed, 1);
}

static void until_when_samples_went_is_known_whatever_is_kept_later(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int64_t none, longest, now;
  fill(db, 100);

  assert_true(retention_let_go_ms(db, &none, &err));
  remove_before(db, START_MS + 50 * INTERVAL_MS);
  assert_true(retention_let_go_ms(db, &longest, &err));
  remove_before(db, START_MS + 20 * INTERVAL_MS); /* more is to be kept from now on */
  assert_true(retention_let_go_ms(db, &now, &err));

  assert_int_equal(none, 0);
  assert_int_equal(longest, START_MS + 50 * INTERVAL_MS);
  assert_int_equal(now, longest);
}

static void the_weight_of_a_sample_is_told_once_there_are_enough(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct usage few, many;
  fill(db, 10);
  assert_true(usage_read(db, &few, &err));
  fill(db, SAMPLES);
  assert_true(usage_read(db, &many, &err));

  double year = usage_bytes_per_miner_year(&many, INTERVAL_MS);

  assert_true(isnan(usage_bytes_per_sample(&few)));
  assert_true(isnan(usage_bytes_per_miner_year(&few, INTERVAL_MS)));
  assert_true(many.bytes > few.bytes);
  assert_int_equal(many.samples, SAMPLES + 10);
  assert_true(fabs(year / (usage_bytes_per_sample(&many) * 3155760) - 1) < 1e-9);
}

int main(void) {
  const struct CMUnitTest claims[] = {
      cmocka_unit_test(what_is_old_goes_in_steps_and_the_rest_stays),
      cmocka_unit_test(a_chunk_goes_once_its_last_sample_is_old),
      cmocka_unit_test(numbers_are_never_given_again),
      cmocka_unit_test(rows_that_are_sealed_count_as_their_chunk_only),
      cmocka_unit_test(a_damaged_chunk_is_found_and_told),
      cmocka_unit_test(nothing_old_means_nothing_removed),
      cmocka_unit_test(an_old_sample_between_young_ones_goes_alone),
      cmocka_unit_test(until_when_samples_went_is_known_whatever_is_kept_later),
      cmocka_unit_test(the_weight_of_a_sample_is_told_once_there_are_enough),
  };
  return store_fixture_run("retention", claims, sizeof claims / sizeof claims[0]);
}
