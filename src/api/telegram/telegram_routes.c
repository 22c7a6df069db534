/* /api/v1/telegram: which bot there is, and linking a chat to it. One opens the deep
 * link or points a phone at the QR code, presses Start in Telegram, and is linked;
 * nobody has to find out the number of a chat. */
#include <stdio.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/input.h"
#include "api/telegram/qr_svg.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/str.h"
#include "model/channel.h"

/* t.me/BOT?start=CODE: core.telegram.org/bots/features#deep-linking */
#define LINK_MAX 192

static void get_bot(struct request *request) {
  const struct api_telegram *telegram = &request->api->telegram;
  const char *username = telegram->username != NULL ? telegram->username(telegram->arg) : NULL;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_bool(&json, "configured", username != NULL);
  json_write_text(&json, "username", username != NULL && username[0] != '\0' ? username : NULL);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

/* ------------------------------------------------------------ a code */

static bool write_code(const struct api_link *link, struct buf *body, struct err *err) {
  char url[LINK_MAX], group_url[LINK_MAX];
  struct json_write json;
  struct buf svg;
  snprintf(url, sizeof url, "https://t.me/%s?start=%s", link->username, link->code);
  snprintf(group_url, sizeof group_url, "https://t.me/%s?startgroup=%s", link->username,
           link->code);
  buf_init(&svg);
  bool ok = qr_svg_write(url, &svg, err);
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_text(&json, "code", link->code);
  json_write_text(&json, "role", channel_role_name(link->role));
  json_write_text(&json, "username", link->username);
  json_write_text(&json, "url", url);
  json_write_text(&json, "group_url", group_url);
  json_write_text(&json, "qr_svg", ok ? svg.data : NULL);
  json_write_time(&json, "expires_at", clock_wall_ms() + link->left_ms);
  json_write_object_end(&json);
  buf_finish(&svg);
  return ok;
}

static void on_linked(const struct api_link *link, const struct err *err, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  struct err own;
  struct buf body;
  char location[LINK_MAX];
  if (exchange == NULL)
    return;
  buf_init(&body);
  if (link == NULL) {
    answer_err(exchange, err);
  } else if (!write_code(link, &body, &own)) {
    answer_err(exchange, &own);
  } else {
    snprintf(location, sizeof location, "/api/v1/telegram/link/%s", link->code);
    answer_created(exchange, location, &body);
  }
  buf_finish(&body);
}

static bool read_wish(const struct json *body, const char **token, int *role, struct err *err) {
  const char *name = NULL;
  enum channel_role found;
  if (!input_text(body, "token", INPUT_OPTIONAL, token, err) ||
      !input_text(body, "role", INPUT_OPTIONAL, &name, err))
    return false;
  if (name == NULL)
    return true;
  if (!channel_role_find(name, &found))
    return err_set(err, ERR_INVALID, "`role` is owner, member or viewer");
  *role = (int)found;
  return true;
}

static void add_link(struct request *request) {
  const struct api_telegram *telegram = &request->api->telegram;
  struct json *body = input_body(request);
  const char *token = NULL;
  int role = -1;
  struct err err;
  if (body == NULL)
    return;
  if (!read_wish(body, &token, &role, &err))
    answer_err(request->exchange, &err);
  else if (telegram->link == NULL)
    answer_problem(request->exchange, 503, "this program has no Telegram bot");
  else
    telegram->link(telegram->arg, token, role, on_linked, deferred_start(request));
  json_free(body);
}

/* ------------------------------------------------------------ what became of it */

static void get_link(struct request *request) {
  const struct api_telegram *telegram = &request->api->telegram;
  struct api_link link = {.code = request->param};
  const char *state =
      telegram->look != NULL ? telegram->look(telegram->arg, request->param, &link) : NULL;
  if (state == NULL) {
    answer_problem(request->exchange, 404,
                   "this code is not known: it was made before the monitor's last start, or never");
    return;
  }
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "state", state);
  json_write_text(&json, "role", channel_role_name(link.role));
  json_write_text(&json, "chat", str_equal(state, "used") ? link.chat : NULL);
  json_write_object_end(&json);
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

const struct route telegram_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/telegram", .answer = get_bot},
    {ROUTE_WRITE, "POST", "/api/v1/telegram/link", .answer = add_link},
    {ROUTE_LIVE, "GET", "/api/v1/telegram/link/{code}", .answer = get_link},
    {0},
};
