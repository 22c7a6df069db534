#include "engine/spool/spool.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/spool/spool_file.h"
#include "engine/spool/spool_mirror.h"
#include "store/server/identity.h"

enum {
  STEP_MS = 1000,       /* while away: asked so often; db_thread leaves the server alone */
  FAIL_MOST_MS = 30000, /* between attempts of a batch that PostgreSQL does not take */
  COPY_NOW_MS = 50,     /* from the owner's change to the copy */
  COPY_SOON_MS = 5000,  /* from a change to the copy */
  COPY_MS = 60000,      /* what no one told of is copied so often */
  PATH_ROOM = 600,
};

struct spool {
  struct spool_options options;
  struct spool_listener listener;
  char path[PATH_ROOM], url[PATH_ROOM + 16];
  struct db_threads *file, *db;
  uv_timer_t timer, copy_timer;
  int open_timers;

  char identity[IDENTITY_SIZE];  /* of the database that the file belongs to; "": not known */
  char candidate[IDENTITY_SIZE]; /* for one that has none */
  char met[IDENTITY_SIZE];       /* of the database that answered */

  bool active, reachable, foreign, stopping;
  bool stepping; /* one step of asking or moving is on its way */
  int64_t since_ms;
  size_t batches, samples, puts;
  uint64_t lost;
  int64_t fail_ms;
  char problem[ERR_TEXT_MAX];

  int64_t handed_id, said_id; /* messages through these were handed on, were delivered */
  bool noting_said;

  struct db_task step;
  struct spool_row row; /* the batch that is being moved */
  atomic_llong moving;  /* its number, for the file's thread; 0: none */
  struct db_task said;
  int64_t said_through;

  struct spool_mirror *mirror;
  bool has_copy;
  struct db_task copy;
  bool copying;
  int64_t copy_wanted_ms; /* something changed while it was copied; 0: no */
  struct batch *recent;   /* states committed since the last copy was read */
  struct batch *copied;   /* those whose copy is on its way */
};

static void on_timer(uv_timer_t *timer);
static void on_copy_timer(uv_timer_t *timer);

/* ------------------------------------------------------------ opening */

static bool read_file(struct spool *spool, struct err *err) {
  struct db *db = NULL;
  struct spool_usage usage = {0};
  if (!db_open(&db, spool->url, DB_READ_ONLY, err))
    return false;
  bool ok = spool_file_usage(db, &usage, err) && spool_mirror_create(&spool->mirror, db, err) &&
            spool_mirror_is_there(db, &spool->has_copy, err) &&
            identity_find(db, spool->identity, err); /* it came with the copy */
  db_close(db);
  spool->batches = (size_t)usage.rows;
  spool->samples = (size_t)usage.samples;
  spool->since_ms = usage.since_ms;
  return ok;
}

static bool open_file(struct spool *spool, struct err *err) {
  char aside[PATH_ROOM];
  if (!spool_file_prepare(spool->path, aside, sizeof aside, err))
    return false;
  if (aside[0] != '\0')
    log_write(spool->options.log, LOG_ERROR, "spool",
              "the file %s was damaged: it was put aside as %s, and a new one begun", spool->path,
              aside);
  const struct db_threads_options options = {
      .url = spool->url, .readers = 1, .log = spool->options.log};
  return read_file(spool, err) &&
         db_threads_start(&spool->file, spool->options.loop, &options, err);
}

static void make_candidate(struct spool *spool) {
  uint64_t random[2];
  if (uv_random(NULL, NULL, random, sizeof random, 0, NULL) != 0)
    mem_fatal("the system gives no random numbers");
  snprintf(spool->candidate, sizeof spool->candidate, "%016llx%016llx",
           (unsigned long long)random[0], (unsigned long long)random[1]);
}

bool spool_open(struct spool **out, const struct spool_options *options, struct err *err) {
  struct spool *spool = mem_alloc(sizeof *spool);
  spool->options = *options;
  str_copy(spool->path, sizeof spool->path, options->path);
  snprintf(spool->url, sizeof spool->url, "sqlite:%s", spool->path);
  if (!open_file(spool, err)) {
    spool_mirror_destroy(spool->mirror);
    free(spool);
    return err_add(err, "cannot use the spool %s", options->path);
  }
  make_candidate(spool);
  spool->recent = batch_create();
  spool->copied = batch_create();
  uv_timer_init(options->loop, &spool->timer);
  uv_timer_init(options->loop, &spool->copy_timer);
  spool->timer.data = spool->copy_timer.data = spool;
  spool->open_timers = 2;
  *out = spool;
  return true;
}

