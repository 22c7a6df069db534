#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "base/str.h"
#include "store/alerts/episode_store.h"
#include "store_fixture.h"

static const int64_t RAISED = 1800000000000;

static struct episode raised(int number, int64_t miner_id, enum alert_rule rule) {
  struct episode episode = {
      .id = RAISED * 1000 + number,
      .miner_id = miner_id,
      .rule = rule,
      .severity = ALERT_CRITICAL,
      .since_ms = RAISED - 20000,
      .raised_ms = RAISED,
      .worst = 72.5,
      .value = 71.25,
      .limit = NAN,
      .reason = 3,
      .told_with = RAISED * 1000 + number,
  };
  str_copy(episode.detail, sizeof episode.detail, "pool 'a.example'");
  return episode;
}

static void save(struct db *db, const struct episode *episode) {
  struct err err;
  if (!episode_store_save(db, episode, &err))
    fail_msg("%s", err.text);
}

static void an_episode_comes_back_as_it_was(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct episode sent = raised(1, 7, ALERT_CHIP_TEMP), got;
  sent.drill = true;

  save(db, &sent);

  assert_true(episode_store_get(db, sent.id, &got, &err));
  assert_int_equal(got.id, sent.id);
  assert_int_equal(got.miner_id, 7);
  assert_int_equal(got.rule, ALERT_CHIP_TEMP);
  assert_int_equal(got.severity, ALERT_CRITICAL);
  assert_int_equal(got.since_ms, sent.since_ms);
  assert_int_equal(got.raised_ms, RAISED);
  assert_int_equal(got.acknowledged_ms, 0);
  assert_int_equal(got.cleared_ms, 0);
  assert_int_equal(got.end, EPISODE_OPEN);
  assert_true(got.worst == 72.5 && got.value == 71.25 && isnan(got.limit));
  assert_int_equal(got.reason, 3);
  assert_string_equal(got.detail, "pool 'a.example'");
  assert_int_equal(got.told_with, sent.id);
  assert_true(got.drill);
}

static void what_happens_to_it_replaces_what_was_known(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct episode episode = raised(1, 7, ALERT_OFFLINE), got;
  save(db, &episode);

  episode.acknowledged_ms = RAISED + 1000;
  str_copy(episode.acknowledged_by, sizeof episode.acknowledged_by, "Ann\xc3\xa9");
  episode.cleared_ms = RAISED + 2000;
  episode.end = EPISODE_OVER;
  episode.worst = NAN;
  save(db, &episode);
  save(db, &episode);

  assert_true(episode_store_get(db, episode.id, &got, &err));
  assert_int_equal(got.acknowledged_ms, RAISED + 1000);
  assert_string_equal(got.acknowledged_by, "Ann\xc3\xa9");
  assert_int_equal(got.cleared_ms, RAISED + 2000);
  assert_int_equal(got.end, EPISODE_OVER);
  assert_true(isnan(got.worst));
}

static void an_unknown_number_is_not_found(void **state) {
  struct err err;
  struct episode got;

  assert_false(episode_store_get(store_fixture_db(state), 99, &got, &err));

  assert_int_equal(err.code, ERR_NOT_FOUND);
}

struct seen {
  int64_t ids[8];
  size_t count, stop_after;
};

static bool collect(const struct episode *episode, void *arg) {
  struct seen *seen = arg;
  assert_true(seen->count < 8);
  seen->ids[seen->count++] = episode->id - RAISED * 1000;
  return seen->count != seen->stop_after;
}

static struct seen ask(struct db *db, struct episode_query query) {
  struct err err;
  struct seen seen = {.count = 0};
  if (!episode_store_each(db, &query, collect, &seen, &err))
    fail_msg("%s", err.text);
  return seen;
}

/* 1: miner 7 hot and open; 2: miner 8 offline and closed; 3: miner 7 offline and
 * open; 4: the monitor's own, open. */
