/* The courier against a scripted Bot API. The database threads are a twin that
 * runs each task on the loop and can be away; the outbox is a table in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/courier.h"
#include "store/channel_store.h"
#include "support/bot_api_script.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"

/* --- a twin of db_thread.c and outbox_store.c --- */

enum { TASKS_MAX = 64, ROWS_MAX = 64 };

struct stored_row {
  struct outbox_row row;
  int delivered, given_up;
  char error[200], message_id[32];
};

struct db {
  struct stored_row rows[ROWS_MAX];
  size_t count;
  int64_t channels; /* the number given last */
};

struct db_threads {
  uv_timer_t timer;
  struct db db;
  bool away, slow; /* slow: tasks stay where they are */
  struct db_task *tasks[TASKS_MAX];
  size_t task_count;
  int failures; /* tasks that came while it was away */
};

static void run_tasks(uv_timer_t *timer) {
  struct db_threads *threads = timer->data;
  while (threads->task_count > 0 && !threads->slow) {
    struct db_task *task = threads->tasks[0];
    memmove(&threads->tasks[0], &threads->tasks[1],
            --threads->task_count * sizeof threads->tasks[0]);
    if (threads->away) {
      threads->failures++;
      err_set(&task->err, ERR_UNAVAILABLE, "the disk is full");
    }
    task->run(task, threads->away ? NULL : &threads->db);
    task->done(task);
  }
}

void db_threads_write(struct db_threads *threads, struct db_task *task) {
  assert_true(threads->task_count < TASKS_MAX);
  threads->tasks[threads->task_count++] = task;
  uv_timer_start(&threads->timer, run_tasks, 0, 0);
}

void db_threads_read(struct db_threads *threads, struct db_task *task) {
  db_threads_write(threads, task);
}

static struct stored_row *row_find(struct db *db, int64_t id) {
  for (size_t i = 0; i < db->count; i++) {
    if (db->rows[i].row.id == id)
      return &db->rows[i];
  }
  return NULL;
}

bool outbox_store_pending(struct db *db, void (*visit)(const struct outbox_row *row, void *arg),
                          void *arg, struct err *err) {
  (void)err;
  for (size_t i = 0; i < db->count; i++) {
    if (db->rows[i].delivered == 0 && db->rows[i].given_up == 0)
      visit(&db->rows[i].row, arg);
  }
  return true;
}

bool outbox_store_delivered(struct db *db, int64_t id, int64_t now_ms, const char *message_id,
                            struct err *err) {
  (void)now_ms;
  struct stored_row *row = row_find(db, id);
  if (row == NULL)
    return err_set(err, ERR_NOT_FOUND, "no such message");
  row->delivered++;
  str_copy(row->message_id, sizeof row->message_id, message_id);
  return true;
}

bool outbox_store_told(struct db *db, int64_t since_ms,
                       void (*visit)(const struct outbox_told *told, void *arg), void *arg,
                       struct err *err) {
  (void)since_ms;
  (void)err;
  for (size_t i = 0; i < db->count; i++) {
    const struct stored_row *row = &db->rows[i];
    if (row->message_id[0] != '\0')
      visit(&(struct outbox_told){row->row.channel, row->row.target, row->row.episode_id,
                                  row->message_id},
            arg);
  }
  return true;
}

bool channel_store_each(struct db *db, void (*visit)(const struct channel_row *row, void *arg),
                        void *arg, struct err *err) {
  (void)db, (void)visit, (void)arg, (void)err;
  return true;
}

bool channel_store_insert(struct db *db, struct channel_row *row, struct err *err) {
  (void)err;
  row->channel.id = ++db->channels;
  return true;
}

bool channel_store_update(struct db *db, const struct channel_row *row, struct err *err) {
  (void)db, (void)row, (void)err;
  return true;
}

bool channel_store_update_state(struct db *db, const struct channel *channel, struct err *err) {
  (void)db, (void)channel, (void)err;
  return true;
}

bool channel_store_remove(struct db *db, int64_t id, struct err *err) {
  (void)db, (void)id, (void)err;
  return true;
}

bool outbox_store_retry(struct db *db, int64_t id, int attempts, int64_t next_ms, const char *error,
                        struct err *err) {
  struct stored_row *row = row_find(db, id);
  if (row == NULL)
    return err_set(err, ERR_NOT_FOUND, "no such message");
  row->row.attempts = attempts;
  row->row.next_ms = next_ms;
  str_copy(row->error, sizeof row->error, error);
  return true;
}

bool outbox_store_give_up(struct db *db, int64_t id, int64_t now_ms, const char *error,
                          struct err *err) {
  (void)now_ms;
  struct stored_row *row = row_find(db, id);
  if (row == NULL)
    return err_set(err, ERR_NOT_FOUND, "no such message");
  row->given_up++;
  str_copy(row->error, sizeof row->error, error);
  return true;
}

/* --- a twin of artist.c: draws on the loop, at the next turn of a timer --- */

struct chart_job {
  chart_maker_done done;
  void *arg;
};

struct artist {
  uv_timer_t timer;
  struct chart_job job;
  struct picture_ref ref; /* of the last that was drawn */
  int drawn;
  bool fails, hangs, cancelled;
};

