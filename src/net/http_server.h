/* Incoming HTTP on the loop: libmicrohttpd through its epoll descriptor.
 * One handler gets whole requests (header and body within limits) and answers
 * at once, later, or with a stream. Loop thread only.
 *
 * Guards before the handler: header and body sizes, number of connections, a
 * deadline for a whole header and a whole body, idle time, both Content-Length
 * and Transfer-Encoding, repeated Content-Length, missing Host. */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/arena.h"
#include "base/err.h"

struct http_server;
struct http_exchange; /* one request and its answer */
struct http_response; /* an answer that may be sent many times (counted references) */
struct http_stream;   /* an answer without end or made in pieces */

typedef void (*http_handler)(struct http_exchange *exchange, void *arg);

struct http_server_options {
  const char *host;         /* "127.0.0.1", "0.0.0.0", "::" */
  uint16_t port;            /* 0: any free one */
  unsigned max_connections; /* 0: 1024, or half of the descriptors that there may be */
  unsigned max_per_address; /* 0: no limit */
  size_t max_body;          /* 0: 64 KiB */
  int request_deadline_ms;  /* 0: 10,000: for a whole header, and again for a whole body */
  int idle_ms;              /* 0: 60,000: a kept-alive connection without request */
  http_handler handler;
  void *arg;
};

bool http_server_open(struct http_server **out, uv_loop_t *loop,
                      const struct http_server_options *options, struct err *err);
uint16_t http_server_port(const struct http_server *server);
unsigned http_server_connections(const struct http_server *server);

/* Ends streams, answers waiting exchanges with 503, stops listening, and frees
 * itself once the loop has run its close callbacks. `closed` may be NULL. */
void http_server_close(struct http_server *server, void (*closed)(void *arg), void *arg);

/* --- the request; borrowed until the exchange is answered --- */
const char *http_exchange_method(const struct http_exchange *exchange); /* "GET" */
const char *http_exchange_path(const struct http_exchange *exchange);   /* decoded, "/api/v1/x" */
const char *http_exchange_query(const struct http_exchange *exchange,
                                const char *name); /* decoded; NULL */
const char *http_exchange_header(const struct http_exchange *exchange, const char *name); /* NULL */
const char *http_exchange_body(const struct http_exchange *exchange,
                               size_t *length);                       /* never NULL */
const char *http_exchange_peer(const struct http_exchange *exchange); /* "192.168.1.7" */
struct arena *http_exchange_arena(struct http_exchange *exchange);    /* freed with it */

/* --- responses --- */
/* Copies the body. Add headers before the first send. Starts with one reference. */
struct http_response *http_response_create(int status, const char *content_type, const void *body,
                                           size_t length);
/* As above for bytes that outlive every response (embedded files): not copied. */
struct http_response *http_response_create_static(int status, const char *content_type,
                                                  const void *body, size_t length);
/* The first `length` bytes of an open file (takes it; it is closed with the response). A
 * file that turns out to be shorter ends the connection. */
struct http_response *http_response_create_file(int status, const char *content_type, int fd,
                                                size_t length);
/* A name and a value without line breaks (asserted). */
void http_response_header(struct http_response *response, const char *name, const char *value);
void http_response_retain(struct http_response *response);
void http_response_release(struct http_response *response); /* NULL accepted */

/* Answers with that response (takes no reference: the caller releases its own).
 * May be called inside the handler or later; exactly once an exchange. A HEAD
 * request gets the header only. The exchange must not be used afterwards. */
void http_exchange_send(struct http_exchange *exchange, struct http_response *response);

/* Keeps the exchange after the handler returns without an answer. `gone` (may be
 * NULL) runs if the server closes first; the exchange is then already answered. */
void http_exchange_suspend(struct http_exchange *exchange, void (*gone)(void *arg), void *arg);

/* --- streams --- */
/* Answers 200 with an endless body. `closed` runs once, when the peer has hung up
 * or the server closes; the stream must not be used afterwards. */
struct http_stream *http_exchange_stream(struct http_exchange *exchange, const char *content_type,
                                         void (*closed)(void *arg), void *arg);

/* The same for a long answer that is made piece by piece. */
struct http_stream_options {
  const char *content_type;
  const char *file_name; /* for a download; NULL: shown as it is. No quotes in it */
  /* Runs each time all that was written is on its way: time for the next piece.
   * Must not write by itself, since it runs in the middle of sending. May be NULL. */
  void (*drained)(void *arg);
  void (*closed)(void *arg); /* as above */
  void *arg;
};
struct http_stream *http_exchange_download(struct http_exchange *exchange,
                                           const struct http_stream_options *options);

/* Queues bytes (copied). False when more than `limit` bytes already wait for a
 * slow reader: the caller should drop or end it. */
bool http_stream_write(struct http_stream *stream, const void *bytes, size_t length, size_t limit);

/* Ends the answer; `closed` still runs. */
void http_stream_end(struct http_stream *stream);

/* Breaks the connection off, so that the peer does not take what it got for the
 * whole; `closed` still runs. */
void http_stream_fail(struct http_stream *stream);

#endif
