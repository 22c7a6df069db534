#include "engine/courier/pace.h"

#include <assert.h>

void pace_note(struct pace *pace, int64_t mono_ms) {
  pace->sent_mono_ms[pace->count++ % PACE_BURST_MAX] = mono_ms;
}

int64_t pace_due_ms(const struct pace *pace, int burst, int64_t window_ms) {
  assert(burst <= PACE_BURST_MAX);
  if (burst <= 0 || pace->count < (size_t)burst)
    return 0;
  return pace->sent_mono_ms[(pace->count - (size_t)burst) % PACE_BURST_MAX] + window_ms;
}
