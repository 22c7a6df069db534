/* Long polling and the webhook against a scripted Bot API. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bot/bot_poll.h"
#include "model/text.h"
#include "support/bot_api_script.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"
#define OK_ANSWER "{\"ok\":true,\"result\":true}"
#define EMPTY_ANSWER "{\"ok\":true,\"result\":[]}"

struct bench {
  uv_loop_t loop;
  struct http_client *http;
  struct bot_api_script *api;
  struct bot_poll *poll;
  size_t expected;
  int64_t updates[16]; /* the ids that came */
  size_t update_count;
  bool stopped;
};

static void on_update(const struct bot_update *update, void *arg) {
  struct bench *bench = arg;
  assert_true(bench->update_count < 16);
  bench->updates[bench->update_count++] = update->id;
}

static int setup(void **state) {
  struct bench *bench = mem_alloc(sizeof *bench);
  uv_loop_init(&bench->loop);
  bench->http = http_client_create(&bench->loop);
  bench->api = bot_api_script_create(&bench->loop);
  *state = bench;
  return 0;
}

static void start(struct bench *bench, const char *webhook_url, const char *secret) {
  bench->poll = bot_poll_create(&(struct bot_poll_options){
      .loop = &bench->loop,
      .account = {bench->http, bot_api_script_url(bench->api), TOKEN},
      .webhook_url = webhook_url,
      .webhook_secret = secret,
      .update = on_update,
      .arg = bench,
      .time_scale = 0.01,
  });
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->stopped = true;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  bot_poll_stop(bench->poll, on_stopped, bench);
  bot_api_script_destroy(bench->api);
  while (!bench->stopped)
    uv_run(&bench->loop, UV_RUN_ONCE);
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

static void assert_method(const struct bench *bench, size_t index, const char *method) {
  const char *path = bot_api_script_path(bench->api, index);
  assert_string_equal(strrchr(path, '/') + 1, method);
}

static void assert_body_says(const struct bench *bench, size_t index, const char *words) {
  const char *body = bot_api_script_body(bench->api, index);
  if (strstr(body, words) == NULL)
    fail_msg("%s is not in %s", words, body);
}

enum { MENUS = 3 }; /* one for each language of the texts */

static void answer_menus(struct bench *bench) {
  for (size_t i = 0; text_languages[i].code != NULL; i++)
    bot_api_script_answer(bench->api, 200, OK_ANSWER);
}

static void menu_is_registered_before_the_first_poll(void **state) {
  struct bench *bench = *state;

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 1);

  assert_string_equal(bot_api_script_path(bench->api, 0), "/bot" TOKEN "/setMyCommands");
  assert_body_says(bench, 0, "\"command\":\"status\"");
  assert_null(strstr(bot_api_script_body(bench->api, 0), "language_code"));
  for (size_t i = 1; i < MENUS; i++) {
    assert_method(bench, i, "setMyCommands");
    assert_body_says(bench, i, text_languages[i].code);
    assert_body_says(bench, i, text_get(text_languages[i].code, "bot.help.odds"));
  }
  assert_method(bench, MENUS, "getUpdates");
  assert_body_says(bench, MENUS, "\"timeout\":50");
  assert_null(strstr(bot_api_script_body(bench->api, MENUS), "offset"));
}

static void pressed_buttons_are_asked_for_and_handed_on(void **state) {
  struct bench *bench = *state;
  answer_menus(bench);
  bot_api_script_answer(
      bench->api, 200,
      "{\"ok\":true,\"result\":[{\"update_id\":7,\"callback_query\":{\"id\":\"1\","
      "\"data\":\"ack:1\",\"message\":{\"message_id\":2,\"chat\":{\"id\":1}}}}]}");

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 2);

  assert_body_says(bench, MENUS, "\"callback_query\"");
  assert_int_equal(bench->update_count, 1);
  assert_true(bench->updates[0] == 7);
}

static void updates_are_confirmed_by_the_next_poll(void **state) {
  struct bench *bench = *state;
  answer_menus(bench);
  bot_api_script_answer(bench->api, 200,
                        "{\"ok\":true,\"result\":["
                        "{\"update_id\":7,\"message\":{\"chat\":{\"id\":1},\"text\":\"a\"}},"
                        "{\"update_id\":8,\"edited_message\":{\"chat\":{\"id\":1}}},"
                        "\"nonsense\",{\"no\":\"number\"},"
                        "{\"update_id\":9,\"message\":{\"chat\":{\"id\":1},\"text\":\"b\"}}]}");

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 2);

  assert_body_says(bench, MENUS + 1, "\"offset\":10");
  assert_int_equal(bench->update_count, 2);
  assert_int_equal(bench->updates[0], 7);
  assert_int_equal(bench->updates[1], 9);
}

static void failures_are_tried_again_and_the_offset_is_kept(void **state) {
  struct bench *bench = *state;
  bot_api_script_drop(bench->api);
  answer_menus(bench);
  bot_api_script_answer(bench->api, 200, "{\"ok\":true,\"result\":[{\"update_id\":7}]}");
  bot_api_script_drop(bench->api);
  bot_api_script_answer(bench->api, 200, "<html>");
  bot_api_script_answer(bench->api, 409,
                        "{\"ok\":false,\"description\":\"Conflict: terminated by other "
                        "getUpdates request\"}");

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 6);

  assert_method(bench, 1, "setMyCommands");
  for (size_t i = MENUS + 2; i < MENUS + 6; i++) {
    assert_method(bench, i, "getUpdates");
    assert_body_says(bench, i, "\"offset\":8");
  }
}

