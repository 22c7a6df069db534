#include "store_fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/str.h"
#include "store/miner_store.h"
#include "store/store.h"

int store_fixture_open(void **state) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, "sqlite::memory:", DB_READ_WRITE, &err) || !store_migrate(db, &err)) {
    print_error("%s\n", err.text);
    db_close(db);
    return -1;
  }
  *state = db;
  return 0;
}

int store_fixture_close(void **state) {
  db_close(*state);
  return 0;
}

int64_t store_fixture_add_miner(struct db *db, const char *name) {
  struct err err;
  struct miner miner = {.created_ms = 1};
  str_copy(miner.name, sizeof miner.name, name);
  snprintf(miner.address, sizeof miner.address, "http://%.32s.example", name);
  if (!miner_store_insert(db, &miner, &err))
    fail_msg("%s", err.text);
  return miner.id;
}
