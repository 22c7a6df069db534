/* Asks every miner in its turn: one request in flight a miner, spread over the
 * interval, slower for a device whose web server struggles. What comes back
 * goes into the pipeline; nothing else makes requests to a miner.
 *
 * The schedule's ticks lie at whole multiples of the interval plus a phase of
 * the miner's own, so that miners do not come all at once and the samples of
 * one miner are evenly spaced. Loop thread only. */
#ifndef ENGINE_POLLER_H
#define ENGINE_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/fleet.h"
#include "engine/pipeline.h"
#include "miner/miner_driver.h"
#include "net/http_client.h"

struct poller;

struct poller_options {
  uv_loop_t *loop;
  struct log *log;
  struct fleet *fleet;
  struct pipeline *pipeline;
  struct http_client *http;
  int64_t interval_ms;
  bool allow_public;

  /* A miner was met at another one's address: `there` answers where `asked` was
   * asked. The engine moves addresses; may be NULL. */
  void (*met_other)(struct fleet_miner *asked, struct fleet_miner *there, void *arg);
  void *arg;
};

struct poller *poller_create(const struct poller_options *options);

/* Starts asking the miner: soon, or in its next turn when it was asked just now. */
void poller_add(struct poller *poller, int64_t miner_id, bool asked_just_now);

/* Stops asking; an answer that is on its way is dropped. */
void poller_remove(struct poller *poller, int64_t miner_id);

/* Its address changed: what is on its way is dropped, asks again at once. */
void poller_restart(struct poller *poller, int64_t miner_id);

/* Asks now, or joins the request in flight, but not within a second of the last
 * one: then the answer is what is known. `done` runs once on the loop, after the
 * reading was ingested; the miner may be gone by then. */
void poller_ask_now(struct poller *poller, int64_t miner_id, void (*done)(void *arg), void *arg);

/* The device's next answer, as it sent it: joins the request in flight, else asks at once, but
 * no sooner than two seconds after the last one. However many want to hear it, the device
 * is asked once, and the answer counts as a reading like any other. `heard` runs once on the
 * loop, after the reading was ingested. `answer` is borrowed; NULL: it is watched no more. */
typedef void (*poller_heard)(const struct http_answer *answer, enum reason reason, void *arg);
void poller_hear(struct poller *poller, int64_t miner_id, poller_heard heard, void *arg);

struct poller_state {
  uint64_t polls, failed; /* finished since start */
  size_t in_flight;
  uint64_t late; /* polls that began more than half an interval after their tick */
};
void poller_state(const struct poller *poller, struct poller_state *state);

/* Cancels everything; frees itself; `stopped` runs on the loop. */
void poller_stop(struct poller *poller, void (*stopped)(void *arg), void *arg);

/* What became of one request, in the words of a miner's owner. Pure. For an
 * answered request it tells by status whether the body may be parsed: then
 * REASON_NONE. */
enum reason poller_reason(const struct http_answer *answer);

#endif
