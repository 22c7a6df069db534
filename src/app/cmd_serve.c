/* `bitaxe-monitor serve`: builds the monitor part by part, each after what it
 * needs, runs the loop, and takes it apart in the reverse order. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "api/api.h"
#include "app/command.h"
#include "app/config.h"
#include "app/demo.h"
#include "app/seed.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "bot/bot.h"
#include "engine/engine.h"
#include "net/http_server.h"

/* For the support file: the last three hundred lines or so. */
enum { LOG_KEPT_BYTES = 32 * 1024 };

struct serve {
  struct config config;
  char backup_dir[CONFIG_PATH_MAX + 16], spool_path[CONFIG_PATH_MAX + 16];
  char secret_key[CONFIG_PATH_MAX + 16];
  struct log *log;
  uv_loop_t loop;
  uv_signal_t interrupt, terminate;
  struct engine *engine;
  struct demo *demo;
  struct bot *bot;
  struct api *api;
  struct http_server *server;
  bool stopping;
};

/* ------------------------------------------------------------ stop */

/* page and API -> bot -> demo -> engine (which writes the last second) */

static void on_engine_stopped(void *arg) {
  struct serve *serve = arg;
  serve->engine = NULL;
  if (serve->server != NULL)
    log_write(serve->log, LOG_INFO, "serve", "stopped");
}

static void on_bot_stopped(void *arg) {
  struct serve *serve = arg;
  if (serve->demo != NULL)
    demo_close(serve->demo);
  engine_stop(serve->engine, on_engine_stopped, serve);
}

static void on_server_closed(void *arg) {
  struct serve *serve = arg;
  api_destroy(serve->api);
  bot_stop(serve->bot, on_bot_stopped, serve);
}

static void on_signal(uv_signal_t *signal_handle, int number) {
  struct serve *serve = signal_handle->data;
  if (serve->stopping) {
    log_write(serve->log, LOG_WARN, "serve", "asked to stop twice: ending at once");
    _exit(130);
  }
  serve->stopping = true;
  log_write(serve->log, LOG_INFO, "serve", "stopping (%s)",
            number == SIGINT ? "Ctrl-C" : "asked to end");
  uv_unref((uv_handle_t *)&serve->interrupt); /* a second Ctrl-C is still heard */
  uv_unref((uv_handle_t *)&serve->terminate);
  http_server_close(serve->server, on_server_closed, serve);
}

/* ------------------------------------------------------------ start */

static void watch_signals(struct serve *serve) {
  signal(SIGPIPE, SIG_IGN);
  uv_signal_init(&serve->loop, &serve->interrupt);
  uv_signal_init(&serve->loop, &serve->terminate);
  serve->interrupt.data = serve->terminate.data = serve;
  uv_signal_start(&serve->interrupt, on_signal, SIGINT);
  uv_signal_start(&serve->terminate, on_signal, SIGTERM);
}

static bool start_engine(struct serve *serve, struct err *err) {
  const struct config *config = &serve->config;
  snprintf(serve->backup_dir, sizeof serve->backup_dir, "%s/backups", config->data_dir);
  snprintf(serve->secret_key, sizeof serve->secret_key, "%s/secret.key", config->data_dir);
  snprintf(serve->spool_path, sizeof serve->spool_path, "%s/spool.db", config->data_dir);
  struct engine_options options = {.loop = &serve->loop,
                                   .log = serve->log,
                                   .database_url = config->database_url,
                                   .poll_interval_ms = config->poll_interval_ms,
                                   .unsafe_poll_interval = config->unsafe_poll_interval,
                                   .allow_public_miners = config->allow_public_miners,
                                   .alerts = config->alerts,
                                   .backup_dir = serve->backup_dir,
                                   .backup_keep = config->backup_keep,
                                   .retention_ms = config->retention_ms,
                                   .seal_period_ms = config->seal_period_ms,
                                   .spool_path = serve->spool_path,
                                   .spool_max_bytes = config->spool_max_bytes,
                                   .heartbeat_url = config->heartbeat_url,
                                   .telegram_base_url = config->telegram_base_url,
                                   .telegram_token = config->telegram_token,
                                   .telegram_chat = config->telegram_chat,
                                   .telegram_letter = config->letter,
                                   .telegram_letter_hour = config->letter_hour,
                                   .secret_key_path = serve->secret_key};
  return engine_start(&serve->engine, &options, err);
}

static void start_bot(struct serve *serve) {
  const struct config *config = &serve->config;
  serve->bot = bot_create(&(struct bot_options){.engine = serve->engine,
                                                .log = serve->log,
                                                .webhook_url = config->telegram_webhook_url,
                                                .webhook_secret = config->telegram_webhook_secret});
}

static void api_start_demo(void *arg, api_done done, void *done_arg) {
  demo_start(((struct serve *)arg)->demo, done, done_arg);
}

static void api_stop_demo(void *arg, api_done done, void *done_arg) {
  demo_end(((struct serve *)arg)->demo, done, done_arg);
}

/* The API and the bot know nothing of each other: what one asks of the other goes
 * through here. */
static const char *api_bot_username(void *arg) {
  const struct serve *serve = arg;
  return bot_has_token(serve->bot) ? bot_username(serve->bot) : NULL;
}

struct link_wish {
  struct serve *serve;
  api_link_done done;
  void *arg;
};

