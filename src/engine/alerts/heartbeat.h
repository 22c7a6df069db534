/* The dead man's switch: an address on the internet that is asked once a minute while
 * the monitor is well, that is while it polls and can keep what it reads. A service
 * behind it (healthchecks.io, Uptime Kuma and the like) tells the owner when it stops:
 * the one thing that a monitor cannot tell by itself. Off unless the owner names one.
 *
 * Life: heartbeat_create -> ... -> heartbeat_close, before the HTTP client. Loop thread. */
#ifndef ENGINE_ALERTS_HEARTBEAT_H
#define ENGINE_ALERTS_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "net/http_client.h"

struct heartbeat;

struct heartbeat_options {
  uv_loop_t *loop;
  struct log *log;
  struct http_client *http;
  const char *url; /* borrowed; http or https */
  bool (*is_well)(void *arg);
  void *arg;
  int64_t interval_ms; /* 0: a minute; the first beat comes after a sixth of it */
};

struct heartbeat *heartbeat_create(const struct heartbeat_options *options);

/* Cancels the call that is on its way; frees it later, on the loop. NULL accepted. */
void heartbeat_close(struct heartbeat *heartbeat);

#endif
