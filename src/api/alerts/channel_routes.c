/* /api/v1/channels: where messages go. Secrets come in and never go out: an answer
 * names which are set. The chat of the environment is number 0, to be read only. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/input.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/alerts/letters.h"
#include "engine/channels.h"
#include "model/text.h"

enum { SETTINGS_MAX = 16 };

/* ------------------------------------------------------------ showing */

static void write_settings(struct json_write *json, const struct channels *channels,
                           const struct channel *channel) {
  const struct notify_field *fields = channels_notifier(channel)->fields;
  json_write_object(json, "settings");
  for (const struct notify_field *field = fields; field->name != NULL; field++) {
    const char *value = channels_setting(channels, channel, field->name);
    if (!field->secret && value[0] != '\0')
      json_write_text(json, field->name, value);
  }
  json_write_object_end(json);
  json_write_array(json, "secrets_set");
  for (const struct notify_field *field = fields; field->name != NULL; field++) {
    if (field->secret && channels_setting(channels, channel, field->name)[0] != '\0')
      json_write_text(json, NULL, field->name);
  }
  json_write_array_end(json);
}

static void write_clock(struct json_write *json, const char *key, int minute) {
  char text[16];
  snprintf(text, sizeof text, "%02d:%02d", minute / 60 % 24, minute % 60);
  json_write_text(json, key, text);
}

static void write_wish(struct json_write *json, const struct channel_wish *wish) {
  json_write_text(json, "least_severity", alert_severity_name(wish->least_severity));
  json_write_bool(json, "good_news", wish->good_news);
  json_write_array(json, "miners");
  for (size_t i = 0; i < wish->miner_count; i++)
    json_write_i64(json, NULL, wish->miners[i]);
  json_write_array_end(json);
  if (wish->quiet_from_min < 0) {
    json_write_null(json, "quiet_hours");
  } else {
    json_write_object(json, "quiet_hours");
    write_clock(json, "from", wish->quiet_from_min);
    write_clock(json, "to", wish->quiet_to_min);
    json_write_object_end(json);
  }
  json_write_bool(json, "critical_passes", wish->critical_passes);
}

static void write_channel(struct json_write *json, struct api *api, const struct channel *channel) {
  const struct channels *channels = engine_channels(api->engine);
  bool is_fine = channel->last_error[0] == '\0';
  json_write_object(json, NULL);
  json_write_i64(json, "id", channel->id);
  json_write_text(json, "kind", channel->kind);
  json_write_text(json, "name", channel->name);
  json_write_bool(json, "built_in", channel->id == 0);
  json_write_bool(json, "enabled", channel->enabled);
  write_wish(json, &channel->wish);
  json_write_text(json, "language", channel->own_language ? channel->language : NULL);
  json_write_text(json, "role", channel_role_name(channel->role));
  json_write_text(json, "letter", channel_letter_name(channel->letter));
  json_write_i64(json, "letter_hour", channel->letter_hour);
  write_settings(json, channels, channel);
  json_write_i64(json, "waiting", (int64_t)engine_channel_waiting(api->engine, channel));
  json_write_bool(json, "dead", channels_is_dead(channels, channel));
  json_write_text(json, "problem", is_fine ? NULL : channel->last_error);
  json_write_time(json, "problem_at", is_fine ? 0 : channel->last_error_ms);
  json_write_time(json, "last_delivered_at", channel->last_ok_ms);
  json_write_time(json, "created_at", channel->created_ms);
  json_write_object_end(json);
}

static void write_one(struct buf *body, struct api *api, const struct channel *channel) {
  struct json_write json;
  buf_init(body);
  json_write_init(&json, body);
  write_channel(&json, api, channel);
}

