/* Writing figures for Prometheus: its text format 0.0.4 and OpenMetrics 1.0. A
 * family is a name with its meaning; then come its samples, one a line. Unknown
 * values are left out, since a scrape knows no null. */
#ifndef API_METRICS_EXPOSITION_H
#define API_METRICS_EXPOSITION_H

#include <stdbool.h>

#include "base/buf.h"

struct exposition {
  struct buf *out;
  bool openmetrics;
};

enum exposition_type { EXPOSITION_GAUGE, EXPOSITION_COUNTER };

struct exposition_family {
  const char *name; /* a counter's without "_total" */
  const char *help;
  enum exposition_type type;
};

void exposition_family(struct exposition *exposition, const struct exposition_family *family);

/* `labels` is the finished text between the braces ("" for none), as made by
 * exposition_label. NaN writes nothing. */
void exposition_value(struct exposition *exposition, const struct exposition_family *family,
                      const char *labels, double value);

/* Appends name="value" with the value escaped, after a comma where one is due. */
void exposition_label(struct buf *labels, const char *name, const char *value);

/* The line that ends an OpenMetrics text. */
void exposition_end(struct exposition *exposition);

#endif
