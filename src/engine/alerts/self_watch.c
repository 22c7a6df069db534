#include "engine/alerts/self_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/disk_judge.h"
#include "engine/batch.h"
#include "store/setting_store.h"

enum {
  LOOK_MS = 10 * 1000,
  ALIVE_MS = 60 * 1000,   /* between two marks in the database */
  OFF_MS = 3 * 60 * 1000, /* without a mark: it was off. An update takes less */
};
static const char alive_setting[] = "monitor.alive_ms";
static const double DISK_LIMIT_PCT = 5;

struct self_watch {
  struct self_watch_options options;
  uv_timer_t timer;
  uv_fs_t disk;
  bool disk_asked, closing, timer_closed;
  int64_t marked_mono_ms;
};

bool self_watch_read_alive(struct db *db, int64_t *alive_ms, struct err *err) {
  char text[32];
  *alive_ms = 0;
  if (!setting_store_get(db, alive_setting, text, sizeof text, err))
    return err->code == ERR_NOT_FOUND;
  if (!str_to_i64(text, 0, INT64_MAX, alive_ms))
    *alive_ms = 0;
  return true;
}

/* ------------------------------------------------------------ was off */

static bool same_day(const struct tm *a, const struct tm *b) {
  return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

static void write_time(char *text, size_t size, const struct tm *time, bool short_form) {
  if (short_form)
    strftime(text, size, "%H:%M", time);
  else
    strftime(text, size, "%H:%M on %-d %B", time);
}

void self_watch_write_span(char *text, size_t size, int64_t from_ms, int64_t to_ms) {
  time_t from = (time_t)(from_ms / 1000), to = (time_t)(to_ms / 1000);
  struct tm from_tm, to_tm;
  char from_text[64] = "?", to_text[64] = "?";
  if (localtime_r(&from, &from_tm) != NULL && localtime_r(&to, &to_tm) != NULL) {
    bool short_form = same_day(&from_tm, &to_tm);
    write_time(from_text, sizeof from_text, &from_tm, short_form);
    write_time(to_text, sizeof to_text, &to_tm, short_form);
  }
  snprintf(text, size, "from %s to %s", from_text, to_text);
}

static void tune(struct self_watch *watch, enum alert_rule rule, struct alert_tuning *tuning) {
  alert_rulebook_tuning(pipeline_rulebook(watch->options.pipeline), rule, 0,
                        &(struct miner_limits){0}, tuning);
}

static void tell_off(struct self_watch *watch, int64_t now_ms) {
  struct alert_tuning tuning;
  tune(watch, ALERT_MONITOR_OFF, &tuning);
  int64_t off_ms = now_ms - watch->options.alive_ms;
  if (watch->options.alive_ms == 0 || off_ms < OFF_MS || !tuning.enabled)
    return;
  struct alert_event event = {
      .episode = alert_step_number(now_ms, pipeline_last_episode(watch->options.pipeline)),
      .rule = ALERT_MONITOR_OFF,
      .kind = ALERT_HAPPENED,
      .severity = tuning.severity,
      .at_ms = now_ms,
      .since_ms = watch->options.alive_ms,
      .value = METRIC_UNKNOWN,
      .limit = METRIC_UNKNOWN,
      .worst = METRIC_UNKNOWN,
  };
  self_watch_write_span(event.detail, sizeof event.detail, watch->options.alive_ms, now_ms);
  desk_happened(watch->options.desk, NULL, &event);
}

static void mark_alive(struct self_watch *watch) {
  int64_t now_ms = clock_mono_ms();
  if (watch->marked_mono_ms != 0 && now_ms - watch->marked_mono_ms < ALIVE_MS)
    return;
  watch->marked_mono_ms = now_ms;
  struct batch_change change = {.kind = BATCH_SETTING};
  str_copy(change.setting.name, sizeof change.setting.name, alive_setting);
  snprintf(change.setting.value, sizeof change.setting.value, "%" PRId64, clock_wall_ms());
  batch_add_change(pipeline_batch(watch->options.pipeline), &change);
  pipeline_commit(watch->options.pipeline, false);
}

/* ------------------------------------------------------------ its rules */

static void step(struct self_watch *watch, enum alert_rule rule,
                 const struct alert_reading *reading, const char *detail) {
  struct alert_memory *memory = desk_own_memory(watch->options.desk, rule);
  struct alert_tuning tuning;
  struct alert_event event;
  bool changed = false;
  tune(watch, rule, &tuning);
  struct alert_step one = {
      .rule = rule,
      .tuning = &tuning,
      .reading = *reading,
      .at_ms = clock_wall_ms(),
      .elapsed_ms = watch->options.interval_ms,
      .last_episode = pipeline_last_episode(watch->options.pipeline),
  };
  if (!tuning.enabled)
    one.reading.input = ALERT_IS_VOID;
  bool happens = alert_step(&one, memory, &event, &changed);
  if (changed)
    pipeline_save_alert(watch->options.pipeline, 0, rule, memory);
  if (!happens)
    return;
  event.miner_id = 0;
  str_copy(event.detail, sizeof event.detail, detail);
  desk_happened(watch->options.desk, NULL, &event);
}

static struct alert_reading reading_of(bool bad) {
  return (struct alert_reading){.input = bad ? ALERT_IS_BAD : ALERT_IS_GOOD,
                                .value = METRIC_UNKNOWN,
                                .limit = METRIC_UNKNOWN};
}

/* A server that is away: its readings are safe in the spool, but nobody can look at them.
 * While they are moved to it, it is not said to be well yet. */
static void look_at_spool(const struct spool *spool, struct alert_reading *reading,
                          char detail[ALERT_DETAIL_MAX]) {
  struct spool_state state = {0};
  if (spool != NULL)
    spool_state_get(spool, &state);
  if (!state.active)
    return;
  *reading = reading_of(true);
  if (state.moving)
    reading->input = ALERT_IS_BETWEEN;
  if (state.foreign)
    str_copy(detail, ALERT_DETAIL_MAX, state.problem);
  else
    snprintf(detail, ALERT_DETAIL_MAX, "PostgreSQL is away, %zu readings wait in a file",
             state.samples);
}

static void look_at_database(struct self_watch *watch) {
  struct pipeline_state state;
  char detail[ALERT_DETAIL_MAX] = "";
  pipeline_state(watch->options.pipeline, &state);
  struct alert_reading reading = reading_of(!state.storing);
  if (!state.storing)
    str_copy(detail, sizeof detail, state.problem);
  else
    look_at_spool(pipeline_spool(watch->options.pipeline), &reading, detail);
  step(watch, ALERT_MONITOR_DATABASE, &reading, detail);
}

/* The channels that are dead, and those that are not known to work again. */
struct channels_seen {
  char dead[ALERT_DETAIL_MAX]; /* names */
  bool doubtful;               /* one that was told about has not delivered since */
  bool proven;                 /* one that was told about has */
};

static void add_name(char names[ALERT_DETAIL_MAX], const char *name) {
  size_t length = strlen(names);
  snprintf(names + length, ALERT_DETAIL_MAX - length, "%s%s", length > 0 ? ", " : "", name);
}

/* Whole names only: "Mail" is not among "Gmail, Telegram". */
static bool has_name(const char *names, const char *name) {
  size_t length = strlen(name);
  const char *at = length > 0 ? strstr(names, name) : NULL;
  for (; at != NULL; at = strstr(at + 1, name)) {
    bool begins = at == names || (at - names >= 2 && str_starts_with(at - 2, ", "));
    if (begins && (at[length] == '\0' || at[length] == ','))
      return true;
  }
  return false;
}

/* Only a message that arrived tells that a channel works again: the record is clean
 * after a change of its settings, and a restart forgets which were dead. */
static bool has_delivered(const struct channel *channel, const struct episode *told) {
  int64_t since_ms = told->raised_ms;
  if (since_ms > clock_wall_ms()) /* the clock was set back */
    since_ms = 0;
  return channel->last_ok_ms > since_ms;
}

/* `told` NULL: nothing was told. What is switched off is nobody's concern. */
static struct channels_seen see_channels(const struct channels *channels,
                                         const struct episode *told) {
  struct channels_seen seen = {0};
  for (size_t i = 0; i < channels_count(channels); i++) {
    const struct channel *channel = channels_at(channels, i);
    if (!channel->enabled)
      continue;
    if (channels_is_dead(channels, channel)) {
      add_name(seen.dead, channel->name);
    } else if (told != NULL && has_name(told->detail, channel->name)) {
      bool delivered = has_delivered(channel, told);
      seen.proven = seen.proven || delivered;
      seen.doubtful = seen.doubtful || !delivered;
    }
  }
  return seen;
}

static void look_at_channels(struct self_watch *watch) {
  const struct alert_memory *memory = desk_own_memory(watch->options.desk, ALERT_MONITOR_CHANNEL);
  const struct episode *told = desk_find_open(watch->options.desk, memory->episode);
  struct channels_seen seen = see_channels(watch->options.channels, told);
  struct alert_reading reading = reading_of(seen.dead[0] != '\0');
  if (seen.dead[0] == '\0' && seen.doubtful)
    reading.input = ALERT_IS_MISSING;
  else if (seen.dead[0] == '\0' && told != NULL && !seen.proven) /* removed or switched off */
    reading.input = ALERT_IS_VOID;
  step(watch, ALERT_MONITOR_CHANNEL, &reading,
       seen.dead[0] == '\0' && told != NULL ? told->detail : seen.dead);
}

static void look_at_disk(struct self_watch *watch, const struct disk_room *room) {
  struct alert_reading reading;
  char detail[ALERT_DETAIL_MAX];
  disk_judge_read(room, DISK_LIMIT_PCT, &reading);
  disk_judge_write(room, detail);
  step(watch, ALERT_MONITOR_DISK, &reading, detail);
}

/* ------------------------------------------------------------ looking */

static void finish_close(struct self_watch *watch) {
  if (watch->timer_closed && !watch->disk_asked)
    free(watch);
}

/* A disk that cannot be asked tells nothing: neither that it is full nor that it is not. */
static void on_disk(uv_fs_t *request) {
  struct self_watch *watch = request->data;
  struct disk_room room = {METRIC_UNKNOWN, METRIC_UNKNOWN};
  watch->disk_asked = false;
  if (request->result == 0) {
    const uv_statfs_t *disk = request->ptr;
    room.free_bytes = (double)disk->f_bavail * (double)disk->f_bsize;
    room.total_bytes = (double)disk->f_blocks * (double)disk->f_bsize;
  }
  uv_fs_req_cleanup(request);
  if (watch->closing)
    finish_close(watch);
  else
    look_at_disk(watch, &room);
}

static void on_timer(uv_timer_t *timer) {
  struct self_watch *watch = timer->data;
  look_at_database(watch);
  look_at_channels(watch);
  mark_alive(watch);
  if (watch->options.disk_path != NULL && !watch->disk_asked)
    watch->disk_asked =
        uv_fs_statfs(timer->loop, &watch->disk, watch->options.disk_path, on_disk) == 0;
}

struct self_watch *self_watch_create(const struct self_watch_options *options) {
  struct self_watch *watch = mem_alloc(sizeof *watch);
  watch->options = *options;
  if (watch->options.interval_ms == 0)
    watch->options.interval_ms = LOOK_MS;
  uv_timer_init(options->loop, &watch->timer);
  watch->timer.data = watch;
  watch->disk.data = watch;
  tell_off(watch, clock_wall_ms());
  mark_alive(watch);
  uint64_t interval_ms = (uint64_t)watch->options.interval_ms;
  uv_timer_start(&watch->timer, on_timer, interval_ms, interval_ms);
  return watch;
}

static void on_closed(uv_handle_t *handle) {
  struct self_watch *watch = handle->data;
  watch->timer_closed = true;
  finish_close(watch);
}

void self_watch_close(struct self_watch *watch) {
  if (watch == NULL)
    return;
  watch->closing = true;
  uv_close((uv_handle_t *)&watch->timer, on_closed);
}
