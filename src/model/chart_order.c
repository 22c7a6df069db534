#include "model/chart_order.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/json_write.h"
#include "base/str.h"

static const int64_t LAST_MS = INT64_C(253402300799000); /* the end of the year 9999 */
static const int64_t LONGEST_MS = INT64_C(10) * 366 * 86400 * 1000;

/* Far above anything real, far below where a double's arithmetic overflows. */
static const double MOST = 1e30;

enum { DECIMALS = 3, FIELDS = 1 + 3 * CHART_FIGURE_COUNT };

/* ------------------------------------------------------------ write */

static void write_column(struct json_write *json, const struct chart_series *series, int index) {
  json_write_array(json, NULL);
  json_write_i64(json, NULL, index);
  for (int figure = 0; figure < CHART_FIGURE_COUNT; figure++) {
    const struct chart_value *value = &series->columns[index].values[figure];
    bool known = value->weight > 0;
    json_write_number(json, NULL, known ? value->low : METRIC_UNKNOWN, DECIMALS);
    json_write_number(json, NULL, known ? value->high : METRIC_UNKNOWN, DECIMALS);
    json_write_number(json, NULL, chart_series_mean(series, index, figure), DECIMALS);
  }
  json_write_array_end(json);
}

void chart_order_format(const struct chart_order *order, struct buf *out) {
  struct json_write json;
  json_write_init(&json, out);
  json_write_object(&json, NULL);
  json_write_text(&json, "title", order->title);
  json_write_text(&json, "range", order->range);
  json_write_number(&json, "chip_limit_c", order->chip_limit_c, DECIMALS);
  json_write_text(&json, "language", order->language);
  json_write_i64(&json, "miners", order->miners);
  json_write_i64(&json, "from_ms", order->series.from_ms);
  json_write_i64(&json, "to_ms", order->series.to_ms);
  json_write_array(&json, "columns");
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    if (order->series.columns[i].answered)
      write_column(&json, &order->series, i);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
}

/* ------------------------------------------------------------ read */

/* False when the value is neither null nor a number that can be drawn. */
static bool read_number(const struct json *value, double *out) {
  *out = METRIC_UNKNOWN;
  if (value != NULL && json_type(value) == JSON_NULL)
    return true;
  return json_number(value, out) && fabs(*out) <= MOST;
}

static bool read_column(const struct json *fields, struct chart_series *series) {
  const struct json *field = json_first(fields);
  int64_t index;
  if (json_type(fields) != JSON_ARRAY || json_count(fields) != FIELDS ||
      !json_i64(field, 0, CHART_SERIES_COLUMNS - 1, &index))
    return false;
  struct chart_column *column = &series->columns[index];
  column->answered = true;
  for (int figure = 0; figure < CHART_FIGURE_COUNT; figure++) {
    double figures[3]; /* lowest, highest, average */
    for (int i = 0; i < 3; i++) {
      field = json_next(field);
      if (!read_number(field, &figures[i]))
        return false;
    }
    if (!metric_is_known(figures[0]) || !metric_is_known(figures[1]) ||
        !metric_is_known(figures[2]))
      continue;
    column->values[figure] =
        (struct chart_value){.low = figures[0], .high = figures[1], .sum = figures[2], .weight = 1};
  }
  return true;
}

static bool read_order(const struct json *root, struct chart_order *order) {
  const char *title, *range, *language;
  int64_t from_ms, to_ms, miners;
  const struct json *columns = json_get(root, "columns");
  if (!json_text(json_get(root, "title"), &title) || !json_text(json_get(root, "range"), &range) ||
      !read_number(json_get(root, "chip_limit_c"), &order->chip_limit_c) ||
      !json_text(json_get(root, "language"), &language) ||
      !json_i64(json_get(root, "miners"), 0, INT_MAX, &miners) ||
      !json_i64(json_get(root, "from_ms"), 0, LAST_MS, &from_ms) ||
      !json_i64(json_get(root, "to_ms"), from_ms + 1, from_ms + LONGEST_MS, &to_ms) ||
      columns == NULL || json_type(columns) != JSON_ARRAY)
    return false;
  str_copy(order->title, sizeof order->title, title);
  str_copy(order->range, sizeof order->range, range);
  str_copy(order->language, sizeof order->language, language);
  order->miners = (int)miners;
  chart_series_init(&order->series, from_ms, to_ms);
  for (const struct json *column = json_first(columns); column != NULL;
       column = json_next(column)) {
    if (!read_column(column, &order->series))
      return false;
  }
  return true;
}

bool chart_order_parse(const char *json, size_t length, struct chart_order *order,
                       struct err *err) {
  const struct json_limits limits = {
      .size = CHART_ORDER_MAX_BYTES, .depth = 4, .values = CHART_SERIES_COLUMNS * (FIELDS + 2)};
  struct json *root = json_parse(json, length, &limits, err);
  if (root == NULL)
    return false;
  bool ok = read_order(root, order);
  json_free(root);
  return ok || err_set(err, ERR_CORRUPT, "what is to be drawn was not understood");
}
