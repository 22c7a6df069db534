#include "model/rollup.h"

#include <assert.h>
#include <math.h>

int64_t rollup_start(int64_t at_ms, int64_t length_ms) {
  int64_t into = at_ms % length_ms;
  return at_ms - (into < 0 ? into + length_ms : into);
}

bool rollup_has(enum metric metric) {
  return metric != METRIC_BEST_DIFF && metric_facts(metric)->kind == METRIC_GAUGE;
}

static void begin(struct rollup *rollup, int64_t at_ms) {
  *rollup = (struct rollup){.at_ms = at_ms,
                            .best_diff = METRIC_UNKNOWN,
                            .last_accepted = METRIC_STORED_UNKNOWN,
                            .last_rejected = METRIC_STORED_UNKNOWN};
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    rollup->metrics[metric] =
        (struct rollup_metric){METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN};
}

void rollup_fold_init(struct rollup_fold *fold, const struct rollup *before) {
  *fold = (struct rollup_fold){0};
  begin(&fold->rollup, 0);
  if (before == NULL)
    return;
  fold->rollup.last_accepted = before->last_accepted;
  fold->rollup.last_rejected = before->last_rejected;
}

void rollup_fold_lead(struct rollup_fold *fold, const struct sample *sample) {
  fold->previous = *sample;
  fold->has_previous = true;
}

/* A state holds until the next sample; the power between two is a straight line.
 * What of this lies in the hour in progress counts. */
static void add_interval(struct rollup_fold *fold, const struct sample *next) {
  const struct sample *previous = &fold->previous;
  struct rollup *rollup = &fold->rollup;
  int64_t end_ms = rollup->at_ms + ROLLUP_HOUR_MS;
  int64_t from_ms = previous->at_ms > rollup->at_ms ? previous->at_ms : rollup->at_ms;
  int64_t to_ms = next->at_ms < end_ms ? next->at_ms : end_ms;
  if (!fold->has_previous || from_ms >= to_ms || next->at_ms - previous->at_ms > ROLLUP_GAP_MS)
    return;
  double seconds = (double)(to_ms - from_ms) / 1000.0;
  if ((previous->flags & SAMPLE_MISSED) == 0) {
    rollup->online_s += seconds;
    if (previous->state == STATE_HASHING)
      rollup->hashing_s += seconds;
  }
  double first_w = previous->values[METRIC_POWER_W];
  double last_w = next->values[METRIC_POWER_W];
  if (!metric_is_known(first_w) || !metric_is_known(last_w))
    return;
  double middle_ms = (double)(from_ms - previous->at_ms + to_ms - previous->at_ms) / 2.0;
  double part = middle_ms / (double)(next->at_ms - previous->at_ms);
  rollup->energy_wh += (first_w + (last_w - first_w) * part) * seconds / 3600.0;
}

/* What a counter grew by; after a restart of the miner it counts from 0 again. */
static int64_t growth(const struct sample *sample, enum metric counter, int64_t *last) {
  int64_t value = metric_to_stored(counter, sample->values[counter]);
  if (value == METRIC_STORED_UNKNOWN)
    return 0;
  int64_t before = *last;
  *last = value;
  if (before == METRIC_STORED_UNKNOWN)
    return 0;
  return value < before || (sample->flags & SAMPLE_REBOOTED) != 0 ? value : value - before;
}

static void add_values(struct rollup_fold *fold, const struct sample *sample) {
  struct rollup *rollup = &fold->rollup;
  rollup->samples++;
  rollup->missed += (sample->flags & SAMPLE_MISSED) != 0;
  rollup->shares_accepted += growth(sample, METRIC_SHARES_ACCEPTED, &rollup->last_accepted);
  rollup->shares_rejected += growth(sample, METRIC_SHARES_REJECTED, &rollup->last_rejected);
  /* fmax and fmin pass over what is unknown. */
  rollup->best_diff = fmax(rollup->best_diff, sample->values[METRIC_BEST_DIFF]);
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    double value = sample->values[metric];
    struct rollup_metric *figures = &rollup->metrics[metric];
    if (!rollup_has((enum metric)metric) || !metric_is_known(value))
      continue;
    figures->average = fold->counts[metric]++ == 0 ? value : figures->average + value;
    figures->minimum = fmin(figures->minimum, value);
    figures->maximum = fmax(figures->maximum, value);
  }
}

static void close_hour(struct rollup_fold *fold, struct rollup *finished) {
  *finished = fold->rollup;
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    finished->metrics[metric].average /= (double)fold->counts[metric]; /* 0 leaves it unknown */
    fold->counts[metric] = 0;
  }
}

static void begin_next(struct rollup_fold *fold, int64_t at_ms) {
  int64_t accepted = fold->rollup.last_accepted;
  int64_t rejected = fold->rollup.last_rejected;
  begin(&fold->rollup, at_ms);
  fold->rollup.last_accepted = accepted;
  fold->rollup.last_rejected = rejected;
}

bool rollup_fold_add(struct rollup_fold *fold, const struct sample *sample,
                     struct rollup *finished) {
  int64_t hour_ms = rollup_start(sample->at_ms, ROLLUP_HOUR_MS);
  bool in_progress = fold->rollup.samples > 0;
  bool ends = in_progress && hour_ms != fold->rollup.at_ms;
  if (in_progress)
    add_interval(fold, sample);
  if (ends)
    close_hour(fold, finished);
  if (ends || !in_progress) {
    begin_next(fold, hour_ms);
    add_interval(fold, sample);
  }
  add_values(fold, sample);
  rollup_fold_lead(fold, sample);
  return ends;
}

bool rollup_fold_finish(struct rollup_fold *fold, struct rollup *finished) {
  if (fold->rollup.samples == 0)
    return false;
  close_hour(fold, finished);
  begin_next(fold, 0);
  return true;
}

static void combine_metric(const struct rollup *hours, size_t count, int metric,
                           struct rollup_metric *figures) {
  double sum = 0;
  double weight = 0;
  for (size_t i = 0; i < count; i++) {
    const struct rollup_metric *hour = &hours[i].metrics[metric];
    double answered = (double)(hours[i].samples - hours[i].missed);
    if (!metric_is_known(hour->average))
      continue;
    sum += hour->average * answered;
    weight += answered;
    figures->minimum = fmin(figures->minimum, hour->minimum);
    figures->maximum = fmax(figures->maximum, hour->maximum);
  }
  if (weight > 0)
    figures->average = sum / weight;
}

void rollup_combine(const struct rollup *hours, size_t count, int64_t at_ms, struct rollup *day) {
  assert(count > 0);
  begin(day, at_ms);
  for (size_t i = 0; i < count; i++) {
    day->samples += hours[i].samples;
    day->missed += hours[i].missed;
    day->online_s += hours[i].online_s;
    day->hashing_s += hours[i].hashing_s;
    day->shares_accepted += hours[i].shares_accepted;
    day->shares_rejected += hours[i].shares_rejected;
    day->energy_wh += hours[i].energy_wh;
    day->best_diff = fmax(day->best_diff, hours[i].best_diff);
  }
  day->last_accepted = hours[count - 1].last_accepted;
  day->last_rejected = hours[count - 1].last_rejected;
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    combine_metric(hours, count, metric, &day->metrics[metric]);
}