static void finish_picture(uv_timer_t *timer) {
  struct artist *artist = timer->data;
  struct buf png;
  struct err err;
  bool ok = !artist->fails && !artist->cancelled;
  buf_init(&png);
  if (ok)
    buf_append_text(&png, "\x89PNG");
  else
    err_set(&err, ERR_UNAVAILABLE, "there is no paper");
  artist->job.done(&png, 1000, ok ? NULL : &err, artist->job.arg);
  buf_finish(&png);
}

struct chart_job *artist_draw(struct artist *artist, const struct channel *channel,
                              const struct picture_ref *ref, chart_maker_done done, void *arg) {
  (void)channel;
  artist->ref = *ref;
  artist->drawn++;
  artist->job = (struct chart_job){done, arg};
  if (!artist->hangs)
    uv_timer_start(&artist->timer, finish_picture, 0, 0);
  return &artist->job;
}

void chart_job_cancel(struct chart_job *job) {
  struct artist *artist = (struct artist *)((char *)job - offsetof(struct artist, job));
  artist->cancelled = true;
  uv_timer_start(&artist->timer, finish_picture, 0, 0);
}

/* --- the bench of every test --- */

struct bench {
  uv_loop_t loop;
  struct http_client *http;
  struct bot_api_script *api;
  struct db_threads threads;
  struct artist artist;
  struct channels *channels;
  struct courier *courier;
  int64_t added;   /* the channel that was added last */
  size_t expected; /* what the conditions below compare with */
  int changes;
  bool stopped;
};

static void on_changed(void *arg) {
  struct bench *bench = arg;
  bench->changes++;
  if (bench->courier != NULL)
    courier_look_again(bench->courier);
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->stopped = true;
}

static struct courier_options courier_options_for(struct bench *bench) {
  return (struct courier_options){.loop = &bench->loop,
                                  .http = bench->http,
                                  .db = &bench->threads,
                                  .channels = bench->channels,
                                  .artist = &bench->artist,
                                  .time_scale = 0.01};
}

/* The list with the chat of the environment. */
static void make_channels(struct bench *bench, const char *token, const char *chat) {
  struct err err;
  channels_destroy(bench->channels);
  assert_true(channels_create(
      &bench->channels,
      &(struct channels_options){.db = &bench->threads,
                                 .telegram_base_url = bot_api_script_url(bench->api),
                                 .telegram_token = token,
                                 .telegram_chat = chat,
                                 .changed = on_changed,
                                 .arg = bench},
      &err));
}

static void *bench_without_courier(void) {
  struct bench *bench = mem_alloc(sizeof *bench);
  uv_loop_init(&bench->loop);
  bench->http = http_client_create(&bench->loop);
  bench->api = bot_api_script_create(&bench->loop);
  uv_timer_init(&bench->loop, &bench->threads.timer);
  bench->threads.timer.data = &bench->threads;
  uv_timer_init(&bench->loop, &bench->artist.timer);
  bench->artist.timer.data = &bench->artist;
  make_channels(bench, TOKEN, "42");
  return bench;
}

static int setup(void **state) {
  struct bench *bench = bench_without_courier();
  struct courier_options options = courier_options_for(bench);
  bench->courier = courier_create(&options);
  *state = bench;
  return 0;
}

static bool is_stopped(void *arg) {
  return ((struct bench *)arg)->stopped;
}

static void stop_courier(struct bench *bench) {
  bench->stopped = false;
  courier_stop(bench->courier, on_stopped, bench);
  assert_true(wait_until_loop(&bench->loop, is_stopped, bench));
  bench->courier = NULL;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  if (bench->courier != NULL)
    stop_courier(bench);
  bot_api_script_destroy(bench->api);
  uv_close((uv_handle_t *)&bench->threads.timer, NULL);
  uv_close((uv_handle_t *)&bench->artist.timer, NULL);
  http_client_close(bench->http, NULL, NULL);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  channels_destroy(bench->channels);
  int left = uv_loop_close(&bench->loop);
  free(bench);
  return left;
}

static struct outbox_row make_row(int64_t id, const char *text) {
  struct outbox_row row = {.id = id, .created_ms = clock_wall_ms()};
  str_copy(row.channel, sizeof row.channel, "telegram");
  str_copy(row.text, sizeof row.text, text);
  return row;
}

/* Commits a row to the outbox, as a transaction of an earlier moment did. */
static struct outbox_row store_row(struct bench *bench, int64_t id, const char *text) {
  struct outbox_row row = make_row(id, text);
  bench->threads.db.rows[bench->threads.db.count++].row = row;
  return row;
}

static void enqueue(struct bench *bench, int64_t id, const char *text) {
  struct outbox_row row = store_row(bench, id, text);
  courier_enqueue(bench->courier, &row);
}

static const char *problem_of(const struct bench *bench) {
  return channels_at(bench->channels, 0)->last_error;
}

static struct courier_state state_of(const struct bench *bench) {
  struct courier_state state;
  courier_state_get(bench->courier, &state);
  return state;
}

/* Delivered, and the outbox knows. */
static bool all_done(void *arg) {
  const struct bench *bench = arg;
  struct courier_state state = state_of(bench);
  return state.waiting == 0 && state.unmarked == 0 && state.delivered + state.refused > 0;
}

