/* The table `outbox`: messages to people, written in the transaction of what
 * they tell, deleted never, marked when delivered or given up. */
#ifndef STORE_OUTBOX_STORE_H
#define STORE_OUTBOX_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

enum { OUTBOX_TEXT_MAX = 3500 };

struct outbox_row {
  int64_t id;
  char channel[32];   /* "telegram" */
  char target[64];    /* chat id; "" the channel's default */
  int64_t created_ms; /* when it happened */
  int attempts;
  int64_t next_ms;            /* not before */
  char text[OUTBOX_TEXT_MAX]; /* plain text, UTF-8 */
};

/* Sets row->id. */
bool outbox_store_insert(struct db *db, struct outbox_row *row, struct err *err);

/* What is not delivered nor given up, oldest first. */
bool outbox_store_pending(struct db *db, void (*visit)(const struct outbox_row *row, void *arg),
                          void *arg, struct err *err);

bool outbox_store_delivered(struct db *db, int64_t id, int64_t now_ms, struct err *err);
bool outbox_store_retry(struct db *db, int64_t id, int attempts, int64_t next_ms, const char *error,
                        struct err *err);
bool outbox_store_give_up(struct db *db, int64_t id, int64_t now_ms, const char *error,
                          struct err *err);

#endif
