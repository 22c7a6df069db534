#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "sim/sim_http.h"
#include "tests/sim/sim_peer.h"

struct stage {
  uv_loop_t loop;
  struct sim_http *server;
  struct sim_http_reply reply; /* what the handler answers */
  bool admitted;
  int requests;
  char seen[256]; /* "METHOD path?query body" of the last request */
};

static void on_request(const struct sim_http_request *request, struct sim_http_reply *reply,
                       void *arg) {
  struct stage *stage = arg;
  stage->requests++;
  snprintf(stage->seen, sizeof stage->seen, "%s %s?%s %s", request->method, request->path,
           request->query, request->body);
  const char *type = reply->content_type;
  *reply = stage->reply;
  reply->content_type = type;
}

static bool on_admit(uint32_t local_ip, void *arg) {
  const struct stage *stage = arg;
  assert_int_equal(local_ip, INADDR_LOOPBACK);
  return stage->admitted;
}

static struct sim_peer start(struct stage *stage, enum sim_http_conduct conduct, const char *body) {
  struct err err = {0};
  struct sim_http_options options = {
      .host = "127.0.0.1", .handler = on_request, .admit = on_admit, .arg = stage};
  memset(stage, 0, sizeof *stage);
  stage->reply = (struct sim_http_reply){
      .conduct = conduct, .status = 200, .body = body, .body_length = strlen(body)};
  stage->admitted = true;
  uv_loop_init(&stage->loop);
  assert_true(sim_http_listen(&stage->server, &stage->loop, &options, &err));
  return sim_peer_open(&stage->loop, "127.0.0.1", sim_http_port(stage->server));
}

static void finish(struct stage *stage, struct sim_peer *peer) {
  sim_peer_close(peer);
  sim_http_close(stage->server);
  sim_peer_finish_loop(&stage->loop);
}

static bool ends_with(const struct buf *text, const char *end) {
  size_t length = strlen(end);
  return text->length >= length && strcmp(text->data + text->length - length, end) == 0;
}

static void request_is_cut_into_its_parts(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  sim_peer_send(&peer, "PATCH /api/system?a=b HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n"
                       "Connection: close\r\n\r\nhello");
  sim_peer_await_end(&peer);

  assert_string_equal(stage.seen, "PATCH /api/system?a=b hello");
  assert_int_equal(peer.end, SIM_PEER_CLOSED);
  assert_memory_equal(peer.in.data, "HTTP/1.1 200 OK\r\n", 17);
  assert_true(ends_with(&peer.in, "\r\n\r\n{}"));
  finish(&stage, &peer);
}

static void connection_stays_for_the_next_request(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  sim_peer_send(&peer, "GET /1 HTTP/1.1\r\n\r\n");
  sim_peer_await(&peer, 1);
  sim_peer_send(&peer, "GET /2 HTTP/1.1\r\n\r\n");
  size_t first = peer.in.length;
  sim_peer_await(&peer, first + 1);

  assert_int_equal(stage.requests, 2);
  assert_string_equal(stage.seen, "GET /2? ");
  assert_int_equal(peer.end, SIM_PEER_OPEN);
  finish(&stage, &peer);
}

static void requests_sent_in_one_piece_are_all_answered(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  sim_peer_send(&peer, "POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"
                       "GET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  sim_peer_await_end(&peer);

  assert_int_equal(stage.requests, 2);
  assert_string_equal(stage.seen, "GET /2? ");
  finish(&stage, &peer);
}

static void request_in_single_bytes_is_understood(void **state) {
  (void)state;
  static const char text[] =
      "POST /x HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc";
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  for (size_t i = 0; i < sizeof text - 1; i++) {
    sim_peer_send(&peer, (char[]){text[i], '\0'});
    sim_peer_turn(&peer);
  }
  sim_peer_await_end(&peer);

  assert_string_equal(stage.seen, "POST /x? abc");
  finish(&stage, &peer);
}

static void nonsense_is_answered_400(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  sim_peer_send(&peer, "nonsense\r\n\r\n");
  sim_peer_await_end(&peer);

  assert_int_equal(stage.requests, 0);
  assert_memory_equal(peer.in.data, "HTTP/1.1 400 ", 13);
  finish(&stage, &peer);
}

static void large_body_is_answered_413(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");

  sim_peer_send(&peer, "POST / HTTP/1.1\r\nContent-Length: 10241\r\n\r\n");
  sim_peer_await_end(&peer);

  assert_memory_equal(peer.in.data, "HTTP/1.1 413 ", 13);
  finish(&stage, &peer);
}

static void large_answer_arrives_whole(void **state) {
  (void)state;
  const size_t size = 10 << 20;
  char *body = malloc(size + 1);
  memset(body, 'x', size);
  body[size] = '\0';
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, body);

  sim_peer_send(&peer, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  sim_peer_await_end(&peer);

  const char *start_of_body = strstr(peer.in.data, "\r\n\r\n") + 4;
  assert_int_equal(peer.in.length - (size_t)(start_of_body - peer.in.data), size);
  free(body);
  finish(&stage, &peer);
}

static void silent_server_never_answers(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_SILENT, "");

  sim_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n");
  while (stage.requests == 0)
    sim_peer_turn(&peer);
  for (int i = 0; i < 20; i++)
    sim_peer_turn(&peer);

  assert_int_equal(peer.end, SIM_PEER_OPEN);
  assert_int_equal(peer.in.length, 0);
  finish(&stage, &peer);
}

