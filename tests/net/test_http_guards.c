/* What the server refuses before a handler sees it, and whom it does not wait for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "server_fixture.h"

/* One request on a connection of its own gets a problem with that status, and
 * the handler never sees it. */
static void assert_refused(struct fixture *f, const char *request, int status) {
  struct client client = client_dial(f);
  char line[32];
  snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
  client_say(&client, request);
  client_hear_end(&client);
  if (client.heard.data == NULL || strncmp(client.heard.data, line, strlen(line)) != 0)
    fail_msg("expected %d, heard: %s", status,
             client.heard.data == NULL ? "nothing" : client.heard.data);
  assert_int_equal(f->handled, 0);
  client_hang_up(&client);
}

static void assert_problem(struct fixture *f, const char *request, int status) {
  struct client client = client_dial(f);
  char member[32];
  snprintf(member, sizeof member, "\"status\":%d", status);
  client_say(&client, request);
  client_hear(&client, member);
  client_assert_heard(&client, "Content-Type: application/problem+json");
  assert_int_equal(f->handled, 0);
  client_hang_up(&client);
}

static void requests_with_two_readings_are_refused(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
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
  fixture_open(f, (struct http_server_options){0});
  assert_problem(f, "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  assert_problem(f, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400);
}

static void garbage_does_not_reach_the_handler(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  static const char *const garbage[] = {"\x16\x03\x01\x02\n\n", "GET\r\n\r\n",
                                        "\r\n\r\n\r\nx\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                                        "GET / HTTP/1.1\r\nno colon\r\n\r\n"};
  for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
    struct client client = client_dial(f);
    client_say(&client, garbage[i]);
    client_hear_end(&client);
    client_hang_up(&client);
  }
  assert_int_equal(f->handled, 0);
}

static void too_long_header_is_refused(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct buf request;
  buf_init(&request);
  buf_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\nCookie: ");
  for (int i = 0; i < 20000; i++)
    buf_append_char(&request, 'x');
  buf_append_text(&request, "\r\n\r\n");

  struct client client = client_dial(f);
  client_say(&client, request.data);

  client_hear_end(&client);
  assert_int_equal(f->handled, 0);
  if (client.heard.data != NULL) /* what was not read may cost the answer: a reset overtakes it */
    client_assert_heard(&client, "HTTP/1.1 431 ");
  client_hang_up(&client);
  buf_finish(&request);
}

static void browser_sized_header_passes(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct buf request;
  buf_init(&request);
  buf_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 40; i++)
    buf_printf(&request, "X-Header-%d: some value of the usual kind, a bit long (%d)\r\n", i, i);
  buf_append_text(&request, "\r\n");

  struct client client = client_dial(f);
  client_say(&client, request.data);

  client_hear(&client, "hello");
  client_hang_up(&client);
  buf_finish(&request);
}

static void huge_declared_body_is_refused_before_it_comes(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.max_body = 1000});
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n", 413);
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 413);
}

static void body_a_little_too_large_is_refused_politely(void **state) {
  struct fixture *f = *state;
  char body[1001];
  memset(body, 'b', sizeof body);
  fixture_open(f, (struct http_server_options){.max_body = 1000});
  struct client client = client_dial(f);

  client_say(&client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  client_say_bytes(&client, body, 1001);
  client_hear(&client, "\"status\":413");
  client_say(&client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  client_say_bytes(&client, body, 1000);
  client_hear(&client, "hello");

  assert_int_equal(f->handled, 1);
  client_hang_up(&client);
}

static void endless_chunked_body_is_cut_off(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.max_body = 1000});
  struct client client = client_dial(f);

  client_say(&client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  int said = 0;
  while (!client.ended) {
    client_say(&client, "10\r\n0123456789abcdef\r\n");
    said += 16;
    client_listen(&client);
  }

  assert_int_equal(f->handled, 0);
  assert_in_range(said, 1000, 100 * 1000); /* some bytes are under way when it hangs up */
  client_hang_up(&client);
}

static void dripping_header_runs_into_the_deadline(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = client_dial(f);

  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n");
  while (!client.ended) {
    client_say(&client, "X: y\r\n");
    uv_run(&f->loop, UV_RUN_ONCE);
    client_listen(&client);
  }

  assert_int_equal(f->handled, 0);
  client_hang_up(&client);
}

static void slow_header_is_told_so(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 50});
  assert_refused(f, "GET / HTTP/1.1\r\nHost: x\r\n", 408);
  assert_refused(f, "GE", 408);
}

