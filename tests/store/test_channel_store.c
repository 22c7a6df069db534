#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "store/channel_store.h"
#include "store_fixture.h"

/* What a visit saw, its borrowed parts copied. */
struct seen {
  struct channel_row row;
  int64_t miners[4];
  char settings[64], secret[64];
  size_t count;
};

static void take(const struct channel_row *row, void *arg) {
  struct seen *seen = arg;
  seen->row = *row;
  seen->count++;
  assert_true(row->channel.wish.miner_count <= 4);
  for (size_t i = 0; i < row->channel.wish.miner_count; i++)
    seen->miners[i] = row->channel.wish.miners[i];
  str_copy(seen->settings, sizeof seen->settings, row->settings);
  str_copy(seen->secret, sizeof seen->secret, row->secret);
}

static struct seen look(struct db *db) {
  struct seen seen = {.count = 0};
  struct err err;
  assert_true(channel_store_each(db, take, &seen, &err));
  return seen;
}

static const int64_t some_miners[] = {3, 17};

static struct channel_row make_row(void) {
  return (struct channel_row){.channel = {.kind = "ntfy",
                                          .name = "Phone",
                                          .enabled = true,
                                          .wish = {.least_severity = ALERT_WARNING,
                                                   .good_news = true,
                                                   .miners = some_miners,
                                                   .miner_count = 2,
                                                   .quiet_from_min = 1320,
                                                   .quiet_to_min = 420,
                                                   .critical_passes = true},
                                          .language = "en",
                                          .own_language = true,
                                          .target = "garage",
                                          .role = CHANNEL_MEMBER,
                                          .letter = CHANNEL_LETTER_WEEKLY,
                                          .letter_hour = 20,
                                          .created_ms = 1800000000000},
                              .settings = "{\"server\":\"http://home\"}",
                              .secret = "c2VhbGVk"};
}

static struct channel_row insert(struct db *db) {
  struct channel_row row = make_row();
  struct err err;
  assert_true(channel_store_insert(db, &row, &err));
  return row;
}

static void channel_comes_back_as_it_was_kept(void **state) {
  struct db *db = store_fixture_db(state);
  struct channel_row row = insert(db);

  struct seen seen = look(db);

  const struct channel *channel = &seen.row.channel;
  assert_int_equal(seen.count, 1);
  assert_int_equal(channel->id, row.channel.id);
  assert_string_equal(channel->kind, "ntfy");
  assert_string_equal(channel->name, "Phone");
  assert_string_equal(channel->target, "garage");
  assert_string_equal(channel->language, "en");
  assert_true(channel->enabled && channel->wish.good_news && channel->wish.critical_passes);
  assert_int_equal(channel->wish.least_severity, ALERT_WARNING);
  assert_int_equal(channel->wish.quiet_from_min, 1320);
  assert_int_equal(channel->wish.quiet_to_min, 420);
  assert_int_equal(channel->role, CHANNEL_MEMBER);
  assert_int_equal(channel->wish.miner_count, 2);
  assert_int_equal(seen.miners[1], 17);
  assert_string_equal(seen.settings, row.settings);
  assert_string_equal(seen.secret, row.secret);
  assert_int_equal(channel->last_ok_ms, 0);
}

static void change_replaces_all_and_unset_quiet_hours_stay_unset(void **state) {
  struct db *db = store_fixture_db(state);
  struct channel_row row = insert(db);
  struct err err;
  row.channel.wish.miner_count = 0;
  row.channel.wish.quiet_from_min = row.channel.wish.quiet_to_min = -1;
  row.channel.enabled = false;
  row.secret = "";

  assert_true(channel_store_update(db, &row, &err));

  struct seen seen = look(db);
  assert_false(seen.row.channel.enabled);
  assert_int_equal(seen.row.channel.wish.miner_count, 0);
  assert_int_equal(seen.row.channel.wish.quiet_from_min, -1);
  assert_string_equal(seen.secret, "");
}

static void state_of_the_last_attempt_is_kept(void **state) {
  struct db *db = store_fixture_db(state);
  struct channel_row row = insert(db);
  struct err err;
  row.channel.last_error_ms = 1800000000500;
  str_copy(row.channel.last_error, sizeof row.channel.last_error, "the topic is not allowed");

  assert_true(channel_store_update_state(db, &row.channel, &err));

  struct seen seen = look(db);
  assert_string_equal(seen.row.channel.last_error, "the topic is not allowed");
  assert_int_equal(seen.row.channel.last_error_ms, 1800000000500);
}

static void removed_channel_is_gone(void **state) {
  struct db *db = store_fixture_db(state);
  struct channel_row row = insert(db);
  struct err err;

  assert_true(channel_store_remove(db, row.channel.id, &err));

  assert_int_equal(look(db).count, 0);
  assert_false(channel_store_remove(db, row.channel.id, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(channel_store_update(db, &row, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(channel_comes_back_as_it_was_kept),
      cmocka_unit_test(change_replaces_all_and_unset_quiet_hours_stay_unset),
      cmocka_unit_test(state_of_the_last_attempt_is_kept),
      cmocka_unit_test(removed_channel_is_gone),
  };
  return store_fixture_run("channel_store", tests, sizeof tests / sizeof tests[0]);
}
