#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "net/mail.h"
#include "notify/notifier.h"

#define PASSWORD "s3cret-value"

static const struct notify_setting settings[] = {
    {"target", "owner@example.org, partner@example.org"},
    {"from", "miners@example.net"},
    {"server", "smtp.example.net"},
    {"port", "587"},
    {"security", "starttls"},
    {"user", "miner"},
    {"password", PASSWORD},
    {"certificate", "check"},
};
static const struct notify_channel channel = {settings, 8};

static struct http_call_options make_call(struct arena *arena, const char *text) {
  const struct notify_message message = {.text = text,
                                         .key = "m-1800000000000-7",
                                         .at_ms = 1800000000000,
                                         .now_ms = 1800000009000,
                                         .episode_id = 42,
                                         .severity = ALERT_CRITICAL};
  struct http_call_options call;
  struct err err;
  assert_true(email_notifier.request(&channel, &message, arena, &call, &err));
  return call;
}

static void letter_has_its_headers_and_the_text_in_base64(void **state) {
  (void)state;
  static const char expected[] = "From: Bitaxe Monitor <miners@example.net>\r\n"
                                 "To: <owner@example.org>,\r\n <partner@example.org>\r\n"
                                 "Subject: Garage is too hot\r\n"
                                 "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"
                                 "Message-ID: <m-1800000000000-7@example.net>\r\n"
                                 "References: <episode-42@example.net>\r\n"
                                 "Importance: high\r\n"
                                 "Auto-Submitted: auto-generated\r\n"
                                 "MIME-Version: 1.0\r\n"
                                 "Content-Type: text/plain; charset=utf-8\r\n"
                                 "Content-Transfer-Encoding: base64\r\n\r\n"
                                 "R2FyYWdlIGlzIHRvbyBob3QKLiB3YWl0\r\n";
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call = make_call(&arena, "Garage is too hot\n. wait");

  assert_string_equal(call.url, "smtp://smtp.example.net:587");
  assert_string_equal(call.mail->to[1], "partner@example.org");
  assert_int_equal(call.mail->security, MAIL_STARTTLS);
  assert_false(call.mail->any_certificate);
  assert_int_equal(call.body_length, sizeof expected - 1);
  assert_memory_equal(call.body, expected, sizeof expected - 1);
  arena_finish(&arena);
}

static void a_picture_is_a_part_of_its_own_below_the_text(void **state) {
  (void)state;
  static const char expected[] =
      "MIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=\"=_m-1800000000000-7\"\r\n\r\n"
      "--=_m-1800000000000-7\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n"
      "R2FyYWdl\r\n"
      "--=_m-1800000000000-7\r\n"
      "Content-Type: image/png; name=\"chart.png\"\r\n"
      "Content-Disposition: inline; filename=\"chart.png\"\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n"
      "iVBORw0KGgo=\r\n"
      "--=_m-1800000000000-7--\r\n";
  const struct notify_message message = {.text = "Garage",
                                         .key = "m-1800000000000-7",
                                         .picture = "\x89PNG\r\n\x1A\n",
                                         .picture_length = 8};
  struct http_call_options call;
  struct arena arena;
  struct err err;
  arena_init(&arena, 0);

  assert_true(email_notifier.request(&channel, &message, &arena, &call, &err));

  const char *body = arena_strndup(&arena, call.body, call.body_length);
  const char *mime = strstr(body, "MIME-Version");
  assert_non_null(mime);
  assert_string_equal(mime, expected);
  arena_finish(&arena);
}

static void subject_beyond_ascii_becomes_encoded_words_of_whole_characters(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);

  struct http_call_options call =
      make_call(&arena, "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
                        "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
                        "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC is hot");

  /* 22 characters of two bytes in the first word, as 45 bytes would cut one. */
  const char *subject = memmem(call.body, call.body_length, "Subject: =?UTF-8?B?", 19);
  assert_non_null(subject);
  assert_int_equal(strcspn(subject + 19, "?"), 60);
  assert_non_null(strstr(subject, "?=\r\n =?UTF-8?B?"));
  arena_finish(&arena);
}

static void nothing_in_the_settings_can_add_a_header_or_a_recipient(void **state) {
  (void)state;
  static const struct {
    const char *name, *value, *words;
  } cases[] = {
      {"target", "no address", "`target`"},        {"target", "a@b.c>,<x@y.z", "`target`"},
      {"from", "a@b.c\r\nBcc: x@y.z", "`from`"},   {"from", "", "`from`"},
      {"server", "evil.example/path", "`server`"}, {"server", "a b", "`server`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct notify_setting changed[8];
    memcpy(changed, settings, sizeof changed);
    for (size_t j = 0; j < 8; j++) {
      if (strcmp(changed[j].name, cases[i].name) == 0)
        changed[j].value = cases[i].value;
    }
    const struct notify_message message = {.text = "x", .key = "m-1"};
    struct arena arena;
    struct http_call_options call;
    struct err err;
    arena_init(&arena, 0);

    assert_false(email_notifier.request(&(struct notify_channel){changed, 8}, &message, &arena,
                                        &call, &err));

    assert_non_null(strstr(err.text, cases[i].words));
    arena_finish(&arena);
  }
}

static void verdict_follows_the_code_of_the_mail_server(void **state) {
  (void)state;
  static const struct {
    int status;
    const char *said;
    enum notify_verdict verdict;
    bool needs_owner;
    const char *words;
  } cases[] = {
      {250, "250 OK", NOTIFY_DELIVERED, false, ""},
      {421, "421 too busy\r\n", NOTIFY_RETRY, false, "421 too busy): the monitor tries again"},
      {451, "451 greylisted", NOTIFY_RETRY, false, "greylisted"},
      {535, "535 bad credentials", NOTIFY_RETRY, true, "app password"},
      {530, "530 sign in first", NOTIFY_RETRY, true, "user name and password"},
      {550, "550 no such user", NOTIFY_RETRY, true, "check To and From"},
      {554, "554 looks like spam", NOTIFY_REFUSED, false, "looks like spam"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                       .status = cases[i].status,
                                       .body = cases[i].said,
                                       .body_length = strlen(cases[i].said),
                                       .content_type = "",
                                       .error = ""};
    struct notify_result result;

    email_notifier.read(&answer, &result);

    assert_int_equal(result.verdict, cases[i].verdict);
    assert_int_equal(result.needs_owner, cases[i].needs_owner);
    assert_non_null(strstr(result.text, cases[i].words));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_picture_is_a_part_of_its_own_below_the_text),
      cmocka_unit_test(letter_has_its_headers_and_the_text_in_base64),
      cmocka_unit_test(subject_beyond_ascii_becomes_encoded_words_of_whole_characters),
      cmocka_unit_test(nothing_in_the_settings_can_add_a_header_or_a_recipient),
      cmocka_unit_test(verdict_follows_the_code_of_the_mail_server),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
