#include "engine/pipeline.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_step.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/desk.h"
#include "engine/batch.h"

enum {
  COMMIT_MS = 1000, /* one commit a second: at most this much is lost by a crash */
  RETRY_MS = 5000,  /* between attempts while the database refuses */
  RECENT_MS = 2 * 60 * 60 * 1000,
  UNSAVED_MAX = 200000, /* samples kept in memory while nothing can be written: 45 MB */
};

/* One batch on its way or waiting for another attempt. */
struct commit {
  struct pipeline *pipeline;
  struct db_task task;
  struct spool_put put; /* instead of `task`, while a server is away */
  struct batch *batch;
  char key[BATCH_KEY_MAX]; /* unlike that of any other batch, in this run or another */
  struct commit *next;
};

struct pipeline {
  struct pipeline_options options;
  uv_timer_t timer;
  struct alert_rulebook *rulebook;
  int64_t last_episode; /* the newest number given */
  struct batch *filling;
  struct commit *waiting; /* oldest first; the first one may be on its way */
  char run[17];           /* what this run's batches bear */
  uint64_t batches;
  bool writing;
  bool is_due; /* the filling batch follows as soon as the one on its way is written */
  bool failed; /* the last attempt was refused */
  char problem[ERR_TEXT_MAX];
  size_t unsaved, lost;
  int64_t last_commit_ms;
  void (*drained)(void *arg);
  void *drained_arg;
};

static void on_timer(uv_timer_t *timer);

struct pipeline *pipeline_create(const struct pipeline_options *options) {
  struct pipeline *pipeline = mem_alloc(sizeof *pipeline);
  pipeline->options = *options;
  pipeline->rulebook = alert_rulebook_create(options->alerts);
  pipeline->filling = batch_create();
  uint64_t run;
  if (uv_random(NULL, NULL, &run, sizeof run, 0, NULL) != 0)
    mem_fatal("the system gives no random numbers");
  snprintf(pipeline->run, sizeof pipeline->run, "%016llx", (unsigned long long)run);
  uv_timer_init(options->loop, &pipeline->timer);
  pipeline->timer.data = pipeline;
  return pipeline;
}

/* ------------------------------------------------------------ writing */

/* To people. `spooled` is the batch's number in the spool; 0: its messages are in the outbox. */
static void tell(struct pipeline *pipeline, const struct batch *batch, int64_t spooled) {
  for (size_t i = 0; pipeline->options.courier != NULL && i < batch->message_count; i++) {
    struct outbox_row row = batch->messages[i].row;
    if (spooled != 0)
      row.id = courier_provisional(spooled, i + 1);
    if (!batch->messages[i].said)
      courier_enqueue(pipeline->options.courier, &row);
  }
}

static void announce(struct pipeline *pipeline, const struct batch *batch, int64_t spooled) {
  for (size_t i = 0; i < batch->event_count; i++) {
    const struct alert_event *event = &batch->events[i];
    bus_publish(
        pipeline->options.bus,
        &(struct bus_event){.kind = BUS_ALERT, .miner_id = event->miner_id, .alert = event});
  }
  tell(pipeline, batch, spooled);
}

/* The database refuses and may do so for hours: what a person must know goes
 * out now, unkept. */
static void say_unkept(struct pipeline *pipeline, struct batch *batch) {
  for (size_t i = 0; i < batch->message_count; i++) {
    struct batch_message *message = &batch->messages[i];
    if (message->said)
      continue;
    message->row.id = 0;
    if (pipeline->options.courier != NULL)
      courier_enqueue(pipeline->options.courier, &message->row);
    message->said = true;
  }
}

static void set_failed(struct pipeline *pipeline, bool failed, const char *problem) {
  bool changed = failed != pipeline->failed;
  pipeline->failed = failed;
  str_copy(pipeline->problem, sizeof pipeline->problem, problem);
  if (!changed)
    return;
  if (failed)
    log_write(pipeline->options.log, LOG_ERROR, "store",
              "samples cannot be written, they wait in memory: %s", problem);
  else
    log_write(pipeline->options.log, LOG_INFO, "store", "samples are written again");
  bus_publish(pipeline->options.bus, &(struct bus_event){.kind = BUS_HEALTH});
}

