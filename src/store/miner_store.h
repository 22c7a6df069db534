/* The table `miner`. Removed miners keep their row and history (removed_ms set);
 * adding a device with the same MAC brings it back under the same id. */
#ifndef STORE_MINER_STORE_H
#define STORE_MINER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/miner.h"

typedef void (*miner_store_row)(const struct miner *miner, void *arg);

/* All that are not removed, ordered by id. */
bool miner_store_each(struct db *db, miner_store_row row, void *arg, struct err *err);

/* Inserts or revives; sets miner->id (and created_ms when revived). ERR_CONFLICT
 * with the other's name when the MAC is taken, or the address is and one of the
 * two has no known MAC. A conflict does not break the caller's transaction. */
bool miner_store_insert(struct db *db, struct miner *miner, struct err *err);

/* Writes what the device told: MAC, driver and facts, never name and address,
 * which the owner may be changing at this moment. ERR_NOT_FOUND when there is none
 * or it was removed, ERR_CONFLICT with the other's name when its MAC is taken;
 * neither breaks the caller's transaction. */
bool miner_store_update_facts(struct db *db, const struct miner *miner, struct err *err);

/* One column each; ERR_NOT_FOUND as above. */
bool miner_store_rename(struct db *db, int64_t id, const char *name, struct err *err);
bool miner_store_move(struct db *db, int64_t id, const char *address, struct err *err);

/* Keeps the row and the history. ERR_NOT_FOUND when there is none. */
bool miner_store_remove(struct db *db, int64_t id, int64_t now_ms, struct err *err);

#endif
