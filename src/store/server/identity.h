/* Which database this is: a random name kept in the setting `database_id`, so that what was
 * meant for one database does not end up in another that an address leads to. Copies of a
 * database (a restored dump, a migration) keep the name. */
#ifndef STORE_SERVER_IDENTITY_H
#define STORE_SERVER_IDENTITY_H

#include <stdbool.h>

#include "base/err.h"
#include "db/db.h"

enum { IDENTITY_SIZE = 33 };

/* The name; "" when it has none yet. */
bool identity_find(struct db *db, char name[IDENTITY_SIZE], struct err *err);

/* The name, which is `candidate` from now on when it has none yet. Writes. */
bool identity_ensure(struct db *db, const char *candidate, char name[IDENTITY_SIZE],
                     struct err *err);

#endif
