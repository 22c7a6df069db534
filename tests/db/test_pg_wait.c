#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/db.h"
#include "postgres_server.h"

#ifdef DB_WITH_POSTGRESQL
#include "db/pg_connect.h"
#include "db/pg_wait.h"

static PGconn *connect_or_fail(const struct postgres_server *server) {
  struct err err;
  PGconn *handle = pg_connect(server->url, &err);
  if (handle == NULL)
    fail_msg("%s", err.text);
  assert_int_equal(PQsetnonblocking(handle, 1), 0);
  return handle;
}

/* Reads all results of what was sent; returns how the first ended. */
static ExecStatusType finish(PGconn *handle, const struct pg_patience *patience, bool *cut) {
  PGresult *result = pg_wait_result(handle, patience, cut);
  ExecStatusType status = PQresultStatus(result);
  for (; result != NULL; result = pg_wait_result(handle, patience, cut))
    PQclear(result);
  return status;
}

static void a_busy_server_is_waited_for(void **state) {
  PGconn *handle = connect_or_fail(*state);
  const struct pg_patience patience = {.ask_ms = 50, .most_ms = 60000};
  bool cut = false;

  assert_int_equal(PQsendQuery(handle, "SELECT pg_sleep(0.5)"), 1);
  ExecStatusType status = finish(handle, &patience, &cut);

  assert_int_equal(status, PGRES_TUPLES_OK);
  assert_false(cut);
  PQfinish(handle);
}

static void a_busy_server_is_not_waited_for_without_end(void **state) {
  PGconn *handle = connect_or_fail(*state);
  const struct pg_patience patience = {.ask_ms = 50, .most_ms = 200};
  bool cut = false;

  assert_int_equal(PQsendQuery(handle, "SELECT pg_sleep(3600)"), 1);
  ExecStatusType status = finish(handle, &patience, &cut);

  assert_int_equal(status, PGRES_FATAL_ERROR);
  assert_true(cut);
  assert_int_equal(PQstatus(handle), CONNECTION_BAD);
  PQfinish(handle);
}

static void a_frozen_server_is_given_up_and_found_again(void **state) {
  const struct postgres_server *server = *state;
  PGconn *handle = connect_or_fail(server);
  const struct pg_patience patience = {.ask_ms = 50, .most_ms = 600000};
  bool cut = false;

  postgres_server_freeze(server);
  assert_int_equal(PQsendQuery(handle, "SELECT 1"), 1);
  ExecStatusType frozen = finish(handle, &patience, &cut);
  postgres_server_thaw(server);
  PQfinish(handle);
  handle = connect_or_fail(server);
  assert_int_equal(PQsendQuery(handle, "SELECT 1"), 1);
  bool cut_again = false;
  ExecStatusType thawed = finish(handle, &patience, &cut_again);

  assert_int_equal(frozen, PGRES_FATAL_ERROR);
  assert_true(cut);
  assert_int_equal(thawed, PGRES_TUPLES_OK);
  assert_false(cut_again);
  PQfinish(handle);
}

/* More than the system takes for a reader that does not read. */
static void sending_to_a_frozen_server_ends_too(void **state) {
  enum { SIZE = 8 << 20 };
  const struct postgres_server *server = *state;
  PGconn *handle = connect_or_fail(server);
  const struct pg_patience patience = {.ask_ms = 50, .most_ms = 600000};
  bool cut = false;
  char *text = calloc(SIZE + 1, 1);
  assert_non_null(text);
  memset(text, 'x', SIZE);
  const char *const values[] = {text};

  postgres_server_freeze(server);
  assert_int_equal(PQsendQueryParams(handle, "SELECT length($1)", 1, NULL, values, NULL, NULL, 0),
                   1);
  pg_wait_sent(handle, &patience, &cut); /* how it went is told by the result */
  ExecStatusType status = finish(handle, &patience, &cut);
  postgres_server_thaw(server);

  assert_true(cut);
  assert_int_equal(status, PGRES_FATAL_ERROR);
  PQfinish(handle);
  free(text);
}

int main(void) {
  struct postgres_server server;
  if (!postgres_server_start(&server))
    return 77; /* skipped */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(a_busy_server_is_waited_for, &server),
      cmocka_unit_test_prestate(a_busy_server_is_not_waited_for_without_end, &server),
      cmocka_unit_test_prestate(a_frozen_server_is_given_up_and_found_again, &server),
      cmocka_unit_test_prestate(sending_to_a_frozen_server_ends_too, &server),
  };
  int failures = cmocka_run_group_tests_name("pg_wait", tests, NULL, NULL);
  postgres_server_stop(&server);
  return failures;
}
#else
int main(void) {
  return 77; /* skipped */
}
#endif
