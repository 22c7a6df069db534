/* Tables `episode` and `episode_note`: each time that a rule was not in order on a
 * miner, from raised to closed, and what people noted about it. Kept for ever. All
 * numbers come from the engine's loop, so that a row can be written again. */
#ifndef STORE_ALERTS_EPISODE_STORE_H
#define STORE_ALERTS_EPISODE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"

enum { EPISODE_DETAIL_MAX = 160, EPISODE_AUTHOR_MAX = 64, EPISODE_NOTE_MAX = 500 };

/* Stored: append only. */
enum episode_end {
  EPISODE_OPEN,
  EPISODE_OVER,         /* the condition is over */
  EPISODE_RULE_CHANGED, /* the rule was changed or switched off meanwhile */
  EPISODE_MOMENT,       /* something that happened; it was never open */
  EPISODE_MINER_GONE,   /* its miner was removed */
  EPISODE_END_COUNT
};

struct episode {
  int64_t id;       /* above 0 */
  int64_t miner_id; /* 0: the monitor itself; below 0: of a drill */
  enum alert_rule rule;
  enum alert_severity severity;
  int64_t since_ms, raised_ms;
  int64_t acknowledged_ms; /* 0: not acknowledged */
  char acknowledged_by[EPISODE_AUTHOR_MAX];
  int64_t cleared_ms; /* 0: open */
  enum episode_end end;
  double worst, value, limit; /* NaN where none applies */
  int reason;                 /* enum reason, for rules that have one */
  char detail[EPISODE_DETAIL_MAX];
  int64_t told_with; /* the episode whose messages told this one; 0: nobody was told */
  bool drill;
};

/* "open", "over", "rule_changed", "moment", "miner_gone". */
const char *episode_end_name(enum episode_end end);

/* Inserts, or replaces the one of that number. */
bool episode_store_save(struct db *db, const struct episode *episode, struct err *err);

/* ERR_NOT_FOUND when there is none of that number. */
bool episode_store_get(struct db *db, int64_t id, struct episode *out, struct err *err);

enum { EPISODE_ALL = -1 };
enum episode_state { EPISODE_ANY, EPISODE_IS_OPEN, EPISODE_IS_CLOSED };

struct episode_query {
  enum episode_state state;
  int64_t miner_id;  /* EPISODE_ALL: with the monitor's own */
  int rule;          /* EPISODE_ALL */
  int64_t before_id; /* 0: from the newest */
  int limit;         /* 1..1000 */
};

/* Newest first, until `visit` returns false. */
bool episode_store_each(struct db *db, const struct episode_query *query,
                        bool (*visit)(const struct episode *episode, void *arg), void *arg,
                        struct err *err);

struct episode_note {
  int64_t id; /* above 0 */
  int64_t episode_id;
  int64_t at_ms;
  char author[EPISODE_AUTHOR_MAX];
  char text[EPISODE_NOTE_MAX];
};

/* Inserts; a note that is there already is left as it is. */
bool episode_store_add_note(struct db *db, const struct episode_note *note, struct err *err);

/* Oldest first. */
bool episode_store_notes(struct db *db, int64_t episode_id,
                         void (*visit)(const struct episode_note *note, void *arg), void *arg,
                         struct err *err);

#endif
