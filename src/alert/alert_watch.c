#include "alert/alert_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/metric.h"

enum {
  GAP_MS = 90 * 1000,             /* a longer step is a gap, or a clock that was set */
  MAINTENANCE_MS = 5 * 60 * 1000, /* an update restarts the miner more than once */
  RATIO_TAU_S = 120,
  ERROR_TAU_S = 300,
  DAY_S = 24 * 60 * 60,
};

static const float shares_most = 100; /* of the window; then all of it counts half */

void alert_watch_init(struct alert_watch *watch) {
  const float unknown = (float)METRIC_UNKNOWN;
  *watch = (struct alert_watch){
      .ratio_pct = unknown,
      .error_pct = unknown,
      .heap = unknown,
      .heap_high = unknown,
      .heap_high_before = unknown,
      .normal_mhz = unknown,
      .normal_mv = unknown,
      .slow_from_mhz = unknown,
      .slow_mhz = unknown,
      .shares_accepted = METRIC_UNKNOWN,
      .shares_rejected = METRIC_UNKNOWN,
      .best = METRIC_UNKNOWN,
      .blocks = METRIC_UNKNOWN,
  };
  cusum_init(&watch->cusum);
}

void alert_watch_finish(struct alert_watch *watch) {
  free(watch->settings);
  watch->settings = NULL;
}

static void take_time(struct alert_watch *watch, const struct alert_context *context) {
  int64_t gap_ms = 2 * context->interval_ms > GAP_MS ? 2 * context->interval_ms : GAP_MS;
  int64_t elapsed_ms = watch->last_ms != 0 ? context->sample->at_ms - watch->last_ms : 0;
  watch->last_ms = context->sample->at_ms;
  watch->elapsed_ms = elapsed_ms < 0 ? 0 : elapsed_ms > gap_ms ? gap_ms : elapsed_ms;
  watch->maintenance_ms -=
      watch->elapsed_ms < watch->maintenance_ms ? watch->elapsed_ms : watch->maintenance_ms;
}

static bool is_away(const struct sample *sample) {
  return sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE ||
         (sample->flags & SAMPLE_MISSED) != 0;
}

/* An average that forgets with the time constant; begins with the first value. */
static void average(float *mean, double value, double elapsed_s, double tau_s) {
  if (!metric_is_known(value))
    return;
  double part = isnan(*mean) ? 1 : 1 - exp(-elapsed_s / tau_s);
  *mean = (float)(isnan(*mean) ? value : *mean + part * (value - *mean));
}

/* A day is a day of the miner's readings; a step of the clock is cut as a gap. */
static void take_boots(struct alert_watch *watch, bool rebooted) {
  int32_t elapsed_s = (int32_t)((watch->elapsed_ms + 500) / 1000);
  int kept = 0;
  for (int i = 0; i < watch->boot_count; i++) {
    watch->boots_ago_s[i] += elapsed_s;
    if (watch->boots_ago_s[i] <= DAY_S)
      kept = i + 1;
  }
  watch->boot_count = (uint8_t)kept;
  if (!rebooted)
    return;
  memmove(watch->boots_ago_s + 1, watch->boots_ago_s,
          (ALERT_WATCH_BOOTS - 1) * sizeof watch->boots_ago_s[0]);
  watch->boots_ago_s[0] = 0;
  if (watch->boot_count < ALERT_WATCH_BOOTS)
    watch->boot_count++;
}

/* New firmware: for some minutes restarts and silence are nobody's fault. */
static void take_firmware(struct alert_watch *watch, const struct miner_facts *facts) {
  if (facts->firmware[0] == '\0')
    return;
  uint32_t key = cusum_key(facts->firmware, strlen(facts->firmware));
  if (watch->firmware_key != 0 && watch->firmware_key != key)
    watch->maintenance_ms = MAINTENANCE_MS;
  watch->firmware_key = key;
}

static void take_hashrate(struct alert_watch *watch, const struct sample *sample) {
  const double *values = sample->values;
  double ratio = values[METRIC_HASHRATE_GHS] / values[METRIC_EXPECTED_HASHRATE_GHS];
  bool hashing = sample->state == STATE_HASHING;
  const float settings[] = {(float)values[METRIC_FREQUENCY_MHZ],
                            (float)values[METRIC_CORE_VOLTAGE_MV]};
  if (hashing && isfinite(ratio))
    average(&watch->ratio_pct, 100 * ratio, (double)watch->elapsed_ms / 1000, RATIO_TAU_S);
  else if (!hashing && !watch->away)
    watch->ratio_pct = (float)METRIC_UNKNOWN;
  if (watch->elapsed_ms <= 0)
    return;
  cusum_step(&watch->cusum,
             &(struct cusum_reading){.ratio = isfinite(ratio) ? ratio : METRIC_UNKNOWN,
                                     .dt_s = (double)watch->elapsed_ms / 1000,
                                     .uptime_s = values[METRIC_UPTIME_S],
                                     .firmware = watch->firmware_key,
                                     .settings = watch->away ? watch->cusum.settings
                                                             : cusum_key(settings, sizeof settings),
                                     .resting = !hashing && !watch->away});
}

