/* The table `setting`: names and values as text. */
#ifndef STORE_SETTING_STORE_H
#define STORE_SETTING_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "db/db.h"

/* Copies into `value`; false with ERR_NOT_FOUND when it was never set, with
 * ERR_TOO_LARGE when it does not fit (nothing is copied then). */
bool setting_store_get(struct db *db, const char *name, char *value, size_t size, struct err *err);
/* Inserts or replaces. */
bool setting_store_set(struct db *db, const char *name, const char *value, struct err *err);
/* Inserts or replaces; `changed` is false when it had that value already. Waits for
 * another transaction that is writing the same name. */
bool setting_store_change(struct db *db, const char *name, const char *value, bool *changed,
                          struct err *err);

#endif
