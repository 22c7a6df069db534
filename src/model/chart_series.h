/* What a picture of one miner's hours or days is drawn from: time cut into narrow
 * columns, each with the lowest, highest and average value of what was recorded in
 * it, so that no spike is lost. Pure; one thread at a time. */
#ifndef MODEL_CHART_SERIES_H
#define MODEL_CHART_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rollup.h"
#include "model/sample.h"

enum {
  CHART_SERIES_COLUMNS = 432,
  CHART_SERIES_GAP_MS = 180000, /* nothing recorded for so long is a gap */
};

enum chart_figure { CHART_HASHRATE, CHART_EXPECTED, CHART_CHIP_TEMP, CHART_FIGURE_COUNT };

struct chart_value {
  double low, high, sum;
  double weight; /* 0: nothing known */
};

struct chart_column {
  struct chart_value values[CHART_FIGURE_COUNT];
  bool answered; /* the miner did, at least once */
};

struct chart_series {
  int64_t from_ms, to_ms; /* from_ms <= t < to_ms */
  struct chart_column columns[CHART_SERIES_COLUMNS];
};

void chart_series_init(struct chart_series *series, int64_t from_ms, int64_t to_ms);

/* What lies outside the range is ignored. */
void chart_series_add(struct chart_series *series, const struct sample *sample);

/* An hour or day fills all the columns that it covers, up to `to_ms`. */
void chart_series_add_rollup(struct chart_series *series, const struct rollup *rollup,
                             int64_t to_ms);

/* Adds another miner's series of the same range to one that stands for several: the hashrates in
 * sum, of the chips the hottest. While the other is silent it gives nothing, and what is
 * expected of it stays: the gap between the two shows. Each column has one value then. */
void chart_series_join(struct chart_series *all, const struct chart_series *other);

/* NaN when nothing is known. */
double chart_series_mean(const struct chart_series *series, int column, enum chart_figure figure);

/* The first stretch of columns at or after `*begin` in which the miner was silent
 * for CHART_SERIES_GAP_MS or longer: [*begin, *end). False when there is none. */
bool chart_series_gap(const struct chart_series *series, int *begin, int *end);

/* The lowest and highest of all; false when nothing is known. */
bool chart_series_bounds(const struct chart_series *series, enum chart_figure figure, double *low,
                         double *high);

/* The average over the whole range; NaN when nothing is known. */
double chart_series_average(const struct chart_series *series, enum chart_figure figure);

#endif
