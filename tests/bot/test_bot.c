/* Who is answered, and how: the bot on a real engine, with a scripted Bot API. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "bot/bot.h"
#include "db/db.h"
#include "engine/channels.h"
#include "model/text.h"
#include "net/http_server.h"
#include "support/bot_api_script.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"
#define WHO "{\"ok\":true,\"result\":{\"id\":12345,\"is_bot\":true,\"username\":\"GarageBot\"}}"

struct bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32], key[TEMP_DIR_MAX + 32];
  const char *token, *chat; /* of the environment */
  uv_loop_t loop;
  struct bot_api_script *api;
  struct engine *engine;
  int log_pipe[2];
  struct log *log;
  struct bot *bot;
  int update; /* the number of the last one */
  const char *method, *words;
  size_t looked; /* requests that were looked at already */
  const struct bot_link *link;
  struct err err;
  bool done, stopped;
};

static void start(struct bench *bench) {
  struct engine_options options = {.loop = &bench->loop,
                                   .database_url = bench->url,
                                   .secret_key_path = bench->key,
                                   .poll_interval_ms = 50,
                                   .unsafe_poll_interval = true,
                                   .telegram_base_url = bot_api_script_url(bench->api),
                                   .telegram_token = bench->token,
                                   .telegram_chat = bench->chat};
  alert_config_init(&options.alerts);
  assert_true(engine_start(&bench->engine, &options, &bench->err));
  bench->bot = bot_create(
      &(struct bot_options){.engine = bench->engine, .log = bench->log, .time_scale = 0.01});
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->stopped = true;
}

static bool is_stopped(void *arg) {
  return ((struct bench *)arg)->stopped;
}

static void stop(struct bench *bench) {
  bench->stopped = false;
  bot_stop(bench->bot, on_stopped, bench);
  assert_true(wait_until_loop(&bench->loop, is_stopped, bench));
  bench->stopped = false;
  engine_stop(bench->engine, on_stopped, bench);
  assert_true(wait_until_loop(&bench->loop, is_stopped, bench));
}

static struct bench *bench_create(const char *token, const char *chat) {
  struct bench *bench = mem_alloc(sizeof *bench);
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  snprintf(bench->key, sizeof bench->key, "%s/secret.key", bench->dir.path);
  bench->token = token;
  bench->chat = chat;
  uv_loop_init(&bench->loop);
  bench->api = bot_api_script_create(&bench->loop);
  assert_int_equal(pipe(bench->log_pipe), 0);
  bench->log = log_create(bench->log_pipe[1], LOG_INFO, false);
  start(bench);
  return bench;
}

static int setup(void **state) {
  *state = bench_create(TOKEN, "42");
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  stop(bench);
  bot_api_script_destroy(bench->api);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  int left = uv_loop_close(&bench->loop);
  log_destroy(bench->log);
  close(bench->log_pipe[0]);
  close(bench->log_pipe[1]);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return left;
}

/* ------------------------------------------------------------ what is said */

static bool was_called(void *arg) {
  struct bench *bench = arg;
  for (size_t i = bench->looked; i < bot_api_script_count(bench->api); i++) {
    const char *method = strrchr(bot_api_script_path(bench->api, i), '/') + 1;
    const char *body = bot_api_script_body(bench->api, i);
    if (str_equal(method, bench->method) && strstr(body, bench->words) != NULL) {
      bench->looked = i + 1;
      return true;
    }
  }
  return false;
}

/* Waits for a call of the method whose body holds the words, after the last one
 * that was waited for. */
static void expect(struct bench *bench, const char *method, const char *words) {
  bench->method = method;
  bench->words = words;
  if (wait_until_loop(&bench->loop, was_called, bench))
    return;
  for (size_t i = 0; i < bot_api_script_count(bench->api); i++)
    print_message("%s %.600s\n", bot_api_script_path(bench->api, i),
                  bot_api_script_body(bench->api, i));
  fail_msg("%s was not called with %s", method, words);
}