static bool was_asked(void *arg) {
  const struct bench *bench = arg;
  return bot_api_script_count(bench->api) >= bench->expected;
}

static bool has_a_problem(void *arg) {
  return problem_of(arg)[0] != '\0';
}

static bool is_delivered(void *arg) {
  const struct bench *bench = arg;
  return state_of(bench).delivered >= bench->expected;
}

static void wait_for_requests(struct bench *bench, size_t count) {
  bench->expected = count;
  assert_true(wait_until_loop(&bench->loop, was_asked, bench));
}

static void wait_for_all(struct bench *bench) {
  assert_true(wait_until_loop(&bench->loop, all_done, bench));
}

/* A field of the body of one request. */
static void assert_sent(const struct bench *bench, size_t index, const char *key,
                        const char *expected) {
  struct err err;
  const char *body = bot_api_script_body(bench->api, index);
  struct json *json = json_parse(body, strlen(body), NULL, &err);
  const char *text = NULL;
  assert_non_null(json);
  assert_true(json_text(json_get(json, key), &text));
  assert_string_equal(text, expected);
  json_free(json);
}

static bool body_contains(const struct bench *bench, size_t index, const char *words) {
  return strstr(bot_api_script_body(bench->api, index), words) != NULL;
}

/* --- claims --- */

static void committed_message_is_delivered_and_marked(void **state) {
  struct bench *bench = *state;

  enqueue(bench, 1, "Garage is too hot");
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 1);
  assert_string_equal(bot_api_script_path(bench->api, 0), "/bot" TOKEN "/sendMessage");
  assert_sent(bench, 0, "text", "Garage is too hot");
  assert_sent(bench, 0, "chat_id", "42");
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void order_is_kept_across_failures(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 500, "{\"ok\":false}");
  bot_api_script_drop(bench->api);

  enqueue(bench, 1, "first");
  enqueue(bench, 2, "second");
  enqueue(bench, 3, "third");
  wait_for_all(bench);

  static const char *const sent[] = {"first", "first", "first", "second", "third"};
  assert_int_equal(bot_api_script_count(bench->api), 5);
  for (size_t i = 0; i < 5; i++)
    assert_sent(bench, i, "text", sent[i]);
  assert_string_equal(problem_of(bench), "");
}

static void failure_is_said_in_words_until_a_message_gets_through(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 502, "<html>");

  enqueue(bench, 1, "hello");
  assert_true(wait_until_loop(&bench->loop, has_a_problem, bench));
  struct courier_state failed = state_of(bench);
  bool names_it = strstr(problem_of(bench), "502") != NULL;
  wait_for_all(bench);

  assert_int_equal(failed.waiting, 1);
  assert_true(names_it);
  assert_string_equal(problem_of(bench), "");
  assert_int_equal(bench->changes, 2);
}

static void retry_after_is_waited_for_and_outlives_the_run(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":30}}");
  int64_t before_ms = clock_mono_ms();

  enqueue(bench, 1, "hello");
  wait_for_all(bench);

  assert_true(clock_mono_ms() - before_ms >= 300); /* 30 s at a hundredth */
  assert_int_equal(bench->threads.db.rows[0].row.attempts, 1);
  assert_true(bench->threads.db.rows[0].row.next_ms > bench->threads.db.rows[0].row.created_ms);
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void service_that_hangs_is_asked_again(void **state) {
  struct bench *bench = bench_without_courier();
  *state = bench;
  struct courier_options options = courier_options_for(bench);
  options.timeout_ms = 300;
  bench->courier = courier_create(&options);
  bot_api_script_hang(bench->api);

  enqueue(bench, 1, "hello");
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void refused_message_is_given_up_and_the_next_one_tried(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 400,
                        "{\"ok\":false,\"description\":\"Bad Request: message is odd\"}");

  enqueue(bench, 1, "odd");
  enqueue(bench, 2, "even");
  wait_for_all(bench);

  assert_int_equal(bench->threads.db.rows[0].given_up, 1);
  assert_int_equal(bench->threads.db.rows[0].delivered, 0);
  assert_non_null(strstr(bench->threads.db.rows[0].error, "message is odd"));
  assert_int_equal(bench->threads.db.rows[1].delivered, 1);
  assert_int_equal(state_of(bench).refused, 1);
}

static void token_is_in_no_words_even_if_the_service_repeats_it(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 400,
                        "{\"ok\":false,\"description\":\"no such bot: " TOKEN "\"}");

  enqueue(bench, 1, "hello");
  wait_for_all(bench);

  assert_null(strstr(problem_of(bench), TOKEN));
  assert_null(strstr(bench->threads.db.rows[0].error, TOKEN));
}

static void mark_is_retried_and_the_message_not_sent_twice(void **state) {
  struct bench *bench = *state;
  bench->threads.away = true;

  enqueue(bench, 1, "hello");
  bench->expected = 1;
  assert_true(wait_until_loop(&bench->loop, is_delivered, bench));
  size_t unmarked = state_of(bench).unmarked;
  bench->threads.away = false;
  wait_for_all(bench);

  assert_int_equal(unmarked, 1);
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
  assert_int_equal(bot_api_script_count(bench->api), 1);
}

