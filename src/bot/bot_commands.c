#include "bot/bot_commands.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/summary.h"

enum {
  STATUS_BLOCKS_MAX = 25, /* a farm's page is the place for more */
  LAST_DEFAULT = 10,
  LAST_MAX = 50,
  NAMES_MAX = 20,
};

/* --- figures --- */

static double value_of(const struct sample *sample, enum metric metric) {
  return sample->values[metric];
}

static void write_hashrate(struct buf *out, double ghs) {
  if (ghs >= 1000)
    buf_printf(out, "%.2f TH/s", ghs / 1000);
  else
    buf_printf(out, "%.0f GH/s", ghs);
}

/* "separator label 58.1 °C", or nothing when unknown. */
static void write_figure(struct buf *out, const char *label, const struct sample *sample,
                         enum metric metric) {
  double value = value_of(sample, metric);
  if (metric_is_known(value))
    buf_printf(out, "%s%.1f %s", label, value, metric_facts(metric)->unit);
}

static void write_time(struct buf *out, int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) != NULL)
    buf_printf(out, "%02d:%02d:%02d", local.tm_hour, local.tm_min, local.tm_sec);
}

/* --- /status --- */

static void write_hashing(struct buf *out, const struct sample *sample) {
  double hashrate = value_of(sample, METRIC_HASHRATE_GHS);
  double expected = value_of(sample, METRIC_EXPECTED_HASHRATE_GHS);
  if (!metric_is_known(hashrate))
    return;
  write_hashrate(out, hashrate);
  if (metric_is_known(expected) && expected > 0) {
    buf_append_text(out, " of ");
    write_hashrate(out, expected);
    buf_printf(out, " expected (%.0f %%)", hashrate / expected * 100);
  }
  buf_append_char(out, '\n');
}

/* Figures that are known, in one line; the first needs no comma. */
static void write_figures(struct buf *out, const struct sample *sample) {
  static const struct {
    const char *label;
    enum metric metric;
  } figures[] = {{"chip ", METRIC_CHIP_TEMP_C}, {"VR ", METRIC_VR_TEMP_C}, {"", METRIC_POWER_W}};
  size_t start = out->length;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(value_of(sample, figures[i].metric)))
      continue;
    if (out->length > start)
      buf_append_text(out, ", ");
    write_figure(out, figures[i].label, sample, figures[i].metric);
  }
  double uptime_s = value_of(sample, METRIC_UPTIME_S);
  if (metric_is_known(uptime_s)) {
    char span[48];
    clock_format_span((int64_t)uptime_s * 1000, span, (int)sizeof span);
    buf_printf(out, "%sup for %s", out->length > start ? ", " : "", span);
  }
  if (out->length > start)
    buf_append_char(out, '\n');
}

static bool is_trouble(const struct fleet_miner *miner) {
  switch (miner->memory.state) {
  case STATE_HASHING:
  case STATE_STARTING:
  case STATE_PAUSED:
  case STATE_UNKNOWN:
    return false;
  default:
    return true;
  }
}

/* What is wrong, and what to do; not again where the headline said so already. */
static void write_trouble(const struct bot_view *view, const struct fleet_miner *miner,
                          const char *headline, struct buf *out) {
  struct buf text, advice;
  buf_init(&text);
  buf_init(&advice);
  summary_write_miner(miner, view->now_wall_ms, &text, &advice);
  if (text.length > 0 && strstr(headline, text.data) == NULL) {
    buf_printf(out, "%s\n", text.data);
    if (advice.length > 0)
      buf_printf(out, "%s\n", advice.data);
  }
  buf_finish(&text);
  buf_finish(&advice);
}

static void write_block(const struct bot_view *view, const struct fleet_miner *miner,
                        const char *headline, struct buf *out) {
  buf_printf(out, "\n%s: %s\n", miner->miner.name, state_title(miner->memory.state));
  if (is_trouble(miner))
    write_trouble(view, miner, headline, out);
  if (fleet_miner_is_live(miner)) {
    write_hashing(out, &miner->last);
    write_figures(out, &miner->last);
  }
}

static void answer_status(const struct bot_view *view, const char *arguments, struct buf *reply) {
  (void)arguments;
  struct buf headline, advice;
  buf_init(&headline);
  buf_init(&advice);
  summary_write(view->fleet, view->now_wall_ms, &headline, &advice);
  buf_append_char(&headline, '\n');
  buf_append_text(reply, headline.data);
  if (advice.length > 0)
    buf_printf(reply, "%s\n", advice.data);

  size_t count = fleet_count(view->fleet);
  size_t written = 0;
  for (int trouble = 1; trouble >= 0; trouble--) {
    for (size_t i = 0; i < count && written < STATUS_BLOCKS_MAX; i++) {
      const struct fleet_miner *miner = fleet_at(view->fleet, i);
      if (is_trouble(miner) != (trouble == 1))
        continue;
      write_block(view, miner, headline.data, reply);
      written++;
    }
  }
  if (written < count)
    buf_printf(reply, "\nand %zu more: see the dashboard.\n", count - written);
  buf_finish(&headline);
  buf_finish(&advice);
}

