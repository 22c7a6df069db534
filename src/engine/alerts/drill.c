#include "engine/alerts/drill.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

enum { HOT_MS = 15 * 1000, STEP_MS = 5 * 1000 };
static const double LIMIT_C = 65, HOT_C = 78, COOL_C = 52;

struct drill {
  struct drill_options options;
  uv_timer_t timer;
  struct miner miner;
  struct alert_rulebook *book; /* the defaults: a rule that is switched off has its drill too */
  struct alert_watch watch;
  struct alert_memory memories[ALERT_RULE_COUNT];
  struct drill_state state;
};

struct drill *drill_create(const struct drill_options *options) {
  struct drill *drill = mem_alloc(sizeof *drill);
  drill->options = *options;
  if (drill->options.hot_ms == 0)
    drill->options.hot_ms = HOT_MS;
  drill->book = alert_rulebook_create(NULL);
  drill->miner.id = DESK_DRILL_MINER;
  str_copy(drill->miner.name, sizeof drill->miner.name, "Practice miner");
  drill->miner.facts.limits.chip_warn_c = LIMIT_C;
  alert_watch_init(&drill->watch);
  uv_timer_init(options->loop, &drill->timer);
  drill->timer.data = drill;
  return drill;
}

static void on_closed(uv_handle_t *handle) {
  struct drill *drill = handle->data;
  alert_watch_finish(&drill->watch);
  alert_rulebook_destroy(drill->book);
  free(drill);
}

void drill_close(struct drill *drill) {
  if (drill != NULL)
    uv_close((uv_handle_t *)&drill->timer, on_closed);
}

/* It is about heat alone; whatever else a made-up miner would set off is not told. */
static void on_event(const struct alert_event *event, void *arg) {
  struct drill *drill = arg;
  if (event->rule != ALERT_CHIP_TEMP)
    return;
  struct alert_event mine = *event;
  mine.miner_id = DESK_DRILL_MINER;
  if (event->kind == ALERT_RAISED)
    drill->state.episode = event->episode;
  desk_happened(drill->options.desk, &drill->miner, &mine);
}

static void on_changed(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  (void)rule;
  (void)memory;
  (void)arg;
}

static void feed(struct drill *drill, double chip_c, int64_t at_ms) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.state = STATE_HASHING;
  sample.values[METRIC_CHIP_TEMP_C] = chip_c;
  sample.values[METRIC_UPTIME_S] = 86400;
  const struct alert_context context = {
      .miner_id = DESK_DRILL_MINER,
      .sample = &sample,
      .facts = &drill->miner.facts,
      .interval_ms = STEP_MS,
      .last_episode = pipeline_last_episode(drill->options.pipeline),
  };
  const struct alert_sink sink = {.event = on_event, .changed = on_changed, .arg = drill};
  alert_step_all(drill->book, &context, &drill->watch, drill->memories, &sink);
}

/* Two readings in a row are what the rule wants by default. */
static void feed_twice(struct drill *drill, double chip_c) {
  int64_t now_ms = clock_wall_ms();
  feed(drill, chip_c, now_ms - STEP_MS);
  feed(drill, chip_c, now_ms);
}

static void on_recover(uv_timer_t *timer) {
  struct drill *drill = timer->data;
  feed_twice(drill, COOL_C);
  drill->state.running = false;
}

bool drill_start(struct drill *drill, struct err *err) {
  if (drill->state.running)
    return err_set(err, ERR_CONFLICT, "a drill is running already: wait some seconds");
  alert_watch_finish(&drill->watch);
  alert_watch_init(&drill->watch);
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_memory_init(&drill->memories[rule]);
  int64_t now_ms = clock_wall_ms();
  drill->state = (struct drill_state){
      .running = true, .started_ms = now_ms, .recovers_ms = now_ms + drill->options.hot_ms};
  feed_twice(drill, HOT_C);
  uv_timer_start(&drill->timer, on_recover, (uint64_t)drill->options.hot_ms, 0);
  return true;
}

void drill_state_get(const struct drill *drill, struct drill_state *state) {
  *state = drill->state;
}
