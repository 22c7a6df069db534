#include "bot/bot_update.h"

#include <string.h>

#include "base/str.h"

static void copy_text(char *target, size_t size, const struct json *value) {
  const char *text = "";
  json_text(value, &text);
  str_sanitize(target, size, text, strlen(text));
}

bool bot_update_read(const struct json *value, struct bot_update *update) {
  *update = (struct bot_update){0};
  if (!json_i64(json_get(value, "update_id"), 0, INT64_MAX - 1, &update->id))
    return false;
  const struct json *message = json_get(value, "message");
  if (message == NULL)
    message = json_get(value, "channel_post");
  const struct json *chat = json_get(message, "chat");
  if (!json_i64(json_get(chat, "id"), INT64_MIN, INT64_MAX, &update->chat_id))
    return true;
  const char *type = "";
  json_text(json_get(chat, "type"), &type);
  update->has_message = true;
  update->private_chat = str_equal(type, "private");
  copy_text(update->chat_name, sizeof update->chat_name, json_get(chat, "username"));
  copy_text(update->text, sizeof update->text, json_get(message, "text"));
  return true;
}

bool bot_update_parse(const char *json, size_t length, struct bot_update *update, struct err *err) {
  struct json *root = json_parse(json, length, NULL, err);
  if (root == NULL)
    return err_add(err, "Telegram update");
  bool ok = bot_update_read(root, update);
  json_free(root);
  return ok || err_set(err, ERR_INVALID, "Telegram update: there is no update_id");
}

bool bot_update_is_from(const struct bot_update *update, const char *chat) {
  int64_t id = 0;
  if (!update->has_message || chat == NULL)
    return false;
  if (chat[0] == '@')
    return chat[1] != '\0' && str_equal_ignore_case(chat + 1, update->chat_name);
  return str_to_i64(chat, INT64_MIN, INT64_MAX, &id) && id == update->chat_id;
}
