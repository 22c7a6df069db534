#include "engine/engine.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/courier/channel_trial.h"
#include "engine/engine_parts.h"
#include "store/miner_store.h"

enum { POLL_INTERVAL_MS = 10 * 1000, POLL_FLOOR_MS = 2 * 1000 };

/* ------------------------------------------------------------ start */

static void load_miner(const struct miner *miner, void *arg) {
  struct engine *engine = arg;
  fleet_add(engine->fleet, miner);
}

/* Before the loop runs: a plain read on this thread keeps the start simple and
 * gives its errors to whoever started the program. */
bool engine_load(struct engine *engine, const char *url, struct err *err) {
  struct db *db;
  if (!db_open(&db, url, DB_READ_ONLY, err))
    return false;
  bool ok = miner_store_each(db, load_miner, engine, err) &&
            channels_load(engine->channels, db, err) && alerting_load(engine->alerting, db, err) &&
            preferences_load(engine->preferences, db, err);
  db_close(db);
  return ok;
}

static void on_health_changed(void *arg);

static void on_channels_changed(void *arg) {
  struct engine *engine = arg;
  if (engine->courier != NULL)
    courier_look_again(engine->courier);
  on_health_changed(engine);
}

static void on_health_changed(void *arg) {
  struct engine *engine = arg;
  bus_publish(engine->bus, &(struct bus_event){.kind = BUS_HEALTH});
}

static bool build_channels(struct engine *engine, struct err *err) {
  const struct engine_options *options = &engine->options;
  bool ok = channels_create(
      &engine->channels,
      &(struct channels_options){.db = engine->db,
                                 .log = options->log,
                                 .key_path = options->secret_key_path,
                                 .telegram_base_url = options->telegram_base_url,
                                 .telegram_token = options->telegram_token,
                                 .telegram_chat = options->telegram_chat,
                                 .telegram_letter = options->telegram_letter,
                                 .telegram_letter_hour = options->telegram_letter_hour,
                                 .changed = on_channels_changed,
                                 .arg = engine},
      err);
  if (ok)
    engine->alerting =
        alerting_create(options->loop, engine->fleet, engine->channels, options->database_url);
  return ok;
}

static void build_courier(struct engine *engine) {
  engine->artist = artist_create(&(struct artist_options){.loop = engine->options.loop,
                                                          .db = engine->db,
                                                          .fleet = engine->fleet,
                                                          .alerts = &engine->options.alerts});
  engine->courier = courier_create(&(struct courier_options){.loop = engine->options.loop,
                                                             .http = engine->http,
                                                             .db = engine->db,
                                                             .channels = engine->channels,
                                                             .artist = engine->artist,
                                                             .log = engine->options.log});
  courier_load(engine->courier);
}

/* What the owner likes and the rules must know. */
static void on_preferences(void *arg) {
  struct engine *engine = arg;
  alert_rulebook_set_payout(pipeline_rulebook(engine->pipeline),
                            preferences_get(engine->preferences, PREFERENCE_PAYOUT_ADDRESSES));
  channels_set_language(engine->channels,
                        preferences_get(engine->preferences, PREFERENCE_LANGUAGE));
}

static void build_watch(struct engine *engine) {
  const struct engine_options *options = &engine->options;
  engine->pipeline =
      pipeline_create(&(struct pipeline_options){.loop = options->loop,
                                                 .log = options->log,
                                                 .fleet = engine->fleet,
                                                 .bus = engine->bus,
                                                 .db = engine->db,
                                                 .spool = engine->spool,
                                                 .courier = engine->courier,
                                                 .desk = engine->alerting->desk,
                                                 .alerts = &engine->options.alerts,
                                                 .interval_ms = options->poll_interval_ms});
  on_preferences(engine);
  preferences_watch(engine->preferences, on_preferences, engine);
  alerting_start(engine->alerting, engine->pipeline);
  engine->poller =
      poller_create(&(struct poller_options){.loop = options->loop,
                                             .log = options->log,
                                             .fleet = engine->fleet,
                                             .pipeline = engine->pipeline,
                                             .http = engine->http,
                                             .interval_ms = options->poll_interval_ms,
                                             .allow_public = options->allow_public_miners,
                                             .met_other = engine_miners_met_other,
                                             .arg = engine});
  for (size_t i = 0; i < fleet_count(engine->fleet); i++)
    poller_add(engine->poller, fleet_at(engine->fleet, i)->miner.id, false);
  engine->finder = finder_create(&(struct finder_options){.loop = options->loop,
                                                          .log = options->log,
                                                          .fleet = engine->fleet,
                                                          .http = engine->http,
                                                          .missing_ms = options->missing_ms,
                                                          .found = engine_miners_found,
                                                          .arg = engine});
  engine->scan = scan_create(options->loop, engine->http, engine->fleet);
}

