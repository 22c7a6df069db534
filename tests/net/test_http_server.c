/* The server against clients that are plain sockets on the same loop: they can say
 * what no HTTP library would. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/http_server.h"

/* --- the server under test --- */

enum { MAX_WAITING = 4 };

struct fixture {
  uv_loop_t loop;
  uv_timer_t tick; /* lets run_once look at the clients' sockets now and then */
  uv_timer_t deadline;
  struct http_server *server;
  struct http_response *hello;
  int handled;
  struct http_exchange *waiting[MAX_WAITING];
  int waiting_count;
  int gone;
  struct http_stream *stream;
  int stream_closed;
  int closed;
};

static void on_closed(void *arg) {
  ((struct fixture *)arg)->closed++;
}

static void on_gone(void *arg) {
  ((struct fixture *)arg)->gone++;
}

static void on_stream_closed(void *arg) {
  struct fixture *f = arg;
  f->stream_closed++;
  f->stream = NULL;
}

static void send_text(struct http_exchange *exchange, int status, const char *text) {
  struct http_response *response = http_response_create(status, "text/plain", text, strlen(text));
  http_exchange_send(exchange, response);
  http_response_release(response);
}

static void echo(struct http_exchange *exchange) {
  size_t length;
  const char *body = http_exchange_body(exchange, &length);
  const char *query = http_exchange_query(exchange, "q");
  const char *token = http_exchange_header(exchange, "x-token");
  send_text(exchange, 200,
            arena_printf(http_exchange_arena(exchange), "[%s|%s|%s|%s|%s|%.*s]",
                         http_exchange_method(exchange), http_exchange_path(exchange),
                         query == NULL ? "-" : query, token == NULL ? "-" : token,
                         http_exchange_peer(exchange), (int)length, body));
}

