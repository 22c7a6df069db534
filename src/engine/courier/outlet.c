#include "engine/courier/outlet.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_text.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/courier/pace.h"
#include "insight/letter_text.h"
#include "notify/notify_text.h"

enum {
  BACK_OFF_FIRST_MS = 1000,
  BACK_OFF_MOST_MS = 5 * 60 * 1000,
  UNKEPT_MAX = 200,
  MINUTE_MS = 60 * 1000,
};

struct outlet {
  struct outlet_world *world;
  char code[CHANNEL_CODE_MAX];
  struct lane *lanes;
  struct lane *sending;                /* whose first message is on its way; NULL: none */
  bool editing;                        /* that message edits one before */
  bool showing;                        /* it shows a picture */
  int step;                            /* of those that the service needs for a picture */
  char carried[NOTIFY_MESSAGE_ID_MAX]; /* what the step before gave */
  struct http_call *call;
  struct chart_job *drawing; /* what the first message of `sending` shows */
  bool cancelled;
  struct pace pace;
  bool awaits_mark;
};

/* NULL when it was removed. */
static const struct channel *channel_of(const struct outlet *outlet) {
  return channels_find_code(outlet->world->channels, outlet->code);
}

/* ------------------------------------------------------------ life */

struct outlet *outlet_create(struct outlet_world *world, const char *code) {
  struct outlet *outlet = mem_alloc(sizeof *outlet);
  outlet->world = world;
  str_copy(outlet->code, sizeof outlet->code, code);
  return outlet;
}

void outlet_destroy(struct outlet *outlet) {
  assert(!outlet_is_sending(outlet));
  while (outlet->lanes != NULL) {
    struct lane *lane = outlet->lanes;
    outlet->lanes = lane->next;
    lane_destroy(lane);
  }
  free(outlet);
}

const char *outlet_code(const struct outlet *outlet) {
  return outlet->code;
}

bool outlet_is_sending(const struct outlet *outlet) {
  return outlet->call != NULL || outlet->drawing != NULL;
}

void outlet_cancel(struct outlet *outlet) {
  outlet->cancelled = true;
  if (outlet->call != NULL)
    http_call_cancel(outlet->call);
  if (outlet->drawing != NULL)
    chart_job_cancel(outlet->drawing);
}

size_t outlet_waiting(const struct outlet *outlet) {
  size_t count = 0;
  for (const struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next)
    count += lane_count(lane);
  return count;
}

void outlet_go_on(struct outlet *outlet) {
  outlet->awaits_mark = false;
}

/* ------------------------------------------------------------ time */

static int64_t scaled_ms(const struct outlet_world *world, int64_t ms) {
  return (int64_t)((double)ms * world->time_scale);
}

int64_t outlet_back_off_ms(struct outlet_world *world, int failures) {
  int64_t wait_ms = BACK_OFF_FIRST_MS;
  for (int i = 1; i < failures && wait_ms < BACK_OFF_MOST_MS; i++)
    wait_ms *= 2;
  if (wait_ms > BACK_OFF_MOST_MS)
    wait_ms = BACK_OFF_MOST_MS;
  double jitter = 0.8 + 0.4 * rand_unit(&world->rand);
  return scaled_ms(world, (int64_t)((double)wait_ms * jitter));
}

/* ------------------------------------------------------------ lanes */

static struct lane *lane_get(struct outlet *outlet, const char *target) {
  const struct channel *channel = channel_of(outlet);
  if (channel != NULL && str_equal(target, channel->target))
    target = "";
  struct lane **end = &outlet->lanes;
  for (; *end != NULL; end = &(*end)->next) {
    if (str_equal((*end)->target, target))
      return *end;
  }
  return *end = lane_create(target);
}

/* The row, and those that were joined to it. */
static void mark_all(struct outlet *outlet, const struct message *message, struct mark mark) {
  mark.at_ms = clock_wall_ms();
  mark.id = message->id;
  marks_add(outlet->world->marks, &mark);
  for (size_t i = 0; i < message->joined_count; i++) {
    mark.id = message->joined[i];
    marks_add(outlet->world->marks, &mark);
  }
}

static void give_up(struct outlet *outlet, struct lane *lane, struct message *message,
                    const char *reason) {
  struct mark mark = {.kind = MARK_GIVE_UP};
  str_copy(mark.error, sizeof mark.error, reason);
  mark_all(outlet, message, mark);
  lane_remove(lane, message);
  lane_message_free(message);
}

