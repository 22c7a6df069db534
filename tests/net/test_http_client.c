/* The client against a peer that misbehaves on purpose: a thread with a plain
 * socket, so that nothing of what is tested stands on the other side too. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/http_client.h"
#include "peer.h"

/* --- names --- */

/* The program's own getaddrinfo takes the place of the C library's, for libcurl
 * too: names under .test resolve as the tests need it, without a network. */
static sem_t slow_name_may_end;
static sem_t slow_name_started;

static struct addrinfo *literal(const char *ip) {
  struct addrinfo *info = calloc(1, sizeof *info);
  struct sockaddr_in *name = calloc(1, sizeof *name);
  name->sin_family = AF_INET;
  inet_pton(AF_INET, ip, &name->sin_addr);
  *info = (struct addrinfo){.ai_family = AF_INET,
                            .ai_socktype = SOCK_STREAM,
                            .ai_addr = (struct sockaddr *)name,
                            .ai_addrlen = sizeof *name};
  return info;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **out) {
  (void)hints;
  if (strcmp(host, "slow.test") == 0) {
    sem_post(&slow_name_started);
    sem_wait(&slow_name_may_end);
    return EAI_NONAME;
  }
  if (strcmp(host, "home.test") == 0)
    *out = literal("127.0.0.1");
  else if (strcmp(host, "outside.test") == 0)
    *out = literal("192.0.2.1");
  else
    return EAI_NONAME;
  if (service != NULL)
    ((struct sockaddr_in *)(*out)->ai_addr)->sin_port = htons((uint16_t)atoi(service));
  return 0;
}

void freeaddrinfo(struct addrinfo *info) {
  free(info->ai_addr);
  free(info);
}

/* --- the loop --- */

struct fixture {
  uv_loop_t loop;
  uv_timer_t deadline;
  struct http_client *client;
  int closed;
};

/* What the last done callback got. */
struct seen {
  int count;
  enum http_outcome outcome;
  int status;
  struct buf body;
  char content_type[64];
  char error[256];
  int64_t retry_after_s;
};

static void keep(const struct http_answer *answer, void *arg) {
  struct seen *seen = arg;
  seen->count++;
  seen->outcome = answer->outcome;
  seen->status = answer->status;
  seen->retry_after_s = answer->retry_after_s;
  buf_clear(&seen->body);
  buf_append(&seen->body, answer->body, answer->body_length);
  assert_int_equal(answer->body[answer->body_length], '\0');
  snprintf(seen->content_type, sizeof seen->content_type, "%s", answer->content_type);
  snprintf(seen->error, sizeof seen->error, "%s", answer->error);
  assert_true(answer->elapsed_ms >= 0);
  assert_int_equal(answer->outcome == HTTP_ANSWERED, answer->error[0] == '\0');
}

static void too_late(uv_timer_t *timer) {
  (void)timer;
  fail_msg("the loop did not get there within 20 seconds");
}

static int set_up(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  uv_loop_init(&f->loop);
  uv_timer_init(&f->loop, &f->deadline);
  uv_timer_start(&f->deadline, too_late, 20000, 0);
  uv_unref((uv_handle_t *)&f->deadline);
  f->client = http_client_create(&f->loop);
  sem_init(&slow_name_may_end, 0, 0);
  sem_init(&slow_name_started, 0, 0);
  *state = f;
  return 0;
}

static void on_closed(void *arg) {
  ((struct fixture *)arg)->closed++;
}

static void close_client(struct fixture *f) {
  http_client_close(f->client, on_closed, f);
  f->client = NULL;
  uv_run(&f->loop, UV_RUN_DEFAULT);
  assert_int_equal(f->closed, 1);
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  if (f->client != NULL)
    close_client(f);
  uv_close((uv_handle_t *)&f->deadline, NULL);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  sem_destroy(&slow_name_may_end);
  sem_destroy(&slow_name_started);
  free(f);
  return 0;
}

