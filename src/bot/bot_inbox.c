#include "bot/bot_inbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bot/bot_keep.h"
#include "bot/bot_seen.h"

enum { WAITING_MAX = 256 }; /* more at once is no person writing */

/*   reading (at the start) -> idle -> writing the numbers of `waiting` -> handing on */
struct bot_inbox {
  struct bot_keep *keep;
  bot_inbox_taken taken;
  void *arg;
  struct bot_seen seen;
  struct bot_update *waiting;
  size_t count, written; /* `written`: the first so many are being written */
  bool busy;
};

/* Keeps of what waits only what is new, and writes their numbers. */
static void write_next(struct bot_inbox *inbox) {
  char text[BOT_SEEN_TEXT_MAX];
  size_t kept = 0;
  for (size_t i = 0; i < inbox->count; i++) {
    if (bot_seen_take(&inbox->seen, inbox->waiting[i].id, clock_wall_ms()))
      inbox->waiting[kept++] = inbox->waiting[i];
  }
  inbox->count = inbox->written = kept;
  inbox->busy = kept > 0;
  if (kept == 0)
    return;
  bot_seen_format(&inbox->seen, text);
  bot_keep_save(inbox->keep, text);
}

static void on_loaded(const char *text, void *arg) {
  struct bot_inbox *inbox = arg;
  bot_seen_parse(&inbox->seen, text);
  write_next(inbox);
}

static void on_saved(void *arg) {
  struct bot_inbox *inbox = arg;
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

struct bot_inbox *bot_inbox_create(struct db_threads *db, bot_inbox_taken taken, void *arg) {
  struct bot_inbox *inbox = mem_alloc(sizeof *inbox);
  inbox->taken = taken;
  inbox->arg = arg;
  inbox->waiting = mem_alloc(WAITING_MAX * sizeof *inbox->waiting);
  inbox->busy = true;
  inbox->keep = bot_keep_create(&(struct bot_keep_options){
      .db = db, .name = "bot.seen", .loaded = on_loaded, .saved = on_saved, .arg = inbox});
  return inbox;
}

void bot_inbox_add(struct bot_inbox *inbox, const struct bot_update *update) {
  if (inbox->count == WAITING_MAX)
    return;
  inbox->waiting[inbox->count++] = *update;
  if (!inbox->busy)
    write_next(inbox);
}

void bot_inbox_stop(struct bot_inbox *inbox, void (*stopped)(void *arg), void *arg) {
  bot_keep_stop(inbox->keep, stopped, arg);
  free(inbox->waiting);
  free(inbox);
}