/* Makes room among the messages that only memory holds. */
static void drop_oldest_unkept(struct outlet *outlet) {
  size_t unkept = 0;
  for (const struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next)
    unkept += lane_count_unkept(lane);
  for (struct lane *lane = outlet->lanes; lane != NULL && unkept >= UNKEPT_MAX; lane = lane->next) {
    struct message *message = lane_find_unkept(lane);
    if (message != NULL) {
      lane_remove(lane, message);
      lane_message_free(message);
      return;
    }
  }
}

void outlet_take(struct outlet *outlet, const char *target, struct message *message) {
  struct lane *lane = lane_get(outlet, target);
  struct message *old = lane_find_superseded(lane, message);
  if (old != NULL)
    give_up(outlet, lane, old, "a newer message says it");
  if (message->id == 0)
    drop_oldest_unkept(outlet);
  lane_insert(lane, message);
}

bool outlet_adopt(struct outlet *outlet, int64_t provisional, int64_t id) {
  for (struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next) {
    if (lane_renumber(lane, provisional, id))
      return true;
  }
  return false;
}

void outlet_forget(struct outlet *outlet, int64_t id) {
  for (struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next) {
    struct message *message = lane_find_waiting(lane, id);
    if (message != NULL) {
      lane_remove(lane, message);
      lane_message_free(message);
    }
  }
}

void outlet_delay(struct outlet *outlet, const char *target, int64_t until_wall_ms) {
  struct lane *lane = lane_get(outlet, target);
  int64_t wait_ms = until_wall_ms - clock_wall_ms();
  if (wait_ms > BACK_OFF_MOST_MS) /* a clock that was set must not silence us */
    wait_ms = BACK_OFF_MOST_MS;
  if (wait_ms > 0 && TAILQ_EMPTY(&lane->messages))
    lane->due_mono_ms = clock_mono_ms() + wait_ms;
}

/* The channel is gone: so is the reason to send. */
static void abandon(struct outlet *outlet) {
  for (struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next) {
    struct message *message, *next;
    for (message = TAILQ_FIRST(&lane->messages); message != NULL; message = next) {
      next = TAILQ_NEXT(message, link);
      give_up(outlet, lane, message, "the channel was removed");
    }
    while ((message = TAILQ_FIRST(&lane->held)) != NULL)
      give_up(outlet, lane, message, "the channel was removed");
  }
}

/* ------------------------------------------------------------ when */

static struct lane *next_lane(const struct outlet *outlet) {
  struct lane *best = NULL;
  for (struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next) {
    if (!TAILQ_EMPTY(&lane->messages) && (best == NULL || lane->due_mono_ms < best->due_mono_ms))
      best = lane;
  }
  return best;
}

static bool holds_something(const struct outlet *outlet) {
  for (const struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next) {
    if (!TAILQ_EMPTY(&lane->held))
      return true;
  }
  return false;
}

static bool is_quiet(const struct channel *channel, int64_t wall_ms) {
  return channel_quiet_left_min(&channel->wish, channel_local_minute(wall_ms)) > 0;
}

/* Held messages wait for the next minute that is not quiet, whatever the owner sets meanwhile. */
static int64_t held_due_ms(const struct outlet *outlet, const struct channel *channel) {
  int64_t wall_ms = clock_wall_ms();
  if (!holds_something(outlet))
    return INT64_MAX;
  return is_quiet(channel, wall_ms) ? clock_mono_ms() + MINUTE_MS - wall_ms % MINUTE_MS : 0;
}

/* An update may wait a little for the next one to take its place; never for long, as clocks
 * jump. */
static int64_t update_due_ms(const struct lane *lane) {
  const struct message *first = TAILQ_FIRST(&lane->messages);
  int64_t wait_ms = first->next_ms - clock_wall_ms();
  bool waits = first->update && first->attempts == 0 && wait_ms > 0 && wait_ms < MINUTE_MS;
  return waits ? clock_mono_ms() + wait_ms : 0;
}

