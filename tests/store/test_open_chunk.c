#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/rand.h"
#include "store/open_chunk.h"
#include "store_samples.h"

enum { MANY = 2000 };

struct row {
  struct sample samples[MANY];
  size_t count;
  size_t stop_after; /* 0: never */
};

static bool collect(const struct sample *sample, void *arg) {
  struct row *row = arg;
  assert_true(row->count < MANY);
  row->samples[row->count++] = *sample;
  return row->count != row->stop_after;
}

static void read_all(const struct open_chunk *chunk, struct row *row) {
  row->count = 0;
  open_chunk_each(chunk, INT64_MIN, INT64_MAX, collect, row);
}

/* Appends samples that `make` draws and expects the same back, at the stored scales. */
static void expect_round_trip(void (*make)(struct rand *rand, struct sample *sample, int n),
                              size_t count) {
  struct open_chunk *chunk = open_chunk_create();
  struct sample *sent = calloc(count, sizeof *sent);
  struct row *got = calloc(1, sizeof *got);
  struct rand rand;
  rand_init(&rand, 7);
  for (size_t i = 0; i < count; i++) {
    make(&rand, &sent[i], (int)i);
    open_chunk_append(chunk, &sent[i]);
  }

  read_all(chunk, got);

  assert_int_equal(got->count, count);
  assert_int_equal(open_chunk_count(chunk), count);
  for (size_t i = 0; i < count; i++)
    expect_same_sample(&got->samples[i], &sent[i]);
  free(got);
  free(sent);
  open_chunk_destroy(chunk);
}

static void a_miner_at_work_comes_back_exactly(void **state) {
  (void)state;
  expect_round_trip(make_realistic_sample, MANY);
}

static void anything_at_all_comes_back_exactly(void **state) {
  (void)state;
  expect_round_trip(make_wild_sample, MANY);
}

static void missed(struct rand *rand, struct sample *sample, int n) {
  (void)rand;
  sample_init(sample, 1000 + n * 10000);
  sample->reason = REASON_HOST_GONE;
  sample->flags = SAMPLE_MISSED;
}

static void samples_without_any_value_come_back_exactly(void **state) {
  (void)state;
  expect_round_trip(missed, 500);
}

static void comes_and_goes(struct rand *rand, struct sample *sample, int n) {
  if (n % 7 < 3)
    missed(rand, sample, n);
  else
    make_realistic_sample(rand, sample, n);
}

static void a_miner_that_comes_and_goes_comes_back_exactly(void **state) {
  (void)state;
  expect_round_trip(comes_and_goes, MANY);
}

/* The ends of what a metric may be, in turns: the largest differences there are. */
static void extreme(struct rand *rand, struct sample *sample, int n) {
  (void)rand;
  sample_init(sample, n % 2 ? INT64_MAX - 1 : INT64_MIN);
  sample->offset_ms = n % 2 ? INT32_MAX : INT32_MIN;
  sample->flags = n % 2 ? UINT32_MAX : 0;
  for (int m = 0; m < METRIC_COUNT; m++) {
    const struct metric_facts *facts = metric_facts((enum metric)m);
    sample->values[m] = n % 2 ? facts->maximum : facts->minimum;
  }
}

static void the_extremes_come_back_exactly(void **state) {
  (void)state;
  expect_round_trip(extreme, 300);
}

static void an_empty_chunk_is_small_and_has_nothing(void **state) {
  (void)state;
  struct open_chunk *chunk = open_chunk_create();
  struct row *row = calloc(1, sizeof *row);

  read_all(chunk, row);

  assert_int_equal(row->count, 0);
  assert_int_equal(open_chunk_count(chunk), 0);
  assert_true(open_chunk_complete_from(chunk) == INT64_MAX);
  assert_true(open_chunk_bytes(chunk) < 1024);
  free(row);
  open_chunk_destroy(chunk);
}

static struct open_chunk *realistic_chunk(int count) {
  struct open_chunk *chunk = open_chunk_create();
  struct rand rand;
  rand_init(&rand, 3);
  for (int i = 0; i < count; i++) {
    struct sample sample;
    make_realistic_sample(&rand, &sample, i);
    open_chunk_append(chunk, &sample);
  }
  return chunk;
}

static void two_hours_of_a_miner_take_at_most_20_bytes_a_sample(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(720);

  double each = (double)open_chunk_bytes(chunk) / 720;

  print_message("%.1f bytes a sample, all overhead included\n", each);
  assert_true(each <= 20);
  open_chunk_destroy(chunk);
}

static void a_range_takes_its_start_and_leaves_its_end(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(500);
  struct row *row = calloc(1, sizeof *row);

  open_chunk_each(chunk, SAMPLES_START_MS + 2000000, SAMPLES_START_MS + 3000000, collect, row);

  assert_int_equal(row->count, 100);
  assert_int_equal(row->samples[0].at_ms, SAMPLES_START_MS + 2000000);
  assert_int_equal(row->samples[99].at_ms, SAMPLES_START_MS + 2990000);
  free(row);
  open_chunk_destroy(chunk);
}

