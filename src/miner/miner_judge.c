#include "miner/miner_judge.h"

#include <assert.h>
#include <math.h>

#include "miner/board.h"

enum {
  BOOT_TOLERANCE_S = 30, /* uptime is in whole seconds, answers take some */
  DUE_GAP_MS = 600000,   /* a longer silence of ours says nothing about shares */
};

/* Uptime counters in 32-bit milliseconds start again after 49.7 days. */
static const double wrap_s = 4294967.296;

void miner_memory_init(struct miner_memory *memory) {
  *memory = (struct miner_memory){
      .uptime_s = METRIC_UNKNOWN,
      .shares_seen = METRIC_UNKNOWN,
      .frozen_hashrate = METRIC_UNKNOWN,
  };
}

static int64_t answered_ms(const struct sample *sample) {
  return sample->at_ms + sample->offset_ms;
}

/* A share the pool refused was worked for as well. */
static double shares_of(const struct sample *sample) {
  double rejected = sample->values[METRIC_SHARES_REJECTED];
  return sample->values[METRIC_SHARES_ACCEPTED] + (isnan(rejected) ? 0 : rejected);
}

static bool is_wrap(const struct miner_memory *memory, double elapsed_s, double shares) {
  bool near_the_end = memory->uptime_s + elapsed_s + BOOT_TOLERANCE_S >= wrap_s;
  return near_the_end && !(shares < memory->shares_seen);
}

/* Counters are no help: after a restart they may be higher by luck. The uptime
 * is: it went back, or it began after we last saw the miner. How long that is ago is
 * told by the monotonic clock: the other may be set at any time, by a day. */
static bool has_rebooted(const struct miner_memory *memory, const struct sample *sample,
                         int64_t mono_ms) {
  double uptime_s = sample->values[METRIC_UPTIME_S];
  if (isnan(uptime_s) || isnan(memory->uptime_s))
    return false;
  double elapsed_s = (double)(mono_ms - memory->uptime_mono_ms) / 1000;
  if (is_wrap(memory, elapsed_s, shares_of(sample)))
    return false;
  return uptime_s < memory->uptime_s ||
         (uptime_s < elapsed_s + BOOT_TOLERANCE_S &&
          uptime_s < memory->uptime_s + elapsed_s - BOOT_TOLERANCE_S);
}

static void note_boot(struct miner_memory *memory, struct sample *sample, int64_t mono_ms) {
  if (has_rebooted(memory, sample, mono_ms)) {
    sample->flags |= SAMPLE_REBOOTED;
    memory->shares_seen = METRIC_UNKNOWN;
    memory->shares_due = 0;
    memory->frozen_polls = 0;
  }
  double uptime_s = sample->values[METRIC_UPTIME_S];
  if (isnan(uptime_s))
    return;
  memory->uptime_s = uptime_s;
  memory->uptime_mono_ms = mono_ms;
  /* One value per session, not one that jitters by a second with every answer. */
  int64_t boot_ms = answered_ms(sample) - (int64_t)(uptime_s * 1000);
  int64_t moved_ms = boot_ms - memory->boot_ms;
  if ((sample->flags & SAMPLE_REBOOTED) || moved_ms > BOOT_TOLERANCE_S * 1000 ||
      moved_ms < -BOOT_TOLERANCE_S * 1000)
    memory->boot_ms = boot_ms;
}

static void clean(const struct miner_facts *facts, struct sample *sample) {
  double *values = sample->values;
  if (values[METRIC_UPTIME_S] < MINER_JUDGE_TEMP_WARMUP_S) {
    values[METRIC_CHIP_TEMP_C] = METRIC_UNKNOWN;
    values[METRIC_CHIP_TEMP2_C] = METRIC_UNKNOWN;
    values[METRIC_VR_TEMP_C] = METRIC_UNKNOWN;
  }
  if (isnan(values[METRIC_EXPECTED_HASHRATE_GHS]))
    values[METRIC_EXPECTED_HASHRATE_GHS] =
        metric_checked(METRIC_EXPECTED_HASHRATE_GHS,
                       board_expected_ghs(values[METRIC_FREQUENCY_MHZ], facts->small_core_count,
                                          facts->asic_count));
  if (values[METRIC_HASHRATE_GHS] > MINER_JUDGE_SPIKE * values[METRIC_EXPECTED_HASHRATE_GHS])
    values[METRIC_HASHRATE_GHS] = METRIC_UNKNOWN;
}

/* Every share of difficulty D takes D x 2^32 hashes on average, so the shares to
 * be expected add up poll by poll, whatever hashrate and difficulty do between.
 * Finding none while n are due has the probability e^-n. */
