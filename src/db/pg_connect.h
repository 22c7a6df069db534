/* Connecting to PostgreSQL, at most a few seconds, with the reason told apart when
 * it fails: a server that is away may be there in a minute, a wrong password is for
 * a person to put right. For db_postgresql.c. */
#ifndef DB_PG_CONNECT_H
#define DB_PG_CONNECT_H

#include <libpq-fe.h>

#include "base/err.h"

/* `url` as libpq reads it. For PQfinish; NULL on failure: ERR_INVALID when the address
 * does not read, or the server refuses user, password or database; ERR_UNAVAILABLE for
 * everything that may pass (unknown or silent host, refused, starting up, too many
 * connections). No error repeats a password. */
PGconn *pg_connect(const char *url, struct err *err);

#endif