/* Only a file is backed up by us; a server has its own ways. */
static void build_keeper(struct engine *engine) {
  const struct engine_options *options = &engine->options;
  bool backs_up = options->backup_keep > 0 && db_sqlite_path(options->database_url) != NULL;
  engine->keeper =
      keeper_create(&(struct keeper_options){.loop = options->loop,
                                             .log = options->log,
                                             .db = engine->db,
                                             .backup_dir = backs_up ? options->backup_dir : NULL,
                                             .backup_keep = options->backup_keep,
                                             .retention_ms = options->retention_ms,
                                             .changed = on_health_changed,
                                             .arg = engine});
}

/* Readings come in, and can be kept. */
static bool is_well(void *arg) {
  struct engine *engine = arg;
  struct pipeline_state store;
  struct poller_state polls;
  if (engine->poller == NULL)
    return false;
  pipeline_state(engine->pipeline, &store);
  poller_state(engine->poller, &polls);
  bool polled = polls.polls != engine->polls_at_beat || fleet_count(engine->fleet) == 0;
  engine->polls_at_beat = polls.polls;
  return store.storing && polled;
}

static void build_heartbeat(struct engine *engine) {
  const struct engine_options *options = &engine->options;
  if (options->heartbeat_url == NULL || options->heartbeat_url[0] == '\0')
    return;
  engine->heartbeat = heartbeat_create(&(struct heartbeat_options){.loop = options->loop,
                                                                   .log = options->log,
                                                                   .http = engine->http,
                                                                   .url = options->heartbeat_url,
                                                                   .is_well = is_well,
                                                                   .arg = engine});
}

static void build_letters(struct engine *engine) {
  engine->letters = letters_create(&(struct letters_options){.loop = engine->options.loop,
                                                             .log = engine->options.log,
                                                             .db = engine->db,
                                                             .fleet = engine->fleet,
                                                             .channels = engine->channels,
                                                             .pipeline = engine->pipeline,
                                                             .desk = engine->alerting->desk,
                                                             .preferences = engine->preferences});
}

static bool open_database(struct engine *engine, struct err *err) {
  const struct engine_options *options = &engine->options;
  if (!engine_spool_open(engine, err))
    return false;
  struct db_threads_options threads = {
      .url = options->database_url, .log = options->log, .may_be_away = engine->spool != NULL};
  if (db_threads_start(&engine->db, options->loop, &threads, err))
    return true;
  spool_stop(engine->spool);
  spool_close(engine->spool);
  return false;
}

bool engine_start(struct engine **out, const struct engine_options *options, struct err *err) {
  struct engine *engine = mem_alloc(sizeof *engine);
  engine->options = *options;
  if (engine->options.poll_interval_ms == 0)
    engine->options.poll_interval_ms = POLL_INTERVAL_MS;
  if (engine->options.poll_interval_ms < POLL_FLOOR_MS && !options->unsafe_poll_interval)
    engine->options.poll_interval_ms = POLL_FLOOR_MS;
  engine->started_ms = clock_wall_ms();
  if (!open_database(engine, err)) {
    free(engine);
    return false;
  }
  engine->fleet = fleet_create();
  engine->bus = bus_create();
  engine->preferences = preferences_create(engine->db);
  if (!engine_spool_check(engine, err) || !build_channels(engine, err) ||
      !engine_load(engine, engine_spool_source(engine), err)) {
    spool_stop(engine->spool);
    db_threads_stop(engine->db);
    spool_close(engine->spool);
    alerting_destroy(engine->alerting);
    channels_destroy(engine->channels);
    preferences_destroy(engine->preferences);
    bus_destroy(engine->bus);
    fleet_destroy(engine->fleet);
    free(engine);
    return false;
  }
  engine->http = http_client_create(options->loop);
  build_courier(engine);
  build_watch(engine);
  build_keeper(engine);
  build_heartbeat(engine);
  build_letters(engine);
  engine->sealer = sealer_create(&(struct sealer_options){.loop = options->loop,
                                                          .log = options->log,
                                                          .db = engine->db,
                                                          .fleet = engine->fleet,
                                                          .period_ms = options->seal_period_ms});
  engine_spool_start(engine);
  engine_history_load(engine);
  *out = engine;
  return true;
}

/* ------------------------------------------------------------ stop */

/* The order: no more readings, then what is read is written, then what is to be
 * told has its last chance, then the connections and the threads go. */

static void on_http_closed(void *arg) {
  struct engine *engine = arg;
  engine_spool_stop(engine);
  db_threads_stop(engine->db);
  spool_close(engine->spool);
  pipeline_close(engine->pipeline);
  sealer_close(engine->sealer);
  keeper_close(engine->keeper);
  alerting_destroy(engine->alerting);
  channels_destroy(engine->channels);
  preferences_destroy(engine->preferences);
  fleet_destroy(engine->fleet);
  bus_destroy(engine->bus);
  void (*stopped)(void *) = engine->stopped;
  void *stopped_arg = engine->stopped_arg;
  free(engine);
  if (stopped != NULL)
    stopped(stopped_arg);
}

