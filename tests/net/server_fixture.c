#include "server_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- the server under test --- */

static void on_closed(void *arg) {
  ((struct fixture *)arg)->closed++;
}

static void on_gone(void *arg) {
  ((struct fixture *)arg)->gone++;
}

static void on_stream_drained(void *arg) {
  struct fixture *f = arg;
  f->stream_drained++;
}

static void on_stream_closed(void *arg) {
  struct fixture *f = arg;
  f->stream_closed++;
  f->stream = NULL;
}

void fixture_send_text(struct http_exchange *exchange, int status, const char *text) {
  struct http_response *response = http_response_create(status, "text/plain", text, strlen(text));
  http_exchange_send(exchange, response);
  http_response_release(response);
}

static void echo(struct http_exchange *exchange) {
  size_t length;
  const char *body = http_exchange_body(exchange, &length);
  const char *query = http_exchange_query(exchange, "q");
  const char *token = http_exchange_header(exchange, "x-token");
  fixture_send_text(exchange, 200,
                    arena_printf(http_exchange_arena(exchange), "[%s|%s|%s|%s|%s|%.*s]",
                                 http_exchange_method(exchange), http_exchange_path(exchange),
                                 query == NULL ? "-" : query, token == NULL ? "-" : token,
                                 http_exchange_peer(exchange), (int)length, body));
}

void fixture_close(struct fixture *f) {
  http_server_close(f->server, on_closed, f);
  f->server = NULL;
}

static void handle(struct http_exchange *exchange, void *arg) {
  struct fixture *f = arg;
  const char *path = http_exchange_path(exchange);
  f->handled++;
  if (strncmp(path, "/echo", 5) == 0) {
    echo(exchange);
  } else if (strcmp(path, "/later") == 0) {
    assert_true(f->waiting_count < MAX_WAITING);
    f->waiting[f->waiting_count++] = exchange;
    http_exchange_suspend(exchange, on_gone, f);
  } else if (strcmp(path, "/download") == 0) {
    f->stream =
        http_exchange_download(exchange, &(struct http_stream_options){.content_type = "text/csv",
                                                                       .file_name = "all.csv",
                                                                       .drained = on_stream_drained,
                                                                       .closed = on_stream_closed,
                                                                       .arg = f});
  } else if (strcmp(path, "/stream") == 0) {
    f->stream = http_exchange_stream(exchange, "text/event-stream", on_stream_closed, f);
  } else if (strcmp(path, "/answer-the-other") == 0) {
    fixture_send_text(f->waiting[0], 200, "from the other");
    http_exchange_send(exchange, f->hello);
  } else if (strcmp(path, "/close-now") == 0) {
    fixture_close(f);
    http_exchange_send(exchange, f->hello);
  } else if (strcmp(path, "/close-and-wait") == 0) {
    fixture_close(f);
    http_exchange_suspend(exchange, on_gone, f);
  } else {
    http_exchange_send(exchange, f->hello);
  }
}

static void on_tick(uv_timer_t *timer) {
  (void)timer;
}

static void too_late(uv_timer_t *timer) {
  (void)timer;
  fail_msg("the loop did not get there within 20 seconds");
}

void fixture_open(struct fixture *f, struct http_server_options options) {
  struct err err = {0};
  options.host = "127.0.0.1";
  options.handler = handle;
  options.arg = f;
  if (!http_server_open(&f->server, &f->loop, &options, &err))
    fail_msg("%s", err.text);
}

int fixture_set_up(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  uv_loop_init(&f->loop);
  uv_timer_init(&f->loop, &f->tick);
  uv_timer_start(&f->tick, on_tick, 1, 1);
  uv_timer_init(&f->loop, &f->deadline);
  uv_timer_start(&f->deadline, too_late, 20000, 0);
  f->hello = http_response_create_static(200, "text/plain", "hello", 5);
  http_response_header(f->hello, "ETag", "\"1\"");
  *state = f;
  return 0;
}

void fixture_run_until_closed(struct fixture *f) {
  while (f->closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
}

int fixture_tear_down(void **state) {
  struct fixture *f = *state;
  if (f->server != NULL)
    fixture_close(f);
  fixture_run_until_closed(f);
  assert_int_equal(f->closed, 1);
  uv_close((uv_handle_t *)&f->tick, NULL);
  uv_close((uv_handle_t *)&f->deadline, NULL);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  http_response_release(f->hello);
  free(f);
  return 0;
}

/* --- a client --- */

struct client client_dial(struct fixture *f) {
  struct sockaddr_in name = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons(http_server_port(f->server))};
  struct client client = {.fixture = f, .fd = socket(AF_INET, SOCK_STREAM, 0)};
  assert_int_equal(connect(client.fd, (struct sockaddr *)&name, sizeof name), 0);
  return client;
}

void client_hang_up(struct client *client) {
  close(client->fd);
  buf_finish(&client->heard);
}

void client_listen(struct client *client) {
  char bytes[16384];
  ssize_t length;
  while ((length = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    buf_append(&client->heard, bytes, (size_t)length);
  if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
    client->ended = true;
}

void client_say_bytes(struct client *client, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(client->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
      return; /* the server has hung up: the test will see it */
    if (sent > 0) {
      bytes += sent;
      length -= (size_t)sent;
    }
    uv_run(&client->fixture->loop, UV_RUN_NOWAIT);
  }
}

void client_say(struct client *client, const char *text) {
  client_say_bytes(client, text, strlen(text));
}

int client_times_heard(const struct client *client, const char *mark) {
  int count = 0;
  const char *at = client->heard.data;
  while (at != NULL && (at = strstr(at, mark)) != NULL) {
    count++;
    at += strlen(mark);
  }
  return count;
}

void client_hear_times(struct client *client, const char *mark, int times) {
  while (client_times_heard(client, mark) < times) {
    if (client->ended)
      fail_msg("the server hung up before saying \"%s\"; it said: %s", mark,
               client->heard.data == NULL ? "nothing" : client->heard.data);
    uv_run(&client->fixture->loop, UV_RUN_ONCE);
    client_listen(client);
  }
}

void client_hear(struct client *client, const char *mark) {
  client_hear_times(client, mark, 1);
}

void client_hear_end(struct client *client) {
  while (!client->ended) {
    uv_run(&client->fixture->loop, UV_RUN_ONCE);
    client_listen(client);
  }
}

void client_assert_heard(const struct client *client, const char *mark) {
  if (client_times_heard(client, mark) == 0)
    fail_msg("\"%s\" is not in: %s", mark,
             client->heard.data == NULL ? "nothing" : client->heard.data);
}

void client_hear_within_turns(struct client *client, const char *mark, int turns) {
  for (int i = 0; i < turns; i++)
    uv_run(&client->fixture->loop, UV_RUN_NOWAIT);
  client_listen(client);
  client_assert_heard(client, mark);
}

struct client client_open_stream(struct fixture *f) {
  struct client client = client_dial(f);
  client_say(&client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&client, "\r\n\r\n"); /* the header comes before the first event */
  client_assert_heard(&client, "Content-Type: text/event-stream");
  return client;
}