static void commit_free(struct commit *commit) {
  batch_destroy(commit->batch);
  free(commit);
}

static void run_commit(struct db_task *task, struct db *db) {
  struct commit *commit = task->arg;
  if (db == NULL)
    return; /* task->err says why */
  task->ok = batch_write_once(commit->batch, commit->key, db, &task->err);
}

static void start_commit(struct pipeline *pipeline);
static void flush(struct pipeline *pipeline);

static void finish_drain(struct pipeline *pipeline) {
  void (*drained)(void *) = pipeline->drained;
  if (drained == NULL || pipeline->writing)
    return;
  if (pipeline->waiting != NULL)
    log_write(pipeline->options.log, LOG_ERROR, "store",
              "%zu samples could not be written before the end: %s", pipeline->unsaved,
              pipeline->problem);
  pipeline->drained = NULL;
  uv_timer_stop(&pipeline->timer);
  drained(pipeline->drained_arg);
}

/* The first batch has found its place: in the spool, under this number, or in the database (0). */
static void take_off(struct pipeline *pipeline, int64_t spooled) {
  struct commit *commit = pipeline->waiting;
  pipeline->waiting = commit->next;
  pipeline->unsaved -= commit->batch->sample_count;
  set_failed(pipeline, false, "");
  announce(pipeline, commit->batch, spooled);
  commit_free(commit);
  if (pipeline->is_due)
    flush(pipeline);
  pipeline->is_due = false;
  start_commit(pipeline);
  finish_drain(pipeline);
}

static void wait_in_memory(struct pipeline *pipeline, const char *problem) {
  for (const struct commit *late = pipeline->waiting; late != NULL; late = late->next)
    say_unkept(pipeline, late->batch);
  say_unkept(pipeline, pipeline->filling);
  set_failed(pipeline, true, problem);
  if (pipeline->drained == NULL)
    uv_timer_start(&pipeline->timer, on_timer, RETRY_MS, 0);
  finish_drain(pipeline);
}

static void on_spooled(struct spool_put *put) {
  struct commit *commit = put->arg;
  struct pipeline *pipeline = commit->pipeline;
  assert(pipeline->waiting == commit);
  pipeline->writing = false;
  if (!put->task.ok) {
    wait_in_memory(pipeline, put->task.err.text);
    return;
  }
  spool_handed_on(pipeline->options.spool, put);
  take_off(pipeline, put->id);
}

/* Numbers that messages were given in a transaction that is undone. */
static void forget_numbers(struct batch *batch) {
  for (size_t i = 0; i < batch->message_count; i++)
    batch->messages[i].row.id = 0;
}

static void on_committed(struct db_task *task) {
  struct commit *commit = task->arg;
  struct pipeline *pipeline = commit->pipeline;
  struct spool *spool = pipeline->options.spool;
  assert(pipeline->waiting == commit);
  pipeline->writing = false;
  if (task->ok) {
    pipeline->last_commit_ms = clock_wall_ms();
    if (spool != NULL)
      spool_note(spool, commit->batch);
    take_off(pipeline, 0);
  } else if (spool != NULL) {
    forget_numbers(commit->batch);
    spool_begin(spool, task->err.text);
    bus_publish(pipeline->options.bus, &(struct bus_event){.kind = BUS_HEALTH});
    start_commit(pipeline);
  } else {
    wait_in_memory(pipeline, task->err.text);
  }
}

static void start_commit(struct pipeline *pipeline) {
  struct commit *commit = pipeline->waiting;
  if (pipeline->writing || commit == NULL)
    return;
  pipeline->writing = true;
  if (pipeline->options.spool != NULL && spool_is_active(pipeline->options.spool)) {
    commit->put = (struct spool_put){
        .batch = commit->batch, .key = commit->key, .done = on_spooled, .arg = commit};
    spool_put(pipeline->options.spool, &commit->put);
    return;
  }
  commit->task = (struct db_task){.run = run_commit, .done = on_committed, .arg = commit};
  db_threads_write(pipeline->options.db, &commit->task);
}

