#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "engine/backfill.h"

#define NOW_MS INT64_C(1800000000000)
enum { POLL_MS = 10000, PHASE_MS = 3000 };

/* What a miner tells at NOW: a row every `step_ms`, the newest `step_ms` old. */
static struct miner_past remember(size_t count, int64_t step_ms) {
  struct miner_past past = {.rows = calloc(count, sizeof *past.rows), .count = count};
  for (size_t i = 0; i < count; i++) {
    struct miner_past_row *row = &past.rows[i];
    sample_init(&row->sample, 0);
    row->age_ms = (int64_t)(count - i) * step_ms;
    row->sample.flags = SAMPLE_BACKFILLED;
    row->sample.values[METRIC_HASHRATE_GHS] = 1000;
    row->sample.values[METRIC_CHIP_TEMP_C] = 60;
  }
  return past;
}

static struct backfill_frame frame_of(int64_t from_ms, int64_t to_ms) {
  return (struct backfill_frame){.gap = {from_ms, to_ms},
                                 .answered_ms = NOW_MS,
                                 .interval_ms = POLL_MS,
                                 .phase_ms = PHASE_MS,
                                 .expected_ghs = NAN};
}

static void a_silence_of_more_than_two_polls_is_a_gap(void **state) {
  (void)state;
  struct backfill_gap gap = {0};

  backfill_note(&gap, NOW_MS, NOW_MS + 2 * POLL_MS, POLL_MS);
  assert_int_equal(gap.to_ms, 0);
  backfill_note(&gap, 0, NOW_MS, POLL_MS); /* never seen before */
  assert_int_equal(gap.to_ms, 0);

  backfill_note(&gap, NOW_MS, NOW_MS + 3 * POLL_MS - 300, POLL_MS);
  backfill_note(&gap, NOW_MS + 3 * POLL_MS, NOW_MS + 4 * POLL_MS, POLL_MS); /* goes on as usual */

  assert_true(gap.from_ms == NOW_MS && gap.to_ms == NOW_MS + 3 * POLL_MS - 300);
}

static void only_what_lies_in_the_gap_is_kept(void **state) {
  (void)state;
  struct miner_past past = remember(60, POLL_MS);
  struct backfill_frame frame = frame_of(NOW_MS - 300000, NOW_MS - 100000);

  backfill_place(&frame, &past);

  assert_in_range(past.count, 18, 20);
  for (size_t i = 0; i < past.count; i++) {
    assert_true(past.rows[i].sample.at_ms > NOW_MS - 300000);
    assert_true(past.rows[i].sample.at_ms < NOW_MS - 100000);
  }
  miner_past_finish(&past);
}

static void samples_stand_at_the_schedules_ticks_once_each(void **state) {
  (void)state;
  struct miner_past past = remember(300, 1000);
  struct backfill_frame frame = frame_of(NOW_MS - 200000, NOW_MS);

  backfill_place(&frame, &past);

  assert_in_range(past.count, 19, 20);
  for (size_t i = 0; i < past.count; i++) {
    const struct sample *sample = &past.rows[i].sample;
    assert_int_equal((sample->at_ms - PHASE_MS) % POLL_MS, 0);
    assert_in_range(sample->offset_ms, 0, POLL_MS - 1);
    assert_int_equal(sample->at_ms + sample->offset_ms, NOW_MS - past.rows[i].age_ms);
    assert_true(i == 0 || sample->at_ms > past.rows[i - 1].sample.at_ms);
  }
  miner_past_finish(&past);
}

static void nothing_is_kept_of_the_time_before_the_start(void **state) {
  (void)state;
  struct miner_past past = remember(60, POLL_MS);
  struct backfill_frame frame = frame_of(NOW_MS - 600000, NOW_MS);
  frame.boot_ms = NOW_MS - 200000;

  backfill_place(&frame, &past);

  assert_in_range(past.count, 19, 20);
  assert_float_equal(past.rows[0].sample.values[METRIC_UPTIME_S], 0, 10.5);
  assert_float_equal(past.rows[past.count - 1].sample.values[METRIC_UPTIME_S], 190, 0.1);
  /* As with polls: the first minute's temperatures are none. */
  assert_true(isnan(past.rows[0].sample.values[METRIC_CHIP_TEMP_C]));
  assert_float_equal(past.rows[past.count - 1].sample.values[METRIC_CHIP_TEMP_C], 60, 1e-9);
  miner_past_finish(&past);
}

static void spikes_are_unknown(void **state) {
  (void)state;
  struct miner_past past = remember(10, POLL_MS);
  struct backfill_frame frame = frame_of(NOW_MS - 600000, NOW_MS);
  frame.expected_ghs = 1071;
  past.rows[4].sample.values[METRIC_HASHRATE_GHS] = 9.5e8;

  backfill_place(&frame, &past);

  assert_int_equal(past.count, 10);
  assert_true(isnan(past.rows[4].sample.values[METRIC_HASHRATE_GHS]));
  assert_float_equal(past.rows[5].sample.values[METRIC_HASHRATE_GHS], 1000, 1e-9);
  miner_past_finish(&past);
}

static void no_rows_stay_none(void **state) {
  (void)state;
  struct miner_past past = {0};
  struct backfill_frame frame = frame_of(NOW_MS - 600000, NOW_MS);

  backfill_place(&frame, &past);

  assert_int_equal(past.count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_silence_of_more_than_two_polls_is_a_gap),
      cmocka_unit_test(only_what_lies_in_the_gap_is_kept),
      cmocka_unit_test(samples_stand_at_the_schedules_ticks_once_each),
      cmocka_unit_test(nothing_is_kept_of_the_time_before_the_start),
      cmocka_unit_test(spikes_are_unknown),
      cmocka_unit_test(no_rows_stay_none),
  };
  return cmocka_run_group_tests_name("backfill", tests, NULL, NULL);
}