static int count_of(const struct bench *bench, const char *words) {
  int count = 0;
  for (size_t i = 0; i < bot_api_script_count(bench->api); i++)
    count += strstr(bot_api_script_body(bench->api, i), words) != NULL;
  return count;
}

static void post(struct bench *bench, const char *json) {
  bot_handle_update(bench->bot, json, strlen(json));
}

static void write_as(struct bench *bench, int update_id, const char *chat_id, const char *text) {
  char json[1024];
  snprintf(json, sizeof json,
           "{\"update_id\":%d,\"message\":{\"chat\":{\"id\":%s,\"type\":\"private\",\"first_name\":"
           "\"Anna\"},\"from\":{\"first_name\":\"Anna\"},\"text\":\"%s\"}}",
           update_id, chat_id, text);
  post(bench, json);
}

static void say(struct bench *bench, const char *chat_id, const char *text) {
  write_as(bench, ++bench->update, chat_id, text);
}

static void press(struct bench *bench, const char *chat_id, const char *data) {
  char json[1024];
  bench->update++;
  snprintf(json, sizeof json,
           "{\"update_id\":%d,\"callback_query\":{\"id\":\"p%d\",\"data\":\"%s\",\"message\":{"
           "\"message_id\":7,\"chat\":{\"id\":%s}}}}",
           bench->update, bench->update, data, chat_id);
  post(bench, json);
}

static const char *log_text(struct bench *bench, char *text, size_t size) {
  log_write(bench->log, LOG_INFO, "test", "end");
  ssize_t length = read(bench->log_pipe[0], text, size - 1);
  text[length > 0 ? length : 0] = '\0';
  return text;
}

/* ------------------------------------------------------------ commands */

static void configured_chat_is_answered(void **state) {
  struct bench *bench = *state;

  say(bench, "42", "/help");

  expect(bench, "sendMessage", "\"chat_id\":42,");
  assert_true(count_of(bench, "/restart - ") == 1);
}

static void polled_command_is_answered(void **state) {
  struct bench *bench = *state;
  for (size_t i = 0; text_languages[i].code != NULL; i++) /* the menus */
    bot_api_script_answer(bench->api, 200, "{\"ok\":true,\"result\":true}");
  bot_api_script_answer(bench->api, 200,
                        "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"chat\":{\"id\":"
                        "42,\"type\":\"group\"},\"text\":\"/help@SomeBot\"}}]}");

  expect(bench, "sendMessage", "/status - ");
}

static void update_that_comes_again_is_answered_once_even_after_a_restart(void **state) {
  struct bench *bench = *state;
  write_as(bench, 7, "42", "/odds");
  write_as(bench, 7, "42", "/odds");
  expect(bench, "sendMessage", "Nothing is hashing");

  stop(bench);
  start(bench);
  write_as(bench, 7, "42", "/odds");
  write_as(bench, 8, "42", "/help");
  expect(bench, "sendMessage", "/status - ");

  assert_int_equal(count_of(bench, "Nothing is hashing"), 1);
}

static void drop_settings(struct db_task *task, struct db *db) {
  task->ok = db_exec(db, "DROP TABLE setting", NULL, 0, NULL, &task->err);
}

static void on_dropped(struct db_task *task) {
  ((struct bench *)task->arg)->done = task->ok;
}

static bool is_done(void *arg) {
  return ((struct bench *)arg)->done;
}

static void while_nothing_can_be_written_commands_are_answered_once(void **state) {
  struct bench *bench = *state;
  write_as(bench, 6, "42", "/help");
  expect(bench, "sendMessage", "/status - ");
  struct db_task task = {.run = drop_settings, .done = on_dropped, .arg = bench};
  db_threads_write(engine_db(bench->engine), &task);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));

  write_as(bench, 7, "42", "/odds");
  expect(bench, "sendMessage", "Nothing is hashing");
  write_as(bench, 7, "42", "/odds");
  write_as(bench, 8, "42", "/help");
  expect(bench, "sendMessage", "/status - ");

  assert_int_equal(count_of(bench, "Nothing is hashing"), 1);
}