static double shares_due(const struct sample *sample, int64_t elapsed_ms) {
  double hashes_a_second = sample->values[METRIC_HASHRATE_GHS] * 1e9;
  double hashes_a_share = sample->values[METRIC_POOL_DIFFICULTY] * 0x1p32;
  double due = hashes_a_second / hashes_a_share * (double)elapsed_ms / 1000;
  return elapsed_ms > 0 && elapsed_ms <= DUE_GAP_MS && isfinite(due) ? due : 0;
}

static void note_progress(struct miner_memory *memory, const struct sample *sample,
                          int64_t mono_ms) {
  double shares = shares_of(sample);
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  bool progress = isnan(shares) || shares != memory->shares_seen;
  bool same = hashrate > 0 && hashrate == memory->frozen_hashrate;
  if (progress)
    memory->shares_due = 0;
  else
    memory->shares_due += shares_due(sample, mono_ms - memory->seen_mono_ms);
  memory->frozen_polls = same && !progress ? memory->frozen_polls + 1 : 0;
  memory->frozen_hashrate = hashrate;
  memory->zero_polls = hashrate == 0 ? memory->zero_polls + 1 : 0;
  memory->shares_seen = shares;
}

static bool is_frozen(const struct miner_memory *memory) {
  return memory->frozen_polls >= MINER_JUDGE_FROZEN_POLLS ||
         memory->shares_due >= MINER_JUDGE_SHARES_DUE;
}

static bool is_warming_up(const struct sample *sample) {
  double uptime_s = sample->values[METRIC_UPTIME_S];
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  double expected = sample->values[METRIC_EXPECTED_HASHRATE_GHS];
  if (uptime_s < MINER_JUDGE_TEMP_WARMUP_S)
    return true;
  return uptime_s < MINER_JUDGE_WARMUP_S && !(hashrate >= 0.8 * expected);
}

/* The overheat flag of old firmware outlives the heat, and a small miner's
 * hashrate swings by a third: one low reading does not bring the alarm back. */
static bool is_stale_overheat(const struct miner_memory *memory, const struct sample *sample) {
  return sample->state == STATE_OVERHEATED && sample->reason == REASON_OVERHEAT_MODE &&
         memory->state == STATE_HASHING &&
         sample->values[METRIC_HASHRATE_GHS] >= 0.5 * sample->values[METRIC_EXPECTED_HASHRATE_GHS];
}

/* A single zero among good readings is a hiccup of the counter, not an end of work. */
static bool is_hiccup(const struct miner_memory *memory, const struct sample *sample) {
  return sample->state == STATE_NOT_HASHING && sample->reason == REASON_ZERO_HASHRATE &&
         memory->state == STATE_HASHING && memory->zero_polls < MINER_JUDGE_ZERO_POLLS;
}

static void refine(const struct miner_memory *memory, struct sample *sample) {
  if (is_hiccup(memory, sample)) {
    sample->state = STATE_HASHING;
    sample->reason = REASON_NONE;
    return;
  }
  if (is_stale_overheat(memory, sample)) {
    sample->state = STATE_HASHING;
    sample->reason = REASON_NONE;
  }
  bool setup = sample->reason == REASON_SETUP_MODE; /* waiting does not end it */
  if (sample->state != STATE_HASHING && (sample->state != STATE_NOT_HASHING || setup))
    return;
  if (is_warming_up(sample)) {
    sample->state = STATE_STARTING;
    sample->reason = REASON_WARMING_UP;
  } else if (sample->state == STATE_HASHING && is_frozen(memory)) {
    sample->state = STATE_NOT_HASHING;
    sample->reason = REASON_FROZEN;
  }
}

static void show(struct miner_memory *memory, const struct sample *sample, int64_t now_ms) {
  if (memory->state != sample->state || memory->state_since_ms == 0)
    memory->state_since_ms = now_ms;
  memory->state = sample->state;
  memory->reason = sample->reason;
}

void miner_judge_answer(struct miner_memory *memory, const struct miner_facts *facts,
                        struct sample *sample, int64_t mono_ms) {
  note_boot(memory, sample, mono_ms);
  clean(facts, sample);
  note_progress(memory, sample, mono_ms);
  refine(memory, sample);
  memory->misses = 0;
  memory->seen_ms = answered_ms(sample);
  memory->seen_mono_ms = mono_ms;
  show(memory, sample, memory->seen_ms);
}

void miner_judge_miss(struct miner_memory *memory, enum reason reason, struct sample *sample) {
  assert(reason_is_failed_poll(reason));
  sample->flags |= SAMPLE_MISSED;
  sample->reason = reason;
  sample->state = STATE_UNKNOWN;
  if (memory->misses < MINER_JUDGE_MISSES)
    memory->misses++;
  if (memory->misses < MINER_JUDGE_MISSES)
    return;
  sample->state = reason_is_host_gone(reason) ? STATE_OFFLINE : STATE_UNRESPONSIVE;
  show(memory, sample, answered_ms(sample));
}
