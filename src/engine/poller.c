#include "engine/poller.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"

enum {
  SLOW_ANSWER_MS = 3000,  /* a device this slow is asked less often ... */
  SLOWEST_MS = 60 * 1000, /* ... down to once a minute */
  ASK_AGAIN_MS = 1000,
  HEAR_AGAIN_MS = 2000, /* the shortest interval of a schedule, too */
  PAST_AGAIN_MS =
      10 * 60 * 1000,     /* a device that comes and goes is not asked for its past each time */
  FIRST_SPREAD_MS = 2000, /* the first round of all miners */
};

struct waiter {
  struct waiter *next;
  void (*done)(void *arg);
  void *arg;
};

/* Somebody who wants the bytes of the answer. */
struct listener {
  struct listener *next;
  poller_heard heard;
  void *arg;
};

/* What a request is for. */
enum ask { ASK_POLL, ASK_FACTS, ASK_PAST };

/* One miner's turn. Lives as long as the miner is asked, and until its timer
 * and its request are gone. */
struct slot {
  struct poller *poller;
  int64_t miner_id;
  uv_timer_t timer;
  struct http_call *call; /* in flight, else NULL */
  enum ask asks;          /* what the call is for */
  bool dropped;           /* the answer in flight is not wanted */
  bool removed;
  int slowness;    /* the interval is doubled this many times */
  int64_t tick_ms; /* wall time of the tick that is asked for */
  int64_t sent_wall_ms, sent_mono_ms;
  int64_t facts_boot_ms;   /* the start of the device the facts were asked for */
  int64_t no_past_boot_ms; /* the start of the device that told no past; -1 none */
  int64_t past_mono_ms;    /* when its past was asked for last; 0 never */
  struct waiter *waiters;
  struct listener *listeners;
};

struct poller {
  struct poller_options options;
  struct rand rand;
  struct slot **slots; /* sorted by miner id */
  size_t count, capacity;
  size_t alive; /* slots whose timers are not closed yet */
  uint64_t polls, failed, late;
  size_t in_flight;
  void (*stopped)(void *arg);
  void *stopped_arg;
  bool stopping;
};

static void on_due(uv_timer_t *timer);

enum reason poller_reason(const struct http_answer *answer) {
  switch (answer->outcome) {
  case HTTP_ANSWERED:
    if (answer->status == 200)
      return REASON_NONE;
    if (answer->status == 401 || answer->status == 403)
      return REASON_UNAUTHORIZED;
    return answer->status / 100 == 3 ? REASON_REDIRECTED : REASON_HTTP_ERROR;
  case HTTP_NAME_UNKNOWN:
    return REASON_NAME_UNKNOWN;
  case HTTP_REFUSED:
    return REASON_REFUSED;
  case HTTP_NO_ANSWER:
    return REASON_NO_ANSWER;
  case HTTP_RESET:
    return REASON_RESET;
  case HTTP_TRUNCATED:
    return REASON_TRUNCATED;
  case HTTP_TOO_LARGE:
    return REASON_TOO_LARGE;
  case HTTP_NOT_HTTP:
    return REASON_NOT_JSON;
  default:
    return REASON_HOST_GONE;
  }
}

/* ------------------------------------------------------------ slots */