/* Memory has an end: the oldest waiting batch that is not on its way gives up
 * its samples (its alerts stay). */
static void shed(struct pipeline *pipeline) {
  struct commit *commit = pipeline->waiting;
  if (commit != NULL && pipeline->writing)
    commit = commit->next;
  for (; commit != NULL && pipeline->unsaved > UNSAVED_MAX; commit = commit->next) {
    pipeline->unsaved -= commit->batch->sample_count;
    pipeline->lost += commit->batch->sample_count;
    commit->batch->sample_count = 0;
  }
}

/* Closes the filling batch and queues it behind the others. */
static void flush(struct pipeline *pipeline) {
  if (!batch_is_empty(pipeline->filling)) {
    struct commit *commit = mem_alloc(sizeof *commit);
    commit->pipeline = pipeline;
    commit->batch = pipeline->filling;
    snprintf(commit->key, sizeof commit->key, "%s-%llu", pipeline->run,
             (unsigned long long)++pipeline->batches);
    pipeline->filling = batch_create();
    if (pipeline->failed)
      say_unkept(pipeline, commit->batch);
    struct commit **end = &pipeline->waiting;
    while (*end != NULL)
      end = &(*end)->next;
    *end = commit;
    shed(pipeline);
  }
}

/* While a batch is on its way the next one goes on filling, so that ten thousand
 * transitions are some commits and not ten thousand. */
static void on_timer(uv_timer_t *timer) {
  struct pipeline *pipeline = timer->data;
  pipeline->is_due = pipeline->writing;
  if (pipeline->is_due)
    return;
  flush(pipeline);
  start_commit(pipeline);
}

/* At once means in the next turn of the loop: what happens together goes together. */
static void want_commit(struct pipeline *pipeline, bool at_once) {
  if (at_once && pipeline->failed)
    flush(pipeline);
  else if (at_once)
    uv_timer_start(&pipeline->timer, on_timer, 0, 0);
  else if (!uv_is_active((const uv_handle_t *)&pipeline->timer))
    uv_timer_start(&pipeline->timer, on_timer, pipeline->failed ? RETRY_MS : COMMIT_MS, 0);
}

/* ------------------------------------------------------------ alerts */

void pipeline_save_alert(struct pipeline *pipeline, int64_t miner_id, enum alert_rule rule,
                         const struct alert_memory *memory) {
  batch_add_state(pipeline->filling,
                  &(struct alert_state_row){.miner_id = miner_id,
                                            .rule = rule,
                                            .phase = memory->phase,
                                            .since_ms = memory->since_ms,
                                            .changed_ms = memory->changed_ms,
                                            .announced_ms = memory->announced_ms,
                                            .holds = memory->holds,
                                            .worst = memory->worst,
                                            .value = memory->value,
                                            .limit = memory->limit,
                                            .reason = memory->reason,
                                            .episode = memory->episode,
                                            .acknowledged_ms = memory->acknowledged_ms});
}

/* One miner's alerts on one reading. */
struct stepping {
  struct pipeline *pipeline;
  const struct fleet_miner *miner;
  bool happened;
};

static void on_event(const struct alert_event *event, void *arg) {
  struct stepping *stepping = arg;
  struct pipeline *pipeline = stepping->pipeline;
  if (pipeline->options.desk != NULL)
    desk_happened(pipeline->options.desk, &stepping->miner->miner, event);
  else
    batch_add_event(pipeline->filling, event);
  stepping->happened = true;
}

static void on_changed(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  struct stepping *stepping = arg;
  pipeline_save_alert(stepping->pipeline, stepping->miner->miner.id, rule, memory);
}

