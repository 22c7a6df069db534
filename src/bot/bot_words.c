#include "bot/bot_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/text_figure.h"

enum { NAMES_MAX = 20, SPAN_MOST_MIN = 30 * 24 * 60, MORNING_HOUR = 7 };

void bot_words_say(struct buf *out, const struct bot_view *view, const char *key,
                   const struct text_value *values, size_t count) {
  text_write(out, view->language, key, values, count);
  buf_append_char(out, '\n');
}

void bot_words_figure(struct buf *out, const struct bot_view *view, const char *key,
                      const struct sample *sample, enum metric metric) {
  char value[TEXT_FIGURE_SIZE];
  if (!metric_is_known(sample->values[metric]))
    return;
  text_figure_metric(value, view->language, metric, sample->values[metric]);
  if (key == NULL)
    buf_append_text(out, value);
  else
    text_write(out, view->language, key, &(struct text_value){"value", value}, 1);
}

const char *bot_words_role(const char *language, enum channel_role role) {
  char key[48];
  snprintf(key, sizeof key, "role.%s", channel_role_name(role));
  return text_get(language, key);
}

const char *bot_words_state(const struct bot_view *view, enum miner_state state) {
  char key[48];
  snprintf(key, sizeof key, "state.%s", state_name(state));
  return text_get(view->language, key);
}

void bot_words_time(struct buf *out, int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) != NULL)
    buf_printf(out, "%02d:%02d:%02d", local.tm_hour, local.tm_min, local.tm_sec);
}

void bot_words_names(struct fleet *fleet, const struct fleet_miner *except, struct buf *out) {
  const char *separator = "";
  for (size_t i = 0; i < fleet_count(fleet) && i < NAMES_MAX; i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (miner == except)
      continue;
    buf_printf(out, "%s%s", separator, miner->miner.name);
    separator = ", ";
  }
  buf_append_text(out, fleet_count(fleet) > NAMES_MAX ? ", ..." : "");
}

/* A line with a name and the miners that there are. */
static void say_names(const struct bot_view *view, const char *key, const char *name,
                      struct buf *out) {
  struct buf names;
  buf_init(&names);
  bot_words_names(view->fleet, NULL, &names);
  const struct text_value values[] = {{"name", name}, {"names", names.data}};
  bot_words_say(out, view, key, values, 2);
  buf_finish(&names);
}

void bot_words_unknown(const struct bot_view *view, const char *name, struct buf *out) {
  say_names(view, "bot.unknown_miner", name, out);
}

static struct fleet_miner *find_beginning(struct fleet *fleet, const char *name) {
  struct fleet_miner *found = NULL;
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    struct fleet_miner *miner = fleet_at(fleet, i);
    if (strncasecmp(miner->miner.name, name, strlen(name)) != 0)
      continue;
    if (found != NULL)
      return NULL;
    found = miner;
  }
  return found;
}

struct fleet_miner *bot_words_miner(const struct bot_view *view, const char *name,
                                    struct bot_answer *answer) {
  size_t count = fleet_count(view->fleet);
  char *copy = mem_strdup(name);
  const char *wanted = str_trim(copy);
  struct fleet_miner *miner = NULL;
  if (count == 0) {
    bot_words_say(&answer->text, view, "bot.no_miner", NULL, 0);
  } else if (wanted[0] == '\0') {
    miner = count == 1 ? fleet_at(view->fleet, 0) : NULL;
    if (miner == NULL)
      say_names(view, "bot.which_miner", NULL, &answer->text);
  } else {
    miner = fleet_find_name(view->fleet, wanted);
    if (miner == NULL)
      miner = find_beginning(view->fleet, wanted);
    if (miner == NULL)
      bot_words_unknown(view, wanted, &answer->text);
  }
  free(copy);
  return miner;
}

bool bot_words_span(const char *text, int64_t *ms) {
  static const struct {
    const char *unit;
    int64_t minutes;
  } units[] = {
      {"", 1},           {"m", 1},         {"min", 1},        {"minute", 1},     {"minutes", 1},
      {"minuten", 1},    {"minuto", 1},    {"minutos", 1},    {"h", 60},         {"hour", 60},
      {"hours", 60},     {"std", 60},      {"stunde", 60},    {"stunden", 60},   {"hora", 60},
      {"horas", 60},     {"d", 24 * 60},   {"day", 24 * 60},  {"days", 24 * 60}, {"tag", 24 * 60},
      {"tage", 24 * 60}, {"día", 24 * 60}, {"días", 24 * 60}, {"dia", 24 * 60},  {"dias", 24 * 60}};
  char digits[8];
  size_t length = strspn(text, "0123456789");
  int64_t count = 0;
  if (length == 0 || length >= sizeof digits)
    return false;
  memcpy(digits, text, length);
  digits[length] = '\0';
  const char *unit = text + length + strspn(text + length, " ");
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (!str_equal_ignore_case(unit, units[i].unit))
      continue;
    if (!str_to_i64(digits, 1, SPAN_MOST_MIN / units[i].minutes, &count))
      return false;
    *ms = count * units[i].minutes * 60000;
    return true;
  }
  return false;
}

int64_t bot_words_morning(int64_t now_wall_ms) {
  time_t now = (time_t)(now_wall_ms / 1000);
  struct tm local;
  if (localtime_r(&now, &local) == NULL)
    return now_wall_ms + 8 * INT64_C(3600000);
  if (local.tm_hour >= MORNING_HOUR)
    local.tm_mday++;
  local.tm_hour = MORNING_HOUR;
  local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return (int64_t)mktime(&local) * 1000;
}
