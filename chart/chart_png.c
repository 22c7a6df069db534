#include "chart/chart_png.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "chart/chart_axis.h"
#include "model/text.h"
#include "model/text_figure.h"

/* In pixels. A phone shows a picture at about 40 % of this, so that the smallest
 * letters are as large there as in a message. */
enum {
  LEFT = 104,
  RIGHT = CHART_PNG_WIDTH - 32,
  TITLE_SIZE = 36,
  LABEL_SIZE = 25,
  X_LABELS = 7,
  Y_LINES = 4,
  TITLE_ROOM = 96, /* bytes */
};

/* A band this far around the expected hashrate is where it normally is. */
static const double BAND = 0.10;

struct colour {
  double red, green, blue;
};
static const struct colour PAPER = {1, 1, 1};
static const struct colour INK = {0.13, 0.15, 0.19};
static const struct colour FAINT = {0.42, 0.45, 0.50};
static const struct colour GRID = {0.87, 0.88, 0.90};
static const struct colour GAP = {0.90, 0.90, 0.91};
static const struct colour EXPECTED = {0.85, 0.94, 0.87};
static const struct colour HASHRATE = {0.11, 0.44, 0.72};
static const struct colour HEAT = {0.80, 0.36, 0.09};
static const struct colour LIMIT = {0.78, 0.12, 0.16};

/* One of the two diagrams. */
struct panel {
  double top, bottom;
  char title[TITLE_ROOM];
  enum chart_figure figure;
  double scale; /* value x scale is what the axis shows */
  struct colour colour;
  struct chart_axis axis;
};

struct picture {
  cairo_t *cairo;
  const struct chart_series *series;
  const char *language;
};

static void set_colour(cairo_t *cairo, struct colour colour) {
  cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

static double column_x(int column) {
  return LEFT + (double)(RIGHT - LEFT) * column / CHART_SERIES_COLUMNS;
}

static double value_y(const struct panel *panel, double value) {
  double share = (value * panel->scale - panel->axis.low) / (panel->axis.high - panel->axis.low);
  share = share < 0 ? 0 : share > 1 ? 1 : share;
  return panel->bottom - share * (panel->bottom - panel->top);
}

/* ------------------------------------------------------------ text */

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

static double text_width(cairo_t *cairo, const char *text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cairo, text, &extents);
  return extents.x_advance;
}

static void write_at(cairo_t *cairo, double x, double y, enum align align, const char *text) {
  double width = text_width(cairo, text);
  cairo_move_to(cairo, align == ALIGN_LEFT ? x : x - (align == ALIGN_RIGHT ? width : width / 2), y);
  cairo_show_text(cairo, text);
}

static void use_font(cairo_t *cairo, double size, bool bold) {
  cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, size);
}

static void draw_head(const struct picture *picture, const struct chart_order *order) {
  cairo_t *cairo = picture->cairo;
  char title[128];
  str_sanitize(title, sizeof title, order->title, strlen(order->title));
  use_font(cairo, LABEL_SIZE, false);
  set_colour(cairo, FAINT);
  double width = text_width(cairo, order->range);
  write_at(cairo, RIGHT, 48, ALIGN_RIGHT, order->range);

  cairo_save(cairo); /* a long name ends before the range */
  cairo_rectangle(cairo, 0, 0, RIGHT - width - 24, 80);
  cairo_clip(cairo);
  use_font(cairo, TITLE_SIZE, true);
  set_colour(cairo, INK);
  write_at(cairo, 32, 48, ALIGN_LEFT, title);
  cairo_restore(cairo);
}

/* ------------------------------------------------------------ behind the lines */

static void draw_gaps(const struct picture *picture, const struct panel *panel) {
  int begin = 0, end = 0;
  set_colour(picture->cairo, GAP);
  while (chart_series_gap(picture->series, &begin, &end)) {
    cairo_rectangle(picture->cairo, column_x(begin), panel->top, column_x(end) - column_x(begin),
                    panel->bottom - panel->top);
    cairo_fill(picture->cairo);
    begin = end;
  }
}

static void draw_band(const struct picture *picture, const struct panel *panel) {
  set_colour(picture->cairo, EXPECTED);
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    double expected = chart_series_mean(picture->series, i, CHART_EXPECTED);
    if (!metric_is_known(expected) || expected <= 0)
      continue;
    double top = value_y(panel, expected * (1 + BAND));
    cairo_rectangle(picture->cairo, column_x(i), top, column_x(i + 1) - column_x(i) + 0.5,
                    value_y(panel, expected * (1 - BAND)) - top);
  }
  cairo_fill(picture->cairo);
}

