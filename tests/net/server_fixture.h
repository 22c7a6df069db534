/* A server under test and clients that are plain sockets on the same loop: they
 * can say what no HTTP library would, and nothing waits by sleeping.
 *
 * What the handler answers depends on the path: /echo what it saw, /later nothing
 * until the test does (fixture.waiting), /stream a stream, /download one that is
 * drained, /answer-the-other sends
 * to the first waiting one, /close-now and /close-and-wait close the server, and
 * everything else gets "hello". */
#ifndef TESTS_SERVER_FIXTURE_H
#define TESTS_SERVER_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/http_server.h"

enum { MAX_WAITING = 4 };

struct fixture {
  uv_loop_t loop;
  uv_timer_t tick; /* lets the loop look at the clients' sockets now and then */
  uv_timer_t deadline;
  struct http_server *server;
  struct http_response *hello;
  int handled; /* requests that reached the handler */
  struct http_exchange *waiting[MAX_WAITING];
  int waiting_count;
  int gone; /* waiting exchanges that the server answered itself */
  struct http_stream *stream;
  int stream_closed;
  int stream_drained;
  int closed;
};

int fixture_set_up(void **state);
int fixture_tear_down(void **state); /* closes the server if the test did not */
void fixture_open(struct fixture *f, struct http_server_options options);
void fixture_close(struct fixture *f);
void fixture_run_until_closed(struct fixture *f);
void fixture_send_text(struct http_exchange *exchange, int status, const char *text);

struct client {
  struct fixture *fixture;
  int fd;
  bool ended; /* the server hung up */
  struct buf heard;
};

struct client client_dial(struct fixture *f);
void client_hang_up(struct client *client);
void client_say(struct client *client, const char *text);
void client_say_bytes(struct client *client, const char *bytes, size_t length);
void client_listen(struct client *client); /* takes what is there, does not wait */
int client_times_heard(const struct client *client, const char *mark);

/* These run the loop until the server has said that, so often, or hung up. */
void client_hear(struct client *client, const char *mark);
void client_hear_times(struct client *client, const char *mark, int times);
void client_hear_end(struct client *client);

/* So many turns of the loop are enough: nothing waits for a timer or for what
 * another client does. */
void client_hear_within_turns(struct client *client, const char *mark, int turns);

void client_assert_heard(const struct client *client, const char *mark);

/* Asks for /stream and waits for its header. */
struct client client_open_stream(struct fixture *f);

#define ON_LOOP(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

#endif
