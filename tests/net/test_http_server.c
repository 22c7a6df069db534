/* Requests, answers, and the end of the server. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "server_fixture.h"

/* --- requests and answers --- */

static void handler_sees_the_request_decoded(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "POST /echo/a%20b?q=1%2B2+3 HTTP/1.1\r\nHost: x\r\nX-Token: t\r\n"
                      "Content-Length: 4\r\n\r\nbody");

  client_hear(&client, "[POST|/echo/a b|1+2 3|t|127.0.0.1|body]");
  client_hang_up(&client);
}

static void chunked_body_arrives_whole(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "PUT /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  client_say(&client, "3\r\nabc\r\n");
  client_say(&client, "2\r\nde\r\n0\r\n\r\n");

  client_hear(&client, "|abcde]");
  client_hang_up(&client);
}

static void connection_is_kept_for_the_next_request(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  for (int i = 1; i <= 3; i++) {
    client_say(&client, "GET /echo?q=a HTTP/1.1\r\nHost: x\r\n\r\n");
    client_hear_times(&client, "[GET|/echo|a|-|127.0.0.1|]", i);
  }

  assert_int_equal(http_server_connections(f->server), 1);
  assert_int_equal(client_times_heard(&client, "Connection: close"), 0);
  client_hang_up(&client);
}

static void pipelined_requests_are_answered_in_order(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "GET /echo?q=1 HTTP/1.1\r\nHost: x\r\n\r\n"
                      "POST /echo?q=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
                      "GET /echo?q=3 HTTP/1.1\r\nHost: x\r\n\r\n");

  client_hear(&client, "|3|");
  const char *first = strstr(client.heard.data, "|1|"), *second = strstr(first, "|2|");
  assert_true(second != NULL && strstr(second, "|3|") != NULL);
  client_assert_heard(&client, "|hi]");
  client_hang_up(&client);
}

static void head_gets_the_header_only(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n");

  client_hear(&client, "[GET|");
  client_assert_heard(&client, "Content-Length: 5\r\n");
  client_assert_heard(&client, "ETag: \"1\"\r\n");
  assert_int_equal(client_times_heard(&client, "hello"), 0);
  client_hang_up(&client);
}

static void old_http_is_answered_and_closed(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "GET / HTTP/1.0\r\n\r\n");

  client_hear_end(&client);
  client_assert_heard(&client, "hello");
  client_hang_up(&client);
}

static void answer_may_come_later(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client first = client_dial(f), second = client_dial(f), third = client_dial(f);
  client_say(&first, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);
  client_say(&second, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client_say(&third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 2)
    uv_run(&f->loop, UV_RUN_ONCE);
  client_hear(&third, "hello");

  fixture_send_text(f->waiting[1], 200, "two");
  client_hear(&second, "two");
  fixture_send_text(f->waiting[0], 404, "one");
  client_hear(&first, "one");

  client_assert_heard(&first, "HTTP/1.1 404 ");
  client_say(&first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&first, "hello");
  client_hang_up(&first), client_hang_up(&second), client_hang_up(&third);
}

static void handler_may_answer_another_exchange(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client first = client_dial(f), second = client_dial(f);
  client_say(&first, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);

  client_say(&second, "GET /answer-the-other HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&second, "hello");

  client_hear_within_turns(&first, "from the other", 5);
  client_hang_up(&first), client_hang_up(&second);
}

static void answer_to_a_client_that_left_is_harmless(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);
  client_hang_up(&client);

  fixture_send_text(f->waiting[0], 200, "too late");

  while (http_server_connections(f->server) > 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(f->gone, 0);
}

static void late_answer_goes_out_at_once(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->waiting_count < 1)
    uv_run(&f->loop, UV_RUN_ONCE);

  fixture_send_text(f->waiting[0], 200, "two");

  client_hear_within_turns(&client, "two", 5);
  client_hang_up(&client);
}

/* libmicrohttpd's own thread stalls at such numbers; our loop must not. */
static void hundreds_of_connections_are_all_answered(void **state) {
  enum { COUNT = 300 };
  struct fixture *f = *state;
  struct client clients[COUNT];
  fixture_open(f, (struct http_server_options){0});
  for (int i = 0; i < COUNT; i++)
    clients[i] = client_dial(f);
  for (int i = 0; i < COUNT; i++)
    client_say(&clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  for (int i = 0; i < COUNT; i++)
    client_hear(&clients[i], "hello");

  assert_int_equal(http_server_connections(f->server), COUNT);
  for (int i = 0; i < COUNT; i++)
    client_hang_up(&clients[i]);
}

/* --- the end --- */

static void close_answers_what_waits_and_ends_streams(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client waiting = client_dial(f), stream = client_open_stream(f), idle = client_dial(f);
  client_say(&waiting, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client_say(&idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&idle, "hello");
  while (f->waiting_count == 0)
    uv_run(&f->loop, UV_RUN_ONCE);

  fixture_close(f);
  fixture_run_until_closed(f);

  client_hear_end(&waiting);
  client_hear_end(&stream);
  client_hear_end(&idle);
  client_assert_heard(&waiting, "HTTP/1.1 503 ");
  client_assert_heard(&waiting, "shutting down");
  client_assert_heard(&stream, "0\r\n\r\n");
  assert_int_equal(f->gone, 1);
  assert_int_equal(f->stream_closed, 1);
  client_hang_up(&waiting), client_hang_up(&stream), client_hang_up(&idle);
}

static void close_does_not_wait_for_a_reader_that_is_stuck(void **state) {
  struct fixture *f = *state;
  static char piece[64 * 1024];
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_open_stream(f);
  while (http_stream_write(f->stream, piece, sizeof piece, sizeof piece))
    uv_run(&f->loop, UV_RUN_NOWAIT);

  fixture_close(f);
  fixture_run_until_closed(f);

  assert_int_equal(f->stream_closed, 1);
  client_hang_up(&client);
}

static void handler_may_close_the_server_and_still_answer(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /close-now HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear_end(&client);
  client_assert_heard(&client, "hello");
  client_hang_up(&client);
}

static void exchange_suspended_while_closing_is_sent_away(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /close-and-wait HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear_end(&client);
  client_assert_heard(&client, "HTTP/1.1 503 ");
  assert_int_equal(f->gone, 1);
  client_hang_up(&client);
}

static void taken_port_is_refused_with_words(void **state) {
  struct fixture *f = *state;
  struct http_server *second = NULL;
  struct err err = {0};
  fixture_open(f, (struct http_server_options){0});
  struct http_server_options options = {.host = "127.0.0.1", .port = http_server_port(f->server)};

  assert_false(http_server_open(&second, &f->loop, &options, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "already used by another program"));
  assert_non_null(strstr(err.text, "--listen 127.0.0.1:"));
  options.host = "192.0.2.77";
  assert_false(http_server_open(&second, &f->loop, &options, &err));
  assert_non_null(strstr(err.text, "does not have the address 192.0.2.77"));
}

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
      ON_LOOP(close_answers_what_waits_and_ends_streams),
      ON_LOOP(close_does_not_wait_for_a_reader_that_is_stuck),
      ON_LOOP(handler_may_close_the_server_and_still_answer),
      ON_LOOP(exchange_suspended_while_closing_is_sent_away),
      ON_LOOP(taken_port_is_refused_with_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