static void draw_values_axis(const struct picture *picture, const struct panel *panel) {
  cairo_t *cairo = picture->cairo;
  use_font(cairo, LABEL_SIZE, false);
  cairo_set_line_width(cairo, 1);
  int lines = (int)nearbyint((panel->axis.high - panel->axis.low) / panel->axis.step);
  for (int i = 0; i <= lines; i++) {
    double value = panel->axis.low + i * panel->axis.step;
    double y = floor(value_y(panel, value / panel->scale)) + 0.5;
    char label[TEXT_FIGURE_SIZE];
    text_figure_number(label, picture->language, value, panel->axis.decimals);
    set_colour(cairo, GRID);
    cairo_move_to(cairo, LEFT, y);
    cairo_line_to(cairo, RIGHT, y);
    cairo_stroke(cairo);
    set_colour(cairo, FAINT);
    write_at(cairo, LEFT - 12, y + LABEL_SIZE * 0.36, ALIGN_RIGHT, label);
  }
  set_colour(cairo, INK);
  write_at(cairo, LEFT, panel->top - 14, ALIGN_LEFT, panel->title);
}

static double time_x(const struct chart_series *series, int64_t at_ms) {
  return LEFT + (double)(RIGHT - LEFT) * (double)(at_ms - series->from_ms) /
                    (double)(series->to_ms - series->from_ms);
}

static void draw_time_axis(const struct picture *picture, const struct panel *panel, bool labels) {
  const struct chart_series *series = picture->series;
  int64_t step_ms = chart_axis_step_ms(series->to_ms - series->from_ms, X_LABELS);
  use_font(picture->cairo, LABEL_SIZE, false);
  for (int64_t at_ms = chart_axis_first_ms(series->from_ms, step_ms); at_ms < series->to_ms;
       at_ms += step_ms) {
    double x = floor(time_x(series, at_ms)) + 0.5;
    char label[CHART_AXIS_LABEL_MAX];
    set_colour(picture->cairo, GRID);
    cairo_move_to(picture->cairo, x, panel->top);
    cairo_line_to(picture->cairo, x, panel->bottom);
    cairo_stroke(picture->cairo);
    chart_axis_label(at_ms, step_ms, picture->language, label);
    double half = text_width(picture->cairo, label) / 2;
    if (!labels || x - half < 8 || x + half > CHART_PNG_WIDTH - 8)
      continue;
    set_colour(picture->cairo, FAINT);
    write_at(picture->cairo, x, panel->bottom + LABEL_SIZE + 10, ALIGN_CENTRE, label);
  }
}

/* ------------------------------------------------------------ lines */

/* From the lowest to the highest of each column, pale: spikes stay visible. */
static void draw_spread(const struct picture *picture, const struct panel *panel) {
  struct colour colour = panel->colour;
  cairo_set_source_rgba(picture->cairo, colour.red, colour.green, colour.blue, 0.22);
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    const struct chart_value *value = &picture->series->columns[i].values[panel->figure];
    if (value->weight == 0)
      continue;
    double top = value_y(panel, value->high);
    double height = value_y(panel, value->low) - top;
    cairo_rectangle(picture->cairo, column_x(i), top, column_x(i + 1) - column_x(i), height);
  }
  cairo_fill(picture->cairo);
}

