/* Looks for miners that have moved: when the router has given a miner another
 * address, the old one is silent or answered by somebody else. The neighbours of
 * the old address (its /24, the same port) are asked one after the other, a few
 * at a time, and the miner is known again by its MAC.
 *
 * Polite: only while a miner is missing, each sweep rarer than the one before
 * (from a minute to an hour), and never for a host name or outside the home
 * network. Loop thread only. */
#ifndef ENGINE_FINDER_H
#define ENGINE_FINDER_H

#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "engine/fleet.h"
#include "net/http_client.h"

struct finder;

struct finder_options {
  uv_loop_t *loop;
  struct log *log;
  struct fleet *fleet;
  struct http_client *http;
  int64_t missing_ms; /* gone for so long before it is looked for; 0: a minute */

  /* The miner answers at this address. */
  void (*found)(struct fleet_miner *miner, const char *url, void *arg);
  void *arg;
};

struct finder *finder_create(const struct finder_options *options);

/* Cancels a sweep; frees itself; `stopped` runs on the loop, after the last use of
 * the HTTP client. */
void finder_stop(struct finder *finder, void (*stopped)(void *arg), void *arg);

#endif