static bool is_other(const struct spool *spool, const char *identity) {
  return spool->identity[0] != '\0' && !str_equal(spool->identity, identity);
}

static bool explain_other(const struct spool *spool, struct err *err) {
  return err_set(err, ERR_CONFLICT,
                 "%zu readings in %s wait for another database than that of DATABASE_URL: set it "
                 "back, or, to give them up, stop the monitor, move that file away and start again",
                 spool->samples, spool->path);
}

bool spool_belongs(const struct spool *spool, const char *database_url, struct err *err) {
  struct db *db = NULL;
  char identity[IDENTITY_SIZE];
  if (spool->batches == 0)
    return true;
  bool ok = db_open(&db, database_url, DB_READ_ONLY, err) && identity_find(db, identity, err) &&
            (!is_other(spool, identity) || explain_other(spool, err));
  db_close(db);
  return ok;
}

static void greet(struct spool *spool);

void spool_start(struct spool *spool, struct db_threads *db,
                 const struct spool_listener *listener) {
  spool->db = db;
  spool->listener = *listener;
  bool connected = db_threads_were_connected(db);
  if (connected && spool->batches == 0) {
    spool->identity[0] = '\0'; /* nothing ties us to another one */
    greet(spool);
  }
  if (!connected || spool->batches > 0) {
    spool->active = true;
    spool->since_ms = spool->since_ms > 0 ? spool->since_ms : clock_wall_ms();
    if (!connected)
      str_copy(spool->problem, sizeof spool->problem, "the database server does not answer");
    uv_timer_start(&spool->timer, on_timer, 0, STEP_MS);
  }
  uv_timer_start(&spool->copy_timer, on_copy_timer, connected ? 0 : COPY_SOON_MS, 0);
}

const char *spool_url(const struct spool *spool) {
  return spool->url;
}

bool spool_has_copy(const struct spool *spool) {
  return spool->has_copy;
}

/* ------------------------------------------------------------ the copy */

/* Behind each other in the file: what was committed since the copy was read. */
static void run_keep(struct db_task *task, struct db *db) {
  struct batch *states = task->arg;
  task->ok = batch_write_state(states, db, &task->err);
}

static void on_kept(struct db_task *task) {
  batch_destroy(task->arg);
  free(task);
}

static void keep_states(struct spool *spool, struct batch *states) {
  if (batch_is_empty(states)) {
    batch_destroy(states);
    return;
  }
  struct db_task *task = mem_alloc(sizeof *task);
  *task = (struct db_task){.run = run_keep, .done = on_kept, .arg = states};
  db_threads_write(spool->file, task);
}

static void run_copy_read(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = db != NULL && spool_mirror_read(spool->mirror, db, &task->err);
}

static void run_copy_write(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = spool_mirror_write(spool->mirror, db, &task->err);
}

static void end_copy(struct spool *spool, bool ok) {
  spool->copying = false;
  if (!ok)
    spool_mirror_forget(spool->mirror);
  if (!spool->stopping)
    uv_timer_start(&spool->copy_timer, on_copy_timer,
                   (uint64_t)(spool->copy_wanted_ms > 0 ? spool->copy_wanted_ms : COPY_MS), 0);
  spool->copy_wanted_ms = 0;
}

static void on_copy_written(struct db_task *task) {
  struct spool *spool = task->arg;
  if (task->ok) {
    batch_destroy(spool->copied);
    spool->copied = batch_create();
    spool->has_copy = true;
    if (!spool->stopping && spool->listener.copied != NULL)
      spool->listener.copied(spool->listener.arg);
  } else {
    log_write(spool->options.log, LOG_WARN, "spool", "the copy of the miners is not up to date: %s",
              task->err.text);
  }
  end_copy(spool, task->ok);
}

