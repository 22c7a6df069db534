/* One queue for each target ("lane"), one timer for everything that waits.
 *
 *   enqueue, load --> lane: [message][message]...   the first one is tried
 *                       |  due: gap of a second, back-off, or retry_after
 *                       v
 *                     send --> delivered / refused --> mark --> writer thread
 *                       '----> retry: stays first, the lane waits longer
 *
 * The first message blocks its lane until it is through: order matters more
 * than speed, since "it is back to normal" before "it is too hot" misleads.
 *
 * Marks are kept until the database took them, so a delivered message is not
 * sent again in this run whatever the disk does. Rejected: asking the outbox
 * for work at every step, which needs a read for each message and would send
 * twice whenever a mark fails. */
#include "engine/courier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "alert/alert_text.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "notify/notifier.h"

#define DEFAULT_BASE_URL "https://api.telegram.org"

enum {
  BACK_OFF_FIRST_MS = 1000,
  BACK_OFF_MOST_MS = 5 * 60 * 1000,
  GAP_MS = 1000, /* Telegram asks for no more than one message a second in a chat */
  STOP_GRACE_MS = 1000,
  UNKEPT_MAX = 200,
};

struct message {
  TAILQ_ENTRY(message) link;
  int64_t id; /* of the outbox; 0: not kept */
  int64_t created_ms;
  int64_t next_ms; /* wall time; only used when loaded */
  int attempts;
  char target[64];
  char *text;
};
TAILQ_HEAD(message_list, message);

struct lane {
  struct lane *next;
  char target[64];
  struct message_list messages;
  int64_t due_mono_ms; /* the first message may go from then on */
  int failures;        /* in a row */
};

enum mark_kind { MARK_DELIVERED, MARK_RETRY, MARK_GIVE_UP };

struct mark {
  TAILQ_ENTRY(mark) link;
  enum mark_kind kind;
  int64_t id, at_ms;
  int attempts;    /* MARK_RETRY */
  int64_t next_ms; /* MARK_RETRY */
  char error[200];
};
TAILQ_HEAD(mark_list, mark);

/* Work for a database thread: marks to write, or rows that were read. */
struct mark_batch {
  struct db_task task;
  struct courier *courier;
  struct mark_list marks;
};

struct load {
  struct db_task task;
  struct courier *courier;
  struct message_list messages;
};

struct courier {
  struct courier_options options;
  uv_timer_t timer;
  struct rand rand;

  const struct notifier *notifier; /* NULL: no channel is configured */
  char *base_url, *token, *chat;
  struct notify_setting settings[3];
  struct notify_channel channel; /* those */
  struct lane *lanes;
  struct lane *sending; /* whose first message is on its way; NULL: none */
  struct http_call *call;
  size_t waiting, unkept;

  struct mark_list marks; /* not handed to the writer yet */
  size_t unmarked;        /* those, and the ones at the writer */
  bool marking;
  int mark_failures;
  int64_t marks_due_mono_ms;

  bool loading, load_wanted;
  int load_failures;
  int64_t load_due_mono_ms;
  int64_t first_enqueued_id, last_loaded_id; /* 0: none */

  bool ok;
  char problem[ERR_TEXT_MAX];
  uint64_t delivered, refused;