static void messages_of_an_earlier_run_go_first_and_say_when_it_happened(void **state) {
  struct bench *bench = *state;
  store_row(bench, 1, "old");
  bench->threads.db.rows[0].row.created_ms -= 55 * 60 * 1000;

  courier_load(bench->courier);
  enqueue(bench, 2, "new");
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_true(body_contains(bench, 0, "old\\n"));
  assert_true(body_contains(bench, 0, "55 minutes ago"));
  assert_sent(bench, 1, "text", "new");
}

static void row_that_comes_both_ways_is_sent_once(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = store_row(bench, 1, "committed while loading");

  courier_load(bench->courier);
  wait_for_all(bench);
  courier_enqueue(bench->courier, &row);
  enqueue(bench, 2, "after it");
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_sent(bench, 1, "text", "after it");
}

static void load_waits_for_a_database_that_is_away(void **state) {
  struct bench *bench = *state;
  bench->threads.away = true;
  store_row(bench, 1, "old");

  courier_load(bench->courier);
  enqueue(bench, 2, "new");
  wait_for_requests(bench, 1);
  bench->threads.away = false;
  wait_for_requests(bench, 2);
  wait_for_all(bench);

  assert_sent(bench, 0, "text", "new");
  assert_sent(bench, 1, "text", "old");
  assert_int_equal(bot_api_script_count(bench->api), 2);
}

static void answer_that_is_not_kept_goes_to_its_own_chat(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = make_row(0, "All is well");
  str_copy(row.target, sizeof row.target, "-100");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_sent(bench, 0, "chat_id", "-100");
  assert_int_equal(bench->threads.task_count, 0);
}

static void chat_that_is_refused_holds_up_no_other(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":3600}}");
  struct outbox_row other = make_row(0, "hello");
  str_copy(other.target, sizeof other.target, "43");

  enqueue(bench, 1, "waits for an hour");
  wait_for_requests(bench, 1);
  courier_enqueue(bench->courier, &other);
  wait_for_requests(bench, 2);

  assert_sent(bench, 1, "chat_id", "43");
  assert_int_equal(bench->threads.db.rows[0].delivered, 0);
}

static void memory_holds_only_the_newest_messages_without_a_row(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":3600}}");
  enqueue(bench, 1, "kept");
  for (int i = 0; i < 500; i++) {
    struct outbox_row row = make_row(0, "answer");
    courier_enqueue(bench->courier, &row);
  }

  assert_int_equal(state_of(bench).waiting, 201);
}

