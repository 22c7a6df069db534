/* Sealing: what a miner sent in two hours becomes one chunk and leaves the table
 * `sample`, in one transaction, and the hours and days it touches are reckoned anew.
 *
 * Miners are spread over SAMPLE_SLOTS slots by their number; a slot is sealed every
 * two hours at a moment of its own, all its miners in one pass over the rows. The
 * table `seal` says per slot up to which row number that is done; from then on
 * these rows do not count as samples (sample_store passes over them). They are
 * deleted from the front once every slot is past them: a row of one miner in
 * between would cost a whole page to write. */
#ifndef STORE_SEAL_STORE_H
#define STORE_SEAL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/sample.h"

#define SEAL_PERIOD_MS INT64_C(7200000)

struct seal_step {
  int64_t max_rows;  /* of all miners to walk over in this step: bounds its time */
  int64_t period_ms; /* of a slot; 0: SEAL_PERIOD_MS */
  bool all;          /* whether due or not */
};

struct seal_result {
  bool done;       /* false: there is more to do at once */
  int64_t samples; /* sealed in this step */
};

/* Seals one slot that is due at now_ms, if any. In the caller's transaction, which
 * must be rolled back when this fails. */
bool seal_store_step(struct db *db, int64_t now_ms, const struct seal_step *step,
                     struct seal_result *result, struct err *err);

/* Adds samples of the past, samples[0..count) sorted by time, as a chunk at once: among
 * the rows, which are nearly in the order of time, they would not be found. In the
 * caller's transaction. */
bool seal_store_add(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                    struct err *err);

#endif
