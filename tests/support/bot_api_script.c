#include "support/bot_api_script.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

enum { REQUESTS_MAX = 512, ACTIONS_MAX = 256, CONNECTIONS_MAX = 64 };

enum action_kind { ACTION_ANSWER, ACTION_HANG, ACTION_DROP };

struct action {
  enum action_kind kind;
  int status;
  char *body;
};

struct request {
  char *path;
  char *body;
};

struct connection {
  uv_tcp_t socket;
  struct bot_api_script *script;
  struct buf received;
  size_t slot;
};

struct bot_api_script {
  uv_loop_t *loop;
  uv_tcp_t listener;
  char url[64];
  struct action actions[ACTIONS_MAX];
  size_t action_count, action_next;
  struct request requests[REQUESTS_MAX];
  size_t request_count;
  struct connection *connections[CONNECTIONS_MAX];
};

static void on_connection_closed(uv_handle_t *handle) {
  struct connection *connection = handle->data;
  buf_finish(&connection->received);
  free(connection);
}

static void close_connection(struct connection *connection) {
  connection->script->connections[connection->slot] = NULL;
  uv_close((uv_handle_t *)&connection->socket, on_connection_closed);
}

static void on_written(uv_write_t *request, int status) {
  (void)status;
  free(request->data);
  free(request);
}

static void write_answer(struct connection *connection, int status, const char *body) {
  struct buf text;
  buf_init(&text);
  buf_printf(&text,
             "HTTP/1.1 %d Scripted\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
             "%s",
             status, strlen(body), body);
  uv_write_t *request = mem_alloc(sizeof *request);
  size_t length;
  request->data = buf_take(&text, &length);
  uv_buf_t bytes = uv_buf_init(request->data, (unsigned)length);
  uv_write(request, (uv_stream_t *)&connection->socket, &bytes, 1, on_written);
}

/* False when the connection is gone. */
static bool react(struct connection *connection, const char *path) {
  struct bot_api_script *script = connection->script;
  if (script->action_next == script->action_count) {
    if (strstr(path, "/getUpdates") == NULL)
      write_answer(connection, 200, "{\"ok\":true,\"result\":{\"message_id\":7}}");
    return true;
  }
  const struct action *action = &script->actions[script->action_next++];
  if (action->kind == ACTION_ANSWER)
    write_answer(connection, action->status, action->body);
  if (action->kind == ACTION_DROP)
    close_connection(connection);
  return action->kind != ACTION_DROP;
}

/* The length of a whole request at the start of what was received; 0: not yet. */
static size_t whole_request(const struct buf *received, size_t *header) {
  const char *end = received->data != NULL ? strstr(received->data, "\r\n\r\n") : NULL;
  if (end == NULL)
    return 0;
  *header = (size_t)(end - received->data) + 4;
  size_t body = 0;
  for (const char *line = received->data; line != NULL && line < end; line = strstr(line, "\r\n")) {
    line += line == received->data ? 0 : 2;
    if (strncasecmp(line, "Content-Length:", 15) == 0)
      body = strtoul(line + 15, NULL, 10);
  }
  return received->length >= *header + body ? *header + body : 0;
}

static void on_data(struct connection *connection) {
  struct bot_api_script *script = connection->script;
  size_t header, length;
  while ((length = whole_request(&connection->received, &header)) > 0) {
    assert(script->request_count < REQUESTS_MAX);
    struct request *request = &script->requests[script->request_count++];
    const char *text = connection->received.data;
    const char *path = strchr(text, ' ') + 1;
    request->path = strndup(path, strcspn(path, " "));
    request->body = strndup(text + header, length - header);
    size_t rest = connection->received.length - length;
    memmove(connection->received.data, connection->received.data + length, rest + 1);
    connection->received.length = rest;
    if (!react(connection, request->path))
      return;
  }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *bytes) {
  (void)handle;
  *bytes = uv_buf_init(mem_alloc(suggested), (unsigned)suggested);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *bytes) {
  struct connection *connection = stream->data;
  if (count > 0)
    buf_append(&connection->received, bytes->base, (size_t)count);
  free(bytes->base);
  if (count > 0)
    on_data(connection);
  else if (count < 0)
    close_connection(connection);
}

static void on_connection(uv_stream_t *listener, int status) {
  struct bot_api_script *script = listener->data;
  struct connection *connection = mem_alloc(sizeof *connection);
  assert(status == 0);
  while (script->connections[connection->slot] != NULL)
    connection->slot++;
  assert(connection->slot < CONNECTIONS_MAX);
  script->connections[connection->slot] = connection;
  connection->script = script;
  buf_init(&connection->received);
  uv_tcp_init(script->loop, &connection->socket);
  connection->socket.data = connection;
  uv_accept(listener, (uv_stream_t *)&connection->socket);
  uv_read_start((uv_stream_t *)&connection->socket, on_alloc, on_read);
}

struct bot_api_script *bot_api_script_create(uv_loop_t *loop) {
  struct bot_api_script *script = mem_alloc(sizeof *script);
  struct sockaddr_in address;
  int size = sizeof address;
  script->loop = loop;
  uv_tcp_init(loop, &script->listener);
  script->listener.data = script;
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_bind(&script->listener, (struct sockaddr *)&address, 0);
  int failed = uv_listen((uv_stream_t *)&script->listener, 16, on_connection);
  assert(failed == 0);
  uv_tcp_getsockname(&script->listener, (struct sockaddr *)&address, &size);
  snprintf(script->url, sizeof script->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
  return script;
}

static void on_listener_closed(uv_handle_t *handle) {
  struct bot_api_script *script = handle->data;
  for (size_t i = 0; i < script->action_count; i++)
    free(script->actions[i].body);
  for (size_t i = 0; i < script->request_count; i++) {
    free(script->requests[i].path);
    free(script->requests[i].body);
  }
  free(script);
}

void bot_api_script_destroy(struct bot_api_script *script) {
  for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
    if (script->connections[i] != NULL)
      close_connection(script->connections[i]);
  }
  uv_close((uv_handle_t *)&script->listener, on_listener_closed);
}

const char *bot_api_script_url(const struct bot_api_script *script) {
  return script->url;
}

static struct action *add(struct bot_api_script *script, enum action_kind kind) {
  assert(script->action_count < ACTIONS_MAX);
  script->actions[script->action_count].kind = kind;
  return &script->actions[script->action_count++];
}

void bot_api_script_answer(struct bot_api_script *script, int status, const char *body) {
  struct action *action = add(script, ACTION_ANSWER);
  action->status = status;
  action->body = mem_strdup(body);
}

void bot_api_script_hang(struct bot_api_script *script) {
  add(script, ACTION_HANG);
}

void bot_api_script_drop(struct bot_api_script *script) {
  add(script, ACTION_DROP);
}

size_t bot_api_script_count(const struct bot_api_script *script) {
  return script->request_count;
}

const char *bot_api_script_path(const struct bot_api_script *script, size_t index) {
  assert(index < script->request_count);
  return script->requests[index].path;
}

const char *bot_api_script_body(const struct bot_api_script *script, size_t index) {
  assert(index < script->request_count);
  return script->requests[index].body;
}