static void list_channels(struct request *request) {
  const struct channels *channels = engine_channels(request->api->engine);
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (size_t i = 0; i < channels_count(channels); i++)
    write_channel(&json, request->api, channels_at(channels, i));
  json_write_array_end(&json);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void write_choices(struct json_write *json, const char *choices) {
  if (choices == NULL)
    return;
  json_write_array(json, "choices");
  for (const char *at = choices; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
    json_write_text_n(json, NULL, at, strcspn(at, ","));
  json_write_array_end(json);
}

static void write_field(struct json_write *json, const struct notify_field *field) {
  static const char *const kinds[] = {[NOTIFY_TEXT] = "text",
                                      [NOTIFY_NUMBER] = "number",
                                      [NOTIFY_URL] = "url",
                                      [NOTIFY_CHOICE] = "choice",
                                      [NOTIFY_LINES] = "lines"};
  json_write_object(json, NULL);
  json_write_text(json, "name", field->name);
  json_write_text(json, "title", field->title);
  json_write_text(json, "help", field->help);
  json_write_text(json, "type", kinds[field->kind]);
  json_write_bool(json, "required", field->required);
  json_write_bool(json, "secret", field->secret);
  json_write_text(json, "default", field->fallback);
  write_choices(json, field->choices);
  json_write_object_end(json);
}

static void list_kinds(struct request *request) {
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (size_t i = 0; notifiers[i] != NULL; i++) {
    json_write_object(&json, NULL);
    json_write_text(&json, "kind", notifiers[i]->name);
    json_write_text(&json, "title", notifiers[i]->title);
    json_write_text(&json, "about", notifiers[i]->about);
    json_write_bool(&json, "edits", notifiers[i]->supports_edit);
    json_write_array(&json, "fields");
    for (const struct notify_field *field = notifiers[i]->fields; field->name != NULL; field++)
      write_field(&json, field);
    json_write_array_end(&json);
    json_write_object_end(&json);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

/* ------------------------------------------------------------ reading a request */

/* NULL when it was answered: 404. */
static const struct channel *find_channel(struct request *request) {
  int64_t id = -1;
  const struct channel *channel = str_to_i64(request->param, 0, INT64_MAX, &id)
                                      ? channels_find(engine_channels(request->api->engine), id)
                                      : NULL;
  if (channel == NULL)
    answer_problem(request->exchange, 404,
                   "there is no channel '%.40s'; /api/v1/channels lists those that there are",
                   request->param);
  return channel;
}

/* What a draft borrows. */
struct form {
  struct channels_draft draft;
  struct notify_setting settings[SETTINGS_MAX];
  int64_t *miners; /* NULL unless given */
};

static bool read_minute(const struct json *hours, const char *key, int *minute, struct err *err) {
  const char *text = "";
  int64_t hour, rest;
  char digits[3] = "";
  json_text(json_get(hours, key), &text);
  if (strlen(text) == 5 && text[2] == ':') {
    memcpy(digits, text, 2);
    if (str_to_i64(digits, 0, 23, &hour) && str_to_i64(text + 3, 0, 59, &rest)) {
      *minute = (int)(hour * 60 + rest);
      return true;
    }
  }
  return err_set(err, ERR_INVALID, "`quiet_hours.%s` must be a time of the day like 22:00", key);
}

static bool read_quiet_hours(const struct json *body, struct channel_wish *wish, struct err *err) {
  const struct json *hours = json_get(body, "quiet_hours");
  if (hours == NULL)
    return true;
  if (json_type(hours) == JSON_NULL) {
    wish->quiet_from_min = wish->quiet_to_min = -1;
    return true;
  }
  if (!read_minute(hours, "from", &wish->quiet_from_min, err) ||
      !read_minute(hours, "to", &wish->quiet_to_min, err))
    return false;
  return wish->quiet_from_min != wish->quiet_to_min ||
         err_set(err, ERR_INVALID, "`quiet_hours` begin and end at the same time");
}

static bool read_miners(const struct json *body, struct form *form, struct err *err) {
  const struct json *list = json_get(body, "miners");
  struct channel_wish *wish = &form->draft.channel.wish;
  if (list == NULL)
    return true;
  if (json_type(list) != JSON_ARRAY || json_count(list) > CHANNEL_MINERS_MAX)
    return err_set(err, ERR_INVALID, "`miners` must be a list of at most %d numbers of miners",
                   CHANNEL_MINERS_MAX);
  form->miners = mem_alloc((json_count(list) + 1) * sizeof *form->miners);
  wish->miners = form->miners;
  wish->miner_count = 0;
  for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
    if (!json_i64(item, 1, INT64_MAX, &form->miners[wish->miner_count++]))
      return err_set(err, ERR_INVALID, "`miners` must be a list of numbers of miners");
  }
  return true;
}

static bool read_severity(const struct json *body, enum alert_severity *severity, struct err *err) {
  const char *name = NULL;
  if (!input_text(body, "least_severity", INPUT_OPTIONAL, &name, err) || name == NULL)
    return name == NULL && json_get(body, "least_severity") == NULL;
  for (int i = ALERT_INFO; i <= ALERT_CRITICAL; i++) {
    if (str_equal(name, alert_severity_name((enum alert_severity)i))) {
      *severity = (enum alert_severity)i;
      return true;
    }
  }
  return err_set(err, ERR_INVALID, "`least_severity` must be info, warning or critical");
}

static bool read_copy(const struct json *body, const char *key, char *target, size_t size,
                      struct err *err) {
  const char *text = NULL;
  if (!input_text(body, key, INPUT_OPTIONAL, &text, err))
    return false;
  if (text == NULL)
    return true;
  if (strlen(text) >= size)
    return err_set(err, ERR_INVALID, "`%s` is too long: at most %zu bytes", key, size - 1);
  str_copy(target, size, text);
  return true;
}

/* null: the household's again. */
static bool read_language(const struct json *body, struct channel *channel, struct err *err) {
  const struct json *value = json_get(body, "language");
  const char *code;
  if (value == NULL)
    return true;
  channel->own_language = json_type(value) != JSON_NULL;
  if (!channel->own_language)
    return true;
  if (!json_text(value, &code) || !text_has_language(code))
    return err_set(err, ERR_INVALID,
                   "`language` must be one of the `languages` of /api/v1/settings, or null for the "
                   "household's");
  str_copy(channel->language, sizeof channel->language, code);
  return true;
}

static bool read_role(const struct json *body, enum channel_role *role, struct err *err) {
  const char *name = NULL;
  if (!input_text(body, "role", INPUT_OPTIONAL, &name, err))
    return false;
  return name == NULL || channel_role_find(name, role) ||
         err_set(err, ERR_INVALID, "`role` must be owner, member or viewer");
}

static bool read_letter(const struct json *body, struct channel *channel, struct err *err) {
  const struct json *hour = json_get(body, "letter_hour");
  const char *name = NULL;
  int64_t value = channel->letter_hour;
  if (!input_text(body, "letter", INPUT_OPTIONAL, &name, err))
    return false;
  if (name != NULL && !channel_letter_find(name, &channel->letter))
    return err_set(err, ERR_INVALID, "`letter` must be off, daily or weekly");
  if (hour != NULL && !json_i64(hour, CHANNEL_LETTER_HOUR_MIN, CHANNEL_LETTER_HOUR_MAX, &value))
    return err_set(err, ERR_INVALID, "`letter_hour` must be an hour of the day from %d to %d",
                   CHANNEL_LETTER_HOUR_MIN, CHANNEL_LETTER_HOUR_MAX);
  channel->letter_hour = (int)value;
  return true;
}

/* null clears a setting, as "" does. */
static bool read_settings(const struct json *body, struct form *form, struct err *err) {
  const struct json *settings = json_get(body, "settings");
  if (settings == NULL)
    return true;
  if (json_type(settings) != JSON_OBJECT || json_count(settings) > SETTINGS_MAX)
    return err_set(err, ERR_INVALID, "`settings` must be an object of texts");
  for (const struct json *item = json_first(settings); item != NULL; item = json_next(item)) {
    const char *value = "";
    if (json_type(item) != JSON_NULL && !json_text(item, &value))
      return err_set(err, ERR_INVALID, "`settings.%.40s` must be a text", json_key(item));
    form->settings[form->draft.count++] = (struct notify_setting){json_key(item), value};
  }
  form->draft.settings = form->settings;
  return true;
}

/* Over what stands in the form's channel already. */
static bool read_form(const struct json *body, struct form *form, struct err *err) {
  struct channel *channel = &form->draft.channel;
  struct channel_wish *wish = &channel->wish;
  return read_copy(body, "name", channel->name, sizeof channel->name, err) &&
         input_bool(body, "enabled", &channel->enabled, err) &&
         read_severity(body, &wish->least_severity, err) &&
         input_bool(body, "good_news", &wish->good_news, err) && read_miners(body, form, err) &&
         read_quiet_hours(body, wish, err) &&
         input_bool(body, "critical_passes", &wish->critical_passes, err) &&
         read_language(body, channel, err) && read_role(body, &channel->role, err) &&
         read_letter(body, channel, err) && read_settings(body, form, err);
}

/* ------------------------------------------------------------ changing */

static void on_added(const struct channel *channel, const struct err *err, void *arg) {
  struct deferred *deferred = arg;
  struct api *api = deferred_api(deferred);
  struct buf body;
  char location[64];
  if (channel != NULL)
    write_one(&body, api, channel);
  struct http_exchange *exchange = deferred_finish(deferred);
  if (exchange != NULL && channel != NULL) {
    snprintf(location, sizeof location, "/api/v1/channels/%" PRId64, channel->id);
    answer_created(exchange, location, &body);
  } else if (exchange != NULL) {
    answer_err(exchange, err);
  }
  if (channel != NULL)
    buf_finish(&body);
}

static void on_changed(const struct channel *channel, const struct err *err, void *arg) {
  struct deferred *deferred = arg;
  struct api *api = deferred_api(deferred);
  struct buf body;
  if (channel != NULL)
    write_one(&body, api, channel);
  struct http_exchange *exchange = deferred_finish(deferred);
  if (exchange != NULL && channel != NULL)
    answer_json(exchange, 200, &body, NULL);
  else if (exchange != NULL)
    answer_err(exchange, err);
  if (channel != NULL)
    buf_finish(&body);
}

static void add_channel(struct request *request) {
  struct json *body = input_body(request);
  if (body == NULL)
    return;
  struct err err;
  struct form form = {.draft.channel = {.enabled = true,
                                        .wish = {.least_severity = ALERT_INFO,
                                                 .good_news = true,
                                                 .quiet_from_min = -1,
                                                 .quiet_to_min = -1,
                                                 .critical_passes = true},
                                        .role = CHANNEL_VIEWER,
                                        .letter_hour = CHANNEL_LETTER_HOUR}};
  struct channel *channel = &form.draft.channel;
  const char *kind = NULL;
  if (input_text(body, "kind", INPUT_REQUIRED, &kind, &err) && read_form(body, &form, &err)) {
    const struct notifier *notifier = notifier_find(kind);
    str_copy(channel->kind, sizeof channel->kind, kind);
    if (channel->name[0] == '\0' && notifier != NULL)
      str_copy(channel->name, sizeof channel->name, notifier->title);
    channels_add(engine_channels(request->api->engine), &form.draft, on_added,
                 deferred_start(request));
  } else {
    answer_err(request->exchange, &err);
  }
  free(form.miners);
  json_free(body);
}

static void get_channel(struct request *request) {
  const struct channel *channel = find_channel(request);
  struct buf body;
  if (channel == NULL)
    return;
  write_one(&body, request->api, channel);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void change_channel(struct request *request) {
  const struct channel *channel = find_channel(request);
  struct json *body = channel == NULL ? NULL : input_body(request);
  if (body == NULL)
    return;
  struct err err;
  struct form form = {.draft.channel = *channel};
  if (read_form(body, &form, &err))
    channels_change(engine_channels(request->api->engine), channel->id, &form.draft, on_changed,
                    deferred_start(request));
  else
    answer_err(request->exchange, &err);
  free(form.miners);
  json_free(body);
}

static void on_removed(const struct channel *channel, const struct err *err, void *arg) {
  (void)channel;
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange != NULL && err == NULL)
    answer_empty(exchange, 204);
  else if (exchange != NULL)
    answer_err(exchange, err);
}

static void remove_channel(struct request *request) {
  const struct channel *channel = find_channel(request);
  if (channel != NULL)
    channels_remove(engine_channels(request->api->engine), channel->id, on_removed,
                    deferred_start(request));
}

/* ------------------------------------------------------------ trying */

static void on_tried(const struct notify_result *result, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_bool(&json, "delivered", result->verdict == NOTIFY_DELIVERED);
  json_write_text(&json, "answer", result->text);
  json_write_object_end(&json);
  answer_json(exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void test_channel(struct request *request) {
  const struct channel *channel = find_channel(request);
  if (channel != NULL)
    engine_test_channel(request->api->engine, channel, on_tried, deferred_start(request));
}

static void answer_letter(struct deferred *deferred, int status, const char *text,
                          const struct err *err) {
  struct http_exchange *exchange = deferred_finish(deferred);
  struct buf body;
  struct json_write json;
  if (exchange == NULL)
    return;
  if (err != NULL) {
    answer_err(exchange, err);
    return;
  }
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "text", text);
  json_write_object_end(&json);
  answer_json(exchange, status, &body, NULL);
  buf_finish(&body);
}

static void on_letter_sent(const char *text, const struct err *err, void *arg) {
  answer_letter(arg, 202, text, err);
}

static void on_letter_shown(const char *text, const struct err *err, void *arg) {
  answer_letter(arg, 200, text, err);
}

static void ask_for_letter(struct request *request, bool send) {
  const struct channel *channel = find_channel(request);
  struct letters *letters = engine_letters(request->api->engine);
  if (channel == NULL)
    return;
  if (letters == NULL) {
    answer_problem(request->exchange, 503, "the monitor is stopping");
    return;
  }
  letters_ask(letters, channel,
              &(struct letters_wish){.send = send,
                                     .done = send ? on_letter_sent : on_letter_shown,
                                     .arg = deferred_start(request)});
}

static void send_letter(struct request *request) {
  ask_for_letter(request, true);
}

static void show_letter(struct request *request) {
  ask_for_letter(request, false);
}

const struct route channel_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/channels", .answer = list_channels},
    {ROUTE_LIVE, "GET", "/api/v1/channels/kinds", .answer = list_kinds},
    {ROUTE_WRITE, "POST", "/api/v1/channels", .answer = add_channel},
    {ROUTE_LIVE, "GET", "/api/v1/channels/{id}", .answer = get_channel},
    {ROUTE_WRITE, "PATCH", "/api/v1/channels/{id}", .answer = change_channel},
    {ROUTE_WRITE, "DELETE", "/api/v1/channels/{id}", .answer = remove_channel},
    {ROUTE_WRITE, "POST", "/api/v1/channels/{id}/test", .answer = test_channel},
    {ROUTE_LIVE, "GET", "/api/v1/channels/{id}/letter", .answer = show_letter},
    {ROUTE_WRITE, "POST", "/api/v1/channels/{id}/letter", .answer = send_letter},
    {0},
};
