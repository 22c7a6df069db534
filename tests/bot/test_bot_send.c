/* What the bot says, against a scripted Bot API. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bot/bot_send.h"
#include "support/bot_api_script.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"

struct bench {
  uv_loop_t loop;
  struct http_client *http;
  struct bot_api_script *api;
  struct bot_send *send;
  size_t expected;
  bool stopped;
};

static int setup(void **state) {
  struct bench *bench = mem_alloc(sizeof *bench);
  uv_loop_init(&bench->loop);
  bench->http = http_client_create(&bench->loop);
  bench->api = bot_api_script_create(&bench->loop);
  bench->send = bot_send_create(
      &(struct bot_send_options){.loop = &bench->loop,
                                 .account = {bench->http, bot_api_script_url(bench->api), TOKEN},
                                 .time_scale = 0.01});
  *state = bench;
  return 0;
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->stopped = true;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  bot_send_stop(bench->send, on_stopped, bench);
  while (!bench->stopped)
    uv_run(&bench->loop, UV_RUN_ONCE);
  bot_api_script_destroy(bench->api);
  http_client_close(bench->http, NULL, NULL);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  int left = uv_loop_close(&bench->loop);
  free(bench);
  return left;
}

static bool was_asked(void *arg) {
  const struct bench *bench = arg;
  return bot_api_script_count(bench->api) >= bench->expected;
}

static void wait_for_requests(struct bench *bench, size_t count) {
  bench->expected = count;
  assert_true(wait_until_loop(&bench->loop, was_asked, bench));
}

static void assert_request(const struct bench *bench, size_t index, const char *method,
                           const char *words) {
  const char *path = bot_api_script_path(bench->api, index);
  assert_string_equal(strrchr(path, '/') + 1, method);
  if (strstr(bot_api_script_body(bench->api, index), words) == NULL)
    fail_msg("%s is not in %s", words, bot_api_script_body(bench->api, index));
}

static void messages_go_in_order_and_a_pressed_button_first(void **state) {
  struct bench *bench = *state;
  bot_send_text(bench->send, 42, "one"); /* on its way already */
  bot_send_text(bench->send, 42, "two");
  bot_send_toast(bench->send, "p1", "pressed");

  wait_for_requests(bench, 3);

  assert_request(bench, 0, "sendMessage", "one");
  assert_request(bench, 1, "answerCallbackQuery", "\"callback_query_id\":\"p1\"");
  assert_request(bench, 2, "sendMessage", "two");
}

static void what_fails_for_now_is_sent_again_and_nothing_overtakes_it(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 500, "{\"ok\":false,\"description\":\"oops\"}");
  bot_api_script_drop(bench->api);
  bot_api_script_answer(bench->api, 429,
                        "{\"ok\":false,\"description\":\"Too Many Requests\",\"parameters\":{"
                        "\"retry_after\":3}}");
  bot_send_text(bench->send, 42, "one");
  bot_send_text(bench->send, 42, "two");

  wait_for_requests(bench, 5);

  for (size_t i = 0; i < 4; i++)
    assert_request(bench, i, "sendMessage", "one");
  assert_request(bench, 4, "sendMessage", "two");
}

static void what_is_refused_is_dropped(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 403, "{\"ok\":false,\"description\":\"Forbidden: blocked\"}");
  bot_send_text(bench->send, 42, "one");
  bot_send_text(bench->send, 42, "two");

  wait_for_requests(bench, 2);

  assert_request(bench, 1, "sendMessage", "two");
}

static void long_answer_has_its_buttons_below_the_last_part(void **state) {
  struct bench *bench = *state;
  struct bot_answer answer;
  bot_answer_init(&answer);
  for (int i = 0; i < 200; i++)
    buf_append_text(&answer.text, "a line with \"quotes\" and <signs> & more\n");
  bot_answer_button(&answer, "Chart", "draw:%d", 7);

  bot_send_answer(bench->send, -42, &answer);
  wait_for_requests(bench, 3);

  assert_null(strstr(bot_api_script_body(bench->api, 1), "inline_keyboard"));
  assert_request(bench, 2, "sendMessage",
                 "\"inline_keyboard\":[[{\"text\":\"Chart\",\"callback_data\":\"draw:7\"}]]");
  assert_request(bench, 0, "sendMessage", "\\\"quotes\\\" and <signs> & more");
  bot_answer_finish(&answer);
}

static void picture_is_a_form_with_a_file(void **state) {
  struct bench *bench = *state;
  struct buf png;
  buf_init(&png);
  buf_append_text(&png, "\x89PNG...");

  bot_send_picture(bench->send, 42, &png, "Garage");
  wait_for_requests(bench, 1);

  assert_request(bench, 0, "sendPhoto", "name=\"chat_id\"\r\n\r\n42\r\n");
  assert_request(bench, 0, "sendPhoto", "name=\"caption\"\r\n\r\nGarage\r\n");
  assert_request(bench, 0, "sendPhoto",
                 "name=\"photo\"; filename=\"chart.png\"\r\nContent-Type: image/png\r\n\r\n"
                 "\x89PNG...\r\n--");
  buf_finish(&png);
}

static void buttons_are_replaced_or_taken_away(void **state) {
  struct bench *bench = *state;
  const struct bot_button chart = {"Chart", "chart:17"};

  bot_send_buttons(bench->send, 42, 7, &chart, 1);
  bot_send_buttons(bench->send, 42, 7, NULL, 0);
  wait_for_requests(bench, 2);

  assert_request(bench, 0, "editMessageReplyMarkup", "\"message_id\":7");
  assert_request(bench, 0, "editMessageReplyMarkup", "\"callback_data\":\"chart:17\"");
  assert_request(bench, 1, "editMessageReplyMarkup", "\"inline_keyboard\":[]");
}

static void what_waits_at_the_end_is_dropped(void **state) {
  struct bench *bench = *state;
  bot_api_script_hang(bench->api);
  bot_send_text(bench->send, 42, "one");
  bot_send_text(bench->send, 42, "two");

  wait_for_requests(bench, 1); /* the teardown stops it: no leak, no wait */

  assert_request(bench, 0, "sendMessage", "one");
}

static void a_flood_is_bounded(void **state) {
  struct bench *bench = *state;
  bot_api_script_hang(bench->api);
  for (int i = 0; i < 100000; i++)
    bot_send_text(bench->send, 42, "again");

  wait_for_requests(bench, 1);

  assert_int_equal(bot_api_script_count(bench->api), 1);
}

#define SEND_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      SEND_TEST(messages_go_in_order_and_a_pressed_button_first),
      SEND_TEST(what_fails_for_now_is_sent_again_and_nothing_overtakes_it),
      SEND_TEST(what_is_refused_is_dropped),
      SEND_TEST(long_answer_has_its_buttons_below_the_last_part),
      SEND_TEST(picture_is_a_form_with_a_file),
      SEND_TEST(buttons_are_replaced_or_taken_away),
      SEND_TEST(what_waits_at_the_end_is_dropped),
      SEND_TEST(a_flood_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