static void answers_that_come_at_once_and_empty_are_not_asked_for_in_a_spin(void **state) {
  struct bench *bench = *state;
  answer_menus(bench);
  for (int i = 0; i < 10; i++)
    bot_api_script_answer(bench->api, 200, EMPTY_ANSWER);
  int64_t before_ms = clock_mono_ms();

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 11);

  assert_true(clock_mono_ms() - before_ms >= 100); /* ten gaps of a second at a hundredth */
}

static void menu_that_is_refused_stops_nothing(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 500, "{\"message\":\"method is not supported\"}");

  start(bench, NULL, NULL);
  wait_for_requests(bench, 2);

  assert_method(bench, 0, "setMyCommands");
  assert_method(bench, 1, "getUpdates");
}

static void webhook_of_someone_else_is_removed_to_poll(void **state) {
  struct bench *bench = *state;
  answer_menus(bench);
  bot_api_script_answer(bench->api, 409,
                        "{\"ok\":false,\"description\":\"Conflict: can't use getUpdates method "
                        "while webhook is active\"}");

  start(bench, NULL, NULL);
  wait_for_requests(bench, MENUS + 3);

  assert_method(bench, MENUS + 1, "deleteWebhook");
  assert_method(bench, MENUS + 2, "getUpdates");
}

static void webhook_stays_when_the_route_has_a_secret(void **state) {
  struct bench *bench = *state;
  answer_menus(bench);
  for (int i = 0; i < 2; i++)
    bot_api_script_answer(bench->api, 409,
                          "{\"ok\":false,\"description\":\"Conflict: can't use getUpdates method "
                          "while webhook is active\"}");

  start(bench, NULL, "secret");
  wait_for_requests(bench, MENUS + 3);

  assert_method(bench, MENUS + 1, "getUpdates");
  assert_method(bench, MENUS + 2, "getUpdates");
}

static void webhook_is_announced_with_its_secret_instead_of_polling(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 502, "");
  bot_api_script_answer(bench->api, 200, OK_ANSWER);

  start(bench, "https://example.org/api/v1/telegram/webhook", "secret");
  wait_for_requests(bench, 3);

  assert_method(bench, 0, "setWebhook");
  assert_method(bench, 1, "setWebhook");
  assert_body_says(bench, 1, "\"url\":\"https://example.org/api/v1/telegram/webhook\"");
  assert_body_says(bench, 1, "\"secret_token\":\"secret\"");
  assert_method(bench, 2, "setMyCommands");
}

static struct bot_reply read_reply(int status, const char *body) {
  struct err err;
  struct bot_reply reply;
  const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                     .status = status,
                                     .body = body,
                                     .body_length = strlen(body),
                                     .retry_after_s = -1,
                                     .error = ""};
  struct json *json = json_parse(body, strlen(body), NULL, &err);
  bot_call_read(&answer, json, &reply);
  reply.result = NULL;
  json_free(json);
  return reply;
}

static void problems_are_said_in_words(void **state) {
  static const struct {
    int status;
    const char *body;
    const char *words;
  } cases[] = {
      {401, "{\"ok\":false}", "check TELEGRAM_BOT_TOKEN"},
      {404, "{\"ok\":false}", "check TELEGRAM_BOT_TOKEN"},
      {409, "{\"ok\":false,\"description\":\"Conflict: terminated by other getUpdates request\"}",
       "another program polls this bot"},
      {409, "{\"ok\":false,\"description\":\"can't use getUpdates while webhook is active\"}",
       "a webhook is set"},
      {400, "{\"ok\":false,\"description\":\"Bad Request: bad webhook\"}", "bad webhook"},
      {404, "<html>", "TELEGRAM_API_BASE"},
      {200, "[]", "TELEGRAM_API_BASE"},
      {503, "", "status 503"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {

    struct bot_reply reply = read_reply(cases[i].status, cases[i].body);

    assert_false(reply.ok);
    assert_non_null(strstr(reply.problem, cases[i].words));
  }
  assert_int_equal(
      read_reply(429, "{\"ok\":false,\"parameters\":{\"retry_after\":5}}").retry_after_ms, 5000);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      BENCH_TEST(menu_is_registered_before_the_first_poll),
      BENCH_TEST(pressed_buttons_are_asked_for_and_handed_on),
      BENCH_TEST(updates_are_confirmed_by_the_next_poll),
      BENCH_TEST(failures_are_tried_again_and_the_offset_is_kept),
      BENCH_TEST(answers_that_come_at_once_and_empty_are_not_asked_for_in_a_spin),
      BENCH_TEST(menu_that_is_refused_stops_nothing),
      BENCH_TEST(webhook_of_someone_else_is_removed_to_poll),
      BENCH_TEST(webhook_stays_when_the_route_has_a_secret),
      BENCH_TEST(webhook_is_announced_with_its_secret_instead_of_polling),
      cmocka_unit_test(problems_are_said_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
