#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "engine/batch.h"
#include "store/store_fixture.h"

static int64_t count(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

/* A sample of an unknown miner, an alert, and the message that tells it. */
static struct batch *make_batch(int64_t at_ms) {
  struct batch *batch = batch_create();
  struct sample sample;
  struct alert_event event = {.miner_id = 7, .kind = ALERT_RAISED, .at_ms = at_ms};
  sample_init(&sample, at_ms);
  batch_add_sample(batch, 7, &sample);
  batch_add_event(batch, &event);
  batch_add_message(batch, &(struct outbox_row){.channel = "telegram", .text = "too hot"});
  return batch;
}

static void write_once(struct db *db, struct batch *batch, const char *key) {
  struct err err;
  assert_true(db_begin(db, &err));
  if (!batch_write_once(batch, key, db, &err))
    fail_msg("%s", err.text);
  assert_true(db_commit(db, &err));
}

/* Given a server that committed a batch and was gone before it said so. */
static void a_batch_that_is_tried_again_is_not_doubled(void **state) {
  struct db *db = store_fixture_db(state);
  struct batch *first = make_batch(1000), *second = make_batch(2000);
  bool is_certain = str_equal(db_kind(db), "sqlite");

  write_once(db, first, "run-1");
  if (!is_certain)
    write_once(db, first, "run-1");
  write_once(db, second, "run-2");

  assert_int_equal(count(db, "SELECT count(*) FROM sample"), 2);
  assert_int_equal(count(db, "SELECT count(*) FROM alert_event"), 2);
  assert_int_equal(count(db, "SELECT count(*) FROM outbox"), 2);
  assert_int_equal(count(db, "SELECT count(*) FROM setting"), is_certain ? 0 : 1);
  batch_destroy(first);
  batch_destroy(second);
}

/* Given a batch whose transaction was undone. */
static void a_batch_that_was_undone_is_written_by_the_next_attempt(void **state) {
  struct db *db = store_fixture_db(state);
  struct batch *batch = make_batch(1000);
  struct err err;
  assert_true(db_begin(db, &err));
  assert_true(batch_write_once(batch, "run-1", db, &err));
  db_rollback(db);

  write_once(db, batch, "run-1");

  assert_int_equal(count(db, "SELECT count(*) FROM sample"), 1);
  assert_int_equal(count(db, "SELECT count(*) FROM outbox"), 1);
  batch_destroy(batch);
}

/* Given a second in which a miner told of its past between two polls of others. */
static void what_a_miner_remembered_becomes_a_chunk(void **state) {
  struct db *db = store_fixture_db(state);
  struct batch *batch = batch_create();
  const struct {
    int64_t miner_id, at_ms;
    bool past;
  } rows[] = {{1, 9000000, false}, {7, 1000, true}, {7, 11000, true},
              {8, 2000, true},     {8, 1000, true}, {2, 9000001, false}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct sample sample;
    sample_init(&sample, rows[i].at_ms);
    sample.flags = rows[i].past ? SAMPLE_BACKFILLED : 0;
    batch_add_sample(batch, rows[i].miner_id, &sample);
  }

  write_once(db, batch, "run-1");

  assert_int_equal(count(db, "SELECT count(*) FROM sample"), 2);
  assert_int_equal(count(db, "SELECT count(*) FROM sample WHERE miner_id > 2"), 0);
  assert_int_equal(count(db, "SELECT sum(samples) FROM chunk WHERE miner_id = 7"), 2);
  assert_int_equal(count(db, "SELECT sum(samples) FROM chunk WHERE miner_id = 8"), 2);
  batch_destroy(batch);
}

/* Given an episode that was raised and acknowledged within a second, a note, a mute that
 * was lifted, and two messages of which one is out already. */
static void what_the_alerting_keeps_is_written_with_it(void **state) {
  struct db *db = store_fixture_db(state);
  struct batch *batch = batch_create();
  struct batch_change change = {.kind = BATCH_EPISODE, .episode = {.id = 5, .raised_ms = 5}};
  struct outbox_row row = {.channel = "telegram", .text = "too hot"};
  batch_add_change(batch, &change);
  change.episode.acknowledged_ms = 6;
  batch_add_change(batch, &change);
  batch_add_change(batch, &(struct batch_change){.kind = BATCH_NOTE,
                                                 .note = {.id = 7, .episode_id = 5, .text = "n"}});
  batch_add_change(batch, &(struct batch_change){.kind = BATCH_MUTE, .mute = {.id = 8}});
  batch_add_change(batch, &(struct batch_change){.kind = BATCH_UNMUTE, .unmute = 8});
  batch_add_change(batch, &(struct batch_change){.kind = BATCH_SETTING,
                                                 .setting = {.name = "alive", .value = "9"}});
  batch_add_message(batch, &row);
  batch_add_message(batch, &row);
  batch->messages[1].said = true;
  assert_int_equal(batch->change_count, 5);

  write_once(db, batch, "run-1");

  assert_int_equal(count(db, "SELECT acknowledged_ms FROM episode"), 6);
  assert_int_equal(count(db, "SELECT count(*) FROM episode_note WHERE episode_id = 5"), 1);
  assert_int_equal(count(db, "SELECT count(*) FROM mute"), 0);
  assert_int_equal(count(db, "SELECT count(*) FROM setting WHERE name = 'alive'"), 1);
  assert_int_equal(count(db, "SELECT count(*) FROM outbox"), 1);
  assert_true(batch->messages[0].row.id > 0);
  batch_destroy(batch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_that_is_tried_again_is_not_doubled),
      cmocka_unit_test(what_a_miner_remembered_becomes_a_chunk),
      cmocka_unit_test(what_the_alerting_keeps_is_written_with_it),
      cmocka_unit_test(a_batch_that_was_undone_is_written_by_the_next_attempt),
  };
  return store_fixture_run("batch", tests, sizeof tests / sizeof tests[0]);
}
