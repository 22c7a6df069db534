#include "bot/bot_words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "base/str.h"

enum { NAMES_MAX = 20, SPAN_MOST_MIN = 30 * 24 * 60, MORNING_HOUR = 7 };

void bot_words_hashrate(struct buf *out, double ghs) {
  if (ghs >= 1000)
    buf_printf(out, "%.2f TH/s", ghs / 1000);
  else
    buf_printf(out, "%.0f GH/s", ghs);
}

void bot_words_figure(struct buf *out, const char *label, const struct sample *sample,
                      enum metric metric) {
  double value = sample->values[metric];
  if (metric_is_known(value))
    buf_printf(out, "%s%.1f %s", label, value, metric_facts(metric)->unit);
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
  buf_append_text(out, fleet_count(fleet) > NAMES_MAX ? ", ...\n" : "\n");
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
    buf_append_text(&answer->text, "There is no miner yet. Add one in the dashboard.\n");
  } else if (wanted[0] == '\0') {
    miner = count == 1 ? fleet_at(view->fleet, 0) : NULL;
    if (miner == NULL)
      buf_append_text(&answer->text, "Which miner? Add its name: ");
  } else {
    miner = fleet_find_name(view->fleet, wanted);
    if (miner == NULL)
      miner = find_beginning(view->fleet, wanted);
    if (miner == NULL)
      buf_printf(&answer->text, "There is no miner called \"%s\". Miners: ", wanted);
  }
  if (count > 0 && miner == NULL)
    bot_words_names(view->fleet, NULL, &answer->text);
  free(copy);
  return miner;
}

bool bot_words_span(const char *text, int64_t *ms) {
  static const struct {
    const char *unit;
    int64_t minutes;
  } units[] = {{"", 1},        {"m", 1},         {"min", 1},       {"minute", 1},
               {"minutes", 1}, {"h", 60},        {"hour", 60},     {"hours", 60},
               {"d", 24 * 60}, {"day", 24 * 60}, {"days", 24 * 60}};
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