/* What was read while PostgreSQL went away is older than what is spooled: left. */
static void on_copy_read(struct db_task *task) {
  struct spool *spool = task->arg;
  if (!task->ok || spool->active || spool->stopping) {
    end_copy(spool, false);
    return;
  }
  spool->copy = (struct db_task){.run = run_copy_write, .done = on_copy_written, .arg = spool};
  db_threads_write(spool->file, &spool->copy);
}

static void add_states(struct batch *to, const struct batch *from) {
  for (size_t i = 0; i < from->state_count; i++)
    batch_add_state(to, &from->states[i]);
  for (size_t i = 0; i < from->miner_count; i++)
    batch_add_miner(to, &from->miners[i]);
  for (size_t i = 0; i < from->change_count; i++)
    batch_add_change(to, &from->changes[i]);
}

static void on_copy_timer(uv_timer_t *timer) {
  struct spool *spool = timer->data;
  if (spool->copying)
    return;
  if (spool->active) {
    uv_timer_start(&spool->copy_timer, on_copy_timer, COPY_SOON_MS, 0);
    return;
  }
  add_states(spool->copied, spool->recent);
  batch_destroy(spool->recent);
  spool->recent = batch_create();
  spool->copying = true;
  spool->copy = (struct db_task){.run = run_copy_read, .done = on_copy_read, .arg = spool};
  db_threads_read(spool->db, &spool->copy);
}

static void want_copy(struct spool *spool, int64_t within_ms) {
  if (spool->stopping)
    return;
  if (spool->copying)
    spool->copy_wanted_ms = within_ms;
  else if (uv_timer_get_due_in(&spool->copy_timer) > (uint64_t)within_ms)
    uv_timer_start(&spool->copy_timer, on_copy_timer, (uint64_t)within_ms, 0);
}

void spool_note_change(struct spool *spool) {
  want_copy(spool, COPY_NOW_MS);
}

void spool_note(struct spool *spool, const struct batch *batch) {
  if (batch->state_count + batch->miner_count + batch->change_count == 0)
    return;
  add_states(spool->recent, batch);
  want_copy(spool, COPY_SOON_MS);
}

/* At once, for a copy that cannot be read from the server (any more). */
static void keep_recent(struct spool *spool) {
  keep_states(spool, spool->copied);
  keep_states(spool, spool->recent);
  spool->copied = batch_create();
  spool->recent = batch_create();
}

/* ------------------------------------------------------------ into the file */

bool spool_is_active(const struct spool *spool) {
  return spool->active;
}

void spool_begin(struct spool *spool, const char *problem) {
  str_copy(spool->problem, sizeof spool->problem, problem);
  if (spool->active)
    return;
  spool->active = true;
  spool->reachable = false;
  spool->fail_ms = 0;
  spool->since_ms = clock_wall_ms();
  keep_recent(spool);
  log_write(spool->options.log, LOG_WARN, "spool",
            "readings are kept in %s until PostgreSQL answers: %s", spool->path, problem);
  if (!spool->stopping)
    uv_timer_start(&spool->timer, on_timer, STEP_MS, STEP_MS);
}

static void run_put(struct db_task *task, struct db *db) {
  struct spool_put *put = task->arg;
  const struct spool_options *options = &put->spool->options;
  const struct spool_limits limits = {.path = put->spool->path,
                                      .max_bytes = options->max_bytes,
                                      .free_bytes = options->free_bytes,
                                      .after_id = atomic_load(&put->spool->moving)};
  task->ok = spool_file_put(db, put->batch, put->key, &limits, &put->id, &put->lost, &task->err);
}

static void on_put(struct db_task *task) {
  struct spool_put *put = task->arg;
  struct spool *spool = put->spool;
  spool->puts--;
  if (task->ok) {
    if (put->lost > 0 && spool->lost == 0)
      log_write(spool->options.log, LOG_ERROR, "spool",
                "there is no more room: the oldest readings that wait are given up");
    spool->batches++;
    spool->samples += put->batch->sample_count;
    spool->samples -= (size_t)put->lost;
    spool->lost += (uint64_t)put->lost;
  }
  put->done(put);
}

void spool_put(struct spool *spool, struct spool_put *put) {
  assert(spool->active);
  spool->puts++;
  put->spool = spool;
  put->task = (struct db_task){.run = run_put, .done = on_put, .arg = put};
  db_threads_write(spool->file, &put->task);
}

/* ------------------------------------------------------------ messages */

