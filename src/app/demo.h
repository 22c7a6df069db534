/* The demo: three simulated miners from the program's companion `bitaxe-sim`, a
 * child process that ends with us. They are watched like real ones and marked.
 *
 * Life: demo_create -> demo_start (at once with --demo, or when the owner asks)
 * -> demo_end (the simulated miners are no longer watched) -> ... -> demo_close ->
 * demo_destroy. * Loop thread only. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/engine.h"

struct demo;

/* Simulated miners that an earlier run left behind are removed from view. */
struct demo *demo_create(uv_loop_t *loop, struct engine *engine, struct log *log);

typedef void (*demo_done)(const struct err *err, void *arg); /* err NULL: done */

/* Starts the simulator and watches its miners; `done` once, on the loop. Does
 * nothing when it runs already. */
void demo_start(struct demo *demo, demo_done done, void *arg);

/* Stops the simulator and removes its miners from view. */
void demo_end(struct demo *demo, demo_done done, void *arg);

/* Ends the child and closes the handles; before engine_stop. Callbacks of the
 * engine may still come. */
void demo_close(struct demo *demo);

/* After the engine has stopped and the loop ran the close callbacks. */
void demo_destroy(struct demo *demo); /* NULL accepted */

#endif
