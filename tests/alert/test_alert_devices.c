/* The simulator's devices through driver, judge and rules, without sockets: healthy
 * ones of every dialect are left in peace, broken ones are told of and told as mended. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_step.h"
#include "alert/alert_text.h"
#include "base/str.h"
#include "miner/miner_driver.h"
#include "miner/miner_judge.h"
#include "sim/sim_info.h"
#include "tests/sim/sim_make.h"

enum { POLL_S = 10, MINUTE = 60, HOUR = 3600, EVENTS = 64 };

struct watched {
  struct sim_device device;
  struct miner miner;
  struct miner_memory memory;
  struct alert_rulebook *book;
  struct alert_watch watch;
  struct alert_memory memories[ALERT_RULE_COUNT];
  int64_t now_ms, last_episode;
  struct alert_event events[EVENTS];
  int count;
};

static void begin(struct watched *watched, const char *model, const char *firmware) {
  *watched = (struct watched){.now_ms = 1700000000000};
  watched->device = sim_make(model, firmware, 86400);
  str_copy(watched->miner.name, sizeof watched->miner.name, "Garage");
  miner_memory_init(&watched->memory);
  watched->book = alert_rulebook_create(NULL);
  alert_watch_init(&watched->watch);
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_memory_init(&watched->memories[rule]);
}

static void end(struct watched *watched) {
  alert_watch_finish(&watched->watch);
  alert_rulebook_destroy(watched->book);
  sim_device_finish(&watched->device);
}

static void hear(const struct alert_event *event, void *arg) {
  struct watched *watched = arg;
  if (watched->count < EVENTS)
    watched->events[watched->count++] = *event;
}

static void save(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  (void)rule;
  (void)memory;
  (void)arg;
}

/* What the pipeline does with an answer, or with none while the device starts. */
static void poll_once(struct watched *watched) {
  struct miner_report report;
  struct sample sample;
  struct err err = {0};
  enum reason reason = REASON_NO_ANSWER;
  struct buf body;
  buf_init(&body);
  sim_device_advance(&watched->device, POLL_S);
  bool answers = watched->device.boot_left_s == 0;
  if (answers) {
    sim_info_render(&watched->device, &body);
    assert_true(axeos_driver.parse(body.data, body.length, &report, &reason, &err));
    miner_driver_merge_facts(&watched->miner.facts, &report.facts);
    sample = report.sample;
    sample.at_ms = watched->now_ms;
    miner_judge_answer(&watched->memory, &watched->miner.facts, &sample, watched->now_ms);
  } else {
    sample_init(&sample, watched->now_ms);
    miner_judge_miss(&watched->memory, reason, &sample);
  }
  const struct alert_context context = {.miner_id = 1,
                                        .sample = &sample,
                                        .facts = &watched->miner.facts,
                                        .vitals = answers ? &report.vitals : NULL,
                                        .interval_ms = POLL_S * 1000,
                                        .last_episode = &watched->last_episode};
  const struct alert_sink sink = {.event = hear, .changed = save, .arg = watched};
  alert_step_all(watched->book, &context, &watched->watch, watched->memories, &sink);
  watched->now_ms += POLL_S * 1000;
  buf_finish(&body);
}

static const struct alert_event *wait_for(struct watched *watched, enum alert_rule rule,
                                          enum alert_event_kind kind, int most_s) {
  int seen = watched->count;
  for (int passed = 0; passed <= most_s; passed += POLL_S) {
    poll_once(watched);
    for (; seen < watched->count; seen++) {
      if (watched->events[seen].rule == rule && watched->events[seen].kind == kind)
        return &watched->events[seen];
    }
  }
  return NULL;
}