static void stopping_cancels_what_hangs_and_leaves_it_for_the_next_run(void **state) {
  struct bench *bench = bench_without_courier();
  *state = bench;
  struct courier_options options = courier_options_for(bench);
  options.timeout_ms = 10 * 60 * 1000;
  bench->courier = courier_create(&options);
  bot_api_script_hang(bench->api);
  enqueue(bench, 1, "hello");
  wait_for_requests(bench, 1);

  stop_courier(bench);

  assert_int_equal(bench->threads.db.rows[0].delivered, 0);
  bench->courier = courier_create(&options);
  courier_load(bench->courier);
  wait_for_all(bench);
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static bool mark_has_failed(void *arg) {
  const struct bench *bench = arg;
  return bench->threads.failures > 0;
}

static void stopping_writes_the_marks_that_are_left(void **state) {
  struct bench *bench = *state;
  bench->threads.away = true;
  enqueue(bench, 1, "hello");
  assert_true(wait_until_loop(&bench->loop, mark_has_failed, bench));
  bench->threads.away = false;

  stop_courier(bench);

  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void without_a_token_rows_stay_in_the_outbox(void **state) {
  struct bench *bench = bench_without_courier();
  *state = bench;
  make_channels(bench, "", "42");
  struct courier_options options = courier_options_for(bench);
  bench->courier = courier_create(&options);

  store_row(bench, 1, "hello");
  courier_load(bench->courier);
  enqueue(bench, 2, "hello");
  uv_run(&bench->loop, UV_RUN_NOWAIT);

  assert_int_equal(state_of(bench).waiting, 0);
  assert_int_equal(bench->threads.db.rows[0].given_up, 0);
}

static void without_a_chat_nothing_is_given_up_and_the_words_name_the_setting(void **state) {
  struct bench *bench = bench_without_courier();
  *state = bench;
  make_channels(bench, TOKEN, NULL);
  struct courier_options options = courier_options_for(bench);
  bench->courier = courier_create(&options);

  enqueue(bench, 1, "hello");
  assert_true(wait_until_loop(&bench->loop, has_a_problem, bench));

  assert_non_null(strstr(problem_of(bench), "TELEGRAM_CHAT_ID"));
  assert_int_equal(state_of(bench).waiting, 1);
}

/* --- several channels, episodes, quiet hours --- */

static void on_added(const struct channel *channel, const struct err *err, void *arg) {
  struct bench *bench = arg;
  assert_null(err);
  bench->added = channel->id;
}

static bool is_added(void *arg) {
  return ((struct bench *)arg)->added != 0;
}

/* A second chat on the same script, quiet from..to; returns its code. */
static const char *add_chat(struct bench *bench, int quiet_from_min, int quiet_to_min) {
  static char code[CHANNEL_CODE_MAX];
  static const struct notify_setting settings[] = {{"target", "77"}};
  struct channels_draft draft = {
      .channel = {.kind = "telegram",
                  .name = "Family",
                  .enabled = true,
                  .language = "en",
                  .wish = {.quiet_from_min = quiet_from_min, .quiet_to_min = quiet_to_min}},
      .settings = settings,
      .count = 1};
  bench->added = 0;
  channels_add(bench->channels, &draft, on_added, bench);
  assert_true(wait_until_loop(&bench->loop, is_added, bench));
  return channels_code(channels_find(bench->channels, bench->added), code);
}

static void enqueue_row(struct bench *bench, const struct outbox_row *row) {
  bench->threads.db.rows[bench->threads.db.count++].row = *row;
  courier_enqueue(bench->courier, row);
}

static struct outbox_row row_for(const char *code, int64_t id, const char *text) {
  struct outbox_row row = make_row(id, text);
  str_copy(row.channel, sizeof row.channel, code);
  return row;
}

static void channel_that_hangs_holds_up_no_other(void **state) {
  struct bench *bench = *state;
  const char *code = add_chat(bench, -1, -1);
  bot_api_script_hang(bench->api);

  enqueue(bench, 1, "hangs");
  wait_for_requests(bench, 1);
  struct outbox_row row = row_for(code, 2, "arrives");
  enqueue_row(bench, &row);
  bench->expected = 1;
  assert_true(wait_until_loop(&bench->loop, is_delivered, bench));

  assert_sent(bench, 1, "text", "arrives");
  assert_sent(bench, 1, "chat_id", "77");
  assert_int_equal(courier_waiting(bench->courier, channels_at(bench->channels, 0)), 1);
  assert_int_equal(courier_waiting(bench->courier, channels_at(bench->channels, 1)), 0);
}

static struct outbox_row episode_row(int64_t id, bool update, const char *text) {
  struct outbox_row row = make_row(id, text);
  row.episode_id = 1800000000000001;
  row.update = update;
  return row;
}

static void update_edits_the_message_that_told_the_episode(void **state) {
  struct bench *bench = *state;
  struct outbox_row first = episode_row(1, false, "too hot"),
                    second = episode_row(2, true, "cooled down");

  enqueue_row(bench, &first);
  wait_for_all(bench);
  enqueue_row(bench, &second);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_non_null(strstr(bot_api_script_path(bench->api, 1), "/editMessageText"));
  assert_true(body_contains(bench, 1, "\"message_id\":7"));
  assert_sent(bench, 1, "text", "cooled down");
  assert_string_equal(bench->threads.db.rows[0].message_id, "7");
}

static void update_edits_also_after_a_restart(void **state) {
  struct bench *bench = *state;
  struct outbox_row first = episode_row(1, false, "too hot"),
                    second = episode_row(2, true, "cooled down");
  enqueue_row(bench, &first);
  wait_for_all(bench);
  stop_courier(bench);

  struct courier_options options = courier_options_for(bench);
  bench->courier = courier_create(&options);
  bench->threads.db.rows[bench->threads.db.count++].row = second;
  courier_load(bench->courier);
  wait_for_all(bench);

  assert_non_null(strstr(bot_api_script_path(bench->api, 1), "/editMessageText"));
}

static void update_whose_message_was_deleted_is_sent_anew(void **state) {
  struct bench *bench = *state;
  struct outbox_row first = episode_row(1, false, "too hot"),
                    second = episode_row(2, true, "cooled down");
  enqueue_row(bench, &first);
  wait_for_all(bench);
  bot_api_script_answer(
      bench->api, 400, "{\"ok\":false,\"description\":\"Bad Request: message to edit not found\"}");

  enqueue_row(bench, &second);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_non_null(strstr(bot_api_script_path(bench->api, 2), "/sendMessage"));
  assert_sent(bench, 2, "text", "cooled down");
  assert_int_equal(bench->threads.db.rows[1].delivered, 1);
}

static void waiting_update_gives_way_to_a_newer_one(void **state) {
  struct bench *bench = *state;
  bot_api_script_answer(bench->api, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":20}}");
  struct outbox_row first = episode_row(1, false, "too hot"),
                    older = episode_row(2, true, "hotter"),
                    newer = episode_row(3, true, "cooled down");

  enqueue_row(bench, &first);
  wait_for_requests(bench, 1);
  enqueue_row(bench, &older);
  enqueue_row(bench, &newer);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_sent(bench, 2, "text", "cooled down");
  assert_int_equal(bench->threads.db.rows[1].given_up, 1);
  assert_string_equal(bench->threads.db.rows[1].error, "a newer message says it");
}

static void what_is_held_in_quiet_hours_comes_as_one_message_after_them(void **state) {
  struct bench *bench = *state;
  int minute = channel_local_minute(clock_wall_ms());
  /* Quiet for some hours around now. */
  const char *code = add_chat(bench, (minute + CHANNEL_DAY_MIN - 120) % CHANNEL_DAY_MIN,
                              (minute + 120) % CHANNEL_DAY_MIN);
  struct outbox_row one = row_for(code, 1, "Garage is too hot\nWhat to do"),
                    two = row_for(code, 2, "Garage has cooled down"),
                    urgent = row_for(code, 3, "Cellar is offline");
  one.digest = two.digest = true;

  enqueue_row(bench, &one);
  enqueue_row(bench, &two);
  enqueue_row(bench, &urgent);
  bench->expected = 1;
  assert_true(wait_until_loop(&bench->loop, is_delivered, bench));
  assert_int_equal(bot_api_script_count(bench->api), 1);
  assert_sent(bench, 0, "text", "Cellar is offline");
  assert_int_equal(state_of(bench).waiting, 2);

  /* The owner ends the quiet hours. */
  struct channels_draft draft = {.channel = *channels_find(bench->channels, bench->added)};
  draft.channel.wish.quiet_from_min = draft.channel.wish.quiet_to_min = -1;
  channels_change(bench->channels, bench->added, &draft, on_added, bench);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_true(body_contains(bench, 1, "2 messages"));
  assert_true(body_contains(bench, 1, "Garage is too hot\\n"));
  assert_true(body_contains(bench, 1, "Garage has cooled down"));
  assert_false(body_contains(bench, 1, "What to do"));
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(bench->threads.db.rows[i].delivered, 1);
}

static void on_removed(const struct channel *channel, const struct err *err, void *arg) {
  (void)channel, (void)err, (void)arg;
}

static bool is_given_up(void *arg) {
  return ((struct bench *)arg)->threads.db.rows[0].given_up > 0;
}

static void what_waits_for_a_removed_channel_is_given_up(void **state) {
  struct bench *bench = *state;
  const char *code = add_chat(bench, -1, -1);
  bot_api_script_answer(bench->api, 429, "{\"ok\":false,\"parameters\":{\"retry_after\":3600}}");
  struct outbox_row row = row_for(code, 1, "waits");
  enqueue_row(bench, &row);
  wait_for_requests(bench, 1);

  channels_remove(bench->channels, bench->added, on_removed, bench);
  assert_true(wait_until_loop(&bench->loop, is_given_up, bench));

  assert_string_equal(bench->threads.db.rows[0].error, "the channel was removed");
  assert_int_equal(state_of(bench).waiting, 0);
}

static void next_message_waits_until_the_outbox_knows_of_the_one_before(void **state) {
  struct bench *bench = *state;
  bench->threads.slow = true;

  enqueue(bench, 1, "first");
  enqueue(bench, 2, "second");
  bench->expected = 1;
  assert_true(wait_until_loop(&bench->loop, is_delivered, bench));
  int64_t until_ms = clock_mono_ms() + 100;
  while (clock_mono_ms() < until_ms)
    uv_run(&bench->loop, UV_RUN_NOWAIT);
  size_t asked = bot_api_script_count(bench->api);
  bench->threads.slow = false;
  uv_timer_start(&bench->threads.timer, run_tasks, 0, 0);
  wait_for_all(bench);

  assert_int_equal(asked, 1);
  assert_int_equal(bot_api_script_count(bench->api), 2);
}

/* --- pictures --- */

static struct outbox_row letter_row(struct bench *bench, int64_t id) {
  struct outbox_row row =
      make_row(id, "Garage: all was well\n▁▂▃▄▅▆▇ (a bar for each day)\nNo alerts.");
  str_copy(row.picture, sizeof row.picture, "hashrate 1795276800000 1795363200000 0");
  bench->threads.db.rows[bench->threads.db.count++].row = row;
  return row;
}

static void what_a_message_shows_is_drawn_when_it_is_sent(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_int_equal(bench->artist.drawn, 1);
  assert_int_equal(bench->artist.ref.from_ms, 1795276800000);
  assert_non_null(strstr(bot_api_script_path(bench->api, 0), "/sendPhoto"));
  assert_true(body_contains(bench, 0, "\x89PNG"));
  assert_true(body_contains(bench, 0, "Garage: all was well\nNo alerts."));
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void what_cannot_be_drawn_goes_as_text_with_its_bars(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);
  bench->artist.fails = true;

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_non_null(strstr(bot_api_script_path(bench->api, 0), "/sendMessage"));
  assert_true(body_contains(bench, 0, "▁▂▃"));
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void a_picture_that_is_refused_does_not_take_the_text_with_it(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);
  bot_api_script_answer(bench->api, 400,
                        "{\"ok\":false,\"description\":\"Bad Request: not enough rights to send "
                        "photos to the chat\"}");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_non_null(strstr(bot_api_script_path(bench->api, 1), "/sendMessage"));
  assert_true(body_contains(bench, 1, "▁▂▃"));
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
  assert_int_equal(bench->threads.db.rows[0].given_up, 0);
}

static void a_picture_is_drawn_once_for_all_attempts_and_what_follows_waits(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);
  bot_api_script_answer(bench->api, 500, "{}");

  courier_enqueue(bench->courier, &row);
  enqueue(bench, 2, "Garage is too hot");
  wait_for_all(bench);

  assert_int_equal(bench->artist.drawn, 1);
  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_non_null(strstr(bot_api_script_path(bench->api, 1), "/sendPhoto"));
  assert_sent(bench, 2, "text", "Garage is too hot");
}

static void a_letter_too_long_for_a_caption_keeps_its_bars(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);
  size_t length = strlen(row.text);
  memset(row.text + length, 'x', 1100);
  row.text[length + 1100] = '\0';

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_non_null(strstr(bot_api_script_path(bench->api, 0), "/sendMessage"));
  assert_true(body_contains(bench, 0, "▁▂▃"));
}

