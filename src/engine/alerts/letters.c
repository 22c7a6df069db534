#include "engine/alerts/letters.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/letter_figures.h"
#include "engine/batch.h"
#include "insight/letter_time.h"
#include "model/rollup.h"
#include "model/text.h"
#include "store/setting_store.h"

enum { FIRST_LOOK_MS = 3 * 1000, LOOK_MS = 20 * 1000, SETTING_SIZE = 32, ASKED_MAX = 64 };

/* When a channel got its last letter, or asked for letters. */
struct mark {
  char code[CHANNEL_CODE_MAX];
  bool known;
  bool off; /* at the last look */
  int64_t last_ms;
};

STAILQ_HEAD(writing_list, writing);

struct letters {
  struct letters_options options;
  uv_timer_t timer;
  struct mark *marks;
  size_t mark_count;
  bool writing;              /* one at a time */
  struct writing_list asked; /* wait for their turn */
  size_t asked_count;
  bool complained;
  bool closing, timer_closed;
};

/* One letter on its way; of the reader thread while it gathers. */
struct writing {
  STAILQ_ENTRY(writing) link;
  struct db_task task;
  struct letters *letters;
  char code[CHANNEL_CODE_MAX], setting[SETTING_SIZE];
  bool asked_for; /* by hand: no mark is looked at or made */
  struct letters_wish wish;
  bool weekly; /* from here on: what says whether it is due */
  int hour;
  int64_t now_ms;
  bool marked, due; /* what came of it */
  int64_t last_ms;
  struct letter letter;
  int64_t *ids;
  bool of_all;
};

static void finish_close(struct letters *letters) {
  if (!letters->timer_closed || letters->writing)
    return;
  free(letters->marks);
  free(letters);
}

/* ------------------------------------------------------------ marks */

static struct mark *mark_of(struct letters *letters, const char *code) {
  for (size_t i = 0; i < letters->mark_count; i++) {
    if (str_equal(letters->marks[i].code, code))
      return &letters->marks[i];
  }
  letters->marks = mem_resize(letters->marks, letters->mark_count + 1, sizeof *letters->marks);
  struct mark *mark = &letters->marks[letters->mark_count++];
  *mark = (struct mark){.known = false};
  str_copy(mark->code, sizeof mark->code, code);
  return mark;
}

static void name_setting(const char *code, char name[SETTING_SIZE]) {
  snprintf(name, SETTING_SIZE, "letter.%.24s", code);
}

/* Into the next commit, together with the letter when there is one. */
static void keep_mark(struct letters *letters, struct mark *mark, int64_t now_ms) {
  struct batch_change change = {.kind = BATCH_SETTING};
  name_setting(mark->code, change.setting.name);
  snprintf(change.setting.value, sizeof change.setting.value, "%" PRId64, now_ms);
  batch_add_change(pipeline_batch(letters->options.pipeline), &change);
  mark->known = true;
  mark->last_ms = now_ms;
}

static bool read_mark(struct db *db, struct writing *writing, struct err *err) {
  char text[64];
  writing->marked = setting_store_get(db, writing->setting, text, sizeof text, err) &&
                    str_to_i64(text, 0, INT64_MAX, &writing->last_ms);
  return writing->marked || err->code == ERR_NOT_FOUND || err->code == ERR_NONE;
}

/* ------------------------------------------------------------ gathering */

static void writing_free(struct writing *writing) {
  free(writing->letter.miners);
  free(writing->ids);
  free(writing);
}

static bool wants_miner(const struct channel *channel, int64_t miner_id) {
  const struct channel_wish *wish = &channel->wish;
  for (size_t i = 0; i < wish->miner_count; i++) {
    if (wish->miners[i] == miner_id)
      return true;
  }
  return wish->miner_count == 0;
}

static void take_miners(struct writing *writing, struct fleet *fleet,
                        const struct channel *channel) {
  struct letter *letter = &writing->letter;
  size_t count = fleet_count(fleet);
  writing->of_all = channel->wish.miner_count == 0;
  writing->ids = mem_alloc((count + 1) * sizeof *writing->ids);
  letter->miners = mem_alloc((count + 1) * sizeof *letter->miners);
  for (size_t i = 0; i < count; i++) {
    const struct miner *miner = &fleet_at(fleet, i)->miner;
    if (!wants_miner(channel, miner->id))
      continue;
    writing->ids[letter->miner_count] = miner->id;
    str_copy(letter->miners[letter->miner_count++].name, LETTER_NAME_MAX,
             miner->name[0] != '\0' ? miner->name : miner->address);
  }
}

static void run(struct db_task *task, struct db *db) {
  struct writing *writing = task->arg;
  const struct letter_figures figures = {&writing->letter, writing->ids, writing->of_all};
  task->ok = db != NULL && (writing->asked_for || read_mark(db, writing, &task->err));
  if (!task->ok)
    return;
  writing->due = writing->asked_for ||
                 (writing->marked && letter_time_is_due(writing->weekly, writing->hour,
                                                        writing->last_ms, writing->now_ms));
  if (writing->due && writing->letter.miner_count > 0)
    task->ok = letter_figures_read(db, &figures, &task->err);
}

