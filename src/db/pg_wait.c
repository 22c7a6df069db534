#include "db/pg_wait.h"

#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"

enum { PARAMS_MAX = 64 };

/* Whether anybody is there: "not now" is an answer too. Takes up to connect_timeout. */
static bool server_answers(PGconn *handle) {
  const char *names[PARAMS_MAX + 1] = {NULL}, *values[PARAMS_MAX + 1] = {NULL};
  PQconninfoOption *options = PQconninfo(handle);
  int count = 0;
  for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL;
       option++)
    if (option->val != NULL && count < PARAMS_MAX) {
      names[count] = option->keyword;
      values[count++] = option->val;
    }
  PGPing ping = PQpingParams(names, values, 0);
  PQconninfoFree(options);
  return ping == PQPING_OK || ping == PQPING_REJECT;
}

/* From here on each reading or sending fails at once, in libpq's own words and states. */
static void cut_off(PGconn *handle, bool *cut) {
  shutdown(PQsocket(handle), SHUT_RDWR);
  *cut = true;
}

/* Until the socket is ready for one of `events`, or is cut off. */
static void wait_ready(PGconn *handle, short events, const struct pg_patience *patience,
                       bool *cut) {
  struct pollfd wait = {.fd = PQsocket(handle), .events = events};
  int64_t begun = clock_mono_ms(), asked = begun;
  while (wait.fd >= 0 && !*cut) {
    int64_t left = asked + patience->ask_ms - clock_mono_ms();
    if (left > 0) {
      if (poll(&wait, 1, (int)left) > 0)
        return;
      continue; /* the time is over, or a signal came: looked at again */
    }
    if (clock_mono_ms() - begun >= patience->most_ms || !server_answers(handle))
      cut_off(handle, cut);
    asked = clock_mono_ms();
  }
}

/* While sending, what the server says meanwhile is read: it may wait for that. */
bool pg_wait_sent(PGconn *handle, const struct pg_patience *patience, bool *cut) {
  int state;
  while ((state = PQflush(handle)) == 1) {
    wait_ready(handle, POLLIN | POLLOUT, patience, cut);
    if (PQconsumeInput(handle) != 1)
      return false;
  }
  return state == 0;
}

PGresult *pg_wait_result(PGconn *handle, const struct pg_patience *patience, bool *cut) {
  /* What fails here is told by the result. */
  if (pg_wait_sent(handle, patience, cut)) {
    while (PQisBusy(handle)) {
      wait_ready(handle, POLLIN, patience, cut);
      if (PQconsumeInput(handle) != 1)
        break;
    }
  }
  return PQgetResult(handle);
}
