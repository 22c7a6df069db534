#include "engine/alerts/desk.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/teller.h"
#include "engine/batch.h"
#include "engine/pipeline.h"
#include "store/alerts/rule_store.h"

static const int64_t DAY_MS = 24 * 60 * 60 * 1000, MUTE_LONGEST_MS = 366 * DAY_MS,
                     TIME_LONGEST_MS = 7 * DAY_MS;

enum { MUTES_MAX = 1000 };

struct desk {
  struct fleet *fleet;
  struct alert_rulebook *book; /* the pipeline's */
  struct pipeline *pipeline;
  struct teller *teller;
  struct episode **open; /* ordered by number */
  size_t open_count, open_capacity;
  struct mute *mutes;
  size_t mute_count, mute_capacity;
  struct alert_memory own[ALERT_RULE_COUNT]; /* of the monitor's own rules */
  struct alert_rule_setting *loaded;         /* until there is a rulebook */
  size_t loaded_count;
  int64_t newest; /* of the numbers that were loaded */
};

static void close_orphans(struct desk *desk);

struct desk *desk_create(struct fleet *fleet) {
  struct desk *desk = mem_alloc(sizeof *desk);
  desk->fleet = fleet;
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_memory_init(&desk->own[rule]);
  return desk;
}

void desk_destroy(struct desk *desk) {
  if (desk == NULL)
    return;
  for (size_t i = 0; i < desk->open_count; i++)
    free(desk->open[i]);
  free(desk->open);
  free(desk->mutes);
  free(desk->loaded);
  free(desk);
}

void desk_attach(struct desk *desk, struct pipeline *pipeline, struct teller *teller) {
  desk->pipeline = pipeline;
  desk->teller = teller;
  desk->book = pipeline_rulebook(pipeline);
  for (size_t i = 0; i < desk->loaded_count; i++)
    alert_rulebook_set(desk->book, &desk->loaded[i]);
  int64_t *last = pipeline_last_episode(pipeline);
  if (desk->newest > *last)
    *last = desk->newest;
  close_orphans(desk);
}

const struct alert_rulebook *desk_rulebook(const struct desk *desk) {
  return desk->book;
}

struct alert_memory *desk_own_memory(struct desk *desk, enum alert_rule rule) {
  assert(alert_rule_facts(rule)->of_monitor);
  return &desk->own[rule];
}

static int64_t next_number(struct desk *desk) {
  return alert_step_number(clock_wall_ms(), pipeline_last_episode(desk->pipeline));
}

/* ------------------------------------------------------------ open episodes */

