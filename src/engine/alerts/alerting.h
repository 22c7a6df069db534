/* Everything that stands between what the rules say and the messages that people get,
 * put together: desk, teller, gateway, the watch over the monitor itself, and the drill.
 *
 * Life: alerting_create -> alerting_load -> alerting_start -> ... -> alerting_quiet,
 * before the pipeline is drained -> alerting_destroy, after it. Loop thread. */
#ifndef ENGINE_ALERTS_ALERTING_H
#define ENGINE_ALERTS_ALERTING_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "db/db.h"
#include "engine/alerts/desk.h"
#include "engine/alerts/drill.h"
#include "engine/alerts/gateway.h"
#include "engine/alerts/self_watch.h"
#include "engine/alerts/teller.h"
#include "engine/channels.h"
#include "engine/fleet.h"
#include "engine/pipeline.h"

struct alerting {
  uv_loop_t *loop;
  struct fleet *fleet;
  struct channels *channels;
  char *disk_path; /* NULL: the data lie on a server */
  struct desk *desk;
  struct gateway *gateway;
  struct teller *teller;
  struct drill *drill;           /* NULL before the start and once quiet */
  struct self_watch *self_watch; /* likewise */
  int64_t alive_ms;              /* of an earlier run; 0: there was none */
};

struct alerting *alerting_create(uv_loop_t *loop, struct fleet *fleet, struct channels *channels,
                                 const char *database_url);

/* On the calling thread, before the loop runs, when miners and channels are loaded. */
bool alerting_load(struct alerting *alerting, struct db *db, struct err *err);

void alerting_start(struct alerting *alerting, struct pipeline *pipeline);
void alerting_quiet(struct alerting *alerting);
void alerting_destroy(struct alerting *alerting); /* NULL accepted */

#endif
