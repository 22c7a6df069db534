/* Connections, guards and the loop.
 *
 * libmicrohttpd watches its sockets in an epoll set of its own. We watch that one
 * descriptor, and run it when something happened. Its internal thread is not
 * used: it stalls at some numbers of connections, and the state would need locks.
 *
 * libmicrohttpd calls `on_request` first when a header is whole, then for parts of
 * the body, then once more when the request is whole. Normal answers are given
 * in the last call only: one given in the first closes the connection.
 *
 * What it does not guard by itself is done here: headers that can be read in two
 * ways, declared sizes, and slow clients. For the latter, `sweep` walks over the
 * connections now and then. A connection that is out of time is answered 408 past
 * libmicrohttpd, which has written nothing on it in this phase, and shut down;
 * libmicrohttpd then finds it closed. */
#include "net/http_server.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/http_listen.h"
#include "net/http_server_impl.h"

enum {
  DEFAULT_MAX_CONNECTIONS = 1024,
  DEFAULT_MAX_BODY = 64 * 1024,
  DEFAULT_REQUEST_DEADLINE_MS = 10 * 1000,
  DEFAULT_IDLE_MS = 60 * 1000,
  CONNECTION_MEMORY = 8 * 1024, /* bounds the header; more is answered 431 */
  ARENA_BLOCK = 1024,
  READ_AWAY = 8,           /* a body up to so many times the limit is read, to answer politely */
  CLOSING_GRACE_MS = 1000, /* for answers on their way when the server closes */
  SWEEP_MAX_MS = 1000,
  CROWDED_SILENCE_MS = 1000,
  CLOSING_SWEEP_MS = 20,
};

struct http_server {
  uv_loop_t *loop;
  struct http_server_options options;
  struct MHD_Daemon *daemon;
  uv_poll_t poll;
  uv_timer_t sweep;
  uv_idle_t again; /* runs while libmicrohttpd has work that needs no event */
  int open_handles;
  uint16_t port;
  unsigned connections;
  unsigned busy; /* connections with a request that is not answered in full */
  struct http_exchange *exchanges;
  bool closing;
  uint64_t close_by_ms;
  void (*closed)(void *arg);
  void *closed_arg;
};

static const struct http_refusal too_slow = {408, "Request Timeout",
                                             "The request took too long to arrive. Send it again."};
static const struct http_refusal shutting_down = {
    503, "Service Unavailable", "The monitor is shutting down. Try again in a moment."};

/* --- refusing --- */

static void refuse(struct http_exchange *exchange, const struct http_refusal *refusal) {
  struct http_response *response = http_exchange_refusal(refusal);
  http_exchange_send(exchange, response);
  http_response_release(response);
}

/* Answers past libmicrohttpd and hangs up. */
static void cut_off(struct http_exchange *exchange, const struct http_refusal *refusal) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  exchange->cut = true;
  if (refusal != NULL) {
    char text[512];
    int length =
        snprintf(text, sizeof text,
                 "HTTP/1.1 %d %s\r\nConnection: close\r\n"
                 "Content-Type: application/problem+json\r\n\r\n"
                 "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                 "\"detail\":\"%s\"}\n",
                 refusal->status, refusal->title, refusal->title, refusal->status, refusal->detail);
    assert(length > 0 && (size_t)length < sizeof text);
    send(info->connect_fd, text, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  shutdown(info->connect_fd, SHUT_RDWR);
}

/* --- one request --- */

/* Escapes are decoded in http_parse_target, which can refuse them. */
static size_t leave_escapes(void *arg, struct MHD_Connection *connection, char *text) {
  (void)arg;
  (void)connection;
  return strlen(text);
}

static struct http_exchange *exchange_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info->socket_context;
}

/* The first line of a request came. What is returned is the request's context. */
static void *on_first_line(void *arg, const char *target, struct MHD_Connection *connection) {
  struct http_server *server = arg;
  struct http_exchange *exchange = exchange_of(connection);
  server->busy++;
  exchange->phase = EXCHANGE_HEADER;
  if (exchange->kept)
    exchange->since_ms = uv_now(server->loop);
  if (target == NULL || !http_parse_target(target, &exchange->arena, &exchange->target))
    exchange->refusal = &http_parse_bad_target;
  return exchange;
}

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                  const char *value) {
  (void)kind;
  http_parse_header(arg, name, value);
  return MHD_YES;
}

