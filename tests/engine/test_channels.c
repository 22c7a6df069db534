/* The live list of channels over a real database in a file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/channels.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

#define TOKEN "12345:very-secret"

struct bench {
  uv_loop_t loop;
  struct temp_dir dir;
  struct db_threads *db;
  struct channels *channels;
  char *key_path, url[TEMP_DIR_MAX + 32];
  int changes;
  /* of the last answer */
  bool answered, ok;
  int64_t id;
  struct err err;
};

static void on_changed(void *arg) {
  ((struct bench *)arg)->changes++;
}

static void on_done(const struct channel *channel, const struct err *err, void *arg) {
  struct bench *bench = arg;
  bench->answered = true;
  bench->ok = err == NULL;
  bench->id = channel == NULL ? 0 : channel->id;
  if (err != NULL)
    bench->err = *err;
}

static void open_list(struct bench *bench, const char *token) {
  struct db_threads_options threads = {.url = bench->url};
  struct db *db;
  struct err err;
  assert_true(db_threads_start(&bench->db, &bench->loop, &threads, &err));
  assert_true(channels_create(&bench->channels,
                              &(struct channels_options){.db = bench->db,
                                                         .key_path = bench->key_path,
                                                         .telegram_token = token,
                                                         .telegram_chat = "42",
                                                         .changed = on_changed,
                                                         .arg = bench},
                              &err));
  assert_true(db_open(&db, bench->url, DB_READ_ONLY, &err));
  assert_true(channels_load(bench->channels, db, &err));
  db_close(db);
}

static void close_list(struct bench *bench) {
  db_threads_stop(bench->db);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  channels_destroy(bench->channels);
}

static int setup(void **state) {
  struct bench *bench = mem_alloc(sizeof *bench);
  uv_loop_init(&bench->loop);
  temp_dir_create(&bench->dir);
  bench->key_path = temp_dir_file(&bench->dir, "secret.key");
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  open_list(bench, TOKEN);
  *state = bench;
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  close_list(bench);
  int left = uv_loop_close(&bench->loop);
  temp_dir_destroy(&bench->dir);
  free(bench->key_path);
  free(bench);
  return left;
}

static bool is_answered(void *arg) {
  return ((struct bench *)arg)->answered;
}

static void wait_for_answer(struct bench *bench) {
  assert_true(wait_until_loop(&bench->loop, is_answered, bench));
  bench->answered = false;
}

static const struct notify_setting chat_99[] = {{"target", "99"}, {"token", "99:other-secret"}};

static struct channels_draft make_draft(void) {
  struct channels_draft draft = {.channel = {.kind = "telegram",
                                             .name = "Family",
                                             .enabled = true,
                                             .role = CHANNEL_VIEWER,
                                             .wish = {.least_severity = ALERT_WARNING,
                                                      .quiet_from_min = -1,
                                                      .quiet_to_min = -1}},
                                 .settings = chat_99,
                                 .count = 2};
  return draft;
}

static int64_t add_family(struct bench *bench) {
  struct channels_draft draft = make_draft();
  channels_add(bench->channels, &draft, on_done, bench);
  wait_for_answer(bench);
  assert_true(bench->ok);
  return bench->id;
}

static void chat_of_the_environment_stands_first_and_wants_everything(void **state) {
  struct bench *bench = *state;
  const struct channel *channel = channels_at(bench->channels, 0);
  char code[CHANNEL_CODE_MAX];

  assert_int_equal(channels_count(bench->channels), 1);
  assert_int_equal(channel->id, 0);
  assert_string_equal(channels_code(channel, code), "telegram");
  assert_ptr_equal(channels_find_code(bench->channels, "telegram"), channel);
  assert_int_equal(channels_find_chat(bench->channels, "42")->role, CHANNEL_OWNER);
  assert_int_equal(
      channels_wants(channel, &(struct channel_matter){ALERT_INFO, true, 3}, 1800000000000),
      CHANNEL_NOW);
  struct notify_channel settings = channels_settings(bench->channels, channel);
  assert_string_equal(notifier_setting(&settings, "token"), TOKEN);
  assert_string_equal(notifier_setting(&settings, "server"), "https://api.telegram.org");
  assert_string_equal(notifier_setting(&settings, "target"), "42");
}

static void added_channel_is_there_in_the_next_run_with_its_secret(void **state) {
  struct bench *bench = *state;
  int64_t id = add_family(bench);
  char code[CHANNEL_CODE_MAX];

  close_list(bench);
  open_list(bench, "");

  const struct channel *channel = channels_find(bench->channels, id);
  assert_non_null(channel);
  assert_int_equal(channels_count(bench->channels), 1); /* no bot in the environment now */
  assert_string_equal(channel->name, "Family");
  assert_ptr_equal(channels_find_code(bench->channels, channels_code(channel, code)), channel);
  assert_ptr_equal(channels_find_chat(bench->channels, "99"), channel);
  struct notify_channel settings = channels_settings(bench->channels, channel);
  assert_string_equal(notifier_setting(&settings, "token"), "99:other-secret");
}