/* Where the number is, or where it would be. */
static size_t place_of(const struct desk *desk, int64_t id) {
  size_t low = 0, high = desk->open_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (desk->open[middle]->id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct episode *find(const struct desk *desk, int64_t id) {
  size_t place = place_of(desk, id);
  bool there = place < desk->open_count && desk->open[place]->id == id;
  return there ? desk->open[place] : NULL;
}

static struct episode *insert(struct desk *desk, const struct episode *episode) {
  if (desk->open_count == desk->open_capacity) {
    desk->open_capacity = desk->open_capacity == 0 ? 16 : desk->open_capacity * 2;
    desk->open = mem_resize(desk->open, desk->open_capacity, sizeof(struct episode *));
  }
  size_t place = place_of(desk, episode->id);
  memmove(&desk->open[place + 1], &desk->open[place],
          (desk->open_count - place) * sizeof(struct episode *));
  desk->open[place] = mem_alloc(sizeof(struct episode));
  *desk->open[place] = *episode;
  desk->open_count++;
  return desk->open[place];
}

static void take_out(struct desk *desk, int64_t id) {
  size_t place = place_of(desk, id);
  assert(place < desk->open_count && desk->open[place]->id == id);
  free(desk->open[place]);
  desk->open_count--;
  memmove(&desk->open[place], &desk->open[place + 1],
          (desk->open_count - place) * sizeof(struct episode *));
}

size_t desk_open_count(const struct desk *desk) {
  return desk->open_count;
}

const struct episode *desk_open_at(const struct desk *desk, size_t index) {
  assert(index < desk->open_count);
  return desk->open[index];
}

const struct episode *desk_find_open(const struct desk *desk, int64_t id) {
  return find(desk, id);
}

/* ------------------------------------------------------------ load */

static void note_number(struct desk *desk, int64_t number) {
  if (number > desk->newest)
    desk->newest = number;
}

static bool load_episode(const struct episode *episode, void *arg) {
  struct desk *desk = arg;
  note_number(desk, episode->id);
  if (episode->rule < ALERT_RULE_COUNT && episode->end == EPISODE_OPEN)
    insert(desk, episode);
  return true;
}

static void add_mute(struct desk *desk, const struct mute *mute) {
  if (desk->mute_count == desk->mute_capacity) {
    desk->mute_capacity = desk->mute_capacity == 0 ? 8 : desk->mute_capacity * 2;
    desk->mutes = mem_resize(desk->mutes, desk->mute_capacity, sizeof *desk->mutes);
  }
  desk->mutes[desk->mute_count++] = *mute;
}

static void load_mute(const struct mute *mute, void *arg) {
  struct desk *desk = arg;
  note_number(desk, mute->id);
  add_mute(desk, mute);
}

static void load_rule(const struct alert_rule_setting *setting, void *arg) {
  struct desk *desk = arg;
  if (setting->rule >= ALERT_RULE_COUNT)
    return;
  desk->loaded = mem_resize(desk->loaded, desk->loaded_count + 1, sizeof *desk->loaded);
  desk->loaded[desk->loaded_count++] = *setting;
}

/* The store gives a thousand at a time. */
static bool load_open(struct desk *desk, struct db *db, struct err *err) {
  struct episode_query query = {
      .state = EPISODE_IS_OPEN, .miner_id = EPISODE_ALL, .rule = EPISODE_ALL, .limit = 1000};
  size_t before;
  do {
    before = desk->open_count;
    if (!episode_store_each(db, &query, load_episode, desk, err))
      return false;
    if (desk->open_count > 0)
      query.before_id = desk->open[0]->id;
  } while (desk->open_count - before == 1000);
  return true;
}

static bool load_number(const struct episode *episode, void *arg) {
  note_number(arg, episode->id);
  return true;
}

bool desk_load(struct desk *desk, struct db *db, struct err *err) {
  struct episode_query newest = {.miner_id = EPISODE_ALL, .rule = EPISODE_ALL, .limit = 1};
  return load_open(desk, db, err) && episode_store_each(db, &newest, load_number, desk, err) &&
         mute_store_each(db, load_mute, desk, err) && rule_store_each(db, load_rule, desk, err);
}

/* ------------------------------------------------------------ events */

static void keep_episode(struct desk *desk, const struct episode *episode) {
  struct batch_change change = {.kind = BATCH_EPISODE, .episode = *episode};
  batch_add_change(pipeline_batch(desk->pipeline), &change);
}

static enum episode_end end_of(enum alert_event_kind kind) {
  switch (kind) {
  case ALERT_CLEARED:
    return EPISODE_OVER;
  case ALERT_CHANGED:
    return EPISODE_RULE_CHANGED;
  case ALERT_HAPPENED:
    return EPISODE_MOMENT;
  default:
    return EPISODE_OPEN;
  }
}

static void begin_episode(struct episode *episode, const struct alert_event *event) {
  *episode = (struct episode){
      .id = event->episode,
      .miner_id = event->miner_id,
      .rule = event->rule,
      .since_ms = event->since_ms,
      .raised_ms = event->at_ms,
      .drill = event->miner_id == DESK_DRILL_MINER,
  };
}

static void go_on(struct episode *episode, const struct alert_event *event) {
  episode->severity = event->severity;
  episode->value = event->value;
  episode->limit = event->limit;
  episode->worst = event->worst;
  episode->reason = event->reason;
  if (event->detail[0] != '\0')
    str_copy(episode->detail, sizeof episode->detail, event->detail);
  if (event->kind == ALERT_ACKED)
    episode->acknowledged_ms = event->at_ms;
  episode->end = end_of(event->kind);
  episode->cleared_ms = episode->end == EPISODE_OPEN ? 0 : event->at_ms;
}

static bool is_muted(const struct desk *desk, int64_t miner_id, enum alert_rule rule,
                     int64_t now_ms) {
  for (size_t i = 0; i < desk->mute_count; i++) {
    const struct mute *mute = &desk->mutes[i];
    bool of_miner = mute->miner_id == 0 || mute->miner_id == miner_id;
    bool of_rule = mute->rule == MUTE_ALL_RULES || mute->rule == (int)rule;
    if (of_miner && of_rule && now_ms < mute->until_ms)
      return true;
  }
  return false;
}

static void happened(struct desk *desk, const struct miner *miner, const struct alert_event *event,
                     const char *by) {
  struct episode *open = find(desk, event->episode);
  struct episode episode;
  if (open != NULL)
    episode = *open;
  else /* raised now; or open since before there were episodes */
    begin_episode(&episode, event);
  go_on(&episode, event);
  if (by != NULL)
    str_copy(episode.acknowledged_by, sizeof episode.acknowledged_by, by);
  struct batch *batch = pipeline_batch(desk->pipeline);
  batch_add_event(batch, event);
  bool silent = event->rule != ALERT_BLOCK_FOUND && !episode.drill &&
                is_muted(desk, event->miner_id, event->rule, event->at_ms);
  if (desk->teller != NULL && !silent)
    teller_tell(desk->teller,
                &(struct teller_news){.miner = miner, .event = event, .by = by, .batch = batch},
                &episode);
  keep_episode(desk, &episode);
  if (episode.end != EPISODE_OPEN && open != NULL)
    take_out(desk, episode.id);
  else if (episode.end == EPISODE_OPEN && open == NULL)
    insert(desk, &episode);
  else if (open != NULL)
    *open = episode;
  pipeline_commit(desk->pipeline, true);
}

void desk_happened(struct desk *desk, const struct miner *miner, const struct alert_event *event) {
  assert(event->episode > 0);
  happened(desk, miner, event, NULL);
}

static void close_quietly(struct desk *desk, struct episode *episode) {
  episode->end = EPISODE_MINER_GONE;
  episode->cleared_ms = clock_wall_ms();
  keep_episode(desk, episode);
  take_out(desk, episode->id);
}

void desk_forget_miner(struct desk *desk, int64_t miner_id) {
  for (size_t i = desk->open_count; i-- > 0;) {
    if (desk->open[i]->miner_id == miner_id)
      close_quietly(desk, desk->open[i]);
  }
  alert_rulebook_forget(desk->book, miner_id);
  pipeline_commit(desk->pipeline, false);
}

void desk_silence(struct desk *desk, const struct miner *miner) {
  if (desk->teller != NULL)
    teller_silence(desk->teller, miner);
}

/* ------------------------------------------------------------ acknowledge, note */

static struct alert_memory *memory_of(struct desk *desk, int64_t miner_id, enum alert_rule rule) {
  if (miner_id == 0)
    return &desk->own[rule];
  struct fleet_miner *miner = fleet_find(desk->fleet, miner_id);
  return miner == NULL ? NULL : &miner->alerts[rule];
}

/* What no rule stands behind any more: a drill that was cut short, a miner that went
 * while the monitor was off. */
static void close_orphans(struct desk *desk) {
  for (size_t i = desk->open_count; i-- > 0;) {
    struct episode *episode = desk->open[i];
    const struct alert_memory *memory = memory_of(desk, episode->miner_id, episode->rule);
    if (memory == NULL || memory->episode != episode->id)
      close_quietly(desk, episode);
  }
}

static const struct miner *miner_of(struct desk *desk, int64_t miner_id) {
  struct fleet_miner *miner = miner_id > 0 ? fleet_find(desk->fleet, miner_id) : NULL;
  return miner == NULL ? NULL : &miner->miner;
}

static void touch(struct desk *desk, int64_t miner_id) {
  struct fleet_miner *miner = miner_id > 0 ? fleet_find(desk->fleet, miner_id) : NULL;
  if (miner != NULL)
    fleet_touch(desk->fleet, miner);
}

static bool answer_conflict(const struct episode *episode, struct err *err) {
  return err_set(err, ERR_CONFLICT, "%s has said so already",
                 episode->acknowledged_by[0] != '\0' ? episode->acknowledged_by : "somebody");
}

/* Pressing the button is part of the exercise; the drill itself goes on by itself. */
static bool acknowledge_drill(struct desk *desk, struct episode *episode, const char *by,
                              struct err *err) {
  if (episode->acknowledged_ms != 0)
    return answer_conflict(episode, err);
  const struct miner miner = {.id = DESK_DRILL_MINER, .name = "Practice miner"};
  const struct alert_event event = {
      .miner_id = DESK_DRILL_MINER,
      .episode = episode->id,
      .rule = episode->rule,
      .kind = ALERT_ACKED,
      .severity = episode->severity,
      .at_ms = clock_wall_ms(),
      .since_ms = episode->since_ms,
      .value = episode->value,
      .limit = episode->limit,
      .worst = episode->worst,
  };
  happened(desk, &miner, &event, by);
  return true;
}

bool desk_acknowledge(struct desk *desk, int64_t id, const char *by, struct err *err) {
  struct episode *episode = find(desk, id);
  if (episode != NULL && episode->drill)
    return acknowledge_drill(desk, episode, by, err);
  struct alert_memory *memory =
      episode == NULL ? NULL : memory_of(desk, episode->miner_id, episode->rule);
  if (memory == NULL || memory->episode != id)
    return err_set(err, ERR_NOT_FOUND, "no alert with the number %" PRId64 " is open", id);
  struct alert_event event;
  if (!alert_step_acknowledge(episode->rule, clock_wall_ms(), memory, &event))
    return answer_conflict(episode, err);
  event.miner_id = episode->miner_id;
  event.severity = episode->severity;
  str_copy(event.detail, sizeof event.detail, episode->detail);
  pipeline_save_alert(desk->pipeline, event.miner_id, event.rule, memory);
  touch(desk, event.miner_id);
  happened(desk, miner_of(desk, event.miner_id), &event, by);
  return true;
}

bool desk_note(struct desk *desk, int64_t episode, const char *by, const char *text,
               struct episode_note *note, struct err *err) {
  if (text[0] == '\0')
    return err_set(err, ERR_INVALID, "the note is empty: write something");
  if (strlen(text) >= EPISODE_NOTE_MAX)
    return err_set(err, ERR_INVALID, "the note is too long: at most %d bytes",
                   EPISODE_NOTE_MAX - 1);
  *note = (struct episode_note){
      .id = next_number(desk), .episode_id = episode, .at_ms = clock_wall_ms()};
  str_copy(note->author, sizeof note->author, by);
  str_copy(note->text, sizeof note->text, text);
  batch_add_change(pipeline_batch(desk->pipeline),
                   &(struct batch_change){.kind = BATCH_NOTE, .note = *note});
  pipeline_commit(desk->pipeline, true);
  return true;
}

/* ------------------------------------------------------------ mutes */

static void drop_mute(struct desk *desk, size_t index) {
  batch_add_change(pipeline_batch(desk->pipeline),
                   &(struct batch_change){.kind = BATCH_UNMUTE, .unmute = desk->mutes[index].id});
  desk->mute_count--;
  memmove(&desk->mutes[index], &desk->mutes[index + 1],
          (desk->mute_count - index) * sizeof *desk->mutes);
}

static void drop_old_mutes(struct desk *desk, int64_t now_ms) {
  for (size_t i = desk->mute_count; i-- > 0;) {
    if (desk->mutes[i].until_ms <= now_ms)
      drop_mute(desk, i);
  }
}

bool desk_mute(struct desk *desk, struct mute *mute, struct err *err) {
  int64_t now_ms = clock_wall_ms();
  if (mute->miner_id != 0 && fleet_find(desk->fleet, mute->miner_id) == NULL)
    return err_set(err, ERR_NOT_FOUND, "there is no miner with the number %" PRId64,
                   mute->miner_id);
  if (mute->until_ms <= now_ms)
    return err_set(err, ERR_INVALID, "`until` has passed already: give a later time");
  if (mute->until_ms - now_ms > MUTE_LONGEST_MS)
    return err_set(err, ERR_INVALID,
                   "that is longer than a year: switch the rule off instead of muting it");
  drop_old_mutes(desk, now_ms);
  if (desk->mute_count == MUTES_MAX)
    return err_set(err, ERR_CONFLICT, "there are %d mutes already: lift one first", MUTES_MAX);
  mute->id = next_number(desk);
  mute->created_ms = now_ms;
  add_mute(desk, mute);
  batch_add_change(pipeline_batch(desk->pipeline),
                   &(struct batch_change){.kind = BATCH_MUTE, .mute = *mute});
  pipeline_commit(desk->pipeline, true);
  return true;
}

bool desk_unmute(struct desk *desk, int64_t id, struct err *err) {
  drop_old_mutes(desk, clock_wall_ms());
  for (size_t i = 0; i < desk->mute_count; i++) {
    if (desk->mutes[i].id != id)
      continue;
    drop_mute(desk, i);
    pipeline_commit(desk->pipeline, true);
    return true;
  }
  return err_set(err, ERR_NOT_FOUND, "nothing is muted under the number %" PRId64, id);
}

size_t desk_unmute_miner(struct desk *desk, int64_t miner_id) {
  drop_old_mutes(desk, clock_wall_ms());
  size_t before = desk->mute_count;
  for (size_t i = desk->mute_count; i-- > 0;) {
    if (miner_id == 0 || desk->mutes[i].miner_id == miner_id)
      drop_mute(desk, i);
  }
  if (desk->mute_count != before)
    pipeline_commit(desk->pipeline, true);
  return before - desk->mute_count;
}

size_t desk_mute_count(const struct desk *desk) {
  return desk->mute_count;
}

const struct mute *desk_mute_at(const struct desk *desk, size_t index) {
  assert(index < desk->mute_count);
  return &desk->mutes[index];
}

/* ------------------------------------------------------------ rules */

static bool check_time(const char *name, int64_t ms, struct err *err) {
  if (ms == ALERT_UNSET || (ms >= 0 && ms <= TIME_LONGEST_MS))
    return true;
  return err_set(err, ERR_INVALID, "`%s` must be between 0 and a week", name);
}

static bool check_setting(const struct alert_rule_setting *setting, struct err *err) {
  struct alert_tuning tuning;
  struct alert_rulebook *defaults = alert_rulebook_create(NULL);
  alert_rulebook_tuning(defaults, setting->rule, 0, &(struct miner_limits){0}, &tuning);
  alert_rulebook_destroy(defaults);
  if (!isnan(setting->limit) && isnan(tuning.limit))
    return err_set(err, ERR_INVALID, "the rule '%s' has no limit that could be set",
                   alert_rule_facts(setting->rule)->name);
  if (!isnan(setting->limit) && !(fabs(setting->limit) < 1e15))
    return err_set(err, ERR_INVALID, "`limit` is out of range");
  if (!isnan(setting->hysteresis) && !(setting->hysteresis >= 0 && setting->hysteresis < 1e15))
    return err_set(err, ERR_INVALID, "`hysteresis` must not be negative");
  return check_time("hold_s", setting->hold_ms, err) &&
         check_time("clear_s", setting->clear_ms, err) &&
         check_time("cooldown_s", setting->cooldown_ms, err) &&
         check_time("reminder_s", setting->reminder_ms, err);
}

/* What fires is closed as changed and is judged anew, without waiting for the cooldown:
 * the owner wants to know at once whether the new limit is passed. */
static void judge_anew(struct desk *desk, const struct miner *miner, enum alert_rule rule) {
  int64_t miner_id = miner == NULL ? 0 : miner->id;
  struct alert_memory *memory = memory_of(desk, miner_id, rule);
  if (memory == NULL || memory->phase == ALERT_OK)
    return;
  struct alert_tuning tuning;
  struct miner_limits none = {0};
  alert_rulebook_tuning(desk->book, rule, miner_id, miner == NULL ? &none : &miner->facts.limits,
                        &tuning);
  struct alert_event event;
  bool changed = false;
  struct alert_step step = {
      .rule = rule,
      .tuning = &tuning,
      .reading = {.input = ALERT_IS_VOID, .value = METRIC_UNKNOWN, .limit = METRIC_UNKNOWN},
      .at_ms = clock_wall_ms(),
      .last_episode = pipeline_last_episode(desk->pipeline),
  };
  bool happens = alert_step(&step, memory, &event, &changed);
  memory->announced_ms = 0;
  pipeline_save_alert(desk->pipeline, miner_id, rule, memory);
  if (happens) {
    event.miner_id = miner_id;
    event.detail[0] = '\0';
    desk_happened(desk, miner, &event);
  }
  touch(desk, miner_id);
}

static bool same_judgement(const struct alert_tuning *a, const struct alert_tuning *b) {
  bool same_limit = a->limit == b->limit || (isnan(a->limit) && isnan(b->limit));
  bool same_band = a->hysteresis == b->hysteresis || (isnan(a->hysteresis) && isnan(b->hysteresis));
  return a->enabled == b->enabled && same_limit && same_band && a->hold_ms == b->hold_ms;
}

bool desk_set_rule(struct desk *desk, const struct alert_rule_setting *setting, struct err *err) {
  if (!check_setting(setting, err))
    return false;
  size_t count = fleet_count(desk->fleet);
  struct alert_tuning *before = mem_resize(NULL, count + 1, sizeof *before);
  struct miner_limits none = {0};
  for (size_t i = 0; i < count; i++) {
    const struct miner *miner = &fleet_at(desk->fleet, i)->miner;
    alert_rulebook_tuning(desk->book, setting->rule, miner->id, &miner->facts.limits, &before[i]);
  }
  alert_rulebook_tuning(desk->book, setting->rule, 0, &none, &before[count]);
  alert_rulebook_set(desk->book, setting);
  batch_add_change(pipeline_batch(desk->pipeline),
                   &(struct batch_change){.kind = BATCH_RULE, .rule = *setting});
  for (size_t i = 0; i <= count; i++) {
    const struct miner *miner = i < count ? &fleet_at(desk->fleet, i)->miner : NULL;
    struct alert_tuning after;
    alert_rulebook_tuning(desk->book, setting->rule, miner == NULL ? 0 : miner->id,
                          miner == NULL ? &none : &miner->facts.limits, &after);
    if ((miner == NULL) == alert_rule_facts(setting->rule)->of_monitor &&
        !same_judgement(&before[i], &after))
      judge_anew(desk, miner, setting->rule);
  }
  free(before);
  pipeline_commit(desk->pipeline, true);
  return true;
}
