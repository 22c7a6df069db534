#include "api/metrics/exposition.h"

#include <math.h>

void exposition_family(struct exposition *exposition, const struct exposition_family *family) {
  bool counter = family->type == EXPOSITION_COUNTER;
  /* Prometheus text names a counter's family with its suffix, OpenMetrics without. */
  const char *suffix = counter && !exposition->openmetrics ? "_total" : "";
  buf_printf(exposition->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", family->name, suffix,
             family->help, family->name, suffix, counter ? "counter" : "gauge");
}

void exposition_value(struct exposition *exposition, const struct exposition_family *family,
                      const char *labels, double value) {
  if (isnan(value))
    return;
  struct buf *out = exposition->out;
  buf_append_text(out, family->name);
  if (family->type == EXPOSITION_COUNTER)
    buf_append_text(out, "_total");
  if (labels[0] != '\0') {
    buf_append_char(out, '{');
    buf_append_text(out, labels);
    buf_append_char(out, '}');
  }
  buf_append_char(out, ' ');
  if (fabs(value) < 1e15 && value == trunc(value)) /* most are 0 or 1 */
    buf_append_i64(out, (int64_t)value);
  else
    buf_printf(out, "%.15g", value);
  buf_append_char(out, '\n');
}

void exposition_label(struct buf *labels, const char *name, const char *value) {
  if (labels->length > 0)
    buf_append_char(labels, ',');
  buf_append_text(labels, name);
  buf_append_text(labels, "=\"");
  for (; *value != '\0'; value++) {
    if (*value == '\n') {
      buf_append_text(labels, "\\n");
      continue;
    }
    if (*value == '\\' || *value == '"')
      buf_append_char(labels, '\\');
    buf_append_char(labels, *value);
  }
  buf_append_char(labels, '"');
}

void exposition_end(struct exposition *exposition) {
  if (exposition->openmetrics)
    buf_append_text(exposition->out, "# EOF\n");
}
