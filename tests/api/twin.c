#include "api/twin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/device/raw_answer.h"
#include "engine/setup/preferences.h"
#include "support/wait_until.h"

/* ------------------------------------------------------------ the engine's interface */

struct fleet *engine_fleet(struct engine *engine) {
  return engine->fleet;
}

struct bus *engine_bus(struct engine *engine) {
  return engine->bus;
}

struct db_threads *engine_db(struct engine *engine) {
  return engine->db;
}

struct scan *engine_scan(struct engine *engine) {
  (void)engine;
  return NULL;
}

const struct engine_options *engine_options(const struct engine *engine) {
  return &engine->options;
}

void engine_health(struct engine *engine, struct engine_health *health) {
  *health = engine->health;
}

static void finish(struct engine *engine, int64_t id, engine_miner_done done, void *arg) {
  struct fleet_miner *miner = fleet_find(engine->fleet, id);
  bool fails = engine->fails.code != ERR_NONE;
  done(fails ? NULL : miner, fails ? &engine->fails : NULL, arg);
}

void engine_add_miner(struct engine *engine, const struct engine_add *add, engine_miner_done done,
                      void *arg) {
  buf_printf(&engine->asked, "add %s %s %s;", add->address, add->name == NULL ? "-" : add->name,
             add->verify ? "verify" : "unasked");
  if (engine->fails.code == ERR_NONE)
    twin_add_miner(engine, 70, "Added");
  finish(engine, 70, done, arg);
}

void engine_rename_miner(struct engine *engine, int64_t id, const char *name,
                         engine_miner_done done, void *arg) {
  buf_printf(&engine->asked, "rename %" PRId64 " %s;", id, name);
  finish(engine, id, done, arg);
}

void engine_move_miner(struct engine *engine, int64_t id, const char *address,
                       engine_miner_done done, void *arg) {
  buf_printf(&engine->asked, "move %" PRId64 " %s;", id, address);
  finish(engine, id, done, arg);
}

void engine_poll_miner(struct engine *engine, int64_t id, engine_miner_done done, void *arg) {
  buf_printf(&engine->asked, "poll %" PRId64 ";", id);
  finish(engine, id, done, arg);
}

void raw_answer_read(struct engine *engine, int64_t miner_id, raw_answer_done done, void *arg) {
  struct raw_answer raw = {.miner_id = miner_id, .at_ms = 1000, .path = "/api/system/info"};
  bool fails = engine->fails.code != ERR_NONE;
  buf_printf(&engine->asked, "raw %" PRId64 ";", miner_id);
  buf_init(&raw.answer);
  buf_init(&raw.hidden);
  buf_append_text(&raw.answer, "{\"power\":18.4,\"ssid\":\"(hidden)\"}");
  buf_append_text(&raw.hidden, "[\"ssid\"]");
  done(fails ? NULL : &raw, fails ? &engine->fails : NULL, arg);
  buf_finish(&raw.answer);
  buf_finish(&raw.hidden);
}

void engine_remove_miner(struct engine *engine, int64_t id,
                         void (*done)(const struct err *err, void *arg), void *arg) {
  buf_printf(&engine->asked, "remove %" PRId64 ";", id);
  done(engine->fails.code != ERR_NONE ? &engine->fails : NULL, arg);
}

/* What these answer to is tested elsewhere: tests/contract asks the whole program. */
struct channels *engine_channels(struct engine *engine) {
  (void)engine;
  return NULL;
}
struct desk *engine_desk(struct engine *engine) {
  (void)engine;
  return NULL;
}
struct drill *engine_drill(struct engine *engine) {
  (void)engine;
  return NULL;
}
struct preferences *engine_preferences(struct engine *engine) {
  return engine->preferences;
}
size_t engine_channel_waiting(const struct engine *engine, const struct channel *channel) {
  (void)engine, (void)channel;
  return 0;
}
void engine_test_channel(struct engine *engine, const struct channel *channel,
                         void (*done)(const struct notify_result *result, void *arg), void *arg) {
  (void)engine, (void)channel, (void)done, (void)arg;
}

struct letters *engine_letters(struct engine *engine) {
  (void)engine;
  return NULL;
}

/* ------------------------------------------------------------ life */

static void on_update(void *arg, const char *json, size_t length) {
  struct engine *twin = arg;
  (void)json;
  twin->updates += length > 0;
}

