/* A migrated, empty database for each test of a repository, and a runner that
 * holds the repositories to their claims on SQLite and, where it is installed, on
 * PostgreSQL. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "db/db.h"

/* Runs all claims once on each database; returns how many failed. */
int store_fixture_run(const char *name, const struct CMUnitTest *claims, size_t count);

static inline struct db *store_fixture_db(void **state) {
  return *state;
}

/* Adds a miner of that name without MAC, at an address of its own; returns its number. */
int64_t store_fixture_add_miner(struct db *db, const char *name);

#endif