static void slow_header_on_a_kept_connection_is_told_so(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = client_dial(f);
  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&client, "hello");

  client_say(&client, "GET / HTTP/1.1\r\nHo");

  client_hear(&client, "HTTP/1.1 408 ");
  client_hear_end(&client);
  client_hang_up(&client);
}

static void slow_body_runs_into_the_deadline(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 50});
  assert_refused(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", 408);
}

static void silent_connection_is_closed(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 50});
  struct client client = client_dial(f);
  client_hear_end(&client);
  while (http_server_connections(f->server) > 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  client_hang_up(&client);
}

static void idle_connection_is_closed_without_a_word(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.idle_ms = 50});
  struct client client = client_dial(f);
  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear_end(&client);
  assert_int_equal(client_times_heard(&client, "HTTP/1.1 "), 1);
  client_hang_up(&client);
}

/* Neither the request deadline nor the idle time is for the handler. */
static void slow_handler_has_all_the_time_it_needs(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.request_deadline_ms = 20, .idle_ms = 20});
  struct client client = client_dial(f), probe = client_dial(f);
  client_say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear_end(&probe); /* came later and is over: the deadlines have passed */

  assert_int_equal(f->waiting_count, 1);
  fixture_send_text(f->waiting[0], 200, "at last");

  client_hear(&client, "at last");
  client_hang_up(&client), client_hang_up(&probe);
}

static void connections_over_the_limit_wait_for_a_place(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.max_connections = 2});
  struct client first = client_dial(f), second = client_dial(f);
  client_say(&first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_say(&second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&first, "hello");
  client_hear(&second, "hello");
  struct client third = client_dial(f);
  client_say(&third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_say(&first, "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&first, "[GET|"); /* the server had its chance to take the third */
  assert_int_equal(http_server_connections(f->server), 2);
  assert_int_equal(f->handled, 3);

  client_hang_up(&second);

  client_hear_within_turns(&third, "hello", 10);
  client_hang_up(&first), client_hang_up(&third);
}

static void connections_that_say_nothing_give_way_when_it_is_crowded(void **state) {
  enum { PLACES = 8 };
  struct fixture *f = *state;
  struct client silent[PLACES];
  fixture_open(
      f, (struct http_server_options){.max_connections = PLACES, .request_deadline_ms = 3600000});
  for (int i = 0; i < PLACES; i++) {
    silent[i] = client_dial(f);
    client_say(&silent[i], "GET");
  }

  struct client client = client_dial(f);
  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  client_hear(&client, "hello");
  client_hang_up(&client);
  for (int i = 0; i < PLACES; i++)
    client_hang_up(&silent[i]);
}

/* Given more clients than the system has descriptors for, who leave again. */
static void a_server_without_descriptors_hears_again_when_there_are_some(void **state) {
  enum { MANY = 20, LEFT = 4 };
  struct fixture *f = *state;
  struct client clients[MANY];
  struct rlimit before, few;
  fixture_open(f, (struct http_server_options){0});
  for (int i = 0; i < MANY; i++)
    clients[i] = client_dial(f);
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
  few = before;
  few.rlim_cur = (rlim_t)clients[MANY - 1].fd + 1 + LEFT;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);

  while (http_server_connections(f->server) < LEFT)
    uv_run(&f->loop, UV_RUN_ONCE);
  uv_run(&f->loop, UV_RUN_NOWAIT);
  for (int i = 0; i < MANY; i++)
    client_hang_up(&clients[i]);
  while (http_server_connections(f->server) > 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  struct client client = client_dial(f);
  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&client, "hello");

  assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
  client_hang_up(&client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
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
      ON_LOOP(connections_that_say_nothing_give_way_when_it_is_crowded),
      ON_LOOP(a_server_without_descriptors_hears_again_when_there_are_some),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
