#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/db.h"
#include "postgres_server.h"

/* What opening fails with; ERR_NONE when it does not. */
static struct err open_err(const char *url) {
  struct err err = {0};
  struct db *db = NULL;
  if (db_open(&db, url, DB_READ_WRITE, &err))
    err.code = ERR_NONE;
  db_close(db);
  return err;
}

static void what_a_person_must_put_right_is_told_from_a_server_that_is_away(void **state) {
  const struct postgres_server *server = *state;
  char no_database[256], no_user[256];
  snprintf(no_database, sizeof no_database, "postgresql:///nowhere?host=%s&user=postgres",
           server->dir.path);
  snprintf(no_user, sizeof no_user, "postgresql:///postgres?host=%s&user=nobody1",
           server->dir.path);

  struct err database = open_err(no_database);

  assert_int_equal(database.code, ERR_INVALID);
  assert_non_null(strstr(database.text, "nowhere"));
  assert_null(strstr(database.text, "3D000"));
  assert_null(strstr(database.text, "LOCATION"));
  assert_int_equal(open_err(no_user).code, ERR_INVALID);
  assert_int_equal(open_err("postgresql://user:hunter2@[::1").code, ERR_INVALID);
  assert_null(strstr(open_err("postgresql://user:hunter2@[::1").text, "hunter2"));
  assert_int_equal(open_err("postgresql://u@127.0.0.1:1/x").code, ERR_UNAVAILABLE);
  assert_int_equal(open_err("postgresql:///x?host=/nowhere/at/all").code, ERR_UNAVAILABLE);
  assert_int_equal(open_err(server->url).code, ERR_NONE);
}

int main(void) {
  struct postgres_server server;
  if (!postgres_server_start(&server))
    return 77; /* skipped */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(what_a_person_must_put_right_is_told_from_a_server_that_is_away,
                                &server),
  };
  int failures = cmocka_run_group_tests_name("pg_connect", tests, NULL, NULL);
  postgres_server_stop(&server);
  return failures;
}