static void on_artist_stopped(void *arg) {
  struct engine *engine = arg;
  engine->artist = NULL;
  http_client_close(engine->http, on_http_closed, engine);
}

static void on_courier_stopped(void *arg) {
  struct engine *engine = arg;
  engine->courier = NULL;
  artist_stop(engine->artist, on_artist_stopped, engine);
}

static void on_drained(void *arg) {
  struct engine *engine = arg;
  if (engine->courier != NULL)
    courier_stop(engine->courier, on_courier_stopped, engine);
  else
    on_courier_stopped(engine);
}

static void on_poller_stopped(void *arg) {
  struct engine *engine = arg;
  engine->poller = NULL;
  alerting_quiet(engine->alerting);
  heartbeat_close(engine->heartbeat);
  engine->heartbeat = NULL;
  letters_close(engine->letters);
  engine->letters = NULL;
  pipeline_drain(engine->pipeline, on_drained, engine);
}

static void on_scan_stopped(void *arg) {
  struct engine *engine = arg;
  poller_stop(engine->poller, on_poller_stopped, engine);
}

static void on_finder_stopped(void *arg) {
  struct engine *engine = arg;
  struct scan *scan = engine->scan;
  engine->finder = NULL;
  engine->scan = NULL;
  scan_stop(scan, on_scan_stopped, engine);
}

void engine_stop(struct engine *engine, void (*stopped)(void *arg), void *arg) {
  engine->stopping = true;
  engine->stopped = stopped;
  engine->stopped_arg = arg;
  finder_stop(engine->finder, on_finder_stopped, engine);
}

/* ------------------------------------------------------------ views */

struct fleet *engine_fleet(struct engine *engine) {
  return engine->fleet;
}
struct bus *engine_bus(struct engine *engine) {
  return engine->bus;
}
struct http_client *engine_http(struct engine *engine) {
  return engine->http;
}
struct db_threads *engine_db(struct engine *engine) {
  return engine->db;
}

struct channels *engine_channels(struct engine *engine) {
  return engine->channels;
}

struct desk *engine_desk(struct engine *engine) {
  return engine->alerting->desk;
}
struct drill *engine_drill(struct engine *engine) {
  return engine->alerting->drill;
}

struct letters *engine_letters(struct engine *engine) {
  return engine->letters;
}

struct preferences *engine_preferences(struct engine *engine) {
  return engine->preferences;
}

struct scan *engine_scan(struct engine *engine) {
  return engine->scan;
}

const struct engine_options *engine_options(const struct engine *engine) {
  return &engine->options;
}

/* Of the environment's chat and of those that were linked; a problem of one is shown. */
static void telegram_health(const struct channels *channels, struct engine_health *health) {
  for (size_t i = 0; i < channels_count(channels); i++) {
    const struct channel *channel = channels_at(channels, i);
    if (!channel->enabled || !str_equal(channel->kind, "telegram"))
      continue;
    health->telegram_configured = true;
    if (channel->last_error[0] == '\0' || !health->telegram_ok)
      continue;
    health->telegram_ok = false;
    str_copy(health->telegram_problem, sizeof health->telegram_problem, channel->last_error);
  }
}

void engine_health(struct engine *engine, struct engine_health *health) {
  *health = (struct engine_health){.started_ms = engine->started_ms, .telegram_ok = true};
  struct pipeline_state store;
  pipeline_state(engine->pipeline, &store);
  health->storing = store.storing;
  str_copy(health->storage_problem, sizeof health->storage_problem, store.problem);
  health->unsaved_samples = store.unsaved;
  health->lost_samples = store.lost;
  health->last_commit_ms = store.last_commit_ms;
  engine_spool_health(engine, health);
  struct keeper_state keeper;
  keeper_state_get(engine->keeper, &keeper);
  health->keeping = keeper.ok;
  str_copy(health->keeping_problem, sizeof health->keeping_problem, keeper.problem);
  health->last_backup_ms = keeper.last_backup_ms;
  if (engine->poller != NULL) {
    struct poller_state polls;
    poller_state(engine->poller, &polls);
    health->polls = polls.polls;
    health->polls_failed = polls.failed;
    health->polls_in_flight = polls.in_flight;
    health->polls_late = polls.late;
  }
  if (engine->courier != NULL) {
    struct courier_state courier;
    courier_state_get(engine->courier, &courier);
    health->messages_waiting = courier.waiting;
  }
  telegram_health(engine->channels, health);
}

size_t engine_channel_waiting(const struct engine *engine, const struct channel *channel) {
  return engine->courier == NULL ? 0 : courier_waiting(engine->courier, channel);
}

void engine_test_channel(struct engine *engine, const struct channel *channel,
                         void (*done)(const struct notify_result *result, void *arg), void *arg) {
  channel_trial_send(engine->channels, engine->http, channel, done, arg);
}
