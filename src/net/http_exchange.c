/* What a handler sees: the request, its answer, streams. */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/http_server_impl.h"

/* --- the request --- */

const char *http_exchange_method(const struct http_exchange *exchange) {
  return exchange->method;
}

const char *http_exchange_path(const struct http_exchange *exchange) {
  return exchange->target.path;
}

/* The arena is no part of what the caller sees of the request: const stays true
 * from outside. */
const char *http_exchange_query(const struct http_exchange *exchange, const char *name) {
  struct arena *arena = &((struct http_exchange *)exchange)->arena;
  return http_parse_query(exchange->target.query, name, arena);
}

const char *http_exchange_header(const struct http_exchange *exchange, const char *name) {
  return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

const char *http_exchange_body(const struct http_exchange *exchange, size_t *length) {
  if (length != NULL)
    *length = exchange->body.length;
  return exchange->body.data != NULL ? exchange->body.data : "";
}

const char *http_exchange_peer(const struct http_exchange *exchange) {
  struct arena *arena = &((struct http_exchange *)exchange)->arena;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[INET6_ADDRSTRLEN] = "";
  if (info != NULL && info->client_addr->sa_family == AF_INET) {
    struct sockaddr_in v4;
    memcpy(&v4, info->client_addr, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (info != NULL && info->client_addr->sa_family == AF_INET6) {
    struct sockaddr_in6 v6;
    memcpy(&v6, info->client_addr, sizeof v6);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
      inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, text, sizeof text);
    else
      inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return arena_strdup(arena, text);
}

struct arena *http_exchange_arena(struct http_exchange *exchange) {
  return &exchange->arena;
}

/* --- responses --- */

static struct http_response *wrap(struct MHD_Response *mhd, int status, const char *content_type) {
  if (mhd == NULL)
    mem_fatal("no memory for a response");
  struct http_response *response = mem_alloc(sizeof *response);
  *response = (struct http_response){.mhd = mhd, .status = (unsigned)status, .references = 1};
  if (content_type != NULL)
    http_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
  return response;
}

struct http_response *http_response_create(int status, const char *content_type, const void *body,
                                           size_t length) {
  return wrap(MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY), status,
              content_type);
}

struct http_response *http_response_create_static(int status, const char *content_type,
                                                  const void *body, size_t length) {
  return wrap(MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_PERSISTENT), status,
              content_type);
}

struct http_response *http_response_create_file(int status, const char *content_type, int fd,
                                                size_t length) {
  if (length > 0)
    return wrap(MHD_create_response_from_fd(length, fd), status, content_type);
  close(fd);
  return http_response_create_static(status, content_type, "", 0);
}

void http_response_header(struct http_response *response, const char *name, const char *value) {
  enum MHD_Result added = MHD_add_response_header(response->mhd, name, value);
  assert(added == MHD_YES);
  (void)added;
}

void http_response_retain(struct http_response *response) {
  response->references++;
}

void http_response_release(struct http_response *response) {
  if (response == NULL || --response->references > 0)
    return;
  MHD_destroy_response(response->mhd);
  free(response);
}

struct http_response *http_exchange_refusal(const struct http_refusal *refusal) {
  struct buf text;
  buf_init(&text);
  buf_printf(&text, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}\n",
             refusal->title, refusal->status, refusal->detail);
  struct http_response *response =
      http_response_create(refusal->status, "application/problem+json", text.data, text.length);
  buf_finish(&text);
  return response;
}

/* --- the answer --- */

static void resume(struct http_exchange *exchange) {
  MHD_resume_connection(exchange->connection);
  http_server_wake(exchange->server);
}

/* A refused queue (a status libmicrohttpd does not take) would leave the client
 * waiting for ever. */
static void queue(struct http_exchange *exchange, unsigned status, struct MHD_Response *response) {
  bool was_suspended = exchange->phase == EXCHANGE_SUSPENDED && !exchange->in_handler;
  assert(exchange->phase != EXCHANGE_ANSWERED && exchange->phase != EXCHANGE_IDLE);
  exchange->phase = EXCHANGE_ANSWERED;
  enum MHD_Result queued = MHD_queue_response(exchange->connection, status, response);
  assert(queued == MHD_YES);
  (void)queued;
  if (was_suspended)
    resume(exchange);
}