static void close_server(struct fixture *f) {
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
  } else if (strcmp(path, "/stream") == 0) {
    f->stream = http_exchange_stream(exchange, "text/event-stream", on_stream_closed, f);
  } else if (strcmp(path, "/answer-the-other") == 0) {
    send_text(f->waiting[0], 200, "from the other");
    http_exchange_send(exchange, f->hello);
  } else if (strcmp(path, "/close-now") == 0) {
    close_server(f);
    http_exchange_send(exchange, f->hello);
  } else if (strcmp(path, "/close-and-wait") == 0) {
    close_server(f);
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

static void open_with(struct fixture *f, struct http_server_options options) {
  struct err err = {0};
  options.host = "127.0.0.1";
  options.handler = handle;
  options.arg = f;
  if (!http_server_open(&f->server, &f->loop, &options, &err))
    fail_msg("%s", err.text);
}

static int set_up(void **state) {
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

static void run_until_closed(struct fixture *f) {
  while (f->closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  if (f->server != NULL)
    close_server(f);
  run_until_closed(f);
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

struct client {
  struct fixture *fixture;
  int fd;
  bool ended; /* the server hung up */
  struct buf heard;
};

static struct client dial(struct fixture *f) {
  struct sockaddr_in name = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons(http_server_port(f->server))};
  struct client client = {.fixture = f, .fd = socket(AF_INET, SOCK_STREAM, 0)};
  assert_int_equal(connect(client.fd, (struct sockaddr *)&name, sizeof name), 0);
  return client;
}

static void hang_up(struct client *client) {
  close(client->fd);
  buf_finish(&client->heard);
}

static void listen_now(struct client *client) {
  char bytes[16384];
  ssize_t length;
  while ((length = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    buf_append(&client->heard, bytes, (size_t)length);
  if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
    client->ended = true;
}

static void say_bytes(struct client *client, const char *bytes, size_t length) {
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

static void say(struct client *client, const char *text) {
  say_bytes(client, text, strlen(text));
}

static int times_heard(const struct client *client, const char *mark) {
  int count = 0;
  const char *at = client->heard.data;
  while (at != NULL && (at = strstr(at, mark)) != NULL) {
    count++;
    at += strlen(mark);
  }
  return count;
}

/* Runs the loop until the server said that so often. */
static void hear_times(struct client *client, const char *mark, int times) {
  while (times_heard(client, mark) < times) {
    if (client->ended)
      fail_msg("the server hung up before saying \"%s\"; it said: %s", mark,
               client->heard.data == NULL ? "nothing" : client->heard.data);
    uv_run(&client->fixture->loop, UV_RUN_ONCE);
    listen_now(client);
  }
}

static void hear(struct client *client, const char *mark) {
  hear_times(client, mark, 1);
}

static void hear_end(struct client *client) {
  while (!client->ended) {
    uv_run(&client->fixture->loop, UV_RUN_ONCE);
    listen_now(client);
  }
}

static void assert_heard(const struct client *client, const char *mark) {
  if (times_heard(client, mark) == 0)
    fail_msg("\"%s\" is not in: %s", mark,
             client->heard.data == NULL ? "nothing" : client->heard.data);
}

/* The loop's own turns are enough: nothing waits for a timer or for another client. */
static void hear_within_turns(struct client *client, const char *mark, int turns) {
  for (int i = 0; i < turns; i++)
    uv_run(&client->fixture->loop, UV_RUN_NOWAIT);
  listen_now(client);
  assert_heard(client, mark);
}

/* One request on a connection of its own gets a problem with that status, and
 * the handler never sees it. */
static void assert_refused(struct fixture *f, const char *request, int status) {
  struct client client = dial(f);
  char line[32];
  snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
  say(&client, request);
  hear_end(&client);
  if (client.heard.data == NULL || strncmp(client.heard.data, line, strlen(line)) != 0)
    fail_msg("expected %d, heard: %s", status,
             client.heard.data == NULL ? "nothing" : client.heard.data);
  assert_int_equal(f->handled, 0);
  hang_up(&client);
}

static void assert_problem(struct fixture *f, const char *request, int status) {
  struct client client = dial(f);
  char member[32];
  snprintf(member, sizeof member, "\"status\":%d", status);
  say(&client, request);
  hear(&client, member);
  assert_heard(&client, "Content-Type: application/problem+json");
  assert_int_equal(f->handled, 0);
  hang_up(&client);
}

/* --- requests and answers --- */

static void handler_sees_the_request_decoded(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  say(&client, "POST /echo/a%20b?q=1%2B2+3 HTTP/1.1\r\nHost: x\r\nX-Token: t\r\n"
               "Content-Length: 4\r\n\r\nbody");

  hear(&client, "[POST|/echo/a b|1+2 3|t|127.0.0.1|body]");
  hang_up(&client);
}

static void chunked_body_arrives_whole(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  say(&client, "PUT /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  say(&client, "3\r\nabc\r\n");
  say(&client, "2\r\nde\r\n0\r\n\r\n");

  hear(&client, "|abcde]");
  hang_up(&client);
}

static void connection_is_kept_for_the_next_request(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  for (int i = 1; i <= 3; i++) {
    say(&client, "GET /echo?q=a HTTP/1.1\r\nHost: x\r\n\r\n");
    hear_times(&client, "[GET|/echo|a|-|127.0.0.1|]", i);
  }

  assert_int_equal(http_server_connections(f->server), 1);
  assert_int_equal(times_heard(&client, "Connection: close"), 0);
  hang_up(&client);
}

static void pipelined_requests_are_answered_in_order(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  say(&client, "GET /echo?q=1 HTTP/1.1\r\nHost: x\r\n\r\n"
               "POST /echo?q=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
               "GET /echo?q=3 HTTP/1.1\r\nHost: x\r\n\r\n");

  hear(&client, "|3|");
  const char *first = strstr(client.heard.data, "|1|"), *second = strstr(first, "|2|");
  assert_true(second != NULL && strstr(second, "|3|") != NULL);
  assert_heard(&client, "|hi]");
  hang_up(&client);
}

static void head_gets_the_header_only(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  say(&client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n");

  hear(&client, "[GET|");
  assert_heard(&client, "Content-Length: 5\r\n");
  assert_heard(&client, "ETag: \"1\"\r\n");
  assert_int_equal(times_heard(&client, "hello"), 0);
  hang_up(&client);
}

static void old_http_is_answered_and_closed(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);

  say(&client, "GET / HTTP/1.0\r\n\r\n");

  hear_end(&client);
  assert_heard(&client, "hello");
  hang_up(&client);
}

static void answer_may_come_later(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client first = dial(f), second = dial(f), third = dial(f);
  say(&first, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);
  say(&second, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  say(&third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 2)
    uv_run(&f->loop, UV_RUN_ONCE);
  hear(&third, "hello");

  send_text(f->waiting[1], 200, "two");
  hear(&second, "two");
  send_text(f->waiting[0], 404, "one");
  hear(&first, "one");

  assert_heard(&first, "HTTP/1.1 404 ");
  say(&first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&first, "hello");
  hang_up(&first), hang_up(&second), hang_up(&third);
}

static void handler_may_answer_another_exchange(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client first = dial(f), second = dial(f);
  say(&first, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);

  say(&second, "GET /answer-the-other HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&second, "hello");

  hear_within_turns(&first, "from the other", 5);
  hang_up(&first), hang_up(&second);
}

static void answer_to_a_client_that_left_is_harmless(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);
  say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);
  hang_up(&client);

  send_text(f->waiting[0], 200, "too late");

  while (http_server_connections(f->server) > 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(f->gone, 0);
}

static void late_answer_goes_out_at_once(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);
  say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);

  send_text(f->waiting[0], 200, "two");

  hear_within_turns(&client, "two", 5);
  hang_up(&client);
}

/* libmicrohttpd's own thread stalls at such numbers; our loop must not. */
static void hundreds_of_connections_are_all_answered(void **state) {
  enum { COUNT = 300 };
  struct fixture *f = *state;
  struct client clients[COUNT];
  open_with(f, (struct http_server_options){0});
  for (int i = 0; i < COUNT; i++)
    clients[i] = dial(f);
  for (int i = 0; i < COUNT; i++)
    say(&clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  for (int i = 0; i < COUNT; i++)
    hear(&clients[i], "hello");

  assert_int_equal(http_server_connections(f->server), COUNT);
  for (int i = 0; i < COUNT; i++)
    hang_up(&clients[i]);
}

/* --- guards --- */

static void requests_with_two_readings_are_refused(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  assert_refused(f,
                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
                 400);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                 400);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n", 400);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400);
  assert_refused(f, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400);
  assert_refused(f, "GET / HTTP/1.1\r\n\r\n", 400);
}

static void broken_paths_are_refused(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  assert_problem(f, "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400);
}

static void garbage_does_not_reach_the_handler(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  static const char *const garbage[] = {"\x16\x03\x01\x02\n\n", "GET\r\n\r\n",
                                        "\r\n\r\n\r\nx\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                                        "GET / HTTP/1.1\r\nno colon\r\n\r\n"};
  for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
    struct client client = dial(f);
    say(&client, garbage[i]);
    hear_end(&client);
    hang_up(&client);
  }
  assert_int_equal(f->handled, 0);
}

static void too_long_header_is_refused(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct buf request;
  buf_init(&request);
  buf_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\nCookie: ");
  for (int i = 0; i < 20000; i++)
    buf_append_char(&request, 'x');
  buf_append_text(&request, "\r\n\r\n");

  struct client client = dial(f);
  say(&client, request.data);

  hear_end(&client);
  assert_int_equal(f->handled, 0);
  if (client.heard.data != NULL) /* what was not read may cost the answer: a reset overtakes it */
    assert_heard(&client, "HTTP/1.1 431 ");
  hang_up(&client);
  buf_finish(&request);
}

static void browser_sized_header_passes(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct buf request;
  buf_init(&request);
  buf_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 40; i++)
    buf_printf(&request, "X-Header-%d: some value of the usual kind, a bit long (%d)\r\n", i, i);
  buf_append_text(&request, "\r\n");

  struct client client = dial(f);
  say(&client, request.data);

  hear(&client, "hello");
  hang_up(&client);
  buf_finish(&request);
}

static void huge_declared_body_is_refused_before_it_comes(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.max_body = 1000});
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n", 413);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 413);
}

static void body_a_little_too_large_is_refused_politely(void **state) {
  struct fixture *f = *state;
  char body[1001];
  memset(body, 'b', sizeof body);
  open_with(f, (struct http_server_options){.max_body = 1000});
  struct client client = dial(f);

  say(&client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  say_bytes(&client, body, 1001);
  hear(&client, "\"status\":413");
  say(&client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  say_bytes(&client, body, 1000);
  hear(&client, "hello");

  assert_int_equal(f->handled, 1);
  hang_up(&client);
}

static void endless_chunked_body_is_cut_off(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.max_body = 1000});
  struct client client = dial(f);

  say(&client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  int said = 0;
  while (!client.ended) {
    say(&client, "10\r\n0123456789abcdef\r\n");
    said += 16;
    listen_now(&client);
  }

  assert_int_equal(f->handled, 0);
  assert_in_range(said, 1000, 100 * 1000); /* some bytes are under way when it hangs up */
  hang_up(&client);
}

static void dripping_header_runs_into_the_deadline(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = dial(f);

  say(&client, "GET / HTTP/1.1\r\nHost: x\r\n");
  while (!client.ended) {
    say(&client, "X: y\r\n");
    uv_run(&f->loop, UV_RUN_ONCE);
    listen_now(&client);
  }

  assert_int_equal(f->handled, 0);
  hang_up(&client);
}

static void slow_header_is_told_so(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 50});
  assert_refused(f, "GET / HTTP/1.1\r\nHost: x\r\n", 408);
  assert_refused(f, "GE", 408);
}

static void slow_header_on_a_kept_connection_is_told_so(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = dial(f);
  say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&client, "hello");

  say(&client, "GET / HTTP/1.1\r\nHo");

  hear(&client, "HTTP/1.1 408 ");
  hear_end(&client);
  hang_up(&client);
}

static void slow_body_runs_into_the_deadline(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 50});
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", 408);
}