static void run_until(struct fixture *f, const int *count, int wanted) {
  while (*count < wanted)
    uv_run(&f->loop, UV_RUN_ONCE);
}

static const char *url_of(uint16_t port, const char *path) {
  static char url[128];
  snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
  return url;
}

/* Sends one call and waits for its end. The body is freed by forget(). */
static struct seen call_with(struct fixture *f, const struct http_call_options *options) {
  struct seen seen = {0};
  http_client_send(f->client, options, keep, &seen);
  assert_int_equal(seen.count, 0);
  run_until(f, &seen.count, 1);
  return seen;
}

static void forget(struct seen *seen) {
  buf_finish(&seen->body);
}

/* --- answers --- */

static void whole_answer_is_handed_over(void **state) {
  struct peer peer;
  peer_start(&peer,
             "HTTP/1.1 429 Slow Down\r\nContent-Type: application/json\r\nRetry-After: 7\r\n"
             "Content-Length: 11\r\n\r\n{\"ok\":true}",
             CLOSE);

  struct seen seen =
      call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/api")});

  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  assert_int_equal(seen.status, 429);
  assert_string_equal(seen.content_type, "application/json");
  assert_int_equal(seen.retry_after_s, 7);
  assert_string_equal(seen.body.data, "{\"ok\":true}");
  peer_stop(&peer);
  forget(&seen);
}

static void chunks_are_put_together(void **state) {
  struct peer peer;
  peer_start(
      &peer,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      CLOSE);

  struct seen seen = call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/")});

  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  assert_string_equal(seen.body.data, "abcde");
  assert_string_equal(seen.content_type, "");
  assert_int_equal(seen.retry_after_s, -1);
  peer_stop(&peer);
  forget(&seen);
}

static void request_is_modest(void **state) {
  struct peer peer;
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSE);

  struct seen seen =
      call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/api/system/info")});

  peer_join(&peer);
  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  assert_memory_equal(peer.heard.data, "GET /api/system/info HTTP/1.1\r\n", 31);
  assert_non_null(strstr(peer.heard.data, "\r\nConnection: close\r\n"));
  assert_null(strstr(peer.heard.data, "Origin:"));
  assert_null(strstr(peer.heard.data, "Accept-Encoding:"));
  buf_finish(&peer.heard);
  forget(&seen);
}

static void body_method_and_headers_arrive(void **state) {
  struct peer peer;
  const char *const headers[] = {"Content-Type: application/json", "X-Token: t", NULL};
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSE);

  struct seen posted = call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/a"),
                                                                     .method = "POST",
                                                                     .headers = headers,
                                                                     .body = "{\"a\":1}",
                                                                     .body_length = 7});
  struct seen put = call_with(
      *state, &(struct http_call_options){
                  .url = url_of(peer.port, "/b"), .method = "PUT", .body = "xy", .body_length = 2});
  struct seen deleted = call_with(
      *state, &(struct http_call_options){.url = url_of(peer.port, "/c"), .method = "DELETE"});
  struct seen got = call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/d")});

  peer_join(&peer);
  assert_non_null(strstr(peer.heard.data, "POST /a HTTP/1.1\r\n"));
  assert_non_null(strstr(peer.heard.data, "Content-Type: application/json\r\nX-Token: t\r\n"));
  assert_non_null(strstr(peer.heard.data, "\r\n\r\n{\"a\":1}PUT /b HTTP/1.1\r\n"));
  assert_non_null(strstr(peer.heard.data, "\r\n\r\nxyDELETE /c HTTP/1.1\r\n"));
  char *last = strstr(peer.heard.data, "GET /d HTTP/1.1\r\n");
  assert_non_null(last);
  assert_null(strstr(last, "Content-"));
  assert_null(strstr(last, "X-Token"));
  buf_finish(&peer.heard);
  forget(&posted), forget(&put), forget(&deleted), forget(&got);
}