/* --- a service that needs several requests for a picture --- */

static const char *add_room(struct bench *bench) {
  static char code[CHANNEL_CODE_MAX];
  const struct notify_setting settings[] = {
      {"server", bot_api_script_url(bench->api)}, {"target", "!room:home"}, {"token", "secret"}};
  const struct channels_draft draft = {
      .channel = {.kind = "matrix", .name = "Room", .enabled = true, .language = "en"},
      .settings = settings,
      .count = sizeof settings / sizeof settings[0]};
  bench->added = 0;
  channels_add(bench->channels, &draft, on_added, bench);
  assert_true(wait_until_loop(&bench->loop, is_added, bench));
  return channels_code(channels_find(bench->channels, bench->added), code);
}

static struct outbox_row room_letter(struct bench *bench, int64_t id) {
  struct outbox_row row = letter_row(bench, id);
  str_copy(row.channel, sizeof row.channel, add_room(bench));
  return row;
}

static void steps_of_a_picture_come_in_order_and_carry_on(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = room_letter(bench, 1);
  bot_api_script_answer(bench->api, 200, "{\"content_uri\":\"mxc://home/abc\"}");
  bot_api_script_answer(bench->api, 200, "{\"event_id\":\"$1\"}");
  bot_api_script_answer(bench->api, 200, "{\"event_id\":\"$2\"}");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_non_null(strstr(bot_api_script_path(bench->api, 0), "/_matrix/media/v3/upload"));
  assert_sent(bench, 1, "url", "mxc://home/abc");
  assert_sent(bench, 2, "body", "Garage: all was well\nNo alerts.");
  assert_int_equal(state_of(bench).delivered, 1);
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void a_step_that_fails_begins_anew_with_the_first(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = room_letter(bench, 1);
  bot_api_script_answer(bench->api, 200, "{\"content_uri\":\"mxc://home/abc\"}");
  bot_api_script_answer(bench->api, 502, "");
  bot_api_script_answer(bench->api, 200, "{\"content_uri\":\"mxc://home/def\"}");
  bot_api_script_answer(bench->api, 200, "{\"event_id\":\"$1\"}");
  bot_api_script_answer(bench->api, 200, "{\"event_id\":\"$2\"}");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 5);
  assert_sent(bench, 3, "url", "mxc://home/def");
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static void an_upload_that_is_forbidden_leaves_the_text(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = room_letter(bench, 1);
  bot_api_script_answer(bench->api, 403, "{\"errcode\":\"M_FORBIDDEN\"}");
  bot_api_script_answer(bench->api, 200, "{\"event_id\":\"$1\"}");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 2);
  assert_true(body_contains(bench, 1, "▁▂▃"));
  assert_int_equal(bench->threads.db.rows[0].delivered, 1);
}

