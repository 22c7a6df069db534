#include "alert/alert_watch.h"

#include <stdlib.h>

#include "model/metric.h"

/* A longer step from one reading to the next is a gap, or a clock that was set. */
enum { GAP_MS = 90 * 1000 };

void alert_watch_init(struct alert_watch *watch) {
  *watch = (struct alert_watch){
      .ratio = (float)METRIC_UNKNOWN,
      .error_pct = (float)METRIC_UNKNOWN,
      .shares = METRIC_UNKNOWN,
      .rejected = METRIC_UNKNOWN,
      .slow_mhz = (float)METRIC_UNKNOWN,
      .slow_mv = (float)METRIC_UNKNOWN,
      .before_mhz = (float)METRIC_UNKNOWN,
      .before_mv = (float)METRIC_UNKNOWN,
      .best = METRIC_UNKNOWN,
      .blocks = METRIC_UNKNOWN,
  };
  cusum_init(&watch->cusum);
}

void alert_watch_finish(struct alert_watch *watch) {
  free(watch->settings);
  watch->settings = NULL;
}

static void take_time(struct alert_watch *watch, const struct alert_context *context) {
  int64_t gap_ms = 2 * context->interval_ms > GAP_MS ? 2 * context->interval_ms : GAP_MS;
  int64_t elapsed_ms = watch->last_ms != 0 ? context->sample->at_ms - watch->last_ms : 0;
  watch->last_ms = context->sample->at_ms;
  watch->elapsed_ms = elapsed_ms < 0 ? 0 : elapsed_ms > gap_ms ? gap_ms : elapsed_ms;
  watch->maintenance_ms -=
      watch->elapsed_ms < watch->maintenance_ms ? watch->elapsed_ms : watch->maintenance_ms;
}

static bool is_away(const struct sample *sample) {
  return sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE ||
         (sample->flags & SAMPLE_MISSED) != 0;
}

void alert_watch_take(struct alert_watch *watch, const struct alert_context *context) {
  take_time(watch, context);
  watch->away = is_away(context->sample);
  watch->rebooted = (context->sample->flags & SAMPLE_REBOOTED) != 0;
}
