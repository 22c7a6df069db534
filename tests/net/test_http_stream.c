/* Answers without end. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "server_fixture.h"

static void stream_delivers_what_is_written(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){.idle_ms = 60000});
  struct client client = client_open_stream(f);

  assert_true(http_stream_write(f->stream, "data: 1\n\n", 9, 1000));
  client_hear(&client, "data: 1\n\n");
  assert_true(http_stream_write(f->stream, "data: 2\n\n", 9, 1000));
  assert_true(http_stream_write(f->stream, "data: 3\n\n", 9, 1000));
  client_hear(&client, "data: 3\n\n");

  client_assert_heard(&client, "data: 2\n\n");
  assert_int_equal(f->stream_closed, 0);
  client_hang_up(&client);
}

static void written_event_goes_out_at_once(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_open_stream(f);
  for (int i = 0; i < 5; i++) /* the stream is parked now */
    uv_run(&f->loop, UV_RUN_NOWAIT);

  http_stream_write(f->stream, "data: now\n\n", 11, 1000);

  client_hear_within_turns(&client, "data: now\n\n", 5);
  client_hang_up(&client);
}

/* What came behind the header would be read as the next answer's beginning. */
static void head_of_a_stream_has_no_body(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);

  client_say(&client, "HEAD /download HTTP/1.1\r\nHost: x\r\n\r\n");

  client_hear_end(&client);
  client_assert_heard(&client, "HTTP/1.1 200 OK\r\n");
  assert_memory_equal(client.heard.data + client.heard.length - 4, "\r\n\r\n", 4);
  assert_int_equal(client_times_heard(&client, "\r\n\r\n"), 1);
  assert_int_equal(f->stream_closed, 1);
  client_hang_up(&client);
}

static void ended_stream_is_a_whole_answer(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_open_stream(f);

  http_stream_write(f->stream, "last", 4, 1000);
  http_stream_end(f->stream);
  client_hear(&client, "\r\n0\r\n\r\n");
  while (f->stream_closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);

  client_assert_heard(&client, "last");
  assert_int_equal(f->stream_closed, 1);
  client_say(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&client, "hello");
  client_hang_up(&client);
}

static void stream_notices_a_hang_up_at_the_next_writes(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_open_stream(f);
  client_hang_up(&client);

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
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_open_stream(f);
  size_t written = 0;

  while (http_stream_write(f->stream, piece, sizeof piece, LIMIT)) {
    written += sizeof piece;
    uv_run(&f->loop, UV_RUN_NOWAIT);
  }
  http_stream_end(f->stream);
  client_hear(&client, "\r\n0\r\n\r\n");

  size_t heard = 0;
  for (size_t i = 0; i < client.heard.length; i++)
    heard += client.heard.data[i] == 'x';
  assert_int_equal(heard, written + 1); /* one is in "text/event-stream" */
  assert_true(written > LIMIT);
  client_hang_up(&client);
}

static void head_of_a_stream_ends_at_once(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  client_hear(&client, "\r\n\r\n");
  while (f->stream_closed == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(f->stream_closed, 1);
  client_hang_up(&client);
}

static void wait_for_drain(struct fixture *f, int times) {
  while (f->stream_drained < times)
    uv_run(&f->loop, UV_RUN_ONCE);
}

static void download_says_when_it_wants_more(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /download HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for_drain(f, 1);

  http_stream_write(f->stream, "one,", 4, 0);
  wait_for_drain(f, 2);
  http_stream_write(f->stream, "two", 3, 0);
  http_stream_end(f->stream);
  client_hear(&client, "\r\n0\r\n\r\n");

  client_assert_heard(&client, "Content-Disposition: attachment; filename=\"all.csv\"");
  client_assert_heard(&client, "one,");
  client_assert_heard(&client, "two");
  assert_int_equal(f->stream_drained, 2);
  client_hang_up(&client);
}

static void failed_download_does_not_look_whole(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /download HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for_drain(f, 1);

  http_stream_write(f->stream, "half", 4, 0);
  http_stream_fail(f->stream);
  client_hear_end(&client);

  client_assert_heard(&client, "half");
  assert_int_equal(client_times_heard(&client, "\r\n0\r\n\r\n"), 0);
  assert_int_equal(f->stream_closed, 1);
  client_hang_up(&client);
}

static void closing_server_breaks_a_download_off(void **state) {
  struct fixture *f = *state;
  fixture_open(f, (struct http_server_options){0});
  struct client client = client_dial(f);
  client_say(&client, "GET /download HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for_drain(f, 1);

  fixture_close(f);
  client_hear_end(&client);

  assert_int_equal(client_times_heard(&client, "\r\n0\r\n\r\n"), 0);
  client_hang_up(&client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_LOOP(stream_delivers_what_is_written),
      ON_LOOP(written_event_goes_out_at_once),
      ON_LOOP(head_of_a_stream_has_no_body),
      ON_LOOP(ended_stream_is_a_whole_answer),
      ON_LOOP(stream_notices_a_hang_up_at_the_next_writes),
      ON_LOOP(slow_reader_meets_the_limit_and_loses_nothing_before_it),
      ON_LOOP(head_of_a_stream_ends_at_once),
      ON_LOOP(download_says_when_it_wants_more),
      ON_LOOP(failed_download_does_not_look_whole),
      ON_LOOP(closing_server_breaks_a_download_off),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
