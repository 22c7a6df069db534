#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "store/chunk_codec.h"
#include "store_samples.h"

enum { TWO_HOURS = 720 };

typedef void (*make_sample)(struct rand *rand, struct sample *sample, int n);

static struct sample *make_samples(make_sample make, size_t count, uint64_t seed) {
  struct rand rand;
  struct sample *samples = calloc(count, sizeof *samples);
  rand_init(&rand, seed);
  for (size_t i = 0; i < count; i++)
    make(&rand, &samples[i], (int)i);
  return samples;
}

static void expect_round_trip(const struct sample *samples, size_t count) {
  struct buf blob;
  struct sample *decoded = NULL;
  size_t decoded_count = 0;
  struct err err = {0};
  buf_init(&blob);
  chunk_codec_encode(samples, count, &blob);
  if (!chunk_codec_decode(blob.data, blob.length, &decoded, &decoded_count, &err))
    fail_msg("%s", err.text);
  assert_int_equal(decoded_count, count);
  for (size_t i = 0; i < count; i++)
    expect_same_sample(&decoded[i], &samples[i]);
  free(decoded);
  buf_finish(&blob);
}

/* Puts the right checksum on a blob that was changed on purpose. */
static void seal_again(struct buf *blob) {
  uint32_t crc = chunk_codec_crc(blob->data, blob->length - 4);
  for (size_t i = 0; i < 4; i++)
    blob->data[blob->length - 4 + i] = (char)(crc >> (8 * i));
}

static void expect_refused(const void *blob, size_t length) {
  struct sample *samples = NULL;
  size_t count = 0;
  struct err err = {0};
  assert_false(chunk_codec_decode(blob, length, &samples, &count, &err));
  assert_int_equal(err.code, ERR_CORRUPT);
  assert_true(err.text[0] != '\0');
}

static void checksum_is_the_one_of_rfc_3720(void **state) {
  (void)state;
  assert_int_equal(chunk_codec_crc("123456789", 9), 0xe3069283);
}

static void two_hours_of_a_miner_come_back_and_are_small(void **state) {
  (void)state;
  struct sample *samples = make_samples(make_realistic_sample, TWO_HOURS, 1);
  struct buf blob;
  buf_init(&blob);

  chunk_codec_encode(samples, TWO_HOURS, &blob);

  print_message("%.2f bytes a sample\n", (double)blob.length / TWO_HOURS);
  assert_true(blob.length < TWO_HOURS * 15);
  expect_round_trip(samples, TWO_HOURS);
  buf_finish(&blob);
  free(samples);
}

static void anything_comes_back_at_any_length(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    size_t count = seed < 30 ? seed : seed * 13;
    struct sample *wild = make_samples(make_wild_sample, count, seed);
    expect_round_trip(wild, count);
    free(wild);
  }
}

static void a_part_holds_what_is_wanted_and_no_more(void **state) {
  (void)state;
  struct sample *samples = make_samples(make_realistic_sample, TWO_HOURS, 4);
  struct chunk_part part = {.metrics = UINT64_C(1) << METRIC_POWER_W};
  struct buf blob;
  struct err err;
  buf_init(&blob);
  chunk_codec_encode(samples, TWO_HOURS, &blob);

  assert_true(chunk_codec_decode_part(blob.data, blob.length, &part, &err));

  assert_int_equal(part.count, TWO_HOURS);
  for (size_t i = 0; i < part.count; i++) {
    double sent = samples[i].values[METRIC_POWER_W];
    assert_true(part.samples[i].at_ms == samples[i].at_ms);
    assert_int_equal(part.samples[i].state, samples[i].state);
    assert_true(metric_to_stored(METRIC_POWER_W, part.samples[i].values[METRIC_POWER_W]) ==
                metric_to_stored(METRIC_POWER_W, sent));
    assert_false(metric_is_known(part.samples[i].values[METRIC_HASHRATE_GHS]));
  }
  free(part.samples);
  buf_finish(&blob);
  free(samples);
}

static void most_samples_fit_and_come_back(void **state) {
  (void)state;
  struct sample *samples = make_samples(make_realistic_sample, CHUNK_SAMPLES_MAX, 3);
  expect_round_trip(samples, CHUNK_SAMPLES_MAX);
  free(samples);
}

static void gaps_and_missed_polls_come_back(void **state) {
  (void)state;
  struct sample *samples = make_samples(make_realistic_sample, TWO_HOURS, 5);
  for (size_t i = 0; i < TWO_HOURS; i++) {
    if (i % 100 < 7) { /* the miner did not answer */
      sample_init(&samples[i], samples[i].at_ms);
      samples[i].flags = SAMPLE_MISSED;
      samples[i].reason = REASON_NO_ANSWER;
    }
    if (i > 400) /* the monitor was off for a day */
      samples[i].at_ms += 86400000;
  }
  expect_round_trip(samples, TWO_HOURS);
  free(samples);
}

static void wholly_unknown_samples_come_back(void **state) {
  (void)state;
  struct sample samples[3];
  for (int i = 0; i < 3; i++)
    sample_init(&samples[i], i);
  expect_round_trip(samples, 3);
}

