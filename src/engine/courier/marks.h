/* What the outbox must be told: delivered, tried, given up. Kept until the
 * database took them, so a delivered message is not sent again in this run
 * whatever the disk does. */
#ifndef ENGINE_COURIER_MARKS_H
#define ENGINE_COURIER_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/db_thread.h"
#include "notify/notifier.h"

struct marks;

enum mark_kind { MARK_DELIVERED, MARK_RETRY, MARK_GIVE_UP };

struct mark {
  enum mark_kind kind;
  int64_t id, at_ms;
  int attempts;                           /* MARK_RETRY */
  int64_t next_ms;                        /* MARK_RETRY */
  char error[200];                        /* MARK_RETRY, MARK_GIVE_UP */
  char message_id[NOTIFY_MESSAGE_ID_MAX]; /* MARK_DELIVERED; "" none */
};

/* `written` runs after each attempt of the writer thread. `db` NULL: marks are let go. */
struct marks *marks_create(struct db_threads *db, struct log *log, void (*written)(void *arg),
                           void *arg);
/* Not while marks_writing. */
void marks_destroy(struct marks *marks);

/* Takes a copy. A mark of a message without a row (id 0) is let go; one with a provisional number
 * (below 0) is kept until it is adopted, and counts for nothing until then. */
void marks_add(struct marks *marks, const struct mark *mark);

/* The message with that provisional number is in the outbox now. Whether there was a mark for it,
 * which is then to be written. */
bool marks_adopt(struct marks *marks, int64_t provisional, int64_t id);

/* Hands what is there to the writer thread. Not while marks_writing. */
void marks_write(struct marks *marks);

bool marks_writing(const struct marks *marks);
bool marks_waiting(const struct marks *marks); /* something is to be written */
size_t marks_count(const struct marks *marks); /* waiting, and at the writer */
int marks_failures(const struct marks *marks); /* of the writer, in a row */

#endif
