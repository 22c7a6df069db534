/* Reduces any number of samples to the columns of a chart. As long as they are
 * no more than the points asked for, every sample is in it. Beyond that, time is
 * cut into stretches, and each gives two points that hold, for every figure, its
 * lowest and highest value in the order in which they came: no spike is lost.
 * Where nothing was recorded for three minutes or more stands one point of nulls,
 * so that no line is drawn across. Used by one thread; samples may come a little
 * out of order. */
#ifndef API_CHART_H
#define API_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json_write.h"
#include "model/rollup.h"
#include "model/sample.h"

enum {
  CHART_EFFICIENCY = METRIC_COUNT, /* follows from two figures */
  CHART_COLUMN_COUNT,
  CHART_GAP_MS = 180000,
};

/* Names of figures separated by commas -> a bit for each column; NULL or "" means
 * all. ERR_INVALID names the one that is unknown. */
bool chart_parse_columns(const char *text, uint64_t *mask, struct err *err);

struct chart_options {
  int64_t from_ms, to_ms; /* from_ms < to_ms */
  int64_t points;         /* 2 or more */
  uint64_t columns;       /* bits of enum metric and CHART_EFFICIENCY */
  int64_t gap_ms;         /* from here on a pause is a gap; 0: CHART_GAP_MS */
};

struct chart;

struct chart *chart_create(const struct chart_options *options);
void chart_destroy(struct chart *chart); /* NULL accepted */

/* Samples outside the range are ignored. */
void chart_add(struct chart *chart, const struct sample *sample);

/* An hour or day as two points: its lowest values at its begin, its highest in its
 * middle. Of counters it is what they stood at last. */
void chart_add_rollup(struct chart *chart, const struct rollup *rollup, int64_t to_ms);

/* The members `reduced`, `columns` and `data` of the object that is open. */
void chart_write(struct chart *chart, struct json_write *json);

#endif
