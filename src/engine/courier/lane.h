/* The messages that wait for one target of one channel, in order. What must wait
 * for the end of the quiet hours stands apart, so that what is urgent passes it. */
#ifndef ENGINE_COURIER_LANE_H
#define ENGINE_COURIER_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "store/outbox_store.h"

struct message {
  TAILQ_ENTRY(message) link;
  int64_t id; /* of the outbox; below 0: not there yet, courier_provisional; 0: not kept */
  int64_t created_ms;
  int64_t next_ms; /* wall time; an update does not go sooner */
  int attempts;
  int64_t episode_id;
  bool update, buttons, digest;
  enum alert_severity severity;
  char *text;
  struct picture_ref shows; /* beside its text */
  bool drawn;               /* what it shows, or it cannot be */
  void *picture;            /* PNG; NULL: none */
  size_t picture_length;
  int64_t *joined; /* the other rows that this one tells too; NULL: none */
  size_t joined_count;
};
TAILQ_HEAD(message_list, message);

struct lane {
  struct lane *next;
  char target[64]; /* "": the channel's own */
  struct message_list messages;
  struct message_list held;
  int64_t due_mono_ms; /* the first message may go from then on */
  int failures;        /* in a row */
  bool on_its_way;     /* the first message is */
};

struct message *lane_message_create(const struct outbox_row *row);
void lane_message_free(struct message *message);

/* It goes without what it shows, from now on. */
void lane_message_drop_picture(struct message *message);

struct lane *lane_create(const char *target);
void lane_destroy(struct lane *lane);

/* In the order of ids, as what was loaded is older than what was enqueued, however late the load
 * was; never before a message that is on its way. (takes the message) */
void lane_insert(struct lane *lane, struct message *message);
/* Takes it out, without freeing it. */
void lane_remove(struct lane *lane, struct message *message);

/* A waiting update of the same episode that `message` makes needless; NULL: none. */
struct message *lane_find_superseded(struct lane *lane, const struct message *message);

/* The oldest message that memory alone keeps (id 0) and that may be dropped; NULL: none. */
struct message *lane_find_unkept(struct lane *lane);
size_t lane_count_unkept(const struct lane *lane);

/* A message that waits and is not on its way; NULL: none. */
struct message *lane_find_waiting(struct lane *lane, int64_t id);

/* Gives another number to the message, or the part of a joined one, that bears `from`. False when
 * none does. */
bool lane_renumber(struct lane *lane, int64_t from, int64_t to);

/* The quiet hours are over: what was held becomes one message. */
void lane_release(struct lane *lane, const char *language);

size_t lane_count(const struct lane *lane);

#endif
