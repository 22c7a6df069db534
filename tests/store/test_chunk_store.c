#include <stdlib.h>

#include "base/rand.h"
#include "store/chunk_store.h"
#include "store_fixture.h"
#include "store_samples.h"

enum { SAMPLES = 720, MINER = 7 };

struct found {
  struct sample samples[4096];
  size_t count, stop_at;
  int damaged;
  char why[ERR_TEXT_MAX];
};

static bool take(const struct sample *sample, void *arg) {
  struct found *found = arg;
  found->samples[found->count++] = *sample;
  return found->count != found->stop_at;
}

static void note_damage(const struct chunk_info *chunk, const char *why, void *arg) {
  struct found *found = arg;
  assert_int_equal(chunk->miner_id, MINER);
  assert_true(why[0] != '\0');
  found->damaged++;
}

static struct found *read_range(struct db *db, int64_t from_ms, int64_t to_ms, size_t stop_at) {
  struct err err;
  struct found *found = calloc(1, sizeof *found);
  const struct chunk_visitor visitor = {.sample = take, .damaged = note_damage, .arg = found};
  found->stop_at = stop_at;
  if (!chunk_store_each(db, MINER, from_ms, to_ms, &visitor, &err))
    fail_msg("%s", err.text);
  return found;
}

static void insert(struct db *db, const struct sample *samples, size_t count) {
  struct err err;
  assert_true(db_begin(db, &err));
  if (!chunk_store_insert(db, MINER, samples, count, &err) || !db_commit(db, &err))
    fail_msg("%s", err.text);
}

static struct sample *make_samples(size_t count) {
  struct rand rand;
  struct sample *samples = calloc(count, sizeof *samples);
  rand_init(&rand, 4);
  for (size_t i = 0; i < count; i++)
    make_realistic_sample(&rand, &samples[i], (int)i);
  return samples;
}

static int64_t count_chunks(struct db *db) {
  struct err err;
  struct db_cursor *cursor;
  assert_true(db_query(db, "SELECT COUNT(*) FROM chunk", NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t count = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return count;
}

static void range_reads_what_lies_in_it(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample *samples = make_samples(2 * SAMPLES);
  insert(db, samples, SAMPLES);
  insert(db, samples + SAMPLES, SAMPLES);

  struct found *found = read_range(db, samples[700].at_ms, samples[900].at_ms, 0);

  assert_int_equal(found->count, 200);
  for (size_t i = 0; i < found->count; i++)
    expect_same_sample(&found->samples[i], &samples[700 + i]);
  free(found);
  free(samples);
}

static void overlapping_chunks_read_in_the_order_of_time(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample *samples = make_samples(SAMPLES);
  struct sample even[SAMPLES / 2], odd[SAMPLES / 2];
  for (size_t i = 0; i < SAMPLES / 2; i++) {
    even[i] = samples[2 * i];
    odd[i] = samples[2 * i + 1];
  }
  insert(db, odd, SAMPLES / 2);
  insert(db, even, SAMPLES / 2);

  struct found *found = read_range(db, INT64_MIN, INT64_MAX, 0);

  assert_int_equal(found->count, SAMPLES);
  for (size_t i = 0; i < SAMPLES; i++)
    expect_same_sample(&found->samples[i], &samples[i]);
  free(found);
  free(samples);
}

static void walk_stops_when_the_visitor_has_enough(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample *samples = make_samples(SAMPLES);
  insert(db, samples, SAMPLES);

  struct found *found = read_range(db, INT64_MIN, INT64_MAX, 5);

  assert_int_equal(found->count, 5);
  free(found);
  free(samples);
}

static void samples_far_apart_become_chunks_that_a_range_finds(void **state) {
  struct db *db = store_fixture_db(state);
  struct sample *samples = make_samples(10);
  for (size_t i = 5; i < 10; i++)
    samples[i].at_ms += 40 * CHUNK_SPAN_MAX_MS;
  insert(db, samples, 10);

  struct found *found = read_range(db, samples[5].at_ms, samples[9].at_ms + 1, 0);

  assert_int_equal(count_chunks(db), 2);
  assert_int_equal(found->count, 5);
  free(found);
  free(samples);
}

static void damaged_chunk_is_reported_and_the_rest_reads(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct sample *samples = make_samples(3 * SAMPLES);
  for (int i = 0; i < 3; i++)
    insert(db, samples + (ptrdiff_t)i * SAMPLES, SAMPLES);
  const struct db_value params[] = {db_int(samples[SAMPLES].at_ms), db_blob("BMC\1rubbish", 11)};
  assert_true(db_exec(db, "UPDATE chunk SET data = $2 WHERE from_ms = $1", params, 2, NULL, &err));

  struct found *found = read_range(db, INT64_MIN, INT64_MAX, 0);

  assert_int_equal(found->damaged, 1);
  assert_int_equal(found->count, 2 * SAMPLES);
  expect_same_sample(&found->samples[SAMPLES], &samples[2 * SAMPLES]);
  free(found);
  free(samples);
}

static void last_samples_come_newest_first_across_chunks(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct sample *samples = make_samples(2 * SAMPLES);
  insert(db, samples, SAMPLES);
  insert(db, samples + SAMPLES, SAMPLES);
  struct found *found = calloc(1, sizeof *found);
  const struct chunk_visitor visitor = {.sample = take, .damaged = note_damage, .arg = found};

  assert_true(chunk_store_last(db, MINER, 1000, &visitor, &err));

  assert_int_equal(found->count, 1000);
  for (size_t i = 0; i < 1000; i++)
    expect_same_sample(&found->samples[i], &samples[2 * SAMPLES - 1 - i]);
  found->count = 0;
  assert_true(chunk_store_last(db, MINER + 1, 10, &visitor, &err));
  assert_int_equal(found->count, 0);
  free(found);
  free(samples);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(range_reads_what_lies_in_it),
      cmocka_unit_test(overlapping_chunks_read_in_the_order_of_time),
      cmocka_unit_test(walk_stops_when_the_visitor_has_enough),
      cmocka_unit_test(samples_far_apart_become_chunks_that_a_range_finds),
      cmocka_unit_test(damaged_chunk_is_reported_and_the_rest_reads),
      cmocka_unit_test(last_samples_come_newest_first_across_chunks),
  };
  return store_fixture_run("chunk_store", tests, sizeof tests / sizeof tests[0]);
}