/* Returns whether something happened that must be committed and told at once. */
static bool step_alerts(struct pipeline *pipeline, struct fleet_miner *miner,
                        const struct sample *sample, const struct vitals *vitals) {
  struct stepping stepping = {.pipeline = pipeline, .miner = miner};
  const struct alert_context context = {.miner_id = miner->miner.id,
                                        .sample = sample,
                                        .facts = &miner->miner.facts,
                                        .vitals = vitals,
                                        .interval_ms = pipeline->options.interval_ms,
                                        .last_episode = &pipeline->last_episode};
  const struct alert_sink sink = {.event = on_event, .changed = on_changed, .arg = &stepping};
  alert_step_all(pipeline->rulebook, &context, &miner->watch, miner->alerts, &sink);
  if (pipeline->options.desk != NULL && miner->alerts[ALERT_OFFLINE].phase == ALERT_PENDING)
    desk_silence(pipeline->options.desk, &miner->miner);
  return stepping.happened;
}

const struct spool *pipeline_spool(const struct pipeline *pipeline) {
  return pipeline->options.spool;
}

struct alert_rulebook *pipeline_rulebook(struct pipeline *pipeline) {
  return pipeline->rulebook;
}

int64_t *pipeline_last_episode(struct pipeline *pipeline) {
  return &pipeline->last_episode;
}

struct batch *pipeline_batch(struct pipeline *pipeline) {
  return pipeline->filling;
}

void pipeline_commit(struct pipeline *pipeline, bool at_once) {
  want_commit(pipeline, at_once);
}

/* ------------------------------------------------------------ the fleet */

static bool facts_differ(const struct miner_facts *a, const struct miner_facts *b) {
  return strcmp(a->model, b->model) != 0 || strcmp(a->asic_model, b->asic_model) != 0 ||
         strcmp(a->mac, b->mac) != 0 || strcmp(a->firmware, b->firmware) != 0 ||
         strcmp(a->board, b->board) != 0 || strcmp(a->hostname, b->hostname) != 0 ||
         strcmp(a->pool_host, b->pool_host) != 0 || strcmp(a->fault, b->fault) != 0 ||
         a->asic_count != b->asic_count || a->small_core_count != b->small_core_count ||
         a->pool_port != b->pool_port;
}

/* A miner that was added unasked has answered for the first time. */
static void learn_identity(struct pipeline *pipeline, struct fleet_miner *miner) {
  const char *mac = miner->miner.facts.mac;
  const struct fleet_miner *twin = fleet_find_mac(pipeline->options.fleet, mac);
  if (twin == NULL)
    str_copy(miner->miner.mac, sizeof miner->miner.mac, mac);
  else
    log_write(pipeline->options.log, LOG_WARN, "engine",
              "'%s' and '%s' are the same device: remove one of them", miner->miner.name,
              twin->miner.name);
}

static void apply_facts(struct pipeline *pipeline, struct fleet_miner *miner,
                        const struct miner_facts *fresh) {
  struct miner_facts before = miner->miner.facts;
  miner_driver_merge_facts(&miner->miner.facts, fresh);
  bool changed = facts_differ(&before, &miner->miner.facts);
  if (changed && miner->miner.mac[0] == '\0')
    learn_identity(pipeline, miner);
  if (changed)
    batch_add_miner(pipeline->filling, &miner->miner);
}

static void apply_answer(struct pipeline *pipeline, struct fleet_miner *miner,
                         const struct reading *reading, struct sample *sample) {
  apply_facts(pipeline, miner, &reading->report->facts);
  *sample = reading->report->sample;
  sample->at_ms = reading->at_ms;
  sample->offset_ms = reading->offset_ms;
  sample->values[METRIC_RESPONSE_MS] = (double)reading->elapsed_ms;
  miner->seen_mono_ms = clock_mono_ms();
  miner_judge_answer(&miner->memory, &miner->miner.facts, sample, miner->seen_mono_ms);
  miner->last = *sample;
  miner->device = reading->report->device;
  /* fmax passes over NaN: the first known value becomes the record. */
  miner->best_diff_ever = fmax(miner->best_diff_ever, sample->values[METRIC_BEST_DIFF]);
  fleet_learn_network(
      pipeline->options.fleet,
      &(struct fleet_network){.difficulty = reading->report->vitals.network_difficulty,
                              .at_ms = sample->at_ms,
                              .demo = miner->miner.demo});
}

