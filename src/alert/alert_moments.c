#include "alert/alert_moments.h"

#include <math.h>

#include "alert/alert_settings.h"
#include "base/str.h"
#include "model/text.h"

/* "4.29G" may stand for anything from 4.285 to 4.299 thousand million. */
static const double rounding = 1.01;

static bool may_tell(const struct alert_tuning *tuning, const struct alert_memory *memory,
                     int64_t at_ms) {
  int64_t since_ms = at_ms - memory->announced_ms;
  bool cooling = memory->announced_ms != 0 && since_ms >= 0 && since_ms < tuning->cooldown_ms;
  return tuning->enabled && !cooling;
}

static void begin(const struct alert_look *look, enum alert_rule rule, struct alert_event *event) {
  const struct alert_context *context = look->context;
  *event = (struct alert_event){.miner_id = context->miner_id,
                                .rule = rule,
                                .kind = ALERT_HAPPENED,
                                .at_ms = context->sample->at_ms,
                                .since_ms = context->sample->at_ms,
                                .value = METRIC_UNKNOWN,
                                .limit = METRIC_UNKNOWN,
                                .worst = METRIC_UNKNOWN};
}

/* --- what may have happened: each returns whether, and fills the event --- */

/* A restart right after an update belongs to it. */
static bool has_restarted(const struct alert_look *look, struct alert_event *event) {
  const struct alert_context *context = look->context;
  const char *reason = context->facts->reset_reason;
  if ((context->sample->flags & SAMPLE_REBOOTED) == 0 || look->watch->maintenance_ms > 0)
    return false;
  str_copy(event->detail, sizeof event->detail,
           reason[0] != '\0' ? reason : text_get(NULL, "detail.restart_unknown"));
  return true;
}

static bool has_changed(const struct alert_look *look, struct alert_event *event) {
  return alert_settings_changed(look->watch, look->context, event->detail);
}

static bool has_new_best(const struct alert_look *look, struct alert_event *event) {
  struct alert_watch *watch = look->watch;
  const struct vitals *vitals = look->context->vitals;
  double best = look->context->sample->values[METRIC_BEST_DIFF];
  if (!metric_is_known(best) || watch->away)
    return false;
  bool rounded = vitals != NULL && vitals->best_is_rounded;
  double margin = rounded || watch->best_is_rounded ? rounding : 1;
  event->value = best;
  event->limit = watch->best;
  if (best > watch->best * margin && watch->best > 0)
    return true;
  /* The first, or the same written otherwise. A smaller one was reset on the device:
   * the record stays what it was. */
  if (isnan(watch->best) || best >= watch->best) {
    watch->best = best;
    watch->best_is_rounded = rounded;
  }
  return false;
}

static bool has_found_block(const struct alert_look *look, struct alert_event *event) {
  struct alert_watch *watch = look->watch;
  double blocks = look->context->sample->values[METRIC_BLOCKS_FOUND], before = watch->blocks;
  if (!metric_is_known(blocks) || watch->away)
    return false;
  if ((look->context->sample->flags & SAMPLE_REBOOTED) != 0 && metric_is_known(before))
    before = 0; /* it counts from the start */
  watch->blocks = blocks;
  event->value = blocks;
  return blocks > before; /* false when unknown: found before it was watched */
}

/* What is told, or never to be told, is taken over. */
static void accept(const struct alert_look *look, enum alert_rule rule) {
  struct alert_watch *watch = look->watch;
  if (rule == ALERT_SETTINGS_CHANGED)
    alert_settings_accept(watch, look->context);
  if (rule == ALERT_NEW_BEST) {
    watch->best = look->context->sample->values[METRIC_BEST_DIFF];
    watch->best_is_rounded =
        look->context->vitals != NULL && look->context->vitals->best_is_rounded;
  }
}

static const struct moment {
  enum alert_rule rule;
  bool (*happened)(const struct alert_look *look, struct alert_event *event);
} moments[] = {
    {ALERT_RESTARTED, has_restarted},
    {ALERT_SETTINGS_CHANGED, has_changed},
    {ALERT_NEW_BEST, has_new_best},
    {ALERT_BLOCK_FOUND, has_found_block},
};

void alert_moments_step(struct alert_look *look, struct alert_memory *memories,
                        const struct alert_sink *sink) {
  const struct alert_context *context = look->context;
  for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
    enum alert_rule rule = moments[i].rule;
    struct alert_event event;
    struct alert_tuning tuning;
    begin(look, rule, &event);
    if (!moments[i].happened(look, &event))
      continue;
    alert_rulebook_tuning(look->book, rule, context->miner_id, &context->facts->limits, &tuning);
    if (!tuning.enabled)
      accept(look, rule);
    if (!may_tell(&tuning, &memories[rule], event.at_ms))
      continue; /* a change or a record is told when the cooldown is over */
    event.severity = tuning.severity;
    event.episode = alert_step_number(event.at_ms, context->last_episode);
    memories[rule].announced_ms = event.at_ms;
    accept(look, rule);
    sink->event(&event, sink->arg);
  }
}