/* Good news is the only news. */
static void check_peace(const struct watched *watched, const char *what) {
  for (int i = 0; i < watched->count; i++) {
    const struct alert_rule_facts *facts = alert_rule_facts(watched->events[i].rule);
    if (!facts->good_news)
      fail_msg("%s: %s after %lld s (%s)", what, facts->name,
               (long long)(watched->events[i].at_ms - 1700000000000) / 1000,
               watched->events[i].detail);
  }
}

static void healthy_devices_of_every_dialect_are_left_in_peace(void **state) {
  (void)state;
  static const char *const models[] = {"max", "ultra", "supra", "gamma",
                                       "duo", "gt",    "hex",   "suprahex"};
  static const char *const firmwares[] = {"2.2",  "2.4",  "2.6",  "2.8",    "2.9", "2.10",
                                          "2.11", "2.12", "2.13", "2.14.0", "2.15"};
  for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
    struct watched watched;
    const char *firmware = firmwares[m % (sizeof firmwares / sizeof firmwares[0])];
    begin(&watched, models[m], firmware);
    for (int passed = 0; passed < 4 * HOUR; passed += POLL_S)
      poll_once(&watched);
    check_peace(&watched, models[m]);
    end(&watched);
  }
  for (size_t f = 0; f < sizeof firmwares / sizeof firmwares[0]; f++) {
    struct watched watched;
    begin(&watched, "gamma", firmwares[f]);
    for (int passed = 0; passed < 4 * HOUR; passed += POLL_S)
      poll_once(&watched);
    check_peace(&watched, firmwares[f]);
    end(&watched);
  }
}

