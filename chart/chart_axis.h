/* Where the lines of a chart's axes stand. Pure but for the machine's time zone. */
#ifndef CHART_CHART_AXIS_H
#define CHART_CHART_AXIS_H

#include <stdint.h>

/* An axis of values: whole multiples of a round step (1, 2 or 5 times a power of
 * ten) that hold [low, high], with about `lines` steps. */
struct chart_axis {
  double low, high, step;
  int decimals; /* that labels need */
};
struct chart_axis chart_axis_values(double low, double high, int lines);

/* How far apart the labels of a span of time stand, at most `labels` of them, and
 * the first of them at or after `from_ms`: round times of the local clock. */
int64_t chart_axis_step_ms(int64_t span_ms, int labels);
int64_t chart_axis_first_ms(int64_t from_ms, int64_t step_ms);

enum { CHART_AXIS_LABEL_MAX = 24 };

/* "16:00", or "Sun 22" in that language when the step is a day or more. */
void chart_axis_label(int64_t at_ms, int64_t step_ms, const char *language,
                      char label[CHART_AXIS_LABEL_MAX]);

#endif
