#include "support/wait_until.h"

#include <time.h>

#include "base/clock.h"

static void on_tick(uv_timer_t *timer) {
  (void)timer; /* its only use is to end the turn */
}

static void on_closed(uv_handle_t *handle) {
  *(bool *)handle->data = true;
}

bool wait_until_loop(uv_loop_t *loop, wait_condition condition, void *arg) {
  int64_t deadline_ms = clock_mono_ms() + WAIT_DEADLINE_MS;
  uv_timer_t tick;
  uv_timer_init(loop, &tick);
  uv_timer_start(&tick, on_tick, 10, 10);
  bool holds = condition(arg);
  while (!holds && clock_mono_ms() < deadline_ms) {
    uv_run(loop, UV_RUN_ONCE);
    holds = condition(arg);
  }
  bool closed = false;
  tick.data = &closed;
  uv_close((uv_handle_t *)&tick, on_closed);
  while (!closed) /* the handle lives on this stack: the loop must let go of it */
    uv_run(loop, UV_RUN_NOWAIT);
  return holds;
}

bool wait_until(wait_condition condition, void *arg) {
  int64_t deadline_ms = clock_mono_ms() + WAIT_DEADLINE_MS;
  while (!condition(arg)) {
    if (clock_mono_ms() >= deadline_ms)
      return false;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
  return true;
}