/* --- /last --- */

/* The newest `size` samples; `next` wraps around. */
struct newest {
  struct sample *samples;
  size_t size, next, count;
};

static bool keep_newest(const struct sample *sample, void *arg) {
  struct newest *newest = arg;
  newest->samples[newest->next] = *sample;
  newest->next = (newest->next + 1) % newest->size;
  if (newest->count < newest->size)
    newest->count++;
  return true;
}

static void write_reading(struct buf *out, const struct sample *sample) {
  write_time(out, sample->at_ms);
  if ((sample->flags & SAMPLE_MISSED) != 0) {
    buf_printf(out, "  no data: %s\n", reason_facts(sample->reason)->text);
    return;
  }
  buf_printf(out, "  %s", state_title(sample->state));
  double hashrate = value_of(sample, METRIC_HASHRATE_GHS);
  if (metric_is_known(hashrate)) {
    buf_append_text(out, ", ");
    write_hashrate(out, hashrate);
  }
  write_figure(out, ", chip ", sample, METRIC_CHIP_TEMP_C);
  write_figure(out, ", VR ", sample, METRIC_VR_TEMP_C);
  write_figure(out, ", ", sample, METRIC_POWER_W);
  buf_append_char(out, '\n');
}

static void write_last(const struct fleet_miner *miner, size_t size, struct buf *out) {
  struct newest newest = {.samples = mem_alloc(size * sizeof(struct sample)), .size = size};
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, keep_newest, &newest);
  if (newest.count == 0)
    buf_printf(out, "%s: no readings yet.\n", miner->miner.name);
  else
    buf_printf(out, "%s: the last %zu readings, newest first\n", miner->miner.name, newest.count);
  for (size_t i = 1; i <= newest.count; i++)
    write_reading(out, &newest.samples[(newest.next + size - i) % size]);
  free(newest.samples);
}

static void write_names(struct fleet *fleet, const struct fleet_miner *except, struct buf *out) {
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

/* A number of readings, however large or small it was written. */
static bool parse_count(const char *text, size_t *out) {
  int64_t count = 0;
  const char *digits = text[0] == '-' ? text + 1 : text;
  if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits))
    return false;
  if (!str_to_i64(text, INT64_MIN, INT64_MAX, &count))
    count = text[0] == '-' ? 1 : LAST_MAX;
  *out = (size_t)(count < 1 ? 1 : count > LAST_MAX ? LAST_MAX : count);
  return true;
}

/* "5", "Garage", "5 Garage", "Garage 5"; a miner may itself be called "5" or
 * "Garage 5", so a whole name wins where there is no number in front. */
static const char *split_last(struct fleet *fleet, char *text, size_t *count) {
  char *name = str_trim(text);
  char *space = strchr(name, ' ');
  if (space != NULL)
    *space = '\0';
  if (parse_count(name, count))
    return space != NULL ? str_trim(space + 1) : "";
  if (space != NULL)
    *space = ' ';
  char *tail = strrchr(name, ' ');
  if (tail != NULL && fleet_find_name(fleet, name) == NULL && parse_count(tail + 1, count)) {
    *tail = '\0';
    return str_trim(name);
  }
  return name;
}

static void answer_last(const struct bot_view *view, const char *arguments, struct buf *reply) {
  size_t count = LAST_DEFAULT;
  char *copy = mem_strdup(arguments);
  const char *name = split_last(view->fleet, copy, &count);
  bool named = name[0] != '\0';
  const struct fleet_miner *miner = NULL;
  if (named)
    miner = fleet_find_name(view->fleet, name);
  else if (fleet_count(view->fleet) > 0)
    miner = fleet_at(view->fleet, 0);

  if (fleet_count(view->fleet) == 0) {
    buf_append_text(reply, "There is no miner yet. Add one in the dashboard.\n");
  } else if (miner == NULL) {
    buf_printf(reply, "There is no miner called \"%s\". Miners: ", name);
    write_names(view->fleet, NULL, reply);
  } else {
    write_last(miner, count, reply);
    if (!named && fleet_count(view->fleet) > 1) {
      buf_printf(reply, "\nFor another miner, add its name (/last %zu NAME): ", count);
      write_names(view->fleet, miner, reply);
    }
  }
  free(copy);
}

/* --- /thresholds --- */

static void write_limits(const struct bot_view *view, const char *name,
                         const struct miner_limits *limits, struct buf *out) {
  static const struct {
    enum alert_rule rule;
    const char *label;
  } parts[] = {{ALERT_CHIP_TEMP, "chip"}, {ALERT_VR_TEMP, "VR"}};
  buf_printf(out, "%s:", name);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    buf_printf(out, "%s %s ", i > 0 ? "," : "", parts[i].label);
    if (view->alerts->enabled[parts[i].rule])
      buf_printf(out, "above %.1f °C", alert_limit(view->alerts, parts[i].rule, limits));
    else
      buf_append_text(out, "off");
  }
  buf_append_char(out, '\n');
}