static void start_body(struct http_exchange *exchange, const char *method, const char *version) {
  struct http_server *server = exchange->server;
  struct http_headers_seen seen = {0};
  size_t length = 0;
  exchange->phase = EXCHANGE_BODY;
  exchange->since_ms = uv_now(server->loop);
  exchange->method = method;
  MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, see_header, &seen);
  const struct http_refusal *ambiguous = http_parse_judge(&seen, version);
  bool sized = http_parse_length(&seen, &length);
  if (ambiguous != NULL)
    refuse(exchange, ambiguous); /* at once: nobody knows where its body ends */
  else if (length / READ_AWAY > server->options.max_body)
    refuse(exchange, &http_parse_too_large);
  else if (length > server->options.max_body)
    exchange->refusal = &http_parse_too_large;
  else if (sized && length > 0)
    buf_reserve(&exchange->body, length);
}

/* False when the connection is to be closed at once. */
static bool take_body(struct http_exchange *exchange, const char *bytes, size_t length) {
  size_t limit = exchange->server->options.max_body;
  exchange->body_seen += length;
  if (exchange->body_seen > limit)
    exchange->refusal = &http_parse_too_large;
  if (exchange->refusal == NULL)
    buf_append(&exchange->body, bytes, length);
  if (exchange->body_seen / READ_AWAY <= limit)
    return true;
  cut_off(exchange, exchange->refusal);
  return false;
}

/* The server closes: what waits is answered, what streams is ended. Half a
 * download must not look like a whole one. */
static void wind_up(struct http_exchange *exchange) {
  struct http_stream *stream = &exchange->stream;
  if (stream->open && stream->drained != NULL && !stream->ended)
    http_stream_fail(stream);
  else if (stream->open)
    http_stream_end(stream);
  if (exchange->phase != EXCHANGE_SUSPENDED)
    return;
  void (*gone)(void *arg) = exchange->gone;
  void *arg = exchange->gone_arg;
  refuse(exchange, &shutting_down);
  if (gone != NULL)
    gone(arg);
}

static void handle(struct http_exchange *exchange) {
  struct http_server *server = exchange->server;
  exchange->phase = EXCHANGE_HANDLING;
  exchange->in_handler = true;
  if (exchange->refusal != NULL)
    refuse(exchange, exchange->refusal);
  else if (server->closing)
    refuse(exchange, &shutting_down);
  else
    server->options.handler(exchange, server->options.arg);
  if (server->closing) /* the handler itself may have closed the server */
    wind_up(exchange);
  exchange->in_handler = false;
  assert(exchange->phase == EXCHANGE_ANSWERED || exchange->phase == EXCHANGE_SUSPENDED);
  if (exchange->phase == EXCHANGE_SUSPENDED)
    MHD_suspend_connection(exchange->connection);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *length, void **context) {
  (void)arg;
  (void)connection;
  (void)url;
  struct http_exchange *exchange = *context;
  if (exchange->phase == EXCHANGE_HEADER) {
    start_body(exchange, method, version);
    return MHD_YES;
  }
  if (*length > 0) {
    bool more = take_body(exchange, bytes, *length);
    *length = 0;
    return more ? MHD_YES : MHD_NO;
  }
  handle(exchange);
  return MHD_YES;
}

static void close_stream(struct http_stream *stream) {
  buf_finish(&stream->pending);
  void (*closed)(void *arg) = stream->closed;
  void *arg = stream->arg;
  *stream = (struct http_stream){0};
  if (closed != NULL)
    closed(arg);
}

/* The answer was sent in full, or the connection broke. */
static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how) {
  (void)connection;
  (void)how;
  struct http_server *server = arg;
  struct http_exchange *exchange = *context;
  if (exchange == NULL || exchange->phase == EXCHANGE_IDLE)
    return;
  server->busy--;
  exchange->phase = EXCHANGE_IDLE;
  exchange->kept = true;
  exchange->since_ms = uv_now(server->loop);
  exchange->refusal = NULL;
  exchange->body_seen = 0;
  exchange->gone = NULL;
  buf_finish(&exchange->body);
  arena_reset(&exchange->arena);
  if (exchange->stream.open)
    close_stream(&exchange->stream);
}

/* --- connections --- */

static void sweep(uv_timer_t *timer);