static void any_single_damaged_byte_is_noticed(void **state) {
  (void)state;
  struct sample *samples = make_samples(make_realistic_sample, 50, 7);
  struct buf blob;
  buf_init(&blob);
  chunk_codec_encode(samples, 50, &blob);

  for (size_t i = 0; i < blob.length; i++) {
    blob.data[i] ^= 0x10;
    expect_refused(blob.data, blob.length);
    blob.data[i] ^= 0x10;
  }
  for (size_t length = 0; length < blob.length; length++)
    expect_refused(blob.data, length);
  buf_finish(&blob);
  free(samples);
}

/* A checksum can fit by design: the decoder must not trust what it guards. */
static void damage_under_a_right_checksum_does_no_harm(void **state) {
  (void)state;
  struct rand rand;
  struct sample *samples = make_samples(make_realistic_sample, 90, 11);
  struct buf blob, broken;
  buf_init(&blob);
  buf_init(&broken);
  rand_init(&rand, 99);
  chunk_codec_encode(samples, 90, &blob);

  for (int round = 0; round < 20000; round++) {
    struct sample *decoded = NULL;
    size_t count = 0;
    struct err err = {0};
    buf_clear(&broken);
    buf_append(&broken, blob.data, blob.length);
    for (uint64_t n = rand_below(&rand, 4) + 1; n > 0; n--)
      broken.data[4 + rand_below(&rand, blob.length - 8)] = (char)rand_u64(&rand);
    seal_again(&broken);
    if (chunk_codec_decode(broken.data, broken.length, &decoded, &count, &err)) {
      assert_in_range(count, 1, CHUNK_SAMPLES_MAX);
      free(decoded);
    } else {
      assert_int_equal(err.code, ERR_CORRUPT);
    }
  }
  buf_finish(&blob);
  buf_finish(&broken);
  free(samples);
}

static void newer_form_is_refused_with_both_numbers(void **state) {
  (void)state;
  struct sample sample, *decoded = NULL;
  size_t count = 0;
  struct err err = {0};
  struct buf blob;
  sample_init(&sample, 1);
  buf_init(&blob);
  chunk_codec_encode(&sample, 1, &blob);
  blob.data[3] = 2;
  seal_again(&blob);

  assert_false(chunk_codec_decode(blob.data, blob.length, &decoded, &count, &err));

  assert_non_null(strstr(err.text, "form 2"));
  buf_finish(&blob);
}

/* As a program of tomorrow would write it: one sample, its time, and a column of a
 * number and a scale that nobody knows today. */
static void column_of_a_newer_program_is_passed_over(void **state) {
  (void)state;
  struct buf blob;
  buf_init(&blob);
  buf_append(&blob, "BMC\1\1\2", 6);
  buf_append(&blob, "\0\1\0\1\16", 5);        /* time 7 */
  buf_append(&blob, "\310\1\144\37\3xyz", 8); /* column 200, scale 100, any form */
  buf_append(&blob, "\0\0\0\0", 4);
  seal_again(&blob);
  struct sample *samples = NULL;
  size_t count = 0;
  struct err err = {0};

  if (!chunk_codec_decode(blob.data, blob.length, &samples, &count, &err))
    fail_msg("%s", err.text);

  assert_int_equal(count, 1);
  assert_int_equal(samples[0].at_ms, 7);
  assert_false(metric_is_known(samples[0].values[METRIC_POWER_W]));
  free(samples);
  buf_finish(&blob);
}

static void column_of_another_scale_reads_as_the_same_value(void **state) {
  (void)state;
  struct buf blob;
  buf_init(&blob);
  buf_append(&blob, "BMC\1\1\1", 6);
  buf_append(&blob, "\25\12\0\2\364\2", 6); /* column 16 + 5, power: 186 at scale 10 */
  buf_append(&blob, "\0\0\0\0", 4);
  seal_again(&blob);
  struct sample *samples = NULL;
  size_t count = 0;
  struct err err = {0};

  if (!chunk_codec_decode(blob.data, blob.length, &samples, &count, &err))
    fail_msg("%s", err.text);

  assert_true(samples[0].values[METRIC_POWER_W] == 18.6);
  free(samples);
  buf_finish(&blob);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checksum_is_the_one_of_rfc_3720),
      cmocka_unit_test(two_hours_of_a_miner_come_back_and_are_small),
      cmocka_unit_test(anything_comes_back_at_any_length),
      cmocka_unit_test(a_part_holds_what_is_wanted_and_no_more),
      cmocka_unit_test(most_samples_fit_and_come_back),
      cmocka_unit_test(gaps_and_missed_polls_come_back),
      cmocka_unit_test(wholly_unknown_samples_come_back),
      cmocka_unit_test(any_single_damaged_byte_is_noticed),
      cmocka_unit_test(damage_under_a_right_checksum_does_no_harm),
      cmocka_unit_test(newer_form_is_refused_with_both_numbers),
      cmocka_unit_test(column_of_a_newer_program_is_passed_over),
      cmocka_unit_test(column_of_another_scale_reads_as_the_same_value),
  };
  return cmocka_run_group_tests_name("chunk_codec", tests, NULL, NULL);
}
