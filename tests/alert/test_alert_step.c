#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "alert/alert_step.h"

enum { POLL_MS = 10000, MINUTE_MS = 60000 };
static const int64_t start_ms = 1700000000000;

/* One rule on one miner, polled every 10 s. */
struct scene {
  enum alert_rule rule;
  struct alert_config config;
  struct alert_watch watch;
  struct alert_memory memories[ALERT_RULE_COUNT];
  struct alert_event event;
  bool happened, changed; /* by the last sample */
  int64_t now_ms, last_episode;
};

static void begin(struct scene *scene, enum alert_rule rule) {
  *scene = (struct scene){.rule = rule, .now_ms = start_ms};
  alert_config_init(&scene->config);
  alert_watch_init(&scene->watch);
  for (int i = 0; i < ALERT_RULE_COUNT; i++)
    alert_memory_init(&scene->memories[i]);
}

static struct alert_memory *memory_of(struct scene *scene) {
  return &scene->memories[scene->rule];
}

static void hear_event(const struct alert_event *event, void *arg) {
  struct scene *scene = arg;
  if (event->rule != scene->rule)
    return;
  assert_false(scene->happened); /* at most one a reading */
  scene->event = *event;
  scene->happened = true;
}

static void hear_change(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  struct scene *scene = arg;
  (void)memory;
  scene->changed = scene->changed || rule == scene->rule;
}

static void feed(struct scene *scene, struct sample *sample) {
  static const struct miner_facts facts = {.limits = {.chip_warn_c = 68, .vr_warn_c = 95}};
  struct vitals vitals;
  vitals_init(&vitals);
  const struct alert_context context = {.miner_id = 1,
                                        .sample = sample,
                                        .facts = &facts,
                                        .vitals =
                                            (sample->flags & SAMPLE_MISSED) != 0 ? NULL : &vitals,
                                        .interval_ms = POLL_MS,
                                        .last_episode = &scene->last_episode};
  const struct alert_sink sink = {.event = hear_event, .changed = hear_change, .arg = scene};
  struct alert_rulebook *book = alert_rulebook_create(&scene->config);
  scene->happened = scene->changed = false;
  alert_step_all(book, &context, &scene->watch, scene->memories, &sink);
  alert_rulebook_destroy(book);
  alert_watch_finish(&scene->watch);
  scene->now_ms += POLL_MS;
}

static void chip(struct scene *scene, double temp_c) {
  struct sample sample;
  sample_init(&sample, scene->now_ms);
  sample.state = STATE_HASHING;
  sample.values[METRIC_CHIP_TEMP_C] = temp_c;
  feed(scene, &sample);
}

static void state_only(struct scene *scene, enum miner_state state) {
  struct sample sample;
  sample_init(&sample, scene->now_ms);
  sample.state = state;
  feed(scene, &sample);
}

static void missed(struct scene *scene, enum miner_state state, enum reason reason) {
  struct sample sample;
  sample_init(&sample, scene->now_ms);
  sample.state = state;
  sample.reason = reason;
  sample.flags = SAMPLE_MISSED;
  feed(scene, &sample);
}

static void expect(struct scene *scene, enum alert_phase phase, int kind) {
  assert_int_equal(memory_of(scene)->phase, phase);
  assert_int_equal(scene->happened, kind >= 0);
  if (kind >= 0)
    assert_int_equal(scene->event.kind, kind);
}

enum { NOTHING = -1 };

