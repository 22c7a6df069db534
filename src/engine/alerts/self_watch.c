#include "engine/alerts/self_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/batch.h"
#include "store/setting_store.h"

enum {
  LOOK_MS = 10 * 1000,
  ALIVE_MS = 60 * 1000,   /* between two marks in the database */
  OFF_MS = 3 * 60 * 1000, /* without a mark: it was off. An update takes less */
};
static const char alive_setting[] = "monitor.alive_ms";
static const double GIB = 1024.0 * 1024 * 1024;

struct self_watch {
  struct self_watch_options options;
  uv_timer_t timer;
  uv_fs_t disk;
  bool disk_asked, closing, timer_closed;
  double disk_free_pct, disk_free_bytes; /* NaN: not known yet */
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

static void look_at_database(struct self_watch *watch) {
  struct pipeline_state state;
  pipeline_state(watch->options.pipeline, &state);
  struct alert_reading reading = reading_of(!state.storing);
  step(watch, ALERT_MONITOR_DATABASE, &reading, state.problem);
}

static void look_at_channels(struct self_watch *watch) {
  char names[ALERT_DETAIL_MAX] = "";
  size_t length = 0;
  for (size_t i = 0; i < channels_count(watch->options.channels); i++) {
    const struct channel *channel = channels_at(watch->options.channels, i);
    if (!channels_is_dead(watch->options.channels, channel) || length >= sizeof names - 1)
      continue;
    int added = snprintf(names + length, sizeof names - length, "%s%s", length > 0 ? ", " : "",
                         channel->name);
    length += added > 0 ? (size_t)added : 0;
  }
  const struct alert_memory *memory = desk_own_memory(watch->options.desk, ALERT_MONITOR_CHANNEL);
  const struct episode *open = desk_find_open(watch->options.desk, memory->episode);
  struct alert_reading reading = reading_of(length > 0);
  step(watch, ALERT_MONITOR_CHANNEL, &reading, length == 0 && open != NULL ? open->detail : names);
}

/* So much must be free: the limit in percent, or 2 GiB, whichever is less. A large disk
 * is not full at five percent, a small card is. */
static void look_at_disk(struct self_watch *watch) {
  if (!metric_is_known(watch->disk_free_pct))
    return;
  struct alert_tuning tuning;
  tune(watch, ALERT_MONITOR_DISK, &tuning);
  double limit_pct = metric_is_known(tuning.limit) ? tuning.limit : 5;
  bool low = watch->disk_free_pct < limit_pct && watch->disk_free_bytes < 2 * GIB;
  bool over = watch->disk_free_pct > limit_pct + 1 || watch->disk_free_bytes > 3 * GIB;
  char detail[ALERT_DETAIL_MAX];
  snprintf(detail, sizeof detail, "%.1f GB are free (%.1f %%)", watch->disk_free_bytes / 1e9,
           watch->disk_free_pct);
  struct alert_reading reading = {
      .input = low ? ALERT_IS_BAD : (over ? ALERT_IS_GOOD : ALERT_IS_BETWEEN),
      .value = watch->disk_free_pct,
      .limit = limit_pct,
  };
  step(watch, ALERT_MONITOR_DISK, &reading, detail);
}

/* ------------------------------------------------------------ looking */

static void finish_close(struct self_watch *watch) {
  if (watch->timer_closed && !watch->disk_asked)
    free(watch);
}

static void on_disk(uv_fs_t *request) {
  struct self_watch *watch = request->data;
  watch->disk_asked = false;
  if (request->result == 0) {
    const uv_statfs_t *disk = request->ptr;
    watch->disk_free_bytes = (double)disk->f_bavail * (double)disk->f_bsize;
    watch->disk_free_pct =
        disk->f_blocks > 0 ? 100.0 * (double)disk->f_bavail / (double)disk->f_blocks : 100;
  }
  uv_fs_req_cleanup(request);
  if (watch->closing)
    finish_close(watch);
  else if (request->result == 0)
    look_at_disk(watch);
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
  watch->disk_free_pct = watch->disk_free_bytes = METRIC_UNKNOWN;
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
