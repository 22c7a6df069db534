#include "api/chart.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const EFFICIENCY_NAME = "efficiency_j_th";

/* What one figure did in a stretch of time. */
struct extent {
  double low, high;
  int64_t low_ms, high_ms;
};

struct stretch {
  int64_t first_ms, last_ms; /* of its samples; first_ms 0: none */
};

/* Rows are exact while they fit, then they are poured into stretches. */
struct chart {
  struct chart_options options;
  int columns[CHART_COLUMN_COUNT];
  size_t column_count;

  int64_t *at_ms; /* one for each row */
  double *values; /* row after row */
  size_t rows, capacity;
  bool sorted;
  bool has_rollups;

  size_t stretch_count;
  struct stretch *stretches; /* NULL while rows are exact */
  struct extent *extents;    /* stretch after stretch */
};

bool chart_parse_columns(const char *text, uint64_t *mask, struct err *err) {
  _Static_assert(CHART_COLUMN_COUNT < 64, "a bit for each column");
  *mask = (UINT64_C(1) << CHART_COLUMN_COUNT) - 1;
  if (text == NULL || *text == '\0')
    return true;
  uint64_t wanted = 0;
  while (*text != '\0') {
    size_t length = strcspn(text, ",");
    char name[64];
    enum metric metric;
    snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), text);
    if (strcmp(name, EFFICIENCY_NAME) == 0)
      wanted |= UINT64_C(1) << CHART_EFFICIENCY;
    else if (metric_find(name, &metric))
      wanted |= UINT64_C(1) << metric;
    else
      return err_set(err, ERR_INVALID, "metrics names '%s', which is no figure of a miner", name);
    text += length;
    text += *text == ',';
  }
  *mask = wanted;
  return true;
}

struct chart *chart_create(const struct chart_options *options) {
  assert(options->from_ms < options->to_ms && options->points >= 2);
  struct chart *chart = mem_alloc(sizeof *chart);
  chart->options = *options;
  if (chart->options.gap_ms == 0)
    chart->options.gap_ms = CHART_GAP_MS;
  chart->sorted = true;
  for (int i = 0; i < CHART_COLUMN_COUNT; i++) {
    if ((options->columns >> i & 1) != 0)
      chart->columns[chart->column_count++] = i;
  }
  return chart;
}

void chart_destroy(struct chart *chart) {
  if (chart == NULL)
    return;
  free(chart->at_ms);
  free(chart->values);
  free(chart->stretches);
  free(chart->extents);
  free(chart);
}

static double column_value(const struct sample *sample, int column) {
  return column == CHART_EFFICIENCY ? sample_efficiency_j_th(sample) : sample->values[column];
}

static void extend(struct extent *extent, int64_t at_ms, double value) {
  if (isnan(value))
    return;
  if (isnan(extent->low) || value < extent->low) {
    extent->low = value;
    extent->low_ms = at_ms;
  }
  if (isnan(extent->high) || value > extent->high) {
    extent->high = value;
    extent->high_ms = at_ms;
  }
}

static void pour(struct chart *chart, int64_t at_ms, const double *values) {
  const struct chart_options *options = &chart->options;
  double part = (double)(at_ms - options->from_ms) / (double)(options->to_ms - options->from_ms);
  size_t index = (size_t)(part * (double)chart->stretch_count);
  if (index >= chart->stretch_count)
    index = chart->stretch_count - 1;

  struct stretch *stretch = &chart->stretches[index];
  if (stretch->first_ms == 0 || at_ms < stretch->first_ms)
    stretch->first_ms = at_ms;
  if (at_ms > stretch->last_ms)
    stretch->last_ms = at_ms;
  for (size_t c = 0; c < chart->column_count; c++)
    extend(&chart->extents[index * chart->column_count + c], at_ms, values[c]);
}