static void every_row_of_the_table_goes_where_it_says(void **state) {
  (void)state;
  const double above = 70, between = 67, below = 60, missing = NAN;
  const struct {
    enum alert_phase from;
    int holds;
    double temp_c;
    enum alert_phase to;
    int kind;
  } rows[] = {
      {ALERT_OK, 0, missing, ALERT_OK, NOTHING},
      {ALERT_OK, 0, above, ALERT_PENDING, NOTHING},
      {ALERT_OK, 0, between, ALERT_OK, NOTHING},
      {ALERT_OK, 0, below, ALERT_OK, NOTHING},
      {ALERT_PENDING, 1, missing, ALERT_PENDING, NOTHING},
      {ALERT_PENDING, 0, above, ALERT_PENDING, NOTHING},
      {ALERT_PENDING, 1, above, ALERT_FIRING, ALERT_RAISED},
      {ALERT_PENDING, 1, between, ALERT_OK, NOTHING},
      {ALERT_PENDING, 1, below, ALERT_OK, NOTHING},
      {ALERT_FIRING, 0, missing, ALERT_FIRING, NOTHING},
      {ALERT_FIRING, 0, above, ALERT_FIRING, NOTHING},
      {ALERT_FIRING, 0, between, ALERT_FIRING, NOTHING},
      {ALERT_FIRING, 0, below, ALERT_RECOVERING, NOTHING},
      {ALERT_RECOVERING, 1, missing, ALERT_RECOVERING, NOTHING},
      {ALERT_RECOVERING, 1, above, ALERT_FIRING, NOTHING},
      {ALERT_RECOVERING, 1, between, ALERT_FIRING, NOTHING},
      {ALERT_RECOVERING, 0, below, ALERT_RECOVERING, NOTHING},
      {ALERT_RECOVERING, 1, below, ALERT_OK, ALERT_CLEARED},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct scene scene;
    begin(&scene, ALERT_CHIP_TEMP);
    memory_of(&scene)->phase = rows[i].from;
    memory_of(&scene)->holds = rows[i].holds;
    if (rows[i].from == ALERT_FIRING || rows[i].from == ALERT_RECOVERING)
      memory_of(&scene)->announced_ms = start_ms - POLL_MS;

    chip(&scene, rows[i].temp_c);

    expect(&scene, rows[i].to, rows[i].kind);
  }
}

/* The rows that only a missed poll can take. */
static void every_row_of_a_silent_miner_goes_where_it_says(void **state) {
  (void)state;
  static const struct {
    enum alert_phase from;
    enum miner_state state;
    enum alert_phase to;
    int kind;
  } rows[] = {
      {ALERT_OK, STATE_UNKNOWN, ALERT_PENDING, NOTHING},
      {ALERT_OK, STATE_OFFLINE, ALERT_FIRING, ALERT_RAISED},
      {ALERT_PENDING, STATE_UNKNOWN, ALERT_PENDING, NOTHING},
      {ALERT_PENDING, STATE_OFFLINE, ALERT_FIRING, ALERT_RAISED},
      {ALERT_PENDING, STATE_UNRESPONSIVE, ALERT_OK, NOTHING}, /* it has a rule of its own */
      {ALERT_FIRING, STATE_UNKNOWN, ALERT_FIRING, NOTHING},
      {ALERT_FIRING, STATE_OFFLINE, ALERT_FIRING, NOTHING},
      {ALERT_RECOVERING, STATE_UNKNOWN, ALERT_RECOVERING, NOTHING},
      {ALERT_RECOVERING, STATE_OFFLINE, ALERT_FIRING, NOTHING},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct scene scene;
    begin(&scene, ALERT_OFFLINE);
    memory_of(&scene)->phase = rows[i].from;
    if (rows[i].from == ALERT_FIRING || rows[i].from == ALERT_RECOVERING)
      memory_of(&scene)->announced_ms = start_ms - POLL_MS;

    missed(&scene, rows[i].state, REASON_HOST_GONE);

    expect(&scene, rows[i].to, rows[i].kind);
  }
}

static void heat_fires_only_after_its_hold_time(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  scene.config.hold_samples = 3;

  chip(&scene, 70);
  chip(&scene, 71);
  expect(&scene, ALERT_PENDING, NOTHING);

  chip(&scene, 72);
  expect(&scene, ALERT_FIRING, ALERT_RAISED);
  assert_true(scene.event.value == 72 && scene.event.worst == 72 && scene.event.limit == 68);
  assert_int_equal(scene.event.since_ms, start_ms);
  assert_int_equal(scene.event.at_ms, start_ms + 2 * POLL_MS);
}