  bool stopping, last_marks_tried;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void on_timer(uv_timer_t *timer);
static void stop_step(struct courier *courier);

/* --- time --- */

static int64_t scaled_ms(const struct courier *courier, int64_t ms) {
  return (int64_t)((double)ms * courier->options.time_scale);
}

/* 1 s, 2 s, 4 s ... 5 minutes, a fifth more or less so that many monitors that
 * lost Telegram together do not come back together. */
static int64_t back_off_ms(struct courier *courier, int failures) {
  int64_t wait_ms = BACK_OFF_FIRST_MS;
  for (int i = 1; i < failures && wait_ms < BACK_OFF_MOST_MS; i++)
    wait_ms *= 2;
  if (wait_ms > BACK_OFF_MOST_MS)
    wait_ms = BACK_OFF_MOST_MS;
  double jitter = 0.8 + 0.4 * rand_unit(&courier->rand);
  return scaled_ms(courier, (int64_t)((double)wait_ms * jitter));
}

/* The lane to serve next, NULL when there is none or one message is on its way.
 * What an earlier run left goes first, so the first try of the load is awaited. */
static struct lane *next_lane(const struct courier *courier) {
  struct lane *best = NULL;
  if (courier->sending != NULL || (courier->load_wanted && courier->load_failures == 0))
    return NULL;
  for (struct lane *lane = courier->lanes; lane != NULL; lane = lane->next) {
    if (!TAILQ_EMPTY(&lane->messages) && (best == NULL || lane->due_mono_ms < best->due_mono_ms))
      best = lane;
  }
  return best;
}

/* Sets the timer to the earliest thing that waits; everything starts from it,
 * never from inside a caller. */
static void arm(struct courier *courier) {
  if (courier->stopping)
    return;
  int64_t due = INT64_MAX;
  const struct lane *lane = next_lane(courier);
  if (lane != NULL)
    due = lane->due_mono_ms;
  if (!courier->marking && !TAILQ_EMPTY(&courier->marks) && courier->marks_due_mono_ms < due)
    due = courier->marks_due_mono_ms;
  if (courier->load_wanted && !courier->loading && courier->load_due_mono_ms < due)
    due = courier->load_due_mono_ms;
  if (due == INT64_MAX) {
    uv_timer_stop(&courier->timer);
    return;
  }
  int64_t wait_ms = due - clock_mono_ms();
  uv_update_time(courier->options.loop);
  uv_timer_start(&courier->timer, on_timer, wait_ms > 0 ? (uint64_t)wait_ms : 0, 0);
}

/* --- messages and lanes --- */

static void message_free(struct message *message) {
  free(message->text);
  free(message);
}

static void message_list_free(struct message_list *list) {
  struct message *message;
  while ((message = TAILQ_FIRST(list)) != NULL) {
    TAILQ_REMOVE(list, message, link);
    message_free(message);
  }
}

static struct message *message_from_row(const struct outbox_row *row) {
  struct message *message = mem_alloc(sizeof *message);
  message->id = row->id;
  message->created_ms = row->created_ms;
  message->next_ms = row->next_ms;
  message->attempts = row->attempts;
  message->text = mem_strdup(row->text);
  str_copy(message->target, sizeof message->target, row->target);
  return message;
}

static struct lane *lane_get(struct courier *courier, const char *target) {
  if (target[0] == '\0' && courier->chat != NULL)
    target = courier->chat;
  struct lane **end = &courier->lanes;
  for (; *end != NULL; end = &(*end)->next) {
    if (strcmp((*end)->target, target) == 0)
      return *end;
  }
  struct lane *lane = mem_alloc(sizeof *lane);
  str_copy(lane->target, sizeof lane->target, target);
  TAILQ_INIT(&lane->messages);
  *end = lane;
  return lane;
}

/* In the order of ids: what was loaded is older than what was enqueued, however
 * late the load was. Never before a message that is on its way. */
static void lane_insert(struct courier *courier, struct lane *lane, struct message *message) {
  struct message *before = TAILQ_LAST(&lane->messages, message_list);
  while (message->id != 0 && before != NULL && before->id > message->id &&
         !(lane == courier->sending && before == TAILQ_FIRST(&lane->messages)))
    before = TAILQ_PREV(before, message_list, link);
  if (before == NULL)
    TAILQ_INSERT_HEAD(&lane->messages, message, link);
  else
    TAILQ_INSERT_AFTER(&lane->messages, before, message, link);
  courier->waiting++;
  courier->unkept += message->id == 0;
}

static void lane_remove(struct courier *courier, struct lane *lane, struct message *message) {
  TAILQ_REMOVE(&lane->messages, message, link);
  courier->waiting--;
  courier->unkept -= message->id == 0;
  message_free(message);
}

/* Makes room among the rows that only memory holds. */
static void drop_oldest_unkept(struct courier *courier) {
  for (struct lane *lane = courier->lanes; lane != NULL; lane = lane->next) {
    struct message *message;
    TAILQ_FOREACH(message, &lane->messages, link) {
      bool on_its_way = lane == courier->sending && message == TAILQ_FIRST(&lane->messages);
      if (message->id == 0 && !on_its_way) {
        lane_remove(courier, lane, message);
        return;
      }
    }
  }
}

/* --- what is known about the channel --- */

static void report(struct courier *courier, bool ok, const char *problem) {
  if (courier->ok == ok && strcmp(courier->problem, problem) == 0)
    return;
  if (ok)
    log_write(courier->options.log, LOG_INFO, "courier", "%s: messages arrive again, %zu waiting",
              courier->notifier->name, courier->waiting);
  else
    log_write(courier->options.log, LOG_WARN, "courier", "%s: %s (%zu waiting)",
              courier->notifier->name, problem, courier->waiting);
  courier->ok = ok;
  str_copy(courier->problem, sizeof courier->problem, problem);
  if (courier->options.changed != NULL && !courier->stopping)
    courier->options.changed(courier->options.arg);
}

/* --- marks --- */

/* NULL when the message has no row to mark. */
static struct mark *mark_add(struct courier *courier, enum mark_kind kind,
                             const struct message *message, const char *error) {
  if (message->id == 0 || courier->options.db == NULL)
    return NULL;
  struct mark *mark = mem_alloc(sizeof *mark);
  mark->kind = kind;
  mark->id = message->id;
  mark->at_ms = clock_wall_ms();
  str_copy(mark->error, sizeof mark->error, error);
  TAILQ_INSERT_TAIL(&courier->marks, mark, link);
  courier->unmarked++;
  return mark;
}

static bool write_mark(struct db *db, const struct mark *mark, struct err *err) {
  bool ok = false;
  switch (mark->kind) {
  case MARK_DELIVERED:
    ok = outbox_store_delivered(db, mark->id, mark->at_ms, "", err);
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

/* On the writer thread. */
static void run_marks(struct db_task *task, struct db *db) {
  struct mark_batch *batch = task->arg;
  const struct mark *mark;
  if (db == NULL)
    return;
  TAILQ_FOREACH(mark, &batch->marks, link) {
    if (!write_mark(db, mark, &task->err)) {
      task->ok = false;
      return;
    }
  }
  task->ok = true;
}

/* Back to the front of the queue. Marks of a retry are only for the record:
 * the next attempt writes a newer one. */
static void keep_marks(struct courier *courier, struct mark_list *failed) {
  struct mark *mark;
  while ((mark = TAILQ_LAST(failed, mark_list)) != NULL) {
    TAILQ_REMOVE(failed, mark, link);
    if (mark->kind == MARK_RETRY) {
      courier->unmarked--;
      free(mark);
    } else {
      TAILQ_INSERT_HEAD(&courier->marks, mark, link);
    }
  }
}

static void marks_free(struct mark_list *marks) {
  struct mark *mark;
  while ((mark = TAILQ_FIRST(marks)) != NULL) {
    TAILQ_REMOVE(marks, mark, link);
    free(mark);
  }
}

static void marks_done(struct db_task *task) {
  struct mark_batch *batch = task->arg;
  struct courier *courier = batch->courier;
  courier->marking = false;
  if (task->ok) {
    struct mark *mark;
    TAILQ_FOREACH(mark, &batch->marks, link)
    courier->unmarked--;
    marks_free(&batch->marks);
    courier->mark_failures = 0;
  } else {
    if (courier->mark_failures++ == 0)
      log_write(courier->options.log, LOG_WARN, "courier",
                "could not record deliveries, will try again: %s", task->err.text);
    keep_marks(courier, &batch->marks);
    courier->marks_due_mono_ms = clock_mono_ms() + back_off_ms(courier, courier->mark_failures);
  }
  free(batch);
  arm(courier);
  stop_step(courier);
}

static void write_marks(struct courier *courier) {
  struct mark_batch *batch = mem_alloc(sizeof *batch);
  batch->courier = courier;
  batch->task.run = run_marks;
  batch->task.done = marks_done;
  batch->task.arg = batch;
  TAILQ_INIT(&batch->marks);
  TAILQ_CONCAT(&batch->marks, &courier->marks, link);
  courier->marking = true;
  db_threads_write(courier->options.db, &batch->task);
}

/* --- sending --- */

static void on_delivered(struct courier *courier, struct lane *lane) {
  struct message *message = TAILQ_FIRST(&lane->messages);
  mark_add(courier, MARK_DELIVERED, message, "");
  lane_remove(courier, lane, message);
  lane->failures = 0;
  lane->due_mono_ms = clock_mono_ms() + scaled_ms(courier, GAP_MS);
  courier->delivered++;
  report(courier, true, "");
}

static void on_refused(struct courier *courier, struct lane *lane, const char *problem) {
  struct message *message = TAILQ_FIRST(&lane->messages);
  mark_add(courier, MARK_GIVE_UP, message, problem);
  log_write(courier->options.log, LOG_WARN, "courier", "%s: a message was given up: %s",
            courier->notifier->name, problem);
  lane_remove(courier, lane, message);
  lane->failures = 0;
  lane->due_mono_ms = clock_mono_ms() + scaled_ms(courier, GAP_MS);
  courier->refused++;
  report(courier, false, problem);
}

static void on_retry(struct courier *courier, struct lane *lane, int64_t retry_after_ms,
                     const char *problem) {
  struct message *message = TAILQ_FIRST(&lane->messages);
  int64_t wait_ms = back_off_ms(courier, ++lane->failures);
  if (retry_after_ms > 0)
    wait_ms = scaled_ms(courier, retry_after_ms);
  lane->due_mono_ms = clock_mono_ms() + wait_ms;
  message->attempts++;
  struct mark *mark = mark_add(courier, MARK_RETRY, message, problem);
  if (mark != NULL) {
    mark->attempts = message->attempts;
    /* Only a wait that the service asked for must outlive a restart. */
    mark->next_ms = mark->at_ms + (retry_after_ms > 0 ? wait_ms : 0);
  }
  report(courier, false, problem);
}

static void conclude(struct courier *courier, struct lane *lane, struct notify_result *result) {
  /* The token is part of every URL; whatever words came back, it is not in them. */
  if (strstr(result->text, courier->token) != NULL)
    str_copy(result->text, sizeof result->text, "the service answered with an error");
  switch (result->verdict) {
  case NOTIFY_DELIVERED:
    on_delivered(courier, lane);
    break;
  case NOTIFY_REFUSED:
    on_refused(courier, lane, result->text);
    break;
  case NOTIFY_RETRY:
    on_retry(courier, lane, result->retry_after_ms, result->text);
    break;
  }
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct courier *courier = arg;
  struct lane *lane = courier->sending;
  struct notify_result result;
  courier->notifier->read(answer, &result);
  courier->sending = NULL;
  courier->call = NULL;
  if (answer->outcome != HTTP_CANCELLED)
    conclude(courier, lane, &result);
  arm(courier);
  stop_step(courier);
}

static void send_first(struct courier *courier, struct lane *lane) {
  const struct message *message = TAILQ_FIRST(&lane->messages);
  struct buf text, late;
  struct arena arena;
  struct http_call_options call;
  struct err err;
  buf_init(&text);
  buf_init(&late);
  arena_init(&arena, 0);

  buf_append_text(&text, message->text);
  alert_text_late(&late, NULL, message->created_ms, clock_wall_ms());
  if (late.length > 0) {
    buf_append_text(&text, "\n");
    buf_append_text(&text, late.data);
  }
  const struct notify_message out = {.target = lane->target, .text = text.data, .key = ""};
  if (courier->notifier->request(&courier->channel, &out, &arena, &call, &err)) {
    if (courier->options.timeout_ms > 0)
      call.timeout_ms = courier->options.timeout_ms;
    courier->sending = lane;
    courier->call = http_client_send(courier->options.http, &call, on_answer, courier);
  } else {
    on_retry(courier, lane, 0, err.text);
  }
  arena_finish(&arena);
  buf_finish(&late);
  buf_finish(&text);
}

/* --- loading --- */

static void collect(const struct outbox_row *row, void *arg) {
  struct load *load = arg;
  if (strcmp(row->channel, load->courier->notifier->name) != 0)
    return;
  struct message *message = message_from_row(row);
  TAILQ_INSERT_TAIL(&load->messages, message, link);
}

/* On a reader thread. */
static void run_load(struct db_task *task, struct db *db) {
  task->ok = db != NULL && outbox_store_pending(db, collect, task->arg, &task->err);
}

static void take_loaded(struct courier *courier, struct message *message) {
  int64_t now_ms = clock_wall_ms();
  struct lane *lane = lane_get(courier, message->target);
  int64_t wait_ms = message->next_ms - now_ms;
  if (wait_ms > BACK_OFF_MOST_MS) /* a clock that was set must not silence us */
    wait_ms = BACK_OFF_MOST_MS;
  if (wait_ms > 0 && TAILQ_EMPTY(&lane->messages))
    lane->due_mono_ms = clock_mono_ms() + wait_ms;
  courier->last_loaded_id = message->id;
  lane_insert(courier, lane, message);
}

static void load_done(struct db_task *task) {
  struct load *load = task->arg;
  struct courier *courier = load->courier;
  courier->loading = false;
  if (task->ok && !courier->stopping) {
    struct message *message;
    while ((message = TAILQ_FIRST(&load->messages)) != NULL) {
      TAILQ_REMOVE(&load->messages, message, link);
      /* From the first enqueued one on, rows come (or came) through enqueue. */
      if (courier->first_enqueued_id != 0 && message->id >= courier->first_enqueued_id)
        message_free(message);
      else
        take_loaded(courier, message);
    }
    courier->load_wanted = false;
  } else if (!courier->stopping) {
    if (courier->load_failures++ == 0)
      log_write(courier->options.log, LOG_WARN, "courier",
                "could not read waiting messages, will try again: %s", task->err.text);
    courier->load_due_mono_ms = clock_mono_ms() + back_off_ms(courier, courier->load_failures);
  }
  message_list_free(&load->messages);
  free(load);
  arm(courier);
  stop_step(courier);
}

static void start_load(struct courier *courier) {
  struct load *load = mem_alloc(sizeof *load);
  load->courier = courier;
  load->task.run = run_load;
  load->task.done = load_done;
  load->task.arg = load;
  TAILQ_INIT(&load->messages);
  courier->loading = true;
  db_threads_read(courier->options.db, &load->task);
}

/* --- the timer: whatever is due --- */

static void on_timer(uv_timer_t *timer) {
  struct courier *courier = timer->data;
  int64_t now = clock_mono_ms();
  if (courier->stopping) {
    if (courier->call != NULL)
      http_call_cancel(courier->call);
    return;
  }
  if (courier->load_wanted && !courier->loading && courier->load_due_mono_ms <= now)
    start_load(courier);
  if (!courier->marking && !TAILQ_EMPTY(&courier->marks) && courier->marks_due_mono_ms <= now)
    write_marks(courier);
  struct lane *lane = next_lane(courier);
  if (lane != NULL && lane->due_mono_ms <= now)
    send_first(courier, lane);
  arm(courier);
}

/* --- life --- */

static char *dup_base_url(const char *url) {
  char *copy = mem_strdup(url != NULL && url[0] != '\0' ? url : DEFAULT_BASE_URL);
  for (size_t length = strlen(copy); length > 0 && copy[length - 1] == '/'; length--)
    copy[length - 1] = '\0';
  return copy;
}

struct courier *courier_create(const struct courier_options *options) {
  struct courier *courier = mem_alloc(sizeof *courier);
  courier->options = *options;
  if (courier->options.time_scale <= 0)
    courier->options.time_scale = 1;
  if (options->telegram_token != NULL && options->telegram_token[0] != '\0') {
    courier->notifier = &telegram_notifier;
    courier->base_url = dup_base_url(options->telegram_base_url);
    courier->token = mem_strdup(options->telegram_token);
    courier->chat = mem_strdup(options->telegram_chat != NULL ? options->telegram_chat : "");
    courier->settings[0] = (struct notify_setting){"server", courier->base_url};
    courier->settings[1] = (struct notify_setting){"token", courier->token};
    courier->settings[2] = (struct notify_setting){"target", courier->chat};
    courier->channel = (struct notify_channel){courier->settings, 3};
  }
  courier->options.telegram_base_url = NULL; /* borrowed for this call only */
  courier->options.telegram_token = NULL;
  courier->options.telegram_chat = NULL;
  courier->ok = true;
  TAILQ_INIT(&courier->marks);
  rand_init(&courier->rand, (uint64_t)clock_mono_us());
  uv_timer_init(options->loop, &courier->timer);
  courier->timer.data = courier;
  return courier;
}

void courier_load(struct courier *courier) {
  assert(!courier->load_wanted && !courier->stopping);
  if (courier->notifier == NULL || courier->options.db == NULL)
    return;
  courier->load_wanted = true;
  arm(courier);
}

void courier_enqueue(struct courier *courier, const struct outbox_row *row) {
  if (courier->stopping || courier->notifier == NULL ||
      strcmp(row->channel, courier->notifier->name) != 0)
    return;
  /* Committed while the load was reading: it came that way. */
  if (row->id != 0 && row->id <= courier->last_loaded_id)
    return;
  if (row->id != 0 && courier->first_enqueued_id == 0)
    courier->first_enqueued_id = row->id;
  if (row->id == 0 && courier->unkept >= UNKEPT_MAX)
    drop_oldest_unkept(courier);
  lane_insert(courier, lane_get(courier, row->target), message_from_row(row));
  arm(courier);
}

void courier_state_get(const struct courier *courier, struct courier_state *state) {
  *state = (struct courier_state){
      .configured = courier->notifier != NULL,
      .ok = courier->ok,
      .waiting = courier->waiting,
      .unmarked = courier->unmarked,
      .delivered = courier->delivered,
      .refused = courier->refused,
  };
  str_copy(state->problem, sizeof state->problem, courier->problem);
}

static void on_closed(uv_handle_t *handle) {
  struct courier *courier = handle->data;
  void (*stopped)(void *arg) = courier->stopped;
  void *arg = courier->stopped_arg;
  while (courier->lanes != NULL) {
    struct lane *lane = courier->lanes;
    courier->lanes = lane->next;
    message_list_free(&lane->messages);
    free(lane);
  }
  marks_free(&courier->marks);
  free(courier->base_url);
  free(courier->token);
  free(courier->chat);
  free(courier);
  if (stopped != NULL)
    stopped(arg);
}

/* Goes on once nothing is under way any more. */
static void stop_step(struct courier *courier) {
  if (!courier->stopping || courier->call != NULL || courier->marking || courier->loading)
    return;
  if (!TAILQ_EMPTY(&courier->marks) && !courier->last_marks_tried) {
    courier->last_marks_tried = true;
    write_marks(courier);
    return;
  }
  if (!uv_is_closing((uv_handle_t *)&courier->timer))
    uv_close((uv_handle_t *)&courier->timer, on_closed);
}

void courier_stop(struct courier *courier, void (*stopped)(void *arg), void *arg) {
  assert(!courier->stopping);
  courier->stopping = true;
  courier->stopped = stopped;
  courier->stopped_arg = arg;
  uv_timer_stop(&courier->timer);
  if (courier->call != NULL)
    uv_timer_start(&courier->timer, on_timer, (uint64_t)scaled_ms(courier, STOP_GRACE_MS), 0);
  stop_step(courier);
}