static uint64_t sweep_period(const struct http_server *server) {
  int shortest = server->options.request_deadline_ms < server->options.idle_ms
                     ? server->options.request_deadline_ms
                     : server->options.idle_ms;
  uint64_t period = (uint64_t)shortest / 4 + 1;
  return period < SWEEP_MAX_MS ? period : SWEEP_MAX_MS;
}

static void add_connection(struct http_server *server, struct MHD_Connection *connection,
                           void **context) {
  struct http_exchange *exchange = mem_alloc(sizeof *exchange);
  exchange->server = server;
  exchange->connection = connection;
  exchange->since_ms = uv_now(server->loop);
  arena_init(&exchange->arena, ARENA_BLOCK);
  buf_init(&exchange->body);
  exchange->next = server->exchanges;
  if (exchange->next != NULL)
    exchange->next->prev = exchange;
  server->exchanges = exchange;
  *context = exchange;
  if (server->connections++ == 0)
    uv_timer_start(&server->sweep, sweep, sweep_period(server), sweep_period(server));
}

static void remove_connection(struct http_exchange *exchange) {
  struct http_server *server = exchange->server;
  if (exchange->prev != NULL)
    exchange->prev->next = exchange->next;
  else
    server->exchanges = exchange->next;
  if (exchange->next != NULL)
    exchange->next->prev = exchange->prev;
  arena_finish(&exchange->arena);
  buf_finish(&exchange->body);
  free(exchange);
  server->connections--;
  /* To listen again for those who wait for a place. libmicrohttpd stops listening at the limit, and
   * also when the system gives it no descriptor, and begins again only in its next run. */
  http_server_wake(server);
  if (server->connections == 0 && !server->closing)
    uv_timer_stop(&server->sweep);
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what) {
  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    add_connection(arg, connection, context);
  else if (*context != NULL)
    remove_connection(*context);
}

/* --- the loop --- */

static void finish(struct http_server *server);

static void run(struct http_server *server) {
  uv_idle_stop(&server->again); /* first: what happens below may wake us again */
  MHD_run(server->daemon);
  MHD_UNSIGNED_LONG_LONG wait_ms;
  if (MHD_get_timeout(server->daemon, &wait_ms) == MHD_YES && wait_ms == 0)
    http_server_wake(server);
  if (server->closing && (server->busy == 0 || uv_now(server->loop) >= server->close_by_ms))
    finish(server);
}

static void on_again(uv_idle_t *again) {
  run(again->data);
}

void http_server_wake(struct http_server *server) {
  if (!uv_is_closing((uv_handle_t *)&server->again))
    uv_idle_start(&server->again, on_again);
}

static void on_event(uv_poll_t *poll, int status, int events) {
  (void)status;
  (void)events;
  run(poll->data);
}

/* Ends what took too long. When nearly all places are taken, idle connections go
 * sooner, and those that have not said a line at once, so that they do not keep others out. */
static void sweep(uv_timer_t *timer) {
  struct http_server *server = timer->data;
  uint64_t now_ms = uv_now(server->loop);
  uint64_t deadline_ms = (uint64_t)server->options.request_deadline_ms;
  bool crowded = server->connections > server->options.max_connections / 8 * 7;
  uint64_t idle_ms = (uint64_t)server->options.idle_ms / (crowded ? 8 : 1);
  for (struct http_exchange *exchange = server->exchanges; exchange != NULL;
       exchange = exchange->next) {
    uint64_t age_ms = now_ms - exchange->since_ms;
    bool idle = exchange->phase == EXCHANGE_IDLE && exchange->kept;
    bool arriving = exchange->phase <= EXCHANGE_BODY && !idle;
    bool silent = exchange->phase == EXCHANGE_IDLE && !idle;
    if (exchange->cut)
      continue;
    if (idle && age_ms >= idle_ms)
      cut_off(exchange, NULL);
    else if ((arriving && age_ms >= deadline_ms) ||
             (crowded && silent && age_ms >= CROWDED_SILENCE_MS))
      cut_off(exchange, &too_slow);
  }
  run(server); /* libmicrohttpd's own time limit: a reader that takes nothing */
}

/* --- open and close --- */