static void one_hot_sample_between_cool_ones_raises_nothing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);

  for (int i = 0; i < 20; i++) {
    chip(&scene, 127);
    chip(&scene, 60);
    assert_false(scene.happened);
  }

  expect(&scene, ALERT_OK, NOTHING);
}

static void exactly_the_limit_is_not_above_it(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);

  for (int i = 0; i < 5; i++)
    chip(&scene, 68);

  expect(&scene, ALERT_OK, NOTHING);
}

static void within_the_hysteresis_it_keeps_firing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);

  for (int i = 0; i < 5; i++)
    chip(&scene, 66);
  expect(&scene, ALERT_FIRING, NOTHING);

  chip(&scene, 65.9);
  chip(&scene, 65.9);
  expect(&scene, ALERT_OK, ALERT_CLEARED);
}

static void clearing_tells_the_worst_value_and_since_when(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);
  chip(&scene, 74.5);
  chip(&scene, 69);

  chip(&scene, 60);
  chip(&scene, 59);

  expect(&scene, ALERT_OK, ALERT_CLEARED);
  assert_true(scene.event.worst == 74.5 && scene.event.value == 59);
  assert_int_equal(scene.event.since_ms, start_ms);
  assert_int_equal(memory_of(&scene)->since_ms, 0);
}

static void a_second_alert_waits_for_the_cooldown(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);
  int64_t raised_ms = scene.event.at_ms;
  chip(&scene, 60);
  chip(&scene, 60);
  expect(&scene, ALERT_OK, ALERT_CLEARED);

  while (scene.now_ms < raised_ms + 10 * MINUTE_MS) {
    chip(&scene, 71);
    expect(&scene, ALERT_PENDING, NOTHING);
  }
  chip(&scene, 71);

  expect(&scene, ALERT_FIRING, ALERT_RAISED);
}

static void a_clock_that_was_set_back_silences_nothing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  memory_of(&scene)->announced_ms = start_ms + 1000 * (int64_t)MINUTE_MS;

  chip(&scene, 70);
  chip(&scene, 70);

  expect(&scene, ALERT_FIRING, ALERT_RAISED);
}

static void firing_is_reminded_of_every_six_hours(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);

  scene.now_ms = start_ms + POLL_MS + 6 * 60 * MINUTE_MS - 1;
  chip(&scene, 71);
  expect(&scene, ALERT_FIRING, NOTHING);
  chip(&scene, 71);
  expect(&scene, ALERT_FIRING, ALERT_REMINDED);
  chip(&scene, 71);
  expect(&scene, ALERT_FIRING, NOTHING);
}

static void reminders_can_be_switched_off(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  scene.config.reminder_ms = 0;
  chip(&scene, 70);
  chip(&scene, 70);

  scene.now_ms += 48 * 60 * (int64_t)MINUTE_MS;
  chip(&scene, 71);

  expect(&scene, ALERT_FIRING, NOTHING);
}

static void missing_data_neither_raises_nor_clears(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  for (int i = 0; i < 10; i++)
    chip(&scene, NAN);
  expect(&scene, ALERT_OK, NOTHING);
  chip(&scene, 70);
  chip(&scene, 70);

  scene.now_ms += 48 * 60 * (int64_t)MINUTE_MS;
  for (int i = 0; i < 10; i++)
    chip(&scene, NAN);

  expect(&scene, ALERT_FIRING, NOTHING);
}

static void heat_stands_still_while_the_miner_is_away(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);

  scene.now_ms += 48 * 60 * (int64_t)MINUTE_MS;
  missed(&scene, STATE_UNKNOWN, REASON_NO_ANSWER);
  missed(&scene, STATE_OFFLINE, REASON_HOST_GONE);
  missed(&scene, STATE_UNRESPONSIVE, REASON_NO_ANSWER);

  expect(&scene, ALERT_FIRING, NOTHING);
  assert_false(scene.changed);
  assert_true(memory_of(&scene)->value == 70);
}