static void what_breaks_is_told_and_so_is_its_end(void **state) {
  (void)state;
  static const struct {
    enum sim_fault fault;
    const char *model, *firmware;
    enum alert_rule rule;
    int raised_s, cleared_s; /* at latest; 0: does not end by itself */
  } cases[] = {
      {SIM_HOT, "gamma", "2.15", ALERT_CHIP_TEMP, 30, 5 * MINUTE},
      {SIM_VR_HOT, "gamma", "2.15", ALERT_VR_TEMP, 30, 5 * MINUTE},
      {SIM_OVERHEAT, "gamma", "2.15", ALERT_OVERHEATED, 5 * MINUTE, 30 * MINUTE},
      {SIM_OVERHEAT, "gamma", "2.10", ALERT_OVERHEATED, 5 * MINUTE, 0},
      {SIM_FAN_STOPPED, "gamma", "2.15", ALERT_FAN_STOPPED, 60, 60},
      {SIM_FROZEN, "gamma", "2.15", ALERT_STALLED, 15 * MINUTE, 5 * MINUTE},
      {SIM_FROZEN, "ultra", "2.6", ALERT_STALLED, 40 * MINUTE, 15 * MINUTE},
      {SIM_ZERO, "gamma", "2.15", ALERT_NOT_HASHING, 2 * MINUTE, 2 * MINUTE},
      {SIM_CHIP_LOST, "hex", "2.15", ALERT_CHIP_LOST, 4 * MINUTE, 3 * MINUTE},
      {SIM_CHIP_LOST, "gamma", "2.15", ALERT_CHIP_LOST, 4 * MINUTE, 3 * MINUTE},
      {SIM_CHIP_LOST, "hex", "2.10", ALERT_HASHRATE_LOW, 3 * HOUR, 3 * HOUR},
      {SIM_SLOW_CHIPS, "gamma", "2.15", ALERT_HASHRATE_LOW, 12 * MINUTE, 60 * MINUTE},
      {SIM_REJECTS, "gamma", "2.15", ALERT_REJECTED_SHARES, 60 * MINUTE, 3 * HOUR},
      {SIM_ERRORS, "gamma", "2.15", ALERT_ERROR_RATE, 15 * MINUTE, 30 * MINUTE},
      {SIM_FALLBACK, "gamma", "2.15", ALERT_FALLBACK_POOL, 6 * MINUTE, MINUTE},
      {SIM_POOLS_AWAY, "gamma", "2.15", ALERT_POOL_LOST, 2 * MINUTE, 2 * MINUTE},
      {SIM_POOLS_AWAY, "gamma", "2.10", ALERT_STALLED, 15 * MINUTE, 5 * MINUTE},
      {SIM_POWER_FAULT, "gamma", "2.12", ALERT_POWER_FAULT, 60, 60},
      {SIM_HARDWARE_FAULT, "gamma", "2.15", ALERT_HARDWARE_FAULT, 60, 60},
      {SIM_LOW_VOLTAGE, "gamma", "2.15", ALERT_INPUT_VOLTAGE, 6 * MINUTE, 4 * MINUTE},
      {SIM_LOW_VOLTAGE, "hex", "2.15", ALERT_INPUT_VOLTAGE, 6 * MINUTE, 4 * MINUTE},
      {SIM_WEAK_WIFI, "gamma", "2.15", ALERT_WEAK_WIFI, 8 * MINUTE, 10 * MINUTE},
      {SIM_LOW_HEAP, "gamma", "2.15", ALERT_LOW_MEMORY, 12 * MINUTE, 12 * MINUTE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct watched watched;
    struct err err = {0};
    const char *name = alert_rule_facts(cases[i].rule)->name;
    begin(&watched, cases[i].model, cases[i].firmware);
    for (int passed = 0; passed < 2 * HOUR; passed += POLL_S)
      poll_once(&watched);
    check_peace(&watched, name);

    assert_true(sim_device_break(&watched.device, cases[i].fault, NULL, &err));
    if (wait_for(&watched, cases[i].rule, ALERT_RAISED, cases[i].raised_s) == NULL)
      fail_msg("%s (%s %s): not raised", name, cases[i].model, cases[i].firmware);
    sim_device_repair(&watched.device, SIM_FAULT_COUNT);
    if (cases[i].cleared_s != 0 &&
        wait_for(&watched, cases[i].rule, ALERT_CLEARED, cases[i].cleared_s) == NULL)
      fail_msg("%s (%s %s): not cleared", name, cases[i].model, cases[i].firmware);
    end(&watched);
  }
}

static void what_somebody_does_to_it_is_told(void **state) {
  (void)state;
  struct watched watched;
  struct err err = {0};
  begin(&watched, "gamma", "2.15");
  alert_rulebook_set_payout(watched.book, "bc1qsimulatedminer");
  for (int passed = 0; passed < HOUR; passed += POLL_S)
    poll_once(&watched);
  check_peace(&watched, "before");

  assert_true(sim_device_break(&watched.device, SIM_OTHER_USER, NULL, &err));
  assert_non_null(wait_for(&watched, ALERT_PAYOUT_ADDRESS, ALERT_RAISED, 30));
  const struct alert_event *changed = NULL;
  for (int i = 0; i < watched.count; i++)
    changed = watched.events[i].rule == ALERT_SETTINGS_CHANGED ? &watched.events[i] : changed;
  assert_non_null(changed);
  assert_string_equal(changed->detail, "user from bc1....sim to bc1qso...ress.sim");
  sim_device_restart(&watched.device, "Brown-out reset");
  const struct alert_event *restarted = wait_for(&watched, ALERT_RESTARTED, ALERT_HAPPENED, MINUTE);
  assert_non_null(restarted);
  assert_string_equal(restarted->detail, "Brown-out reset");
  watched.device.boot.blocks = 1;
  assert_non_null(wait_for(&watched, ALERT_BLOCK_FOUND, ALERT_HAPPENED, 20));
  watched.device.all_time_best *= 3;
  assert_non_null(wait_for(&watched, ALERT_NEW_BEST, ALERT_HAPPENED, 20 * MINUTE));
  end(&watched);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(healthy_devices_of_every_dialect_are_left_in_peace),
      cmocka_unit_test(what_breaks_is_told_and_so_is_its_end),
      cmocka_unit_test(what_somebody_does_to_it_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
