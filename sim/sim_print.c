#include "sim/sim_print.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char tabs[] = "\t\t\t\t\t\t\t\t";

void sim_print_init(struct sim_print *print, struct buf *out, bool pretty, bool long_numbers) {
  memset(print, 0, sizeof *print);
  print->out = out;
  print->pretty = pretty;
  print->long_numbers = long_numbers;
  print->array[0] = true; /* the top holds one value without a key */
}

/* Comma, line break, tabs and key: everything that stands before a value. */
static void lead(struct sim_print *print, const char *key) {
  struct buf *out = print->out;
  int depth = print->depth;
  assert((key == NULL) == print->array[depth]);
  if (print->started[depth])
    buf_append(out, ", ", print->array[depth] && print->pretty ? 2 : 1);
  print->started[depth] = true;
  if (key == NULL)
    return;
  if (print->pretty) {
    buf_append_char(out, '\n');
    buf_append(out, tabs, (size_t)depth);
  }
  buf_append_char(out, '"');
  buf_append_text(out, key);
  buf_append_text(out, print->pretty ? "\":\t" : "\":");
}

static void enter(struct sim_print *print, const char *key, bool array) {
  lead(print, key);
  assert(print->depth + 1 < SIM_PRINT_DEPTH);
  print->depth++;
  print->started[print->depth] = false;
  print->array[print->depth] = array;
  buf_append_char(print->out, array ? '[' : '{');
}

static void leave(struct sim_print *print, bool array) {
  assert(print->depth > 0 && print->array[print->depth] == array);
  print->depth--;
  if (print->pretty && !array) {
    buf_append_char(print->out, '\n');
    buf_append(print->out, tabs, (size_t)print->depth);
  }
  buf_append_char(print->out, array ? ']' : '}');
}

void sim_print_object(struct sim_print *print, const char *key) {
  enter(print, key, false);
}
void sim_print_object_end(struct sim_print *print) {
  leave(print, false);
}
void sim_print_array(struct sim_print *print, const char *key) {
  enter(print, key, true);
}
void sim_print_array_end(struct sim_print *print) {
  leave(print, true);
}

void sim_print_text(struct sim_print *print, const char *key, const char *text) {
  lead(print, key);
  buf_append_char(print->out, '"');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      buf_append_char(print->out, '\\');
    buf_append_char(print->out, *c);
  }
  buf_append_char(print->out, '"');
}

void sim_print_bool(struct sim_print *print, const char *key, bool value) {
  sim_print_raw(print, key, value ? "true" : "false");
}

void sim_print_raw(struct sim_print *print, const char *key, const char *json) {
  lead(print, key);
  buf_append_text(print->out, json);
}

static void print_17(struct buf *out, double value) {
  char text[40];
  snprintf(text, sizeof text, "%.15g", value);
  double back = 0;
  if (sscanf(text, "%lg", &back) != 1 || back != value)
    snprintf(text, sizeof text, "%.17g", value);
  buf_append_text(out, text);
}

void sim_print_number(struct buf *out, double value, int decimals) {
  static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
  assert(decimals >= 0 && decimals <= 7);
  double scaled = value * scales[decimals];
  if (!isfinite(value)) {
    buf_append_text(out, "null");
    return;
  }
  if (fabs(scaled) > 9e15) {
    print_17(out, value);
    return;
  }
  int64_t rest = llround(fabs(scaled));
  bool negative = value < 0 && rest > 0;
  while (decimals > 0 && rest % 10 == 0) {
    rest /= 10;
    decimals--;
  }
  char text[32];
  int at = (int)sizeof text;
  for (int digit = 0; digit < decimals || digit == decimals || rest > 0; digit++) {
    if (digit == decimals && decimals > 0)
      text[--at] = '.';
    text[--at] = (char)('0' + rest % 10);
    rest /= 10;
  }
  if (negative)
    text[--at] = '-';
  buf_append(out, text + at, sizeof text - (size_t)at);
}

void sim_print_int(struct sim_print *print, const char *key, double value) {
  lead(print, key);
  if (fabs(value) >= 1e15)
    print_17(print->out, value);
  else
    sim_print_number(print->out, value, 0);
}

void sim_print_float(struct sim_print *print, const char *key, double value) {
  lead(print, key);
  double single = (double)(float)value;
  bool round_number = floor(single * 1024) == single * 1024;
  if (print->long_numbers && !round_number && isfinite(single))
    print_17(print->out, single);
  else
    sim_print_number(print->out, value, 7);
}
