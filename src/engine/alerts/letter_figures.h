/* Gathers what a letter tells of: hours, records and alerts, from the tables. On a
 * reader thread; what is not sealed yet (up to two hours) is not in it. */
#ifndef ENGINE_ALERTS_LETTER_FIGURES_H
#define ENGINE_ALERTS_LETTER_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "insight/letter_text.h"

/* `letter` comes with its time, its miners by name and what is not in the tables; it
 * gets the rest. `ids`: of its miners, in the same order. `of_all`: alerts of the
 * monitor itself, and of miners that are gone, count too. */
struct letter_figures {
  struct letter *letter;
  const int64_t *ids;
  bool of_all;
};

bool letter_figures_read(struct db *db, const struct letter_figures *figures, struct err *err);

#endif
