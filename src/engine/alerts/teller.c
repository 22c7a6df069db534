#include "engine/alerts/teller.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_text.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/desk.h"
#include "model/text.h"

enum {
  GATHER_MS = 15 * 1000, /* where nothing can be edited, a group is told no more often */
  TOLD_MAX = 64,         /* channels that a group remembers; beyond, they are told anew */
  RECENT_MS = 10 * 60 * 1000,
  LATELY_MS = 60 * 1000,
};

enum group_kind { GROUP_TROUBLE, GROUP_OVER, GROUP_KINDS };

/* What several miners share, and which channels know of it. */
struct shared {
  struct alert_group group;
  int64_t told[TOLD_MAX]; /* numbers of channels */
  size_t told_count;
};

struct teller {
  struct teller_options options;
  struct shared shared[ALERT_RULE_COUNT][GROUP_KINDS];
};

struct teller *teller_create(const struct teller_options *options) {
  struct teller *teller = mem_alloc(sizeof *teller);
  teller->options = *options;
  return teller;
}

void teller_destroy(struct teller *teller) {
  free(teller);
}

void teller_silence(struct teller *teller, const struct miner *miner) {
  bool is_here = str_starts_with(miner->address, "http://127.") ||
                 str_starts_with(miner->address, "http://localhost");
  if (teller->options.gateway != NULL && !is_here)
    gateway_ask(teller->options.gateway);
}

/* ------------------------------------------------------------ the cause */

/* What was measured before it happened. */
struct before {
  int64_t lately_ms; /* from here on it counts as the last */
  double rssi_sum, rssi_count, rssi_lately, input_lowest;
};

static bool look(const struct sample *sample, void *arg) {
  struct before *before = arg;
  double rssi = sample->values[METRIC_WIFI_RSSI_DBM];
  bool lately = sample->at_ms >= before->lately_ms;
  if (metric_is_known(rssi) && lately)
    before->rssi_lately = rssi;
  if (metric_is_known(rssi) && !lately) {
    before->rssi_sum += rssi;
    before->rssi_count++;
  }
  if (lately) /* fmin passes over NaN */
    before->input_lowest = fmin(before->input_lowest, sample->values[METRIC_INPUT_VOLTAGE_MV]);
  return true;
}

static bool contains(const char *text, const char *part) {
  return strcasestr(text, part) != NULL;
}

static void look_back(struct teller *teller, const struct alert_event *event,
                      struct alert_cause_facts *facts) {
  struct fleet_miner *miner = fleet_find(teller->options.fleet, event->miner_id);
  if (miner == NULL)
    return;
  struct before before = {.lately_ms = event->since_ms - LATELY_MS,
                          .rssi_lately = METRIC_UNKNOWN,
                          .input_lowest = METRIC_UNKNOWN};
  open_chunk_each(miner->recent, event->since_ms - RECENT_MS, event->at_ms, look, &before);
  facts->rssi_dbm = before.rssi_lately;
  facts->rssi_before_dbm =
      before.rssi_count > 0 ? before.rssi_sum / before.rssi_count : METRIC_UNKNOWN;
  facts->input_mv = before.input_lowest;
  facts->input_min_mv = miner->miner.facts.limits.input_min_mv;
  facts->brown_out = contains(miner->miner.facts.reset_reason, "brown");
}

static enum alert_cause cause_of(struct teller *teller, const struct alert_event *event,
                                 size_t count) {
  struct alert_cause_facts facts = {
      .rule = event->rule,
      .count = count,
      .watched = fleet_count(teller->options.fleet),
      .gateway = teller->options.gateway != NULL ? gateway_answer(teller->options.gateway)
                                                 : ALERT_GATEWAY_UNKNOWN,
      .rssi_dbm = METRIC_UNKNOWN,
      .rssi_before_dbm = METRIC_UNKNOWN,
      .input_mv = METRIC_UNKNOWN,
      .input_min_mv = METRIC_UNKNOWN,
  };
  if (count < 2)
    look_back(teller, event, &facts);
  return alert_group_cause(&facts);
}

/* ------------------------------------------------------------ the words */