static void start_reducing(struct chart *chart) {
  chart->stretch_count = (size_t)chart->options.points / 2;
  chart->stretches = mem_alloc(chart->stretch_count * sizeof(struct stretch));
  size_t count = chart->stretch_count * chart->column_count;
  chart->extents = mem_alloc((count + 1) * sizeof(struct extent));
  for (size_t i = 0; i < count; i++)
    chart->extents[i] = (struct extent){.low = NAN, .high = NAN};
  for (size_t row = 0; row < chart->rows; row++)
    pour(chart, chart->at_ms[row], chart->values + row * chart->column_count);
  chart->rows = 0;
}

static void add_row(struct chart *chart, int64_t at_ms, const double *values) {
  if (chart->rows == chart->capacity) {
    chart->capacity = chart->capacity == 0 ? 256 : chart->capacity * 2;
    chart->at_ms = mem_resize(chart->at_ms, chart->capacity, sizeof(int64_t));
    chart->values =
        mem_resize(chart->values, chart->capacity * (chart->column_count + 1), sizeof(double));
  }
  if (chart->rows > 0 && at_ms < chart->at_ms[chart->rows - 1])
    chart->sorted = false;
  chart->at_ms[chart->rows] = at_ms;
  memcpy(chart->values + chart->rows * chart->column_count, values,
         chart->column_count * sizeof(double));
  chart->rows++;
}

static void add_values(struct chart *chart, int64_t at_ms, const double *values) {
  if (chart->stretches == NULL && (int64_t)chart->rows == chart->options.points)
    start_reducing(chart);
  if (chart->stretches != NULL)
    pour(chart, at_ms, values);
  else
    add_row(chart, at_ms, values);
}

static bool is_inside(const struct chart *chart, int64_t at_ms) {
  return at_ms >= chart->options.from_ms && at_ms < chart->options.to_ms;
}

void chart_add(struct chart *chart, const struct sample *sample) {
  if (!is_inside(chart, sample->at_ms))
    return;
  double values[CHART_COLUMN_COUNT] = {0};
  for (size_t c = 0; c < chart->column_count; c++)
    values[c] = column_value(sample, chart->columns[c]);
  add_values(chart, sample->at_ms, values);
}

static double counter_value(const struct rollup *rollup, enum metric metric) {
  if (metric == METRIC_SHARES_ACCEPTED)
    return metric_from_stored(metric, rollup->last_accepted);
  if (metric == METRIC_SHARES_REJECTED)
    return metric_from_stored(metric, rollup->last_rejected);
  return metric == METRIC_BEST_DIFF ? rollup->best_diff : METRIC_UNKNOWN;
}

/* Both efficiencies are that of the averages: the power at the moment of the
 * lowest hashrate is not known. */
static double rollup_value(const struct rollup *rollup, int column, bool high) {
  if (column == CHART_EFFICIENCY) {
    struct sample average = {.at_ms = rollup->at_ms};
    for (int i = 0; i < METRIC_COUNT; i++)
      average.values[i] = rollup->metrics[i].average;
    return sample_efficiency_j_th(&average);
  }
  if (!rollup_has((enum metric)column))
    return counter_value(rollup, (enum metric)column);
  const struct rollup_metric *metric = &rollup->metrics[column];
  return high ? metric->maximum : metric->minimum;
}

void chart_add_rollup(struct chart *chart, const struct rollup *rollup, int64_t to_ms) {
  double values[CHART_COLUMN_COUNT] = {0};
  chart->has_rollups = true;
  for (int high = 0; high <= 1; high++) {
    int64_t at_ms = high == 0 ? rollup->at_ms : rollup->at_ms + (to_ms - rollup->at_ms) / 2;
    for (size_t c = 0; c < chart->column_count; c++)
      values[c] = rollup_value(rollup, chart->columns[c], high == 1);
    if (is_inside(chart, at_ms))
      add_values(chart, at_ms, values);
  }
}

/* ------------------------------------------------------------ rows out */

/* A point of the chart: where to read it, or a gap. */
struct point {
  int64_t at_ms;
  size_t index; /* of the row or the stretch */
  enum { POINT_ROW, POINT_FIRST, POINT_LAST, POINT_GAP } kind;
};

struct points {
  struct point *items;
  size_t count;
  int64_t last_ms; /* of the last that is no gap; 0 none */
  int64_t gap_ms;
};

