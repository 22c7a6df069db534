/* Every notifier that speaks HTTP, held to the same tables: what it asks for, and
 * what it makes of an answer. Telegram's finer points are in test_telegram.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"

#define SECRET "s3cret-value"

static const struct notify_setting settings[] = {
    {"server", "http://home:8080/"},
    {"url", "http://home/hooks/" SECRET "?x=1"},
    {"target", "garage"},
    {"token", SECRET},
    {"user", "owner-key"},
};
static const struct notify_channel channel = {settings, 5};

static struct notify_message make_message(void) {
  return (struct notify_message){.text = "Garage is \"too\" hot <b>\nWhat to do: wait",
                                 .key = "m-1800000000000-7",
                                 .at_ms = 1800000000000,
                                 .now_ms = 1800000001000,
                                 .severity = ALERT_CRITICAL};
}

static bool has_header(const struct http_call_options *call, const char *header) {
  for (size_t i = 0; call->headers[i] != NULL; i++) {
    if (strcmp(call->headers[i], header) == 0)
      return true;
  }
  return false;
}

static void request_is_what_the_service_asks_for(void **state) {
  (void)state;
  static const struct {
    const struct notifier *notifier;
    const char *method, *url, *header, *body;
  } cases[] = {
      {&ntfy_notifier, "POST", "http://home:8080/", "Authorization: Bearer " SECRET,
       "{\"topic\":\"garage\",\"title\":\"Garage is \\\"too\\\" hot <b>\",\"message\":\"Garage is "
       "\\\"too\\\" hot <b>\\nWhat to do: wait\",\"priority\":5}"},
      {&pushover_notifier, "POST", "http://home:8080/1/messages.json",
       "Content-Type: application/json",
       "{\"token\":\"" SECRET "\",\"user\":\"owner-key\",\"title\":\"Garage is \\\"too\\\" hot "
       "<b>\",\"message\":\"Garage is \\\"too\\\" hot <b>\\nWhat to do: "
       "wait\",\"priority\":1,\"timestamp\":1800000000}"},
      {&gotify_notifier, "POST", "http://home:8080/message", "X-Gotify-Key: " SECRET,
       "{\"title\":\"Garage is \\\"too\\\" hot <b>\",\"message\":\"Garage is \\\"too\\\" hot "
       "<b>\\nWhat to do: wait\",\"priority\":8}"},
      {&discord_notifier, "POST", "http://home/hooks/" SECRET "?wait=true",
       "Content-Type: application/json",
       "{\"content\":\"Garage is \\\"too\\\" hot <b>\\nWhat to do: "
       "wait\",\"allowed_mentions\":{\"parse\":[]}}"},
      {&slack_notifier, "POST", "http://home/hooks/" SECRET "?x=1",
       "Content-Type: application/json",
       "{\"text\":\"Garage is \\\"too\\\" hot &lt;b&gt;\\nWhat to do: wait\"}"},
      {&matrix_notifier, "PUT",
       "http://home:8080/_matrix/client/v3/rooms/garage/send/m.room.message/m-1800000000000-7",
       "Authorization: Bearer " SECRET,
       "{\"msgtype\":\"m.text\",\"body\":\"Garage is \\\"too\\\" hot <b>\\nWhat to do: wait\"}"},
      {&webhook_notifier, "POST", "http://home/hooks/" SECRET "?x=1",
       "X-Bitaxe-Message: m-1800000000000-7",
       "{\"text\":\"Garage is \\\"too\\\" hot <b>\\nWhat to do: wait\",\"title\":\"Garage is "
       "\\\"too\\\" hot "
       "<b>\",\"severity\":\"critical\",\"episode\":\"\",\"time\":\"2027-01-15T08:00:"
       "00.000Z\",\"message\":\"m-1800000000000-7\"}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_message message = make_message();
    struct arena arena;
    struct http_call_options call;
    struct err err;
    arena_init(&arena, 0);

    assert_true(cases[i].notifier->request(&channel, &message, &arena, &call, &err));

    assert_string_equal(call.method, cases[i].method);
    assert_string_equal(call.url, cases[i].url);
    assert_true(has_header(&call, cases[i].header));
    assert_int_equal(call.body_length, strlen(cases[i].body));
    assert_memory_equal(call.body, cases[i].body, call.body_length);
    assert_false(call.home_only); /* a server at home is allowed, one outside too */
    arena_finish(&arena);
  }
}

