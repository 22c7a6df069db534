/* The search for miners in the home network that a person begins: one at a time, with
 * its progress, and what was found waits here until it is added by engine_add_miner.
 * Addresses of miners that are watched and answer are not asked again.
 *
 * Life: scan_create -> scan_begin ... -> scan_stop. Loop thread. */
#ifndef ENGINE_SETUP_SCAN_H
#define ENGINE_SETUP_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "engine/fleet.h"
#include "engine/setup/home_network.h"
#include "model/miner.h"
#include "net/http_client.h"

struct scan;

enum scan_state { SCAN_IDLE, SCAN_RUNNING, SCAN_DONE, SCAN_CANCELLED };

/* "idle", "running", "done", "cancelled". */
const char *scan_state_name(enum scan_state state);

/* A device that answers as a miner. */
struct scan_found {
  char address[MINER_ADDRESS_MAX];
  char mac[MINER_MAC_SIZE]; /* "": it did not say */
  char model[MINER_TEXT_MAX], hostname[MINER_TEXT_MAX];
};

struct scan *scan_create(uv_loop_t *loop, struct http_client *http, struct fleet *fleet);

/* Forgets what the search before has found. ERR_CONFLICT while one is under way. */
bool scan_begin(struct scan *scan, const struct home_network *network, uint16_t port,
                struct err *err);

/* Of the search under way; nothing happens when there is none. */
void scan_cancel(struct scan *scan);

/* Of the newest search. */
struct scan_progress {
  enum scan_state state;
  struct home_network network;  /* not set while idle */
  size_t asked, total;          /* addresses */
  int64_t started_ms, ended_ms; /* wall time; 0: not yet */
};
void scan_progress(const struct scan *scan, struct scan_progress *progress);

/* In the order of finding. */
size_t scan_count(const struct scan *scan);
const struct scan_found *scan_at(const struct scan *scan, size_t index);

/* Cancels, then frees itself; `stopped` runs on the loop, after the last use of the HTTP
 * client, maybe at once. */
void scan_stop(struct scan *scan, void (*stopped)(void *arg), void *arg);

#endif