static void open_server(struct engine *twin, const char *web_dir) {
  struct err err;
  twin->api = api_create(
      &(struct api_options){.engine = twin,
                            .web_dir = web_dir,
                            .version = "1.2.3",
                            .webhook = {.secret = "s3cret", .update = on_update, .arg = twin}});
  struct http_server_options options = {
      .host = "127.0.0.1", .handler = api_handle, .arg = twin->api};
  if (!http_server_open(&twin->server, &twin->loop, &options, &err))
    mem_fatal(err.text);
}

struct engine *twin_create(const char *web_dir) {
  struct engine *twin = mem_alloc(sizeof *twin);
  struct err err;
  uv_loop_init(&twin->loop);
  temp_dir_create(&twin->dir);
  char *file = temp_dir_file(&twin->dir, "monitor.db");
  struct buf url;
  buf_init(&url);
  buf_printf(&url, "sqlite:%s", file);
  free(file);
  twin->url = buf_take(&url, NULL);
  twin->fleet = fleet_create();
  twin->bus = bus_create();
  twin->options = (struct engine_options){
      .loop = &twin->loop, .database_url = twin->url, .poll_interval_ms = 10000};
  alert_config_init(&twin->options.alerts);
  twin->health = (struct engine_health){.storing = true,
                                        .keeping = true,
                                        .telegram_ok = true,
                                        .started_ms = clock_wall_ms() - 5000,
                                        .polls = 12};
  buf_init(&twin->asked);
  if (!db_threads_start(&twin->db, &twin->loop, &(struct db_threads_options){.url = twin->url},
                        &err))
    mem_fatal(err.text);
  twin->preferences = preferences_create(twin->db);
  open_server(twin, web_dir);
  return twin;
}

static void on_closed(void *arg) {
  struct engine *twin = arg;
  twin->closed = true;
}

void twin_destroy(struct engine *twin) {
  http_server_close(twin->server, on_closed, twin);
  api_destroy(twin->api);
  db_threads_stop(twin->db);
  uv_run(&twin->loop, UV_RUN_DEFAULT);
  if (!twin->closed || uv_loop_close(&twin->loop) != 0)
    mem_fatal("something was left on the loop");
  preferences_destroy(twin->preferences);
  bus_destroy(twin->bus);
  fleet_destroy(twin->fleet);
  temp_dir_destroy(&twin->dir);
  buf_finish(&twin->asked);
  free(twin->url);
  free(twin);
}

struct fleet_miner *twin_add_miner(struct engine *twin, int64_t id, const char *name) {
  struct miner miner = {.id = id, .driver = "axeos", .created_ms = 1000};
  str_copy(miner.name, sizeof miner.name, name);
  snprintf(miner.address, sizeof miner.address, "http://10.0.0.%d", (int)id);
  str_copy(miner.facts.model, sizeof miner.facts.model, "Bitaxe Gamma 601");
  struct fleet_miner *entry = fleet_add(twin->fleet, &miner);
  int64_t now_ms = clock_wall_ms();
  entry->memory.state = STATE_HASHING;
  entry->memory.seen_ms = now_ms;
  entry->seen_mono_ms = clock_mono_ms();
  sample_init(&entry->last, now_ms);
  entry->last.state = STATE_HASHING;
  entry->last.values[METRIC_HASHRATE_GHS] = 1000;
  entry->last.values[METRIC_POWER_W] = 17;
  open_chunk_append(entry->recent, &entry->last);
  fleet_touch(twin->fleet, entry);
  return entry;
}

/* ------------------------------------------------------------ a client on the loop */

struct listener {
  struct engine *twin;
  uv_tcp_t socket;
  uv_connect_t connect;
  uv_write_t write;
  char *request;
  struct buf heard;
  bool ended, closed;
};

static void on_socket_closed(uv_handle_t *handle) {
  struct listener *listener = handle->data;
  listener->closed = true;
}

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room) {
  struct listener *listener = handle->data;
  buf_reserve(&listener->heard, wanted);
  *room = uv_buf_init(listener->heard.data + listener->heard.length, (unsigned)wanted);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *room) {
  struct listener *listener = stream->data;
  (void)room;
  if (length < 0)
    listener->ended = true;
  if (length > 0) {
    listener->heard.length += (size_t)length;
    listener->heard.data[listener->heard.length] = '\0';
  }
}