static void a_paused_miner_raises_nothing_and_counts_as_cooled_down(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  struct sample hot;
  for (int i = 0; i < 5; i++) {
    sample_init(&hot, scene.now_ms);
    hot.state = STATE_PAUSED;
    hot.values[METRIC_CHIP_TEMP_C] = 90;
    feed(&scene, &hot);
    expect(&scene, ALERT_OK, NOTHING);
  }
  chip(&scene, 70);
  chip(&scene, 70);

  state_only(&scene, STATE_PAUSED);
  state_only(&scene, STATE_PAUSED);

  expect(&scene, ALERT_OK, ALERT_CLEARED);
  assert_true(isnan(scene.event.value));
}

static void the_hotter_of_two_chips_counts(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  for (int i = 0; i < 2; i++) {
    struct sample sample;
    sample_init(&sample, scene.now_ms);
    sample.state = STATE_HASHING;
    sample.values[METRIC_CHIP_TEMP_C] = 60;
    sample.values[METRIC_CHIP_TEMP2_C] = 73;
    feed(&scene, &sample);
  }
  expect(&scene, ALERT_FIRING, ALERT_RAISED);
  assert_true(scene.event.value == 73);
}

static void the_regulator_has_its_own_limit(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_VR_TEMP);
  static const double temps[] = {94, 94, 96, 97};
  for (size_t i = 0; i < 4; i++) {
    struct sample sample;
    sample_init(&sample, scene.now_ms);
    sample.state = STATE_HASHING;
    sample.values[METRIC_VR_TEMP_C] = temps[i];
    sample.values[METRIC_CHIP_TEMP_C] = 99;
    feed(&scene, &sample);
  }
  expect(&scene, ALERT_FIRING, ALERT_RAISED);
  assert_true(scene.event.limit == 95 && scene.event.value == 97);
}

static void offline_fires_with_the_judges_word_and_tells_when_the_silence_began(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_UNRESPONSIVE);

  missed(&scene, STATE_UNKNOWN, REASON_RESET);
  missed(&scene, STATE_UNKNOWN, REASON_NO_ANSWER);
  expect(&scene, ALERT_PENDING, NOTHING);
  missed(&scene, STATE_UNRESPONSIVE, REASON_NO_ANSWER);

  expect(&scene, ALERT_FIRING, ALERT_RAISED);
  assert_int_equal(scene.event.since_ms, start_ms);
  assert_int_equal(scene.event.reason, REASON_NO_ANSWER);
  assert_true(isnan(scene.event.value) && isnan(scene.event.limit) && isnan(scene.event.worst));
}

static void two_missed_polls_and_an_answer_are_no_alert(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_OFFLINE);

  missed(&scene, STATE_UNKNOWN, REASON_NO_ANSWER);
  missed(&scene, STATE_UNKNOWN, REASON_NO_ANSWER);
  state_only(&scene, STATE_HASHING);

  expect(&scene, ALERT_OK, NOTHING);
}

static void back_again_is_said_after_two_answers_with_the_reason_it_was_away(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_OFFLINE);
  for (int i = 0; i < 3; i++)
    missed(&scene, STATE_OFFLINE, REASON_HOST_GONE);

  state_only(&scene, STATE_STARTING);
  expect(&scene, ALERT_RECOVERING, NOTHING);
  state_only(&scene, STATE_HASHING);

  expect(&scene, ALERT_OK, ALERT_CLEARED);
  assert_int_equal(scene.event.reason, REASON_HOST_GONE);
  assert_int_equal(scene.event.since_ms, start_ms);
}