static int64_t send_due_ms(const struct outlet *outlet, const struct channel *channel) {
  const struct lane *lane = next_lane(outlet);
  if (lane == NULL || outlet->awaits_mark)
    return INT64_MAX;
  const struct notify_pace *rule = &channels_notifier(channel)->pace;
  int64_t window_ms = scaled_ms(outlet->world, rule->window_ms);
  int64_t free_ms = pace_due_ms(&outlet->pace, rule->burst, window_ms);
  int64_t due_ms = free_ms > lane->due_mono_ms ? free_ms : lane->due_mono_ms;
  int64_t update_ms = update_due_ms(lane);
  return update_ms > due_ms ? update_ms : due_ms;
}

int64_t outlet_due_ms(struct outlet *outlet) {
  const struct channel *channel = channel_of(outlet);
  if (outlet_is_sending(outlet))
    return INT64_MAX;
  if (channel == NULL)
    return outlet_waiting(outlet) > 0 ? 0 : INT64_MAX;
  if (!channel->enabled)
    return INT64_MAX;
  int64_t held_ms = held_due_ms(outlet, channel), send_ms = send_due_ms(outlet, channel);
  return held_ms < send_ms ? held_ms : send_ms;
}

/* ------------------------------------------------------------ what came of it */

static struct told_key key_of(const struct outlet *outlet, const struct lane *lane,
                              const struct message *message) {
  return (struct told_key){outlet->code, lane->target, message->episode_id};
}

static void wait_gap(struct outlet *outlet, const struct channel *channel, struct lane *lane) {
  int gap_ms = channel == NULL ? 0 : channels_notifier(channel)->pace.gap_ms;
  lane->failures = 0;
  lane->due_mono_ms = clock_mono_ms() + scaled_ms(outlet->world, gap_ms);
}

static void on_delivered(struct outlet *outlet, struct lane *lane, struct message *message,
                         const struct notify_result *result) {
  struct mark mark = {.kind = MARK_DELIVERED};
  if (message->episode_id != 0 && result->message_id[0] != '\0') {
    struct told_key key = key_of(outlet, lane, message);
    told_set(outlet->world->told, &key, result->message_id);
    str_copy(mark.message_id, sizeof mark.message_id, result->message_id);
  }
  mark_all(outlet, message, mark);
  outlet->awaits_mark = message->id > 0 && marks_waiting(outlet->world->marks) &&
                        marks_failures(outlet->world->marks) == 0;
  outlet->world->delivered++;
  lane_remove(lane, message);
  lane_message_free(message);
}

static void on_retry(struct outlet *outlet, struct lane *lane, struct message *message,
                     const struct notify_result *result) {
  int64_t wait_ms = outlet_back_off_ms(outlet->world, ++lane->failures);
  if (result->retry_after_ms > 0)
    wait_ms = scaled_ms(outlet->world, result->retry_after_ms);
  lane->due_mono_ms = clock_mono_ms() + wait_ms;
  /* Only a wait that the service asked for must outlive a restart. */
  struct mark mark = {.kind = MARK_RETRY,
                      .attempts = ++message->attempts,
                      .next_ms = clock_wall_ms() + (result->retry_after_ms > 0 ? wait_ms : 0)};
  str_copy(mark.error, sizeof mark.error, result->text);
  mark_all(outlet, message, mark);
}

static void log_change(struct outlet *outlet, const struct channel *channel,
                       const struct notify_result *result) {
  bool was_ok = channel->last_error[0] == '\0';
  if (result->verdict == NOTIFY_DELIVERED && !was_ok)
    log_write(outlet->world->log, LOG_INFO, "courier", "'%s': messages arrive again, %zu waiting",
              channel->name, outlet_waiting(outlet));
  else if (result->verdict != NOTIFY_DELIVERED && !str_equal(channel->last_error, result->text))
    log_write(outlet->world->log, LOG_WARN, "courier", "'%s': %s (%zu waiting)", channel->name,
              result->text, outlet_waiting(outlet));
}

/* A service that takes the text and not the picture must not keep the text waiting. True when
 * that is to be tried at once. */
static bool doubt_picture(struct outlet *outlet, struct message *message,
                          const struct notify_result *result) {
  bool refused = result->verdict == NOTIFY_REFUSED;
  if (!outlet->showing || result->verdict == NOTIFY_DELIVERED || (!refused && !result->needs_owner))
    return false;
  log_write(outlet->world->log, LOG_WARN, "courier", "%s: sent without its picture: %s",
            outlet->code, result->text);
  lane_message_drop_picture(message);
  return refused;
}