static void head_ends_without_a_body(void **state) {
  struct peer peer;
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", HOLD);

  struct seen seen = call_with(
      *state, &(struct http_call_options){.url = url_of(peer.port, "/"), .method = "HEAD"});

  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  assert_int_equal(seen.body.length, 0);
  peer_stop(&peer);
  forget(&seen);
}

static void redirect_is_an_answer_and_not_followed(void **state) {
  struct peer peer;
  peer_start(&peer,
             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
             CLOSE);

  struct seen seen = call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/")});

  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  assert_int_equal(seen.status, 302);
  peer_join(&peer);
  assert_int_equal(peer.requests, 1);
  buf_finish(&peer.heard);
  forget(&seen);
}

static void kept_connection_is_used_again_and_others_are_not(void **state) {
  struct fixture *f = *state;
  struct peer kept, fresh;
  const char *ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  peer_start(&kept, ok, SERVE_ON);
  peer_start(&fresh, ok, SERVE_ON);

  for (int i = 0; i < 3; i++) {
    struct seen a = call_with(
        f, &(struct http_call_options){.url = url_of(kept.port, "/"), .keep_alive = true});
    struct seen b = call_with(f, &(struct http_call_options){.url = url_of(fresh.port, "/")});
    assert_int_equal(a.outcome, HTTP_ANSWERED);
    assert_int_equal(b.outcome, HTTP_ANSWERED);
    forget(&a), forget(&b);
  }

  close_client(f);
  peer_join(&kept);
  peer_join(&fresh);
  assert_int_equal(kept.connections, 1);
  assert_int_equal(kept.requests, 3);
  assert_int_equal(fresh.connections, 3);
  buf_finish(&kept.heard), buf_finish(&fresh.heard);
}

/* --- outcomes --- */

static void assert_outcome(void **state, const char *answer, enum then then,
                           enum http_outcome expected) {
  struct peer peer;
  peer_start(&peer, answer, then);
  struct seen seen = call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/"),
                                                                   .timeout_ms = 200,
                                                                   .max_body = 100,
                                                                   .home_only = true});
  if (seen.outcome != expected || seen.status != 0)
    fail_msg("outcome %d (status %d: %s), expected %d", (int)seen.outcome, seen.status, seen.error,
             (int)expected);
  peer_stop(&peer);
  forget(&seen);
}

static void silence_is_no_answer(void **state) {
  assert_outcome(state, "", HOLD, HTTP_NO_ANSWER);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Le", HOLD, HTTP_NO_ANSWER);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", HOLD, HTTP_NO_ANSWER);
}

static void broken_connection_is_a_reset(void **state) {
  assert_outcome(state, "", RESET, HTTP_RESET);
  assert_outcome(state, "", CLOSE, HTTP_RESET);
}

static void early_close_is_truncation(void **state) {
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", CLOSE, HTTP_TRUNCATED);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf", CLOSE,
                 HTTP_TRUNCATED);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Le", CLOSE, HTTP_TRUNCATED);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", CLOSE, HTTP_TRUNCATED);
}

static void more_than_the_limit_is_too_large(void **state) {
  assert_outcome(state, "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", HOLD, HTTP_TOO_LARGE);
  assert_outcome(state, "HTTP/1.1 200 OK\r\n\r\n0123456789", REPEAT, HTTP_TOO_LARGE);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", REPEAT,
                 HTTP_TOO_LARGE);
}

static void endless_header_is_too_large(void **state) {
  assert_outcome(state, "HTTP/1.1 100 Continue\r\n\r\n", REPEAT, HTTP_TOO_LARGE);
}

static void body_of_exactly_the_limit_passes(void **state) {
  struct peer peer;
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour", CLOSE);
  struct seen seen =
      call_with(*state, &(struct http_call_options){.url = url_of(peer.port, "/"), .max_body = 4});
  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  peer_stop(&peer);
  forget(&seen);
}

