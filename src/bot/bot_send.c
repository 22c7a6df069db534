#include "bot/bot_send.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

/* It stands in no PNG: that is compressed, and this is 28 chosen bytes. */
#define BOUNDARY "bitaxe-monitor-7d1f0c63a9b24e58"

enum {
  PART_MAX = 3400, /* bytes of one message; less than Telegram's 4096 UTF-16 units */
  QUEUE_MAX = 200,
  GIVE_UP_MS = 10 * 60 * 1000,
  BACK_OFF_FIRST_MS = 1000,
  BACK_OFF_MOST_MS = 60 * 1000,
};

struct message {
  struct message *next;
  const char *method;
  const char *content_type; /* NULL: JSON */
  struct buf body;
  int64_t born_mono_ms;
};

struct bot_send {
  struct bot_send_options options; /* its texts are ours */
  uv_timer_t timer;
  struct message *first, *last;
  size_t count;
  struct http_call *call; /* of `first` */
  bool waiting;           /* the timer brings the next attempt */
  int failures;
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void send_next(struct bot_send *send);
static void close_timer(struct bot_send *send);

/* ------------------------------------------------------------ the queue */

static void message_free(struct message *message) {
  buf_finish(&message->body);
  free(message);
}

static void drop_first(struct bot_send *send) {
  struct message *message = send->first;
  send->first = message->next;
  if (send->first == NULL)
    send->last = NULL;
  send->count--;
  send->failures = 0;
  message_free(message);
}

static struct message *message_create(const char *method) {
  struct message *message = mem_alloc(sizeof *message);
  message->method = method;
  message->born_mono_ms = clock_mono_ms();
  buf_init(&message->body);
  return message;
}

/* Takes the message. An urgent one goes before all that is not on its way. */
static void enqueue(struct bot_send *send, struct message *message, bool urgent) {
  if (send->stopping || (send->count >= QUEUE_MAX && !urgent)) {
    message_free(message);
    return;
  }
  send->count++;
  if (send->first == NULL) {
    send->first = send->last = message;
  } else if (urgent) {
    struct message **place = send->call != NULL ? &send->first->next : &send->first;
    message->next = *place;
    *place = message;
    if (message->next == NULL)
      send->last = message;
  } else {
    send->last->next = message;
    send->last = message;
  }
  send_next(send);
}

/* ------------------------------------------------------------ calls */

static void on_timer(uv_timer_t *timer) {
  struct bot_send *send = timer->data;
  send->waiting = false;
  send_next(send);
}

static void wait_for(struct bot_send *send, int64_t wait_ms) {
  send->waiting = true;
  uv_update_time(send->options.loop);
  uv_timer_start(&send->timer, on_timer, (uint64_t)((double)wait_ms * send->options.time_scale), 0);
}

static void on_reply(const struct bot_reply *reply, void *arg) {
  struct bot_send *send = arg;
  send->call = NULL;
  if (send->stopping) {
    close_timer(send);
    return;
  }
  if (reply->cancelled) /* the HTTP client is closing: a stop follows */
    return;
  bool again = !reply->ok && (reply->status == 0 || reply->status == 429 || reply->status >= 500);
  int64_t age_ms = clock_mono_ms() - send->first->born_mono_ms;
  if (again && age_ms < GIVE_UP_MS) {
    int64_t wait_ms = BACK_OFF_FIRST_MS;
    for (int i = 0; i < send->failures && wait_ms < BACK_OFF_MOST_MS; i++)
      wait_ms *= 2;
    send->failures++;
    wait_for(send, reply->retry_after_ms > 0 ? reply->retry_after_ms : wait_ms);
    return;
  }
  /* An edit that changes nothing, a press that is too old: no news for the log. */
  if (!reply->ok && (again || str_equal(send->first->method, "sendMessage")))
    log_write(send->options.log, LOG_WARN, "bot", "an answer was lost: %s", reply->problem);
  drop_first(send);
  send_next(send);
}

static void send_next(struct bot_send *send) {
  const struct message *message = send->first;
  if (message == NULL || send->call != NULL || send->waiting || send->stopping)
    return;
  send->call = bot_call_start(&send->options.account,
                              &(struct bot_request){.method = message->method,
                                                    .content_type = message->content_type,
                                                    .body = message->body.data,
                                                    .length = message->body.length},
                              on_reply, send);
}

/* ------------------------------------------------------------ what is said */

static void write_keyboard(struct json_write *json, const struct bot_button *buttons,
                           size_t count) {
  json_write_object(json, "reply_markup");
  json_write_array(json, "inline_keyboard");
  if (count > 0)
    json_write_array(json, NULL);
  for (size_t i = 0; i < count; i++) {
    json_write_object(json, NULL);
    json_write_text(json, "text", buttons[i].label);
    json_write_text(json, "callback_data", buttons[i].data);
    json_write_object_end(json);
  }
  if (count > 0)
    json_write_array_end(json);
  json_write_array_end(json);
  json_write_object_end(json);
}

static void send_part(struct bot_send *send, int64_t chat_id, const char *text, size_t length,
                      const struct bot_answer *buttons) {
  struct message *message = message_create("sendMessage");
  struct json_write json;
  json_write_init(&json, &message->body);
  json_write_object(&json, NULL);
  json_write_i64(&json, "chat_id", chat_id);
  json_write_text_n(&json, "text", text, length);
  json_write_bool(&json, "disable_web_page_preview", true);
  if (buttons != NULL && buttons->button_count > 0)
    write_keyboard(&json, buttons->buttons, buttons->button_count);
  json_write_object_end(&json);
  enqueue(send, message, false);
}

void bot_send_answer(struct bot_send *send, int64_t chat_id, const struct bot_answer *answer) {
  const char *text = answer->text.length > 0 ? answer->text.data : "";
  while (text[0] != '\0') {
    size_t length = bot_commands_cut(text, PART_MAX);
    bool last = text[length] == '\0';
    send_part(send, chat_id, text, length, last ? answer : NULL);
    text += length;
  }
}

void bot_send_text(struct bot_send *send, int64_t chat_id, const char *text) {
  send_part(send, chat_id, text, strlen(text), NULL);
}

/* A field of a form (RFC 7578); the value of a text field follows. */
static void write_field(struct buf *body, const char *name, const char *more) {
  buf_printf(body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n", name,
             more);
}

void bot_send_picture(struct bot_send *send, int64_t chat_id, const struct buf *png,
                      const char *caption) {
  struct message *message = message_create("sendPhoto");
  message->content_type = "multipart/form-data; boundary=" BOUNDARY;
  write_field(&message->body, "chat_id", "");
  buf_printf(&message->body, "%" PRId64 "\r\n", chat_id);
  write_field(&message->body, "caption", "");
  buf_printf(&message->body, "%s\r\n", caption);
  write_field(&message->body, "photo", "; filename=\"chart.png\"\r\nContent-Type: image/png");
  buf_append(&message->body, png->data, png->length);
  buf_append_text(&message->body, "\r\n--" BOUNDARY "--\r\n");
  enqueue(send, message, false);
}

void bot_send_toast(struct bot_send *send, const char *press, const char *text) {
  struct message *message = message_create("answerCallbackQuery");
  struct json_write json;
  json_write_init(&json, &message->body);
  json_write_object(&json, NULL);
  json_write_text(&json, "callback_query_id", press);
  json_write_text(&json, "text", text);
  json_write_object_end(&json);
  enqueue(send, message, true);
}

void bot_send_buttons(struct bot_send *send, int64_t chat_id, int64_t message_id,
                      const struct bot_button *buttons, size_t count) {
  struct message *message = message_create("editMessageReplyMarkup");
  struct json_write json;
  json_write_init(&json, &message->body);
  json_write_object(&json, NULL);
  json_write_i64(&json, "chat_id", chat_id);
  json_write_i64(&json, "message_id", message_id);
  write_keyboard(&json, buttons, count);
  json_write_object_end(&json);
  enqueue(send, message, false);
}

/* ------------------------------------------------------------ life */

struct bot_send *bot_send_create(const struct bot_send_options *options) {
  struct bot_send *send = mem_alloc(sizeof *send);
  send->options = *options;
  send->options.account.base_url = mem_strdup(options->account.base_url);
  send->options.account.token = mem_strdup(options->account.token);
  if (send->options.time_scale <= 0)
    send->options.time_scale = 1;
  uv_timer_init(options->loop, &send->timer);
  send->timer.data = send;
  return send;
}

static void on_closed(uv_handle_t *handle) {
  struct bot_send *send = handle->data;
  void (*stopped)(void *arg) = send->stopped;
  void *arg = send->stopped_arg;
  while (send->first != NULL)
    drop_first(send);
  free((char *)send->options.account.base_url);
  free((char *)send->options.account.token);
  free(send);
  if (stopped != NULL)
    stopped(arg);
}

static void close_timer(struct bot_send *send) {
  uv_close((uv_handle_t *)&send->timer, on_closed);
}

void bot_send_stop(struct bot_send *send, void (*stopped)(void *arg), void *arg) {
  assert(!send->stopping);
  send->stopping = true;
  send->stopped = stopped;
  send->stopped_arg = arg;
  if (send->call != NULL)
    http_call_cancel(send->call); /* on_reply goes on */
  else
    close_timer(send);
}