static void edit_names_the_message_before(void **state) {
  (void)state;
  static const struct {
    const struct notifier *notifier;
    const char *method, *url, *body;
  } cases[] = {
      {&discord_notifier, "PATCH", "http://home/hooks/" SECRET "/messages/99", "\"content\":"},
      {&matrix_notifier, "PUT",
       "http://home:8080/_matrix/client/v3/rooms/garage/send/m.room.message/m-1800000000000-7",
       "\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"99\"}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_message message = make_message();
    struct arena arena;
    struct http_call_options call;
    struct err err;
    arena_init(&arena, 0);
    message.edit_id = "99";

    assert_true(cases[i].notifier->supports_edit);
    assert_true(cases[i].notifier->request(&channel, &message, &arena, &call, &err));

    assert_string_equal(call.method, cases[i].method);
    assert_string_equal(call.url, cases[i].url);
    assert_non_null(memmem(call.body, call.body_length, cases[i].body, strlen(cases[i].body)));
    arena_finish(&arena);
  }
}

/* --- pictures --- */

static const char png[] = "\x89PNG\r\n\x1A\n";

static struct http_call_options picture_call(const struct notifier *notifier, int step,
                                             const char *carried, struct arena *arena) {
  struct notify_message message = make_message();
  struct http_call_options call;
  struct err err;
  message.text = "Garage: all was wéll\nNo alerts.";
  message.picture = png;
  message.picture_length = sizeof png - 1;
  message.step = step;
  message.carried = carried;
  assert_true(notifier->supports_picture);
  assert_true(notifier->request(&channel, &message, arena, &call, &err));
  return call;
}

static void assert_body(const struct http_call_options *call, const char *expected, size_t length) {
  assert_int_equal(call->body_length, length);
  assert_memory_equal(call->body, expected, length);
}

static void discord_gets_a_picture_as_a_file_beside_the_message(void **state) {
  (void)state;
  static const char body[] =
      "--bitaxe-m-1800000000000-7-8\r\n"
      "Content-Disposition: form-data; name=\"payload_json\"\r\n"
      "Content-Type: application/json\r\n\r\n"
      "{\"content\":\"Garage: all was wéll\\nNo alerts.\",\"allowed_mentions\":{\"parse\":[]}}\r\n"
      "--bitaxe-m-1800000000000-7-8\r\n"
      "Content-Disposition: form-data; name=\"files[0]\"; filename=\"chart.png\"\r\n"
      "Content-Type: image/png\r\n\r\n"
      "\x89PNG\r\n\x1A\n\r\n"
      "--bitaxe-m-1800000000000-7-8--\r\n";
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call = picture_call(&discord_notifier, 0, "", &arena);

  assert_string_equal(call.url, "http://home/hooks/" SECRET "?wait=true");
  assert_true(
      has_header(&call, "Content-Type: multipart/form-data; boundary=bitaxe-m-1800000000000-7-8"));
  assert_body(&call, body, sizeof body - 1);
  arena_finish(&arena);
}

static void ntfy_gets_the_picture_as_the_body_and_the_words_as_headers(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call = picture_call(&ntfy_notifier, 0, "", &arena);

  assert_string_equal(call.method, "PUT");
  assert_string_equal(call.url, "http://home:8080/garage");
  assert_true(has_header(&call, "Content-Type: image/png"));
  assert_true(has_header(&call, "Filename: chart.png"));
  assert_true(has_header(&call, "Priority: 5"));
  assert_true(has_header(&call, "Authorization: Bearer " SECRET));
  assert_true(has_header(&call, "Title: =?UTF-8?B?R2FyYWdlOiBhbGwgd2FzIHfDqWxs?="));
  assert_true(
      has_header(&call, "Message: =?UTF-8?B?R2FyYWdlOiBhbGwgd2FzIHfDqWxsCk5vIGFsZXJ0cy4=?="));
  assert_body(&call, png, sizeof png - 1);
  arena_finish(&arena);
}

static void pushover_gets_the_picture_in_base64(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call = picture_call(&pushover_notifier, 0, "", &arena);

  assert_non_null(strstr(call.body, "\"attachment_base64\":\"iVBORw0KGgo=\""));
  assert_non_null(strstr(call.body, "\"attachment_type\":\"image/png\""));
  arena_finish(&arena);
}

static void matrix_uploads_shows_and_then_writes(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options upload = picture_call(&matrix_notifier, 0, "", &arena);
  struct http_call_options image = picture_call(&matrix_notifier, 1, "mxc://home/abc", &arena);
  struct http_call_options text = picture_call(&matrix_notifier, 2, "$event", &arena);

  assert_int_equal(matrix_notifier.picture_steps, 2);
  assert_string_equal(upload.method, "POST");
  assert_string_equal(upload.url, "http://home:8080/_matrix/media/v3/upload?filename=chart.png");
  assert_true(has_header(&upload, "Content-Type: image/png"));
  assert_true(has_header(&upload, "Authorization: Bearer " SECRET));
  assert_body(&upload, png, sizeof png - 1);
  assert_string_equal(image.url, "http://home:8080/_matrix/client/v3/rooms/garage/send/"
                                 "m.room.message/m-1800000000000-7-picture");
  assert_non_null(strstr(image.body, "\"msgtype\":\"m.image\""));
  assert_non_null(strstr(image.body, "\"url\":\"mxc://home/abc\""));
  assert_string_equal(text.url, "http://home:8080/_matrix/client/v3/rooms/garage/send/"
                                "m.room.message/m-1800000000000-7");
  assert_non_null(strstr(text.body, "\"body\":\"Garage: all was wéll"));
  arena_finish(&arena);
}

static struct notify_result read_answer(const struct notifier *notifier, int status,
                                        const char *body) {
  const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                     .status = status,
                                     .body = body,
                                     .body_length = strlen(body),
                                     .content_type =
                                         body[0] == '{' ? "application/json" : "text/plain",
                                     .retry_after_s = status == 503 ? 12 : -1,
                                     .error = ""};
  struct notify_result result;
  notifier->read(&answer, &result);
  return result;
}

