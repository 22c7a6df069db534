/* Random lives of a miner: whatever happens, and whatever the clock does, the events
 * of a rule tell one story. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "alert/alert_scene.h"
#include "base/str.h"

enum { LIVES = 60, POLLS = 600 };

/* What may be, by what was told: open or not, and under which number. */
struct story {
  bool open[ALERT_RULE_COUNT];
  int64_t episode[ALERT_RULE_COUNT], newest;
};

static void check_event(struct story *story, const struct alert_event *event, bool away) {
  enum alert_rule rule = event->rule;
  bool about_silence = rule == ALERT_OFFLINE || rule == ALERT_UNRESPONSIVE;
  assert_true(event->since_ms <= event->at_ms && event->episode > 0);
  assert_true(!away || about_silence || event->kind == ALERT_CHANGED);
  switch (event->kind) {
  case ALERT_RAISED:
    assert_false(story->open[rule]);
    assert_true(event->episode > story->newest);
    story->newest = event->episode;
    story->open[rule] = true;
    story->episode[rule] = event->episode;
    break;
  case ALERT_HAPPENED:
    assert_true(event->episode > story->newest);
    story->newest = event->episode;
    break;
  default:
    assert_true(story->open[rule]);
    assert_true(event->episode == story->episode[rule]);
    story->open[rule] = event->kind == ALERT_REMINDED;
    break;
  }
}

static void check_memories(const struct story *story, const struct alert_scene *scene) {
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    const struct alert_memory *memory = &scene->memories[rule];
    assert_int_equal(alert_phase_is_open(memory->phase), story->open[rule]);
    assert_int_equal(memory->phase == ALERT_OK, memory->since_ms == 0);
    assert_true(memory->phase != ALERT_ACKNOWLEDGED || memory->acknowledged_ms != 0);
    assert_true(memory->held_ms >= 0);
  }
}

static double pick(struct rand *rand, double normal, double bad) {
  uint64_t what = rand_below(rand, 8);
  return what == 0 ? METRIC_UNKNOWN : what < 4 ? bad : normal;
}

static void shake(struct alert_scene *scene, struct rand *rand) {
  static const enum miner_state states[] = {STATE_HASHING,     STATE_HASHING,    STATE_HASHING,
                                            STATE_NOT_HASHING, STATE_OVERHEATED, STATE_FAULT,
                                            STATE_PAUSED,      STATE_STARTING,   STATE_UNKNOWN};
  double *values = scene->sample.values;
  scene->sample.state = states[rand_below(rand, sizeof states / sizeof states[0])];
  scene->sample.reason = (enum reason)rand_below(rand, REASON_COUNT);
  scene->sample.flags = (uint32_t)rand_below(rand, 2) * SAMPLE_FALLBACK_POOL;
  scene->exact = rand_below(rand, 2) == 0;
  scene->no_shares = rand_below(rand, 2) == 0;
  values[METRIC_HASHRATE_GHS] = pick(rand, 1071, 0);
  values[METRIC_CHIP_TEMP_C] = pick(rand, 60, 90);
  values[METRIC_INPUT_VOLTAGE_MV] = pick(rand, 5000, 4000);
  values[METRIC_FAN_RPM] = pick(rand, 4000, 0);
  values[METRIC_WIFI_RSSI_DBM] = pick(rand, -50, -90);
  values[METRIC_ERROR_PCT] = pick(rand, 0.3, 60);
  values[METRIC_FREQUENCY_MHZ] = pick(rand, 525, 400);
  values[METRIC_SHARES_REJECTED] = pick(rand, 0, 300);
  values[METRIC_BEST_DIFF] = pick(rand, 4e9, 5e9);
  values[METRIC_BLOCKS_FOUND] = pick(rand, 0, 1);
  scene->vitals.domains_silent = (int)rand_below(rand, 3);
  scene->vitals.heap_internal_bytes = pick(rand, 100000, 20000);
  if (rand_below(rand, 4) == 0)
    alert_scene_reboot(scene);
}

