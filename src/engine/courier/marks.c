#include "engine/courier/marks.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/mem.h"
#include "store/outbox_store.h"

struct item {
  TAILQ_ENTRY(item) link;
  struct mark mark;
};
TAILQ_HEAD(item_list, item);

struct marks {
  struct db_threads *db;
  struct log *log;
  void (*written)(void *arg);
  void *arg;
  struct db_task task;
  struct item_list waiting, at_writer;
  struct item_list unnumbered; /* their rows are not in the outbox yet */
  bool writing;
  int failures;
};

struct marks *marks_create(struct db_threads *db, struct log *log, void (*written)(void *arg),
                           void *arg) {
  struct marks *marks = mem_alloc(sizeof *marks);
  marks->db = db;
  marks->log = log;
  marks->written = written;
  marks->arg = arg;
  TAILQ_INIT(&marks->waiting);
  TAILQ_INIT(&marks->at_writer);
  TAILQ_INIT(&marks->unnumbered);
  return marks;
}

static void list_free(struct item_list *list) {
  struct item *item;
  while ((item = TAILQ_FIRST(list)) != NULL) {
    TAILQ_REMOVE(list, item, link);
    free(item);
  }
}

void marks_destroy(struct marks *marks) {
  assert(!marks->writing);
  list_free(&marks->waiting);
  list_free(&marks->unnumbered);
  free(marks);
}

void marks_add(struct marks *marks, const struct mark *mark) {
  /* An attempt that failed is only for the record, which there is not yet. */
  if (mark->id == 0 || marks->db == NULL || (mark->id < 0 && mark->kind == MARK_RETRY))
    return;
  struct item *item = mem_alloc(sizeof *item);
  item->mark = *mark;
  TAILQ_INSERT_TAIL(mark->id < 0 ? &marks->unnumbered : &marks->waiting, item, link);
}

bool marks_adopt(struct marks *marks, int64_t provisional, int64_t id) {
  struct item *item;
  TAILQ_FOREACH(item, &marks->unnumbered, link) {
    if (item->mark.id == provisional)
      break;
  }
  if (item == NULL)
    return false;
  TAILQ_REMOVE(&marks->unnumbered, item, link);
  item->mark.id = id;
  TAILQ_INSERT_TAIL(&marks->waiting, item, link);
  return true;
}

static bool write_one(struct db *db, const struct mark *mark, struct err *err) {
  bool ok = false;
  switch (mark->kind) {
  case MARK_DELIVERED:
    ok = outbox_store_delivered(db, mark->id, mark->at_ms, mark->message_id, err);
    break;
  case MARK_RETRY:
    ok = outbox_store_retry(db, mark->id, mark->attempts, mark->next_ms, mark->error, err);
    break;
  case MARK_GIVE_UP:
    ok = outbox_store_give_up(db, mark->id, mark->at_ms, mark->error, err);
    break;
  }
  return ok || err->code == ERR_NOT_FOUND; /* a row that is gone needs no mark */
}

/* On the writer thread, which owns `at_writer` meanwhile. */
static void run_write(struct db_task *task, struct db *db) {
  struct marks *marks = task->arg;
  const struct item *item;
  if (db == NULL)
    return;
  TAILQ_FOREACH(item, &marks->at_writer, link) {
    if (!write_one(db, &item->mark, &task->err))
      return;
  }
  task->ok = true;
}

/* Back to the front of the queue. Marks of a retry are only for the record: the
 * next attempt writes a newer one. */
static void keep(struct marks *marks) {
  struct item *item;
  while ((item = TAILQ_LAST(&marks->at_writer, item_list)) != NULL) {
    TAILQ_REMOVE(&marks->at_writer, item, link);
    if (item->mark.kind == MARK_RETRY)
      free(item);
    else
      TAILQ_INSERT_HEAD(&marks->waiting, item, link);
  }
}

static void on_written(struct db_task *task) {
  struct marks *marks = task->arg;
  marks->writing = false;
  if (task->ok) {
    marks->failures = 0;
    list_free(&marks->at_writer);
  } else {
    if (marks->failures++ == 0)
      log_write(marks->log, LOG_WARN, "courier",
                "could not note which messages were delivered, will try again: %s", task->err.text);
    keep(marks);
  }
  marks->written(marks->arg);
}

void marks_write(struct marks *marks) {
  assert(!marks->writing);
  TAILQ_CONCAT(&marks->at_writer, &marks->waiting, link);
  marks->writing = true;
  marks->task = (struct db_task){.run = run_write, .done = on_written, .arg = marks};
  db_threads_write(marks->db, &marks->task);
}

bool marks_writing(const struct marks *marks) {
  return marks->writing;
}

bool marks_waiting(const struct marks *marks) {
  return !TAILQ_EMPTY(&marks->waiting);
}

size_t marks_count(const struct marks *marks) {
  const struct item *item;
  size_t count = 0;
  TAILQ_FOREACH(item, &marks->waiting, link) count++;
  TAILQ_FOREACH(item, &marks->at_writer, link) count++;
  return count;
}

int marks_failures(const struct marks *marks) {
  return marks->failures;
}