static void conclude(struct outlet *outlet, struct lane *lane, struct notify_result *result) {
  const struct channel *channel = channel_of(outlet);
  struct message *message = TAILQ_FIRST(&lane->messages);
  if (channel != NULL)
    channels_hide_secrets(outlet->world->channels, channel, result->text, sizeof result->text);
  if (outlet->editing && result->edit_gone) { /* somebody deleted it: told anew at once */
    struct told_key key = key_of(outlet, lane, message);
    told_forget(outlet->world->told, &key);
    return;
  }
  if (doubt_picture(outlet, message, result))
    return;
  if (channel != NULL)
    log_change(outlet, channel, result);
  switch (result->verdict) {
  case NOTIFY_DELIVERED:
    on_delivered(outlet, lane, message, result);
    wait_gap(outlet, channel, lane);
    break;
  case NOTIFY_REFUSED:
    outlet->world->refused++;
    give_up(outlet, lane, message, result->text);
    wait_gap(outlet, channel, lane);
    break;
  case NOTIFY_RETRY:
    on_retry(outlet, lane, message, result);
    break;
  }
  if (channel != NULL)
    channels_note(outlet->world->channels, channel, result, clock_wall_ms());
}

static void send_step(struct outlet *outlet, const struct channel *channel, struct lane *lane);

/* What the service needs before a picture's message, as an upload, was taken. */
static bool goes_on(const struct outlet *outlet, const struct channel *channel,
                    const struct notify_result *result) {
  return channel != NULL && !outlet->cancelled && outlet->showing &&
         result->verdict == NOTIFY_DELIVERED &&
         outlet->step < channels_notifier(channel)->picture_steps;
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct outlet *outlet = arg;
  struct lane *lane = outlet->sending;
  const struct channel *channel = channel_of(outlet);
  struct notify_result result = {.verdict = NOTIFY_RETRY, .text = "the channel was removed"};
  if (channel != NULL)
    channels_notifier(channel)->read(answer, &result);
  outlet->call = NULL;
  outlet->sending = NULL;
  lane->on_its_way = false;
  if (goes_on(outlet, channel, &result)) {
    outlet->step++;
    str_copy(outlet->carried, sizeof outlet->carried, result.message_id);
    send_step(outlet, channel, lane);
  } else if (answer->outcome != HTTP_CANCELLED) {
    conclude(outlet, lane, &result);
  }
  outlet->world->moved(outlet->world->arg);
}

/* ------------------------------------------------------------ sending */

/* The same at each attempt, in this run and the next. */
static const char *make_key(struct outlet_world *world, const struct message *message,
                            struct arena *arena) {
  if (message->id > 0)
    return arena_printf(arena, "m-%" PRId64 "-%" PRId64, message->created_ms, message->id);
  return arena_printf(arena, "u-%016" PRIx64 "-%" PRIu64, world->run, ++world->nameless);
}

static const char *make_text(const struct message *message, const char *language, int64_t now_ms,
                             struct arena *arena) {
  struct buf late;
  buf_init(&late);
  alert_text_late(&late, language, message->created_ms, now_ms);
  const char *text = late.length == 0 || message->joined_count > 0
                         ? arena_strdup(arena, message->text)
                         : arena_printf(arena, "%s\n%s", message->text, late.data);
  buf_finish(&late);
  return text;
}

/* The text as it stands with a picture; NULL when the service takes no such or not so much. */
static const char *make_caption(const struct notifier *notifier, const char *text,
                                struct arena *arena) {
  struct buf out;
  buf_init(&out);
  letter_text_without_bars(&out, text);
  const char *caption = arena_strdup(arena, out.data == NULL ? "" : out.data);
  buf_finish(&out);
  size_t most = notifier->caption_max == 0 ? SIZE_MAX : notifier->caption_max;
  bool fits = caption[notify_text_fit(caption, NOTIFY_UTF16, most)] == '\0';
  return notifier->supports_picture && fits ? caption : NULL;
}

