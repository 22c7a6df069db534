/* JSON as the devices write it: compact (from 2.14), or with line breaks and
 * tabs (before), numbers with 17 digits (up to 2.11) or 7 decimals. Made for
 * speed: a farm of 10,000 devices is printed every second. Keys and texts are
 * our own and need little escaping. Begin and end come in pairs. */
#ifndef SIM_SIM_PRINT_H
#define SIM_SIM_PRINT_H

#include <stdbool.h>

#include "base/buf.h"

enum { SIM_PRINT_DEPTH = 8 };

struct sim_print {
  struct buf *out;
  bool pretty;
  bool long_numbers; /* 17 significant digits for what is no round number */
  int depth;
  bool started[SIM_PRINT_DEPTH]; /* something stands at this depth already */
  bool array[SIM_PRINT_DEPTH];
};

void sim_print_init(struct sim_print *print, struct buf *out, bool pretty, bool long_numbers);

/* `key` is NULL inside an array and at the top. */
void sim_print_object(struct sim_print *print, const char *key);
void sim_print_object_end(struct sim_print *print);
void sim_print_array(struct sim_print *print, const char *key);
void sim_print_array_end(struct sim_print *print);

void sim_print_text(struct sim_print *print, const char *key, const char *text);
void sim_print_bool(struct sim_print *print, const char *key, bool value);
void sim_print_raw(struct sim_print *print, const char *key, const char *json);

/* Rounded to a whole number; an exponent from 1e15 on, as cJSON writes. */
void sim_print_int(struct sim_print *print, const char *key, double value);
/* A measured value: 7 decimals or 17 digits, as the release does. */
void sim_print_float(struct sim_print *print, const char *key, double value);

/* A number with at most `decimals` (0..7) decimals, no trailing zeros. */
void sim_print_number(struct buf *out, double value, int decimals);

#endif
