/* Who is answered, and how. The engine is a twin: a fleet and a recorder. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot.h"
#include "support/bot_api_script.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"

struct engine {
  uv_loop_t loop;
  struct http_client *http;
  struct bot_api_script *api;
  struct fleet *fleet;
  struct engine_options options;
  struct buf said; /* all that was said, in one */
  char said_to[64];
  int messages;
  size_t longest;
  int log_pipe[2];
  struct log *log;
  struct bot *bot;
  bool stopped;
};

struct fleet *engine_fleet(struct engine *engine) {
  return engine->fleet;
}

struct http_client *engine_http(struct engine *engine) {
  return engine->http;
}

const struct engine_options *engine_options(const struct engine *engine) {
  return &engine->options;
}

void engine_say(struct engine *engine, const char *chat, const char *text) {
  engine->messages++;
  str_copy(engine->said_to, sizeof engine->said_to, chat);
  buf_append_text(&engine->said, text);
  if (strlen(text) > engine->longest)
    engine->longest = strlen(text);
}

static struct engine *engine_create(const char *token, const char *chat) {
  struct engine *engine = mem_alloc(sizeof *engine);
  uv_loop_init(&engine->loop);
  engine->http = http_client_create(&engine->loop);
  engine->api = bot_api_script_create(&engine->loop);
  engine->fleet = fleet_create();
  buf_init(&engine->said);
  assert_int_equal(pipe(engine->log_pipe), 0);
  engine->log = log_create(engine->log_pipe[1], LOG_INFO, false);
  engine->options = (struct engine_options){.loop = &engine->loop,
                                            .poll_interval_ms = 10000,
                                            .telegram_base_url = bot_api_script_url(engine->api),
                                            .telegram_token = token,
                                            .telegram_chat = chat};
  alert_config_init(&engine->options.alerts);
  engine->bot = bot_create(&(struct bot_options){.engine = engine, .log = engine->log});
  return engine;
}

static int setup(void **state) {
  *state = engine_create(TOKEN, "42");
  return 0;
}

static void on_stopped(void *arg) {
  ((struct engine *)arg)->stopped = true;
}

static int teardown(void **state) {
  struct engine *engine = *state;
  bot_stop(engine->bot, on_stopped, engine);
  while (!engine->stopped)
    uv_run(&engine->loop, UV_RUN_ONCE);
  bot_api_script_destroy(engine->api);
  http_client_close(engine->http, NULL, NULL);
  uv_run(&engine->loop, UV_RUN_DEFAULT);
  int left = uv_loop_close(&engine->loop);
  fleet_destroy(engine->fleet);
  log_destroy(engine->log);
  close(engine->log_pipe[0]);
  close(engine->log_pipe[1]);
  buf_finish(&engine->said);
  free(engine);
  return left;
}

static void post(struct engine *engine, int update_id, const char *chat_id, const char *text) {
  char json[1024];
  snprintf(json, sizeof json,
           "{\"update_id\":%d,\"message\":{\"chat\":{\"id\":%s,\"type\":\"private\"},"
           "\"text\":\"%s\"}}",
           update_id, chat_id, text);
  bot_handle_update(engine->bot, json, strlen(json));
}

/* What the log has said since the last look. */
static const char *log_text(struct engine *engine, char *text, size_t size) {
  log_write(engine->log, LOG_INFO, "test", "end");
  ssize_t length = read(engine->log_pipe[0], text, size - 1);
  text[length > 0 ? length : 0] = '\0';
  return text;
}

static bool has_said(void *arg) {
  return ((struct engine *)arg)->messages > 0;
}

static void configured_chat_is_answered(void **state) {
  struct engine *engine = *state;

  post(engine, 1, "42", "/help");

  assert_int_equal(engine->messages, 1);
  assert_string_equal(engine->said_to, "42");
  assert_non_null(strstr(engine->said.data, "/status - "));
}

static void polled_command_is_answered(void **state) {
  struct engine *engine = *state;
  bot_api_script_answer(engine->api, 200, "{\"ok\":true,\"result\":true}");
  bot_api_script_answer(engine->api, 200,
                        "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"chat\":{\"id\":"
                        "42,\"type\":\"group\"},\"text\":\"/help@SomeBot\"}}]}");

  assert_true(wait_until_loop(&engine->loop, has_said, engine));

  assert_non_null(strstr(engine->said.data, "/status - "));
}