static void tune(struct alert_scene *scene, struct rand *rand) {
  struct alert_rule_setting setting;
  enum alert_rule rule = (enum alert_rule)rand_below(rand, ALERT_RULE_COUNT);
  alert_rule_setting_init(&setting, rand_below(rand, 2) == 0 ? 0 : 7, rule);
  setting.enabled = (int)rand_below(rand, 2);
  setting.limit = pick(rand, 50, 80);
  setting.hold_ms = (int64_t)rand_below(rand, 100000);
  setting.reminder_ms = (int64_t)rand_below(rand, 100000);
  alert_rulebook_set(scene->book, &setting);
}

/* Ten seconds now and then, or any leap, ahead or back. */
static void turn_the_clock(struct alert_scene *scene, struct rand *rand, bool jumps) {
  static const int64_t leaps_ms[] = {-86400000, -3600000, -1000, 1000, 3600000, 86400000 * 400LL};
  if (jumps && rand_below(rand, 20) == 0)
    scene->now_ms += leaps_ms[rand_below(rand, sizeof leaps_ms / sizeof leaps_ms[0])];
}

static void live(uint64_t seed, bool jumps) {
  struct alert_scene scene;
  struct story story = {0};
  struct rand rand;
  rand_init(&rand, seed);
  alert_scene_begin(&scene);
  for (int poll = 0; poll < POLLS; poll++) {
    uint64_t what = rand_below(&rand, 30);
    turn_the_clock(&scene, &rand, jumps);
    if (what < 4)
      shake(&scene, &rand);
    if (what == 5)
      tune(&scene, &rand);
    scene.count = 0;
    bool away = what > 24;
    if (away)
      alert_scene_miss(&scene, what == 25 ? STATE_UNKNOWN : STATE_OFFLINE + (what == 26) * -1,
                       REASON_HOST_GONE);
    else
      alert_scene_answer(&scene);
    assert_true(scene.count < SCENE_EVENTS);
    for (int i = 0; i < scene.count; i++)
      check_event(&story, &scene.events[i], away);
    check_memories(&story, &scene);
    enum alert_rule rule = (enum alert_rule)rand_below(&rand, ALERT_RULE_COUNT);
    struct alert_event event;
    bool acknowledged =
        what == 6 && alert_step_acknowledge(rule, scene.now_ms, &scene.memories[rule], &event);
    assert_true(!acknowledged || (story.open[rule] && event.kind == ALERT_ACKED));
  }
  alert_scene_end(&scene);
}

static void whatever_happens_each_rule_tells_one_story(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= LIVES; seed++)
    live(seed, false);
}

static void whatever_the_clock_does_each_rule_tells_one_story(void **state) {
  (void)state;
  for (uint64_t seed = 1001; seed <= 1000 + LIVES; seed++)
    live(seed, true);
}

static void no_leap_of_the_clock_raises_or_clears_anything(void **state) {
  (void)state;
  static const int64_t leaps_ms[] = {-86400000, -1000, 60000, 86400000LL * 365 * 50};
  for (size_t i = 0; i < sizeof leaps_ms / sizeof leaps_ms[0]; i++) {
    struct alert_scene scene;
    alert_scene_begin(&scene);
    alert_scene_run(&scene, 3600);
    scene.sample.values[METRIC_INPUT_VOLTAGE_MV] = 4600; /* five minutes of it are trouble */
    alert_scene_run(&scene, 60);

    scene.now_ms += leaps_ms[i];
    alert_scene_run(&scene, 60);
    assert_int_equal(scene.count, 0);

    alert_scene_run(&scene, 300);
    assert_int_equal(alert_scene_count(&scene, ALERT_INPUT_VOLTAGE, ALERT_RAISED), 1);
    scene.sample.values[METRIC_INPUT_VOLTAGE_MV] = 5000;
    alert_scene_answer(&scene);
    scene.now_ms += leaps_ms[i];
    alert_scene_answer(&scene);
    assert_int_equal(alert_scene_count(&scene, ALERT_INPUT_VOLTAGE, ALERT_CLEARED), 0);
    alert_scene_end(&scene);
  }
}