static void other_protocols_are_not_http(void **state) {
  assert_outcome(state, "SSH-2.0-OpenSSH_9.2\r\n", HOLD, HTTP_NOT_HTTP);
  assert_outcome(state, "<html>hello</html>", CLOSE, HTTP_NOT_HTTP);
  assert_outcome(state, "{\"STATUS\":[{\"STATUS\":\"E\"}]}", CLOSE, HTTP_NOT_HTTP);
  assert_outcome(state, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HOLD,
                 HTTP_NOT_HTTP);
}

static void closed_port_is_refused(void **state) {
  int fd;
  uint16_t port = peer_listen(&fd, -1); /* bound, so that nobody else gets it */
  struct seen seen = call_with(*state, &(struct http_call_options){.url = url_of(port, "/")});
  assert_int_equal(seen.outcome, HTTP_REFUSED);
  close(fd);
  forget(&seen);
}

static void unanswered_connect_is_no_connect(void **state) {
  int fd, waiting[8];
  uint16_t port = peer_listen(&fd, 0);
  struct sockaddr_in name = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
  for (int i = 0; i < 8; i++) { /* fills the queue: the kernel drops what comes after */
    waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)!connect(waiting[i], (struct sockaddr *)&name, sizeof name);
  }

  struct seen seen = call_with(
      *state, &(struct http_call_options){.url = url_of(port, "/"), .connect_timeout_ms = 100});

  assert_int_equal(seen.outcome, HTTP_NO_CONNECT);
  for (int i = 0; i < 8; i++)
    close(waiting[i]);
  close(fd);
  forget(&seen);
}

static void unknown_name_is_told_apart(void **state) {
  struct seen seen = call_with(*state, &(struct http_call_options){.url = "http://nobody.test/"});
  assert_int_equal(seen.outcome, HTTP_NAME_UNKNOWN);
  forget(&seen);
}

/* The look-up ends only after the call did: waiting for it would block for ever. */
static void slow_look_up_does_not_hold_the_loop(void **state) {
  struct seen seen = call_with(
      *state, &(struct http_call_options){.url = "http://slow.test/", .connect_timeout_ms = 50});
  assert_int_equal(seen.outcome, HTTP_NAME_UNKNOWN);
  sem_wait(&slow_name_started);
  sem_post(&slow_name_may_end);
  forget(&seen);
}

static void cancelled_look_up_does_not_hold_the_loop(void **state) {
  struct fixture *f = *state;
  struct seen seen = {0};
  struct http_call *call = http_client_send(
      f->client, &(struct http_call_options){.url = "http://slow.test/"}, keep, &seen);
  while (sem_trywait(&slow_name_started) != 0)
    uv_run(&f->loop, UV_RUN_NOWAIT);

  http_call_cancel(call);
  run_until(f, &seen.count, 1);

  assert_int_equal(seen.outcome, HTTP_CANCELLED);
  sem_post(&slow_name_may_end);
  forget(&seen);
}

static void home_only_refuses_addresses_outside(void **state) {
  static const char *const urls[] = {"http://192.0.2.1/", "http://outside.test/",
                                     "http://[2001:db8::1]/", "http://[::ffff:192.0.2.1]/",
                                     "http://0.0.0.0/"};
  for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
    struct seen seen =
        call_with(*state, &(struct http_call_options){.url = urls[i], .home_only = true});
    if (seen.outcome != HTTP_FORBIDDEN_ADDRESS)
      fail_msg("%s: outcome %d: %s", urls[i], (int)seen.outcome, seen.error);
    forget(&seen);
  }
}

static void home_only_allows_a_name_that_leads_home(void **state) {
  struct peer peer;
  char url[64];
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", CLOSE);
  snprintf(url, sizeof url, "http://home.test:%u/", peer.port);

  struct seen seen = call_with(*state, &(struct http_call_options){.url = url, .home_only = true});

  assert_int_equal(seen.outcome, HTTP_ANSWERED);
  peer_stop(&peer);
  forget(&seen);
}

