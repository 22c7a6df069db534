#include "engine/backfill.h"

#include "miner/miner_judge.h"

void backfill_note(struct backfill_gap *gap, int64_t from_ms, int64_t to_ms, int64_t interval_ms) {
  /* Answers come a little late at times: three intervals are seldom exactly three. */
  if (from_ms > 0 && to_ms - from_ms > interval_ms * 5 / 2)
    *gap = (struct backfill_gap){from_ms, to_ms};
}

static int64_t tick_before(const struct backfill_frame *frame, int64_t at_ms) {
  int64_t into = (at_ms - frame->phase_ms) % frame->interval_ms;
  return at_ms - (into < 0 ? into + frame->interval_ms : into);
}

static void clean(const struct backfill_frame *frame, struct sample *sample) {
  double *values = sample->values;
  if (values[METRIC_UPTIME_S] < MINER_JUDGE_TEMP_WARMUP_S) {
    values[METRIC_CHIP_TEMP_C] = METRIC_UNKNOWN;
    values[METRIC_CHIP_TEMP2_C] = METRIC_UNKNOWN;
    values[METRIC_VR_TEMP_C] = METRIC_UNKNOWN;
  }
  if (values[METRIC_HASHRATE_GHS] > MINER_JUDGE_SPIKE * frame->expected_ghs)
    values[METRIC_HASHRATE_GHS] = METRIC_UNKNOWN;
}

/* False when the row is not of the gap. */
static bool place(const struct backfill_frame *frame, struct miner_past_row *row) {
  int64_t at_ms = frame->answered_ms - row->age_ms;
  int64_t tick_ms = tick_before(frame, at_ms);
  struct sample *sample = &row->sample;
  if (tick_ms <= frame->gap.from_ms || at_ms >= frame->gap.to_ms || at_ms < frame->boot_ms)
    return false;
  sample->at_ms = tick_ms;
  sample->offset_ms = (int32_t)(at_ms - tick_ms);
  int64_t uptime_s = (at_ms - frame->boot_ms) / 1000;
  if (frame->boot_ms > 0)
    sample->values[METRIC_UPTIME_S] = metric_checked(METRIC_UPTIME_S, (double)uptime_s);
  clean(frame, sample);
  return true;
}

void backfill_place(const struct backfill_frame *frame, struct miner_past *past) {
  size_t kept = 0;
  for (size_t i = 0; i < past->count; i++) {
    struct miner_past_row row = past->rows[i];
    if (!place(frame, &row) || (kept > 0 && past->rows[kept - 1].sample.at_ms >= row.sample.at_ms))
      continue;
    past->rows[kept++] = row;
  }
  past->count = kept;
}
