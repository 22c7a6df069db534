#include "bot/bot_update.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static void copy_text(char *target, size_t size, const struct json *value) {
  const char *text = "";
  json_text(value, &text);
  str_sanitize(target, size, text, strlen(text));
}

/* "Anna Miller": `value` is a User, or the Chat with one person. */
static void copy_person(char *target, size_t size, const struct json *value) {
  char first[BOT_UPDATE_NAME_MAX], last[BOT_UPDATE_NAME_MAX], both[2 * BOT_UPDATE_NAME_MAX];
  copy_text(first, sizeof first, json_get(value, "first_name"));
  copy_text(last, sizeof last, json_get(value, "last_name"));
  snprintf(both, sizeof both, "%s%s%s", first, first[0] != '\0' && last[0] != '\0' ? " " : "",
           last);
  str_copy(target, size, both);
}

/* Who wrote or pressed. Of an IETF language tag, "de-AT", the language alone. */
static void read_person(const struct json *user, struct bot_update *update) {
  copy_person(update->from, sizeof update->from, user);
  copy_text(update->language, sizeof update->language, json_get(user, "language_code"));
  update->language[strcspn(update->language, "-_")] = '\0';
}

static bool read_chat(const struct json *chat, struct bot_update *update) {
  if (!json_i64(json_get(chat, "id"), INT64_MIN, INT64_MAX, &update->chat_id))
    return false;
  const char *type = "";
  json_text(json_get(chat, "type"), &type);
  update->private_chat = str_equal(type, "private");
  copy_text(update->chat_name, sizeof update->chat_name, json_get(chat, "username"));
  copy_text(update->chat_title, sizeof update->chat_title, json_get(chat, "title"));
  if (update->chat_title[0] == '\0')
    copy_person(update->chat_title, sizeof update->chat_title, chat);
  return true;
}

/* A press without its message came from elsewhere (inline mode): not ours. */
static void read_button(const struct json *query, struct bot_update *update) {
  const struct json *message = json_get(query, "message");
  const char *data = "";
  json_text(json_get(query, "data"), &data);
  copy_text(update->press, sizeof update->press, json_get(query, "id"));
  if (update->press[0] == '\0' || strlen(data) >= sizeof update->data ||
      !json_i64(json_get(message, "message_id"), 1, INT64_MAX, &update->message_id) ||
      !read_chat(json_get(message, "chat"), update))
    return;
  update->has_button = true;
  copy_text(update->data, sizeof update->data, json_get(query, "data"));
  read_person(json_get(query, "from"), update);
}

bool bot_update_read(const struct json *value, struct bot_update *update) {
  *update = (struct bot_update){0};
  if (!json_i64(json_get(value, "update_id"), 0, INT64_MAX - 1, &update->id))
    return false;
  const struct json *button = json_get(value, "callback_query");
  if (button != NULL) {
    read_button(button, update);
    return true;
  }
  const struct json *message = json_get(value, "message");
  if (message == NULL)
    message = json_get(value, "channel_post");
  if (!read_chat(json_get(message, "chat"), update))
    return true;
  update->has_message = true;
  read_person(json_get(message, "from"), update);
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
  if ((!update->has_message && !update->has_button) || chat == NULL)
    return false;
  if (chat[0] == '@')
    return chat[1] != '\0' && str_equal_ignore_case(chat + 1, update->chat_name);
  return str_to_i64(chat, INT64_MIN, INT64_MAX, &id) && id == update->chat_id;
}