static void tls_with_a_plain_server_fails_as_tls(void **state) {
  struct peer peer;
  char url[64];
  peer_start(&peer, "HTTP/1.1 400 Bad Request\r\n\r\n", SPEAK_FIRST);
  snprintf(url, sizeof url, "https://127.0.0.1:%u/", peer.port);

  struct seen seen = call_with(*state, &(struct http_call_options){.url = url});

  assert_int_equal(seen.outcome, HTTP_TLS_FAILED);
  peer_stop(&peer);
  forget(&seen);
}

static void other_schemes_fail(void **state) {
  static const char *const urls[] = {"ftp://127.0.0.1/", "file:///etc/hostname", "http://", ":"};
  for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
    struct seen seen = call_with(*state, &(struct http_call_options){.url = urls[i]});
    if (seen.outcome != HTTP_FAILED && seen.outcome != HTTP_NAME_UNKNOWN)
      fail_msg("%s: outcome %d: %s", urls[i], (int)seen.outcome, seen.error);
    assert_true(seen.error[0] != '\0');
    forget(&seen);
  }
}

/* --- ends --- */

static void cancelled_call_reports_once_and_from_the_loop(void **state) {
  struct fixture *f = *state;
  struct peer peer;
  struct seen seen = {0};
  peer_start(&peer, "", HOLD);
  struct http_call *call = http_client_send(
      f->client, &(struct http_call_options){.url = url_of(peer.port, "/")}, keep, &seen);

  http_call_cancel(call);
  http_call_cancel(call);

  assert_int_equal(seen.count, 0);
  assert_int_equal(http_client_in_flight(f->client), 1);
  run_until(f, &seen.count, 1);
  assert_int_equal(seen.outcome, HTTP_CANCELLED);
  assert_int_equal(http_client_in_flight(f->client), 0);
  close_client(f);
  assert_int_equal(seen.count, 1);
  peer_stop(&peer);
  forget(&seen);
}

struct pair {
  struct http_call *other;
  int count;
};

static void cancel_other(const struct http_answer *answer, void *arg) {
  (void)answer;
  struct pair *pair = arg;
  pair->count++;
  http_call_cancel(pair->other);
}

static void done_callback_may_cancel_another_call(void **state) {
  struct fixture *f = *state;
  struct peer quick, silent;
  struct seen seen = {0};
  struct pair pair = {0};
  peer_start(&quick, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSE);
  peer_start(&silent, "", HOLD);
  pair.other = http_client_send(
      f->client, &(struct http_call_options){.url = url_of(silent.port, "/")}, keep, &seen);
  http_client_send(f->client, &(struct http_call_options){.url = url_of(quick.port, "/")},
                   cancel_other, &pair);

  run_until(f, &seen.count, 1);

  assert_int_equal(pair.count, 1);
  assert_int_equal(seen.outcome, HTTP_CANCELLED);
  peer_stop(&quick), peer_stop(&silent);
  forget(&seen);
}

struct chain {
  struct http_client *client;
  const char *url;
  int left;
  int done;
};

static void send_next(const struct http_answer *answer, void *arg) {
  struct chain *chain = arg;
  assert_int_equal(answer->outcome, HTTP_ANSWERED);
  chain->done++;
  if (chain->left-- > 0)
    http_client_send(chain->client, &(struct http_call_options){.url = chain->url}, send_next,
                     chain);
}

static void done_callback_may_send_the_next_call(void **state) {
  struct fixture *f = *state;
  struct peer peer;
  peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSE);
  char url[128];
  snprintf(url, sizeof url, "%s", url_of(peer.port, "/"));
  struct chain chain = {.client = f->client, .url = url, .left = 9};

  http_client_send(f->client, &(struct http_call_options){.url = url}, send_next, &chain);
  run_until(f, &chain.done, 10);

  peer_join(&peer);
  assert_int_equal(peer.requests, 10);
  buf_finish(&peer.heard);
}