static void an_acknowledged_alert_reminds_nobody_and_still_tells_its_end(void **state) {
  (void)state;
  struct alert_scene scene;
  struct alert_event event;
  alert_scene_begin(&scene);
  scene.sample.values[METRIC_CHIP_TEMP_C] = 72;
  alert_scene_run(&scene, 60);

  struct alert_memory *memory = &scene.memories[ALERT_CHIP_TEMP];
  assert_true(alert_step_acknowledge(ALERT_CHIP_TEMP, scene.now_ms, memory, &event));
  assert_false(alert_step_acknowledge(ALERT_CHIP_TEMP, scene.now_ms, memory, &event));
  alert_scene_run(&scene, 24 * 3600);
  assert_int_equal(scene.count, 1);
  scene.sample.values[METRIC_CHIP_TEMP_C] = 60;
  alert_scene_answer(&scene);
  assert_int_equal(memory->phase, ALERT_RECOVERING);
  scene.sample.values[METRIC_CHIP_TEMP_C] = 72;
  alert_scene_answer(&scene);
  assert_int_equal(memory->phase, ALERT_ACKNOWLEDGED);
  scene.sample.values[METRIC_CHIP_TEMP_C] = 60;
  alert_scene_run(&scene, 60);

  assert_int_equal(scene.count, 2);
  assert_int_equal(scene.events[1].kind, ALERT_CLEARED);
  assert_int_equal(scene.events[1].episode, scene.events[0].episode);
  assert_int_equal(memory->acknowledged_ms, 0);
  alert_scene_end(&scene);
}

static void a_limit_that_is_moved_out_of_the_way_closes_the_alert(void **state) {
  (void)state;
  struct alert_scene scene;
  struct alert_rule_setting setting;
  alert_scene_begin(&scene);
  scene.sample.values[METRIC_CHIP_TEMP_C] = 72;
  alert_scene_run(&scene, 60);

  alert_rule_setting_init(&setting, 7, ALERT_CHIP_TEMP);
  setting.limit = 73;
  alert_rulebook_set(scene.book, &setting);
  alert_scene_run(&scene, 60);

  assert_int_equal(scene.count, 2);
  assert_int_equal(scene.events[1].kind, ALERT_CHANGED);
  alert_scene_end(&scene);
}

static void what_was_open_goes_on_after_a_restart_of_the_monitor(void **state) {
  (void)state;
  struct alert_scene scene, again;
  alert_scene_begin(&scene);
  alert_scene_run(&scene, 60);
  scene.sample.values[METRIC_FAN_RPM] = 0;
  alert_scene_run(&scene, 60);
  assert_int_equal(scene.count, 1);

  alert_scene_begin(&again);
  memcpy(again.memories, scene.memories, sizeof again.memories);
  again.last_episode = scene.last_episode;
  again.now_ms = scene.now_ms + 600000;
  again.sample.values[METRIC_FAN_RPM] = 0;
  alert_scene_run(&again, 60);
  assert_int_equal(again.count, 0); /* told already */
  again.sample.values[METRIC_FAN_RPM] = 4000;
  alert_scene_run(&again, 60);

  assert_int_equal(again.count, 1);
  assert_int_equal(again.events[0].kind, ALERT_CLEARED);
  assert_int_equal(again.events[0].episode, scene.events[0].episode);
  alert_scene_end(&scene);
  alert_scene_end(&again);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whatever_happens_each_rule_tells_one_story),
      cmocka_unit_test(whatever_the_clock_does_each_rule_tells_one_story),
      cmocka_unit_test(no_leap_of_the_clock_raises_or_clears_anything),
      cmocka_unit_test(an_acknowledged_alert_reminds_nobody_and_still_tells_its_end),
      cmocka_unit_test(a_limit_that_is_moved_out_of_the_way_closes_the_alert),
      cmocka_unit_test(what_was_open_goes_on_after_a_restart_of_the_monitor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
