#include "net/http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 511 };

static bool refuse(const char *host, uint16_t port, int error, struct err *err) {
  bool v6 = strchr(host, ':') != NULL;
  const char *open = v6 ? "[" : "", *close = v6 ? "]" : "";
  switch (error) {
  case EADDRINUSE:
    return err_set(err, ERR_CONFLICT,
                   "port %u is already used by another program: stop it or choose another with "
                   "--listen %s%s%s:%u",
                   port, open, host, close, port < UINT16_MAX ? port + 1u : port - 1u);
  case EACCES:
    return err_set(err, ERR_FORBIDDEN,
                   "port %u is reserved for the system: choose one above 1023, for example "
                   "--listen %s%s%s:8000",
                   port, open, host, close);
  case EADDRNOTAVAIL:
    return err_set(err, ERR_INVALID,
                   "this machine does not have the address %s: use 127.0.0.1 for this machine "
                   "only, or 0.0.0.0 for the whole network",
                   host);
  default:
    return err_set(err, ERR_IO, "cannot listen on %s%s%s:%u: %s", open, host, close, port,
                   strerror(error));
  }
}

/* 0, or the errno of what failed. */
static int listen_on(const struct addrinfo *where, int *out) {
  int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  int on = 1, off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where->ai_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(fd, where->ai_addr, where->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
    int error = errno;
    close(fd);
    return error;
  }
  *out = fd;
  return 0;
}

bool http_listen_open(const char *host, uint16_t port, int *fd, struct err *err) {
  char service[8];
  snprintf(service, sizeof service, "%u", port);
  struct addrinfo hints = {
      .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  int failure = getaddrinfo(host, service, &hints, &found);
  if (failure != 0)
    return err_set(err, ERR_INVALID,
                   "%s is no address to listen on: use 127.0.0.1 for this machine only, or "
                   "0.0.0.0 for the whole network",
                   host);
  int error = listen_on(found, fd);
  freeaddrinfo(found);
  return error == 0 || refuse(host, port, error, err);
}

uint16_t http_listen_port(int fd) {
  struct sockaddr_storage name = {0};
  socklen_t size = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &size) != 0)
    return 0;
  if (name.ss_family == AF_INET6) {
    struct sockaddr_in6 v6;
    memcpy(&v6, &name, sizeof v6);
    return ntohs(v6.sin6_port);
  }
  struct sockaddr_in v4;
  memcpy(&v4, &name, sizeof v4);
  return ntohs(v4.sin_port);
}