/* What came since the last answer; all of it after a restart. */
static double grown(double now, double before, bool rebooted) {
  double more = rebooted ? now : now - before;
  return more > 0 ? more : 0; /* also for NaN */
}

static void take_shares(struct alert_watch *watch, const struct sample *sample) {
  double accepted = sample->values[METRIC_SHARES_ACCEPTED];
  double rejected = sample->values[METRIC_SHARES_REJECTED];
  bool rebooted = (sample->flags & SAMPLE_REBOOTED) != 0;
  double more = grown(accepted, watch->shares_accepted, rebooted);
  watch->accepted += (float)more;
  watch->rejected += (float)grown(rejected, watch->shares_rejected, rebooted);
  while (watch->accepted + watch->rejected > shares_most) {
    watch->accepted /= 2;
    watch->rejected /= 2;
  }
  bool hashing = sample->state == STATE_HASHING || sample->reason == REASON_FROZEN;
  if (more > 0 || rebooted || !hashing || !metric_is_known(accepted) ||
      accepted < watch->shares_accepted)
    watch->waited_s = 0;
  else if (sample->values[METRIC_HASHRATE_GHS] > 0)
    watch->waited_s += (double)watch->elapsed_ms / 1000;
  watch->shares_accepted = accepted;
  watch->shares_rejected = rejected;
}

static void take_errors(struct alert_watch *watch, const struct sample *sample) {
  if (sample->state != STATE_HASHING ||
      !(sample->values[METRIC_UPTIME_S] >= ALERT_WATCH_WARMUP_S)) {
    watch->error_pct = (float)METRIC_UNKNOWN;
    watch->error_s = 0;
    return;
  }
  double error_pct = sample->values[METRIC_ERROR_PCT];
  double elapsed_s = fmax((double)watch->elapsed_ms / 1000, 1);
  if (!metric_is_known(error_pct))
    return;
  /* At first the mean of what came, so that one jump does not last for minutes. */
  watch->error_s = (float)fmin(watch->error_s + elapsed_s, ERROR_TAU_S);
  double mean = isnan(watch->error_pct) ? error_pct : watch->error_pct;
  watch->error_pct = (float)(mean + elapsed_s / watch->error_s * (error_pct - mean));
}

/* The internal memory where it is told apart: the web server lives on that. */
static void take_heap(struct alert_watch *watch, const struct alert_context *context) {
  double heap = context->vitals != NULL ? context->vitals->heap_internal_bytes : METRIC_UNKNOWN;
  bool is_internal = !isnan(heap);
  if (!is_internal)
    heap = context->sample->values[METRIC_FREE_HEAP_BYTES];
  if (is_internal != watch->heap_is_internal) { /* the history knows all of it together only */
    watch->heap_high = watch->heap_high_before = (float)METRIC_UNKNOWN;
    watch->heap_day_s = 0;
  }
  watch->heap_is_internal = is_internal;
  watch->heap = (float)heap;
  watch->heap_day_s += (float)watch->elapsed_ms / 1000;
  if (context->sample->flags & SAMPLE_REBOOTED) { /* a new life: compared with itself */
    watch->heap_high = watch->heap_high_before = (float)METRIC_UNKNOWN;
    watch->heap_day_s = 0;
  }
  if (watch->heap_day_s >= DAY_S) {
    watch->heap_high_before = watch->heap_high;
    watch->heap_high = (float)METRIC_UNKNOWN;
    watch->heap_day_s = 0;
  }
  watch->heap_high = fmaxf(watch->heap_high, watch->heap); /* passes over NaN */
}

static void take_fans(struct alert_watch *watch, const struct sample *sample) {
  watch->fan_turned[0] = watch->fan_turned[0] || sample->values[METRIC_FAN_RPM] > 0;
  watch->fan_turned[1] = watch->fan_turned[1] || sample->values[METRIC_FAN2_RPM] > 0;
}

