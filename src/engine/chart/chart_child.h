/* One run of bitaxe-chart: the order goes to its standard input, the picture comes
 * from its standard output. It gets an environment without secrets (where the fonts'
 * cache lies, time zone, language), no file of ours, a deadline and a limit of size.
 *
 * Life: chart_child_start -> done, exactly once, from the loop; with it the memory
 * goes. Loop thread only. */
#ifndef ENGINE_CHART_CHART_CHILD_H
#define ENGINE_CHART_CHART_CHILD_H

#include <uv.h>

#include "base/buf.h"
#include "base/err.h"

enum { CHART_CHILD_MAX_BYTES = 1024 * 1024 };

/* `png` (yours when you buf_take it) is empty when `err` is not NULL. */
typedef void (*chart_child_done)(struct buf *png, const struct err *err, void *arg);

struct chart_child_options {
  uv_loop_t *loop;
  const char *program;  /* its path */
  unsigned deadline_ms; /* then it is killed */
  struct buf *order;    /* JSON (model/chart_order.h); its bytes are taken */
  chart_child_done done;
  void *arg;
};

struct chart_child;

/* Never NULL, and never calls back before it returns: a program that cannot be
 * started is told of through `done`. */
struct chart_child *chart_child_start(const struct chart_child_options *options);

/* Kills it; `done` comes with an error. NULL accepted. */
void chart_child_cancel(struct chart_child *child);

#endif
