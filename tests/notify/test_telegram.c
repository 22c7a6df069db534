#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "notify/notifier.h"

#define TOKEN "12345:very-secret"

static const struct notify_setting settings[] = {
    {"server", "http://127.0.0.1:1/"}, {"token", TOKEN}, {"target", "-100200"}};
static const struct notify_channel channel = {settings, 3};

static struct notify_result read_body(int status, const char *body) {
  const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                     .status = status,
                                     .body = body,
                                     .body_length = strlen(body),
                                     .content_type = "application/json",
                                     .retry_after_s = -1,
                                     .error = ""};
  struct notify_result result;
  telegram_notifier.read(&answer, &result);
  return result;
}

static struct notify_result read_outcome(enum http_outcome outcome) {
  const struct http_answer answer = {
      .outcome = outcome, .body = "", .content_type = "", .retry_after_s = -1, .error = TOKEN};
  struct notify_result result;
  telegram_notifier.read(&answer, &result);
  return result;
}

/* The parsed body of the request for `text`; free with json_free. */
static struct json *request_body(const char *target, const char *text) {
  struct arena arena;
  struct http_call_options call;
  struct err err;
  arena_init(&arena, 0);
  const struct notify_message message = {.target = target, .text = text};
  assert_true(telegram_notifier.request(&channel, &message, &arena, &call, &err));
  struct json *json = json_parse(call.body, call.body_length, NULL, &err);
  assert_non_null(json);
  arena_finish(&arena);
  return json;
}

static const char *text_of(const struct json *json, const char *key) {
  const char *text = NULL;
  assert_true(json_text(json_get(json, key), &text));
  return text;
}

static void request_is_a_post_of_plain_text_to_the_default_chat(void **state) {
  (void)state;
  struct arena arena;
  struct http_call_options call;
  struct err err;
  arena_init(&arena, 0);

  const struct notify_message message = {.text = "Garage <b>&\"too\" hot_*"};
  assert_true(telegram_notifier.request(&channel, &message, &arena, &call, &err));

  assert_string_equal(call.method, "POST");
  assert_string_equal(call.url, "http://127.0.0.1:1/bot" TOKEN "/sendMessage");
  arena_finish(&arena);
  struct json *json = request_body(NULL, message.text);
  assert_string_equal(text_of(json, "chat_id"), "-100200");
  assert_string_equal(text_of(json, "text"), message.text);
  assert_null(json_get(json, "parse_mode"));
  json_free(json);
}

static void request_names_the_message_s_own_chat(void **state) {
  (void)state;

  struct json *json = request_body("42", "hello");

  assert_string_equal(text_of(json, "chat_id"), "42");
  json_free(json);
}

static void request_needs_a_token_and_a_chat(void **state) {
  (void)state;
  const struct notify_setting chat[] = {{"server", "http://h"}, {"target", "1"}};
  const struct notify_setting token[] = {{"server", "http://h"}, {"token", TOKEN}};
  const struct notify_channel no_token = {chat, 2}, no_chat = {token, 2};
  const struct notify_message message = {.text = "hello"};
  struct arena arena;
  struct http_call_options call;
  struct err err;
  arena_init(&arena, 0);

  assert_false(telegram_notifier.request(&no_token, &message, &arena, &call, &err));
  assert_non_null(strstr(err.text, "TELEGRAM_BOT_TOKEN"));

  assert_false(telegram_notifier.request(&no_chat, &message, &arena, &call, &err));
  assert_non_null(strstr(err.text, "TELEGRAM_CHAT_ID"));
  assert_null(strstr(err.text, TOKEN));
  arena_finish(&arena);
}

/* `lead` bytes of one unit each, then `count` characters. */
static char *repeat(size_t lead, const char *character, size_t count) {
  struct buf text;
  buf_init(&text);
  for (size_t i = 0; i < lead; i++)
    buf_append_char(&text, 'a');
  for (size_t i = 0; i < count; i++)
    buf_append_text(&text, character);
  return buf_take(&text, NULL);
}

static void long_text_is_cut_at_4096_utf16_units_between_characters(void **state) {
  (void)state;
  static const struct {
    size_t lead;
    const char *character;
    size_t kept; /* of that character */
  } cases[] = {
      {0, "x", 4096},
      {0, "\xC3\xA4", 4096},
      {0, "\xE2\x82\xAC", 4096},
      {0, "\xF0\x9F\x94\xA5", 2048}, /* two units each */
      {1, "\xF0\x9F\x94\xA5", 2047}, /* the last half does not fit */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *text = repeat(cases[i].lead, cases[i].character, 5000);

    struct json *json = request_body(NULL, text);

    size_t length = cases[i].lead + cases[i].kept * strlen(cases[i].character);
    assert_int_equal(strlen(text_of(json, "text")), length);
    assert_memory_equal(text_of(json, "text"), text, length);
    json_free(json);
    free(text);
  }
}

