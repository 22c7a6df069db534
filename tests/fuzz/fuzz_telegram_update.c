/* Whatever Telegram, or someone who plays Telegram, sends: an update to the
 * webhook, an answer to a call, an answer to a message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bot/bot_buttons.h"
#include "bot/bot_call.h"
#include "bot/bot_commands.h"
#include "bot/bot_links.h"
#include "bot/bot_update.h"
#include "notify/notifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Hands that do nothing: what matters is which bytes reach them. */
static size_t list(void *arg, struct bot_episode *episodes, size_t most) {
  (void)arg;
  if (most > 0)
    episodes[0] = (struct bot_episode){.id = 1, .miner_id = 1};
  return 1;
}

static bool acknowledge(void *arg, int64_t episode, const char *by, struct err *err) {
  (void)arg;
  (void)episode;
  (void)by;
  return err_set(err, ERR_CONFLICT, "no");
}

static bool mute(void *arg, const struct bot_mute *mute, const char *by, struct err *err) {
  (void)arg;
  (void)mute;
  (void)by;
  (void)err;
  return true;
}

static size_t unmute(void *arg, int64_t miner_id) {
  (void)arg;
  return (size_t)miner_id;
}

static void chart(void *arg, int64_t miner_id, int64_t span_ms) {
  (void)arg;
  (void)miner_id;
  (void)span_ms;
}

static void restart(void *arg, int64_t miner_id) {
  (void)arg;
  (void)miner_id;
}

static const struct bot_hands hands = {list, acknowledge, mute, unmute, chart, restart};

static void read_update(const char *bytes, size_t size) {
  struct bot_update update;
  struct err err;
  if (!bot_update_parse(bytes, size, &update, &err))
    return;
  struct alert_config alerts;
  alert_config_init(&alerts);
  struct fleet *fleet = fleet_create();
  const struct miner miner = {.id = 1, .name = "Garage 5", .address = "http://192.168.1.50"};
  fleet_add(fleet, &miner);
  const struct bot_view view = {.fleet = fleet,
                                .alerts = &alerts,
                                .poll_interval_ms = 10000,
                                .role = CHANNEL_OWNER,
                                .by = update.from,
                                .hands = &hands};
  struct bot_links links = {0};
  struct bot_answer answer;
  struct bot_buttons_answer press;
  bot_update_is_from(&update, "-100200");
  bot_links_find(&links, update.text);
  bot_answer_init(&answer);
  bot_commands_answer(&view, update.text, update.private_chat, &answer);
  bot_answer_finish(&answer);
  bot_buttons_press(&view, update.data, &press);
  fleet_destroy(fleet);
}

static void read_answer(const char *bytes, size_t size) {
  static const int statuses[] = {200, 400, 401, 403, 404, 409, 429, 500};
  struct err err;
  struct json *json = json_parse(bytes, size, NULL, &err);
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                       .status = statuses[i],
                                       .body = bytes,
                                       .body_length = size,
                                       .content_type = "",
                                       .retry_after_s = -1,
                                       .error = ""};
    struct notify_result result;
    struct bot_reply reply;
    telegram_notifier.read(&answer, &result);
    bot_call_read(&answer, json, &reply);
  }
  json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* A copy of exactly this size, so that a read behind the closing NUL is seen. */
  char *bytes = mem_alloc(size + 1);
  memcpy(bytes, data, size);
  read_update(bytes, size);
  read_answer(bytes, size);
  free(bytes);
  return 0;
}
