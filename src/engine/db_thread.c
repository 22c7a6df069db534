#include "engine/db_thread.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/queue.h"
#include "store/store.h"

enum { READERS_DEFAULT = 2, READERS_MAX = 16, BACK_OFF_FIRST_MS = 1000, BACK_OFF_MOST_MS = 30000 };

/* How long a server that did not answer is left alone, and what it last said. */
struct rest {
  int64_t until_mono_ms, length_ms;
  unsigned connects; /* of the writer when the rest began: another one ends it */
  struct err err;
};

/* One thread and its connection. */
struct worker {
  struct db_threads *threads;
  struct queue *tasks; /* borrowed */
  struct db *db;       /* of this thread alone once it runs; NULL: not open (yet) */
  bool writes;
  pthread_t thread;
  struct rest rest;
};

struct db_threads {
  char *url;
  bool may_be_away;
  atomic_uint connects; /* how often the writer has found the server; 0: never yet */
  uv_async_t wake;      /* from the workers to the loop: something is in `done` */
  struct queue *to_write, *to_read, *to_walk, *done;
  struct worker writer;
  struct worker readers[READERS_MAX];
  int reader_count;     /* 0: no other connection can see the data, the writer reads too */
  struct worker walker; /* there when readers are */
};

/* ---- on the database threads ---- */

/* Only for a server that may be away: with a file there is nothing to leave alone. */
static bool is_resting(const struct worker *worker, struct err *err) {
  const struct rest *rest = &worker->rest;
  unsigned connects = atomic_load(&worker->threads->connects);
  if (!worker->writes && worker->threads->may_be_away && connects == 0)
    return !err_set(err, ERR_UNAVAILABLE,
                    "the database server has not been reached since the start");
  bool resting = connects == rest->connects && clock_mono_ms() < rest->until_mono_ms;
  if (resting)
    *err = rest->err;
  return resting;
}

static void begin_rest(struct worker *worker, const struct err *err) {
  struct rest *rest = &worker->rest;
  if (!worker->threads->may_be_away)
    return;
  rest->length_ms = rest->length_ms == 0 ? BACK_OFF_FIRST_MS : rest->length_ms * 2;
  if (rest->length_ms > BACK_OFF_MOST_MS)
    rest->length_ms = BACK_OFF_MOST_MS;
  rest->until_mono_ms = clock_mono_ms() + rest->length_ms;
  rest->connects = atomic_load(&worker->threads->connects);
  rest->err = *err;
}

static void end_rest(struct worker *worker) {
  if (worker->writes && worker->rest.length_ms > 0)
    atomic_fetch_add(&worker->threads->connects, 1);
  worker->rest = (struct rest){0};
}

int64_t db_threads_walk_ms(size_t miners) {
  enum { MS_PER_MINER = 60 }; /* some 800 rows each, ten times what a small machine takes */
  return DB_STATEMENT_MS + (int64_t)miners * MS_PER_MINER;
}

static bool allow(struct worker *worker, const struct db_task *task, struct err *err) {
  return db_allow(worker->db, task->statement_ms > 0 ? task->statement_ms : DB_STATEMENT_MS, err);
}

static bool begin_write(struct worker *worker, struct db_task *task) {
  if (worker->db == NULL && !store_open(&worker->db, worker->threads->url, &task->err)) {
    worker->db = NULL;
    return false;
  }
  return allow(worker, task, &task->err) && db_begin(worker->db, &task->err);
}

static bool begin_read(struct worker *worker, struct db_task *task) {
  if (worker->db == NULL && !db_open(&worker->db, worker->threads->url, DB_READ_ONLY, &task->err)) {
    worker->db = NULL;
    return false;
  }
  return allow(worker, task, &task->err);
}

static void run_write(struct worker *worker, struct db_task *task) {
  if (is_resting(worker, &task->err))
    return;
  if (!begin_write(worker, task)) {
    begin_rest(worker, &task->err);
    return;
  }
  end_rest(worker);
  task->run(task, worker->db);
  if (task->ok)
    task->ok = db_commit(worker->db, &task->err);
  else
    db_rollback(worker->db);
}

/* A reader connects at its first task, and tries again at the next when it
 * could not: most homes never need the second one's memory. */
static void run_read(struct worker *worker, struct db_task *task) {
  if (is_resting(worker, &task->err)) {
    task->run(task, NULL);
    return;
  }
  task->run(task, begin_read(worker, task) ? worker->db : NULL);
  if (!task->ok && task->err.code == ERR_UNAVAILABLE)
    begin_rest(worker, &task->err);
  else
    end_rest(worker);
}