static void write_cause(struct buf *out, const char *language, enum alert_cause cause) {
  if (cause == ALERT_CAUSE_UNKNOWN)
    return;
  char key[48];
  snprintf(key, sizeof key, "cause.%s", alert_cause_name(cause));
  const struct text_value values[] = {{"cause", text_get(language, key)}};
  buf_append_char(out, '\n');
  text_write(out, language, "cause.line", values, 1);
}

static void write_group(struct teller *teller, struct buf *out, const char *language,
                        const struct shared *shared, const struct teller_news *news) {
  const struct alert_group *group = &shared->group;
  const char *names[ALERT_GROUP_NAMED];
  size_t named = 0;
  for (size_t i = 0; i < group->count && i < ALERT_GROUP_NAMED; i++) {
    const struct fleet_miner *miner = fleet_find(teller->options.fleet, group->miners[i]);
    if (miner != NULL)
      names[named++] = miner->miner.name;
  }
  struct buf list;
  buf_init(&list);
  alert_group_write_names(&list, language, names, named, group->count);
  char count[24], watched[24], title_key[64];
  snprintf(count, sizeof count, "%zu", group->count);
  snprintf(watched, sizeof watched, "%zu", fleet_count(teller->options.fleet));
  snprintf(title_key, sizeof title_key, "rule.%s.title", alert_rule_facts(group->rule)->name);
  const struct text_value values[] = {{"count", count},
                                      {"watched", watched},
                                      {"title", text_get(language, title_key)},
                                      {"names", list.data}};
  bool over = news->event->kind == ALERT_CLEARED;
  const char *key = group->rule == ALERT_OFFLINE ? (over ? "group.back" : "group.gone")
                                                 : (over ? "group.cleared" : "group.raised");
  text_write(out, language, key, values, sizeof values / sizeof values[0]);
  buf_finish(&list);
}

static void write_advice(struct buf *out, const char *language, enum alert_rule rule) {
  char key[64];
  snprintf(key, sizeof key, "rule.%s.advice", alert_rule_facts(rule)->name);
  const struct text_value values[] = {{"advice", text_get(language, key)}};
  buf_append_char(out, '\n');
  text_write(out, language, "alert.advice", values, 1);
}

/* `shared` NULL: of one miner alone. */
static void write_text(struct teller *teller, struct buf *out, const char *language,
                       const struct shared *shared, const struct teller_news *news) {
  const struct alert_event *event = news->event;
  bool trouble = event->kind != ALERT_CLEARED && event->kind != ALERT_CHANGED;
  bool several = shared != NULL && shared->group.count >= 2;
  if (event->miner_id == DESK_DRILL_MINER)
    buf_append_text(out, text_get(language, "drill.prefix"));
  if (several) {
    write_group(teller, out, language, shared, news);
  } else if (event->kind == ALERT_ACKED && news->by != NULL) {
    const struct text_value values[] = {{"by", news->by}};
    struct alert_event raised = *event;
    raised.kind = ALERT_RAISED;
    alert_text_write(out, language, news->miner, &raised);
    buf_append_char(out, '\n');
    text_write(out, language, "alert.acked_by", values, 1);
    return;
  } else {
    alert_text_write(out, language, news->miner, event);
  }
  if (!trouble)
    return;
  enum alert_cause cause = cause_of(teller, event, several ? shared->group.count : 1);
  write_cause(out, language, cause);
  if (several && cause == ALERT_CAUSE_UNKNOWN)
    write_advice(out, language, shared->group.rule);
}

/* ------------------------------------------------------------ the channels */

static bool knows(const struct shared *shared, int64_t channel_id) {
  for (size_t i = 0; i < shared->told_count; i++) {
    if (shared->told[i] == channel_id)
      return true;
  }
  return false;
}

static void remember(struct shared *shared, int64_t channel_id) {
  if (!knows(shared, channel_id) && shared->told_count < TOLD_MAX)
    shared->told[shared->told_count++] = channel_id;
}

