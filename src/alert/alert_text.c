#include "alert/alert_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert/alert_detail.h"
#include "base/str.h"
#include "model/metric.h"
#include "model/state.h"
#include "model/text.h"
#include "model/text_figure.h"

enum { LATE_MS = 2 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000, TIME_SIZE = 48, KEY_SIZE = 64 };

/* What the placeholders of every text stand for. */
struct words {
  const char *language;
  const struct alert_event *event;
  const char *name, *reason;
  char value[TEXT_FIGURE_SIZE], limit[TEXT_FIGURE_SIZE], worst[TEXT_FIGURE_SIZE];
  char span[TEXT_FIGURE_SIZE], since[TIME_SIZE];
};

static const char *name_of(const char *language, const struct miner *miner) {
  if (miner == NULL)
    return text_get(language, "alert.the_monitor");
  if (miner->name[0] != '\0')
    return miner->name;
  if (miner->facts.model[0] != '\0')
    return miner->facts.model;
  return miner->address[0] != '\0' ? miner->address : text_get(language, "alert.a_miner");
}

static const struct reason_facts *reason_of(const struct alert_event *event) {
  bool named = event->reason > REASON_NONE && event->reason < REASON_COUNT;
  return named ? reason_facts((enum reason)event->reason) : NULL;
}

/* A text with its values, cut to the size. */
static void write_short(char *text, size_t size, const char *language, const char *key,
                        const struct text_value values[3]) {
  struct buf out;
  buf_init(&out);
  text_write(&out, language, key, values, 3);
  str_copy(text, size, out.data);
  buf_finish(&out);
}

/* "02:10 CET", with the day when it is not within the last one. */
static void write_time(const char *language, char text[TIME_SIZE], int64_t wall_ms, bool with_day) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) == NULL || strftime(text, TIME_SIZE, "%H:%M %Z", &local) == 0) {
    str_copy(text, TIME_SIZE, text_get(language, "alert.unknown_time"));
    return;
  }
  if (!with_day)
    return;
  char time[TIME_SIZE], day[8], month[16];
  str_copy(time, sizeof time, text);
  snprintf(day, sizeof day, "%d", local.tm_mday % 100);
  snprintf(month, sizeof month, "month.%d", local.tm_mon % 12 + 1);
  const struct text_value values[3] = {
      {"time", time}, {"day", day}, {"month", text_get(language, month)}};
  write_short(text, TIME_SIZE, language, "alert.time_and_day", values);
}

/* A part of a reason, "text", "meaning" or "advice". */
static const char *reason_in(const char *language, const struct reason_facts *reason,
                             const char *part) {
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "reason.%s.%s", reason->name, part);
  return text_get(language, key);
}

/* How many digits stand behind the point of a value that was measured. */
static int decimals_of(const char *unit) {
  if (str_equal(unit, "V"))
    return 2;
  return str_equal(unit, "°C") || str_equal(unit, "%") ? 1 : 0;
}

static void write_figure(const char *language, enum alert_rule rule, double value, bool is_limit,
                         char text[TEXT_FIGURE_SIZE]) {
  const char *unit = alert_rule_facts(rule)->unit;
  bool counts = unit[0] == '\0';
  if (!metric_is_known(value)) {
    str_copy(text, TEXT_FIGURE_SIZE, "?");
    return;
  }
  if (rule == ALERT_NEW_BEST) {
    text_figure_scaled(text, language, value, "");
    return;
  }
  if (str_equal(unit, "s")) {
    text_figure_span(text, language, (int64_t)(value * 1000));
    return;
  }
  if (counts || is_limit)
    text_figure_short(text, language, value);
  else
    text_figure_number(text, language, value, decimals_of(unit));
  size_t length = strlen(text);
  if (!counts)
    snprintf(text + length, TEXT_FIGURE_SIZE - length, " %s", text_figure_unit(language, unit));
}

static void collect(struct words *words, const char *language, const struct miner *miner,
                    const struct alert_event *event) {
  const struct reason_facts *reason = reason_of(event);
  *words = (struct words){
      .language = language,
      .event = event,
      .name = name_of(language, miner),
      .reason = reason != NULL ? reason_in(language, reason, "text")
                               : text_get(language, "alert.unreachable"),
  };
  write_figure(language, event->rule, event->value, false, words->value);
  write_figure(language, event->rule, event->limit, true, words->limit);
  write_figure(language, event->rule, event->worst, false, words->worst);
  text_figure_span(words->span, language, event->at_ms - event->since_ms);
  write_time(language, words->since, event->since_ms, event->at_ms - event->since_ms >= DAY_MS);
}

static void say(struct buf *out, const struct words *words, const char *key) {
  const struct alert_rule_facts *rule = alert_rule_facts(words->event->rule);
  char title[KEY_SIZE];
  struct buf detail;
  buf_init(&detail);
  alert_detail_write(&detail, words->language, words->event->detail);
  snprintf(title, sizeof title, "rule.%s.title", rule->name);
  const struct text_value values[] = {
      {"name", words->name},
      {"value", words->value},
      {"limit", words->limit},
      {"worst", words->worst},
      {"span", words->span},
      {"since", words->since},
      {"reason", words->reason},
      {"detail", detail.data},
      {"title", text_get(words->language, title)},
  };
  text_write(out, words->language, key, values, sizeof values / sizeof values[0]);
  buf_finish(&detail);
}

