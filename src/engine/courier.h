/* Delivers messages to people: takes rows of the outbox, sends each through the
 * notifier of its channel, waits and retries for as long as it takes, and marks
 * them in the outbox. At least once, in order for each channel and target; each
 * channel has its own queue, pace and back-off, so that none holds up another.
 *
 * A message is given up only when the service refuses it, or its channel is
 * removed; never because a network or a service was away. Messages that come more
 * than two minutes late say when it happened; an update edits the message that
 * told its episode, where the service can. What a row shows is drawn when its turn comes;
 * where that fails, or the service cannot show it, the text goes alone. Rows with id 0 (answers of
 * the bot, alerts while nothing can be written) live in memory only, the newest 200 of each
 * channel. Those of a batch that waits in the spool bear provisional numbers until
 * it is moved to the outbox. How it works: engine/courier/outlet.h.
 *
 * Life: courier_create -> courier_load -> courier_enqueue ... -> courier_stop
 * (frees itself, then `stopped`). Stop it before the HTTP client, the channels
 * and the database threads. Loop thread only. */
#ifndef ENGINE_COURIER_H
#define ENGINE_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "engine/channels.h"
#include "engine/courier/artist.h"
#include "engine/db_thread.h"
#include "net/http_client.h"
#include "store/outbox_store.h"

struct courier;

struct courier_options {
  uv_loop_t *loop;
  struct http_client *http;
  struct db_threads *db; /* NULL: the outbox is not marked */
  struct channels *channels;
  struct artist *artist; /* NULL: nothing is drawn */
  struct log *log;

  /* All waits between attempts are multiplied by this, for tests; 0 means 1. */
  double time_scale;
  int timeout_ms; /* of one attempt; 0: the notifier's own */
};

struct courier *courier_create(const struct courier_options *options);

/* Fetches what an earlier run left in the outbox; tries again on its own while
 * the database is away. Call once. Rows of the environment's chat stay in the
 * outbox untouched while there is none. */
void courier_load(struct courier *courier);

/* Takes a copy of a row whose transaction is committed (or of one with id 0) and sends it when its
 * turn comes. Rows enqueued in one run have growing ids. A row of a channel that there is not is
 * ignored. */
void courier_enqueue(struct courier *courier, const struct outbox_row *row);

/* The number of a row that waits in the spool: the `index`th message of that spooled batch (1, 2,
 * ...). Negative, growing, and the same in the next run. */
int64_t courier_provisional(int64_t spooled, size_t index);

/* The row with that provisional number is in the outbox now, as row->id. What became of it so far
 * is noted there, and it is sent no second time. `told_ms`: delivered then, as an earlier run
 * knows; 0: not that anybody knows. One that was not enqueued is
 * enqueued now. */
void courier_adopt(struct courier *courier, int64_t provisional, const struct outbox_row *row,
                   int64_t told_ms);

struct courier_state {
  size_t waiting;     /* messages not delivered yet */
  size_t unmarked;    /* delivered or given up, and the outbox does not know yet */
  uint64_t delivered; /* since start */
  uint64_t refused;   /* given up since start */
};
void courier_state_get(const struct courier *courier, struct courier_state *state);

/* How many messages wait for this channel. */
size_t courier_waiting(const struct courier *courier, const struct channel *channel);

/* A channel was removed or switched on: what waits for it is looked at again. */
void courier_look_again(struct courier *courier);

/* Takes no more, gives messages that are on their way a second to arrive, then
 * cancels them (they are sent again in the next run), writes the marks, and frees the
 * courier. `stopped` (may be NULL) runs once from the loop, after the last use of
 * the HTTP client and the database. */
void courier_stop(struct courier *courier, void (*stopped)(void *arg), void *arg);

#endif