/* A message of the same group that is not written yet is replaced. */
static void put(struct batch *batch, const struct outbox_row *row) {
  for (size_t i = batch->message_count; row->update && i-- > 0;) {
    struct outbox_row *other = &batch->messages[i].row;
    if (!batch->messages[i].said && other->episode_id == row->episode_id &&
        str_equal(other->channel, row->channel)) {
      bool update = other->update;
      int64_t next_ms = other->next_ms;
      *other = *row;
      other->update = update;
      other->next_ms = next_ms;
      return;
    }
  }
  batch_add_message(batch, row);
}

/* The slots begin with the group, so that who joins late does not put off the others. */
static int64_t next_slot_ms(const struct alert_group *group) {
  int64_t since_ms = group->last_ms - group->first_ms;
  return group->first_ms + (since_ms / GATHER_MS + 1) * GATHER_MS;
}

static bool is_telling(enum alert_event_kind kind, const struct episode *episode) {
  if (kind == ALERT_CLEARED || kind == ALERT_CHANGED || kind == ALERT_ACKED)
    return episode->told_with != 0;
  return true;
}

static enum channel_answer wants(const struct channel *channel, const struct teller_news *news,
                                 const struct episode *episode) {
  if (episode->drill)
    return channel->enabled ? CHANNEL_NOW : CHANNEL_NO;
  const struct channel_matter matter = {
      .severity = episode->severity,
      .good_news = alert_rule_facts(episode->rule)->good_news,
      .miner_id = episode->miner_id,
  };
  return channels_wants(channel, &matter, news->event->at_ms);
}

static void tell_channel(struct teller *teller, const struct channel *channel,
                         struct shared *shared, const struct teller_news *news,
                         struct episode *episode) {
  enum channel_answer answer = wants(channel, news, episode);
  bool edits = channels_notifier(channel)->supports_edit;
  bool acked = news->event->kind == ALERT_ACKED;
  if (answer == CHANNEL_NO || (acked && (!edits || answer == CHANNEL_DIGEST)))
    return;
  /* A channel for some miners is told of those, one by one. */
  struct shared *of_all = channel->wish.miner_count == 0 ? shared : NULL;
  bool grows = of_all != NULL && of_all->group.count >= 2 && knows(of_all, channel->id);
  struct outbox_row row = {
      .created_ms = news->event->at_ms,
      .episode_id = of_all != NULL ? of_all->group.episode : episode->id,
      .update = grows || acked,
      .digest = answer == CHANNEL_DIGEST,
      .severity = episode->severity,
      .next_ms = grows && !edits ? next_slot_ms(&of_all->group) : 0,
  };
  row.buttons = news->event->kind == ALERT_RAISED || news->event->kind == ALERT_REMINDED;
  if (acked)
    row.episode_id = episode->told_with;
  channels_code(channel, row.channel);
  struct buf text;
  buf_init(&text);
  write_text(teller, &text, channel->language, of_all, news);
  str_copy(row.text, sizeof row.text, text.data);
  buf_finish(&text);
  put(news->batch, &row);
  if (of_all != NULL)
    remember(of_all, channel->id);
  if (!acked && news->event->kind != ALERT_CLEARED && news->event->kind != ALERT_CHANGED)
    episode->told_with = row.episode_id;
}

/* The group that the event joins or begins; NULL: it is told by itself. */
static struct shared *group_of(struct teller *teller, const struct teller_news *news,
                               const struct episode *episode) {
  const struct alert_event *event = news->event;
  if (episode->drill || !alert_group_is_for(event->rule, event->kind))
    return NULL;
  enum group_kind kind = event->kind == ALERT_CLEARED ? GROUP_OVER : GROUP_TROUBLE;
  struct shared *shared = &teller->shared[alert_group_family(event->rule)][kind];
  if (!alert_group_join(&shared->group, event))
    shared->told_count = 0;
  return shared;
}

void teller_tell(struct teller *teller, const struct teller_news *news, struct episode *episode) {
  if (!is_telling(news->event->kind, episode))
    return;
  struct shared *shared = group_of(teller, news, episode);
  for (size_t i = 0; i < channels_count(teller->options.channels); i++)
    tell_channel(teller, channels_at(teller->options.channels, i), shared, news, episode);
}
