/* One miner's whole history in full resolution: what is sealed (table `chunk`) and
 * what is not yet (table `sample`), merged by time. A sample is in exactly one of
 * the two at any commit; each call here reads both in one transaction of its own. */
#ifndef STORE_HISTORY_STORE_H
#define STORE_HISTORY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "store/chunk_store.h"

/* Samples with from_ms <= at_ms < to_ms, oldest first. The visitor may stop it. */
bool history_store_each(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                        const struct chunk_visitor *visitor, struct err *err);

/* The newest `limit` (1..1000) samples, newest first. */
bool history_store_last(struct db *db, int64_t miner_id, int limit,
                        const struct chunk_visitor *visitor, struct err *err);

#endif
