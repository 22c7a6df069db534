/* Where a line of a chart must not be drawn, and why. What is known about a miner
 * is handed over as moments or spans in which it answered or did not; what nobody
 * recorded remains. Pure; one owner. */
#ifndef API_HISTORY_GAPS_H
#define API_HISTORY_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gap_kind {
  GAP_MINER_OFF,   /* it was asked and did not answer */
  GAP_MONITOR_OFF, /* nobody asked */
  GAP_UNKNOWN,     /* it cannot be told: not watched yet, damaged, or not in the database yet */
  GAP_EXPIRED,     /* so old that what was recorded has been let go */
};

struct gap {
  int64_t from_ms, to_ms;
  enum gap_kind kind;
};

struct gaps_options {
  int64_t from_ms, to_ms; /* the range, from_ms < to_ms; not beyond the present */
  int64_t watched_ms;     /* since when the miner is watched */
  int64_t kept_ms;        /* what is older may have been let go; 0: nothing is */
  int64_t waiting_ms;     /* what is younger may wait in the spool; 0: nothing does */
  int64_t shortest_ms;    /* what is shorter is no gap */
};

struct gaps;

struct gaps *gaps_create(const struct gaps_options *options);
void gaps_destroy(struct gaps *gaps); /* NULL accepted */

/* It was asked at `from_ms` or all the time until `to_ms`. Best handed over in the
 * order of time; what comes late finds its place. */
void gaps_add(struct gaps *gaps, int64_t from_ms, int64_t to_ms, bool answered);

/* What was recorded from `from_ms` to `to_ms` cannot be read. */
void gaps_add_damage(struct gaps *gaps, int64_t from_ms, int64_t to_ms);

/* The gaps in the order of time, and how many; borrowed until the next call. */
const struct gap *gaps_list(struct gaps *gaps, size_t *count);

/* "miner_off", "monitor_off", "unknown", "expired" */
const char *gaps_kind_name(enum gap_kind kind);

#endif