static size_t position(const struct poller *poller, int64_t miner_id) {
  size_t low = 0, high = poller->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (poller->slots[middle]->miner_id < miner_id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct slot *find_slot(const struct poller *poller, int64_t miner_id) {
  size_t at = position(poller, miner_id);
  bool found = at < poller->count && poller->slots[at]->miner_id == miner_id;
  return found ? poller->slots[at] : NULL;
}

static void tell_waiters(struct slot *slot) {
  struct waiter *waiter = slot->waiters;
  slot->waiters = NULL;
  while (waiter != NULL) {
    struct waiter *next = waiter->next;
    waiter->done(waiter->arg);
    free(waiter);
    waiter = next;
  }
}

static void tell_listeners(struct slot *slot, const struct http_answer *answer,
                           enum reason reason) {
  struct listener *listener = slot->listeners;
  slot->listeners = NULL;
  while (listener != NULL) {
    struct listener *next = listener->next;
    listener->heard(answer, reason, listener->arg);
    free(listener);
    listener = next;
  }
}

static void finish_stop(struct poller *poller) {
  if (!poller->stopping || poller->alive > 0)
    return;
  void (*stopped)(void *) = poller->stopped;
  void *arg = poller->stopped_arg;
  free(poller->slots);
  free(poller);
  if (stopped != NULL)
    stopped(arg);
}

static void on_slot_closed(uv_handle_t *handle) {
  struct slot *slot = handle->data;
  struct poller *poller = slot->poller;
  free(slot);
  poller->alive--;
  finish_stop(poller);
}

static void close_slot(struct slot *slot) {
  tell_waiters(slot);
  tell_listeners(slot, NULL, REASON_NONE);
  uv_close((uv_handle_t *)&slot->timer, on_slot_closed);
}

/* Closes the slot once no request of it is on its way. */
static void retire(struct slot *slot) {
  slot->removed = true;
  slot->dropped = true;
  uv_timer_stop(&slot->timer);
  if (slot->call != NULL) {
    http_call_cancel(slot->call);
    return;
  }
  close_slot(slot);
}

/* ------------------------------------------------------------ schedule */

static int64_t slot_interval(const struct slot *slot) {
  int64_t interval = slot->poller->options.interval_ms;
  int64_t slowest = interval > SLOWEST_MS ? interval : SLOWEST_MS;
  for (int i = 0; i < slot->slowness && interval < slowest; i++)
    interval *= 2;
  return interval < slowest ? interval : slowest;
}

/* The miner's own place within an interval, the same in every run. */
static int64_t slot_phase(const struct slot *slot) {
  struct rand place;
  rand_init(&place, (uint64_t)slot->miner_id);
  return (int64_t)rand_below(&place, (uint64_t)slot->poller->options.interval_ms);
}

static int64_t floor_to(int64_t value, int64_t step) {
  int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

/* Waits for the next tick after the one that was just asked for, plus up to a
 * twentieth of the interval by chance, so that two monitors do not stay in step. */
static void schedule_next(struct slot *slot) {
  struct poller *poller = slot->poller;
  int64_t base = poller->options.interval_ms;
  int64_t phase = slot_phase(slot);
  int64_t now = clock_wall_ms();
  int64_t tick = floor_to(now - phase, base) + phase + slot_interval(slot);
  /* A timer may fire a little before its time: the same tick is not asked twice.
   * (A clock that was set back is no reason to wait, hence the second bound.) */
  if (tick <= slot->tick_ms && slot->tick_ms - tick < base)
    tick += base;
  int64_t jitter = (int64_t)rand_below(&poller->rand, (uint64_t)base / 20 + 1);
  slot->tick_ms = tick;
  uv_timer_start(&slot->timer, on_due, (uint64_t)(tick + jitter - now), 0);
}

/* Sooner than its next tick for those who wait to hear the answer, but not too soon. */
static void bring_forward(struct slot *slot) {
  int64_t since_ms = clock_mono_ms() - slot->sent_mono_ms;
  bool rested = slot->sent_mono_ms == 0 || since_ms >= HEAR_AGAIN_MS;
  uint64_t wait_ms = rested ? 0 : (uint64_t)(HEAR_AGAIN_MS - since_ms);
  if (uv_is_active((uv_handle_t *)&slot->timer) && uv_timer_get_due_in(&slot->timer) <= wait_ms)
    return;
  slot->tick_ms = 0;
  uv_timer_start(&slot->timer, on_due, wait_ms, 0);
}

static void note_pace(struct slot *slot, enum reason reason, int64_t elapsed_ms,
                      const struct fleet_miner *miner) {
  bool struggles = elapsed_ms > SLOW_ANSWER_MS;
  if (reason == REASON_NO_ANSWER || reason == REASON_RESET || reason == REASON_TRUNCATED)
    struggles = miner->memory.misses >= MINER_JUDGE_MISSES;
  else if (reason != REASON_NONE)
    struggles = false; /* gone or refusing: asking costs it nothing */
  if (struggles && slot->slowness < 8)
    slot->slowness++;
  else if (!struggles && slot->slowness > 0)
    slot->slowness = reason == REASON_NONE ? slot->slowness - 1 : 0;
}

/* ------------------------------------------------------------ asking */

static void on_answer(const struct http_answer *answer, void *arg);

static void send_request(struct slot *slot, struct fleet_miner *miner, const char *path) {
  struct poller *poller = slot->poller;
  char url[MINER_ADDRESS_MAX + 64];
  snprintf(url, sizeof url, "%s%s", miner->miner.address, path);
  slot->sent_wall_ms = clock_wall_ms();
  slot->sent_mono_ms = clock_mono_ms();
  slot->dropped = false;
  poller->in_flight++;
  slot->call = http_client_send(
      poller->options.http,
      &(struct http_call_options){.url = url, .home_only = !poller->options.allow_public},
      on_answer, slot);
}

static const struct miner_driver *driver_of(const struct fleet_miner *miner) {
  const struct miner_driver *driver = miner_driver_find(miner->miner.driver);
  return driver != NULL ? driver : miner_drivers[0];
}

static void ask(struct slot *slot) {
  struct poller *poller = slot->poller;
  struct fleet_miner *miner = fleet_find(poller->options.fleet, slot->miner_id);
  assert(slot->call == NULL && miner != NULL);
  slot->asks = ASK_POLL;
  if (slot->tick_ms == 0)
    slot->tick_ms = clock_wall_ms();
  send_request(slot, miner, driver_of(miner)->poll_path);
  if (slot->sent_wall_ms - slot->tick_ms > poller->options.interval_ms / 2)
    poller->late++;
}

static void on_due(uv_timer_t *timer) {
  struct slot *slot = timer->data;
  if (slot->call == NULL)
    ask(slot);
}

/* The clock may have been set while the request was on its way: an offset that
 * cannot be is no reason to lose the sample. */
static void set_times(const struct slot *slot, int64_t elapsed_ms, struct reading *reading) {
  int64_t arrived = slot->sent_wall_ms + elapsed_ms;
  int64_t offset = arrived - slot->tick_ms;
  bool plausible = offset >= -60000 && offset <= 60000;
  reading->at_ms = plausible ? slot->tick_ms : arrived;
  reading->offset_ms = plausible ? (int32_t)offset : 0;
  reading->elapsed_ms = elapsed_ms;
}

/* True when the answer comes from the miner that was asked. */
static bool is_same_device(const struct fleet_miner *miner, const struct miner_facts *facts) {
  const char *known = miner->miner.mac;
  if (known[0] == '\0' || facts->mac[0] == '\0')
    return true;
  return strcmp(known, facts->mac) == 0;
}

static void meet_other(struct poller *poller, struct fleet_miner *asked, const char *mac) {
  struct fleet_miner *there = fleet_find_mac(poller->options.fleet, mac);
  if (there != NULL && poller->options.met_other != NULL)
    poller->options.met_other(asked, there, poller->options.arg);
}

/* Turns the answer into a report; REASON_NONE when it is one. */
static enum reason read_answer(const struct fleet_miner *miner, const struct http_answer *answer,
                               struct miner_report *report) {
  enum reason reason = poller_reason(answer);
  struct err err = {0};
  if (reason != REASON_NONE)
    return reason;
  bool ok = driver_of(miner)->parse(answer->body, answer->body_length, report, &reason, &err);
  return ok ? REASON_NONE : reason;
}

static bool wants_facts(const struct slot *slot, const struct fleet_miner *miner) {
  const struct miner_facts *facts = &miner->miner.facts;
  return driver_of(miner)->facts_path != NULL && slot->facts_boot_ms != miner->memory.boot_ms &&
         (facts->asic_count == 0 || facts->model[0] == '\0');
}

/* Once after a silence, and politely: a gap that cannot be asked about now is let go. */
static bool wants_past(const struct slot *slot, struct fleet_miner *miner) {
  bool again = slot->past_mono_ms != 0 && clock_mono_ms() - slot->past_mono_ms < PAST_AGAIN_MS;
  if (miner->gap.to_ms == 0)
    return false;
  if (driver_of(miner)->past_path != NULL && !again &&
      slot->no_past_boot_ms != miner->memory.boot_ms)
    return true;
  miner->gap.to_ms = 0;
  return false;
}

static void log_change(const struct poller *poller, const struct fleet_miner *miner,
                       enum miner_state before) {
  enum miner_state now = miner->memory.state;
  if (now == before)
    return;
  enum reason reason = miner->memory.reason;
  log_write(poller->options.log, LOG_INFO, "poller", "miner '%s' (%s) is %s%s%s", miner->miner.name,
            miner->miner.address, state_name(now), reason == REASON_NONE ? "" : ": ",
            reason == REASON_NONE ? "" : reason_facts(reason)->text);
}

/* True when the miner itself has answered. */
static bool on_poll_answer(struct slot *slot, struct fleet_miner *miner,
                           const struct http_answer *answer) {
  struct poller *poller = slot->poller;
  struct miner_report report;
  struct reading reading = {0};
  char other[MINER_MAC_SIZE] = "";
  reading.reason = read_answer(miner, answer, &report);
  if (reading.reason == REASON_NONE && !is_same_device(miner, &report.facts)) {
    reading.reason = REASON_OTHER_DEVICE;
    str_copy(other, sizeof other, report.facts.mac);
  }
  if (reading.reason == REASON_NONE)
    reading.report = &report;
  set_times(slot, answer->elapsed_ms, &reading);
  enum miner_state before = miner->memory.state;
  int64_t seen_ms = miner->memory.seen_ms;
  poller->polls++;
  poller->failed += reading.report == NULL;
  pipeline_ingest(poller->options.pipeline, miner, &reading);
  if (reading.report != NULL)
    backfill_note(&miner->gap, seen_ms, reading.at_ms, slot_interval(slot));
  if (reading.report != NULL && reading.report->keeps_no_past)
    miner->gap.to_ms = 0;
  log_change(poller, miner, before);
  note_pace(slot, reading.reason, answer->elapsed_ms, miner);
  tell_listeners(slot, answer, reading.reason);
  if (other[0] != '\0')
    meet_other(poller, miner, other);
  return reading.report != NULL;
}

static void on_facts_answer(struct slot *slot, struct fleet_miner *miner,
                            const struct http_answer *answer) {
  struct err err = {0};
  slot->facts_boot_ms = miner->memory.boot_ms;
  if (poller_reason(answer) != REASON_NONE)
    return; /* older firmware has no such path: nothing is lost */
  struct miner_facts facts = miner->miner.facts;
  if (driver_of(miner)->parse_facts(answer->body, answer->body_length, &facts, &err))
    pipeline_learn(slot->poller->options.pipeline, miner, &facts);
  else
    log_write(slot->poller->options.log, LOG_DEBUG, "poller", "miner '%s': board facts: %s",
              miner->miner.name, err.text);
}

static void on_past_answer(struct slot *slot, struct fleet_miner *miner,
                           const struct http_answer *answer) {
  struct poller *poller = slot->poller;
  struct miner_past past;
  struct err err = {0};
  struct backfill_frame frame = {.gap = miner->gap,
                                 .answered_ms = slot->sent_wall_ms + answer->elapsed_ms,
                                 .boot_ms = miner->memory.boot_ms,
                                 .interval_ms = poller->options.interval_ms,
                                 .phase_ms = slot_phase(slot),
                                 .expected_ghs = miner->last.values[METRIC_EXPECTED_HASHRATE_GHS]};
  slot->past_mono_ms = clock_mono_ms();
  miner->gap.to_ms = 0;
  if (poller_reason(answer) != REASON_NONE ||
      !driver_of(miner)->parse_past(answer->body, answer->body_length, &past, &err)) {
    slot->no_past_boot_ms = miner->memory.boot_ms; /* older firmware has none: nothing is lost */
    return;
  }
  backfill_place(&frame, &past);
  if (past.count > 0) {
    pipeline_backfill(poller->options.pipeline, miner, &past);
    log_write(poller->options.log, LOG_INFO, "poller",
              "miner '%s': %zu samples of the time we did not see it, from its own statistics",
              miner->miner.name, past.count);
  }
  miner_past_finish(&past);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct slot *slot = arg;
  struct poller *poller = slot->poller;
  slot->call = NULL;
  poller->in_flight--;
  if (slot->removed) {
    close_slot(slot);
    return;
  }
  struct fleet_miner *miner = fleet_find(poller->options.fleet, slot->miner_id);
  assert(miner != NULL);
  if (slot->dropped) { /* the address changed meanwhile */
    slot->tick_ms = 0;
    ask(slot);
    return;
  }
  bool answered = false;
  if (slot->asks == ASK_FACTS)
    on_facts_answer(slot, miner, answer);
  else if (slot->asks == ASK_PAST)
    on_past_answer(slot, miner, answer);
  else
    answered = on_poll_answer(slot, miner, answer);
  if (slot->removed || slot->call != NULL)
    return; /* what happened led to this miner's removal or another request */
  if (answered && wants_facts(slot, miner)) {
    slot->asks = ASK_FACTS;
    send_request(slot, miner, driver_of(miner)->facts_path);
    return;
  }
  if (answered && wants_past(slot, miner)) {
    slot->asks = ASK_PAST;
    send_request(slot, miner, driver_of(miner)->past_path);
    return;
  }
  tell_waiters(slot);
  if (slot->removed || slot->call != NULL)
    return;
  schedule_next(slot);
  if (slot->listeners != NULL) /* they came while it was asked for something else */
    bring_forward(slot);
}

/* ------------------------------------------------------------ public */

struct poller *poller_create(const struct poller_options *options) {
  struct poller *poller = mem_alloc(sizeof *poller);
  poller->options = *options;
  rand_init(&poller->rand, (uint64_t)clock_mono_us());
  return poller;
}

/* The first few are asked at once; many are spread over the whole interval. */
static void schedule_first(struct slot *slot) {
  struct poller *poller = slot->poller;
  uint64_t spread = poller->count < 8     ? 1
                    : poller->count < 100 ? FIRST_SPREAD_MS
                                          : (uint64_t)poller->options.interval_ms;
  uv_timer_start(&slot->timer, on_due, rand_below(&poller->rand, spread), 0);
}

void poller_add(struct poller *poller, int64_t miner_id, bool asked_just_now) {
  struct slot *slot = mem_alloc(sizeof *slot);
  slot->poller = poller;
  slot->miner_id = miner_id;
  slot->facts_boot_ms = -1;
  slot->no_past_boot_ms = -1;
  uv_timer_init(poller->options.loop, &slot->timer);
  slot->timer.data = slot;
  if (poller->count == poller->capacity) {
    poller->capacity = poller->capacity == 0 ? 16 : poller->capacity * 2;
    poller->slots = mem_resize(poller->slots, poller->capacity, sizeof(struct slot *));
  }
  size_t at = position(poller, miner_id);
  memmove(poller->slots + at + 1, poller->slots + at, (poller->count - at) * sizeof(struct slot *));
  poller->slots[at] = slot;
  poller->count++;
  poller->alive++;
  if (asked_just_now)
    schedule_next(slot);
  else
    schedule_first(slot);
}

void poller_remove(struct poller *poller, int64_t miner_id) {
  size_t at = position(poller, miner_id);
  if (at == poller->count || poller->slots[at]->miner_id != miner_id)
    return;
  struct slot *slot = poller->slots[at];
  poller->count--;
  memmove(poller->slots + at, poller->slots + at + 1, (poller->count - at) * sizeof(struct slot *));
  retire(slot);
}

void poller_restart(struct poller *poller, int64_t miner_id) {
  struct slot *slot = find_slot(poller, miner_id);
  if (slot == NULL)
    return;
  slot->slowness = 0;
  slot->facts_boot_ms = -1;
  if (slot->call != NULL) {
    slot->dropped = true;
    http_call_cancel(slot->call);
  } else {
    slot->tick_ms = 0;
    uv_timer_start(&slot->timer, on_due, 0, 0);
  }
}

void poller_ask_now(struct poller *poller, int64_t miner_id, void (*done)(void *arg), void *arg) {
  struct slot *slot = find_slot(poller, miner_id);
  bool recent = slot != NULL && slot->call == NULL && slot->sent_mono_ms > 0 &&
                clock_mono_ms() - slot->sent_mono_ms < ASK_AGAIN_MS;
  if (slot == NULL || recent) {
    done(arg);
    return;
  }
  struct waiter *waiter = mem_alloc(sizeof *waiter);
  *waiter = (struct waiter){.next = slot->waiters, .done = done, .arg = arg};
  slot->waiters = waiter;
  if (slot->call != NULL)
    return;
  uv_timer_stop(&slot->timer);
  slot->tick_ms = 0;
  ask(slot);
}

void poller_hear(struct poller *poller, int64_t miner_id, poller_heard heard, void *arg) {
  struct slot *slot = find_slot(poller, miner_id);
  if (slot == NULL) {
    heard(NULL, REASON_NONE, arg);
    return;
  }
  struct listener *listener = mem_alloc(sizeof *listener);
  *listener = (struct listener){.next = slot->listeners, .heard = heard, .arg = arg};
  slot->listeners = listener;
  if (slot->call == NULL)
    bring_forward(slot);
}

void poller_state(const struct poller *poller, struct poller_state *state) {
  *state = (struct poller_state){.polls = poller->polls,
                                 .failed = poller->failed,
                                 .in_flight = poller->in_flight,
                                 .late = poller->late};
}

void poller_stop(struct poller *poller, void (*stopped)(void *arg), void *arg) {
  poller->stopping = true;
  poller->stopped = stopped;
  poller->stopped_arg = arg;
  poller->alive++; /* holds the poller while its slots go */
  for (size_t i = 0; i < poller->count; i++)
    retire(poller->slots[i]);
  poller->count = 0;
  poller->alive--;
  finish_stop(poller);
}
