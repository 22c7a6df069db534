/* What the engine consists of; for the engine's own files only. Faces use
 * engine/engine.h. */
#ifndef ENGINE_ENGINE_PARTS_H
#define ENGINE_ENGINE_PARTS_H

#include "engine/alerts/alerting.h"
#include "engine/alerts/heartbeat.h"
#include "engine/alerts/letters.h"
#include "engine/channels.h"
#include "engine/courier.h"
#include "engine/engine.h"
#include "engine/finder.h"
#include "engine/keeper.h"
#include "engine/pipeline.h"
#include "engine/poller.h"
#include "engine/sealer.h"
#include "engine/setup/preferences.h"
#include "engine/setup/scan.h"
#include "engine/spool/spool.h"

struct engine {
  struct engine_options options; /* texts belong to the caller and outlive the engine */
  struct fleet *fleet;
  struct bus *bus;
  struct http_client *http;
  struct db_threads *db;
  struct channels *channels;
  struct alerting *alerting;
  struct preferences *preferences;
  struct heartbeat *heartbeat; /* NULL: not wanted */
  uint64_t polls_at_beat;
  struct letters *letters; /* NULL while stopping */
  struct artist *artist;   /* draws what messages show */
  struct courier *courier; /* NULL while stopping */
  struct spool *spool;     /* NULL: the database is a file */
  bool load_wanted;        /* started without knowing what the server holds */
  struct bus_subscription *spool_ears;
  struct pipeline *pipeline;
  struct poller *poller;
  struct finder *finder;
  struct scan *scan; /* NULL while stopping */
  struct keeper *keeper;
  struct sealer *sealer;
  int64_t started_ms;
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* Called by the poller when miner `there` answers at the address of `asked`: the
 * two exchange addresses, so that each is looked for where it may be now. */
void engine_miners_met_other(struct fleet_miner *asked, struct fleet_miner *there, void *engine);

/* Called by the finder when a missing miner answers at `url`. */
void engine_miners_found(struct fleet_miner *miner, const char *url, void *engine);

/* --- starting and living with a server that is away (engine_spool.c) --- */

/* For a database on a server: opens the spool, before the database. */
bool engine_spool_open(struct engine *engine, struct err *err);

/* Whether what waits in the spool is meant for the database that answered. */
bool engine_spool_check(struct engine *engine, struct err *err);

/* What the start reads its miners from: the server, or the copy while the server is away or
 * behind the spool. */
const char *engine_spool_source(struct engine *engine);

/* When all parts are there. */
void engine_spool_start(struct engine *engine);
void engine_spool_stop(struct engine *engine);
void engine_spool_health(const struct engine *engine, struct engine_health *health);

/* Miners and alerts from `url`, on this thread: at the start, or from the copy beside us. */
bool engine_load(struct engine *engine, const char *url, struct err *err);

/* Rebuilds the last hours of every miner from the database, on a reader thread, and
 * its best difficulty ever; what arrives meanwhile is kept behind it. */
void engine_history_load(struct engine *engine);

#endif
