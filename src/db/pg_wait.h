/* Waiting for what PostgreSQL answers, but never for ever: a server that is frozen (a paused
 * container, a sleeping machine, a cut cable) is silent, and so is one that is busy with a long
 * statement. Which of the two it is tells another connection: where that gets no answer either,
 * this one is cut, and libpq then says what it says of every connection that was lost.
 * For db_postgresql.c; handles are non-blocking (PQsetnonblocking).
 *
 * Rejected: statement_timeout alone, which a frozen server does not keep; tcp_user_timeout alone,
 * as the kernel of a frozen server goes on to confirm what it receives. */
#ifndef DB_PG_WAIT_H
#define DB_PG_WAIT_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

struct pg_patience {
  int64_t ask_ms;  /* after so long without a word the server is asked, and again after as long */
  int64_t most_ms; /* and after so long the connection is cut whatever the server says */
};

/* PQgetResult: the next result of what was sent, NULL when there is none left. After a cut it is a
 * failed result without a state, and `cut` is true (never set to false). */
PGresult *pg_wait_result(PGconn *handle, const struct pg_patience *patience, bool *cut);

/* Sends what libpq has kept back. False when the connection is lost. */
bool pg_wait_sent(PGconn *handle, const struct pg_patience *patience, bool *cut);

#endif
