/* What bitaxe-chart is told to draw, and how it is written down on the way there.
 * One JSON object; unknown is null:
 *
 *   {"title": "Garage", "range": "last 24 hours", "chip_limit_c": 65, "language": "en", "miners":
 * 1, "from_ms": 1795276800000, "to_ms": 1795363200000, "columns": [[0, 990.5, 1120, 1071.25, 1071,
 * 1071, 1071, 55, 57.5, 56], ...]}
 *
 * A column stands for 1/432 of the time. It has its number, then lowest, highest and
 * average of the hashrate (GH/s), of what was expected, and of the chip's temperature
 * (Celsius), of several miners the hashrates together and the hottest chip. A column that is not
 * listed is one in which none answered. */
#ifndef MODEL_CHART_ORDER_H
#define MODEL_CHART_ORDER_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/channel.h"
#include "model/chart_series.h"
#include "model/miner.h"

enum { CHART_ORDER_RANGE_MAX = 48, CHART_ORDER_MAX_BYTES = 256 * 1024 };

struct chart_order {
  char title[MINER_NAME_MAX];          /* the miner's name, or "Your 3 miners" */
  char range[CHART_ORDER_RANGE_MAX];   /* "last 24 hours" */
  double chip_limit_c;                 /* drawn as a line; NaN: none */
  char language[CHANNEL_LANGUAGE_MAX]; /* of the words around it; "": English */
  int miners;                          /* that it is about, together */
  struct chart_series series;
};

/* Appends the JSON, fewer than CHART_ORDER_MAX_BYTES. */
void chart_order_format(const struct chart_order *order, struct buf *json);

/* Fills the order; ERR_CORRUPT when the bytes are none, or when a value is so far off
 * that it cannot be drawn. */
bool chart_order_parse(const char *json, size_t length, struct chart_order *order, struct err *err);

#endif