void spool_handed_on(struct spool *spool, const struct spool_put *put) {
  if (put->id > spool->handed_id)
    spool->handed_id = put->id;
}

struct unsaid {
  struct spool *spool;
  void (*visit)(int64_t id, const struct batch *batch, void *arg);
  void *arg;
};

static void hand_on(int64_t id, const struct batch *batch, void *arg) {
  struct unsaid *unsaid = arg;
  unsaid->visit(id, batch, unsaid->arg);
  unsaid->spool->handed_id = id;
}

bool spool_each_unsaid(struct spool *spool,
                       void (*visit)(int64_t id, const struct batch *batch, void *arg), void *arg,
                       struct err *err) {
  struct unsaid unsaid = {spool, visit, arg};
  struct db *db = NULL;
  if (!db_open(&db, spool->url, DB_READ_ONLY, err))
    return false;
  bool ok = spool_file_unsaid(db, hand_on, &unsaid, err);
  db_close(db);
  return ok;
}

static void run_said(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = spool_file_said(db, spool->said_through, clock_wall_ms(), &task->err);
}

static void on_said(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->noting_said = false;
  if (task->ok)
    spool->said_id = spool->said_through;
}

/* Once nothing waits at the courier, all that was handed to it has been delivered (or refused). */
static void note_said(struct spool *spool) {
  if (spool->noting_said || spool->handed_id <= spool->said_id ||
      (spool->listener.all_said != NULL && !spool->listener.all_said(spool->listener.arg)))
    return;
  spool->noting_said = true;
  spool->said_through = spool->handed_id;
  spool->said = (struct db_task){.run = run_said, .done = on_said, .arg = spool};
  db_threads_write(spool->file, &spool->said);
}

/* ------------------------------------------------------------ out of the file */

static void step(struct spool *spool);

static void begin_step(struct spool *spool, struct db_threads *threads,
                       void (*run)(struct db_task *, struct db *), void (*done)(struct db_task *)) {
  spool->stepping = true;
  spool->step = (struct db_task){.run = run, .done = done, .arg = spool};
  db_threads_write(threads, &spool->step);
}

static void drop_row(struct spool *spool) {
  batch_destroy(spool->row.batch);
  spool->row = (struct spool_row){0};
  atomic_store(&spool->moving, 0);
}

/* The next attempt comes from the timer. */
static void fail_step(struct spool *spool, const struct err *err) {
  bool news = !str_equal(spool->problem, err->text);
  str_copy(spool->problem, sizeof spool->problem, err->text);
  drop_row(spool);
  spool->reachable = false;
  if (news && err->code != ERR_UNAVAILABLE)
    log_write(spool->options.log, LOG_ERROR, "spool", "what waits cannot be moved: %s", err->text);
}

static void run_ask(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = identity_ensure(db, spool->candidate, spool->met, &task->err);
}

/* It answers: is it the one that we work for? */
static bool note_identity(struct spool *spool, struct err *err) {
  spool->foreign = is_other(spool, spool->met);
  if (spool->foreign)
    return explain_other(spool, err);
  str_copy(spool->identity, sizeof spool->identity, spool->met);
  return true;
}

static void on_asked(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->stepping = false;
  if (!task->ok || !note_identity(spool, &task->err)) {
    fail_step(spool, &task->err);
    return;
  }
  spool->reachable = true;
  step(spool);
}

static void on_greeted(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->stepping = false;
  if (task->ok && note_identity(spool, &task->err))
    spool_note_change(spool); /* the copy holds the name too */
}

/* At a start where nothing waits. */
static void greet(struct spool *spool) {
  begin_step(spool, spool->db, run_ask, on_greeted);
}

static void on_removed(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->stepping = false;
  if (!task->ok) { /* it is met again, and known by its key */
    fail_step(spool, &task->err);
    return;
  }
  spool->batches--;
  spool->samples -= (size_t)spool->row.samples;
  spool->fail_ms = 0;
  drop_row(spool);
  step(spool);
}

static void run_remove(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = spool_file_remove(db, spool->row.id, &task->err);
}

static void run_move(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = batch_write_once(spool->row.batch, spool->row.key, db, &task->err);
}