static void on_connected(uv_connect_t *connect, int status) {
  struct listener *listener = connect->data;
  if (status != 0)
    mem_fatal("the server is not there");
  uv_buf_t bytes = uv_buf_init(listener->request, (unsigned)strlen(listener->request));
  uv_write(&listener->write, (uv_stream_t *)&listener->socket, &bytes, 1, NULL);
  uv_read_start((uv_stream_t *)&listener->socket, give_room, on_read);
}

static struct listener *send_request(struct engine *twin, char *request) {
  struct listener *listener = mem_alloc(sizeof *listener);
  struct sockaddr_in address;
  *listener = (struct listener){.twin = twin, .request = request};
  buf_init(&listener->heard);
  uv_tcp_init(&twin->loop, &listener->socket);
  listener->socket.data = listener->connect.data = listener;
  uv_ip4_addr("127.0.0.1", http_server_port(twin->server), &address);
  uv_tcp_connect(&listener->connect, &listener->socket, (const struct sockaddr *)&address,
                 on_connected);
  return listener;
}

static bool is_closed(void *arg) {
  return ((struct listener *)arg)->closed;
}

void listener_close(struct listener *listener) {
  uv_close((uv_handle_t *)&listener->socket, on_socket_closed);
  wait_until_loop(&listener->twin->loop, is_closed, listener);
  buf_finish(&listener->heard);
  free(listener->request);
  free(listener);
}

static bool has_ended(void *arg) {
  return ((struct listener *)arg)->ended;
}

struct reply twin_ask(struct engine *twin, const char *method, const char *path,
                      const char *headers, const char *body) {
  struct buf request;
  buf_init(&request);
  buf_printf(&request,
             "%s %s HTTP/1.1\r\nHost: monitor\r\nConnection: close\r\n%sContent-Length: %zu\r\n"
             "\r\n%s",
             method, path, headers, strlen(body), body);
  struct listener *listener = send_request(twin, buf_take(&request, NULL));
  if (!wait_until_loop(&twin->loop, has_ended, listener))
    mem_fatal("no answer");
  struct reply reply = {.raw = listener->heard};
  buf_init(&listener->heard);
  listener_close(listener);
  const char *end = reply.raw.length == 0 ? NULL : strstr(reply.raw.data, "\r\n\r\n");
  if (end == NULL)
    mem_fatal("no whole answer");
  reply.status = atoi(reply.raw.data + strlen("HTTP/1.1 "));
  reply.body = end + 4;
  return reply;
}

struct reply twin_get(struct engine *twin, const char *path) {
  return twin_ask(twin, "GET", path, "", "");
}

void reply_finish(struct reply *reply) {
  buf_finish(&reply->raw);
}

const char *reply_header(const struct reply *reply, const char *name, char value[256]) {
  value[0] = '\0';
  size_t length = strlen(name);
  for (const char *line = strstr(reply->raw.data, "\r\n"); line != NULL && line + 2 < reply->body;
       line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
      const char *start = line + 2 + length + 2;
      snprintf(value, 256, "%.*s", (int)strcspn(start, "\r"), start);
      break;
    }
  }
  return value;
}

struct listener *twin_listen(struct engine *twin, const char *path) {
  struct buf request;
  buf_init(&request);
  buf_printf(&request, "GET %s HTTP/1.1\r\nHost: monitor\r\n\r\n", path);
  return send_request(twin, buf_take(&request, NULL));
}

struct hope {
  struct listener *listener;
  const char *text;
};

static bool was_heard(void *arg) {
  struct hope *hope = arg;
  struct listener *listener = hope->listener;
  return listener->ended ||
         (listener->heard.length > 0 && strstr(listener->heard.data, hope->text) != NULL);
}

bool listener_hears(struct listener *listener, const char *text) {
  struct hope hope = {.listener = listener, .text = text};
  if (!wait_until_loop(&listener->twin->loop, was_heard, &hope) || listener->heard.length == 0)
    return false;
  char *found = strstr(listener->heard.data, text);
  if (found == NULL)
    return false;
  size_t used = (size_t)(found - listener->heard.data) + strlen(text);
  memmove(listener->heard.data, listener->heard.data + used, listener->heard.length - used + 1);
  listener->heard.length -= used;
  return true;
}

int listener_count(struct listener *listener, const char *text) {
  int count = 0;
  const char *at = listener->heard.length == 0 ? NULL : strstr(listener->heard.data, text);
  for (; at != NULL; at = strstr(at + 1, text))
    count++;
  return count;
}