static void silent_connection_is_closed(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = dial(f);
  hear_end(&client);
  while (http_server_connections(f->server) > 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  hang_up(&client);
}

static void idle_connection_is_closed_without_a_word(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.idle_ms = 50});
  struct client client = dial(f);
  say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear_end(&client);
  assert_int_equal(times_heard(&client, "HTTP/1.1 "), 1);
  hang_up(&client);
}

/* Neither the request deadline nor the idle time is for the handler. */
static void slow_handler_has_all_the_time_it_needs(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.request_deadline_ms = 20, .idle_ms = 20});
  struct client client = dial(f), probe = dial(f);
  say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  hear_end(&probe); /* came later and is over: the deadlines have passed */

  assert_int_equal(f->waiting_count, 1);
  send_text(f->waiting[0], 200, "at last");

  hear(&client, "at last");
  hang_up(&client), hang_up(&probe);
}

static void connections_over_the_limit_wait_for_a_place(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.max_connections = 2});
  struct client first = dial(f), second = dial(f);
  say(&first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  say(&second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&first, "hello");
  hear(&second, "hello");
  struct client third = dial(f);
  say(&third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  say(&first, "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&first, "[GET|"); /* the server had its chance to take the third */
  assert_int_equal(http_server_connections(f->server), 2);
  assert_int_equal(f->handled, 3);

  hang_up(&second);

  hear_within_turns(&third, "hello", 10);
  hang_up(&first), hang_up(&third);
}

/* --- streams --- */

static struct client open_stream(struct fixture *f) {
  struct client client = dial(f);
  say(&client, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&client, "\r\n\r\n"); /* the header comes before the first event */
  assert_heard(&client, "Content-Type: text/event-stream");
  return client;
}

static void stream_delivers_what_is_written(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){.idle_ms = 60000});
  struct client client = open_stream(f);

  assert_true(http_stream_write(f->stream, "data: 1\n\n", 9, 1000));
  hear(&client, "data: 1\n\n");
  assert_true(http_stream_write(f->stream, "data: 2\n\n", 9, 1000));
  assert_true(http_stream_write(f->stream, "data: 3\n\n", 9, 1000));
  hear(&client, "data: 3\n\n");

  assert_heard(&client, "data: 2\n\n");
  assert_int_equal(f->stream_closed, 0);
  hang_up(&client);
}

static void written_event_goes_out_at_once(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = open_stream(f);
  for (int i = 0; i < 5; i++) /* the stream is parked now */
    uv_run(&f->loop, UV_RUN_NOWAIT);

  http_stream_write(f->stream, "data: now\n\n", 11, 1000);

  hear_within_turns(&client, "data: now\n\n", 5);
  hang_up(&client);
}

static void ended_stream_is_a_whole_answer(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = open_stream(f);

  http_stream_write(f->stream, "last", 4, 1000);
  http_stream_end(f->stream);
  hear(&client, "\r\n0\r\n\r\n");
  while (f->stream_closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);

  assert_heard(&client, "last");
  assert_int_equal(f->stream_closed, 1);
  say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&client, "hello");
  hang_up(&client);
}