/* A gap needs a point of its own only between two points. */
static void put_point(struct points *points, struct point point) {
  if (points->last_ms > 0 && point.at_ms - points->last_ms >= points->gap_ms)
    points->items[points->count++] = (struct point){
        .at_ms = points->last_ms + (point.at_ms - points->last_ms) / 2, .kind = POINT_GAP};
  points->items[points->count++] = point;
  points->last_ms = point.at_ms;
}

static int compare_points(const void *a, const void *b) {
  int64_t x = ((const struct point *)a)->at_ms, y = ((const struct point *)b)->at_ms;
  return (x > y) - (x < y);
}

static void points_of_rows(const struct chart *chart, struct points *points) {
  struct point *rows = mem_alloc((chart->rows + 1) * sizeof *rows);
  for (size_t i = 0; i < chart->rows; i++)
    rows[i] = (struct point){.at_ms = chart->at_ms[i], .index = i, .kind = POINT_ROW};
  if (!chart->sorted)
    qsort(rows, chart->rows, sizeof *rows, compare_points);
  for (size_t i = 0; i < chart->rows; i++)
    put_point(points, rows[i]);
  free(rows);
}

/* Inside a stretch that is longer than a gap, its two points belong together:
 * they stand for all of it. */
static void points_of_stretches(const struct chart *chart, struct points *points) {
  for (size_t i = 0; i < chart->stretch_count; i++) {
    const struct stretch *stretch = &chart->stretches[i];
    if (stretch->first_ms == 0)
      continue;
    put_point(points, (struct point){stretch->first_ms, i, POINT_FIRST});
    if (stretch->last_ms == stretch->first_ms)
      continue;
    points->items[points->count++] = (struct point){stretch->last_ms, i, POINT_LAST};
    points->last_ms = stretch->last_ms;
  }
}

static double point_value(const struct chart *chart, const struct point *point, size_t column) {
  if (point->kind == POINT_GAP)
    return NAN;
  size_t at = point->index * chart->column_count + column;
  if (point->kind == POINT_ROW)
    return chart->values[at];
  const struct extent *extent = &chart->extents[at];
  bool low_first = extent->low_ms <= extent->high_ms;
  return (point->kind == POINT_FIRST) == low_first ? extent->low : extent->high;
}

static const char *column_name(int column) {
  return column == CHART_EFFICIENCY ? EFFICIENCY_NAME : metric_facts((enum metric)column)->name;
}

static int column_decimals(int column) {
  return column == CHART_EFFICIENCY ? 2 : metric_facts((enum metric)column)->decimals;
}

static void write_columns(const struct chart *chart, struct json_write *json,
                          const struct points *points) {
  json_write_array(json, "columns");
  json_write_text(json, NULL, "at_ms");
  for (size_t c = 0; c < chart->column_count; c++)
    json_write_text(json, NULL, column_name(chart->columns[c]));
  json_write_array_end(json);

  json_write_array(json, "data");
  json_write_array(json, NULL);
  for (size_t i = 0; i < points->count; i++)
    json_write_i64(json, NULL, points->items[i].at_ms);
  json_write_array_end(json);
  for (size_t c = 0; c < chart->column_count; c++) {
    int decimals = column_decimals(chart->columns[c]);
    json_write_array(json, NULL);
    for (size_t i = 0; i < points->count; i++)
      json_write_number(json, NULL, point_value(chart, &points->items[i], c), decimals);
    json_write_array_end(json);
  }
  json_write_array_end(json);
}

void chart_write(struct chart *chart, struct json_write *json) {
  size_t most = chart->stretches == NULL ? chart->rows : chart->stretch_count * 2;
  struct points points = {.items = mem_alloc((most * 2 + 1) * sizeof(struct point)),
                          .gap_ms = chart->options.gap_ms};
  if (chart->stretches == NULL)
    points_of_rows(chart, &points);
  else
    points_of_stretches(chart, &points);
  json_write_bool(json, "reduced", chart->stretches != NULL || chart->has_rollups);
  write_columns(chart, json, &points);
  free(points.items);
}
