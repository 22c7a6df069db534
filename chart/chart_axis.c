#include "chart/chart_axis.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "base/str.h"
#include "model/text.h"

static const int64_t MINUTE_MS = 60000, DAY_MS = INT64_C(24) * 3600 * 1000;

struct chart_axis chart_axis_values(double low, double high, int lines) {
  static const double round[] = {1, 2, 5, 10};
  double span = high > low ? high - low : 1;
  double power = pow(10, floor(log10(span / lines)));
  struct chart_axis axis = {.step = 10 * power};
  for (size_t i = 0; i < sizeof round / sizeof round[0]; i++) {
    if (span / (round[i] * power) <= lines) {
      axis.step = round[i] * power;
      break;
    }
  }
  axis.low = floor(low / axis.step) * axis.step;
  axis.high = ceil(high / axis.step) * axis.step;
  if (axis.high <= axis.low)
    axis.high = axis.low + axis.step;
  for (double step = axis.step; axis.decimals < 4 && fabs(step - nearbyint(step)) > 1e-6;
       step *= 10)
    axis.decimals++;
  return axis;
}

int64_t chart_axis_step_ms(int64_t span_ms, int labels) {
  static const int minutes[] = {5, 10, 30, 60, 120, 180, 240, 360, 720};
  static const int days[] = {1, 2, 7, 14, 30};
  for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
    if (span_ms / (minutes[i] * MINUTE_MS) < labels)
      return minutes[i] * MINUTE_MS;
  }
  for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
    if (span_ms / (days[i] * DAY_MS) <= labels)
      return days[i] * DAY_MS;
  }
  return 365 * DAY_MS;
}

static int64_t zone_ms(int64_t at_ms) {
  time_t seconds = (time_t)(at_ms / 1000);
  struct tm local;
  return localtime_r(&seconds, &local) == NULL ? 0 : (int64_t)local.tm_gmtoff * 1000;
}

int64_t chart_axis_first_ms(int64_t from_ms, int64_t step_ms) {
  int64_t local_ms = from_ms + zone_ms(from_ms);
  int64_t into_ms = local_ms % step_ms;
  return from_ms + (into_ms == 0 ? 0 : step_ms - into_ms);
}

static void write_day(const struct tm *local, const char *language,
                      char label[CHART_AXIS_LABEL_MAX]) {
  char key[16], day[16];
  struct buf text;
  snprintf(key, sizeof key, "weekday.%d", local->tm_wday % 7);
  snprintf(day, sizeof day, "%d", local->tm_mday);
  const struct text_value values[] = {{"weekday", text_get(language, key)}, {"day", day}};
  buf_init(&text);
  text_write(&text, language, "chart.day_label", values, 2);
  str_copy(label, CHART_AXIS_LABEL_MAX, text.data);
  buf_finish(&text);
}

void chart_axis_label(int64_t at_ms, int64_t step_ms, const char *language,
                      char label[CHART_AXIS_LABEL_MAX]) {
  time_t seconds = (time_t)(at_ms / 1000);
  struct tm local;
  label[0] = '\0';
  if (localtime_r(&seconds, &local) == NULL)
    return;
  if (step_ms >= DAY_MS)
    write_day(&local, language, label);
  else
    snprintf(label, CHART_AXIS_LABEL_MAX, "%02d:%02d", local.tm_hour, local.tm_min);
}
