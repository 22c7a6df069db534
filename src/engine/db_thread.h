/* Database threads: each owns one connection and runs tasks in order. The loop
 * pushes tasks and gets them back when they are done. A task is the only thing
 * that crosses threads; whoever holds it owns it. */
#ifndef ENGINE_DB_THREAD_H
#define ENGINE_DB_THREAD_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "db/db.h"

struct db_task {
  /* On the database thread. `db` is NULL when it cannot be opened now; `err`
   * then says why. Sets ok (false before) and err. For writers: opens no
   * transaction itself, db_thread wraps it in one, commits when `ok` and rolls
   * back otherwise; a commit that fails clears `ok` and fills `err`. Not called
   * when a transaction cannot be begun (`ok` is false, `err` says why). */
  void (*run)(struct db_task *task, struct db *db);
  /* On the loop thread, exactly once. */
  void (*done)(struct db_task *task);
  void *arg;
  int64_t statement_ms; /* that a server gets for each of its statements; 0: DB_STATEMENT_MS */
  bool ok;
  struct err err;
};

/* What is written each second and what a page asks for take a small part of this; with the time
 * that db_allow adds, a server that answers no more is known for one after a minute. */
enum { DB_STATEMENT_MS = 45000 };

/* The same for a walk over the last hours of so many miners. */
int64_t db_threads_walk_ms(size_t miners);

struct db_threads;

struct db_threads_options {
  const char *url;
  int readers; /* 0: 2; at most 16. Each connects at its first task. */
  struct log *log;
  bool may_be_away; /* a server that cannot be reached now is no failure of the start */
};

/* Opens and migrates on the calling thread first, so that a broken set-up is an
 * error with words at start, then starts one writer and the readers. On a
 * database in memory the writer runs the reads as well, as nobody else sees it.
 *
 * With `may_be_away` the writer opens and migrates at its first task that finds the server; readers
 * wait for that. After an attempt that failed each thread leaves the server alone for a second,
 * then two, up to half a minute: tasks that come meanwhile fail at once with the reason. */
bool db_threads_start(struct db_threads **out, uv_loop_t *loop,
                      const struct db_threads_options *options, struct err *err);

/* Whether the writer has had a connection since the start. */
bool db_threads_were_connected(struct db_threads *threads);

/* Queue a task; in order of calling within each of the queues. After the
 * stop the task is not run but still handed back, with ERR_UNAVAILABLE. */
void db_threads_write(struct db_threads *threads, struct db_task *task);
void db_threads_read(struct db_threads *threads, struct db_task *task);
/* A read that takes seconds by its nature: these run one after the other, on a thread of
 * their own, so that no page waits for them. */
void db_threads_walk(struct db_threads *threads, struct db_task *task);

/* On the loop thread: finishes what is queued (every done runs), joins the
 * threads, closes the connections; then frees itself once the loop has run its
 * close callbacks. */
void db_threads_stop(struct db_threads *threads);

#endif