/* Clients must not take the descriptors that asking the miners needs. */
static unsigned default_connections(void) {
  struct rlimit files;
  bool is_less =
      getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur / 2 < (rlim_t)DEFAULT_MAX_CONNECTIONS;
  return is_less ? (unsigned)files.rlim_cur / 2 : DEFAULT_MAX_CONNECTIONS;
}

static void apply_defaults(struct http_server_options *options) {
  if (options->max_connections == 0)
    options->max_connections = default_connections();
  if (options->max_body == 0)
    options->max_body = DEFAULT_MAX_BODY;
  if (options->request_deadline_ms == 0)
    options->request_deadline_ms = DEFAULT_REQUEST_DEADLINE_MS;
  if (options->idle_ms == 0)
    options->idle_ms = DEFAULT_IDLE_MS;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd) {
  const struct http_server_options *options = &server->options;
  return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
                          server, MHD_OPTION_LISTEN_SOCKET, fd,                         /* */
                          MHD_OPTION_CONNECTION_LIMIT, options->max_connections,        /* */
                          MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->max_per_address, /* */
                          MHD_OPTION_CONNECTION_TIMEOUT,
                          (unsigned)(options->idle_ms + 999) / 1000,                     /* */
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, /* */
                          MHD_OPTION_STRICT_FOR_CLIENT, 1,                               /* */
                          MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,             /* */
                          MHD_OPTION_URI_LOG_CALLBACK, on_first_line, server,            /* */
                          MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,             /* */
                          MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
}

static bool watch_daemon(struct http_server *server) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  if (info == NULL || uv_poll_init(server->loop, &server->poll, info->epoll_fd) != 0)
    return false;
  uv_timer_init(server->loop, &server->sweep);
  uv_idle_init(server->loop, &server->again);
  server->poll.data = server->sweep.data = server->again.data = server;
  server->open_handles = 3;
  uv_poll_start(&server->poll, UV_READABLE, on_event);
  MHD_run(server->daemon); /* puts the listening socket into the epoll set */
  return true;
}

bool http_server_open(struct http_server **out, uv_loop_t *loop,
                      const struct http_server_options *options, struct err *err) {
  int fd;
  if (!http_listen_open(options->host, options->port, &fd, err))
    return false;
  struct http_server *server = mem_alloc(sizeof *server);
  server->loop = loop;
  server->options = *options;
  server->port = http_listen_port(fd);
  apply_defaults(&server->options);
  server->daemon = start_daemon(server, fd);
  if (server->daemon != NULL && watch_daemon(server)) {
    *out = server;
    return true;
  }
  if (server->daemon != NULL)
    MHD_stop_daemon(server->daemon); /* closes the socket */
  else
    close(fd);
  free(server);
  return err_set(err, ERR_IO, "the web server cannot start: no epoll descriptor is left");
}

uint16_t http_server_port(const struct http_server *server) {
  return server->port;
}

unsigned http_server_connections(const struct http_server *server) {
  return server->connections;
}

static void on_handle_closed(uv_handle_t *handle) {
  struct http_server *server = handle->data;
  if (--server->open_handles > 0)
    return;
  void (*closed)(void *arg) = server->closed;
  void *arg = server->closed_arg;
  free(server);
  if (closed != NULL)
    closed(arg);
}

static void finish(struct http_server *server) {
  uv_poll_stop(&server->poll); /* before its descriptor is closed */
  MHD_stop_daemon(server->daemon);
  uv_close((uv_handle_t *)&server->poll, on_handle_closed);
  uv_close((uv_handle_t *)&server->sweep, on_handle_closed);
  uv_close((uv_handle_t *)&server->again, on_handle_closed);
}

void http_server_close(struct http_server *server, void (*closed)(void *arg), void *arg) {
  assert(!server->closing);
  server->closing = true;
  server->closed = closed;
  server->closed_arg = arg;
  uv_update_time(server->loop);
  server->close_by_ms = uv_now(server->loop) + CLOSING_GRACE_MS;
  MHD_socket fd = MHD_quiesce_daemon(server->daemon);
  if (fd != MHD_INVALID_SOCKET)
    close(fd);
  for (struct http_exchange *exchange = server->exchanges; exchange != NULL;
       exchange = exchange->next)
    wind_up(exchange);
  uv_timer_start(&server->sweep, sweep, CLOSING_SWEEP_MS, CLOSING_SWEEP_MS);
  uv_idle_start(&server->again, on_again);
}
