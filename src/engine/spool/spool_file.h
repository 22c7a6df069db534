/* The spool on the disk: an SQLite file of the monitor's own layout, of which the small tables
 * (miners, alert states, settings ...) hold a copy of what PostgreSQL has, to start from while it
 * is away, and one more table with the batches that wait, oldest first.
 *
 *   spooled: id | key of the batch | when | samples | messages | said_ms | body (batch_codec)
 *   copied:  one row, when the copy was last written (spool_mirror)
 *
 * Plain functions over the file's connection, in the caller's transaction. */
#ifndef ENGINE_SPOOL_SPOOL_FILE_H
#define ENGINE_SPOOL_SPOOL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "engine/batch.h"

/* Makes the file and its tables where they are missing. One that is damaged is put aside under
 * another name, told in `aside` ("" otherwise). ERR_CONFLICT when another monitor uses it. */
bool spool_file_prepare(const char *path, char *aside, size_t size, struct err *err);

struct spool_usage {
  int64_t rows, samples;
  int64_t since_ms; /* wall time of the oldest; 0 when empty */
};
bool spool_file_usage(struct db *db, struct spool_usage *usage, struct err *err);

/* Room: the oldest samples are given up (their alerts stay) for what would lie beyond. */
struct spool_limits {
  const char *path;   /* of the file, for the free space of its disk */
  int64_t max_bytes;  /* that the spool may hold */
  int64_t free_bytes; /* that must stay free on the disk */
  int64_t after_id;   /* rows through this one are on their way and stay as they are */
};

/* Appends a batch, and takes over its states into the copy. `id` gets its number, `lost` how many
 * samples of older batches were given up. ERR_IO when there is no room even so. */
bool spool_file_put(struct db *db, const struct batch *batch, const char *key,
                    const struct spool_limits *limits, int64_t *id, int64_t *lost, struct err *err);

struct spool_row {
  int64_t id; /* 0: the spool is empty */
  char key[BATCH_KEY_MAX];
  int64_t samples, messages;
  int64_t said_ms;     /* its messages had all been delivered then; 0: not that we know */
  struct batch *batch; /* for batch_destroy; NULL when its bytes are damaged */
};

/* The oldest. */
bool spool_file_first(struct db *db, struct spool_row *row, struct err *err);
bool spool_file_remove(struct db *db, int64_t id, struct err *err);

/* All messages through that row have been delivered. */
bool spool_file_said(struct db *db, int64_t through_id, int64_t now_ms, struct err *err);

/* Batches with messages that may not have been delivered, oldest first. */
bool spool_file_unsaid(struct db *db,
                       void (*visit)(int64_t id, const struct batch *batch, void *arg), void *arg,
                       struct err *err);

#endif
