/* Waiting in tests: for a condition, with a deadline, never for a time. */
#ifndef SUPPORT_WAIT_UNTIL_H
#define SUPPORT_WAIT_UNTIL_H

#include <stdbool.h>
#include <uv.h>

/* Generous, because it only ends a test that hangs: machines under load are slow. */
enum { WAIT_DEADLINE_MS = 30000 };

typedef bool (*wait_condition)(void *arg);

/* Runs the loop until the condition holds: true; or until the deadline: false.
 * The condition is asked before the first turn and after each one; a turn ends at
 * the latest after 10 ms, so that a condition set by another thread is seen too. */
bool wait_until_loop(uv_loop_t *loop, wait_condition condition, void *arg);

/* The same for a test without a loop: asks once a millisecond. */
bool wait_until(wait_condition condition, void *arg);

#endif