static void stream_notices_a_hang_up_at_the_next_writes(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = open_stream(f);
  hang_up(&client);

  while (f->stream != NULL) {
    http_stream_write(f->stream, ": ping\n\n", 8, 1000);
    uv_run(&f->loop, UV_RUN_ONCE);
  }

  assert_int_equal(f->stream_closed, 1);
}

static void slow_reader_meets_the_limit_and_loses_nothing_before_it(void **state) {
  enum { LIMIT = 64 * 1024, PIECE = 4096 };
  struct fixture *f = *state;
  static char piece[PIECE];
  memset(piece, 'x', sizeof piece);
  open_with(f, (struct http_server_options){0});
  struct client client = open_stream(f);
  size_t written = 0;

  while (http_stream_write(f->stream, piece, sizeof piece, LIMIT)) {
    written += sizeof piece;
    uv_run(&f->loop, UV_RUN_NOWAIT);
  }
  http_stream_end(f->stream);
  hear(&client, "\r\n0\r\n\r\n");

  size_t heard = 0;
  for (size_t i = 0; i < client.heard.length; i++)
    heard += client.heard.data[i] == 'x';
  assert_int_equal(heard, written + 1); /* one is in "text/event-stream" */
  assert_true(written > LIMIT);
  hang_up(&client);
}

