#include "alert/alert_scene.h"

#include <math.h>
#include <string.h>

#include "base/str.h"

static const int64_t start_ms = 1700000000000;

void alert_scene_begin(struct alert_scene *scene) {
  *scene = (struct alert_scene){.now_ms = start_ms, .hashrate_ghs = 1071};
  scene->book = alert_rulebook_create(NULL);
  alert_watch_init(&scene->watch);
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_memory_init(&scene->memories[rule]);
  vitals_init(&scene->vitals);
  rand_init(&scene->rand, 7);
  scene->facts = (struct miner_facts){
      .asic_count = 1,
      .limits = {.chip_warn_c = 68, .vr_warn_c = 95, .input_min_mv = 4750, .input_max_mv = 6500}};
  str_copy(scene->facts.firmware, sizeof scene->facts.firmware, "v2.15.0");
  str_copy(scene->facts.pool_host, sizeof scene->facts.pool_host, "pool.example");
  scene->vitals.chips = 1;
  scene->vitals.domains = 4;
  scene->vitals.heap_internal_bytes = 100000;
  str_copy(scene->vitals.pool, sizeof scene->vitals.pool, "pool.example:3333");
  str_copy(scene->vitals.user, sizeof scene->vitals.user,
           "bc1qownersaddressownersaddressowner00.rig");
  sample_init(&scene->sample, start_ms);
  double *values = scene->sample.values;
  scene->sample.state = STATE_HASHING;
  values[METRIC_EXPECTED_HASHRATE_GHS] = 1071;
  values[METRIC_CHIP_TEMP_C] = 60;
  values[METRIC_VR_TEMP_C] = 70;
  values[METRIC_POWER_W] = 18;
  values[METRIC_INPUT_VOLTAGE_MV] = 5000;
  values[METRIC_CORE_VOLTAGE_MV] = 1150;
  values[METRIC_FREQUENCY_MHZ] = 525;
  values[METRIC_FAN_PCT] = 45;
  values[METRIC_FAN_RPM] = 4000;
  values[METRIC_WIFI_RSSI_DBM] = -55;
  values[METRIC_UPTIME_S] = 3600;
  values[METRIC_SHARES_ACCEPTED] = 500;
  values[METRIC_SHARES_REJECTED] = 0;
  values[METRIC_BEST_DIFF] = 4e9;
  values[METRIC_POOL_DIFFICULTY] = 1000;
  values[METRIC_ERROR_PCT] = 0.3;
  values[METRIC_FREE_HEAP_BYTES] = 8.2e6;
  values[METRIC_BLOCKS_FOUND] = 0;
}

void alert_scene_end(struct alert_scene *scene) {
  alert_watch_finish(&scene->watch);
  alert_rulebook_destroy(scene->book);
}

static void hear(const struct alert_event *event, void *arg) {
  struct alert_scene *scene = arg;
  if (scene->count < SCENE_EVENTS)
    scene->events[scene->count++] = *event;
}

static void save(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  (void)rule;
  (void)memory;
  (void)arg;
}

static void step(struct alert_scene *scene, const struct sample *sample, bool answered) {
  const struct alert_context context = {.miner_id = 7,
                                        .sample = sample,
                                        .facts = &scene->facts,
                                        .vitals = answered ? &scene->vitals : NULL,
                                        .interval_ms = SCENE_POLL_S * 1000,
                                        .last_episode = &scene->last_episode};
  const struct alert_sink sink = {.event = hear, .changed = save, .arg = scene};
  alert_step_all(scene->book, &context, &scene->watch, scene->memories, &sink);
  scene->now_ms += SCENE_POLL_S * 1000;
}

void alert_scene_answer(struct alert_scene *scene) {
  double *values = scene->sample.values;
  scene->sample.at_ms = scene->now_ms;
  if (!scene->exact)
    values[METRIC_HASHRATE_GHS] = scene->hashrate_ghs * (1 + 0.01 * rand_normal(&scene->rand));
  step(scene, &scene->sample, true);
  scene->sample.flags &= ~(uint32_t)SAMPLE_REBOOTED;
  values[METRIC_UPTIME_S] += SCENE_POLL_S;
  if (scene->no_shares || scene->sample.state != STATE_HASHING)
    return;
  bool rejected = rand_unit(&scene->rand) < scene->reject_part;
  values[rejected ? METRIC_SHARES_REJECTED : METRIC_SHARES_ACCEPTED] += 1;
}

void alert_scene_miss(struct alert_scene *scene, enum miner_state state, enum reason reason) {
  struct sample sample;
  sample_init(&sample, scene->now_ms);
  sample.state = state;
  sample.reason = reason;
  sample.flags = SAMPLE_MISSED;
  step(scene, &sample, false);
  scene->sample.values[METRIC_UPTIME_S] += SCENE_POLL_S;
}

void alert_scene_run(struct alert_scene *scene, int seconds) {
  for (int i = 0; i < seconds; i += SCENE_POLL_S)
    alert_scene_answer(scene);
}

void alert_scene_reboot(struct alert_scene *scene) {
  scene->sample.flags |= SAMPLE_REBOOTED;
  scene->sample.values[METRIC_UPTIME_S] = 12;
  scene->sample.values[METRIC_SHARES_ACCEPTED] = 0;
  scene->sample.values[METRIC_SHARES_REJECTED] = 0;
  scene->sample.values[METRIC_BLOCKS_FOUND] = 0;
}

int alert_scene_count(const struct alert_scene *scene, enum alert_rule rule, int kind) {
  int count = 0;
  for (int i = 0; i < scene->count; i++)
    count += scene->events[i].rule == rule && (int)scene->events[i].kind == kind;
  return count;
}

const struct alert_event *alert_scene_last(const struct alert_scene *scene, enum alert_rule rule) {
  const struct alert_event *last = NULL;
  for (int i = 0; i < scene->count; i++) {
    if (scene->events[i].rule == rule)
      last = &scene->events[i];
  }
  return last;
}
