/* The sealer: looks twice a minute whether a slot of miners is due and has it
 * sealed on the writer thread, one step at a time, so that a second's commit waits
 * for one step at most. What is overdue, after a start or a full disk, is worked
 * off in such steps, one behind the other.
 *
 * Life: sealer_create -> ... -> sealer_close, after db_threads_stop. Loop thread. */
#ifndef ENGINE_SEALER_H
#define ENGINE_SEALER_H

#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"

struct sealer;

struct sealer_options {
  uv_loop_t *loop;
  struct log *log;
  struct db_threads *db;
  struct fleet *fleet; /* how many there are bounds a step */
  int64_t first_ms;    /* until it first looks; 0: 20 s */
  int64_t period_ms;   /* 0: every two hours (seal_store.h); shorter for tests */
};

struct sealer *sealer_create(const struct sealer_options *options);

/* Frees it once the loop has run its close callback. NULL accepted. */
void sealer_close(struct sealer *sealer);

#endif
