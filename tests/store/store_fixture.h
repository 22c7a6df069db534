/* A migrated database in memory for one test of a repository. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdint.h>

#include "db/db.h"

int store_fixture_open(void **state);
int store_fixture_close(void **state);

#define STORE_TEST(claim)                                                                          \
  cmocka_unit_test_setup_teardown(claim, store_fixture_open, store_fixture_close)

static inline struct db *store_fixture_db(void **state) {
  return *state;
}

/* Adds a miner of that name without MAC, at an address of its own; returns its number. */
int64_t store_fixture_add_miner(struct db *db, const char *name);

#endif