void pipeline_ingest(struct pipeline *pipeline, struct fleet_miner *miner,
                     const struct reading *reading) {
  struct sample sample;
  if (reading->report != NULL) {
    apply_answer(pipeline, miner, reading, &sample);
  } else {
    sample_init(&sample, reading->at_ms);
    sample.offset_ms = reading->offset_ms;
    miner_judge_miss(&miner->memory, reading->reason, &sample);
  }
  open_chunk_append(miner->recent, &sample);
  open_chunk_trim(miner->recent, sample.at_ms - RECENT_MS);
  const struct vitals *vitals = reading->report != NULL ? &reading->report->vitals : NULL;
  bool urgent = step_alerts(pipeline, miner, &sample, vitals);
  batch_add_sample(pipeline->filling, miner->miner.id, &sample);
  pipeline->unsaved++;
  fleet_touch(pipeline->options.fleet, miner);
  want_commit(pipeline, urgent);
  bus_publish(pipeline->options.bus,
              &(struct bus_event){.kind = BUS_MINER_CHANGED, .miner_id = miner->miner.id});
}

void pipeline_learn(struct pipeline *pipeline, struct fleet_miner *miner,
                    const struct miner_facts *facts) {
  apply_facts(pipeline, miner, facts);
  fleet_touch(pipeline->options.fleet, miner);
  want_commit(pipeline, false);
}

void pipeline_backfill(struct pipeline *pipeline, struct fleet_miner *miner,
                       const struct miner_past *past) {
  int64_t complete_from_ms = open_chunk_complete_from(miner->recent);
  for (size_t i = 0; i < past->count; i++) {
    const struct sample *sample = &past->rows[i].sample;
    /* What is older than the recent hours is read from the database. */
    if (sample->at_ms >= complete_from_ms)
      open_chunk_append(miner->recent, sample);
    batch_add_sample(pipeline->filling, miner->miner.id, sample);
    pipeline->unsaved++;
  }
  fleet_touch(pipeline->options.fleet, miner);
  want_commit(pipeline, false);
}

/* ------------------------------------------------------------ start, end and state */

static void say_again(int64_t id, const struct batch *batch, void *arg) {
  struct pipeline *pipeline = arg;
  tell(pipeline, batch, id);
}

void pipeline_resume(struct pipeline *pipeline) {
  struct err err;
  if (pipeline->options.spool != NULL &&
      !spool_each_unsaid(pipeline->options.spool, say_again, pipeline, &err))
    log_write(pipeline->options.log, LOG_ERROR, "store",
              "messages that wait in the spool could not be read: %s", err.text);
}

void pipeline_drain(struct pipeline *pipeline, void (*drained)(void *arg), void *arg) {
  pipeline->drained = drained;
  pipeline->drained_arg = arg;
  flush(pipeline);
  start_commit(pipeline);
  finish_drain(pipeline);
}

static void on_closed(uv_handle_t *handle) {
  struct pipeline *pipeline = handle->data;
  while (pipeline->waiting != NULL) {
    struct commit *next = pipeline->waiting->next;
    commit_free(pipeline->waiting);
    pipeline->waiting = next;
  }
  batch_destroy(pipeline->filling);
  alert_rulebook_destroy(pipeline->rulebook);
  free(pipeline);
}

void pipeline_close(struct pipeline *pipeline) {
  if (pipeline == NULL)
    return;
  assert(!pipeline->writing);
  uv_close((uv_handle_t *)&pipeline->timer, on_closed);
}

void pipeline_state(const struct pipeline *pipeline, struct pipeline_state *state) {
  *state = (struct pipeline_state){.storing = !pipeline->failed,
                                   .problem = pipeline->problem,
                                   .unsaved = pipeline->unsaved,
                                   .lost = pipeline->lost,
                                   .last_commit_ms = pipeline->last_commit_ms};
}
