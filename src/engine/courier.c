/* All outlets, one timer for everything that waits, and the outbox: what an
 * earlier run left, and the marks.
 *
 * Rejected: asking the outbox for work at every step, which needs a read for each
 * message and would send twice whenever a mark fails. */
#include "engine/courier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/courier/outlet.h"

enum { STOP_GRACE_MS = 1000, OUTLETS_MAX = 256 };
static const int64_t TOLD_FOR_MS = INT64_C(14) * 24 * 3600 * 1000;

struct courier {
  struct courier_options options;
  uv_timer_t timer;
  struct outlet_world world;
  struct outlet *outlets[OUTLETS_MAX];
  size_t outlet_count;
  int64_t marks_due_mono_ms;

  bool loading, load_wanted;
  int load_failures;
  int64_t load_due_mono_ms;
  int64_t first_enqueued_id, last_loaded_id; /* 0: none */

  bool stopping, last_marks_tried;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* A row that was read. */
struct loaded {
  TAILQ_ENTRY(loaded) link;
  char channel[32], target[64];
  struct message *message;
};
TAILQ_HEAD(loaded_list, loaded);

/* Work for a reader thread. */
struct load {
  struct db_task task;
  struct courier *courier;
  struct loaded_list rows;
  struct told *told;
};

static void on_timer(uv_timer_t *timer);
static void stop_step(struct courier *courier);

/* ------------------------------------------------------------ the timer */

/* What an earlier run left goes first, so the first try of the load is awaited. */
static bool may_send(const struct courier *courier) {
  return !courier->stopping && !(courier->load_wanted && courier->load_failures == 0);
}

static int64_t next_due(struct courier *courier) {
  int64_t due = INT64_MAX;
  for (size_t i = 0; i < courier->outlet_count && may_send(courier); i++) {
    int64_t outlet_due = outlet_due_ms(courier->outlets[i]);
    due = outlet_due < due ? outlet_due : due;
  }
  if (!marks_writing(courier->world.marks) && marks_waiting(courier->world.marks) &&
      courier->marks_due_mono_ms < due)
    due = courier->marks_due_mono_ms;
  if (courier->load_wanted && !courier->loading && courier->load_due_mono_ms < due)
    due = courier->load_due_mono_ms;
  return due;
}

/* Sets the timer to the earliest thing that waits; everything starts from it,
 * never from inside a caller. */
static void arm(struct courier *courier) {
  if (courier->stopping)
    return;
  int64_t due = next_due(courier);
  if (due == INT64_MAX) {
    uv_timer_stop(&courier->timer);
    return;
  }
  int64_t wait_ms = due - clock_mono_ms();
  uv_update_time(courier->options.loop);
  uv_timer_start(&courier->timer, on_timer, wait_ms > 0 ? (uint64_t)wait_ms : 0, 0);
}

static void on_moved(void *arg) {
  struct courier *courier = arg;
  arm(courier);
  stop_step(courier);
}

static void on_marks_written(void *arg) {
  struct courier *courier = arg;
  int failures = marks_failures(courier->world.marks);
  if (failures > 0)
    courier->marks_due_mono_ms = clock_mono_ms() + outlet_back_off_ms(&courier->world, failures);
  if (failures > 0 || !marks_waiting(courier->world.marks)) {
    for (size_t i = 0; i < courier->outlet_count; i++)
      outlet_go_on(courier->outlets[i]);
  }
  on_moved(courier);
}

/* ------------------------------------------------------------ outlets */

static struct outlet *outlet_find(const struct courier *courier, const char *code) {
  for (size_t i = 0; i < courier->outlet_count; i++) {
    if (str_equal(outlet_code(courier->outlets[i]), code))
      return courier->outlets[i];
  }
  return NULL;
}

/* NULL when there are too many. */
static struct outlet *outlet_get(struct courier *courier, const char *code) {
  struct outlet *outlet = outlet_find(courier, code);
  if (outlet == NULL && courier->outlet_count < OUTLETS_MAX) {
    outlet = outlet_create(&courier->world, code);
    courier->outlets[courier->outlet_count++] = outlet;
  }
  return outlet;
}

/* Those of removed channels, once they are empty. */
static void drop_idle_outlets(struct courier *courier) {
  size_t kept = 0;
  for (size_t i = 0; i < courier->outlet_count; i++) {
    struct outlet *outlet = courier->outlets[i];
    if (channels_find_code(courier->options.channels, outlet_code(outlet)) == NULL &&
        !outlet_is_sending(outlet) && outlet_waiting(outlet) == 0)
      outlet_destroy(outlet);
    else
      courier->outlets[kept++] = outlet;
  }
  courier->outlet_count = kept;
}

/* ------------------------------------------------------------ loading */

static void collect_row(const struct outbox_row *row, void *arg) {
  struct load *load = arg;
  struct loaded *loaded = mem_alloc(sizeof *loaded);
  str_copy(loaded->channel, sizeof loaded->channel, row->channel);
  str_copy(loaded->target, sizeof loaded->target, row->target);
  loaded->message = lane_message_create(row);
  TAILQ_INSERT_TAIL(&load->rows, loaded, link);
}

static void collect_told(const struct outbox_told *told, void *arg) {
  struct load *load = arg;
  const struct told_key key = {told->channel, told->target, told->episode_id};
  told_set(load->told, &key, told->message_id);
}

/* On a reader thread. */
static void run_load(struct db_task *task, struct db *db) {
  struct load *load = task->arg;
  if (db == NULL)
    return;
  task->ok = outbox_store_pending(db, collect_row, load, &task->err) &&
             outbox_store_told(db, clock_wall_ms() - TOLD_FOR_MS, collect_told, load, &task->err);
}

/* (takes the message) */
static void take_loaded(struct courier *courier, struct loaded *loaded) {
  const struct channel *channel = channels_find_code(courier->options.channels, loaded->channel);
  struct message *message = loaded->message;
  bool is_environment = str_equal(loaded->channel, "telegram");
  struct outlet *outlet =
      channel == NULL && is_environment ? NULL : outlet_get(courier, loaded->channel);
  if (outlet == NULL) {
    lane_message_free(message);
    return;
  }
  outlet_delay(outlet, loaded->target, message->next_ms);
  courier->last_loaded_id = message->id;
  outlet_take(outlet, loaded->target, message);
}

/* What this run has told already is newer than what was read. */
static void take_told(struct courier *courier, struct load *load) {
  if (courier->world.delivered > 0)
    return;
  told_destroy(courier->world.told);
  courier->world.told = load->told;
  load->told = NULL;
}

static void finish_load(struct courier *courier, struct load *load, bool ok) {
  struct loaded *loaded;
  while ((loaded = TAILQ_FIRST(&load->rows)) != NULL) {
    TAILQ_REMOVE(&load->rows, loaded, link);
    /* From the first enqueued one on, rows come (or came) through enqueue. */
    bool comes_twice =
        courier->first_enqueued_id != 0 && loaded->message->id >= courier->first_enqueued_id;
    if (!ok || comes_twice)
      lane_message_free(loaded->message);
    else
      take_loaded(courier, loaded);
    free(loaded);
  }
}

static void on_loaded(struct db_task *task) {
  struct load *load = task->arg;
  struct courier *courier = load->courier;
  bool ok = task->ok && !courier->stopping;
  courier->loading = false;
  if (ok) {
    take_told(courier, load);
    courier->load_wanted = false;
  } else if (!courier->stopping) {
    if (courier->load_failures++ == 0)
      log_write(courier->options.log, LOG_WARN, "courier",
                "could not read waiting messages, will try again: %s", task->err.text);
    courier->load_due_mono_ms =
        clock_mono_ms() + outlet_back_off_ms(&courier->world, courier->load_failures);
  }
  finish_load(courier, load, ok);
  told_destroy(load->told);
  free(load);
  on_moved(courier);
}

static void start_load(struct courier *courier) {
  struct load *load = mem_alloc(sizeof *load);
  load->courier = courier;
  load->told = told_create();
  load->task = (struct db_task){.run = run_load, .done = on_loaded, .arg = load};
  TAILQ_INIT(&load->rows);
  courier->loading = true;
  db_threads_read(courier->options.db, &load->task);
}

static void on_timer(uv_timer_t *timer) {
  struct courier *courier = timer->data;
  int64_t now = clock_mono_ms();
  if (courier->stopping) {
    for (size_t i = 0; i < courier->outlet_count; i++)
      outlet_cancel(courier->outlets[i]);
    return;
  }
  if (courier->load_wanted && !courier->loading && courier->load_due_mono_ms <= now)
    start_load(courier);
  if (!marks_writing(courier->world.marks) && marks_waiting(courier->world.marks) &&
      courier->marks_due_mono_ms <= now)
    marks_write(courier->world.marks);
  for (size_t i = 0; i < courier->outlet_count && may_send(courier); i++) {
    if (outlet_due_ms(courier->outlets[i]) <= now)
      outlet_step(courier->outlets[i]);
  }
  drop_idle_outlets(courier);
  arm(courier);
}

/* ------------------------------------------------------------ life */

struct courier *courier_create(const struct courier_options *options) {
  struct courier *courier = mem_alloc(sizeof *courier);
  courier->options = *options;
  courier->world = (struct outlet_world){
      .http = options->http,
      .channels = options->channels,
      .artist = options->artist,
      .told = told_create(),
      .log = options->log,
      .time_scale = options->time_scale > 0 ? options->time_scale : 1,
      .timeout_ms = options->timeout_ms,
      .moved = on_moved,
      .arg = courier,
  };
  courier->world.marks = marks_create(options->db, options->log, on_marks_written, courier);
  rand_init(&courier->world.rand, (uint64_t)clock_mono_us());
  if (uv_random(NULL, NULL, &courier->world.run, sizeof courier->world.run, 0, NULL) != 0)
    mem_fatal("the system gives no random numbers");
  uv_timer_init(options->loop, &courier->timer);
  courier->timer.data = courier;
  return courier;
}

void courier_load(struct courier *courier) {
  assert(!courier->load_wanted && !courier->stopping);
  if (courier->options.db == NULL)
    return;
  courier->load_wanted = true;
  arm(courier);
}

void courier_enqueue(struct courier *courier, const struct outbox_row *row) {
  if (courier->stopping || channels_find_code(courier->options.channels, row->channel) == NULL)
    return;
  /* Committed while the load was reading: it came that way. */
  if (row->id > 0 && row->id <= courier->last_loaded_id)
    return;
  if (row->id > 0 && courier->first_enqueued_id == 0)
    courier->first_enqueued_id = row->id;
  struct outlet *outlet = outlet_get(courier, row->channel);
  if (outlet == NULL)
    return;
  outlet_take(outlet, row->target, lane_message_create(row));
  arm(courier);
}

int64_t courier_provisional(int64_t spooled, size_t index) {
  enum { INDEX_BITS = 24 };
  return INT64_MIN + (spooled << INDEX_BITS) + (int64_t)index;
}

/* Whether it is known by its provisional number, which it has no longer. */
static bool adopt(struct courier *courier, int64_t provisional, int64_t id) {
  bool known = marks_adopt(courier->world.marks, provisional, id);
  for (size_t i = 0; i < courier->outlet_count; i++)
    known = outlet_adopt(courier->outlets[i], provisional, id) || known;
  return known;
}

void courier_adopt(struct courier *courier, int64_t provisional, const struct outbox_row *row,
                   int64_t told_ms) {
  struct outlet *outlet = outlet_find(courier, row->channel);
  /* Moved while the load was reading: it came that way too. */
  if (row->id <= courier->last_loaded_id && outlet != NULL)
    outlet_forget(outlet, row->id);
  if (courier->first_enqueued_id == 0)
    courier->first_enqueued_id = row->id;
  bool known = adopt(courier, provisional, row->id);
  if (!known && told_ms > 0)
    marks_add(courier->world.marks,
              &(struct mark){.kind = MARK_DELIVERED, .id = row->id, .at_ms = told_ms});
  else if (!known)
    courier_enqueue(courier, row);
  arm(courier);
}

void courier_state_get(const struct courier *courier, struct courier_state *state) {
  *state = (struct courier_state){
      .unmarked = marks_count(courier->world.marks),
      .delivered = courier->world.delivered,
      .refused = courier->world.refused,
  };
  for (size_t i = 0; i < courier->outlet_count; i++)
    state->waiting += outlet_waiting(courier->outlets[i]);
}

size_t courier_waiting(const struct courier *courier, const struct channel *channel) {
  char code[CHANNEL_CODE_MAX];
  const struct outlet *outlet = outlet_find(courier, channels_code(channel, code));
  return outlet == NULL ? 0 : outlet_waiting(outlet);
}

void courier_look_again(struct courier *courier) {
  arm(courier);
}

static void on_closed(uv_handle_t *handle) {
  struct courier *courier = handle->data;
  void (*stopped)(void *arg) = courier->stopped;
  void *arg = courier->stopped_arg;
  for (size_t i = 0; i < courier->outlet_count; i++)
    outlet_destroy(courier->outlets[i]);
  marks_destroy(courier->world.marks);
  told_destroy(courier->world.told);
  free(courier);
  if (stopped != NULL)
    stopped(arg);
}

static bool is_sending(const struct courier *courier) {
  for (size_t i = 0; i < courier->outlet_count; i++) {
    if (outlet_is_sending(courier->outlets[i]))
      return true;
  }
  return false;
}

/* Goes on once nothing is under way any more. */
static void stop_step(struct courier *courier) {
  if (!courier->stopping || is_sending(courier) || marks_writing(courier->world.marks) ||
      courier->loading)
    return;
  if (marks_waiting(courier->world.marks) && !courier->last_marks_tried) {
    courier->last_marks_tried = true;
    marks_write(courier->world.marks);
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
  double grace_ms = STOP_GRACE_MS * courier->world.time_scale;
  if (is_sending(courier))
    uv_timer_start(&courier->timer, on_timer, (uint64_t)grace_ms, 0);
  stop_step(courier);
}