static void secret_is_in_no_file_as_it_is(void **state) {
  struct bench *bench = *state;
  add_family(bench);
  static const char *const names[] = {"monitor.db", "monitor.db-wal"};
  for (size_t i = 0; i < 2; i++) {
    char *path = temp_dir_file(&bench->dir, names[i]);
    FILE *file = fopen(path, "rb");
    char *bytes = mem_alloc(4 << 20);
    size_t length = file == NULL ? 0 : fread(bytes, 1, 4 << 20, file);

    assert_null(memmem(bytes, length, "other-secret", 12));

    if (file != NULL)
      fclose(file);
    free(bytes);
    free(path);
  }
}

static void chat_without_a_token_uses_the_bot_of_the_environment(void **state) {
  struct bench *bench = *state;
  struct channels_draft draft = make_draft();
  draft.count = 1;

  channels_add(bench->channels, &draft, on_done, bench);
  wait_for_answer(bench);

  struct notify_channel settings =
      channels_settings(bench->channels, channels_find(bench->channels, bench->id));
  assert_string_equal(notifier_setting(&settings, "token"), TOKEN);
  assert_string_equal(
      channels_setting(bench->channels, channels_find(bench->channels, bench->id), "token"), "");
}

static void channel_without_a_language_speaks_that_of_the_household(void **state) {
  struct bench *bench = *state;
  static const struct notify_setting chat_100[] = {{"target", "100"}, {"token", "99:other"}};
  int64_t following = add_family(bench);
  struct channels_draft draft = make_draft();
  draft.settings = chat_100;
  draft.channel.own_language = true;
  snprintf(draft.channel.language, sizeof draft.channel.language, "es");
  channels_add(bench->channels, &draft, on_done, bench);
  wait_for_answer(bench);
  int64_t own = bench->id;
  assert_string_equal(channels_find(bench->channels, following)->language, "en");

  channels_set_language(bench->channels, "de");

  assert_string_equal(channels_at(bench->channels, 0)->language, "de");
  assert_string_equal(channels_find(bench->channels, following)->language, "de");
  assert_string_equal(channels_find(bench->channels, own)->language, "es");
}

static void language_of_a_channel_is_there_in_the_next_run(void **state) {
  struct bench *bench = *state;
  int64_t following = add_family(bench);
  struct channels_draft draft = {.channel = *channels_find(bench->channels, following)};
  channels_set_language(bench->channels, "de");

  close_list(bench);
  open_list(bench, "");
  assert_false(channels_find(bench->channels, following)->own_language);
  assert_string_equal(channels_find(bench->channels, following)->language, "en");
  draft.channel.own_language = true;
  snprintf(draft.channel.language, sizeof draft.channel.language, "es");
  channels_change(bench->channels, following, &draft, on_done, bench);
  wait_for_answer(bench);
  close_list(bench);
  open_list(bench, "");

  assert_true(channels_find(bench->channels, following)->own_language);
  assert_string_equal(channels_find(bench->channels, following)->language, "es");
}

