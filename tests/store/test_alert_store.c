#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "model/state.h"
#include "store/alert_store.h"
#include "store_fixture.h"

struct states {
  struct alert_state_row rows[8];
  size_t count;
};

static void collect_state(const struct alert_state_row *row, void *arg) {
  struct states *states = arg;
  assert_true(states->count < 8);
  states->rows[states->count++] = *row;
}

static struct states all_states(struct db *db) {
  struct err err;
  struct states states = {.count = 0};
  assert_true(alert_store_each(db, collect_state, &states, &err));
  return states;
}

static struct alert_state_row firing(int64_t miner_id, enum alert_rule rule) {
  return (struct alert_state_row){
      .miner_id = miner_id,
      .rule = rule,
      .phase = ALERT_FIRING,
      .since_ms = 1800000000000,
      .changed_ms = 1800000020000,
      .announced_ms = 1800000020000,
      .holds = 2,
      .worst = 72.5,
      .value = 71.25,
      .limit = NAN,
      .reason = REASON_NO_ANSWER,
      .episode = 1800000020000001,
      .acknowledged_ms = 1800000030000,
  };
}

static void a_state_comes_back_as_it_was(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct alert_state_row sent = firing(3, ALERT_CHIP_TEMP);

  assert_true(alert_store_save(db, &sent, &err));

  struct states states = all_states(db);
  const struct alert_state_row *got = &states.rows[0];
  assert_int_equal(states.count, 1);
  assert_int_equal(got->miner_id, 3);
  assert_int_equal(got->rule, ALERT_CHIP_TEMP);
  assert_int_equal(got->phase, ALERT_FIRING);
  assert_int_equal(got->since_ms, sent.since_ms);
  assert_int_equal(got->changed_ms, sent.changed_ms);
  assert_int_equal(got->announced_ms, sent.announced_ms);
  assert_int_equal(got->holds, 2);
  assert_true(got->worst == 72.5 && got->value == 71.25 && isnan(got->limit));
  assert_int_equal(got->reason, REASON_NO_ANSWER);
  assert_int_equal(got->episode, 1800000020000001);
  assert_int_equal(got->acknowledged_ms, 1800000030000);
}

static void saving_again_replaces_the_state(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct alert_state_row row = firing(3, ALERT_CHIP_TEMP);
  assert_true(alert_store_save(db, &row, &err));

  row.phase = ALERT_RECOVERING;
  row.value = NAN;
  row.limit = 65;
  assert_true(alert_store_save(db, &row, &err));

  struct states states = all_states(db);
  assert_int_equal(states.count, 1);
  assert_int_equal(states.rows[0].phase, ALERT_RECOVERING);
  assert_true(isnan(states.rows[0].value) && states.rows[0].limit == 65);
}

static void a_state_that_is_ok_again_is_forgotten(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct alert_state_row chip = firing(3, ALERT_CHIP_TEMP);
  struct alert_state_row offline = firing(3, ALERT_OFFLINE);
  assert_true(alert_store_save(db, &chip, &err) && alert_store_save(db, &offline, &err));

  chip.phase = ALERT_OK;
  assert_true(alert_store_save(db, &chip, &err));

  struct states states = all_states(db);
  assert_int_equal(states.count, 1);
  assert_int_equal(states.rows[0].rule, ALERT_OFFLINE);
}

struct events {
  int64_t ids[16];
  struct alert_event rows[16];
  size_t count, stop_after;
};

static bool collect_event(int64_t id, const struct alert_event *event, void *arg) {
  struct events *events = arg;
  assert_true(events->count < 16);
  events->ids[events->count] = id;
  events->rows[events->count++] = *event;
  return events->count != events->stop_after;
}

static void insert_events(struct db *db, int count) {
  struct err err;
  for (int i = 1; i <= count; i++) {
    int64_t id = 0;
    struct alert_event event = {.miner_id = 1 + i % 2,
                                .rule = ALERT_OFFLINE,
                                .kind = ALERT_CLEARED,
                                .at_ms = 1800000000000 + i,
                                .since_ms = 1800000000000,
                                .value = NAN,
                                .limit = 65,
                                .worst = i,
                                .reason = REASON_NO_ANSWER,
                                .episode = 70 + i % 2,
                                .detail = "a.example"};
    assert_true(alert_store_insert_event(db, &event, &id, &err));
    assert_int_equal(id, i);
  }
}

static void events_come_newest_first(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct events events = {.count = 0};
  insert_events(db, 6);

  assert_true(alert_store_events(db, 0, 0, 4, collect_event, &events, &err));

  const struct alert_event *newest = &events.rows[0];
  assert_int_equal(events.count, 4);
  assert_int_equal(events.ids[0], 6);
  assert_int_equal(events.ids[3], 3);
  assert_int_equal(newest->miner_id, 1);
  assert_int_equal(newest->kind, ALERT_CLEARED);
  assert_int_equal(newest->at_ms, 1800000000006);
  assert_true(isnan(newest->value) && newest->limit == 65 && newest->worst == 6);
  assert_int_equal(newest->reason, REASON_NO_ANSWER);
}

static void events_of_one_miner_continue_page_by_page(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct events first = {.count = 0};
  struct events second = {.count = 0};
  insert_events(db, 8);

  assert_true(alert_store_events(db, 2, 0, 2, collect_event, &first, &err));
  assert_true(alert_store_events(db, 2, first.ids[1], 9, collect_event, &second, &err));

  assert_int_equal(first.count, 2);
  assert_int_equal(first.ids[0], 7);
  assert_int_equal(first.ids[1], 5);
  assert_int_equal(second.count, 2);
  assert_int_equal(second.ids[0], 3);
  assert_int_equal(second.ids[1], 1);
}

static void events_of_one_episode_come_oldest_first(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct events events = {.count = 0};
  insert_events(db, 5);

  assert_true(alert_store_episode_events(db, 71, collect_event, &events, &err));

  assert_int_equal(events.count, 3);
  assert_int_equal(events.ids[0], 1);
  assert_int_equal(events.ids[2], 5);
  assert_int_equal(events.rows[0].episode, 71);
  assert_string_equal(events.rows[0].detail, "a.example");
}

static void events_of_a_drill_are_not_among_the_others(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct events events = {.count = 0};
  struct alert_event event = {.miner_id = -2, .rule = ALERT_CHIP_TEMP, .episode = 7};
  assert_true(alert_store_insert_event(db, &event, NULL, &err));
  event.miner_id = 0;
  assert_true(alert_store_insert_event(db, &event, NULL, &err));

  assert_true(alert_store_events(db, 0, 0, 10, collect_event, &events, &err));

  assert_int_equal(events.count, 1);
  assert_int_equal(events.rows[0].miner_id, 0);
}

static void a_visitor_may_stop(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct events events = {.stop_after = 1};
  insert_events(db, 3);

  assert_true(alert_store_events(db, 0, 0, 10, collect_event, &events, &err));

  assert_int_equal(events.count, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_state_comes_back_as_it_was),
      cmocka_unit_test(saving_again_replaces_the_state),
      cmocka_unit_test(a_state_that_is_ok_again_is_forgotten),
      cmocka_unit_test(events_come_newest_first),
      cmocka_unit_test(events_of_one_miner_continue_page_by_page),
      cmocka_unit_test(events_of_one_episode_come_oldest_first),
      cmocka_unit_test(events_of_a_drill_are_not_among_the_others),
      cmocka_unit_test(a_visitor_may_stop),
  };
  return store_fixture_run("alert_store", tests, sizeof tests / sizeof tests[0]);
}