static void head_of_a_stream_ends_at_once(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);
  say(&client, "HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&client, "\r\n\r\n");
  while (f->stream_closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(f->stream_closed, 1);
  hang_up(&client);
}

/* --- the end --- */

static void close_answers_what_waits_and_ends_streams(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client waiting = dial(f), stream = open_stream(f), idle = dial(f);
  say(&waiting, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  say(&idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  hear(&idle, "hello");
  while (f->waiting_count == 0)
    uv_run(&f->loop, UV_RUN_ONCE);

  close_server(f);
  run_until_closed(f);

  hear_end(&waiting);
  hear_end(&stream);
  hear_end(&idle);
  assert_heard(&waiting, "HTTP/1.1 503 ");
  assert_heard(&waiting, "shutting down");
  assert_heard(&stream, "0\r\n\r\n");
  assert_int_equal(f->gone, 1);
  assert_int_equal(f->stream_closed, 1);
  hang_up(&waiting), hang_up(&stream), hang_up(&idle);
}

static void close_does_not_wait_for_a_reader_that_is_stuck(void **state) {
  struct fixture *f = *state;
  static char piece[64 * 1024];
  open_with(f, (struct http_server_options){0});
  struct client client = open_stream(f);
  while (http_stream_write(f->stream, piece, sizeof piece, sizeof piece))
    uv_run(&f->loop, UV_RUN_NOWAIT);

  close_server(f);
  run_until_closed(f);

  assert_int_equal(f->stream_closed, 1);
  hang_up(&client);
}

static void handler_may_close_the_server_and_still_answer(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);
  say(&client, "GET /close-now HTTP/1.1\r\nHost: x\r\n\r\n");
  hear_end(&client);
  assert_heard(&client, "hello");
  hang_up(&client);
}

static void exchange_suspended_while_closing_is_sent_away(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct http_server_options){0});
  struct client client = dial(f);
  say(&client, "GET /close-and-wait HTTP/1.1\r\nHost: x\r\n\r\n");
  hear_end(&client);
  assert_heard(&client, "HTTP/1.1 503 ");
  assert_int_equal(f->gone, 1);
  hang_up(&client);
}

