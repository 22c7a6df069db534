#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "store/outbox_store.h"
#include "store_fixture.h"

struct pending {
  struct outbox_row rows[4];
  size_t count;
};

static void collect(const struct outbox_row *row, void *arg) {
  struct pending *pending = arg;
  assert_true(pending->count < 4);
  pending->rows[pending->count++] = *row;
}

static struct pending all_pending(struct db *db) {
  struct err err;
  struct pending pending = {.count = 0};
  assert_true(outbox_store_pending(db, collect, &pending, &err));
  return pending;
}

static struct outbox_row insert(struct db *db, const char *text) {
  struct err err;
  struct outbox_row row = {.created_ms = 1800000000000, .next_ms = 1800000005000};
  str_copy(row.channel, sizeof row.channel, "telegram");
  str_copy(row.target, sizeof row.target, "12345");
  str_copy(row.text, sizeof row.text, text);
  assert_true(outbox_store_insert(db, &row, &err));
  return row;
}

static void messages_wait_in_the_order_they_came(void **state) {
  struct db *db = store_fixture_db(state);
  struct outbox_row first = insert(db, "Garage is too hot: 72 \xc2\xb0"
                                       "C");
  struct outbox_row second = insert(db, "");

  struct pending pending = all_pending(db);

  assert_int_equal(pending.count, 2);
  assert_int_equal(pending.rows[0].id, first.id);
  assert_int_equal(pending.rows[1].id, second.id);
  assert_string_equal(pending.rows[0].channel, "telegram");
  assert_string_equal(pending.rows[0].target, "12345");
  assert_string_equal(pending.rows[0].text, first.text);
  assert_int_equal(pending.rows[0].created_ms, first.created_ms);
  assert_int_equal(pending.rows[0].next_ms, first.next_ms);
  assert_int_equal(pending.rows[0].attempts, 0);
}

static void the_longest_message_comes_back_whole(void **state) {
  struct db *db = store_fixture_db(state);
  char text[OUTBOX_TEXT_MAX];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';

  insert(db, text);

  assert_string_equal(all_pending(db).rows[0].text, text);
}

static void delivered_and_given_up_messages_wait_no_more(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct outbox_row delivered = insert(db, "a");
  struct outbox_row given_up = insert(db, "b");
  struct outbox_row waiting = insert(db, "c");

  assert_true(outbox_store_delivered(db, delivered.id, 1800000009000, "7", &err));
  assert_true(outbox_store_give_up(db, given_up.id, 1800000009000, "chat not found", &err));

  struct pending pending = all_pending(db);
  assert_int_equal(pending.count, 1);
  assert_int_equal(pending.rows[0].id, waiting.id);
}

static void a_retry_says_how_often_and_when(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct outbox_row row = insert(db, "a");

  assert_true(outbox_store_retry(db, row.id, 3, 1800000060000, "timed out", &err));

  struct pending pending = all_pending(db);
  assert_int_equal(pending.count, 1);
  assert_int_equal(pending.rows[0].attempts, 3);
  assert_int_equal(pending.rows[0].next_ms, 1800000060000);
}

static void marking_what_is_not_there_is_an_error(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;

  assert_false(outbox_store_delivered(db, 77, 1, "", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(outbox_store_retry(db, 77, 1, 1, "x", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(outbox_store_give_up(db, 77, 1, "x", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void what_an_update_needs_to_know_comes_back(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct outbox_row row = {.created_ms = 1800000000000,
                           .episode_id = 1800000000000001,
                           .update = true,
                           .buttons = true,
                           .digest = true,
                           .severity = ALERT_CRITICAL};
  str_copy(row.channel, sizeof row.channel, "c12");
  str_copy(row.picture, sizeof row.picture, "hashrate 1 2 0");

  assert_true(outbox_store_insert(db, &row, &err));

  struct pending pending = all_pending(db);
  assert_int_equal(pending.count, 1);
  assert_true(pending.rows[0].episode_id == row.episode_id);
  assert_true(pending.rows[0].update && pending.rows[0].buttons && pending.rows[0].digest);
  assert_int_equal(pending.rows[0].severity, ALERT_CRITICAL);
  assert_string_equal(pending.rows[0].picture, "hashrate 1 2 0");
}

struct told {
  char text[200];
};

static void note_told(const struct outbox_told *told, void *arg) {
  struct told *all = arg;
  size_t length = strlen(all->text);
  snprintf(all->text + length, sizeof all->text - length, "%s/%s/%lld/%s;", told->channel,
           told->target, (long long)told->episode_id, told->message_id);
}

static void messages_of_an_episode_that_can_be_edited_are_known_after_a_restart(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct told told = {""};
  struct outbox_row old = insert(db, "tells no episode");
  struct outbox_row row = {.created_ms = 1800000000000, .episode_id = 42};
  str_copy(row.channel, sizeof row.channel, "c12");
  assert_true(outbox_store_insert(db, &row, &err));
  assert_true(outbox_store_delivered(db, old.id, 1800000009000, "6", &err));
  assert_true(outbox_store_delivered(db, row.id, 1800000009000, "$abc:home", &err));
  struct outbox_row nameless = {.created_ms = 1800000000000, .episode_id = 43};
  assert_true(outbox_store_insert(db, &nameless, &err));
  assert_true(outbox_store_delivered(db, nameless.id, 1800000009000, "", &err));

  assert_true(outbox_store_told(db, 1800000000000, note_told, &told, &err));
  assert_string_equal(told.text, "c12//42/$abc:home;");
  assert_true(outbox_store_told(db, 1800000000001, note_told, &told, &err));
  assert_string_equal(told.text, "c12//42/$abc:home;");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_wait_in_the_order_they_came),
      cmocka_unit_test(the_longest_message_comes_back_whole),
      cmocka_unit_test(delivered_and_given_up_messages_wait_no_more),
      cmocka_unit_test(a_retry_says_how_often_and_when),
      cmocka_unit_test(marking_what_is_not_there_is_an_error),
      cmocka_unit_test(what_an_update_needs_to_know_comes_back),
      cmocka_unit_test(messages_of_an_episode_that_can_be_edited_are_known_after_a_restart),
  };
  return store_fixture_run("outbox_store", tests, sizeof tests / sizeof tests[0]);
}
