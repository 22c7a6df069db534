/* A peer that misbehaves on purpose: a thread with a plain socket, so that nothing
 * of what is tested stands on the other side too. */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <pthread.h>
#include <stdint.h>

#include "base/buf.h"

/* What the peer does after its answer. */
enum then {
  CLOSE,
  RESET,
  HOLD,        /* keeps the connection open and silent */
  SERVE_ON,    /* waits for the next request on it */
  REPEAT,      /* says the answer again and again until the other side leaves */
  SPEAK_FIRST, /* as HOLD, but answers before it has heard anything */
};

struct peer {
  const char *answer; /* what is sent when a request's header is whole */
  enum then then;
  int fd;
  uint16_t port;
  pthread_t thread;
  int held[16];
  int connections; /* the rest is read after the thread has ended */
  int requests;
  struct buf heard;
};

/* Starts listening on loopback and answering. */
void peer_start(struct peer *peer, const char *answer, enum then then);

/* Ends the thread; afterwards `heard` (the test's to free) and the counts may be read. */
void peer_join(struct peer *peer);

/* The same, and frees what was heard. */
void peer_stop(struct peer *peer);

/* A socket bound to a free port of loopback; it listens unless `backlog` is
 * negative. Returns the port. */
uint16_t peer_listen(int *fd, int backlog);

#endif
