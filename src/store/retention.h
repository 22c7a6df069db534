/* Letting go of full resolution that is older than its owner wants. Hours and
 * days stay for ever. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

/* Removes rows and chunks from before `before_ms`, the oldest first, so few that
 * the writer's next second does not notice. On PostgreSQL whole months of chunks go at once.
 * `removed` is 0 when nothing old is left. Runs inside the caller's transaction. Samples out of
 * order by more than a step (a clock that was set) go later than their turn, never sooner. */
bool retention_step(struct db *db, int64_t before_ms, int64_t *removed, struct err *err);

/* Up to when samples have been let go so far, whatever is to be kept from now on; 0: none yet. */
bool retention_let_go_ms(struct db *db, int64_t *before_ms, struct err *err);

#endif
