#include "app/ask.h"

#include <stdio.h>
#include <uv.h>

#include "app/config.h"
#include "app/setup.h"

enum { CONNECT_MS = 2000, ANSWER_MS = 4000 };

struct asking {
  struct http_client *client;
  const char *url;
  bool (*heard)(const struct http_answer *answer, const char *url);
  bool ok;
};

static void on_answer(const struct http_answer *answer, void *arg) {
  struct asking *asking = arg;
  asking->ok = asking->heard(answer, asking->url);
  http_client_close(asking->client, NULL, NULL);
}

static void ask(struct asking *asking, const char *method) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  asking->client = http_client_create(&loop);
  struct http_call_options call = {.method = method,
                                   .url = asking->url,
                                   .connect_timeout_ms = CONNECT_MS,
                                   .timeout_ms = ANSWER_MS};
  http_client_send(asking->client, &call, on_answer, asking);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
}

int ask_monitor(int argc, char **argv, const char *method, const char *path,
                bool (*heard)(const struct http_answer *answer, const char *url)) {
  struct config config;
  struct err err;
  char page[160], url[200];
  struct asking asking = {.url = url, .heard = heard};
  if (config_read(&config, argc, argv, &err)) {
    setup_page_url(&config, config.listen_port, page, (int)sizeof page);
    snprintf(url, sizeof url, "%s%s", page, path);
    ask(&asking, method);
  } else {
    fprintf(stderr, "bitaxe-monitor: %s\n", err.text);
  }
  config_finish(&config);
  return asking.ok ? 0 : 1;
}