/* ------------------------------------------------------------ writing */

static void take_open(const struct letters *letters, const struct channel *channel,
                      struct letter *letter) {
  const struct desk *desk = letters->options.desk;
  for (size_t i = 0; i < desk_open_count(desk); i++) {
    const struct episode *episode = desk_open_at(desk, i);
    struct fleet_miner *miner = fleet_find(letters->options.fleet, episode->miner_id);
    bool wanted = episode->miner_id == 0 ? channel->wish.miner_count == 0
                                         : wants_miner(channel, episode->miner_id);
    if (episode->drill || !wanted || (miner == NULL && episode->miner_id != 0))
      continue;
    if (letter->open_count++ >= LETTER_OPEN_MAX)
      continue;
    struct letter_open *open = &letter->open[letter->open_count - 1];
    open->since_ms = episode->since_ms;
    str_copy(open->name, sizeof open->name,
             miner != NULL ? miner->miner.name : text_get(channel->language, "alert.the_monitor"));
    snprintf(open->title_key, sizeof open->title_key, "rule.%s.title",
             alert_rule_facts(episode->rule)->name);
  }
}

static void write_text(struct letters *letters, const struct channel *channel,
                       struct letter *letter, struct buf *text) {
  const struct preferences *preferences = letters->options.preferences;
  take_open(letters, channel, letter);
  letter->currency = preferences_get(preferences, PREFERENCE_CURRENCY);
  if (!str_to_double(preferences_get(preferences, PREFERENCE_ELECTRICITY_PRICE), &letter->price))
    letter->price = NAN;
  letter_text_write(text, channel->language, letter);
}

static void put_letter(struct letters *letters, const struct channel *channel,
                       const struct letter *letter, const char *text) {
  struct outbox_row row = {.created_ms = clock_wall_ms(), .severity = ALERT_INFO};
  channels_code(channel, row.channel);
  str_copy(row.text, sizeof row.text, text);
  if (isfinite(letter->hashrate_ghs))
    picture_ref_format(&(struct picture_ref){.kind = PICTURE_HASHRATE,
                                             .from_ms = letter->from_ms,
                                             .to_ms = letter->to_ms},
                       row.picture);
  batch_add_message(pipeline_batch(letters->options.pipeline), &row);
}

/* Whoever asked for it by hand. */
static void tell(const struct writing *writing, const char *text, const struct err *err) {
  if (writing->asked_for)
    writing->wish.done(text, err, writing->wish.arg);
}

static void complete(struct letters *letters, struct writing *writing) {
  const struct channel *channel = channels_find_code(letters->options.channels, writing->code);
  bool is_write = writing->due && writing->letter.miner_count > 0;
  struct buf text;
  struct err err;
  if (channel == NULL) {
    err_set(&err, ERR_NOT_FOUND, "the channel was removed meanwhile");
    tell(writing, NULL, &err);
    return;
  }
  buf_init(&text);
  if (is_write)
    write_text(letters, channel, &writing->letter, &text);
  if (is_write && (!writing->asked_for || writing->wish.send))
    put_letter(letters, channel, &writing->letter, text.data);
  tell(writing, text.data, NULL);
  buf_finish(&text);
  if (!writing->asked_for) {
    struct mark *mark = mark_of(letters, writing->code);
    mark->known = true;
    mark->last_ms = writing->last_ms;
    if (!writing->marked || writing->due)
      keep_mark(letters, mark, writing->now_ms);
  }
  pipeline_commit(letters->options.pipeline, true); /* message and mark: one transaction */
}

static void begin(struct letters *letters, struct writing *writing) {
  letters->writing = true;
  db_threads_read(letters->options.db, &writing->task);
}

static void begin_asked(struct letters *letters) {
  struct writing *writing = STAILQ_FIRST(&letters->asked);
  if (writing == NULL || letters->writing)
    return;
  STAILQ_REMOVE_HEAD(&letters->asked, link);
  letters->asked_count--;
  begin(letters, writing);
}

