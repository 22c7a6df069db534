/* Delivers messages to people: takes rows of the outbox, sends them through a
 * notifier, waits and retries for as long as it takes, and marks them in the
 * outbox. At least once, in order for each channel and target, one message of
 * a channel on its way at a time, about one a second for each target.
 *
 * A message is given up only when the service refuses it (wrong token, chat
 * gone); never because a network or a service was away. Messages that come more
 * than two minutes late say when it happened. Rows with id 0 (answers of the bot,
 * alerts while the database is away) live in memory only, the newest 200.
 *
 * Life: courier_create -> courier_load -> courier_enqueue ... -> courier_stop
 * (frees itself, then `stopped`). Stop it before the HTTP client and the
 * database threads. Loop thread only. */
#ifndef ENGINE_COURIER_H
#define ENGINE_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/db_thread.h"
#include "net/http_client.h"
#include "store/outbox_store.h"

struct courier;

/* Texts are copied. */
struct courier_options {
  uv_loop_t *loop;
  struct http_client *http;
  struct db_threads *db; /* NULL: the outbox is not marked */
  struct log *log;
  const char *telegram_base_url; /* NULL or "": the public one */
  const char *telegram_token;    /* NULL or "": no Telegram */
  const char *telegram_chat;     /* where rows without a target go */

  /* All waits between attempts are multiplied by this, for tests; 0 means 1. */
  double time_scale;
  int timeout_ms; /* of one attempt; 0: the notifier's own */

  /* Runs when courier_state_get would say something new about `ok` or `problem`;
   * may be NULL. Not from inside a call of this header. */
  void (*changed)(void *arg);
  void *arg;
};

struct courier *courier_create(const struct courier_options *options);

/* Fetches what an earlier run left in the outbox; tries again on its own while
 * the database is away. Call once. Rows of a channel that is not configured
 * stay in the outbox untouched. */
void courier_load(struct courier *courier);

/* Takes a copy of a row whose transaction is committed (or of one with id 0) and sends it when its
 * turn comes. Rows enqueued in one run have growing ids. A row of a channel that is not configured
 * is ignored. */
void courier_enqueue(struct courier *courier, const struct outbox_row *row);

struct courier_state {
  bool configured;            /* some channel can be used */
  bool ok;                    /* false: the last attempt failed, or was refused */
  size_t waiting;             /* messages not delivered yet */
  size_t unmarked;            /* delivered or given up, and the outbox does not know yet */
  uint64_t delivered;         /* since start */
  uint64_t refused;           /* given up since start */
  char problem[ERR_TEXT_MAX]; /* in words, with what to do; "" when ok */
};
void courier_state_get(const struct courier *courier, struct courier_state *state);

/* Takes no more, gives a message that is on its way a second to arrive, then
 * cancels it (it is sent again in the next run), writes the marks, and frees the
 * courier. `stopped` (may be NULL) runs once from the loop, after the last use of
 * the HTTP client and the database. */
void courier_stop(struct courier *courier, void (*stopped)(void *arg), void *arg);

#endif
