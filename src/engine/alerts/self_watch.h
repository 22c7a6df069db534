/* The monitor watches itself: is there room on the disk, does the database take what
 * it is given, do the channels get their messages through, and was it off? Its rules
 * run through the same state machine as those of the miners.
 *
 * Life: self_watch_create -> ... -> self_watch_close. Loop thread. */
#ifndef ENGINE_ALERTS_SELF_WATCH_H
#define ENGINE_ALERTS_SELF_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "db/db.h"
#include "engine/alerts/desk.h"
#include "engine/channels.h"
#include "engine/pipeline.h"

struct self_watch;

struct self_watch_options {
  uv_loop_t *loop;
  struct desk *desk;
  struct pipeline *pipeline;
  struct channels *channels;
  int64_t alive_ms; /* when an earlier run was alive last; 0: there was none */
  const char
      *disk_path;      /* borrowed; whose disk is watched; NULL: none (the data lie on a server) */
  int64_t interval_ms; /* between two looks; 0: 10 s */
};

/* Tells when the monitor was off for longer than a restart takes, then begins to look. */
struct self_watch *self_watch_create(const struct self_watch_options *options);

/* When an earlier run was alive last; 0: there was none. */
bool self_watch_read_alive(struct db *db, int64_t *alive_ms, struct err *err);

void self_watch_close(struct self_watch *watch); /* frees it later, on the loop; NULL accepted */

/* "from 02:10 to 02:41" on the clock of the owner's wall (TZ), with the days where
 * they differ. Pure. */
void self_watch_write_span(char *text, size_t size, int64_t from_ms, int64_t to_ms);

#endif