/* (frees it) */
static void refuse(struct writing *writing) {
  struct err err;
  err_set(&err, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
  tell(writing, NULL, &err);
  writing_free(writing);
}

static void on_done(struct db_task *task) {
  struct writing *writing = task->arg;
  struct letters *letters = writing->letters;
  letters->writing = false;
  if (letters->closing) {
    refuse(writing);
    finish_close(letters);
    return;
  }
  if (task->ok) {
    complete(letters, writing);
    letters->complained = false;
  } else {
    tell(writing, NULL, &task->err);
    if (!letters->complained)
      log_write(letters->options.log, LOG_WARN, "letters", "the letter has to wait: %s",
                task->err.text);
    letters->complained = true;
  }
  writing_free(writing);
  begin_asked(letters);
}

static struct writing *writing_create(struct letters *letters, const struct channel *channel,
                                      int64_t now_ms) {
  struct writing *writing = mem_alloc(sizeof *writing);
  writing->letters = letters;
  writing->weekly = channel->letter == CHANNEL_LETTER_WEEKLY;
  writing->hour = channel->letter_hour;
  writing->now_ms = now_ms;
  channels_code(channel, writing->code);
  name_setting(writing->code, writing->setting);
  writing->letter = (struct letter){.weekly = writing->weekly,
                                    .now_ms = now_ms,
                                    .hashrate_ghs = NAN,
                                    .price = NAN,
                                    .currency = "",
                                    .best_diff = NAN};
  take_miners(writing, letters->options.fleet, channel);
  writing->task = (struct db_task){.run = run, .done = on_done, .arg = writing};
  return writing;
}

/* ------------------------------------------------------------ looking */

/* True when its figures are being gathered. */
static bool look_at(struct letters *letters, const struct channel *channel, int64_t now_ms) {
  char code[CHANNEL_CODE_MAX];
  struct mark *mark = mark_of(letters, channels_code(channel, code));
  bool weekly = channel->letter == CHANNEL_LETTER_WEEKLY, was_off = mark->off;
  mark->off = channel->letter == CHANNEL_LETTER_OFF || !channel->enabled ||
              (channel->id == 0 && channel->target[0] == '\0');
  if (mark->off)
    return false;
  if (was_off) {
    keep_mark(letters, mark, now_ms);
    pipeline_commit(letters->options.pipeline, false);
    return false;
  }
  /* A mark from a clock that was far ahead would forbid letters for long. */
  if (mark->known && mark->last_ms > now_ms + 7 * LETTER_TIME_LATE_MS)
    keep_mark(letters, mark, now_ms);
  if (mark->known && !letter_time_is_due(weekly, channel->letter_hour, mark->last_ms, now_ms))
    return false;
  struct writing *writing = writing_create(letters, channel, now_ms);
  letter_time_span(weekly, letter_time_due(weekly, channel->letter_hour, now_ms),
                   &writing->letter.from_ms, &writing->letter.to_ms);
  begin(letters, writing);
  return true;
}

static void on_timer(uv_timer_t *timer) {
  struct letters *letters = timer->data;
  int64_t now_ms = clock_wall_ms();
  for (size_t i = 0; i < channels_count(letters->options.channels) && !letters->writing; i++)
    look_at(letters, channels_at(letters->options.channels, i), now_ms);
}

/* Why none can be written for that channel now. */
static bool check_wish(const struct letters *letters, const struct channel *channel,
                       const struct writing *writing, struct err *err) {
  if (letters->asked_count >= ASKED_MAX)
    return err_set(err, ERR_CONFLICT, "many letters are being written: try again in a moment");
  if (writing->wish.send && !channel->enabled)
    return err_set(err, ERR_CONFLICT, "this channel is switched off");
  return writing->letter.miner_count > 0 ||
         err_set(err, ERR_CONFLICT, "there is no miner to write about: add one first");
}

void letters_ask(struct letters *letters, const struct channel *channel,
                 const struct letters_wish *wish) {
  int64_t now_ms = clock_wall_ms();
  struct writing *writing = writing_create(letters, channel, now_ms);
  struct err err;
  writing->asked_for = true;
  writing->wish = *wish;
  if (!check_wish(letters, channel, writing, &err)) {
    tell(writing, NULL, &err);
    writing_free(writing);
    return;
  }
  writing->letter.to_ms = rollup_start(now_ms, ROLLUP_HOUR_MS) + ROLLUP_HOUR_MS;
  writing->letter.from_ms = writing->letter.to_ms - (writing->weekly ? 7 : 1) * ROLLUP_DAY_MS;
  STAILQ_INSERT_TAIL(&letters->asked, writing, link);
  letters->asked_count++;
  begin_asked(letters);
}

/* ------------------------------------------------------------ life */

struct letters *letters_create(const struct letters_options *options) {
  struct letters *letters = mem_alloc(sizeof *letters);
  letters->options = *options;
  STAILQ_INIT(&letters->asked);
  uv_timer_init(options->loop, &letters->timer);
  letters->timer.data = letters;
  uv_timer_start(&letters->timer, on_timer, FIRST_LOOK_MS, LOOK_MS);
  return letters;
}

static void on_closed(uv_handle_t *handle) {
  struct letters *letters = handle->data;
  letters->timer_closed = true;
  finish_close(letters);
}

void letters_close(struct letters *letters) {
  if (letters == NULL)
    return;
  struct writing *writing;
  letters->closing = true;
  while ((writing = STAILQ_FIRST(&letters->asked)) != NULL) {
    STAILQ_REMOVE_HEAD(&letters->asked, link);
    refuse(writing);
  }
  uv_close((uv_handle_t *)&letters->timer, on_closed);
}
