/* The fire drill: a miner that does not exist gets too hot and recovers, so that the
 * owner sees the real messages arrive on every channel. Its readings go through the
 * real rule; its episode is marked, and it is never in the fleet.
 *
 * Life: drill_create -> drill_start ... -> drill_close. Loop thread. */
#ifndef ENGINE_ALERTS_DRILL_H
#define ENGINE_ALERTS_DRILL_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "engine/alerts/desk.h"
#include "engine/pipeline.h"

struct drill;

struct drill_options {
  uv_loop_t *loop;
  struct desk *desk;
  struct pipeline *pipeline;
  int64_t hot_ms; /* until it recovers; 0: 15 s */
};

struct drill *drill_create(const struct drill_options *options);
void drill_close(struct drill *drill); /* frees it later, on the loop; NULL accepted */

/* ERR_CONFLICT while one is running. The alert is raised before this returns. */
bool drill_start(struct drill *drill, struct err *err);

struct drill_state {
  bool running;
  int64_t episode;     /* of the last one in this run; 0: there was none */
  int64_t started_ms;  /* wall time */
  int64_t recovers_ms; /* when it recovers, or did */
};
void drill_state_get(const struct drill *drill, struct drill_state *state);

#endif