static struct notify_message make_message(struct outlet *outlet, const struct channel *channel,
                                          const struct lane *lane, struct arena *arena) {
  const struct message *message = TAILQ_FIRST(&lane->messages);
  const struct notifier *notifier = channels_notifier(channel);
  struct told_key key = key_of(outlet, lane, message);
  int64_t now_ms = clock_wall_ms();
  bool edits = message->update && message->episode_id != 0 && notifier->supports_edit;
  const char *text = make_text(message, channel->language, now_ms, arena);
  const char *caption = message->picture == NULL ? NULL : make_caption(notifier, text, arena);
  bool shows = caption != NULL;
  return (struct notify_message){
      .target = lane->target,
      .text = shows ? caption : text,
      .edit_id = edits ? told_find(outlet->world->told, &key) : NULL,
      .key = make_key(outlet->world, message, arena),
      .at_ms = message->created_ms,
      .now_ms = now_ms,
      .episode_id = message->episode_id,
      .buttons = message->buttons,
      .language = channel->language,
      .severity = message->severity,
      .picture = shows ? message->picture : NULL,
      .picture_length = shows ? message->picture_length : 0,
      .step = outlet->step,
      .carried = outlet->carried,
  };
}

static void send_step(struct outlet *outlet, const struct channel *channel, struct lane *lane) {
  struct arena arena;
  struct http_call_options call;
  struct err err;
  arena_init(&arena, 0);
  struct notify_message message = make_message(outlet, channel, lane, &arena);
  struct notify_channel settings = channels_settings(outlet->world->channels, channel);
  outlet->editing = message.edit_id != NULL;
  outlet->showing = message.picture != NULL;
  if (channels_notifier(channel)->request(&settings, &message, &arena, &call, &err)) {
    if (outlet->world->timeout_ms > 0)
      call.timeout_ms = outlet->world->timeout_ms;
    outlet->sending = lane;
    lane->on_its_way = true;
    pace_note(&outlet->pace, clock_mono_ms());
    outlet->call = http_client_send(outlet->world->http, &call, on_answer, outlet);
  } else {
    struct notify_result result = {.verdict = NOTIFY_RETRY, .needs_owner = true};
    str_copy(result.text, sizeof result.text, err.text);
    conclude(outlet, lane, &result);
  }
  arena_finish(&arena);
}

static void send_first(struct outlet *outlet, const struct channel *channel, struct lane *lane) {
  outlet->step = 0;
  outlet->carried[0] = '\0';
  send_step(outlet, channel, lane);
}

/* ------------------------------------------------------------ drawing */

static void log_drawn(struct outlet_world *world, const struct err *err) {
  if (err != NULL && !world->draws_badly)
    log_write(world->log, LOG_WARN, "courier",
              "a picture could not be drawn, the message goes without: %s", err->text);
  world->draws_badly = err != NULL;
}

static void on_drawn(struct buf *png, double average_ghs, const struct err *err, void *arg) {
  struct outlet *outlet = arg;
  struct lane *lane = outlet->sending;
  struct message *message = TAILQ_FIRST(&lane->messages);
  (void)average_ghs;
  outlet->drawing = NULL;
  outlet->sending = NULL;
  lane->on_its_way = false;
  message->drawn = true;
  if (err == NULL)
    message->picture = buf_take(png, &message->picture_length);
  if (!outlet->cancelled)
    log_drawn(outlet->world, err);
  outlet->world->moved(outlet->world->arg);
}

/* Whether the first message has to wait for its picture. */
static bool begins_to_draw(struct outlet *outlet, const struct channel *channel,
                           struct lane *lane) {
  struct message *message = TAILQ_FIRST(&lane->messages);
  struct artist *artist = outlet->world->artist;
  if (message->shows.kind == PICTURE_NONE || message->drawn || artist == NULL ||
      !channels_notifier(channel)->supports_picture)
    return false;
  outlet->drawing = artist_draw(artist, channel, &message->shows, on_drawn, outlet);
  if (outlet->drawing == NULL)
    return false;
  outlet->sending = lane;
  lane->on_its_way = true;
  return true;
}

void outlet_step(struct outlet *outlet) {
  const struct channel *channel = channel_of(outlet);
  if (outlet_is_sending(outlet))
    return;
  if (channel == NULL) {
    abandon(outlet);
    return;
  }
  if (!channel->enabled)
    return;
  if (holds_something(outlet) && !is_quiet(channel, clock_wall_ms())) {
    for (struct lane *lane = outlet->lanes; lane != NULL; lane = lane->next)
      lane_release(lane, channel->language);
  }
  struct lane *lane = next_lane(outlet);
  if (lane != NULL && send_due_ms(outlet, channel) <= clock_mono_ms() &&
      !begins_to_draw(outlet, channel, lane))
    send_first(outlet, channel, lane);
}
