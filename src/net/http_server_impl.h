/* What http_server.c (connections, guards, the loop) and http_exchange.c (what a
 * handler sees) share. Private to these two. */
#ifndef NET_HTTP_SERVER_IMPL_H
#define NET_HTTP_SERVER_IMPL_H

#include <microhttpd.h>

#include "base/buf.h"
#include "net/http_parse.h"
#include "net/http_server.h"

/* The life of an exchange. HTTP/1.1 has one request at a time on a connection,
 * so there is one exchange per connection, used again for each request.
 *
 *   IDLE --first line--> HEADER --header whole--> BODY --body whole--> HANDLING
 *    ^                     | refused                | refused           |     |
 *    |                     v                        v           suspend |     | send
 *    +---- sent ------ ANSWERED <-----------------------------------------+---+
 *                          ^                                          v
 *                          '------------- send ----------------- SUSPENDED
 */
enum exchange_phase {
  EXCHANGE_IDLE,
  EXCHANGE_HEADER,
  EXCHANGE_BODY,
  EXCHANGE_HANDLING,
  EXCHANGE_SUSPENDED,
  EXCHANGE_ANSWERED,
};

/* An endless answer. libmicrohttpd pulls: it asks when the socket has room, and
 * we suspend the connection when there is nothing to give. */
struct http_stream {
  bool open;   /* the exchange was answered with a stream */
  bool ended;  /* nothing comes after what is pending */
  bool failed; /* breaks off after that */
  bool parked; /* suspended until something is written */
  struct buf pending;
  size_t sent;                /* bytes of `pending` that are on their way */
  void (*drained)(void *arg); /* may be NULL */
  void (*closed)(void *arg);
  void *arg;
};

struct http_exchange {
  struct http_exchange *prev, *next; /* all connections of the server */
  struct http_server *server;
  struct MHD_Connection *connection;
  enum exchange_phase phase;
  bool in_handler;
  bool kept;                          /* not the first request on this connection */
  bool cut;                           /* told to go, only waiting for libmicrohttpd to notice */
  uint64_t since_ms;                  /* loop time at which this phase began to count */
  const struct http_refusal *refusal; /* to be given once the body was read away */
  struct arena arena;
  const char *method;
  struct http_target target;
  struct buf body;
  size_t body_seen; /* bytes received, also those thrown away */
  void (*gone)(void *arg);
  void *gone_arg;
  struct http_stream stream;
};

struct http_response {
  struct MHD_Response *mhd;
  unsigned status;
  unsigned references;
};

/* Has libmicrohttpd run in the loop's next turn, event or not: in an external
 * loop it does not wake up by itself when a connection is resumed. */
void http_server_wake(struct http_server *server);

/* The answer that tells of a refusal, as RFC 9457 asks. */
struct http_response *http_exchange_refusal(const struct http_refusal *refusal);

#endif