static bool is_drawing(void *arg) {
  return ((struct bench *)arg)->artist.drawn > 0;
}

static void a_stop_while_a_picture_is_drawn_leaves_the_letter_for_the_next_run(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = letter_row(bench, 1);
  bench->artist.hangs = true;

  courier_enqueue(bench->courier, &row);
  assert_true(wait_until_loop(&bench->loop, is_drawing, bench));
  stop_courier(bench);

  assert_int_equal(bot_api_script_count(bench->api), 0);
  assert_int_equal(bench->threads.db.rows[0].delivered, 0);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OWN_TEST(name) cmocka_unit_test_teardown(name, teardown)

/* --- messages of a batch that waits in the spool --- */

static struct outbox_row make_spooled(size_t index, const char *text) {
  return make_row(courier_provisional(7, index), text);
}

/* The spooled batch is moved: its message is written, and adopted. */
static void move(struct bench *bench, struct outbox_row *row, int64_t id, int64_t told_ms) {
  int64_t provisional = row->id;
  row->id = id;
  bench->threads.db.rows[bench->threads.db.count++].row = *row;
  courier_adopt(bench->courier, provisional, row, told_ms);
}

static const struct stored_row *stored(struct bench *bench, int64_t id) {
  return row_find(&bench->threads.db, id);
}

static void what_is_moved_before_it_was_sent_is_sent_once_and_known_as_delivered(void **state) {
  struct bench *bench = *state;
  struct outbox_row first = make_spooled(1, "one"), second = make_spooled(2, "two");
  bot_api_script_answer(bench->api, 500, "{}");

  courier_enqueue(bench->courier, &first);
  courier_enqueue(bench->courier, &second);
  assert_true(wait_until_loop(&bench->loop, has_a_problem, bench));
  move(bench, &first, 31, 0);
  move(bench, &second, 32, 0);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_sent(bench, 1, "text", "one");
  assert_sent(bench, 2, "text", "two");
  assert_int_equal(stored(bench, 31)->delivered, 1);
  assert_int_equal(stored(bench, 32)->delivered, 1);
}

static void what_is_moved_after_it_was_sent_is_known_as_delivered(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = make_spooled(1, "one");

  courier_enqueue(bench->courier, &row);
  wait_for_all(bench);
  move(bench, &row, 31, 0);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 1);
  assert_int_equal(stored(bench, 31)->delivered, 1);
}

