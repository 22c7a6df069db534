/* `bitaxe-monitor drill`: asks the monitor that runs here for a fire drill. */
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "net/http_client.h"

enum { CONNECT_MS = 2000, ANSWER_MS = 4000, CONFLICT = 409, ACCEPTED = 202 };

struct asking {
  struct http_client *client;
  const char *url;
  int code; /* of the program: 0 when the drill has begun */
};

static void on_answer(const struct http_answer *answer, void *arg) {
  struct asking *asking = arg;
  if (answer->outcome != HTTP_ANSWERED)
    fprintf(stderr, "%s does not answer: %s. Is the monitor running?\n", asking->url,
            answer->error);
  else if (answer->status == CONFLICT)
    fprintf(stderr, "a drill is running already: wait some seconds\n");
  else if (answer->status != ACCEPTED)
    fprintf(stderr, "%s answers with HTTP status %d: is this another program?\n", asking->url,
            answer->status);
  else {
    puts("The drill has begun: a practice miner overheats now and recovers in some seconds.\n"
         "Two messages that begin with \"Drill:\" must arrive on each of your channels.");
    asking->code = 0;
  }
  http_client_close(asking->client, NULL, NULL);
}

static int ask(const char *url) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  struct asking asking = {.client = http_client_create(&loop), .url = url, .code = 1};
  struct http_call_options call = {
      .method = "POST", .url = url, .connect_timeout_ms = CONNECT_MS, .timeout_ms = ANSWER_MS};
  http_client_send(asking.client, &call, on_answer, &asking);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
  return asking.code;
}

static int run(int argc, char **argv) {
  struct config config;
  struct err err;
  char page[160], url[200];
  int code = 1;
  if (config_read(&config, argc, argv, &err)) {
    setup_page_url(&config, config.listen_port, page, (int)sizeof page);
    snprintf(url, sizeof url, "%s/api/v1/drill", page);
    code = ask(url);
  } else {
    fprintf(stderr, "bitaxe-monitor: %s\n", err.text);
  }
  config_finish(&config);
  return code;
}

const struct command cmd_drill = {"drill",
                                  "let a practice miner overheat, to see the messages arrive", run};