static void truncated_answer_ends_in_its_middle(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_TRUNCATE, "0123456789");

  sim_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n");
  sim_peer_await_end(&peer);

  assert_int_equal(peer.end, SIM_PEER_CLOSED);
  assert_non_null(strstr(peer.in.data, "Content-Length: 10\r\n"));
  assert_true(ends_with(&peer.in, "\r\n\r\n01234"));
  finish(&stage, &peer);
}

static void reset_comes_as_a_reset(void **state) {
  (void)state;
  static const enum sim_http_conduct conducts[] = {SIM_HTTP_RESET, SIM_HTTP_RESET_HALF};
  for (int i = 0; i < 2; i++) {
    struct stage stage;
    struct sim_peer peer = start(&stage, conducts[i], "0123456789");

    sim_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n");
    sim_peer_await_end(&peer);

    assert_int_equal(peer.end, SIM_PEER_RESET);
    finish(&stage, &peer);
  }
}

static void raw_bytes_come_without_a_header(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_RAW, "SSH-2.0");

  sim_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n");
  sim_peer_await_end(&peer);

  assert_string_equal(peer.in.data, "SSH-2.0");
  finish(&stage, &peer);
}

static void dripping_answer_comes_byte_by_byte(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_DRIP, "{}");

  sim_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n");
  sim_peer_await(&peer, 2);

  assert_int_equal(peer.in.length, 2);
  assert_memory_equal(peer.in.data, "HT", 2);
  finish(&stage, &peer);
}

static void connection_that_is_not_admitted_is_reset(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");
  stage.admitted = false;

  sim_peer_await_end(&peer);

  assert_int_equal(peer.end, SIM_PEER_RESET);
  assert_int_equal(stage.requests, 0);
  finish(&stage, &peer);
}

static void taken_port_is_told_in_words(void **state) {
  (void)state;
  struct stage stage;
  struct sim_peer peer = start(&stage, SIM_HTTP_ANSWER, "{}");
  struct sim_http *second = NULL;
  struct err err = {0};
  struct sim_http_options options = {
      .host = "127.0.0.1", .port = sim_http_port(stage.server), .handler = on_request};

  assert_false(sim_http_listen(&second, &stage.loop, &options, &err));

  assert_int_equal(err.code, ERR_IO);
  assert_non_null(strstr(err.text, "address already in use"));
  finish(&stage, &peer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(request_is_cut_into_its_parts),
      cmocka_unit_test(connection_stays_for_the_next_request),
      cmocka_unit_test(requests_sent_in_one_piece_are_all_answered),
      cmocka_unit_test(request_in_single_bytes_is_understood),
      cmocka_unit_test(nonsense_is_answered_400),
      cmocka_unit_test(large_body_is_answered_413),
      cmocka_unit_test(large_answer_arrives_whole),
      cmocka_unit_test(silent_server_never_answers),
      cmocka_unit_test(truncated_answer_ends_in_its_middle),
      cmocka_unit_test(reset_comes_as_a_reset),
      cmocka_unit_test(raw_bytes_come_without_a_header),
      cmocka_unit_test(dripping_answer_comes_byte_by_byte),
      cmocka_unit_test(connection_that_is_not_admitted_is_reset),
      cmocka_unit_test(taken_port_is_told_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
