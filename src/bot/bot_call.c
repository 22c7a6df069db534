#include "bot/bot_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum {
  CONNECT_TIMEOUT_MS = 10000,
  TIMEOUT_MS = 20000,
  ANSWER_MAX = 4 * 1024 * 1024, /* ten updates, each with the message it replies to */
  RETRY_AFTER_MAX_S = 3600,
};

struct pending {
  bot_call_done done;
  void *arg;
  char *token; /* to keep it out of what is passed on */
};

static void set_problem(struct bot_reply *reply, int status, const char *description) {
  const char *text = NULL;
  switch (status) {
  case 401:
  case 404:
    text = "the bot token is not valid: check TELEGRAM_BOT_TOKEN";
    break;
  case 409:
    text = strstr(description, "webhook") != NULL
               ? "a webhook is set for this bot"
               : "another program polls this bot: stop it, or use a bot of its own for each";
    break;
  case 429:
    text = "Telegram asked to wait";
    break;
  default:
    break;
  }
  if (text != NULL)
    str_copy(reply->problem, sizeof reply->problem, text);
  else
    snprintf(reply->problem, sizeof reply->problem, "Telegram answered with status %d%s%.150s",
             status, description[0] != '\0' ? ": " : "", description);
}

void bot_call_read(const struct http_answer *answer, const struct json *json,
                   struct bot_reply *reply) {
  *reply = (struct bot_reply){.cancelled = answer->outcome == HTTP_CANCELLED};
  if (answer->outcome != HTTP_ANSWERED) {
    snprintf(reply->problem, sizeof reply->problem, "Telegram cannot be reached: %.200s",
             answer->error);
    return;
  }
  const char *words = "";
  char description[160];
  json_text(json_get(json, "description"), &words);
  str_sanitize(description, sizeof description, words, strlen(words));

  bool ok = false;
  bool is_telegram = json_bool(json_get(json, "ok"), &ok);
  reply->status = answer->status;
  reply->ok = is_telegram && ok && answer->status == 200;
  if (reply->ok)
    reply->result = json_get(json, "result");
  else if (!is_telegram && answer->status < 500)
    str_copy(reply->problem, sizeof reply->problem,
             "what answers at TELEGRAM_API_BASE is not Telegram");
  else
    set_problem(reply, answer->status, description);

  int64_t wait_s = answer->retry_after_s;
  json_i64(json_get(json_get(json, "parameters"), "retry_after"), 0, INT64_MAX, &wait_s);
  if (!reply->ok && wait_s > 0)
    reply->retry_after_ms = (wait_s < RETRY_AFTER_MAX_S ? wait_s : RETRY_AFTER_MAX_S) * 1000;
}

static void on_answer(const struct http_answer *answer, void *arg) {
  static const struct json_limits limits = {.size = ANSWER_MAX, .values = 200000};
  struct pending *pending = arg;
  struct err err;
  struct json *json = answer->outcome == HTTP_ANSWERED
                          ? json_parse(answer->body, answer->body_length, &limits, &err)
                          : NULL;
  struct bot_reply reply;
  bot_call_read(answer, json, &reply);
  if (strstr(reply.problem, pending->token) != NULL)
    str_copy(reply.problem, sizeof reply.problem, "Telegram cannot be used");
  pending->done(&reply, pending->arg);
  json_free(json);
  free(pending->token);
  free(pending);
}

struct http_call *bot_call_start(const struct bot_account *account,
                                 const struct bot_request *request, bot_call_done done, void *arg) {
  const char *type = request->content_type != NULL ? request->content_type : "application/json";
  struct buf url, header;
  buf_init(&url);
  buf_init(&header);
  buf_printf(&url, "%s/bot%s/%s", account->base_url, account->token, request->method);
  buf_printf(&header, "Content-Type: %s", type);
  const char *const headers[] = {header.data, NULL};
  struct pending *pending = mem_alloc(sizeof *pending);
  pending->done = done;
  pending->arg = arg;
  pending->token = mem_strdup(account->token);
  struct http_call *call =
      http_client_send(account->http,
                       &(struct http_call_options){
                           .method = "POST",
                           .url = url.data,
                           .headers = headers,
                           .body = request->body,
                           .body_length = request->length,
                           .connect_timeout_ms = CONNECT_TIMEOUT_MS,
                           .timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS,
                           .max_body = ANSWER_MAX,
                           .keep_alive = true,
                       },
                       on_answer, pending);
  buf_finish(&header);
  buf_finish(&url);
  return call;
}
