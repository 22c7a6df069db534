/* A PostgreSQL of the test's own: a new cluster in a temporary folder, reached
 * through a socket in that folder only, gone with the test. */
#ifndef TESTS_POSTGRES_SERVER_H
#define TESTS_POSTGRES_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "support/temp_dir.h"

struct postgres_server {
  struct temp_dir dir;
  pid_t pid;
  char url[TEMP_DIR_MAX + 64]; /* of its empty first database */
};

/* False, with the reason on standard error, when PostgreSQL is not installed or
 * does not start: the tests that need it are then left out. */
bool postgres_server_start(struct postgres_server *server);
void postgres_server_stop(struct postgres_server *server);

/* Ends the server the hard way and starts it again on the same data. */
bool postgres_server_restart(struct postgres_server *server);

/* Stops all its processes where they are (the system goes on to answer in its name), or lets
 * them go on. */
void postgres_server_freeze(const struct postgres_server *server);
void postgres_server_thaw(const struct postgres_server *server);

/* Throws away all that tests have made in its database. */
void postgres_server_empty(const struct postgres_server *server);

#endif