static void close_cancels_what_is_in_flight(void **state) {
  struct fixture *f = *state;
  struct peer peer;
  struct seen seen[5] = {0};
  peer_start(&peer, "", HOLD);
  for (int i = 0; i < 5; i++)
    http_client_send(f->client, &(struct http_call_options){.url = url_of(peer.port, "/")}, keep,
                     &seen[i]);
  uv_run(&f->loop, UV_RUN_NOWAIT);

  close_client(f);

  for (int i = 0; i < 5; i++) {
    assert_int_equal(seen[i].count, 1);
    assert_int_equal(seen[i].outcome, HTTP_CANCELLED);
    forget(&seen[i]);
  }
  peer_stop(&peer);
}

struct closer {
  struct fixture *fixture;
  int count;
};

static void close_in_done(const struct http_answer *answer, void *arg) {
  (void)answer;
  struct closer *closer = arg;
  closer->count++;
  http_client_close(closer->fixture->client, on_closed, closer->fixture);
  closer->fixture->client = NULL;
}

static void done_callback_may_close_the_client(void **state) {
  struct fixture *f = *state;
  struct peer quick, silent;
  struct seen seen = {0};
  struct closer closer = {.fixture = f};
  peer_start(&quick, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSE);
  peer_start(&silent, "", HOLD);
  http_client_send(f->client, &(struct http_call_options){.url = url_of(silent.port, "/")}, keep,
                   &seen);
  http_client_send(f->client, &(struct http_call_options){.url = url_of(quick.port, "/")},
                   close_in_done, &closer);

  uv_run(&f->loop, UV_RUN_DEFAULT);

  assert_int_equal(f->closed, 1);
  assert_int_equal(closer.count, 1);
  assert_int_equal(seen.count, 1);
  assert_int_equal(seen.outcome, HTTP_CANCELLED);
  peer_stop(&quick), peer_stop(&silent);
  forget(&seen);
}

#define ON_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_LOOP(whole_answer_is_handed_over),
      ON_LOOP(chunks_are_put_together),
      ON_LOOP(request_is_modest),
      ON_LOOP(body_method_and_headers_arrive),
      ON_LOOP(head_ends_without_a_body),
      ON_LOOP(redirect_is_an_answer_and_not_followed),
      ON_LOOP(kept_connection_is_used_again_and_others_are_not),
      ON_LOOP(silence_is_no_answer),
      ON_LOOP(broken_connection_is_a_reset),
      ON_LOOP(early_close_is_truncation),
      ON_LOOP(more_than_the_limit_is_too_large),
      ON_LOOP(endless_header_is_too_large),
      ON_LOOP(body_of_exactly_the_limit_passes),
      ON_LOOP(other_protocols_are_not_http),
      ON_LOOP(closed_port_is_refused),
      ON_LOOP(unanswered_connect_is_no_connect),
      ON_LOOP(unknown_name_is_told_apart),
      ON_LOOP(slow_look_up_does_not_hold_the_loop),
      ON_LOOP(cancelled_look_up_does_not_hold_the_loop),
      ON_LOOP(home_only_refuses_addresses_outside),
      ON_LOOP(home_only_allows_a_name_that_leads_home),
      ON_LOOP(tls_with_a_plain_server_fails_as_tls),
      ON_LOOP(other_schemes_fail),
      ON_LOOP(cancelled_call_reports_once_and_from_the_loop),
      ON_LOOP(done_callback_may_cancel_another_call),
      ON_LOOP(done_callback_may_send_the_next_call),
      ON_LOOP(close_cancels_what_is_in_flight),
      ON_LOOP(done_callback_may_close_the_client),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