enum { NEEDS_OWNER = true, WAITS = false };

static void answer_becomes_a_verdict_with_words(void **state) {
  (void)state;
  static const struct {
    const struct notifier *notifier;
    int status;
    const char *body;
    enum notify_verdict verdict;
    bool needs_owner;
    int64_t wait_ms;
    const char *words, *message_id;
  } cases[] = {
      {&ntfy_notifier, 200, "{\"id\":\"x\"}", NOTIFY_DELIVERED, WAITS, 0, "", ""},
      {&ntfy_notifier, 403, "{\"code\":40301,\"error\":\"forbidden\"}", NOTIFY_RETRY, NEEDS_OWNER,
       0, "(forbidden): check the access token", ""},
      {&ntfy_notifier, 429, "{\"error\":\"limit reached\"}", NOTIFY_RETRY, WAITS, 0, "wait", ""},
      {&ntfy_notifier, 400, "{\"error\":\"topic invalid\"}", NOTIFY_REFUSED, WAITS, 0,
       "topic invalid", ""},
      {&ntfy_notifier, 404, "page not found", NOTIFY_RETRY, NEEDS_OWNER, 0, "server's address", ""},
      {&ntfy_notifier, 301, "", NOTIFY_RETRY, NEEDS_OWNER, 0, "the final one", ""},
      {&ntfy_notifier, 500, "<html>", NOTIFY_RETRY, WAITS, 0, "status 500", ""},
      {&ntfy_notifier, 503, "", NOTIFY_RETRY, WAITS, 12000, "status 503", ""},
      {&pushover_notifier, 200, "{\"status\":1}", NOTIFY_DELIVERED, WAITS, 0, "", ""},
      {&pushover_notifier, 400,
       "{\"user\":\"invalid\",\"errors\":[\"user identifier is not a valid user\"],\"status\":0}",
       NOTIFY_RETRY, NEEDS_OWNER, 0, "not a valid user", ""},
      {&pushover_notifier, 400, "{\"errors\":[\"message cannot be blank\"],\"status\":0}",
       NOTIFY_REFUSED, WAITS, 0, "cannot be blank", ""},
      {&gotify_notifier, 200, "{\"id\":25}", NOTIFY_DELIVERED, WAITS, 0, "", ""},
      {&gotify_notifier, 401,
       "{\"error\":\"Unauthorized\",\"errorDescription\":\"you need to provide a valid token\"}",
       NOTIFY_RETRY, NEEDS_OWNER, 0, "valid token", ""},
      {&discord_notifier, 200, "{\"id\":\"1234567890123456789\"}", NOTIFY_DELIVERED, WAITS, 0, "",
       "1234567890123456789"},
      {&discord_notifier, 429, "{\"message\":\"rate limited\",\"retry_after\":0.65}", NOTIFY_RETRY,
       WAITS, 650, "wait", ""},
      {&discord_notifier, 404, "{\"message\":\"Unknown Webhook\",\"code\":10015}", NOTIFY_RETRY,
       NEEDS_OWNER, 0, "Unknown Webhook", ""},
      {&slack_notifier, 200, "ok", NOTIFY_DELIVERED, WAITS, 0, "", ""},
      {&slack_notifier, 403, "invalid_token", NOTIFY_RETRY, NEEDS_OWNER, 0, "invalid_token", ""},
      {&slack_notifier, 410, "channel_is_archived", NOTIFY_RETRY, NEEDS_OWNER, 0,
       "channel_is_archived", ""},
      {&slack_notifier, 400, "invalid_payload", NOTIFY_REFUSED, WAITS, 0, "invalid_payload", ""},
      {&matrix_notifier, 200, "{\"event_id\":\"$abc:home\"}", NOTIFY_DELIVERED, WAITS, 0, "",
       "$abc:home"},
      {&matrix_notifier, 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":2500}",
       NOTIFY_RETRY, WAITS, 2500, "wait", ""},
      {&matrix_notifier, 403, "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"not in the room\"}",
       NOTIFY_RETRY, NEEDS_OWNER, 0, "not in the room", ""},
      {&webhook_notifier, 204, "", NOTIFY_DELIVERED, WAITS, 0, "", ""},
      {&webhook_notifier, 401, "wrong signature", NOTIFY_RETRY, NEEDS_OWNER, 0, "wrong signature",
       ""},
      {&webhook_notifier, 422, "{\"error\":\"no title\"}", NOTIFY_REFUSED, WAITS, 0, "no title",
       ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_result result = read_answer(cases[i].notifier, cases[i].status, cases[i].body);

    assert_int_equal(result.verdict, cases[i].verdict);
    assert_int_equal(result.needs_owner, cases[i].needs_owner);
    assert_int_equal(result.retry_after_ms, cases[i].wait_ms);
    assert_string_equal(result.message_id, cases[i].message_id);
    assert_non_null(strstr(result.text, cases[i].words));
  }
}

static void deleted_message_of_an_edit_is_known(void **state) {
  (void)state;

  assert_true(
      read_answer(&discord_notifier, 404, "{\"message\":\"Unknown Message\",\"code\":10008}")
          .edit_gone);
  assert_false(
      read_answer(&discord_notifier, 404, "{\"message\":\"Unknown Webhook\",\"code\":10015}")
          .edit_gone);
}

static void every_failure_of_the_network_is_tried_again_in_words_without_an_address(void **state) {
  (void)state;
  for (size_t n = 0; notifiers[n] != NULL; n++) {
    for (int outcome = HTTP_NAME_UNKNOWN; outcome <= HTTP_FAILED; outcome++) {
      const struct http_answer answer = {.outcome = (enum http_outcome)outcome,
                                         .body = "",
                                         .content_type = "",
                                         .retry_after_s = -1,
                                         .error = "http://" SECRET};
      struct notify_result result;

      notifiers[n]->read(&answer, &result);

      assert_int_equal(result.verdict, NOTIFY_RETRY);
      assert_true(strlen(result.text) > 10);
      assert_null(strstr(result.text, SECRET));
    }
  }
}

static void long_text_is_cut_to_what_the_service_takes(void **state) {
  (void)state;
  char text[6000];
  for (size_t i = 0; i < sizeof text - 1; i++)
    text[i] = i % 2 == 0 ? '\xC3' : '\xA4'; /* two bytes a character */
  text[sizeof text - 2] = '\0';
  static const struct {
    const struct notifier *notifier;
    const char *key;
    size_t bytes; /* with the three of the ellipsis */
  } cases[] = {
      {&ntfy_notifier, "message", 4000},
      {&pushover_notifier, "message", 1023 * 2 + 3},
      {&discord_notifier, "content", 1999 * 2 + 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_message message = make_message();
    struct arena arena;
    struct http_call_options call;
    struct err err;
    const char *sent = "";
    arena_init(&arena, 0);
    message.text = text;

    assert_true(cases[i].notifier->request(&channel, &message, &arena, &call, &err));

    struct json *json = json_parse(call.body, call.body_length, NULL, &err);
    assert_true(json_text(json_get(json, cases[i].key), &sent));
    assert_true(strlen(sent) <= cases[i].bytes && strlen(sent) + 2 >= cases[i].bytes);
    json_free(json);
    arena_finish(&arena);
  }
}

static struct http_call_options hook_call(struct arena *arena, const struct notify_channel *hook) {
  struct notify_message message = make_message();
  struct http_call_options call;
  struct err err;
  message.text = "Say \"hi\"";
  assert_true(webhook_notifier.request(hook, &message, arena, &call, &err));
  return call;
}

/* Reckoned with: printf '%s' '1800000001.{"a":"Say \"hi\"","b":{}}' |
 * openssl dgst -sha256 -hmac s3cret-value */
static void webhook_signs_the_time_and_the_filled_in_template(void **state) {
  (void)state;
  static const struct notify_setting with_template[] = {
      {"url", "http://home/"},
      {"secret", SECRET},
      {"authorization", "Bearer abc"},
      {"template", "{\"a\":\"{text}\",\"b\":{}}"},
  };
  const struct notify_channel hook = {with_template, 4};
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call = hook_call(&arena, &hook);

  static const char body[] = "{\"a\":\"Say \\\"hi\\\"\",\"b\":{}}";
  assert_int_equal(call.body_length, sizeof body - 1);
  assert_memory_equal(call.body, body, sizeof body - 1);
  assert_true(has_header(&call, "X-Bitaxe-Timestamp: 1800000001"));
  assert_true(has_header(&call, "Authorization: Bearer abc"));
  assert_true(
      has_header(&call, "X-Bitaxe-Signature: "
                        "sha256=553fbf82e673b255a8a0744da46d8dedadb803fa9783a88b4f4b2672ca416457"));
  arena_finish(&arena);
}

static void template_that_gives_no_json_is_refused_with_words(void **state) {
  (void)state;
  static const struct notify_setting broken[] = {{"url", "http://home/"}, {"template", "{text}"}};
  const struct notify_channel hook = {broken, 2};
  struct notify_message message = make_message();
  struct arena arena;
  struct http_call_options call;
  struct err err;
  arena_init(&arena, 0);

  assert_false(webhook_notifier.request(&hook, &message, &arena, &call, &err));

  assert_non_null(strstr(err.text, "the template does not give JSON"));
  arena_finish(&arena);
}

static void every_notifier_describes_itself_and_its_fields(void **state) {
  (void)state;
  for (size_t n = 0; notifiers[n] != NULL; n++) {
    const struct notifier *notifier = notifiers[n];
    assert_ptr_equal(notifier_find(notifier->name), notifier);
    assert_true(strlen(notifier->title) > 0 && strlen(notifier->about) > 20);
    assert_true(notifier->pace.burst > 0 && notifier->pace.burst <= 32);
    for (const struct notify_field *field = notifier->fields; field->name != NULL; field++) {
      struct err err;
      assert_true(strlen(field->title) > 0 && strlen(field->help) > 10);
      assert_int_equal(field->kind == NOTIFY_CHOICE, field->choices != NULL);
      assert_true(field->fallback == NULL || notifier_check_field(field, field->fallback, &err));
    }
  }
  assert_null(notifier_find("pigeon"));
}

static void wrong_values_are_refused_by_the_kind_of_the_field(void **state) {
  (void)state;
  static const struct {
    enum notify_field_kind kind;
    const char *value;
    bool right;
  } cases[] = {
      {NOTIFY_TEXT, "any text", true},
      {NOTIFY_TEXT, "two\nlines", false},
      {NOTIFY_TEXT, "not \xFF utf-8", false},
      {NOTIFY_LINES, "two\nlines", true},
      {NOTIFY_NUMBER, "587", true},
      {NOTIFY_NUMBER, "0", false},
      {NOTIFY_NUMBER, "65536", false},
      {NOTIFY_NUMBER, "x", false},
      {NOTIFY_URL, "http://192.168.1.5", true},
      {NOTIFY_URL, "https://ntfy.sh/a?b=@", true},
      {NOTIFY_URL, "ftp://home", false},
      {NOTIFY_URL, "file:///etc/passwd", false},
      {NOTIFY_URL, "http://", false},
      {NOTIFY_URL, "http://user:pass@home", false},
      {NOTIFY_URL, "http://home/a b", false},
      {NOTIFY_URL, "gopher://home", false},
      {NOTIFY_CHOICE, "tls", true},
      {NOTIFY_CHOICE, "ssl", false},
      {NOTIFY_CHOICE, "tls,none", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct notify_field field = {.name = "x",
                                       .title = "X",
                                       .help = "help",
                                       .kind = cases[i].kind,
                                       .choices = "starttls,tls,none"};
    struct err err;
    assert_int_equal(notifier_check_field(&field, cases[i].value, &err), cases[i].right);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(discord_gets_a_picture_as_a_file_beside_the_message),
      cmocka_unit_test(ntfy_gets_the_picture_as_the_body_and_the_words_as_headers),
      cmocka_unit_test(pushover_gets_the_picture_in_base64),
      cmocka_unit_test(matrix_uploads_shows_and_then_writes),
      cmocka_unit_test(request_is_what_the_service_asks_for),
      cmocka_unit_test(edit_names_the_message_before),
      cmocka_unit_test(answer_becomes_a_verdict_with_words),
      cmocka_unit_test(deleted_message_of_an_edit_is_known),
      cmocka_unit_test(every_failure_of_the_network_is_tried_again_in_words_without_an_address),
      cmocka_unit_test(long_text_is_cut_to_what_the_service_takes),
      cmocka_unit_test(webhook_signs_the_time_and_the_filled_in_template),
      cmocka_unit_test(template_that_gives_no_json_is_refused_with_words),
      cmocka_unit_test(every_notifier_describes_itself_and_its_fields),
      cmocka_unit_test(wrong_values_are_refused_by_the_kind_of_the_field),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
