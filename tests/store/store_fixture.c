#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "db/postgres_server.h"
#include "store/miner_store.h"
#include "store/store.h"

/* `server` NULL: SQLite in memory. */
static int open_on(void **state, const struct postgres_server *server) {
  struct err err;
  struct db *db = NULL;
  if (server != NULL)
    postgres_server_empty(server);
  if (!db_open(&db, server != NULL ? server->url : "sqlite::memory:", DB_READ_WRITE, &err) ||
      !store_migrate(db, &err)) {
    print_error("%s\n", err.text);
    db_close(db);
    return -1;
  }
  *state = db;
  return 0;
}

static int open_fresh(void **state) {
  return open_on(state, *state);
}

static int close_used(void **state) {
  db_close(*state);
  return 0;
}

static int run_on(const char *name, const struct CMUnitTest *claims, size_t count,
                  struct postgres_server *server) {
  struct CMUnitTest *tests = calloc(count, sizeof *tests);
  for (size_t i = 0; i < count; i++) {
    tests[i] = claims[i];
    tests[i].setup_func = open_fresh;
    tests[i].teardown_func = close_used;
    tests[i].initial_state = server;
  }
  int failures = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
  free(tests);
  return failures;
}

int store_fixture_run(const char *name, const struct CMUnitTest *claims, size_t count) {
  char title[64];
  struct postgres_server server;
  snprintf(title, sizeof title, "%s: sqlite", name);
  int failures = run_on(title, claims, count, NULL);
  if (postgres_server_start(&server)) {
    snprintf(title, sizeof title, "%s: postgresql", name);
    failures += run_on(title, claims, count, &server);
    postgres_server_stop(&server);
  }
  return failures;
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
