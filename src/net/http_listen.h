/* A listening TCP socket, and words for a person when there is none to be had. */
#ifndef NET_HTTP_LISTEN_H
#define NET_HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Opens a non-blocking socket that listens on that host ("127.0.0.1", "::",
 * "localhost") and port (0: any free one). "::" takes IPv4 too. The caller closes
 * it. A name is looked up, which may block: for the start of the program.
 * ERR_CONFLICT when the port is taken, ERR_FORBIDDEN, ERR_INVALID, ERR_IO. */
bool http_listen_open(const char *host, uint16_t port, int *fd, struct err *err);

/* The port that socket listens on. */
uint16_t http_listen_port(int fd);

#endif
