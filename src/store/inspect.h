/* Is this database whole, and what is in it? For `verify`, and before a backup
 * takes the place of what is there. Reads every page: for a database thread or a
 * command, never for the loop. */
#ifndef STORE_INSPECT_H
#define STORE_INSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

struct inspect {
  int version; /* of the layout */
  int64_t miners, events;
  int64_t samples;           /* sealed or not */
  int64_t first_ms, last_ms; /* of the samples; 0 when there are none */
  int64_t chunks;            /* sealed parts of the history */
  int64_t damaged;           /* of them: their checksum or content is wrong */
  char damage[160];          /* what is wrong with the first of these */
};

/* Reads everything and fills `found`. True with `damaged` above 0 means: good but
 * for these parts, which the monitor passes over. ERR_CORRUPT, with what is wrong in words,
 * when a page is damaged or when it is no database of the monitor; ERR_CONFLICT
 * when a newer version of the program wrote it. */
bool inspect_database(struct db *db, struct inspect *found, struct err *err);

#endif
