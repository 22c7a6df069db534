#include "app/ask.h"

#include <stdio.h>
#include <uv.h>

#include "app/setup.h"

enum { CONNECT_MS = 2000, ANSWER_MS = 4000, LONG_ANSWER_MS = 60000, MAX_BODY = 4 * 1024 * 1024 };

struct asking {
  struct http_client *client;
  const char *url;
  bool (*heard)(const struct http_answer *answer, const char *url);
  bool ok;
  struct buf *body; /* from here on: of ask_send */
  int status;
};

static void send_one(struct http_call_options *call, http_done done, struct asking *asking) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  asking->client = http_client_create(&loop);
  call->url = asking->url;
  call->connect_timeout_ms = CONNECT_MS;
  http_client_send(asking->client, call, done, asking);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct asking *asking = arg;
  asking->ok = asking->heard(answer, asking->url);
  http_client_close(asking->client, NULL, NULL);
}

int ask_monitor(int argc, char **argv, const char *method, const char *path,
                bool (*heard)(const struct http_answer *answer, const char *url)) {
  struct ask ask;
  char url[200];
  struct asking asking = {.url = url, .heard = heard};
  if (ask_open(&ask, argc, argv)) {
    snprintf(url, sizeof url, "%s%s", ask.page, path);
    send_one(&(struct http_call_options){.method = method, .timeout_ms = ANSWER_MS}, on_answer,
             &asking);
  }
  ask_close(&ask);
  return asking.ok ? 0 : 1;
}

bool ask_open(struct ask *ask, int argc, char **argv) {
  struct err err;
  bool ok = config_read(&ask->config, argc, argv, &err);
  if (ok)
    setup_page_url(&ask->config, ask->config.listen_port, ask->page, (int)sizeof ask->page);
  else
    fprintf(stderr, "bitaxe-monitor: %s\n", err.text);
  return ok;
}

void ask_close(struct ask *ask) {
  config_finish(&ask->config);
}

static void on_body(const struct http_answer *answer, void *arg) {
  struct asking *asking = arg;
  if (answer->outcome == HTTP_ANSWERED) {
    asking->status = answer->status;
    buf_append(asking->body, answer->body, answer->body_length);
  } else {
    fprintf(stderr, "%s does not answer: %s. Is the monitor running?\n", asking->url,
            answer->error);
  }
  http_client_close(asking->client, NULL, NULL);
}

int ask_send(const struct ask *ask, const char *method, const char *path, struct buf *body) {
  char url[200];
  struct asking asking = {.url = url, .body = body};
  snprintf(url, sizeof url, "%s%s", ask->page, path);
  buf_append_text(body, "");
  send_one(&(struct http_call_options){.method = method,
                                       .timeout_ms = LONG_ANSWER_MS,
                                       .max_body = MAX_BODY},
           on_body, &asking);
  return asking.status;
}
