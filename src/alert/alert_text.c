#include "alert/alert_text.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "model/metric.h"
#include "model/state.h"

enum { LATE_MS = 2 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000, SPAN_SIZE = 48, TIME_SIZE = 48 };

static const char *name_of(const struct miner *miner) {
  if (miner->name[0] != '\0')
    return miner->name;
  if (miner->facts.model[0] != '\0')
    return miner->facts.model;
  return miner->address[0] != '\0' ? miner->address : "A miner";
}

static const char *part_of(enum alert_rule rule) {
  return rule == ALERT_VR_TEMP ? "voltage regulator" : "chip";
}

static const struct reason_facts *reason_of(const struct alert_event *event) {
  bool named = event->reason > REASON_NONE && event->reason < REASON_COUNT;
  return named ? reason_facts((enum reason)event->reason) : NULL;
}

/* "72.4 °C (limit 68 °C)", as much of it as is known. */
static void write_heat(struct buf *out, double value, double limit) {
  if (metric_is_known(value))
    buf_printf(out, " %.1f °C", value);
  if (metric_is_known(limit))
    buf_printf(out, " (limit %g °C)", limit);
}

static const char *span_of(const struct alert_event *event, char text[SPAN_SIZE]) {
  return clock_format_span(event->at_ms - event->since_ms, text, SPAN_SIZE);
}

static void write_worst(struct buf *out, const struct alert_event *event) {
  if (metric_is_known(event->worst))
    buf_printf(out, "; the worst was %.1f °C", event->worst);
}

/* "02:10 CET" on the clock of the owner's wall (TZ), with the day when it is not
 * within the last one. */
static void write_time(char text[TIME_SIZE], int64_t wall_ms, bool with_day) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) == NULL ||
      strftime(text, TIME_SIZE, with_day ? "%H:%M %Z on %-d %B" : "%H:%M %Z", &local) == 0)
    snprintf(text, TIME_SIZE, "an unknown time");
}

static void write_trouble(struct buf *out, const struct miner *miner,
                          const struct alert_event *event) {
  const struct reason_facts *reason = reason_of(event);
  bool gone = reason == NULL || reason_is_host_gone((enum reason)event->reason);
  if (event->rule == ALERT_OFFLINE)
    buf_printf(out, "%s %s: %s", name_of(miner), gone ? "is offline" : "is not answering",
               reason != NULL ? reason->text : "it cannot be reached");
  else {
    buf_printf(out, "%s is too hot: %s", name_of(miner), part_of(event->rule));
    write_heat(out, event->value, event->limit);
  }
}

static void write_advice(struct buf *out, const struct alert_event *event) {
  const struct alert_rule_facts *rule = alert_rule_facts(event->rule);
  const struct reason_facts *reason = reason_of(event);
  buf_printf(out, "\n%s\nWhat to do: %s", reason != NULL ? reason->meaning : rule->meaning,
             reason != NULL ? reason->advice : rule->advice);
}

static void write_raised(struct buf *out, const struct miner *miner,
                         const struct alert_event *event) {
  char since[TIME_SIZE];
  write_trouble(out, miner, event);
  write_time(since, event->since_ms, false);
  if (event->rule == ALERT_OFFLINE)
    buf_printf(out, ", since %s", since);
  buf_append_char(out, '.');
  write_advice(out, event);
}

static void write_reminded(struct buf *out, const struct miner *miner,
                           const struct alert_event *event) {
  char span[SPAN_SIZE];
  buf_append_text(out, "Still so: ");
  write_trouble(out, miner, event);
  buf_printf(out, ", for %s now", span_of(event, span));
  write_worst(out, event);
  buf_append_char(out, '.');
  write_advice(out, event);
}

static void write_cleared(struct buf *out, const struct miner *miner,
                          const struct alert_event *event) {
  const struct reason_facts *reason = reason_of(event);
  char span[SPAN_SIZE];
  span_of(event, span);
  if (event->rule == ALERT_OFFLINE) {
    buf_printf(out, "%s is back.\nIt was out of reach for %s", name_of(miner), span);
    if (reason != NULL)
      buf_printf(out, ": %s", reason->text);
  } else {
    const char *part = part_of(event->rule);
    buf_printf(out, "%s has cooled down", name_of(miner));
    if (metric_is_known(event->value)) { /* a paused miner reports none */
      buf_printf(out, ": %s", part);
      write_heat(out, event->value, event->limit);
    }
    buf_printf(out, ".\nThe %s was too hot for %s", part, span);
    write_worst(out, event);
  }
  buf_append_text(out, ".\nThere is nothing to do.");
}

void alert_text_write(struct buf *out, const struct miner *miner, const struct alert_event *event) {
  switch (event->kind) {
  case ALERT_RAISED:
    write_raised(out, miner, event);
    break;
  case ALERT_REMINDED:
    write_reminded(out, miner, event);
    break;
  case ALERT_CLEARED:
    write_cleared(out, miner, event);
    break;
  }
}

void alert_text_late(struct buf *out, int64_t happened_ms, int64_t now_ms) {
  int64_t late_ms = now_ms - happened_ms;
  if (late_ms < LATE_MS)
    return;
  char time[TIME_SIZE], span[SPAN_SIZE];
  write_time(time, happened_ms, late_ms >= DAY_MS);
  clock_format_span(late_ms, span, sizeof span);
  buf_printf(out, "This happened at %s, %s ago; it could not be sent before.", time, span);
}
