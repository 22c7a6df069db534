/* The table `outbox`: messages to people, written in the transaction of what
 * they tell, deleted never, marked when delivered or given up. */
#ifndef STORE_OUTBOX_STORE_H
#define STORE_OUTBOX_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"
#include "model/picture_ref.h"

enum { OUTBOX_TEXT_MAX = 3500, OUTBOX_MESSAGE_ID_MAX = 256 };

struct outbox_row {
  int64_t id;
  char channel[32];   /* "telegram": the chat of the environment; "c12": a row of `channel` */
  char target[64];    /* chat id; "" the channel's own */
  int64_t created_ms; /* when it happened */
  int attempts;
  int64_t next_ms;                /* not before */
  int64_t episode_id;             /* 0: tells of none */
  bool update;                    /* edits what told the episode there, if the service can */
  bool buttons;                   /* offer to acknowledge, mute, ... */
  bool digest;                    /* waits for the end of the channel's quiet hours */
  enum alert_severity severity;   /* how loud a service that knows priorities is */
  char text[OUTBOX_TEXT_MAX];     /* plain text, UTF-8; the first line is the subject */
  char picture[PICTURE_REF_SIZE]; /* what it shows beside its text; "" nothing */
};

/* Sets row->id. */
bool outbox_store_insert(struct db *db, struct outbox_row *row, struct err *err);

/* Sets row->id to that of the row with the same channel, target, time and text that
 * is not delivered nor given up; 0 when there is none. */
bool outbox_store_find(struct db *db, struct outbox_row *row, struct err *err);

/* What is not delivered nor given up, oldest first. */
bool outbox_store_pending(struct db *db, void (*visit)(const struct outbox_row *row, void *arg),
                          void *arg, struct err *err);

/* Which message told an episode on a channel. Texts are borrowed for the call. */
struct outbox_told {
  const char *channel, *target;
  int64_t episode_id;
  const char *message_id;
};

/* The messages since then that can be edited, oldest first. */
bool outbox_store_told(struct db *db, int64_t since_ms,
                       void (*visit)(const struct outbox_told *told, void *arg), void *arg,
                       struct err *err);

/* `message_id` is what the service called it; "" when it cannot be edited. */
bool outbox_store_delivered(struct db *db, int64_t id, int64_t now_ms, const char *message_id,
                            struct err *err);
bool outbox_store_retry(struct db *db, int64_t id, int attempts, int64_t next_ms, const char *error,
                        struct err *err);
bool outbox_store_give_up(struct db *db, int64_t id, int64_t now_ms, const char *error,
                          struct err *err);

#endif