/* What an overheat changed: newer firmware lowers frequency and voltage for good. The
 * flag counts as well as the state, which may still be hashing: the hashrate is an
 * average, and against the lowered frequency it looks whole. */
static void take_overheat(struct alert_watch *watch, const struct sample *sample) {
  double mhz = sample->values[METRIC_FREQUENCY_MHZ];
  bool was_flagged = watch->flagged;
  watch->flagged = (sample->flags & SAMPLE_OVERHEAT_FLAG) != 0;
  if (!metric_is_known(mhz))
    return;
  if (sample->state == STATE_OVERHEATED || (watch->flagged && !was_flagged)) {
    if (isnan(watch->slow_from_mhz))
      watch->slow_from_mhz = watch->normal_mhz;
    watch->slow_mhz = (float)METRIC_UNKNOWN;
  }
  if (sample->state == STATE_HASHING && !isnan(watch->slow_from_mhz)) {
    if (isnan(watch->slow_mhz))
      watch->slow_mhz = (float)mhz;
    bool acted = fabs(mhz - watch->slow_mhz) > 1; /* somebody has set another frequency */
    if (acted || mhz >= watch->slow_from_mhz - 1)
      watch->slow_from_mhz = watch->slow_mhz = (float)METRIC_UNKNOWN;
  }
  if (sample->state == STATE_HASHING && isnan(watch->slow_from_mhz)) {
    watch->normal_mhz = (float)mhz;
    watch->normal_mv = (float)sample->values[METRIC_CORE_VOLTAGE_MV];
  }
}

void alert_watch_take(struct alert_watch *watch, const struct alert_context *context) {
  const struct sample *sample = context->sample;
  take_time(watch, context);
  watch->away = is_away(sample);
  take_boots(watch, (sample->flags & SAMPLE_REBOOTED) != 0);
  if (!watch->away)
    take_firmware(watch, context->facts);
  take_hashrate(watch, sample);
  if (watch->away)
    return;
  take_shares(watch, sample);
  take_errors(watch, sample);
  take_heap(watch, context);
  take_fans(watch, sample);
  take_overheat(watch, sample);
}

void alert_watch_learn(struct alert_watch *watch, const struct alert_context *context) {
  const struct sample *sample = context->sample;
  double blocks = sample->values[METRIC_BLOCKS_FOUND];
  if (sample->at_ms <= watch->last_ms) { /* filled in later, or the clock was set back */
    take_fans(watch, sample);
    return;
  }
  alert_watch_take(watch, context);
  if (watch->away)
    return;
  watch->best = fmax(watch->best, sample->values[METRIC_BEST_DIFF]); /* passes over NaN */
  if (metric_is_known(blocks))
    watch->blocks = blocks;
}

static float first_known(float a, float b) {
  return isnan(a) ? b : a;
}

/* Restarts before those that were seen live. */
static void join_boots(struct alert_watch *watch, const struct alert_watch *past) {
  int64_t since_ms = watch->last_ms - past->last_ms;
  int32_t since_s =
      since_ms > 0 && since_ms <= DAY_S * INT64_C(1000) ? (int32_t)(since_ms / 1000) : 0;
  for (int i = 0; i < past->boot_count && watch->boot_count < ALERT_WATCH_BOOTS; i++) {
    int32_t ago_s = past->boots_ago_s[i] + since_s;
    if (ago_s <= DAY_S)
      watch->boots_ago_s[watch->boot_count++] = ago_s;
  }
}

void alert_watch_join(struct alert_watch *watch, const struct alert_watch *past) {
  if (past->last_ms == 0)
    return;
  if (watch->last_ms == 0) {
    struct alert_settings *settings = watch->settings;
    *watch = *past;
    watch->settings = settings;
    return;
  }
  if (past->cusum.noise_blocks >= watch->cusum.noise_blocks)
    watch->cusum = past->cusum;
  join_boots(watch, past);
  watch->fan_turned[0] = watch->fan_turned[0] || past->fan_turned[0];
  watch->fan_turned[1] = watch->fan_turned[1] || past->fan_turned[1];
  watch->normal_mhz = first_known(watch->normal_mhz, past->normal_mhz);
  watch->normal_mv = first_known(watch->normal_mv, past->normal_mv);
  watch->slow_from_mhz = first_known(watch->slow_from_mhz, past->slow_from_mhz);
  watch->slow_mhz = first_known(watch->slow_mhz, past->slow_mhz);
  /* What came while nobody watched is news, and the next reading tells it. */
  if (metric_is_known(past->best))
    watch->best = past->best;
  if (metric_is_known(past->blocks))
    watch->blocks = past->blocks;
}