static void a_walk_stops_when_the_visitor_has_enough(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(500);
  struct row *row = calloc(1, sizeof *row);
  row->stop_after = 5;

  open_chunk_each(chunk, INT64_MIN, INT64_MAX, collect, row);

  assert_int_equal(row->count, 5);
  free(row);
  open_chunk_destroy(chunk);
}

static void trimming_forgets_the_old_and_keeps_all_the_new(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(1000);
  struct row *row = calloc(1, sizeof *row);
  int64_t before_ms = SAMPLES_START_MS + 600 * 10000;
  size_t bytes = open_chunk_bytes(chunk);

  open_chunk_trim(chunk, before_ms);

  read_all(chunk, row);
  assert_true(row->count >= 400 && row->count < 600);
  assert_int_equal(row->count, open_chunk_count(chunk));
  assert_true(row->samples[0].at_ms <= before_ms);
  assert_true(open_chunk_complete_from(chunk) <= before_ms);
  assert_true(open_chunk_complete_from(chunk) > SAMPLES_START_MS);
  assert_true(open_chunk_bytes(chunk) < bytes);
  free(row);
  open_chunk_destroy(chunk);
}

static void a_chunk_trimmed_empty_can_grow_again(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(300);
  struct row *row = calloc(1, sizeof *row);
  struct sample sample;
  sample_init(&sample, SAMPLES_START_MS + 10000000);

  open_chunk_trim(chunk, INT64_MAX);
  size_t count_when_empty = open_chunk_count(chunk);
  open_chunk_append(chunk, &sample);

  read_all(chunk, row);
  assert_int_equal(count_when_empty, 0);
  assert_int_equal(row->count, 1);
  assert_int_equal(open_chunk_complete_from(chunk), sample.at_ms);
  free(row);
  open_chunk_destroy(chunk);
}

/* A clock set back must not make the chunk claim hours that it never held. */
static void an_older_sample_does_not_widen_what_is_complete(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(10);
  struct sample late;
  sample_init(&late, SAMPLES_START_MS - 3600000);

  open_chunk_append(chunk, &late);

  assert_int_equal(open_chunk_complete_from(chunk), SAMPLES_START_MS);
  open_chunk_destroy(chunk);
}

/* A clock that was once far ahead must not make the chunk grow for ever. */
static void a_sample_from_the_future_does_not_hold_memory_for_ever(void **state) {
  (void)state;
  struct open_chunk *chunk = open_chunk_create();
  struct rand rand;
  rand_init(&rand, 1);
  struct sample sample;
  sample_init(&sample, SAMPLES_START_MS * 2);
  open_chunk_append(chunk, &sample);

  for (int i = 0; i < 20000; i++) {
    make_realistic_sample(&rand, &sample, i);
    open_chunk_append(chunk, &sample);
    open_chunk_trim(chunk, sample.at_ms - 7200000);
  }

  assert_true(open_chunk_count(chunk) < 8000);
  assert_true(open_chunk_bytes(chunk) < 256 * 1024);
  open_chunk_destroy(chunk);
}

static void a_copy_lives_on_its_own(void **state) {
  (void)state;
  struct open_chunk *chunk = realistic_chunk(150);
  struct row *row = calloc(1, sizeof *row);
  struct sample sample;
  sample_init(&sample, SAMPLES_START_MS + 10000000);

  struct open_chunk *copy = open_chunk_dup(chunk);
  open_chunk_append(copy, &sample);
  open_chunk_destroy(chunk);

  read_all(copy, row);
  assert_int_equal(row->count, 151);
  assert_int_equal(row->samples[149].at_ms, SAMPLES_START_MS + 1490000);
  assert_int_equal(row->samples[150].at_ms, sample.at_ms);
  free(row);
  open_chunk_destroy(copy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_miner_at_work_comes_back_exactly),
      cmocka_unit_test(anything_at_all_comes_back_exactly),
      cmocka_unit_test(samples_without_any_value_come_back_exactly),
      cmocka_unit_test(a_miner_that_comes_and_goes_comes_back_exactly),
      cmocka_unit_test(the_extremes_come_back_exactly),
      cmocka_unit_test(an_empty_chunk_is_small_and_has_nothing),
      cmocka_unit_test(two_hours_of_a_miner_take_at_most_20_bytes_a_sample),
      cmocka_unit_test(a_range_takes_its_start_and_leaves_its_end),
      cmocka_unit_test(a_walk_stops_when_the_visitor_has_enough),
      cmocka_unit_test(trimming_forgets_the_old_and_keeps_all_the_new),
      cmocka_unit_test(a_chunk_trimmed_empty_can_grow_again),
      cmocka_unit_test(an_older_sample_does_not_widen_what_is_complete),
      cmocka_unit_test(a_sample_from_the_future_does_not_hold_memory_for_ever),
      cmocka_unit_test(a_copy_lives_on_its_own),
  };
  return cmocka_run_group_tests_name("open_chunk", tests, NULL, NULL);
}
