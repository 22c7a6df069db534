#include <stdio.h>
#include <time.h>

#include "base/str.h"
#include "engine/engine_parts.h"

enum { MAX_BYTES = 2000 * 1024 * 1024LL, FREE_BYTES = 200 * 1024 * 1024 };

/* ------------------------------------------------------------ start */

bool engine_spool_open(struct engine *engine, struct err *err) {
  const struct engine_options *options = &engine->options;
  if (options->spool_path == NULL || str_starts_with(options->database_url, "sqlite:"))
    return true;
  const struct spool_options spool = {
      .loop = options->loop,
      .log = options->log,
      .path = options->spool_path,
      .max_bytes = options->spool_max_bytes > 0 ? options->spool_max_bytes : MAX_BYTES,
      .free_bytes = FREE_BYTES};
  return spool_open(&engine->spool, &spool, err);
}

bool engine_spool_check(struct engine *engine, struct err *err) {
  return engine->spool == NULL || !db_threads_were_connected(engine->db) ||
         spool_belongs(engine->spool, engine->options.database_url, err);
}

/* While anything waits, the copy is ahead of the server. */
const char *engine_spool_source(struct engine *engine) {
  struct spool_state state;
  if (engine->spool == NULL)
    return engine->options.database_url;
  spool_state_get(engine->spool, &state);
  if (db_threads_were_connected(engine->db) && state.batches == 0)
    return engine->options.database_url;
  engine->load_wanted = !spool_has_copy(engine->spool);
  return spool_url(engine->spool);
}

static bool all_said(void *arg) {
  const struct engine *engine = arg;
  struct courier_state state;
  if (engine->courier == NULL)
    return !engine->stopping;
  courier_state_get(engine->courier, &state);
  return state.waiting == 0;
}

/* The miners have become known after all. Read from the file beside us, as at the start. */
static void on_copied(void *arg) {
  struct engine *engine = arg;
  struct err err;
  if (!engine->load_wanted || engine->stopping)
    return;
  engine->load_wanted = false;
  if (!engine_load(engine, spool_url(engine->spool), &err)) {
    log_write(engine->options.log, LOG_ERROR, "engine", "the miners could not be read: %s",
              err.text);
    return;
  }
  for (size_t i = 0; i < fleet_count(engine->fleet); i++) {
    int64_t id = fleet_at(engine->fleet, i)->miner.id;
    poller_add(engine->poller, id, false);
    bus_publish(engine->bus, &(struct bus_event){.kind = BUS_MINER_ADDED, .miner_id = id});
  }
  engine_history_load(engine);
}

/* What the courier has is in the outbox now. */
static void on_moved(int64_t id, const struct batch *batch, void *arg) {
  struct engine *engine = arg;
  for (size_t i = 0; engine->courier != NULL && i < batch->message_count; i++) {
    const struct batch_message *message = &batch->messages[i];
    if (!message->said && message->row.id != 0)
      courier_adopt(engine->courier, courier_provisional(id, i + 1), &message->row,
                    message->told_ms);
  }
}

static void on_caught_up(void *arg) {
  struct engine *engine = arg;
  bus_publish(engine->bus, &(struct bus_event){.kind = BUS_HEALTH});
  if (!engine->stopping && !engine->load_wanted)
    engine_history_load(engine);
}

/* What else of the copy has changed is found by its own looking, within a minute. */
static void hear(const struct bus_event *event, void *arg) {
  struct engine *engine = arg;
  if (event->kind == BUS_MINER_ADDED || event->kind == BUS_MINER_REMOVED)
    spool_note_change(engine->spool);
}

void engine_spool_start(struct engine *engine) {
  if (engine->spool == NULL)
    return;
  const struct spool_listener listener = {.all_said = all_said,
                                          .copied = on_copied,
                                          .caught_up = on_caught_up,
                                          .moved = on_moved,
                                          .arg = engine};
  engine->spool_ears = bus_subscribe(engine->bus, hear, engine);
  spool_start(engine->spool, engine->db, &listener);
  pipeline_resume(engine->pipeline);
}

void engine_spool_stop(struct engine *engine) {
  if (engine->spool == NULL)
    return;
  bus_unsubscribe(engine->spool_ears);
  spool_stop(engine->spool);
}

/* ------------------------------------------------------------ health */

static void write_words(const struct engine *engine, const struct spool_state *state, char *text,
                        size_t size) {
  char since[32];
  time_t seconds = (time_t)(state->since_ms / 1000);
  struct tm tm;
  gmtime_r(&seconds, &tm);
  strftime(since, sizeof since, "%Y-%m-%d %H:%M UTC", &tm);
  if (state->foreign)
    str_copy(text, size, state->problem);
  else if (state->moving)
    snprintf(text, size,
             "PostgreSQL answers again: %zu readings that waited in %s since %s are "
             "being moved to it",
             state->samples, engine->options.spool_path, since);
  else
    snprintf(text, size,
             "PostgreSQL is away since %s: %zu readings wait in a file on this "
             "computer and will be moved when PostgreSQL answers%s. %s",
             since, state->samples,
             engine->load_wanted ? "; which miners to watch is not known before" : "",
             state->problem);
}

void engine_spool_health(const struct engine *engine, struct engine_health *health) {
  struct spool_state state;
  if (engine->spool == NULL)
    return;
  spool_state_get(engine->spool, &state);
  health->lost_samples += (size_t)state.lost;
  if (!state.active)
    return;
  health->unsaved_samples += state.samples;
  health->spooled_samples = state.samples;
  health->spooling_since_ms = state.since_ms;
  if (!health->storing)
    return; /* not even into the spool: that is told */
  health->storing = false;
  write_words(engine, &state, health->storage_problem, sizeof health->storage_problem);
}
