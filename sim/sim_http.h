/* A small HTTP/1.1 responder on libuv that can misbehave on purpose: go silent,
 * cut connections, drip bytes, send what is no HTTP. A real server library
 * would not let us. Keep-alive and pipelining as usual. Loop thread only.
 *
 * Life: sim_http_listen -> sim_http_close; the loop runs the close callbacks. */
#ifndef SIM_SIM_HTTP_H
#define SIM_SIM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

struct sim_http;

enum sim_http_conduct {
  SIM_HTTP_ANSWER,     /* as one should */
  SIM_HTTP_SILENT,     /* no answer, connection left open */
  SIM_HTTP_RESET,      /* connection reset instead of an answer */
  SIM_HTTP_RESET_HALF, /* reset in the middle of the answer */
  SIM_HTTP_TRUNCATE,   /* closed in the middle of the answer */
  SIM_HTTP_DRIP,       /* the answer in single bytes, two a second */
  SIM_HTTP_RAW,        /* the body's bytes alone, then closed */
};

struct sim_http_request {
  const char *method;
  const char *path;  /* without query */
  const char *query; /* "" when none; as sent */
  const char *body;  /* NUL-terminated */
  size_t body_length;
  uint32_t local_ip; /* the address that was connected to, host byte order */
};

struct sim_http_reply {
  enum sim_http_conduct conduct;
  int status;
  const char *content_type;
  const char *header; /* one more line without line end, NULL: none */
  const char *body;   /* borrowed until the handler returns to the loop */
  size_t body_length;
};

/* Fills the reply; it comes as an empty 200 answer. */
typedef void (*sim_http_handler)(const struct sim_http_request *request,
                                 struct sim_http_reply *reply, void *arg);

struct sim_http_options {
  const char *host; /* an IPv4 address */
  uint16_t port;    /* 0: any free one */
  int backlog;      /* 0: 128 */
  sim_http_handler handler;
  /* NULL, or asked at each new connection: false resets it at once. */
  bool (*admit)(uint32_t local_ip, void *arg);
  void *arg;
};

bool sim_http_listen(struct sim_http **out, uv_loop_t *loop, const struct sim_http_options *options,
                     struct err *err);
uint16_t sim_http_port(const struct sim_http *server);

/* Stops listening, cuts all connections; frees itself once the loop has run the
 * close callbacks. NULL is accepted. */
void sim_http_close(struct sim_http *server);

#endif
