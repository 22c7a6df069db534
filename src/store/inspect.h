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
  int64_t miners, samples, events;
  int64_t first_ms, last_ms; /* of the samples; 0 when there are none */
};

/* Reads everything and fills `found`. ERR_CORRUPT, with what is wrong in words,
 * when a page is damaged or when it is no database of the monitor; ERR_CONFLICT
 * when a newer version of the program wrote it. */
bool inspect_database(struct db *db, struct inspect *found, struct err *err);

#endif