static void what_an_earlier_run_sent_is_known_as_delivered(void **state) {
  struct bench *bench = *state;
  struct outbox_row told = make_spooled(1, "one"), untold = make_spooled(2, "two");

  move(bench, &told, 31, clock_wall_ms());
  move(bench, &untold, 32, 0);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 1);
  assert_sent(bench, 0, "text", "two");
  assert_int_equal(stored(bench, 31)->delivered, 1);
  assert_int_equal(stored(bench, 32)->delivered, 1);
}

/* The rows were committed, then read by the load, and only then adopted. */
static void what_was_moved_while_the_load_was_reading_is_sent_once(void **state) {
  struct bench *bench = *state;
  struct outbox_row row = make_spooled(1, "one");
  bot_api_script_answer(bench->api, 500, "{}");
  bot_api_script_answer(bench->api, 500, "{}");

  courier_enqueue(bench->courier, &row);
  assert_true(wait_until_loop(&bench->loop, has_a_problem, bench));
  int64_t provisional = row.id;
  row.id = 31;
  bench->threads.db.rows[bench->threads.db.count++].row = row;
  courier_load(bench->courier);
  wait_for_requests(bench, 2);
  courier_adopt(bench->courier, provisional, &row, 0);
  wait_for_all(bench);

  assert_int_equal(bot_api_script_count(bench->api), 3);
  assert_int_equal(state_of(bench).delivered, 1);
  assert_int_equal(stored(bench, 31)->delivered, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      BENCH_TEST(committed_message_is_delivered_and_marked),
      BENCH_TEST(order_is_kept_across_failures),
      BENCH_TEST(failure_is_said_in_words_until_a_message_gets_through),
      BENCH_TEST(retry_after_is_waited_for_and_outlives_the_run),
      OWN_TEST(service_that_hangs_is_asked_again),
      BENCH_TEST(refused_message_is_given_up_and_the_next_one_tried),
      BENCH_TEST(token_is_in_no_words_even_if_the_service_repeats_it),
      BENCH_TEST(mark_is_retried_and_the_message_not_sent_twice),
      BENCH_TEST(messages_of_an_earlier_run_go_first_and_say_when_it_happened),
      BENCH_TEST(row_that_comes_both_ways_is_sent_once),
      BENCH_TEST(load_waits_for_a_database_that_is_away),
      BENCH_TEST(answer_that_is_not_kept_goes_to_its_own_chat),
      BENCH_TEST(chat_that_is_refused_holds_up_no_other),
      BENCH_TEST(memory_holds_only_the_newest_messages_without_a_row),
      OWN_TEST(stopping_cancels_what_hangs_and_leaves_it_for_the_next_run),
      BENCH_TEST(stopping_writes_the_marks_that_are_left),
      BENCH_TEST(channel_that_hangs_holds_up_no_other),
      BENCH_TEST(update_edits_the_message_that_told_the_episode),
      BENCH_TEST(update_edits_also_after_a_restart),
      BENCH_TEST(update_whose_message_was_deleted_is_sent_anew),
      BENCH_TEST(waiting_update_gives_way_to_a_newer_one),
      BENCH_TEST(what_is_held_in_quiet_hours_comes_as_one_message_after_them),
      BENCH_TEST(what_waits_for_a_removed_channel_is_given_up),
      BENCH_TEST(next_message_waits_until_the_outbox_knows_of_the_one_before),
      BENCH_TEST(what_a_message_shows_is_drawn_when_it_is_sent),
      BENCH_TEST(what_cannot_be_drawn_goes_as_text_with_its_bars),
      BENCH_TEST(a_picture_that_is_refused_does_not_take_the_text_with_it),
      BENCH_TEST(a_picture_is_drawn_once_for_all_attempts_and_what_follows_waits),
      BENCH_TEST(a_letter_too_long_for_a_caption_keeps_its_bars),
      BENCH_TEST(a_stop_while_a_picture_is_drawn_leaves_the_letter_for_the_next_run),
      BENCH_TEST(steps_of_a_picture_come_in_order_and_carry_on),
      BENCH_TEST(a_step_that_fails_begins_anew_with_the_first),
      BENCH_TEST(an_upload_that_is_forbidden_leaves_the_text),
      BENCH_TEST(what_is_moved_before_it_was_sent_is_sent_once_and_known_as_delivered),
      BENCH_TEST(what_is_moved_after_it_was_sent_is_known_as_delivered),
      BENCH_TEST(what_an_earlier_run_sent_is_known_as_delivered),
      BENCH_TEST(what_was_moved_while_the_load_was_reading_is_sent_once),
      OWN_TEST(without_a_token_rows_stay_in_the_outbox),
      OWN_TEST(without_a_chat_nothing_is_given_up_and_the_words_name_the_setting),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
