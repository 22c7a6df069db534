/* The table `mute`: silence that a person asked for, until a moment. Numbers come
 * from the engine's loop. */
#ifndef STORE_ALERTS_MUTE_STORE_H
#define STORE_ALERTS_MUTE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

enum { MUTE_AUTHOR_MAX = 64, MUTE_ALL_RULES = -1 };

struct mute {
  int64_t id;       /* above 0 */
  int64_t miner_id; /* 0: all miners */
  int rule;         /* enum alert_rule, or MUTE_ALL_RULES */
  int64_t created_ms, until_ms;
  char author[MUTE_AUTHOR_MAX];
};

/* Inserts, or replaces the one of that number. */
bool mute_store_save(struct db *db, const struct mute *mute, struct err *err);
bool mute_store_remove(struct db *db, int64_t id,
                       struct err *err); /* of one that is not there: well */

/* Ordered by number, those that are over as well. */
bool mute_store_each(struct db *db, void (*visit)(const struct mute *mute, void *arg), void *arg,
                     struct err *err);

#endif
