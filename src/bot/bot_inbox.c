#include "bot/bot_inbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bot/bot_seen.h"
#include "store/setting_store.h"

#define SETTING "bot.seen"

enum { WAITING_MAX = 256 }; /* more at once is no person writing */

/*   reading (at the start) -> idle -> writing the numbers of `waiting` -> handing on */
struct bot_inbox {
  struct db_threads *db;
  bot_inbox_taken taken;
  void *arg;
  struct bot_seen seen;
  bool read;
  struct bot_update *waiting;
  size_t count, written; /* `written`: the first so many are being written */
  struct db_task task;
  bool busy;
  char text[BOT_SEEN_TEXT_MAX];
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void write_next(struct bot_inbox *inbox);

static void inbox_free(struct bot_inbox *inbox) {
  void (*stopped)(void *arg) = inbox->stopped;
  void *arg = inbox->stopped_arg;
  free(inbox->waiting);
  free(inbox);
  if (stopped != NULL)
    stopped(arg);
}

/* ------------------------------------------------------------ read */

static void run_read(struct db_task *task, struct db *db) {
  struct bot_inbox *inbox = task->arg;
  if (db != NULL)
    task->ok = setting_store_get(db, SETTING, inbox->text, sizeof inbox->text, &task->err);
}

static void on_read(struct db_task *task) {
  struct bot_inbox *inbox = task->arg;
  inbox->busy = false;
  if (inbox->stopping) {
    inbox_free(inbox);
    return;
  }
  bot_seen_parse(&inbox->seen, task->ok ? inbox->text : "");
  inbox->read = true;
  write_next(inbox);
}

/* ------------------------------------------------------------ write */

static void run_write(struct db_task *task, struct db *db) {
  const struct bot_inbox *inbox = task->arg;
  if (db != NULL)
    task->ok = setting_store_set(db, SETTING, inbox->text, &task->err);
}

static void on_written(struct db_task *task) {
  struct bot_inbox *inbox = task->arg;
  inbox->busy = false;
  if (inbox->stopping) {
    inbox_free(inbox);
    return;
  }
  size_t count = inbox->written;
  struct bot_update *updates = mem_alloc(count * sizeof *updates);
  memcpy(updates, inbox->waiting, count * sizeof *updates);
  inbox->count -= count;
  memmove(inbox->waiting, inbox->waiting + count, inbox->count * sizeof *updates);
  for (size_t i = 0; i < count; i++)
    inbox->taken(&updates[i], inbox->arg);
  free(updates);
  write_next(inbox);
}

/* Keeps of what waits only what is new, and writes their numbers. */
static void write_next(struct bot_inbox *inbox) {
  size_t kept = 0;
  for (size_t i = 0; i < inbox->count; i++) {
    if (bot_seen_take(&inbox->seen, inbox->waiting[i].id, clock_wall_ms()))
      inbox->waiting[kept++] = inbox->waiting[i];
  }
  inbox->count = inbox->written = kept;
  if (kept == 0)
    return;
  bot_seen_format(&inbox->seen, inbox->text);
  inbox->busy = true;
  inbox->task = (struct db_task){.run = run_write, .done = on_written, .arg = inbox};
  db_threads_write(inbox->db, &inbox->task);
}

/* ------------------------------------------------------------ life */

struct bot_inbox *bot_inbox_create(struct db_threads *db, bot_inbox_taken taken, void *arg) {
  struct bot_inbox *inbox = mem_alloc(sizeof *inbox);
  inbox->db = db;
  inbox->taken = taken;
  inbox->arg = arg;
  inbox->waiting = mem_alloc(WAITING_MAX * sizeof *inbox->waiting);
  inbox->busy = true;
  inbox->task = (struct db_task){.run = run_read, .done = on_read, .arg = inbox};
  db_threads_read(db, &inbox->task);
  return inbox;
}

void bot_inbox_add(struct bot_inbox *inbox, const struct bot_update *update) {
  if (inbox->stopping || inbox->count == WAITING_MAX)
    return;
  inbox->waiting[inbox->count++] = *update;
  if (!inbox->busy)
    write_next(inbox);
}

void bot_inbox_stop(struct bot_inbox *inbox, void (*stopped)(void *arg), void *arg) {
  inbox->stopping = true;
  inbox->stopped = stopped;
  inbox->stopped_arg = arg;
  if (!inbox->busy)
    inbox_free(inbox);
}
