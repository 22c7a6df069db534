/* When a letter is due and which days it tells of, on the clock of the owner's wall
 * (TZ). Pure but for the time zone. */
#ifndef INSIGHT_LETTER_TIME_H
#define INSIGHT_LETTER_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* One that could not be written on time comes later, but not after this. */
#define LETTER_TIME_LATE_MS INT64_C(86400000)

/* The newest moment, not after `now_ms`, at which a letter of that hour (of the day; of
 * Monday) is due. */
int64_t letter_time_due(bool weekly, int hour, int64_t now_ms);

/* Whether one is to be written now; `last_ms`: when the one before was, or when letters
 * were asked for. */
bool letter_time_is_due(bool weekly, int hour, int64_t last_ms, int64_t now_ms);

/* The day, or the seven days, before the local day of `due_ms`. */
void letter_time_span(bool weekly, int64_t due_ms, int64_t *from_ms, int64_t *to_ms);

#endif
