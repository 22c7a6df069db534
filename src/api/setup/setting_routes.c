/* /api/v1/settings: what the owner likes, as one object. */
#include <stdio.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/input.h"
#include "base/json_write.h"
#include "base/str.h"
#include "engine/setup/preferences.h"
#include "model/text.h"

enum { PRICE_DECIMALS = 6 };

/* Entries with a space between, as a list. */
static void write_list(struct json_write *json, const char *name, const char *value) {
  json_write_array(json, name);
  for (const char *at = value; *at != '\0';) {
    char entry[PREFERENCE_VALUE_MAX];
    size_t length = strcspn(at, " ");
    snprintf(entry, sizeof entry, "%.*s", (int)length, at);
    json_write_text(json, NULL, entry);
    at += length + (at[length] == ' ');
  }
  json_write_array_end(json);
}

static void write_value(struct json_write *json, const struct preferences *preferences,
                        enum preference preference) {
  const char *name = preferences_name(preference);
  const char *value = preferences_get(preferences, preference);
  double number;
  if (preferences_is_list(preference))
    write_list(json, name, value);
  else if (value[0] == '\0')
    json_write_null(json, name);
  else if (preferences_is_number(preference) && str_to_double(value, &number))
    json_write_number(json, name, number, PRICE_DECIMALS);
  else
    json_write_text(json, name, value);
}

static void write_settings(struct buf *body, const struct preferences *preferences) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  for (enum preference i = 0; i < PREFERENCE_COUNT; i++)
    write_value(&json, preferences, i);
  json_write_array(&json, "languages");
  for (const struct text_language *language = text_languages; language->code != NULL; language++)
    json_write_text(&json, NULL, language->code);
  json_write_array_end(&json);
  json_write_object_end(&json);
}

static void get_settings(struct request *request) {
  char etag[ANSWER_ETAG_SIZE];
  struct buf body;
  buf_init(&body);
  write_settings(&body, engine_preferences(request->api->engine));
  answer_content_etag(etag, &body);
  if (!answer_unchanged(request->exchange, etag))
    answer_json(request->exchange, 200, &body, etag);
  buf_finish(&body);
}

/* ------------------------------------------------------------ changing */

/* The values as texts; numbers and lists need a place for theirs. */
struct wish {
  struct preferences_change change;
  char written[PREFERENCE_COUNT][PREFERENCE_VALUE_MAX];
};

static bool read_list(struct wish *wish, enum preference preference, const struct json *value,
                      struct err *err) {
  const char *name = preferences_name(preference);
  char *list = wish->written[preference];
  size_t used = 0;
  if (json_type(value) != JSON_ARRAY)
    return err_set(err, ERR_INVALID, "`%s` must be a list of texts, or null", name);
  for (const struct json *entry = json_first(value); entry != NULL; entry = json_next(entry)) {
    const char *text;
    if (!json_text(entry, &text) || text[0] == '\0' || strchr(text, ' ') != NULL)
      return err_set(err, ERR_INVALID, "`%s` must have texts without spaces in it", name);
    size_t length = strlen(text);
    if (used + length + 2 > PREFERENCE_VALUE_MAX)
      return err_set(err, ERR_INVALID, "`%s` is too long", name);
    if (used > 0)
      list[used++] = ' ';
    memcpy(list + used, text, length + 1);
    used += length;
  }
  wish->change.values[preference] = list;
  return true;
}

static bool read_value(struct wish *wish, enum preference preference, const struct json *value,
                       struct err *err) {
  const char **text = &wish->change.values[preference];
  bool wants_number = preferences_is_number(preference);
  double number;
  *text = "";
  if (json_type(value) == JSON_NULL)
    return true;
  if (preferences_is_list(preference))
    return read_list(wish, preference, value, err);
  if (!wants_number && json_text(value, text))
    return true;
  if (!wants_number || !json_number(value, &number))
    return err_set(err, ERR_INVALID, "`%s` must be a %s, or null", preferences_name(preference),
                   wants_number ? "number" : "text");
  snprintf(wish->written[preference], sizeof wish->written[preference], "%.15g", number);
  *text = wish->written[preference];
  return true;
}

static bool read_wish(const struct json *body, struct wish *wish, struct err *err) {
  bool any = false;
  for (const struct json *value = json_first(body); value != NULL; value = json_next(value)) {
    enum preference preference;
    if (!preferences_find(json_key(value), &preference))
      return err_set(err, ERR_INVALID,
                     "`%.40s` is no setting that can be changed; GET /api/v1/settings shows those "
                     "that there are",
                     json_key(value));
    if (!read_value(wish, preference, value, err))
      return false;
    any = true;
  }
  return any || err_set(err, ERR_INVALID, "nothing to change: give at least one setting");
}

static void on_changed(const struct err *err, void *arg) {
  struct engine *engine = deferred_api(arg)->engine;
  struct http_exchange *exchange = deferred_finish(arg);
  struct buf body;
  if (exchange == NULL)
    return;
  if (err != NULL) {
    answer_err(exchange, err);
    return;
  }
  buf_init(&body);
  write_settings(&body, engine_preferences(engine));
  answer_json(exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void change_settings(struct request *request) {
  struct json *body = input_body(request);
  struct wish wish = {0};
  struct err err;
  if (body == NULL)
    return;
  if (read_wish(body, &wish, &err))
    preferences_change(engine_preferences(request->api->engine), &wish.change, on_changed,
                       deferred_start(request));
  else
    answer_err(request->exchange, &err);
  json_free(body);
}

const struct route setting_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/settings", .answer = get_settings},
    {ROUTE_WRITE, "PATCH", "/api/v1/settings", .answer = change_settings},
    {0},
};
