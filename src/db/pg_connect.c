#include "db/pg_connect.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

enum { CONNECT_MS = 5000, STATE_SIZE = 6, LINE_MAX = 160 };

/* A server that vanished without a word is noticed in half a minute, not in the quarter of an
 * hour that the system gives it. connect_timeout is for PQreset; here the deadline is ours. */
static PGconn *begin(const char *url) {
  static const char *const names[] = {"dbname",
                                      "connect_timeout",
                                      "client_encoding",
                                      "fallback_application_name",
                                      "keepalives_idle",
                                      "keepalives_interval",
                                      "keepalives_count",
                                      "tcp_user_timeout",
                                      NULL};
  const char *const values[] = {url, "5", "UTF8", "bitaxe-monitor", "15", "5", "3", "30000", NULL};
  PGconn *handle = PQconnectStartParams(names, values, 1);
  if (handle == NULL)
    mem_fatal("out of memory in the database");
  /* With the state (SQLSTATE) in the words; libpq gives it in no other way here. */
  PQsetErrorVerbosity(handle, PQERRORS_VERBOSE);
  return handle;
}

/* False when the time is over. */
static bool wait_connected(PGconn *handle) {
  int64_t deadline = clock_mono_ms() + CONNECT_MS;
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  while (PQstatus(handle) != CONNECTION_BAD && step != PGRES_POLLING_OK &&
         step != PGRES_POLLING_FAILED) {
    struct pollfd wait = {.fd = PQsocket(handle),
                          .events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    int64_t left = deadline - clock_mono_ms();
    int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
    if (ready == 0)
      return false;
    if (ready > 0)
      step = PQconnectPoll(handle);
    else if (errno != EINTR)
      return false;
  }
  return true;
}

/* "FATAL:  28P01: password ..." holds a state; true when `at` is where such a one begins. */
static bool is_state(const char *at) {
  for (int i = 0; i < STATE_SIZE - 1; i++)
    if (!isdigit((unsigned char)at[i]) && !isupper((unsigned char)at[i]))
      return false;
  return at[STATE_SIZE - 1] == ':' && at[STATE_SIZE] == ' ';
}

/* The words of `message` as one line, without what only libpq's authors need; `state` gets the
 * last state in it, or "". */
static void read_message(const char *message, char *line, char state[STATE_SIZE]) {
  char words[1024];
  size_t length = 0;
  state[0] = '\0';
  for (const char *at = message; *at != '\0' && length < sizeof words - 1;) {
    if (str_starts_with(at, "LOCATION:")) {
      at += strcspn(at, "\n");
    } else if (at > message && at[-1] == ' ' && is_state(at)) {
      str_copy(state, STATE_SIZE, at);
      at += STATE_SIZE + 1;
    } else {
      words[length++] = *at++;
    }
  }
  str_sanitize(line, LINE_MAX, words, length);
}

/* Classes of SQLSTATE: PostgreSQL's documentation, appendix A. 28: user and password;
 * 3D000: no such database; 42501: this one not for this user. */
static bool is_refusal(const char *state) {
  return str_starts_with(state, "28") || str_equal(state, "3D000") || str_equal(state, "42501");
}

static void explain(const PGconn *handle, bool in_time, struct err *err) {
  char line[LINE_MAX], state[STATE_SIZE];
  read_message(PQerrorMessage(handle), line, state);
  if (is_refusal(state))
    err_set(err, ERR_INVALID,
            "the database server refuses the connection (%s): put user, password and database "
            "right in DATABASE_URL",
            str_trim(line));
  else
    err_set(err, ERR_UNAVAILABLE,
            "the database server cannot be reached (%s): check that it runs and that DATABASE_URL "
            "is right",
            in_time ? str_trim(line) : "no answer in 5 seconds");
}

PGconn *pg_connect(const char *url, struct err *err) {
  PQconninfoOption *options = PQconninfoParse(url, NULL);
  if (options == NULL) {
    err_set(err, ERR_INVALID,
            "DATABASE_URL is no address of a PostgreSQL server: write "
            "postgresql://user:password@host:5432/name");
    return NULL;
  }
  PQconninfoFree(options);
  PGconn *handle = begin(url);
  bool in_time = wait_connected(handle);
  if (PQstatus(handle) == CONNECTION_OK) {
    PQsetErrorVerbosity(handle, PQERRORS_DEFAULT);
    return handle;
  }
  explain(handle, in_time, err);
  PQfinish(handle);
  return NULL;
}