/* "alert.chip_temp.cleared", or its plain form when there is no figure to tell. */
static void say_of_rule(struct buf *out, const struct words *words, const char *what) {
  char key[KEY_SIZE], plain[KEY_SIZE + 8];
  snprintf(key, sizeof key, "alert.%s.%s", alert_rule_facts(words->event->rule)->name, what);
  snprintf(plain, sizeof plain, "%s_plain", key);
  const char *text = text_get(words->language, key);
  bool unknown = (strstr(text, "{value}") != NULL && !metric_is_known(words->event->value)) ||
                 (strstr(text, "{detail}") != NULL && words->event->detail[0] == '\0');
  say(out, words, unknown && text_has(plain) ? plain : key);
}

static void say_worst(struct buf *out, const struct words *words) {
  const struct alert_rule_facts *rule = alert_rule_facts(words->event->rule);
  if (rule->unit[0] == '\0' || str_equal(rule->unit, "s") || str_equal(rule->unit, "MHz") ||
      !metric_is_known(words->event->worst))
    return;
  buf_append_char(out, ' ');
  say(out, words, rule->low_is_bad ? "alert.worst_lowest" : "alert.worst_highest");
}

/* Where the reason says more than the rule does. */
static const struct reason_facts *telling_reason(const struct alert_event *event) {
  bool telling = event->rule == ALERT_OFFLINE || event->rule == ALERT_UNRESPONSIVE ||
                 event->rule == ALERT_NOT_HASHING;
  return telling ? reason_of(event) : NULL;
}

/* What it means and what to do. */
static void say_advice(struct buf *out, const struct words *words) {
  const char *name = alert_rule_facts(words->event->rule)->name;
  const struct reason_facts *reason = telling_reason(words->event);
  char key[KEY_SIZE];
  snprintf(key, sizeof key, "rule.%s.meaning", name);
  const char *meaning = reason != NULL ? reason_in(words->language, reason, "meaning")
                                       : text_get(words->language, key);
  snprintf(key, sizeof key, "rule.%s.advice", name);
  const struct text_value value = {"advice", reason != NULL
                                                 ? reason_in(words->language, reason, "advice")
                                                 : text_get(words->language, key)};
  buf_printf(out, "\n%s\n", meaning);
  text_write(out, words->language, "alert.advice", &value, 1);
}

static void say_reminded(struct buf *out, const struct words *words) {
  struct buf raised;
  buf_init(&raised);
  say_of_rule(&raised, words, "raised");
  const struct text_value values[] = {{"span", words->span}, {"raised", raised.data}};
  text_write(out, words->language, "alert.reminded", values, 2);
  buf_finish(&raised);
  say_worst(out, words);
}

/* Why it is closed without being over. */
static const char *changed_key(const struct alert_event *event) {
  if (event->rule == ALERT_MONITOR_CHANNEL)
    return "alert.monitor_channel.changed";
  return event->reason == REASON_PAUSED_BY_USER ? "alert.paused" : "alert.changed";
}

static void say_headline(struct buf *out, const struct words *words) {
  switch (words->event->kind) {
  case ALERT_RAISED:
    say_of_rule(out, words, "raised");
    break;
  case ALERT_HAPPENED:
    say_of_rule(out, words, "happened");
    break;
  case ALERT_REMINDED:
    say_reminded(out, words);
    break;
  case ALERT_CLEARED:
    say_of_rule(out, words, "cleared");
    say_worst(out, words);
    break;
  case ALERT_ACKED:
    say(out, words, "alert.acked");
    break;
  case ALERT_CHANGED:
    say(out, words, changed_key(words->event));
    break;
  case ALERT_EVENT_KIND_COUNT:
    break;
  }
}

/* Cut at a character, so that no service refuses it. */
static void cut(struct buf *out, size_t from) {
  if (out->length - from <= ALERT_TEXT_MAX)
    return;
  char text[ALERT_TEXT_MAX + 1];
  str_copy(text, sizeof text, out->data + from);
  out->length = from;
  buf_append_text(out, text);
}

void alert_text_write(struct buf *out, const char *language, const struct miner *miner,
                      const struct alert_event *event) {
  struct words words;
  collect(&words, language, miner, event);
  size_t from = out->length;
  say_headline(out, &words);
  switch (event->kind) {
  case ALERT_RAISED:
  case ALERT_REMINDED:
  case ALERT_HAPPENED:
    say_advice(out, &words);
    break;
  case ALERT_CLEARED:
    buf_append_char(out, '\n');
    say(out, &words, "alert.nothing_to_do");
    break;
  default:
    break;
  }
  cut(out, from);
}

void alert_text_late(struct buf *out, const char *language, int64_t happened_ms, int64_t now_ms) {
  int64_t late_ms = now_ms - happened_ms;
  if (late_ms < LATE_MS)
    return;
  char time[TIME_SIZE], span[TEXT_FIGURE_SIZE];
  write_time(language, time, happened_ms, late_ms >= DAY_MS);
  text_figure_span(span, language, late_ms);
  const struct text_value values[] = {{"time", time}, {"span", span}};
  text_write(out, language, "alert.late", values, 2);
}