static void wrong_drafts_are_refused_with_words_and_keep_nothing(void **state) {
  struct bench *bench = *state;
  static const struct notify_setting chat_42[] = {{"target", "42"}};
  static const struct notify_setting odd[] = {{"target", "7"}, {"feathers", "3"}};
  static const struct notify_setting bad_url[] = {{"target", "7"}, {"server", "ftp://x"}};
  static const struct {
    const char *kind, *name;
    const struct notify_setting *settings;
    size_t count;
    enum err_code code;
    const char *words;
  } cases[] = {
      {"pigeon", "x", chat_99, 2, ERR_INVALID, "`kind`"},
      {"telegram", "", chat_99, 2, ERR_INVALID, "`name`"},
      {"telegram", "x", NULL, 0, ERR_INVALID, "`target`"},
      {"telegram", "x", odd, 2, ERR_INVALID, "`feathers`"},
      {"telegram", "x", bad_url, 2, ERR_INVALID, "`server`"},
      {"telegram", "x", chat_42, 1, ERR_CONFLICT, "linked already"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct channels_draft draft = make_draft();
    str_copy(draft.channel.kind, sizeof draft.channel.kind, cases[i].kind);
    str_copy(draft.channel.name, sizeof draft.channel.name, cases[i].name);
    draft.settings = cases[i].settings;
    draft.count = cases[i].count;

    channels_add(bench->channels, &draft, on_done, bench);
    wait_for_answer(bench);

    assert_false(bench->ok);
    assert_int_equal(bench->err.code, cases[i].code);
    assert_non_null(strstr(bench->err.text, cases[i].words));
    assert_int_equal(channels_count(bench->channels), 1);
  }
}

static void change_keeps_the_secret_that_is_not_given(void **state) {
  struct bench *bench = *state;
  int64_t id = add_family(bench);
  static const struct notify_setting other_chat[] = {{"target", "100"}};
  struct channels_draft draft = {
      .channel = *channels_find(bench->channels, id), .settings = other_chat, .count = 1};
  draft.channel.enabled = false;

  channels_change(bench->channels, id, &draft, on_done, bench);
  wait_for_answer(bench);

  const struct channel *channel = channels_find(bench->channels, id);
  assert_true(bench->ok);
  assert_false(channel->enabled);
  assert_string_equal(channel->target, "100");
  assert_string_equal(channels_setting(bench->channels, channel, "token"), "99:other-secret");
  assert_null(channels_find_chat(bench->channels, "100")); /* switched off */
  assert_int_equal(bench->changes, 2);
}

static void chat_of_the_environment_is_changed_there(void **state) {
  struct bench *bench = *state;
  struct channels_draft draft = make_draft();

  channels_change(bench->channels, 0, &draft, on_done, bench);
  wait_for_answer(bench);
  assert_int_equal(bench->err.code, ERR_CONFLICT);
  assert_non_null(strstr(bench->err.text, "TELEGRAM_CHAT_ID"));
  channels_remove(bench->channels, 0, on_done, bench);
  wait_for_answer(bench);
  assert_int_equal(bench->err.code, ERR_CONFLICT);
}

static void removed_channel_is_found_no_more(void **state) {
  struct bench *bench = *state;
  int64_t id = add_family(bench);

  channels_remove(bench->channels, id, on_done, bench);
  wait_for_answer(bench);

  assert_true(bench->ok);
  assert_null(channels_find(bench->channels, id));
  channels_remove(bench->channels, id, on_done, bench);
  wait_for_answer(bench);
  assert_int_equal(bench->err.code, ERR_NOT_FOUND);
}

static void lost_key_is_said_and_the_rest_of_the_channel_stays(void **state) {
  struct bench *bench = *state;
  int64_t id = add_family(bench);
  close_list(bench);
  assert_int_equal(remove(bench->key_path), 0);

  open_list(bench, TOKEN);

  const struct channel *channel = channels_find(bench->channels, id);
  assert_string_equal(channel->name, "Family");
  assert_non_null(strstr(channel->last_error, "Enter it again"));
  assert_true(channels_is_dead(bench->channels, channel));
}

static void note(struct bench *bench, enum notify_verdict verdict, bool needs_owner,
                 int64_t now_ms) {
  struct notify_result result = {
      .verdict = verdict, .needs_owner = needs_owner, .text = "the words"};
  channels_note(bench->channels, channels_at(bench->channels, 0), &result, now_ms);
}

static void channel_dies_after_five_minutes_of_failures_and_lives_again(void **state) {
  struct bench *bench = *state;

  for (int i = 0; i < 30; i++)
    note(bench, NOTIFY_RETRY, false, 1000 + i * 1000);
  assert_false(channels_is_dead(bench->channels, channels_at(bench->channels, 0)));
  note(bench, NOTIFY_RETRY, false, 1000 + 5 * 60 * 1000);
  assert_true(channels_is_dead(bench->channels, channels_at(bench->channels, 0)));
  assert_string_equal(channels_at(bench->channels, 0)->last_error, "the words");
  note(bench, NOTIFY_DELIVERED, false, 1000 + 7 * 60 * 1000);

  assert_string_equal(channels_at(bench->channels, 0)->last_error, "");
  assert_false(channels_is_dead(bench->channels, channels_at(bench->channels, 0)));
}

static void channel_that_needs_its_owner_dies_at_once(void **state) {
  struct bench *bench = *state;

  note(bench, NOTIFY_RETRY, true, 1000);

  assert_true(channels_is_dead(bench->channels, channels_at(bench->channels, 0)));
}

static void words_that_repeat_a_secret_are_replaced(void **state) {
  struct bench *bench = *state;
  char text[100] = "no such bot " TOKEN;

  channels_hide_secrets(bench->channels, channels_at(bench->channels, 0), text, sizeof text);

  assert_null(strstr(text, TOKEN));
  assert_true(text[0] != '\0');
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      CLAIM(chat_of_the_environment_stands_first_and_wants_everything),
      CLAIM(added_channel_is_there_in_the_next_run_with_its_secret),
      CLAIM(secret_is_in_no_file_as_it_is),
      CLAIM(chat_without_a_token_uses_the_bot_of_the_environment),
      CLAIM(channel_without_a_language_speaks_that_of_the_household),
      CLAIM(language_of_a_channel_is_there_in_the_next_run),
      CLAIM(wrong_drafts_are_refused_with_words_and_keep_nothing),
      CLAIM(change_keeps_the_secret_that_is_not_given),
      CLAIM(chat_of_the_environment_is_changed_there),
      CLAIM(removed_channel_is_found_no_more),
      CLAIM(lost_key_is_said_and_the_rest_of_the_channel_stays),
      CLAIM(channel_dies_after_five_minutes_of_failures_and_lives_again),
      CLAIM(channel_that_needs_its_owner_dies_at_once),
      CLAIM(words_that_repeat_a_secret_are_replaced),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
