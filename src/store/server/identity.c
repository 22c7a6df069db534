#include "store/server/identity.h"

#include "base/str.h"
#include "store/setting_store.h"

static const char setting[] = "database_id";

bool identity_find(struct db *db, char name[IDENTITY_SIZE], struct err *err) {
  name[0] = '\0';
  return setting_store_get(db, setting, name, IDENTITY_SIZE, err) || err->code == ERR_NOT_FOUND;
}

bool identity_ensure(struct db *db, const char *candidate, char name[IDENTITY_SIZE],
                     struct err *err) {
  if (!identity_find(db, name, err))
    return false;
  if (name[0] != '\0')
    return true;
  str_copy(name, IDENTITY_SIZE, candidate);
  return setting_store_set(db, setting, candidate, err);
}