static bool same_limits(const struct bot_view *view, const struct fleet_miner *a,
                        const struct fleet_miner *b) {
  for (int rule = ALERT_CHIP_TEMP; rule <= ALERT_VR_TEMP; rule++) {
    double difference = alert_limit(view->alerts, (enum alert_rule)rule, &a->miner.facts.limits) -
                        alert_limit(view->alerts, (enum alert_rule)rule, &b->miner.facts.limits);
    if (difference < -0.05 || difference > 0.05)
      return false;
  }
  return true;
}

static void write_all_limits(const struct bot_view *view, struct buf *out) {
  size_t count = fleet_count(view->fleet);
  bool same = true;
  for (size_t i = 1; i < count; i++)
    same = same && same_limits(view, fleet_at(view->fleet, 0), fleet_at(view->fleet, i));
  if (count == 0) {
    const struct miner_limits unknown = {METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN,
                                         METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN,
                                         METRIC_UNKNOWN};
    write_limits(view, "Any miner", &unknown, out);
  } else if (same && count > 1) {
    write_limits(view, "All miners", &fleet_at(view->fleet, 0)->miner.facts.limits, out);
  } else {
    for (size_t i = 0; i < count && i < STATUS_BLOCKS_MAX; i++) {
      const struct fleet_miner *miner = fleet_at(view->fleet, i);
      write_limits(view, miner->miner.name, &miner->miner.facts.limits, out);
    }
    if (count > STATUS_BLOCKS_MAX)
      buf_printf(out, "and %zu more: see the dashboard.\n", count - STATUS_BLOCKS_MAX);
  }
}

static void answer_thresholds(const struct bot_view *view, const char *arguments,
                              struct buf *reply) {
  (void)arguments;
  const struct alert_config *alerts = view->alerts;
  char span[48];
  buf_append_text(reply, "You are warned when a temperature is too high.\n");
  write_all_limits(view, reply);
  buf_printf(reply, "\nIt takes %d readings in a row above the limit", alerts->hold_samples);
  buf_printf(reply, ", and is over at %.1f °C below it (hysteresis).\n", alerts->hysteresis_c);
  buf_printf(reply, "The same warning comes again no sooner than after %s (cooldown).\n",
             clock_format_span(alerts->cooldown_ms, span, (int)sizeof span));
  if (alerts->enabled[ALERT_OFFLINE])
    buf_printf(reply, "A miner counts as offline after %d missed polls, one every %s.\n",
               MINER_JUDGE_MISSES,
               clock_format_span(view->poll_interval_ms, span, (int)sizeof span));
  else
    buf_append_text(reply, "Warnings about miners that go offline are off.\n");
}

/* --- /help, /start --- */

static void answer_help(const struct bot_view *view, const char *arguments, struct buf *reply) {
  (void)view;
  (void)arguments;
  for (const struct bot_command *command = bot_commands; command->name != NULL; command++) {
    if (!str_equal(command->name, "start"))
      buf_printf(reply, "/%s - %s\n", command->name, command->help);
  }
}

static void answer_start(const struct bot_view *view, const char *arguments, struct buf *reply) {
  buf_append_text(reply, "I watch your miners and write here when one needs you.\n\n");
  answer_help(view, arguments, reply);
}

const struct bot_command bot_commands[] = {
    {"status", "how every miner is doing", answer_status},
    {"last", "the last readings: /last 10, or /last 10 NAME", answer_last},
    {"thresholds", "when you are warned", answer_thresholds},
    {"help", "what I understand", answer_help},
    {"start", "say hello", answer_start},
    {NULL, NULL, NULL},
};

/* --- a line of text --- */

static const struct bot_command *command_find(const char *name, size_t length) {
  for (const struct bot_command *command = bot_commands; command->name != NULL; command++) {
    if (strlen(command->name) == length && strncasecmp(command->name, name, length) == 0)
      return command;
  }
  return NULL;
}

void bot_commands_answer(const struct bot_view *view, const char *text, bool private_chat,
                         struct buf *reply) {
  text += strspn(text, " \t\r\n");
  if (text[0] != '/') {
    if (private_chat)
      buf_append_text(reply, "I understand commands only. Send /help to see them.\n");
    return;
  }
  size_t word = strcspn(text, " \t\r\n");
  size_t name = strcspn(text + 1, "@ \t\r\n"); /* "/status@SomeBot" */
  const struct bot_command *command = command_find(text + 1, name);
  if (command == NULL)
    buf_append_text(reply, "I do not know that command. Send /help to see what I understand.\n");
  else
    command->answer(view, text + word, reply);
}

size_t bot_commands_cut(const char *text, size_t most) {
  size_t length = strlen(text);
  if (length <= most)
    return length;
  for (size_t cut = most; cut > most / 2; cut--) {
    if (text[cut - 1] == '\n')
      return cut;
  }
  size_t cut = most;
  while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
    cut--;
  return cut > 0 ? cut : most;
}
