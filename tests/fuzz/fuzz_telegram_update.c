/* Whatever Telegram, or someone who plays Telegram, sends: an update to the
 * webhook, an answer to a call, an answer to a message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bot/bot_call.h"
#include "bot/bot_commands.h"
#include "bot/bot_update.h"
#include "notify/notifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_update(const char *bytes, size_t size) {
  struct bot_update update;
  struct err err;
  if (!bot_update_parse(bytes, size, &update, &err) || !update.has_message)
    return;
  struct alert_config alerts;
  alert_config_init(&alerts);
  struct fleet *fleet = fleet_create();
  const struct miner miner = {.id = 1, .name = "Garage 5", .address = "http://192.168.1.50"};
  fleet_add(fleet, &miner);
  const struct bot_view view = {.fleet = fleet, .alerts = &alerts, .poll_interval_ms = 10000};
  struct buf reply;
  buf_init(&reply);
  bot_update_is_from(&update, "-100200");
  bot_commands_answer(&view, update.text, update.private_chat, &reply);
  buf_finish(&reply);
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