static void *work(void *arg) {
  struct worker *worker = arg;
  struct db_threads *threads = worker->threads;
  struct db_task *task;
  while ((task = queue_pop(worker->tasks)) != NULL) {
    task->ok = false;
    task->err = (struct err){0};
    if (worker->writes)
      run_write(worker, task);
    else
      run_read(worker, task);
    queue_push(threads->done, task);
    uv_async_send(&threads->wake);
  }
  db_close(worker->db);
  return NULL;
}

/* ---- on the loop ---- */

static void hand_back(struct db_threads *threads) {
  struct db_task *task;
  while ((task = queue_try_pop(threads->done)) != NULL)
    task->done(task);
}

static void on_wake(uv_async_t *wake) {
  hand_back(wake->data);
}

/* A task that comes after the stop is handed back too, never run. */
static void push(struct db_threads *threads, struct queue *tasks, struct db_task *task) {
  if (queue_push(tasks, task))
    return;
  task->ok = err_set(&task->err, ERR_UNAVAILABLE, "the monitor is stopping");
  queue_push(threads->done, task);
}

bool db_threads_were_connected(struct db_threads *threads) {
  return atomic_load(&threads->connects) > 0;
}

void db_threads_write(struct db_threads *threads, struct db_task *task) {
  push(threads, threads->to_write, task);
}

void db_threads_read(struct db_threads *threads, struct db_task *task) {
  push(threads, threads->reader_count > 0 ? threads->to_read : threads->to_write, task);
}

void db_threads_walk(struct db_threads *threads, struct db_task *task) {
  push(threads, threads->reader_count > 0 ? threads->to_walk : threads->to_write, task);
}

/* ---- start and stop ---- */

/* Signals are the loop's: a new thread inherits the mask that blocks them. */
static void start_worker(struct worker *worker) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (pthread_create(&worker->thread, NULL, work, worker) != 0)
    mem_fatal("the system refuses another thread");
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool db_threads_start(struct db_threads **out, uv_loop_t *loop,
                      const struct db_threads_options *options, struct err *err) {
  struct db *db = NULL;
  if (!store_open(&db, options->url, err) &&
      !(options->may_be_away && err->code == ERR_UNAVAILABLE))
    return err_add(err, "cannot use the database");

  struct db_threads *threads = mem_alloc(sizeof *threads);
  threads->url = mem_strdup(options->url);
  threads->may_be_away = options->may_be_away;
  threads->connects = db != NULL;
  threads->to_write = queue_create();
  threads->to_read = queue_create();
  threads->to_walk = queue_create();
  threads->done = queue_create();
  threads->wake.data = threads;
  if (uv_async_init(loop, &threads->wake, on_wake) != 0)
    mem_fatal("the system refuses a descriptor to wake the loop with");
  assert(options->readers >= 0 && options->readers <= READERS_MAX);
  if (db == NULL || !db_is_private(db))
    threads->reader_count = options->readers > 0 ? options->readers : READERS_DEFAULT;

  threads->writer =
      (struct worker){.threads = threads, .tasks = threads->to_write, .db = db, .writes = true};
  if (db == NULL)
    begin_rest(&threads->writer, err);
  start_worker(&threads->writer);
  for (int i = 0; i < threads->reader_count; i++) {
    threads->readers[i] = (struct worker){.threads = threads, .tasks = threads->to_read};
    start_worker(&threads->readers[i]);
  }
  threads->walker = (struct worker){.threads = threads, .tasks = threads->to_walk};
  if (threads->reader_count > 0)
    start_worker(&threads->walker);
  *out = threads;
  return true;
}

static void on_closed(uv_handle_t *handle) {
  struct db_threads *threads = handle->data;
  /* Done functions that run between stop and here may have handed in more. */
  hand_back(threads);
  queue_destroy(threads->to_write);
  queue_destroy(threads->to_read);
  queue_destroy(threads->to_walk);
  queue_close(threads->done);
  queue_destroy(threads->done);
  free(threads->url);
  free(threads);
}

void db_threads_stop(struct db_threads *threads) {
  /* The writer's connection is closed last: the last one puts SQLite's log into the file, which a
   * reader's may not. A person who stops the monitor and copies the file has it all. */
  queue_close(threads->to_read);
  queue_close(threads->to_walk);
  for (int i = 0; i < threads->reader_count; i++)
    pthread_join(threads->readers[i].thread, NULL);
  if (threads->reader_count > 0)
    pthread_join(threads->walker.thread, NULL);
  queue_close(threads->to_write);
  pthread_join(threads->writer.thread, NULL);
  hand_back(threads);
  uv_close((uv_handle_t *)&threads->wake, on_closed);
}
