#include "notify/notifier.h"

#include <string.h>

#include "base/str.h"

const struct notifier *const notifiers[] = {
    &telegram_notifier, &email_notifier,  &ntfy_notifier,   &pushover_notifier, &discord_notifier,
    &slack_notifier,    &gotify_notifier, &matrix_notifier, &webhook_notifier,  NULL,
};

const struct notifier *notifier_find(const char *name) {
  for (size_t i = 0; notifiers[i] != NULL; i++) {
    if (str_equal(notifiers[i]->name, name))
      return notifiers[i];
  }
  return NULL;
}

const char *notifier_setting(const struct notify_channel *channel, const char *name) {
  for (size_t i = 0; i < channel->count; i++) {
    if (str_equal(channel->settings[i].name, name))
      return channel->settings[i].value;
  }
  return "";
}

/* A whole word of the list. */
static bool is_choice(const char *choices, const char *value) {
  size_t length = strlen(value);
  for (const char *at = choices; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
    if (strcspn(at, ",") == length && strncmp(at, value, length) == 0)
      return true;
  }
  return false;
}

/* Visible characters of ASCII only: nothing that could end a header line. */
static bool is_url(const char *value) {
  const char *host = str_starts_with(value, "http://")    ? value + 7
                     : str_starts_with(value, "https://") ? value + 8
                                                          : "";
  if (*host == '\0' || *host == '/' || *host == '?')
    return false;
  for (const char *at = value; *at != '\0'; at++) {
    if (*at <= ' ' || *at > '~')
      return false;
  }
  return strchr(host, '@') == NULL || strcspn(host, "/?#") < strcspn(host, "@");
}

static bool is_one_line(const char *value) {
  for (const char *at = value; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || *at == 127)
      return false;
  }
  return true;
}

bool notifier_check_field(const struct notify_field *field, const char *value, struct err *err) {
  int64_t number;
  if (value[0] == '\0')
    return !field->required || err_set(err, ERR_INVALID, "`%s` (%s) is missing: %s", field->name,
                                       field->title, field->help);
  if (!str_is_utf8(value, strlen(value)) || (field->kind != NOTIFY_LINES && !is_one_line(value)))
    return err_set(err, ERR_INVALID, "`%s` (%s) must be one line of text", field->name,
                   field->title);
  switch (field->kind) {
  case NOTIFY_TEXT:
  case NOTIFY_LINES:
    return true;
  case NOTIFY_NUMBER:
    return str_to_i64(value, 1, 65535, &number) ||
           err_set(err, ERR_INVALID, "`%s` (%s) must be a number from 1 to 65535", field->name,
                   field->title);
  case NOTIFY_URL:
    return is_url(value) || err_set(err, ERR_INVALID,
                                    "`%s` (%s) must be an address that begins with https:// or "
                                    "http://, without a password in it",
                                    field->name, field->title);
  case NOTIFY_CHOICE:
    return is_choice(field->choices, value) ||
           err_set(err, ERR_INVALID, "`%s` (%s) must be one of: %s", field->name, field->title,
                   field->choices);
  }
  return false;
}