static struct api_link describe_link(const struct serve *serve, const struct bot_link *link) {
  int64_t left_ms = link->until_mono_ms - clock_mono_ms();
  return (struct api_link){.code = link->code,
                           .username = bot_username(serve->bot),
                           .role = (enum channel_role)link->role,
                           .left_ms = left_ms > 0 ? left_ms : 0,
                           .chat = link->chat};
}

static void on_linked(const struct bot_link *link, const struct err *err, void *arg) {
  struct link_wish *wish = arg;
  struct api_link answer;
  if (link != NULL)
    answer = describe_link(wish->serve, link);
  wish->done(link != NULL ? &answer : NULL, err, wish->arg);
  free(wish);
}

static void api_bot_link(void *arg, const char *token, int role, api_link_done done,
                         void *done_arg) {
  struct serve *serve = arg;
  struct link_wish *wish = mem_alloc(sizeof *wish);
  *wish = (struct link_wish){serve, done, done_arg};
  bot_link(serve->bot, &(struct bot_link_wish){.token = token, .role = role}, on_linked, wish);
}

static const char *api_bot_look(void *arg, const char *code, struct api_link *answer) {
  static const char *const states[] = {
      [BOT_LINK_WAITING] = "waiting", [BOT_LINK_USED] = "used", [BOT_LINK_EXPIRED] = "expired"};
  struct serve *serve = arg;
  const struct bot_link *link;
  enum bot_link_state state = bot_link_look(serve->bot, code, &link);
  if (link != NULL)
    *answer = describe_link(serve, link);
  return states[state];
}

static void api_bot_update(void *arg, const char *json, size_t length) {
  bot_handle_update(((struct serve *)arg)->bot, json, length);
}

static bool start_faces(struct serve *serve, struct err *err) {
  const struct config *config = &serve->config;
  struct api_options options = {
      .engine = serve->engine,
      .log = serve->log,
      .web_dir = config->web_dir[0] != '\0' ? config->web_dir : NULL,
      .version = APP_VERSION,
      .trusted_hosts = config->trusted_hosts,
      .demo = {.start = api_start_demo, .stop = api_stop_demo, .arg = serve},
      .webhook = {.secret = config->telegram_webhook_secret,
                  .update = api_bot_update,
                  .arg = serve},
      .telegram = {
          .username = api_bot_username, .link = api_bot_link, .look = api_bot_look, .arg = serve}};
  serve->api = api_create(&options);
  struct http_server_options server = {.host = config->listen_host,
                                       .port = config->listen_port,
                                       .handler = api_handle,
                                       .arg = serve->api};
  return http_server_open(&serve->server, &serve->loop, &server, err);
}

static void on_demo_started(const struct err *err, void *arg) {
  (void)err; /* logged by the demo */
  (void)arg;
}

static void greet(struct serve *serve) {
  char url[128];
  setup_page_url(&serve->config, http_server_port(serve->server), url, (int)sizeof url);
  log_write(serve->log, LOG_INFO, "serve", "Bitaxe Monitor %s is ready: open %s", APP_VERSION, url);
  log_write(serve->log, LOG_INFO, "serve", "history is kept in %s", serve->config.data_dir);
  if (serve->config.web_dir[0] == '\0')
    log_write(serve->log, LOG_WARN, "serve",
              "the dashboard was not built: ./start builds it, the API works without");
}

static bool start(struct serve *serve, struct err *err) {
  setup_limits();
  if (!setup_data_dir(serve->config.data_dir, err))
    return false;
  if (!start_engine(serve, err))
    return false;
  start_bot(serve);
  serve->demo = demo_create(&serve->loop, serve->engine, serve->log);
  if (!start_faces(serve, err))
    return false;
  if (serve->config.demo)
    demo_start(serve->demo, on_demo_started, serve);
  seed_miner(serve->engine, serve->log, serve->config.first_miner);
  greet(serve);
  return true;
}

/* Takes apart what start() had built before it failed. */
static void abandon(struct serve *serve) {
  serve->stopping = true;
  uv_unref((uv_handle_t *)&serve->interrupt);
  uv_unref((uv_handle_t *)&serve->terminate);
  if (serve->engine != NULL)
    on_server_closed(serve);
}

/* Runs the loop until nothing is left to do, then releases what lives longest. */
static void run_and_finish(struct serve *serve) {
  uv_run(&serve->loop, UV_RUN_DEFAULT);
  demo_destroy(serve->demo);
  uv_close((uv_handle_t *)&serve->interrupt, NULL);
  uv_close((uv_handle_t *)&serve->terminate, NULL);
  uv_run(&serve->loop, UV_RUN_DEFAULT);
  uv_loop_close(&serve->loop);
}

static int run(int argc, char **argv) {
  struct serve serve = {0};
  struct err err;
  int code = 0;
  if (!config_read(&serve.config, argc, argv, &err)) {
    fprintf(stderr, "bitaxe-monitor: %s\n", err.text);
    config_finish(&serve.config);
    return 2;
  }
  serve.log = log_create(STDERR_FILENO, serve.config.log_level, serve.config.log_json);
  log_keep(serve.log, LOG_KEPT_BYTES);
  uv_loop_init(&serve.loop);
  watch_signals(&serve);
  if (!start(&serve, &err)) {
    log_write(serve.log, LOG_ERROR, "serve", "cannot start: %s", err.text);
    abandon(&serve);
    code = 1;
  }
  run_and_finish(&serve);
  log_destroy(serve.log);
  config_finish(&serve.config);
  return code;
}

const struct command cmd_serve = {"serve", "watch miners, serve page and API", run};