static void bytes_that_are_no_update_are_survived(void **state) {
  struct bench *bench = *state;
  static const char *const bad[] = {"", "{", "\xff\xfe", "[]", "{\"update_id\":{}}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    post(bench, bad[i]);

  say(bench, "42", "/help");

  expect(bench, "sendMessage", "/status - ");
}

static void long_answer_comes_in_several_messages(void **state) {
  struct bench *bench = *state;
  for (int i = 0; i < 100; i++) {
    struct miner miner = {.id = i + 1};
    snprintf(miner.name, sizeof miner.name, "A miner with quite a long name, number %d", i);
    snprintf(miner.address, sizeof miner.address, "http://10.0.0.%d", i + 1);
    struct fleet_miner *added = fleet_add(engine_fleet(bench->engine), &miner);
    added->memory.state = STATE_OFFLINE;
    added->memory.reason = REASON_HOST_GONE;
  }

  say(bench, "42", "/status");

  expect(bench, "sendMessage", "number 0: Offline");
  expect(bench, "sendMessage", "and 75 more");
  assert_true(count_of(bench, "number 24: Offline") >= 1);
}

/* ------------------------------------------------------------ strangers */

static void stranger_gets_one_sentence_and_then_silence(void **state) {
  struct bench *bench = *state;
  char text[4096];

  say(bench, "666", "/status my-private-words");
  expect(bench, "sendMessage", "I belong to somebody's miners");
  say(bench, "666", "/status");
  say(bench, "666", "/start 00000000000000000000000000000000");
  press(bench, "666", "restart:1:1");
  expect(bench, "answerCallbackQuery", "not linked");
  say(bench, "42", "/help");
  expect(bench, "sendMessage", "\"chat_id\":42");

  assert_int_equal(count_of(bench, "\"chat_id\":666"), 1);
  const char *lines = log_text(bench, text, sizeof text);
  assert_non_null(strstr(lines, "chat 666 is not linked"));
  assert_null(strstr(lines, "my-private-words"));
}

static void stranger_is_remembered_over_a_restart(void **state) {
  struct bench *bench = *state;
  say(bench, "666", "hello");
  expect(bench, "sendMessage", "I belong to somebody's miners");

  stop(bench);
  start(bench);
  say(bench, "42", "/help"); /* whoever was greeted is known when this is answered */
  expect(bench, "sendMessage", "\"chat_id\":42");
  say(bench, "666", "hello");
  say(bench, "667", "hello");
  expect(bench, "sendMessage", "\"chat_id\":667");

  assert_int_equal(count_of(bench, "\"chat_id\":666"), 1);
}

static void many_strangers_are_not_answered(void **state) {
  struct bench *bench = *state;
  char id[16];
  for (int i = 0; i < 200; i++) {
    snprintf(id, sizeof id, "%d", 1000 + i);
    say(bench, id, "/status");
  }
  say(bench, "42", "/help");

  expect(bench, "sendMessage", "\"chat_id\":42");

  assert_int_equal(count_of(bench, "I belong to somebody's miners"), 5);
}

/* ------------------------------------------------------------ linking */

static void on_link(const struct bot_link *link, const struct err *err, void *arg) {
  struct bench *bench = arg;
  bench->link = link;
  if (link == NULL)
    bench->err = *err;
  bench->done = true;
}

static const struct bot_link *make_link(struct bench *bench, const char *token, int role) {
  bench->done = false;
  bot_link(bench->bot, &(struct bot_link_wish){.token = token, .role = role}, on_link, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  return bench->link;
}

static void use_code(struct bench *bench, const struct bot_link *link, const char *chat_id) {
  char text[64];
  snprintf(text, sizeof text, "/start %s", link->code);
  say(bench, chat_id, text);
  expect(bench, "sendMessage", "This chat is linked.");
}

static void code_links_a_chat_with_its_role_and_once(void **state) {
  struct bench *bench = *state;
  const struct bot_link *look;
  expect(bench, "getUpdates", "");
  bot_api_script_answer(bench->api, 200, WHO);
  const struct bot_link *link = make_link(bench, NULL, CHANNEL_VIEWER);
  assert_non_null(link);
  assert_string_equal(bot_username(bench->bot), "GarageBot");
  assert_int_equal(bot_link_look(bench->bot, link->code, &look), BOT_LINK_WAITING);

  use_code(bench, link, "77");

  assert_int_equal(bot_link_look(bench->bot, link->code, &look), BOT_LINK_USED);
  assert_string_equal(look->chat, "Anna");
  const struct channel *channel = channels_find_chat(engine_channels(bench->engine), "77");
  assert_non_null(channel);
  assert_int_equal(channel->role, CHANNEL_VIEWER);
  assert_string_equal(channel->name, "Anna");
  say(bench, "77", "/restart Garage");
  expect(bench, "sendMessage", "needs owner");
  char text[64];
  snprintf(text, sizeof text, "/start %s", link->code);
  say(bench, "88", text);
  expect(bench, "sendMessage", "I belong to somebody's miners");
  assert_null(channels_find_chat(engine_channels(bench->engine), "88"));
}

static void first_chat_of_a_given_token_is_owner_and_works_after_a_restart(void **state) {
  struct bench *bench = bench_create(NULL, NULL);
  *state = bench;
  char text[4096];
  assert_false(bot_has_token(bench->bot));
  assert_null(make_link(bench, NULL, -1));
  assert_non_null(strstr(bench->err.text, "@BotFather"));
  assert_null(make_link(bench, "my token", -1));
  assert_non_null(strstr(bench->err.text, "no bot token"));

  bot_api_script_answer(bench->api, 200, WHO);
  const struct bot_link *link = make_link(bench, TOKEN, -1);
  assert_non_null(link);
  assert_int_equal(link->role, CHANNEL_OWNER);
  use_code(bench, link, "77");
  assert_int_equal(make_link(bench, TOKEN, -1)->role, CHANNEL_MEMBER);
  assert_null(make_link(bench, "999:another", -1));
  assert_int_equal(bench->err.code, ERR_CONFLICT);

  stop(bench);
  start(bench);
  say(bench, "77", "/odds");

  expect(bench, "sendMessage", "Nothing is hashing");
  assert_null(strstr(log_text(bench, text, sizeof text), "very-secret"));
}

static void token_that_telegram_does_not_know_is_not_used(void **state) {
  struct bench *bench = bench_create(NULL, NULL);
  *state = bench;
  bot_api_script_answer(bench->api, 401,
                        "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");

  assert_null(make_link(bench, TOKEN, -1));

  assert_int_equal(bench->err.code, ERR_INVALID);
  assert_non_null(strstr(bench->err.text, "@BotFather"));
  assert_false(bot_has_token(bench->bot));
}

static void question_that_is_open_at_the_end_is_answered(void **state) {
  struct bench *bench = bench_create(NULL, NULL);
  *state = bench;
  bot_api_script_hang(bench->api);
  bench->done = false;
  bot_link(bench->bot, &(struct bot_link_wish){.token = TOKEN, .role = -1}, on_link, bench);
  expect(bench, "getMe", "");

  stop(bench);

  assert_true(bench->done);
  assert_null(bench->link);
  start(bench);
}

/* ------------------------------------------------------------ pictures and restarts */

static void chart_is_sent_as_a_photo(void **state) {
  struct bench *bench = *state;
  const struct miner miner = {.id = 1, .name = "Garage", .address = "http://10.0.0.1"};
  struct fleet_miner *added = fleet_add(engine_fleet(bench->engine), &miner);
  struct sample sample;
  sample_init(&sample, 1795363200000);
  open_chunk_append(added->recent, &sample);

  say(bench, "42", "/chart Garage 7d");

  expect(bench, "sendPhoto", "filename=\"chart.png\"");
  assert_true(count_of(bench, "Garage, last 7 days") == 1);
  press(bench, "42", "draw:1");
  expect(bench, "answerCallbackQuery", "Drawing");
  expect(bench, "sendPhoto", "Garage, last 24 hours");
}

struct device {
  struct http_server *server;
  int status;
  int restarts;
};

static void on_device(struct http_exchange *exchange, void *arg) {
  struct device *device = arg;
  device->restarts += str_equal(http_exchange_method(exchange), "POST") &&
                      str_equal(http_exchange_path(exchange), "/api/system/restart");
  struct http_response *response = http_response_create(device->status, "text/plain", "ok", 2);
  http_exchange_send(exchange, response);
  http_response_release(response);
}

static void add_device(struct bench *bench, struct device *device) {
  const struct http_server_options options = {
      .host = "127.0.0.1", .handler = on_device, .arg = device};
  assert_true(http_server_open(&device->server, &bench->loop, &options, &bench->err));
  struct miner miner = {.id = 1, .name = "Garage"};
  snprintf(miner.address, sizeof miner.address, "http://127.0.0.1:%u",
           http_server_port(device->server));
  fleet_add(engine_fleet(bench->engine), &miner);
}

/* The buttons of the last message that has some. */
static void copy_data(const struct bench *bench, const char *verb, char *data, size_t size) {
  for (size_t i = bot_api_script_count(bench->api); i > 0; i--) {
    const char *at = strstr(bot_api_script_body(bench->api, i - 1), verb);
    if (at == NULL)
      continue;
    str_copy(data, size, at);
    data[strcspn(data, "\"")] = '\0';
    return;
  }
  fail_msg("no button %s", verb);
}

static void restart_is_asked_again_done_once_and_its_buttons_go(void **state) {
  struct bench *bench = *state;
  struct device device = {.status = 200};
  char data[65];
  add_device(bench, &device);

  say(bench, "42", "/restart garage");
  expect(bench, "sendMessage", "Restart Garage?");
  assert_int_equal(device.restarts, 0);
  copy_data(bench, "restart:1:", data, sizeof data);
  press(bench, "42", data);
  expect(bench, "answerCallbackQuery", "Asking it");
  expect(bench, "editMessageReplyMarkup", "\"inline_keyboard\":[]");
  expect(bench, "sendMessage", "Garage restarts");
  press(bench, "42", data);
  expect(bench, "sendMessage", "just now");

  assert_int_equal(device.restarts, 1);
  http_server_close(device.server, NULL, NULL);
}

static void restart_that_fails_is_said_with_what_to_do(void **state) {
  struct bench *bench = *state;
  struct device device = {.status = 404};
  char data[65];
  add_device(bench, &device);
  say(bench, "42", "/restart");
  say(bench, "42", "/restart garage");
  expect(bench, "sendMessage", "Restart Garage?");
  copy_data(bench, "restart:1:", data, sizeof data);

  press(bench, "42", data);

  expect(bench, "sendMessage", "cannot be restarted from afar");
  http_server_close(device.server, NULL, NULL);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OWN_TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      BENCH_TEST(configured_chat_is_answered),
      BENCH_TEST(polled_command_is_answered),
      BENCH_TEST(update_that_comes_again_is_answered_once_even_after_a_restart),
      BENCH_TEST(while_nothing_can_be_written_commands_are_answered_once),
      BENCH_TEST(bytes_that_are_no_update_are_survived),
      BENCH_TEST(long_answer_comes_in_several_messages),
      BENCH_TEST(stranger_gets_one_sentence_and_then_silence),
      BENCH_TEST(stranger_is_remembered_over_a_restart),
      BENCH_TEST(many_strangers_are_not_answered),
      BENCH_TEST(code_links_a_chat_with_its_role_and_once),
      OWN_TEST(first_chat_of_a_given_token_is_owner_and_works_after_a_restart),
      OWN_TEST(token_that_telegram_does_not_know_is_not_used),
      OWN_TEST(question_that_is_open_at_the_end_is_answered),
      BENCH_TEST(chart_is_sent_as_a_photo),
      BENCH_TEST(restart_is_asked_again_done_once_and_its_buttons_go),
      BENCH_TEST(restart_that_fails_is_said_with_what_to_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