static void fill(struct db *db) {
  struct episode episodes[] = {
      raised(1, 7, ALERT_CHIP_TEMP),
      raised(2, 8, ALERT_OFFLINE),
      raised(3, 7, ALERT_OFFLINE),
      raised(4, 0, ALERT_OFFLINE),
  };
  episodes[1].cleared_ms = RAISED + 1;
  episodes[1].end = EPISODE_OVER;
  for (size_t i = 0; i < 4; i++)
    save(db, &episodes[i]);
}

static void a_list_is_newest_first_and_goes_on_page_by_page(void **state) {
  struct db *db = store_fixture_db(state);
  fill(db);

  struct seen first = ask(db, (struct episode_query){.miner_id = -1, .rule = -1, .limit = 3});
  struct seen rest = ask(
      db, (struct episode_query){
              .miner_id = -1, .rule = -1, .before_id = RAISED * 1000 + first.ids[2], .limit = 3});

  assert_int_equal(first.count, 3);
  assert_int_equal(first.ids[0], 4);
  assert_int_equal(first.ids[2], 2);
  assert_int_equal(rest.count, 1);
  assert_int_equal(rest.ids[0], 1);
}

static void a_list_can_be_of_a_state_a_miner_and_a_rule(void **state) {
  struct db *db = store_fixture_db(state);
  fill(db);

  struct seen open = ask(
      db, (struct episode_query){.state = EPISODE_IS_OPEN, .miner_id = -1, .rule = -1, .limit = 8});
  struct seen closed = ask(
      db,
      (struct episode_query){.state = EPISODE_IS_CLOSED, .miner_id = -1, .rule = -1, .limit = 8});
  struct seen seventh =
      ask(db, (struct episode_query){.miner_id = 7, .rule = ALERT_OFFLINE, .limit = 8});
  struct seen own = ask(db, (struct episode_query){.miner_id = 0, .rule = -1, .limit = 8});

  assert_int_equal(open.count, 3);
  assert_int_equal(closed.count, 1);
  assert_int_equal(closed.ids[0], 2);
  assert_int_equal(seventh.count, 1);
  assert_int_equal(seventh.ids[0], 3);
  assert_int_equal(own.count, 1);
  assert_int_equal(own.ids[0], 4);
}

struct notes {
  struct episode_note rows[4];
  size_t count;
};

static void collect_note(const struct episode_note *note, void *arg) {
  struct notes *notes = arg;
  assert_true(notes->count < 4);
  notes->rows[notes->count++] = *note;
}

static void notes_come_in_order_and_are_not_doubled_by_a_second_attempt(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct notes notes = {.count = 0};
  struct episode_note first = {.id = 10, .episode_id = 1, .at_ms = 5, .author = "Ann", .text = "a"};
  struct episode_note second = {.id = 11, .episode_id = 1, .at_ms = 6, .text = "it's \"b\""};
  struct episode_note other = {.id = 12, .episode_id = 2, .at_ms = 7, .text = "c"};

  assert_true(episode_store_add_note(db, &second, &err));
  assert_true(episode_store_add_note(db, &first, &err));
  assert_true(episode_store_add_note(db, &first, &err));
  assert_true(episode_store_add_note(db, &other, &err));

  assert_true(episode_store_notes(db, 1, collect_note, &notes, &err));
  assert_int_equal(notes.count, 2);
  assert_int_equal(notes.rows[0].at_ms, 5);
  assert_string_equal(notes.rows[0].author, "Ann");
  assert_string_equal(notes.rows[1].text, "it's \"b\"");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_episode_comes_back_as_it_was),
      cmocka_unit_test(what_happens_to_it_replaces_what_was_known),
      cmocka_unit_test(an_unknown_number_is_not_found),
      cmocka_unit_test(a_list_is_newest_first_and_goes_on_page_by_page),
      cmocka_unit_test(a_list_can_be_of_a_state_a_miner_and_a_rule),
      cmocka_unit_test(notes_come_in_order_and_are_not_doubled_by_a_second_attempt),
  };
  return store_fixture_run("episode_store", tests, sizeof tests / sizeof tests[0]);
}
