/* Keeps to how many messages a service takes in a while. Pure: time is an
 * argument, monotonic. */
#ifndef ENGINE_COURIER_PACE_H
#define ENGINE_COURIER_PACE_H

#include <stddef.h>
#include <stdint.h>

enum { PACE_BURST_MAX = 32 };

/* Zero is the state of one that has sent nothing. */
struct pace {
  int64_t sent_mono_ms[PACE_BURST_MAX]; /* a ring of the newest */
  size_t count;                         /* ever */
};

void pace_note(struct pace *pace, int64_t mono_ms);

/* From when on one more may go so that no window holds more than `burst`. 0: at once. */
int64_t pace_due_ms(const struct pace *pace, int burst, int64_t window_ms);

#endif
