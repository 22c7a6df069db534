#include "api/history/fleet_sum.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct average {
  double sum, weight;
};

/* What one miner did in a step. */
struct part {
  struct average hashrate, power;
  double answered, away; /* polls */
};

struct total {
  double hashrate_ghs, power_w;
  int64_t miners;
};

struct fleet_sum {
  int64_t first_ms, step_ms;
  size_t count;
  struct part *parts;
  struct total *totals;
};

int64_t fleet_sum_step_ms(int64_t span_ms, int64_t points) {
  static const int64_t minutes[] = {1,   2,   5,   10,   15,   30,    60,    120,
                                    180, 360, 720, 1440, 2880, 10080, 43200, 525600};
  enum { STEPS = sizeof minutes / sizeof minutes[0] };
  int64_t step_ms = 0;
  for (size_t i = 0; i < STEPS; i++) {
    step_ms = minutes[i] * 60000;
    if (step_ms * points >= span_ms)
      return step_ms;
  }
  while (step_ms * points < span_ms)
    step_ms *= 2;
  return step_ms;
}

struct fleet_sum *fleet_sum_create(int64_t from_ms, int64_t to_ms, int64_t step_ms) {
  assert(from_ms >= 0 && from_ms < to_ms && step_ms > 0);
  struct fleet_sum *sum = mem_alloc(sizeof *sum);
  sum->step_ms = step_ms;
  sum->first_ms = from_ms - from_ms % step_ms;
  sum->count = (size_t)((to_ms - 1 - sum->first_ms) / step_ms) + 1;
  sum->parts = mem_alloc(sum->count * sizeof *sum->parts);
  sum->totals = mem_alloc(sum->count * sizeof *sum->totals);
  return sum;
}

void fleet_sum_destroy(struct fleet_sum *sum) {
  if (sum == NULL)
    return;
  free(sum->parts);
  free(sum->totals);
  free(sum);
}

/* NULL outside the range. */
static struct part *part_at(struct fleet_sum *sum, int64_t at_ms) {
  if (at_ms < sum->first_ms)
    return NULL;
  size_t index = (size_t)((at_ms - sum->first_ms) / sum->step_ms);
  return index < sum->count ? &sum->parts[index] : NULL;
}

static void weigh(struct average *average, double value, double weight) {
  if (!metric_is_known(value))
    return;
  average->sum += value * weight;
  average->weight += weight;
}

/* One poll that failed says nothing yet; a miner that is held to be away is. */
void fleet_sum_add(struct fleet_sum *sum, const struct sample *sample) {
  struct part *part = part_at(sum, sample->at_ms);
  if (part == NULL)
    return;
  if ((sample->flags & SAMPLE_MISSED) != 0) {
    part->away += sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE;
    return;
  }
  part->answered += 1;
  weigh(&part->hashrate, sample->values[METRIC_HASHRATE_GHS], 1);
  weigh(&part->power, sample->values[METRIC_POWER_W], 1);
}

void fleet_sum_add_rollup(struct fleet_sum *sum, const struct rollup *rollup) {
  struct part *part = part_at(sum, rollup->at_ms);
  double answered = (double)(rollup->samples - rollup->missed);
  if (part == NULL)
    return;
  part->answered += answered;
  part->away += (double)rollup->missed;
  weigh(&part->hashrate, rollup->metrics[METRIC_HASHRATE_GHS].average, answered);
  weigh(&part->power, rollup->metrics[METRIC_POWER_W].average, answered);
}

static double share_of(const struct part *part, const struct average *average) {
  if (average->weight <= 0)
    return 0;
  return average->sum / average->weight * part->answered / (part->answered + part->away);
}

void fleet_sum_next_miner(struct fleet_sum *sum) {
  for (size_t i = 0; i < sum->count; i++) {
    const struct part *part = &sum->parts[i];
    if (part->answered <= 0)
      continue;
    sum->totals[i].miners++;
    sum->totals[i].hashrate_ghs += share_of(part, &part->hashrate);
    sum->totals[i].power_w += share_of(part, &part->power);
  }
  memset(sum->parts, 0, sum->count * sizeof *sum->parts);
}

static double known(const struct total *total, double value) {
  return total->miners > 0 ? value : METRIC_UNKNOWN;
}

void fleet_sum_write(const struct fleet_sum *sum, struct json_write *json) {
  static const char *const columns[] = {"at_ms", "hashrate_ghs", "power_w", "miners"};
  json_write_i64(json, "step_s", sum->step_ms / 1000);
  json_write_array(json, "columns");
  for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
    json_write_text(json, NULL, columns[c]);
  json_write_array_end(json);
  json_write_array(json, "data");
  json_write_array(json, NULL);
  for (size_t i = 0; i < sum->count; i++)
    json_write_i64(json, NULL, sum->first_ms + (int64_t)i * sum->step_ms);
  json_write_array_end(json);
  json_write_array(json, NULL);
  for (size_t i = 0; i < sum->count; i++)
    json_write_number(json, NULL, known(&sum->totals[i], sum->totals[i].hashrate_ghs), 2);
  json_write_array_end(json);
  json_write_array(json, NULL);
  for (size_t i = 0; i < sum->count; i++)
    json_write_number(json, NULL, known(&sum->totals[i], sum->totals[i].power_w), 2);
  json_write_array_end(json);
  json_write_array(json, NULL);
  for (size_t i = 0; i < sum->count; i++)
    json_write_i64(json, NULL, sum->totals[i].miners);
  json_write_array_end(json);
  json_write_array_end(json);
}
