/* The table `sample`: what is not sealed yet (store/seal_store.h), in the order it
 * came, as integers at the fixed scales of model/metric. It is the journal that
 * open chunks are rebuilt from. Rows that are sealed and wait to be deleted are
 * passed over. On SQLite it has no secondary index: rows come nearly sorted by time,
 * so a range is found by bisecting the row number. On PostgreSQL an index on
 * miner and time answers for one miner, and a batch is one COPY. */
#ifndef STORE_SAMPLE_STORE_H
#define STORE_SAMPLE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/sample.h"

struct sample_row {
  int64_t miner_id;
  struct sample sample;
};

/* Appends all rows. Runs inside the caller's transaction. */
bool sample_store_insert(struct db *db, const struct sample_row *rows, size_t count,
                         struct err *err);

/* Return false to stop the walk (no failure). */
typedef bool (*sample_store_visit)(const struct sample_row *row, void *arg);

/* Rows with from_ms <= at_ms < to_ms in the order of arrival; miner_id 0 means
 * all miners. Samples may come up to an hour out of order (a clock that was
 * set); rows further out of order may be missed. On SQLite the cost is that of
 * walking the range, of all miners, with an hour on either side. */
bool sample_store_range(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                        sample_store_visit visit, void *arg, struct err *err);

/* The newest `limit` (1..1000) samples of one miner, newest first, missed polls
 * included: among the rows (on SQLite the newest million of all miners, by arrival; on
 * PostgreSQL by time), then those sealed. Not within a transaction of the caller's. */
bool sample_store_last(struct db *db, int64_t miner_id, int limit, sample_store_visit visit,
                       void *arg, struct err *err);

/* How many samples were ever recorded (by their row numbers, at no cost), and the
 * times of the first and the last; 0 when empty. */
bool sample_store_count(struct db *db, int64_t *count, int64_t *first_ms, int64_t *last_ms,
                        struct err *err);

/* --- for sealing --- */

/* Miners are sealed in slots: miner_id modulo SAMPLE_SLOTS. */
enum { SAMPLE_SLOTS = 24 };

struct sample_slot {
  int slot;
  int64_t after_seq, through_seq; /* after_seq < row number <= through_seq */
};

/* The slot's rows in the order of arrival, sealed or not. */
bool sample_store_slot(struct db *db, const struct sample_slot *slot, sample_store_visit visit,
                       void *arg, struct err *err);

/* The numbers of the oldest and of the newest row; 0 when there is none. */
bool sample_store_ends(struct db *db, int64_t *oldest, int64_t *newest, struct err *err);

/* Deletes rows through that number, but never the newest row of all: its number
 * must not be given again. */
bool sample_store_remove(struct db *db, int64_t through_seq, struct err *err);

#endif
