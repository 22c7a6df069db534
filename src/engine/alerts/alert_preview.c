#include "engine/alerts/alert_preview.h"

#include <assert.h>
#include <stdlib.h>

#include "alert/alert_step.h"
#include "base/mem.h"

struct alert_preview {
  enum alert_rule rule;
  int64_t interval_ms, samples, count, last_episode;
  struct alert_rulebook *book;
  struct alert_preview_episode list[ALERT_PREVIEW_EPISODES];
  size_t listed;
  /* of the miner at hand */
  int64_t miner_id;
  const struct miner_facts *facts;
  struct alert_watch watch;
  struct alert_memory memories[ALERT_RULE_COUNT];
  struct alert_preview_episode *open; /* NULL: none, or one that is not listed */
};

bool alert_preview_can(enum alert_rule rule) {
  return !alert_rule_facts(rule)->of_monitor && rule != ALERT_CHIP_LOST &&
         rule != ALERT_SETTINGS_CHANGED && rule != ALERT_PAYOUT_ADDRESS;
}

/* The rules about silence ask each other which of them was first. */
static bool is_needed(const struct alert_preview *preview, enum alert_rule rule) {
  bool silence = preview->rule == ALERT_OFFLINE || preview->rule == ALERT_UNRESPONSIVE;
  return rule == preview->rule ||
         (silence && (rule == ALERT_OFFLINE || rule == ALERT_UNRESPONSIVE));
}

struct alert_preview *alert_preview_create(enum alert_rule rule, int64_t interval_ms) {
  assert(alert_preview_can(rule));
  struct alert_preview *preview = mem_alloc(sizeof *preview);
  struct alert_config config;
  *preview = (struct alert_preview){.rule = rule, .interval_ms = interval_ms};
  alert_config_init(&config);
  for (int i = 0; i < ALERT_RULE_COUNT; i++)
    config.enabled[i] = is_needed(preview, (enum alert_rule)i);
  preview->book = alert_rulebook_create(&config);
  return preview;
}

void alert_preview_destroy(struct alert_preview *preview) {
  if (preview == NULL)
    return;
  alert_rulebook_destroy(preview->book);
  free(preview);
}

void alert_preview_begin(struct alert_preview *preview, int64_t miner_id,
                         const struct miner_facts *facts, const struct alert_tuning *tuning) {
  struct alert_rule_setting setting;
  alert_rule_setting_init(&setting, 0, preview->rule);
  setting.enabled = 1;
  setting.limit = tuning->limit;
  setting.hysteresis = tuning->hysteresis;
  setting.hold_ms = tuning->hold_ms;
  setting.clear_ms = tuning->clear_ms;
  setting.cooldown_ms = tuning->cooldown_ms;
  alert_rulebook_set(preview->book, &setting);
  preview->miner_id = miner_id;
  preview->facts = facts;
  preview->open = NULL;
  alert_watch_init(&preview->watch);
  for (int i = 0; i < ALERT_RULE_COUNT; i++)
    alert_memory_init(&preview->memories[i]);
}

static void add_episode(struct alert_preview *preview, const struct alert_event *event) {
  preview->count++;
  preview->open = NULL;
  if (preview->listed == ALERT_PREVIEW_EPISODES)
    return;
  struct alert_preview_episode *episode = &preview->list[preview->listed++];
  *episode = (struct alert_preview_episode){
      .miner_id = preview->miner_id, .from_ms = event->since_ms, .worst = event->worst};
  if (event->kind == ALERT_HAPPENED) {
    episode->to_ms = event->at_ms;
    episode->worst = event->value;
  } else {
    preview->open = episode;
  }
}

static void on_event(const struct alert_event *event, void *arg) {
  struct alert_preview *preview = arg;
  if (event->rule != preview->rule)
    return;
  if (event->kind == ALERT_RAISED || event->kind == ALERT_HAPPENED) {
    add_episode(preview, event);
  } else if (preview->open != NULL &&
             (event->kind == ALERT_CLEARED || event->kind == ALERT_CHANGED)) {
    preview->open->to_ms = event->at_ms;
    preview->open->worst = event->worst;
    preview->open = NULL;
  }
}

static void on_changed(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  (void)rule;
  (void)memory;
  (void)arg;
}

void alert_preview_take(struct alert_preview *preview, const struct sample *sample) {
  if ((sample->flags & SAMPLE_BACKFILLED) != 0)
    return;
  const struct alert_context context = {.miner_id = preview->miner_id,
                                        .sample = sample,
                                        .facts = preview->facts,
                                        .interval_ms = preview->interval_ms,
                                        .last_episode = &preview->last_episode};
  const struct alert_sink sink = {.event = on_event, .changed = on_changed, .arg = preview};
  preview->samples++;
  alert_step_all(preview->book, &context, &preview->watch, preview->memories, &sink);
}

void alert_preview_end(struct alert_preview *preview) {
  if (preview->open != NULL)
    preview->open->worst = preview->memories[preview->rule].worst;
  preview->open = NULL;
  alert_watch_finish(&preview->watch);
}

int64_t alert_preview_samples(const struct alert_preview *preview) {
  return preview->samples;
}

int64_t alert_preview_count(const struct alert_preview *preview) {
  return preview->count;
}

const struct alert_preview_episode *alert_preview_list(const struct alert_preview *preview,
                                                       size_t *listed) {
  *listed = preview->listed;
  return preview->list;
}
