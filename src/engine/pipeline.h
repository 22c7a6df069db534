/* The one way in for readings: state cache, alerts, history, announcements.
 *
 *   reading -> judge -> fleet -> alert_step -> batch -> writer thread
 *                         '-> bus (live views)            '-> after commit: bus, courier
 *
 * Samples are committed once a second, alert events at once. While a server is away,
 * batches go to the spool. While the disk refuses, they wait in memory up to a limit
 * and are written in order later; alert messages are then sent without waiting,
 * because an owner at 3 a.m. is worth more than a row. Loop thread only. */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "alert/alert_rulebook.h"
#include "alert/alert_step.h"
#include "base/log.h"
#include "engine/bus.h"
#include "engine/courier.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"
#include "engine/spool/spool.h"
#include "miner/miner_driver.h"

struct batch;
struct desk;
struct pipeline;

struct pipeline_options {
  uv_loop_t *loop;
  struct log *log;
  struct fleet *fleet;
  struct bus *bus;
  struct db_threads *db;
  struct spool *spool; /* where batches go while the database is away; NULL: they wait in memory */
  struct courier *courier;           /* NULL: nobody is told */
  struct desk *desk;                 /* makes episodes of events; NULL: they are only recorded */
  const struct alert_config *alerts; /* of the environment; NULL: the defaults. Copied */
  int64_t interval_ms;               /* between polls; 0: not known */
};

/* One poll's result. */
struct reading {
  int64_t at_ms;     /* the schedule's tick, wall time */
  int32_t offset_ms; /* when the answer was there, relative to at_ms */
  int64_t elapsed_ms;
  struct miner_report *report; /* NULL: the poll failed, `reason` says why */
  enum reason reason;
};

struct pipeline *pipeline_create(const struct pipeline_options *options);

/* What the rules are tuned by; the owner's changes are put in there. Owned by the pipeline. */
struct alert_rulebook *pipeline_rulebook(struct pipeline *pipeline);

/* Where batches go while the database is away; NULL: it is a file. Borrowed. */
const struct spool *pipeline_spool(const struct pipeline *pipeline);

/* The newest number given to an episode, for whoever gives one too. */
int64_t *pipeline_last_episode(struct pipeline *pipeline);

/* --- for the desk: what else belongs into the transaction of what happens now --- */

/* What the next commit writes; borrowed until the loop runs on. */
struct batch *pipeline_batch(struct pipeline *pipeline);
/* Lets it be written: at once, or within a second. */
void pipeline_commit(struct pipeline *pipeline, bool at_once);
/* Keeps the memory of a rule that was changed by hand. */
void pipeline_save_alert(struct pipeline *pipeline, int64_t miner_id, enum alert_rule rule,
                         const struct alert_memory *memory);

/* The one way in for whatever was read of a miner: judges it, shows it in the fleet, steps the
 * rules, and adds it to what the next commit writes. The reading is borrowed. */
void pipeline_ingest(struct pipeline *pipeline, struct fleet_miner *miner,
                     const struct reading *reading);

/* Takes over what the device told about itself apart from a reading: shown at
 * once, kept with the next commit. */
void pipeline_learn(struct pipeline *pipeline, struct fleet_miner *miner,
                    const struct miner_facts *facts);

/* Keeps samples of the past, placed by backfill_place: history only, no alert, no news. */
void pipeline_backfill(struct pipeline *pipeline, struct fleet_miner *miner,
                       const struct miner_past *past);

/* Hands on the messages that an earlier run left in the spool. After the start. */
void pipeline_resume(struct pipeline *pipeline);

/* Writes what is waiting, then calls `drained` on the loop. Nothing may be
 * ingested afterwards. */
void pipeline_drain(struct pipeline *pipeline, void (*drained)(void *arg), void *arg);

/* After the drain; frees itself once the loop has run its close callbacks. */
void pipeline_close(struct pipeline *pipeline);

struct pipeline_state {
  bool storing;         /* false: the last write failed; true also into the spool */
  const char *problem;  /* words; "" when fine; borrowed */
  size_t unsaved, lost; /* samples, in memory */
  int64_t last_commit_ms;
};
void pipeline_state(const struct pipeline *pipeline, struct pipeline_state *state);

#endif