void http_exchange_send(struct http_exchange *exchange, struct http_response *response) {
  queue(exchange, response->status, response->mhd);
}

void http_exchange_suspend(struct http_exchange *exchange, void (*gone)(void *arg), void *arg) {
  assert(exchange->phase == EXCHANGE_HANDLING);
  exchange->phase = EXCHANGE_SUSPENDED;
  exchange->gone = gone;
  exchange->gone_arg = arg;
}

/* --- streams --- */

static struct http_exchange *exchange_of(struct http_stream *stream) {
  return (struct http_exchange *)((char *)stream - offsetof(struct http_exchange, stream));
}

static ssize_t read_stream(void *arg, uint64_t position, char *target, size_t room) {
  (void)position;
  struct http_stream *stream = arg;
  size_t length = stream->pending.length - stream->sent;
  if (length == 0) {
    if (stream->failed)
      return MHD_CONTENT_READER_END_WITH_ERROR;
    if (stream->ended)
      return MHD_CONTENT_READER_END_OF_STREAM;
    stream->parked = true;
    MHD_suspend_connection(exchange_of(stream)->connection);
    if (stream->drained != NULL)
      stream->drained(stream->arg);
    return 0;
  }
  if (length > room)
    length = room;
  memcpy(target, stream->pending.data + stream->sent, length);
  stream->sent += length;
  if (stream->sent == stream->pending.length) {
    buf_clear(&stream->pending);
    stream->sent = 0;
  }
  return (ssize_t)length;
}

static void unpark(struct http_stream *stream) {
  if (!stream->parked)
    return;
  stream->parked = false;
  resume(exchange_of(stream));
}

struct http_stream *http_exchange_download(struct http_exchange *exchange,
                                           const struct http_stream_options *options) {
  enum { UNUSED_BLOCK = 512 }; /* chunked answers are read straight into the connection's memory */
  struct http_stream *stream = &exchange->stream;
  stream->open = true;
  stream->drained = options->drained;
  stream->closed = options->closed;
  stream->arg = options->arg;
  struct MHD_Response *endless =
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, UNUSED_BLOCK, read_stream, stream, NULL);
  /* To a HEAD libmicrohttpd 0.9.75 sends the last chunk, which is a body all the same, and the
   * client would take it for the beginning of the next answer. */
  if (strcmp(exchange->method, "HEAD") == 0)
    MHD_set_response_options(endless, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
  struct http_response *response = wrap(endless, MHD_HTTP_OK, options->content_type);
  http_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  if (options->file_name != NULL) {
    const char *value =
        arena_printf(&exchange->arena, "attachment; filename=\"%s\"", options->file_name);
    http_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, value);
    http_response_header(response, "X-Content-Type-Options", "nosniff");
  }
  http_exchange_send(exchange, response);
  http_response_release(response);
  return stream;
}

struct http_stream *http_exchange_stream(struct http_exchange *exchange, const char *content_type,
                                         void (*closed)(void *arg), void *arg) {
  return http_exchange_download(
      exchange,
      &(struct http_stream_options){.content_type = content_type, .closed = closed, .arg = arg});
}

bool http_stream_write(struct http_stream *stream, const void *bytes, size_t length, size_t limit) {
  assert(stream->open);
  if (stream->ended || stream->pending.length - stream->sent > limit)
    return false;
  if (stream->sent > stream->pending.length / 2) { /* what was sent makes room for what comes */
    size_t left = stream->pending.length - stream->sent;
    memmove(stream->pending.data, stream->pending.data + stream->sent, left);
    stream->pending.length = left;
    stream->pending.data[left] = '\0';
    stream->sent = 0;
  }
  buf_append(&stream->pending, bytes, length);
  unpark(stream);
  return true;
}

void http_stream_end(struct http_stream *stream) {
  assert(stream->open);
  stream->ended = true;
  unpark(stream);
}

void http_stream_fail(struct http_stream *stream) {
  stream->failed = true;
  http_stream_end(stream);
}
