#include "model/text_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "model/text.h"

enum { GROUPED_FROM_DIGITS = 5, KEY_SIZE = 32 };

/* ------------------------------------------------------------ numbers */

/* From C's way of writing ("-12345.5") to the language's. What is no plain number, as 1e+20, stays.
 */
static void localise(char text[TEXT_FIGURE_SIZE], const char *language, const char *plain) {
  struct buf out;
  const char *digits = plain + (*plain == '-');
  size_t whole = strspn(digits, "0123456789");
  buf_init(&out);
  buf_append(&out, plain, (size_t)(digits - plain));
  for (size_t i = 0; i < whole; i++) {
    if (i > 0 && (whole - i) % 3 == 0 && whole >= GROUPED_FROM_DIGITS)
      buf_append_text(&out, text_get(language, "number.thousands"));
    buf_append_char(&out, digits[i]);
  }
  const char *rest = digits + whole;
  if (*rest == '.') {
    buf_append_text(&out, text_get(language, "number.decimal"));
    rest++;
  }
  buf_append_text(&out, rest);
  str_copy(text, TEXT_FIGURE_SIZE, out.data);
  buf_finish(&out);
}

void text_figure_number(char text[TEXT_FIGURE_SIZE], const char *language, double value,
                        int decimals) {
  char plain[TEXT_FIGURE_SIZE];
  if (!isfinite(value)) {
    str_copy(text, TEXT_FIGURE_SIZE, "?");
    return;
  }
  snprintf(plain, sizeof plain, fabs(value) < 1e15 ? "%.*f" : "%.*e", decimals, value);
  localise(text, language, plain);
}

void text_figure_short(char text[TEXT_FIGURE_SIZE], const char *language, double value) {
  char plain[TEXT_FIGURE_SIZE];
  snprintf(plain, sizeof plain, "%g", value);
  localise(text, language, plain);
}

static void append(char text[TEXT_FIGURE_SIZE], const char *words) {
  size_t length = strlen(text);
  snprintf(text + length, TEXT_FIGURE_SIZE - length, "%s", words);
}

void text_figure_scaled(char text[TEXT_FIGURE_SIZE], const char *language, double value,
                        const char *unit) {
  static const char letters[] = " kMGTPE";
  size_t step = 0;
  while (fabs(value) >= 1000 && step + 2 < sizeof letters) {
    value /= 1000;
    step++;
  }
  text_figure_number(text, language, value, step == 0 ? 0 : 2);
  if (step == 0 && unit[0] == '\0')
    return;
  const char letter[] = {' ', step == 0 ? '\0' : letters[step], '\0'};
  append(text, letter);
  append(text, unit);
}

void text_figure_hashrate(char text[TEXT_FIGURE_SIZE], const char *language, double ghs) {
  bool tera = ghs >= 1000;
  text_figure_number(text, language, tera ? ghs / 1000 : ghs, tera ? 2 : 0);
  append(text, tera ? " TH/s" : " GH/s");
}

const char *text_figure_unit(const char *language, const char *unit) {
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "unit.%s", unit);
  return text_has(key) ? text_get(language, key) : unit;
}

void text_figure_metric(char text[TEXT_FIGURE_SIZE], const char *language, enum metric metric,
                        double value) {
  const char *unit = text_figure_unit(language, metric_facts(metric)->unit);
  text_figure_number(text, language, value, metric_facts(metric)->decimals > 0 ? 1 : 0);
  append(text, unit[0] == '\0' ? "" : " ");
  append(text, unit);
}

/* ------------------------------------------------------------ time */

static void fill(char text[TEXT_FIGURE_SIZE], const char *language, const char *key,
                 const struct text_value values[3]) {
  struct buf out;
  buf_init(&out);
  text_write(&out, language, key, values, 3);
  str_copy(text, TEXT_FIGURE_SIZE, out.data);
  buf_finish(&out);
}

void text_figure_span(char text[TEXT_FIGURE_SIZE], const char *language, int64_t ms) {
  int64_t seconds = ms > 0 ? ms / 1000 : 0;
  int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  bool in_seconds = minutes == 0, in_minutes = hours == 0 && !in_seconds, in_days = days >= 2;
  int64_t count = in_seconds ? seconds : in_minutes ? minutes : days;
  const char *key = in_seconds   ? (count == 1 ? "span.second" : "span.seconds")
                    : in_minutes ? (count == 1 ? "span.minute" : "span.minutes")
                    : in_days    ? "span.days"
                                 : "span.hours";
  char figures[3][24];
  snprintf(figures[0], sizeof figures[0], "%lld", (long long)count);
  snprintf(figures[1], sizeof figures[1], "%lld", (long long)hours);
  snprintf(figures[2], sizeof figures[2], "%02d", (int)(minutes % 60));
  fill(text, language, key,
       (struct text_value[3]){
           {"count", figures[0]}, {"hours", figures[1]}, {"minutes", figures[2]}});
}

void text_figure_date(char text[TEXT_FIGURE_SIZE], const char *language, int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  char day[8], month[16];
  text[0] = '\0';
  if (localtime_r(&seconds, &local) == NULL)
    return;
  snprintf(day, sizeof day, "%d", local.tm_mday % 100);
  snprintf(month, sizeof month, "month.%d", local.tm_mon % 12 + 1);
  fill(text, language, "letter.date",
       (struct text_value[3]){{"day", day}, {"month", text_get(language, month)}});
}
