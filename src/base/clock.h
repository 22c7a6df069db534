/* Time. `mono_ms` counts from an arbitrary start and never jumps: for waits and
 * ages inside one run. `wall_ms` is UTC milliseconds since 1970: for records.
 * The two never mix. Pure code takes time as an argument; only the edges ask. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
int64_t clock_wall_ms(void);

enum { CLOCK_RFC3339_SIZE = 32 };

/* "2026-11-22T16:00:00.000Z" (RFC 3339, UTC, milliseconds). `text` has at least
 * CLOCK_RFC3339_SIZE bytes; years outside 0..9999 are clamped. Returns `text`. */
char *clock_format_rfc3339(int64_t wall_ms, char text[CLOCK_RFC3339_SIZE]);

/* Reads RFC 3339 with any offset and fraction, or a plain integer of
 * milliseconds since 1970. False when it is neither. */
bool clock_parse(const char *text, int64_t *wall_ms);

/* A span in plain words: "12 seconds", "3 minutes", "2 h 05 min", "3 days". */
char *clock_format_span(int64_t ms, char *text, int size);

#endif