static void verdict_follows_the_status_and_the_words_say_what_to_do(void **state) {
  (void)state;
  static const struct {
    int status;
    const char *body;
    enum notify_verdict verdict;
    const char *words;
  } cases[] = {
      {200, "{\"ok\":true,\"result\":{\"message_id\":9}}", NOTIFY_DELIVERED, ""},
      {400, "{\"ok\":false,\"description\":\"Bad Request: chat not found\"}", NOTIFY_RETRY,
       "check TELEGRAM_CHAT_ID"},
      {400,
       "{\"ok\":false,\"description\":\"Bad Request: group chat was upgraded to a supergroup "
       "chat\",\"parameters\":{\"migrate_to_chat_id\":-1001234567890}}",
       NOTIFY_RETRY, "set TELEGRAM_CHAT_ID to -1001234567890"},
      {400, "{\"ok\":false,\"description\":\"Bad Request: message text is empty\"}", NOTIFY_REFUSED,
       "message text is empty"},
      {401, "{\"ok\":false,\"description\":\"Unauthorized\"}", NOTIFY_RETRY,
       "the bot token is not valid: check TELEGRAM_BOT_TOKEN"},
      {404, "{\"ok\":false,\"description\":\"Not Found\"}", NOTIFY_RETRY,
       "the bot token is not valid: check TELEGRAM_BOT_TOKEN"},
      {403, "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}",
       NOTIFY_RETRY, "the bot was blocked or removed from the chat"},
      {429, "{\"ok\":false,\"parameters\":{\"retry_after\":7}}", NOTIFY_RETRY, "asked to wait"},
      {500, "{\"ok\":false}", NOTIFY_RETRY, "status 500"},
      {502, "<html>bad gateway</html>", NOTIFY_RETRY, "status 502"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_result result = read_body(cases[i].status, cases[i].body);

    assert_int_equal(result.verdict, cases[i].verdict);
    assert_non_null(strstr(result.text, cases[i].words));
  }
}

static void delivered_message_has_its_number(void **state) {
  (void)state;

  assert_string_equal(read_body(200, "{\"ok\":true,\"result\":{\"message_id\":77}}").message_id,
                      "77");
  assert_string_equal(read_body(200, "{\"ok\":true,\"result\":true}").message_id, "");
}

/* The request for a whole message; its memory is the arena's. */
static struct http_call_options make_call(struct arena *arena,
                                          const struct notify_message *message) {
  struct http_call_options call;
  struct err err;
  assert_true(telegram_notifier.request(&channel, message, arena, &call, &err));
  return call;
}

static void edit_names_the_message_and_goes_to_edit_message_text(void **state) {
  (void)state;
  struct arena arena;
  struct err err;
  int64_t number = 0;
  arena_init(&arena, 0);

  const struct notify_message message = {.text = "cooled down", .edit_id = "77"};
  struct http_call_options call = make_call(&arena, &message);
  struct json *json = json_parse(call.body, call.body_length, NULL, &err);

  assert_non_null(strstr(call.url, "/editMessageText"));
  assert_true(json_i64(json_get(json, "message_id"), 0, 1000, &number));
  assert_int_equal(number, 77);
  assert_null(json_get(json, "reply_markup")); /* without buttons they go away */
  json_free(json);
  arena_finish(&arena);
}

static void
edit_that_changes_nothing_is_delivered_and_one_that_cannot_be_is_sent_anew(void **state) {
  (void)state;

  assert_int_equal(read_body(400, "{\"ok\":false,\"description\":\"Bad Request: message is not "
                                  "modified: ...\"}")
                       .verdict,
                   NOTIFY_DELIVERED);
  assert_true(
      read_body(400, "{\"ok\":false,\"description\":\"Bad Request: message to edit not found\"}")
          .edit_gone);
  assert_true(
      read_body(400, "{\"ok\":false,\"description\":\"Bad Request: message can't be edited\"}")
          .edit_gone);
}

static void buttons_name_the_episode_in_rows_of_two(void **state) {
  (void)state;
  static const char *const data[2][2] = {
      {"ack:1800000000000001", "mute:1800000000000001:60"},
      {"morning:1800000000000001", "chart:1800000000000001"},
  };
  struct arena arena;
  struct err err;
  arena_init(&arena, 0);

  const struct notify_message message = {
      .text = "too hot", .buttons = true, .episode_id = 1800000000000001};
  struct http_call_options call = make_call(&arena, &message);
  struct json *json = json_parse(call.body, call.body_length, NULL, &err);

  const struct json *rows = json_get(json_get(json, "reply_markup"), "inline_keyboard");
  assert_int_equal(json_count(rows), 2);
  const struct json *row = json_first(rows);
  for (int i = 0; i < 2; i++, row = json_next(row)) {
    assert_int_equal(json_count(row), 2);
    assert_string_equal(text_of(json_first(row), "callback_data"), data[i][0]);
    assert_string_equal(text_of(json_next(json_first(row)), "callback_data"), data[i][1]);
    assert_true(strlen(text_of(json_first(row), "text")) > 0);
  }
  json_free(json);
  arena_finish(&arena);
}

static void picture_is_a_form_of_three_parts(void **state) {
  (void)state;
  static const char expected[] =
      "--bitaxe-m-1-8\r\n"
      "Content-Disposition: form-data; name=\"chat_id\"\r\n\r\n-100200\r\n"
      "--bitaxe-m-1-8\r\n"
      "Content-Disposition: form-data; name=\"caption\"\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n\r\nGarage\r\n"
      "--bitaxe-m-1-8\r\n"
      "Content-Disposition: form-data; name=\"photo\"; filename=\"chart.png\"\r\n"
      "Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1A\n\r\n--bitaxe-m-1-8--\r\n";
  struct arena arena;
  arena_init(&arena, 0);

  const struct notify_message message = {
      .text = "Garage", .key = "m-1", .picture = "\x89PNG\r\n\x1A\n", .picture_length = 8};
  struct http_call_options call = make_call(&arena, &message);

  assert_non_null(strstr(call.url, "/sendPhoto"));
  assert_string_equal(call.headers[0], "Content-Type: multipart/form-data; boundary=bitaxe-m-1-8");
  assert_int_equal(call.body_length, sizeof expected - 1);
  assert_memory_equal(call.body, expected, sizeof expected - 1);
  arena_finish(&arena);
}

static void retry_after_is_honoured_within_a_day(void **state) {
  (void)state;

  assert_int_equal(
      read_body(429, "{\"ok\":false,\"parameters\":{\"retry_after\":7}}").retry_after_ms, 7000);
  assert_int_equal(read_body(429, "{\"ok\":false}").retry_after_ms, 0);
  assert_int_equal(
      read_body(429, "{\"ok\":false,\"parameters\":{\"retry_after\":-5}}").retry_after_ms, 0);
  assert_int_equal(
      read_body(429, "{\"ok\":false,\"parameters\":{\"retry_after\":1e15}}").retry_after_ms,
      24 * 3600 * 1000);
}

static void an_error_page_that_is_not_telegram_s_refuses_nothing(void **state) {
  (void)state;
  static const int statuses[] = {200, 301, 400, 401, 403, 404};
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {

    struct notify_result result =
        read_body(statuses[i], "<html>Please sign in to the hotel</html>");

    assert_int_equal(result.verdict, NOTIFY_RETRY);
    assert_non_null(strstr(result.text, "TELEGRAM_API_BASE"));
  }
}

static void every_failure_of_the_network_is_tried_again_without_naming_the_token(void **state) {
  (void)state;
  for (int outcome = HTTP_NAME_UNKNOWN; outcome <= HTTP_FAILED; outcome++) {

    struct notify_result result = read_outcome((enum http_outcome)outcome);

    assert_int_equal(result.verdict, NOTIFY_RETRY);
    assert_true(strlen(result.text) > 10);
    assert_null(strstr(result.text, TOKEN));
  }
}

static void notifier_is_found_by_its_name(void **state) {
  (void)state;

  assert_ptr_equal(notifier_find("telegram"), &telegram_notifier);
  assert_null(notifier_find("pigeon"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(request_is_a_post_of_plain_text_to_the_default_chat),
      cmocka_unit_test(request_names_the_message_s_own_chat),
      cmocka_unit_test(request_needs_a_token_and_a_chat),
      cmocka_unit_test(long_text_is_cut_at_4096_utf16_units_between_characters),
      cmocka_unit_test(verdict_follows_the_status_and_the_words_say_what_to_do),
      cmocka_unit_test(delivered_message_has_its_number),
      cmocka_unit_test(edit_names_the_message_and_goes_to_edit_message_text),
      cmocka_unit_test(edit_that_changes_nothing_is_delivered_and_one_that_cannot_be_is_sent_anew),
      cmocka_unit_test(buttons_name_the_episode_in_rows_of_two),
      cmocka_unit_test(picture_is_a_form_of_three_parts),
      cmocka_unit_test(retry_after_is_honoured_within_a_day),
      cmocka_unit_test(an_error_page_that_is_not_telegram_s_refuses_nothing),
      cmocka_unit_test(every_failure_of_the_network_is_tried_again_without_naming_the_token),
      cmocka_unit_test(notifier_is_found_by_its_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
