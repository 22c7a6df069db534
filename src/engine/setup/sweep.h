/* Asks a stretch of addresses whether a miner is there: each once, a few at a time,
 * GET of what a driver polls, nothing followed, nothing outside the home network. For
 * the finder (a miner that has moved) and the scan (all that there are).
 *
 * Life: sweep_start -> answered ... -> finished, once; the sweep is gone then. Loop
 * thread. */
#ifndef ENGINE_SETUP_SWEEP_H
#define ENGINE_SETUP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "miner/miner_driver.h"
#include "net/http_client.h"

struct sweep;

enum { SWEEP_AT_A_TIME_MAX = 32 };

struct sweep_options {
  uv_loop_t *loop;
  struct http_client *http;
  uint32_t first, last; /* IPv4, host byte order; both are asked */
  uint16_t port;
  int at_a_time; /* 1..SWEEP_AT_A_TIME_MAX */
  int connect_ms, answer_ms;

  /* True: not to be asked. NULL: all are. */
  bool (*skip)(const char *url, void *arg);
  /* A miner answers at `url`; both are borrowed. */
  void (*answered)(const char *url, const struct miner_report *report, void *arg);
  /* All were asked, or it was cancelled and nothing is under way any more. Never
   * before sweep_start has returned. */
  void (*finished)(void *arg);
  void *arg;
};

/* Asserts that first <= last and that the numbers are in their ranges. */
struct sweep *sweep_start(const struct sweep_options *options);

/* Ends early: nothing is said any more but `finished`. */
void sweep_cancel(struct sweep *sweep);

/* How many addresses have answered, failed or were skipped. */
size_t sweep_done(const struct sweep *sweep);

#endif