static void on_moved(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->stepping = false;
  if (task->ok) {
    if (spool->listener.moved != NULL)
      spool->listener.moved(spool->row.id, spool->row.batch, spool->listener.arg);
    begin_step(spool, spool->file, run_remove, on_removed);
    return;
  }
  if (task->err.code != ERR_UNAVAILABLE) {
    spool->fail_ms = spool->fail_ms == 0 ? STEP_MS : spool->fail_ms * 2;
    if (spool->fail_ms > FAIL_MOST_MS)
      spool->fail_ms = FAIL_MOST_MS;
    if (!spool->stopping)
      uv_timer_start(&spool->timer, on_timer, (uint64_t)spool->fail_ms, STEP_MS);
  }
  fail_step(spool, &task->err);
}

/* Of messages that are known to be delivered: they are written as what they are. */
static void set_told(struct batch *batch, int64_t told_ms) {
  for (size_t i = 0; i < batch->message_count; i++)
    batch->messages[i].told_ms = told_ms;
}

static void run_fetch(struct db_task *task, struct db *db) {
  struct spool *spool = task->arg;
  task->ok = spool_file_first(db, &spool->row, &task->err);
  atomic_store(&spool->moving, spool->row.id);
}

static void on_fetched(struct db_task *task) {
  struct spool *spool = task->arg;
  spool->stepping = false;
  if (!task->ok) {
    fail_step(spool, &task->err);
  } else if (spool->row.id == 0) {
    spool->batches = spool->samples = 0;
    step(spool);
  } else if (spool->row.batch == NULL) {
    log_write(spool->options.log, LOG_ERROR, "spool",
              "a batch in %s is damaged: %lld samples are lost", spool->path,
              (long long)spool->row.samples);
    spool->lost += (uint64_t)spool->row.samples;
    begin_step(spool, spool->file, run_remove, on_removed);
  } else if (spool->stopping) {
    drop_row(spool);
  } else {
    set_told(spool->row.batch, spool->row.said_ms);
    begin_step(spool, spool->db, run_move, on_moved);
  }
}

static void end_spooling(struct spool *spool) {
  spool->active = false;
  spool->since_ms = 0;
  spool->problem[0] = '\0';
  uv_timer_stop(&spool->timer);
  spool_mirror_forget(spool->mirror);
  log_write(spool->options.log, LOG_INFO, "spool",
            "PostgreSQL answers and has everything that waited");
  if (spool->listener.caught_up != NULL)
    spool->listener.caught_up(spool->listener.arg);
  spool_note_change(spool);
}

static void step(struct spool *spool) {
  if (spool->stepping || spool->stopping || !spool->active)
    return;
  if (!spool->reachable)
    begin_step(spool, spool->db, run_ask, on_asked);
  else if (spool->batches > 0)
    begin_step(spool, spool->file, run_fetch, on_fetched);
  else if (spool->puts == 0)
    end_spooling(spool);
}

static void on_timer(uv_timer_t *timer) {
  struct spool *spool = timer->data;
  note_said(spool);
  step(spool);
}

/* ------------------------------------------------------------ state and end */

void spool_state_get(const struct spool *spool, struct spool_state *state) {
  *state = (struct spool_state){.active = spool->active,
                                .moving = spool->active && spool->reachable,
                                .foreign = spool->active && spool->foreign,
                                .since_ms = spool->since_ms,
                                .batches = spool->batches,
                                .samples = spool->samples,
                                .lost = spool->lost,
                                .problem = spool->problem};
}

void spool_stop(struct spool *spool) {
  if (spool == NULL)
    return;
  note_said(spool);
  keep_recent(spool);
  spool->stopping = true;
  uv_timer_stop(&spool->timer);
  uv_timer_stop(&spool->copy_timer);
}

static void on_closed(uv_handle_t *handle) {
  struct spool *spool = handle->data;
  if (--spool->open_timers > 0)
    return;
  drop_row(spool);
  batch_destroy(spool->recent);
  batch_destroy(spool->copied);
  spool_mirror_destroy(spool->mirror);
  free(spool);
}

void spool_close(struct spool *spool) {
  if (spool == NULL)
    return;
  assert(spool->stopping);
  db_threads_stop(spool->file);
  uv_close((uv_handle_t *)&spool->timer, on_closed);
  uv_close((uv_handle_t *)&spool->copy_timer, on_closed);
}
