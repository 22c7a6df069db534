/* The record book: what was best in all that is kept, and sums over it. Read from the
 * table `day`, so today counts up to its last sealed hour (store/seal_store.h), and from
 * the episodes. Any thread that has a connection. */
#ifndef STORE_RECORDS_RECORD_STORE_H
#define STORE_RECORDS_RECORD_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

enum { RECORD_ALL_MINERS = 0 };

/* A day is judged by its averages only when a miner was there for half of it. */
#define RECORD_DAY_LEAST_MS INT64_C(43200000)

struct record {
  double value;     /* NaN: there is none */
  int64_t at_ms;    /* the UTC day's begin, or the moment; 0 unknown */
  int64_t miner_id; /* whose it is; 0 where all have their part */
};

struct record_book {
  int64_t first_ms, days;          /* the oldest day kept, and how many there are; 0 none */
  struct record best_diff;         /* by day; the earliest of equals */
  struct record hashrate;          /* GH/s, the day's average while online */
  struct record lowest_efficiency; /* J/TH, the day's average */
  double energy_wh, online_s;
  int64_t shares_accepted, shares_rejected;
  double hashes;            /* work: average hashrate x time online, summed */
  double best_session_diff; /* the best of a session that the monitor saw; NaN unknown */
  int64_t samples;
};

/* Of one miner, or of RECORD_ALL_MINERS together; those removed count too. */
bool record_store_book(struct db *db, int64_t miner_id, struct record_book *book, struct err *err);

/* The moment of the earliest "new best difficulty" of the miner that reached the value
 * (to a tenth of a percent, since devices round); 0 when none was noted. */
bool record_store_best_moment(struct db *db, int64_t miner_id, double value, int64_t *at_ms,
                              struct err *err);

/* The highest difficulty that each miner ever showed. A device forgets its own when it
 * is reset; this does not. Reads every day of every miner: not on the way of a start. */
bool record_store_each_best(struct db *db, void (*visit)(int64_t miner_id, double best, void *arg),
                            void *arg, struct err *err);

#endif