static void a_rule_that_is_switched_off_while_it_fires_is_closed(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  chip(&scene, 70);
  chip(&scene, 70);

  scene.config.enabled[ALERT_CHIP_TEMP] = false;
  chip(&scene, 90);
  expect(&scene, ALERT_OK, ALERT_CHANGED);
  assert_true(scene.changed);

  chip(&scene, 90);
  assert_false(scene.changed);
}

static void memory_needs_saving_only_when_it_says_something_new(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);

  chip(&scene, 60);
  assert_false(scene.changed);
  chip(&scene, 70);
  assert_true(scene.changed);
  chip(&scene, 72);
  assert_true(scene.changed);
  chip(&scene, 71);
  assert_false(scene.changed);
  chip(&scene, 73); /* worse than ever */
  assert_true(scene.changed);
}

static void waiting_for_the_cooldown_writes_nothing(void **state) {
  (void)state;
  struct scene scene;
  begin(&scene, ALERT_CHIP_TEMP);
  memory_of(&scene)->announced_ms = start_ms;
  for (int i = 0; i < 3; i++)
    chip(&scene, 70);

  chip(&scene, 70);

  expect(&scene, ALERT_PENDING, NOTHING);
  assert_false(scene.changed);
}

static void limits_come_from_the_owner_then_the_board_then_custom(void **state) {
  (void)state;
  static const struct miner_limits limits = {.chip_warn_c = 68, .vr_warn_c = 95};
  static const struct miner_limits unknown = {.chip_warn_c = NAN, .vr_warn_c = NAN}, never = {0};
  struct alert_config config;
  alert_config_init(&config);

  assert_true(alert_limit(&config, ALERT_CHIP_TEMP, &limits) == 68);
  assert_true(alert_limit(&config, ALERT_CHIP_TEMP, &unknown) == 70);
  assert_true(alert_limit(&config, ALERT_CHIP_TEMP, &never) == 70);
  assert_true(alert_limit(&config, ALERT_VR_TEMP, &unknown) == 95);
  assert_true(isnan(alert_limit(&config, ALERT_OFFLINE, &limits)));
  config.chip_limit_c = 62.5;
  assert_true(alert_limit(&config, ALERT_CHIP_TEMP, &limits) == 62.5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_of_the_table_goes_where_it_says),
      cmocka_unit_test(every_row_of_a_silent_miner_goes_where_it_says),
      cmocka_unit_test(heat_fires_only_after_its_hold_time),
      cmocka_unit_test(one_hot_sample_between_cool_ones_raises_nothing),
      cmocka_unit_test(exactly_the_limit_is_not_above_it),
      cmocka_unit_test(within_the_hysteresis_it_keeps_firing),
      cmocka_unit_test(clearing_tells_the_worst_value_and_since_when),
      cmocka_unit_test(a_second_alert_waits_for_the_cooldown),
      cmocka_unit_test(a_clock_that_was_set_back_silences_nothing),
      cmocka_unit_test(firing_is_reminded_of_every_six_hours),
      cmocka_unit_test(reminders_can_be_switched_off),
      cmocka_unit_test(missing_data_neither_raises_nor_clears),
      cmocka_unit_test(heat_stands_still_while_the_miner_is_away),
      cmocka_unit_test(a_paused_miner_raises_nothing_and_counts_as_cooled_down),
      cmocka_unit_test(the_hotter_of_two_chips_counts),
      cmocka_unit_test(the_regulator_has_its_own_limit),
      cmocka_unit_test(offline_fires_with_the_judges_word_and_tells_when_the_silence_began),
      cmocka_unit_test(two_missed_polls_and_an_answer_are_no_alert),
      cmocka_unit_test(back_again_is_said_after_two_answers_with_the_reason_it_was_away),
      cmocka_unit_test(a_rule_that_is_switched_off_while_it_fires_is_closed),
      cmocka_unit_test(memory_needs_saving_only_when_it_says_something_new),
      cmocka_unit_test(waiting_for_the_cooldown_writes_nothing),
      cmocka_unit_test(limits_come_from_the_owner_then_the_board_then_custom),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