/* The averages as one line that stops where a gap begins. */
static void draw_line(const struct picture *picture, const struct panel *panel) {
  int gap = 0, gap_end = 0;
  bool more_gaps = chart_series_gap(picture->series, &gap, &gap_end);
  set_colour(picture->cairo, panel->colour);
  cairo_set_line_width(picture->cairo, 3);
  cairo_set_line_join(picture->cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(picture->cairo, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    if (more_gaps && i == gap) {
      cairo_new_sub_path(picture->cairo);
      cairo_stroke(picture->cairo);
      i = gap = gap_end;
      more_gaps = chart_series_gap(picture->series, &gap, &gap_end);
      if (i >= CHART_SERIES_COLUMNS)
        break;
    }
    double mean = chart_series_mean(picture->series, i, panel->figure);
    if (!metric_is_known(mean))
      continue;
    double x = (column_x(i) + column_x(i + 1)) / 2;
    double y = value_y(panel, mean);
    if (!cairo_has_current_point(picture->cairo))
      cairo_move_to(picture->cairo, x, y);
    cairo_line_to(picture->cairo, x, y);
  }
  cairo_stroke(picture->cairo);
}

static void draw_limit(const struct picture *picture, const struct panel *panel, double limit) {
  static const double dashes[] = {12, 8};
  double shown = limit * panel->scale;
  if (!metric_is_known(limit) || shown < panel->axis.low || shown > panel->axis.high)
    return;
  double y = floor(value_y(panel, limit)) + 0.5;
  set_colour(picture->cairo, LIMIT);
  cairo_set_line_width(picture->cairo, 2);
  cairo_set_dash(picture->cairo, dashes, 2, 0);
  cairo_move_to(picture->cairo, LEFT, y);
  cairo_line_to(picture->cairo, RIGHT, y);
  cairo_stroke(picture->cairo);
  cairo_set_dash(picture->cairo, NULL, 0, 0);
}

static void draw_nothing(const struct picture *picture, const struct panel *panel) {
  set_colour(picture->cairo, FAINT);
  write_at(picture->cairo, (LEFT + RIGHT) / 2.0, (panel->top + panel->bottom) / 2, ALIGN_CENTRE,
           text_get(picture->language, "chart.nothing"));
}

static void draw_panel(const struct picture *picture, const struct panel *panel, double limit,
                       bool last) {
  double low, high;
  draw_gaps(picture, panel);
  if (panel->figure == CHART_HASHRATE)
    draw_band(picture, panel);
  draw_values_axis(picture, panel);
  draw_time_axis(picture, panel, last);
  draw_limit(picture, panel, limit);
  if (!chart_series_bounds(picture->series, panel->figure, &low, &high)) {
    draw_nothing(picture, panel);
    return;
  }
  draw_spread(picture, panel);
  draw_line(picture, panel);
}

/* A coloured square with its word; returns where the next begins. */
static double draw_key(cairo_t *cairo, double x, struct colour colour, const char *word) {
  const double y = CHART_PNG_HEIGHT - 22;
  set_colour(cairo, colour);
  cairo_rectangle(cairo, x, y - 18, 22, 20);
  cairo_fill(cairo);
  set_colour(cairo, FAINT);
  write_at(cairo, x + 32, y, ALIGN_LEFT, word);
  return x + 32 + text_width(cairo, word) + 36;
}

/* ------------------------------------------------------------ the whole */

static void write_hashrate_title(const char *language, bool tera, char title[TITLE_ROOM]) {
  struct buf text;
  buf_init(&text);
  text_write(&text, language, "chart.hashrate",
             &(struct text_value){"unit", tera ? "TH/s" : "GH/s"}, 1);
  str_copy(title, TITLE_ROOM, text.data);
  buf_finish(&text);
}

/* From zero, so that a small dip looks small; up to the band's upper end. */
static struct panel hashrate_panel(const struct chart_order *order) {
  const struct chart_series *series = &order->series;
  double low = 0, high = 0, expected_low = 0, expected_high = 0;
  chart_series_bounds(series, CHART_HASHRATE, &low, &high);
  if (chart_series_bounds(series, CHART_EXPECTED, &expected_low, &expected_high))
    high = fmax(high, expected_high * (1 + BAND));
  bool tera = high >= 1000;
  struct panel panel = {.top = 122,
                        .bottom = 326,
                        .figure = CHART_HASHRATE,
                        .scale = tera ? 0.001 : 1,
                        .colour = HASHRATE};
  write_hashrate_title(order->language, tera, panel.title);
  panel.axis = chart_axis_values(0, high > 0 ? high * panel.scale : 1, Y_LINES);
  return panel;
}

/* Around the temperatures that occurred; the limit is shown when it is near. */
static struct panel heat_panel(const struct chart_order *order) {
  double low = 40, high = 60, limit_c = order->chip_limit_c;
  chart_series_bounds(&order->series, CHART_CHIP_TEMP, &low, &high);
  if (metric_is_known(limit_c) && limit_c > high && limit_c < high + 15)
    high = limit_c;
  struct panel panel = {
      .top = 402, .bottom = 546, .figure = CHART_CHIP_TEMP, .scale = 1, .colour = HEAT};
  str_copy(panel.title, TITLE_ROOM,
           text_get(order->language, order->miners > 1 ? "chart.hottest" : "chart.chip_temp"));
  panel.axis = chart_axis_values(low - 1, high + 1, Y_LINES - 1);
  return panel;
}

static void draw(const struct picture *picture, const struct chart_order *order) {
  cairo_t *cairo = picture->cairo;
  struct panel hashrate = hashrate_panel(order);
  struct panel heat = heat_panel(order);
  set_colour(cairo, PAPER);
  cairo_paint(cairo);
  draw_head(picture, order);
  draw_panel(picture, &hashrate, METRIC_UNKNOWN, false);
  draw_panel(picture, &heat, order->chip_limit_c, true);
  use_font(cairo, LABEL_SIZE, false);
  double x = draw_key(cairo, LEFT, EXPECTED, text_get(order->language, "chart.expected"));
  x = draw_key(cairo, x, GAP, text_get(order->language, "chart.no_data"));
  if (metric_is_known(order->chip_limit_c) && order->chip_limit_c <= heat.axis.high)
    draw_key(cairo, x, LIMIT, text_get(order->language, "chart.limit"));
}

static cairo_status_t append_bytes(void *png, const unsigned char *bytes, unsigned int size) {
  buf_append(png, bytes, size);
  return CAIRO_STATUS_SUCCESS;
}

bool chart_png_draw(const struct chart_order *order, struct buf *png, struct err *err) {
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, CHART_PNG_WIDTH, CHART_PNG_HEIGHT);
  struct picture picture = {cairo_create(surface), &order->series, order->language};
  draw(&picture, order);
  cairo_status_t status = cairo_status(picture.cairo);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, append_bytes, png);
  cairo_destroy(picture.cairo);
  cairo_surface_destroy(surface);
  return status == CAIRO_STATUS_SUCCESS ||
         err_set(err, ERR_IO, "%s", cairo_status_to_string(status));
}

void chart_png_finish(void) {
  cairo_debug_reset_static_data();
  FcFini();
}