static void other_chats_are_ignored_and_named_once_without_their_words(void **state) {
  struct engine *engine = *state;
  char text[4096];

  post(engine, 1, "666", "/status my-private-words");
  const char *first = log_text(engine, text, sizeof text);
  assert_non_null(strstr(first, "set TELEGRAM_CHAT_ID=666"));
  assert_null(strstr(first, "my-private-words"));

  post(engine, 2, "666", "/status");
  assert_null(strstr(log_text(engine, text, sizeof text), "666"));
  assert_int_equal(engine->messages, 0);
}

static void many_strangers_do_not_fill_the_log(void **state) {
  struct engine *engine = *state;
  char id[16];
  for (int i = 0; i < 1000; i++) {
    snprintf(id, sizeof id, "%d", 1000 + i);
    post(engine, i, id, "/status");
  }

  char text[65536];
  const char *lines = log_text(engine, text, sizeof text);
  int count = 0;
  for (const char *at = strstr(lines, "ignoring chat"); at != NULL;
       at = strstr(at + 1, "ignoring chat"))
    count++;
  assert_int_equal(count, 32);
  assert_int_equal(engine->messages, 0);
}

static void update_that_telegram_repeats_is_answered_once(void **state) {
  struct engine *engine = *state;

  post(engine, 7, "42", "/help");
  post(engine, 7, "42", "/help");
  post(engine, 8, "42", "/help");

  assert_int_equal(engine->messages, 2);
}

static void bytes_that_are_no_update_are_survived(void **state) {
  struct engine *engine = *state;
  static const char *const bad[] = {"", "{", "\xff\xfe", "[]", "{\"update_id\":{}}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    bot_handle_update(engine->bot, bad[i], strlen(bad[i]));

  post(engine, 1, "42", "/help");

  assert_int_equal(engine->messages, 1);
}

static void long_answer_comes_in_several_messages_with_nothing_lost(void **state) {
  struct engine *engine = *state;
  for (int i = 0; i < 100; i++) {
    struct miner miner = {.id = i + 1};
    snprintf(miner.name, sizeof miner.name, "A miner with quite a long name, number %d", i);
    snprintf(miner.address, sizeof miner.address, "http://10.0.0.%d", i + 1);
    struct fleet_miner *added = fleet_add(engine->fleet, &miner);
    added->memory.state = STATE_OFFLINE;
    added->memory.reason = REASON_HOST_GONE;
  }

  post(engine, 1, "42", "/status");

  assert_true(engine->messages > 1);
  assert_true(engine->longest <= 3400);
  assert_non_null(strstr(engine->said.data, "number 0: Offline"));
  assert_non_null(strstr(engine->said.data, "number 24: Offline"));
  assert_non_null(strstr(engine->said.data, "and 75 more"));
}

static void without_a_chat_nobody_is_answered_and_the_log_says_how(void **state) {
  struct engine *engine = engine_create(TOKEN, NULL);
  *state = engine;
  char text[4096];

  post(engine, 1, "42", "/status");

  assert_int_equal(engine->messages, 0);
  assert_non_null(strstr(log_text(engine, text, sizeof text), "set TELEGRAM_CHAT_ID=42"));
}

static void without_a_token_there_is_no_bot(void **state) {
  struct engine *engine = engine_create("", "42");
  *state = engine;

  assert_null(engine->bot);
  post(engine, 1, "42", "/status");

  assert_int_equal(engine->messages, 0);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OWN_TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      BENCH_TEST(configured_chat_is_answered),
      BENCH_TEST(polled_command_is_answered),
      BENCH_TEST(other_chats_are_ignored_and_named_once_without_their_words),
      BENCH_TEST(many_strangers_do_not_fill_the_log),
      BENCH_TEST(update_that_telegram_repeats_is_answered_once),
      BENCH_TEST(bytes_that_are_no_update_are_survived),
      BENCH_TEST(long_answer_comes_in_several_messages_with_nothing_lost),
      OWN_TEST(without_a_chat_nobody_is_answered_and_the_log_says_how),
      OWN_TEST(without_a_token_there_is_no_bot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
