/* What is asked of Telegram, one call at a time:
 *
 *   (webhook_url) SET_WEBHOOK --ok--> MENU --> DONE     (MENU: once for each language)
 *   (otherwise)                       MENU --> UPDATES <--> UPDATES ...
 *                                                |  ^
 *                     409, a webhook is set      v  | ok
 *                     and not by our secret   DELETE_WEBHOOK
 *
 * A failed call is repeated with back-off; only the menu is optional. An update
 * counts as taken when the next getUpdates asks for the one after it; what a crash
 * cuts off comes again in the next run, and bot_seen knows what was done already. */
#include "bot/bot_poll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "model/text.h"

enum {
  LONG_POLL_S = 50,
  CALL_TIMEOUT_MS = 15000,
  UPDATES_LIMIT = 10,
  BACK_OFF_FIRST_MS = 1000,
  BACK_OFF_MOST_MS = 5 * 60 * 1000,
  /* An answer that comes at once and empty is no long poll: do not spin. */
  EMPTY_GAP_MS = 1000,
};

enum step { STEP_SET_WEBHOOK, STEP_MENU, STEP_UPDATES, STEP_DELETE_WEBHOOK, STEP_DONE };

struct bot_poll {
  struct bot_poll_options options; /* its texts are ours */
  uv_timer_t timer;
  struct rand rand;
  struct http_call *call;
  enum step step;
  size_t menu;    /* the language whose menu is told next */
  int64_t offset; /* the first update that is wanted; 0: whatever waits */
  int64_t called_mono_ms;
  int failures;
  char problem[ERR_TEXT_MAX]; /* the last one that was logged */
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static bool has_text(const char *text) {
  return text != NULL && text[0] != '\0';
}

static int long_poll_s(const struct bot_poll *poll) {
  return poll->options.long_poll_s > 0 ? poll->options.long_poll_s : LONG_POLL_S;
}

/* --- bodies --- */

static void write_allowed(struct json_write *json) {
  json_write_array(json, "allowed_updates");
  json_write_text(json, NULL, "message");
  json_write_text(json, NULL, "channel_post");
  json_write_text(json, NULL, "callback_query");
  json_write_array_end(json);
}

struct menu {
  struct json_write *json;
  const char *language;
};

static void write_command(const struct bot_command *command, void *arg) {
  const struct menu *menu = arg;
  struct json_write *json = menu->json;
  json_write_object(json, NULL);
  json_write_text(json, "command", command->name);
  json_write_text(json, "description", bot_commands_help(command, menu->language));
  json_write_object_end(json);
}

/* The first language is for everybody who has none of the others. */
static void write_menu(const struct bot_poll *poll, struct json_write *json) {
  struct menu menu = {json, text_languages[poll->menu].code};
  json_write_array(json, "commands");
  bot_commands_each(write_command, &menu);
  json_write_array_end(json);
  if (poll->menu > 0)
    json_write_text(json, "language_code", menu.language);
}

static void write_updates(const struct bot_poll *poll, struct json_write *json) {
  if (poll->offset > 0)
    json_write_i64(json, "offset", poll->offset);
  json_write_i64(json, "limit", UPDATES_LIMIT);
  json_write_i64(json, "timeout", long_poll_s(poll));
  write_allowed(json);
}

static void write_webhook(const struct bot_poll *poll, struct json_write *json) {
  json_write_text(json, "url", poll->options.webhook_url);
  if (has_text(poll->options.webhook_secret))
    json_write_text(json, "secret_token", poll->options.webhook_secret);
  json_write_i64(json, "max_connections", 1); /* one at a time keeps them in order */
  write_allowed(json);
}

/* --- calls --- */

static void on_reply(const struct bot_reply *reply, void *arg);
static void close_timer(struct bot_poll *poll);

static void call_step(struct bot_poll *poll) {
  static const char *const methods[] = {
      [STEP_SET_WEBHOOK] = "setWebhook",
      [STEP_MENU] = "setMyCommands",
      [STEP_UPDATES] = "getUpdates",
      [STEP_DELETE_WEBHOOK] = "deleteWebhook",
  };
  int timeout_ms = CALL_TIMEOUT_MS;
  struct buf body;
  struct json_write json;
  assert(poll->step != STEP_DONE && poll->call == NULL);
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  if (poll->step == STEP_SET_WEBHOOK)
    write_webhook(poll, &json);
  else if (poll->step == STEP_MENU)
    write_menu(poll, &json);
  else if (poll->step == STEP_UPDATES) {
    write_updates(poll, &json);
    timeout_ms += long_poll_s(poll) * 1000;
  }
  json_write_object_end(&json);
  poll->called_mono_ms = clock_mono_ms();
  poll->call = bot_call_start(&poll->options.account,
                              &(struct bot_request){.method = methods[poll->step],
                                                    .body = body.data,
                                                    .length = body.length,
                                                    .timeout_ms = timeout_ms},
                              on_reply, poll);
  buf_finish(&body);
}

static void on_timer(uv_timer_t *timer) {
  struct bot_poll *poll = timer->data;
  if (poll->call == NULL)
    call_step(poll);
}

static void call_in(struct bot_poll *poll, int64_t wait_ms) {
  uv_update_time(poll->options.loop);
  uv_timer_start(&poll->timer, on_timer, (uint64_t)((double)wait_ms * poll->options.time_scale), 0);
}

static void call_after_failure(struct bot_poll *poll, const struct bot_reply *reply) {
  int64_t wait_ms = BACK_OFF_FIRST_MS;
  for (int i = 0; i < poll->failures && wait_ms < BACK_OFF_MOST_MS; i++)
    wait_ms *= 2;
  if (wait_ms > BACK_OFF_MOST_MS)
    wait_ms = BACK_OFF_MOST_MS;
  wait_ms = (int64_t)((double)wait_ms * (0.8 + 0.4 * rand_unit(&poll->rand)));
  if (reply->retry_after_ms > 0)
    wait_ms = reply->retry_after_ms;
  poll->failures++;
  if (!str_equal(poll->problem, reply->problem))
    log_write(poll->options.log, LOG_WARN, "bot", "no commands for now: %s", reply->problem);
  str_copy(poll->problem, sizeof poll->problem, reply->problem);
  call_in(poll, wait_ms);
}

static void note_success(struct bot_poll *poll) {
  if (poll->problem[0] != '\0')
    log_write(poll->options.log, LOG_INFO, "bot", "commands work again");
  poll->problem[0] = '\0';
  poll->failures = 0;
}

/* --- answers --- */

/* True when the updates moved the offset on. */
static bool take_updates(struct bot_poll *poll, const struct json *result) {
  int64_t before = poll->offset;
  for (const struct json *value = json_first(result); value != NULL; value = json_next(value)) {
    struct bot_update update;
    if (!bot_update_read(value, &update))
      continue;
    /* Telegram may restart its numbers after a quiet week; a lower number in a
     * fresh answer is then new, and one we have is never sent again. */
    poll->offset = update.id + 1;
    if (update.has_message || update.has_button)
      poll->options.update(&update, poll->options.arg);
  }
  return poll->offset != before;
}

/* Someone has set a webhook. When we have a secret it may well lead to our own
 * route: then it brings the updates, and taking it away would break a set-up
 * that works. */
static void on_webhook_is_set(struct bot_poll *poll, const struct bot_reply *reply) {
  if (has_text(poll->options.webhook_secret)) {
    if (!str_equal(poll->problem, reply->problem))
      log_write(poll->options.log, LOG_INFO, "bot",
                "a webhook is set for this bot, commands come through it; for polling, unset "
                "TELEGRAM_WEBHOOK_SECRET");
    str_copy(poll->problem, sizeof poll->problem, reply->problem);
    call_in(poll, BACK_OFF_MOST_MS);
    return;
  }
  log_write(poll->options.log, LOG_INFO, "bot",
            "removing the webhook of this bot, to poll instead");
  poll->step = STEP_DELETE_WEBHOOK;
  call_in(poll, BACK_OFF_FIRST_MS);
}

static void on_updates(struct bot_poll *poll, const struct bot_reply *reply) {
  if (!reply->ok) {
    if (reply->status == 409 && strstr(reply->problem, "webhook") != NULL)
      on_webhook_is_set(poll, reply);
    else
      call_after_failure(poll, reply);
    return;
  }
  note_success(poll);
  bool moved = take_updates(poll, reply->result);
  bool at_once = clock_mono_ms() - poll->called_mono_ms < EMPTY_GAP_MS;
  call_in(poll, !moved && at_once ? EMPTY_GAP_MS : 0);
}

static void on_reply(const struct bot_reply *reply, void *arg) {
  struct bot_poll *poll = arg;
  poll->call = NULL;
  if (poll->stopping) {
    close_timer(poll);
    return;
  }
  if (reply->cancelled) /* the HTTP client is closing: a stop follows */
    return;
  switch (poll->step) {
  case STEP_SET_WEBHOOK:
  case STEP_DELETE_WEBHOOK:
    if (!reply->ok) {
      call_after_failure(poll, reply);
      return;
    }
    note_success(poll);
    poll->step = poll->step == STEP_SET_WEBHOOK ? STEP_MENU : STEP_UPDATES;
    call_in(poll, 0);
    break;
  case STEP_MENU:
    if (reply->status == 0 || reply->status == 429) {
      call_after_failure(poll, reply);
      return;
    }
    /* Refused: commands work without a menu, and a real problem shows at the next call. */
    note_success(poll);
    if (reply->ok && text_languages[++poll->menu].code != NULL) {
      call_in(poll, 0);
      break;
    }
    poll->step = has_text(poll->options.webhook_url) ? STEP_DONE : STEP_UPDATES;
    if (poll->step == STEP_UPDATES)
      call_in(poll, 0);
    break;
  case STEP_UPDATES:
    on_updates(poll, reply);
    break;
  case STEP_DONE:
    break;
  }
}

/* --- life --- */

struct bot_poll *bot_poll_create(const struct bot_poll_options *options) {
  struct bot_poll *poll = mem_alloc(sizeof *poll);
  poll->options = *options;
  poll->options.account.base_url = mem_strdup(options->account.base_url);
  poll->options.account.token = mem_strdup(options->account.token);
  poll->options.webhook_url = mem_strdup(options->webhook_url);
  poll->options.webhook_secret = mem_strdup(options->webhook_secret);
  if (poll->options.time_scale <= 0)
    poll->options.time_scale = 1;
  poll->step = has_text(options->webhook_url) ? STEP_SET_WEBHOOK : STEP_MENU;
  rand_init(&poll->rand, (uint64_t)clock_mono_us());
  uv_timer_init(options->loop, &poll->timer);
  poll->timer.data = poll;
  call_in(poll, 0);
  return poll;
}

static void on_closed(uv_handle_t *handle) {
  struct bot_poll *poll = handle->data;
  void (*stopped)(void *arg) = poll->stopped;
  void *arg = poll->stopped_arg;
  free((char *)poll->options.account.base_url);
  free((char *)poll->options.account.token);
  free((char *)poll->options.webhook_url);
  free((char *)poll->options.webhook_secret);
  free(poll);
  if (stopped != NULL)
    stopped(arg);
}

static void close_timer(struct bot_poll *poll) {
  uv_close((uv_handle_t *)&poll->timer, on_closed);
}

void bot_poll_stop(struct bot_poll *poll, void (*stopped)(void *arg), void *arg) {
  assert(!poll->stopping);
  poll->stopping = true;
  poll->stopped = stopped;
  poll->stopped_arg = arg;
  uv_timer_stop(&poll->timer);
  if (poll->call != NULL)
    http_call_cancel(poll->call); /* on_reply goes on */
  else
    close_timer(poll);
}
