/* The spool: where batches go while PostgreSQL is away, and from where they are moved to it, in
 * order and once, when it answers. Survives a kill at any moment: a batch is removed from the file
 * after PostgreSQL has committed it, and its key (engine/batch.h) tells a second attempt from a
 * first.
 *
 *          spool_begin                        it answers
 *   IDLE --------------> AWAY --------------------------------> MOVING ---- all moved ----> IDLE
 *                         ^ '-- asked again (db_thread's rests) --' |
 *                         '------------ it is away again -----------'
 *
 * Away and moving are "active": new batches queue behind those that wait. While idle the file holds
 * a copy of the miners and alert states, brought up to date soon after they change. What waits is
 * moved only to the database that it was meant for (store/server/identity.h).
 *
 * Life: spool_open -> ... -> spool_stop, then PostgreSQL's threads stop, then spool_close. Loop
 * thread. */
#ifndef ENGINE_SPOOL_SPOOL_H
#define ENGINE_SPOOL_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/batch.h"
#include "engine/db_thread.h"

struct spool;

struct spool_options {
  uv_loop_t *loop;
  struct log *log;
  const char *path;   /* of the file; copied */
  int64_t max_bytes;  /* that it may hold; beyond, the oldest samples are given up */
  int64_t free_bytes; /* that must stay free on the disk */
};

/* Opens or makes the file. ERR_CONFLICT when another monitor uses it. */
bool spool_open(struct spool **out, const struct spool_options *options, struct err *err);

/* Who is told. Each may be NULL. */
struct spool_listener {
  bool (*all_said)(void *arg);  /* has every message been delivered that was handed on? */
  void (*copied)(void *arg);    /* the copy was written */
  void (*caught_up)(void *arg); /* PostgreSQL answers and has everything */
  /* PostgreSQL has that batch now; its messages bear their numbers in the outbox (0: not there,
   * or no longer waiting there), and the times when they were delivered as far as is known. */
  void (*moved)(int64_t id, const struct batch *batch, void *arg);
  void *arg;
};

/* Whether the database, which answers, is the one whose batches wait in the file; true when none
 * wait. Asked before the start. ERR_CONFLICT, with words for its owner, when it is another one. */
bool spool_belongs(const struct spool *spool, const char *database_url, struct err *err);

/* Begins to work, with PostgreSQL's threads: goes on with what an earlier run has left. */
void spool_start(struct spool *spool, struct db_threads *db, const struct spool_listener *listener);

void spool_stop(struct spool *spool);  /* nothing new is begun; NULL accepted */
void spool_close(struct spool *spool); /* NULL accepted */

/* The file's address, for reading the copy with another connection. */
const char *spool_url(const struct spool *spool);

/* False on a first start: nothing is known of what PostgreSQL holds. */
bool spool_has_copy(const struct spool *spool);

/* Whether batches must go through the spool, to stay behind those that wait there. */
bool spool_is_active(const struct spool *spool);

/* PostgreSQL refused a batch: from here on the spool is active. */
void spool_begin(struct spool *spool, const char *problem);

/* A batch on its way into the file; owned by the caller, and not touched until `done`. */
struct spool_put {
  const struct batch *batch;
  const char *key;
  void (*done)(struct spool_put *put); /* on the loop */
  struct db_task task;                 /* `ok` and `err` tell how it went */
  struct spool *spool;
  int64_t id, lost;
  void *arg;
};
void spool_put(struct spool *spool, struct spool_put *put);

/* The messages of that batch, and of all before it, were handed to the courier. */
void spool_handed_on(struct spool *spool, const struct spool_put *put);

/* A batch was committed by PostgreSQL without the spool. Taken into the copy soon. */
void spool_note(struct spool *spool, const struct batch *batch);

/* Something that the copy holds was changed in PostgreSQL. */
void spool_note_change(struct spool *spool);

/* Messages that an earlier run spooled and may not have delivered, oldest first. */
bool spool_each_unsaid(struct spool *spool,
                       void (*visit)(int64_t id, const struct batch *batch, void *arg), void *arg,
                       struct err *err);

struct spool_state {
  bool active, moving;
  bool foreign;            /* PostgreSQL answers, but it is not the database of what waits */
  int64_t since_ms;        /* wall time; 0 when not active */
  size_t batches, samples; /* that wait in the file */
  uint64_t lost;           /* samples given up, since the start */
  const char *problem;     /* what PostgreSQL said last; borrowed */
};
void spool_state_get(const struct spool *spool, struct spool_state *state);

#endif