static void taken_port_is_refused_with_words(void **state) {
  struct fixture *f = *state;
  struct http_server *second = NULL;
  struct err err = {0};
  open_with(f, (struct http_server_options){0});
  struct http_server_options options = {
      .host = "127.0.0.1", .port = http_server_port(f->server), .handler = handle};

  assert_false(http_server_open(&second, &f->loop, &options, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "already used by another program"));
  assert_non_null(strstr(err.text, "--listen 127.0.0.1:"));
  options.host = "192.0.2.77";
  assert_false(http_server_open(&second, &f->loop, &options, &err));
  assert_non_null(strstr(err.text, "does not have the address 192.0.2.77"));
}

#define ON_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_LOOP(handler_sees_the_request_decoded),
      ON_LOOP(chunked_body_arrives_whole),
      ON_LOOP(connection_is_kept_for_the_next_request),
      ON_LOOP(pipelined_requests_are_answered_in_order),
      ON_LOOP(head_gets_the_header_only),
      ON_LOOP(old_http_is_answered_and_closed),
      ON_LOOP(answer_may_come_later),
      ON_LOOP(late_answer_goes_out_at_once),
      ON_LOOP(handler_may_answer_another_exchange),
      ON_LOOP(answer_to_a_client_that_left_is_harmless),
      ON_LOOP(hundreds_of_connections_are_all_answered),
      ON_LOOP(requests_with_two_readings_are_refused),
      ON_LOOP(broken_paths_are_refused),
      ON_LOOP(garbage_does_not_reach_the_handler),
      ON_LOOP(too_long_header_is_refused),
      ON_LOOP(browser_sized_header_passes),
      ON_LOOP(huge_declared_body_is_refused_before_it_comes),
      ON_LOOP(body_a_little_too_large_is_refused_politely),
      ON_LOOP(endless_chunked_body_is_cut_off),
      ON_LOOP(dripping_header_runs_into_the_deadline),
      ON_LOOP(slow_header_is_told_so),
      ON_LOOP(slow_header_on_a_kept_connection_is_told_so),
      ON_LOOP(slow_body_runs_into_the_deadline),
      ON_LOOP(silent_connection_is_closed),
      ON_LOOP(idle_connection_is_closed_without_a_word),
      ON_LOOP(slow_handler_has_all_the_time_it_needs),
      ON_LOOP(connections_over_the_limit_wait_for_a_place),
      ON_LOOP(stream_delivers_what_is_written),
      ON_LOOP(written_event_goes_out_at_once),
      ON_LOOP(ended_stream_is_a_whole_answer),
      ON_LOOP(stream_notices_a_hang_up_at_the_next_writes),
      ON_LOOP(slow_reader_meets_the_limit_and_loses_nothing_before_it),
      ON_LOOP(head_of_a_stream_ends_at_once),
      ON_LOOP(close_answers_what_waits_and_ends_streams),
      ON_LOOP(close_does_not_wait_for_a_reader_that_is_stuck),
      ON_LOOP(handler_may_close_the_server_and_still_answer),
      ON_LOOP(exchange_suspended_while_closing_is_sent_away),
      ON_LOOP(taken_port_is_refused_with_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
