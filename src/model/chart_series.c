#include "model/chart_series.h"

#include <string.h>

static const enum metric metrics[CHART_FIGURE_COUNT] = {
    [CHART_HASHRATE] = METRIC_HASHRATE_GHS,
    [CHART_EXPECTED] = METRIC_EXPECTED_HASHRATE_GHS,
    [CHART_CHIP_TEMP] = METRIC_CHIP_TEMP_C,
};

void chart_series_init(struct chart_series *series, int64_t from_ms, int64_t to_ms) {
  memset(series, 0, sizeof *series);
  series->from_ms = from_ms;
  series->to_ms = to_ms > from_ms ? to_ms : from_ms + 1;
}

static int column_of(const struct chart_series *series, int64_t at_ms) {
  double share = (double)(at_ms - series->from_ms) / (double)(series->to_ms - series->from_ms);
  int column = (int)(share * CHART_SERIES_COLUMNS);
  return column < CHART_SERIES_COLUMNS ? column : CHART_SERIES_COLUMNS - 1;
}

static void value_add(struct chart_value *value, double low, double high, double mean) {
  if (!metric_is_known(mean))
    return;
  if (value->weight == 0 || low < value->low)
    value->low = low;
  if (value->weight == 0 || high > value->high)
    value->high = high;
  value->sum += mean;
  value->weight += 1;
}

void chart_series_add(struct chart_series *series, const struct sample *sample) {
  if (sample->at_ms < series->from_ms || sample->at_ms >= series->to_ms ||
      (sample->flags & SAMPLE_MISSED) != 0)
    return;
  struct chart_column *column = &series->columns[column_of(series, sample->at_ms)];
  column->answered = true;
  for (int i = 0; i < CHART_FIGURE_COUNT; i++) {
    double value = sample->values[metrics[i]];
    value_add(&column->values[i], value, value, value);
  }
}

void chart_series_add_rollup(struct chart_series *series, const struct rollup *rollup,
                             int64_t to_ms) {
  int64_t from_ms = rollup->at_ms > series->from_ms ? rollup->at_ms : series->from_ms;
  int64_t end_ms = to_ms < series->to_ms ? to_ms : series->to_ms;
  if (from_ms >= end_ms || rollup->samples <= rollup->missed)
    return;
  int last = column_of(series, end_ms - 1);
  for (int i = column_of(series, from_ms); i <= last; i++) {
    struct chart_column *column = &series->columns[i];
    column->answered = true;
    for (int figure = 0; figure < CHART_FIGURE_COUNT; figure++) {
      const struct rollup_metric *metric = &rollup->metrics[metrics[figure]];
      value_add(&column->values[figure], metric->minimum, metric->maximum, metric->average);
    }
  }
}

static void value_join(struct chart_value *all, double value) {
  if (!metric_is_known(value))
    return;
  all->low = all->high = all->sum += value;
  all->weight = 1;
}

void chart_series_join(struct chart_series *all, const struct chart_series *other) {
  double expected = METRIC_UNKNOWN;
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    struct chart_column *column = &all->columns[i];
    struct chart_value *heat = &column->values[CHART_CHIP_TEMP];
    double mean = chart_series_mean(other, i, CHART_EXPECTED);
    double chip = chart_series_mean(other, i, CHART_CHIP_TEMP);
    expected = metric_is_known(mean) ? mean : expected;
    column->answered = column->answered || other->columns[i].answered;
    value_join(&column->values[CHART_HASHRATE], chart_series_mean(other, i, CHART_HASHRATE));
    value_join(&column->values[CHART_EXPECTED], expected);
    if (metric_is_known(chip) && (heat->weight == 0 || chip > heat->sum))
      *heat = (struct chart_value){.low = chip, .high = chip, .sum = chip, .weight = 1};
  }
}

double chart_series_mean(const struct chart_series *series, int column, enum chart_figure figure) {
  const struct chart_value *value = &series->columns[column].values[figure];
  return value->weight > 0 ? value->sum / value->weight : METRIC_UNKNOWN;
}

bool chart_series_gap(const struct chart_series *series, int *begin, int *end) {
  int64_t column_ms = (series->to_ms - series->from_ms) / CHART_SERIES_COLUMNS;
  for (int i = *begin; i < CHART_SERIES_COLUMNS; i++) {
    int after = i;
    while (after < CHART_SERIES_COLUMNS && !series->columns[after].answered)
      after++;
    if (after > i && (after - i) * column_ms >= CHART_SERIES_GAP_MS) {
      *begin = i;
      *end = after;
      return true;
    }
    i = after;
  }
  return false;
}

bool chart_series_bounds(const struct chart_series *series, enum chart_figure figure, double *low,
                         double *high) {
  bool known = false;
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    const struct chart_value *value = &series->columns[i].values[figure];
    if (value->weight == 0)
      continue;
    if (!known || value->low < *low)
      *low = value->low;
    if (!known || value->high > *high)
      *high = value->high;
    known = true;
  }
  return known;
}

double chart_series_average(const struct chart_series *series, enum chart_figure figure) {
  double sum = 0;
  int count = 0;
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    double mean = chart_series_mean(series, i, figure);
    if (!metric_is_known(mean))
      continue;
    sum += mean;
    count++;
  }
  return count > 0 ? sum / count : METRIC_UNKNOWN;
}
