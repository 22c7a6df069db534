#include "alert/alert_text.h"

#include <string.h>

#include "base/clock.h"
#include "model/metric.h"
#include "model/state.h"

enum { LATE_MS = 2 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000 };

static const char *part_of(enum alert_rule rule) {
  return rule == ALERT_VR_TEMP ? "voltage regulator" : "chip";
}

static void write_span(struct buf *out, int64_t ms) {
  char span[32];
  buf_append_text(out, clock_format_span(ms, span, (int)sizeof span));
}

/* ------------------------------------------------------------ too hot */

static void write_hot(struct buf *out, const struct miner *miner, const struct alert_event *event) {
  const struct alert_rule_facts *facts = alert_rule_facts(event->rule);
  const char *still = event->kind == ALERT_REMINDED ? "still " : "";
  buf_printf(out, "🔥 %s is %stoo hot: its %s has %.1f °C, the limit is %.0f °C.\n", miner->name,
             still, part_of(event->rule), event->value, event->limit);
  if (event->kind == ALERT_REMINDED) {
    buf_append_text(out, "This has lasted ");
    write_span(out, event->at_ms - event->since_ms);
    buf_append_text(out, ".\n");
  } else {
    buf_printf(out, "%s\n", facts->meaning);
  }
  buf_printf(out, "What to do: %s", facts->advice);
}

static void write_cool(struct buf *out, const struct miner *miner,
                       const struct alert_event *event) {
  buf_printf(out, "✅ %s is cool again", miner->name);
  if (metric_is_known(event->value))
    buf_printf(out, ": its %s has %.1f °C", part_of(event->rule), event->value);
  buf_append_text(out, ".\nIt was too hot for ");
  write_span(out, event->at_ms - event->since_ms);
  if (metric_is_known(event->worst))
    buf_printf(out, "; the highest was %.1f °C", event->worst);
  buf_append_text(out, ". Nothing to do.");
}

/* ------------------------------------------------------------ offline */

static void write_gone(struct buf *out, const struct miner *miner,
                       const struct alert_event *event) {
  const struct reason_facts *reason = reason_facts((enum reason)event->reason);
  const struct alert_rule_facts *rule = alert_rule_facts(ALERT_OFFLINE);
  bool known = event->reason != REASON_NONE;
  const char *still = event->kind == ALERT_REMINDED ? "still " : "";
  buf_printf(out, "🔴 %s is %snot reachable", miner->name, still);
  if (known)
    buf_printf(out, ": %s", reason->text);
  buf_append_text(out, ".\n");
  if (event->kind == ALERT_REMINDED) {
    buf_append_text(out, "This has lasted ");
    write_span(out, event->at_ms - event->since_ms);
    buf_append_text(out, ".\n");
  } else {
    buf_printf(out, "%s\n", known ? reason->meaning : rule->meaning);
  }
  buf_printf(out, "What to do: %s", known ? reason->advice : rule->advice);
}

static void write_back(struct buf *out, const struct miner *miner,
                       const struct alert_event *event) {
  buf_printf(out, "✅ %s is back. It was not reachable for ", miner->name);
  write_span(out, event->at_ms - event->since_ms);
  buf_append_text(out, ". Nothing to do.");
}

/* ------------------------------------------------------------ public */

void alert_text_write(struct buf *out, const struct miner *miner, const struct alert_event *event) {
  bool over = event->kind == ALERT_CLEARED;
  if (event->rule == ALERT_OFFLINE)
    (over ? write_back : write_gone)(out, miner, event);
  else
    (over ? write_cool : write_hot)(out, miner, event);
}

void alert_text_late(struct buf *out, int64_t happened_ms, int64_t now_ms) {
  char when[CLOCK_RFC3339_SIZE];
  if (now_ms - happened_ms < LATE_MS)
    return;
  clock_format_rfc3339(happened_ms, when);
  const char *day = now_ms - happened_ms < DAY_MS ? "" : when; /* "2026-11-22" when not today's */
  buf_printf(out, "This happened at %.10s%s%.5s UTC, ", day, day[0] == '\0' ? "" : " ", when + 11);
  write_span(out, now_ms - happened_ms);
  buf_append_text(out, " ago; it could not be sent before.");
}
