#include "api/event_hub.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "api/api_state.h"
#include "api/face.h"
#include "api/render.h"
#include "base/clock.h"
#include "base/mem.h"

enum {
  MAX_STREAMS = 256,
  MAX_BEHIND = 1024 * 1024, /* bytes that may wait for a slow reader */
  TICK_MS = 1000,           /* a miner's event comes at most this often */
  PING_TICKS = 15,
  RECONNECT_MS = 2000,
};

struct event_stream {
  struct event_hub *hub;
  struct event_stream *prev, *next;
  struct http_stream *http;
  size_t limit; /* MAX_BEHIND and the first event, which holds all miners */
  bool ended;   /* told to end; `closed` is yet to come */
};

struct event_hub {
  struct api *api;
  struct bus_subscription *subscription;
  struct event_stream *first;
  size_t count;
  uint64_t next_id;
  struct buf body;    /* the JSON that is being made */
  struct buf event;   /* the event around it */
  struct buf summary; /* as last told, without its time */
  uv_timer_t timer;   /* runs while there are streams */
  int ticks;
  bool untold; /* some miner has news that wait for the next tick */
  bool timer_closed;
  void (*gone)(void *arg);
  void *gone_arg;
};

/* ------------------------------------------------------------ sending */

/* "id", "event" and one line of data (JSON as we write it holds no line break):
 * https://html.spec.whatwg.org/multipage/server-sent-events.html */
static void frame(struct event_hub *hub, const char *name, const struct buf *data) {
  buf_clear(&hub->event);
  buf_printf(&hub->event, "id: %" PRIu64 "\nevent: %s\ndata: ", ++hub->next_id, name);
  buf_append(&hub->event, data->data, data->length);
  buf_append_text(&hub->event, "\n\n");
}

static void send_to(struct event_stream *stream, const struct buf *event) {
  if (stream->ended || http_stream_write(stream->http, event->data, event->length, stream->limit))
    return;
  stream->ended = true;
  http_stream_end(stream->http);
}

/* Writing may close a stream at once, so the next one is read beforehand. */
static void send_to_all(struct event_hub *hub, const struct buf *event) {
  for (struct event_stream *stream = hub->first, *next; stream != NULL; stream = next) {
    next = stream->next;
    send_to(stream, event);
  }
}

static void broadcast(struct event_hub *hub, const char *name, const struct buf *data) {
  frame(hub, name, data);
  send_to_all(hub, &hub->event);
}

static struct json_write begin_body(struct event_hub *hub) {
  struct json_write json;
  buf_clear(&hub->body);
  json_write_init(&json, &hub->body);
  return json;
}

static struct render_monitor monitor_of(const struct event_hub *hub) {
  return (struct render_monitor){.version = hub->api->version,
                                 .has_demo = hub->api->demo.start != NULL};
}

/* ------------------------------------------------------------ what is told */

static void tell_miner(struct event_hub *hub, struct fleet_miner *miner, int64_t mono_ms) {
  struct face *face = face_get(miner);
  if (mono_ms - face->told_mono_ms < TICK_MS) {
    face->untold = true;
    hub->untold = true;
    return;
  }
  face->untold = false;
  face->told_mono_ms = mono_ms;
  broadcast(hub, "miner", face_json(miner));
}

static void tell_removed(struct event_hub *hub, int64_t id) {
  struct json_write json = begin_body(hub);
  json_write_object(&json, NULL);
  json_write_i64(&json, "id", id);
  json_write_object_end(&json);
  broadcast(hub, "removed", &hub->body);
}

static void tell_alert(struct event_hub *hub, const struct alert_event *alert) {
  struct fleet_miner *miner = fleet_find(engine_fleet(hub->api->engine), alert->miner_id);
  struct json_write json = begin_body(hub);
  render_alert_event(&json, NULL, 0, miner == NULL ? NULL : miner->miner.name, alert);
  broadcast(hub, "alert", &hub->body);
}

static void tell_health(struct event_hub *hub) {
  struct json_write json = begin_body(hub);
  render_health(&json, NULL, hub->api->engine, monitor_of(hub), clock_wall_ms());
  broadcast(hub, "health", &hub->body);
}

/* Only when the sentence is another one. `at` stands last in the JSON, and what
 * stands before it is what is said. */
static void tell_summary(struct event_hub *hub) {
  struct fleet *fleet = engine_fleet(hub->api->engine);
  int64_t now_ms = clock_wall_ms();
  struct json_write json = begin_body(hub);
  render_summary(&json, NULL, fleet, now_ms);
  const char *at = strstr(hub->body.data, ",\"at\":");
  size_t length = at == NULL ? hub->body.length : (size_t)(at - hub->body.data);
  if (length == hub->summary.length && memcmp(hub->summary.data, hub->body.data, length) == 0)
    return;
  buf_clear(&hub->summary);
  buf_append(&hub->summary, hub->body.data, length);
  broadcast(hub, "summary", &hub->body);
}

static void on_bus(const struct bus_event *event, void *arg) {
  struct event_hub *hub = arg;
  if (hub->first == NULL)
    return;
  struct fleet_miner *miner = fleet_find(engine_fleet(hub->api->engine), event->miner_id);
  switch (event->kind) {
  case BUS_MINER_CHANGED:
  case BUS_MINER_ADDED:
    if (miner != NULL)
      tell_miner(hub, miner, clock_mono_ms());
    break;
  case BUS_MINER_REMOVED:
    tell_removed(hub, event->miner_id);
    break;
  case BUS_ALERT:
    tell_alert(hub, event->alert);
    break;
  case BUS_HEALTH:
    tell_health(hub);
    break;
  }
}

/* ------------------------------------------------------------ the clock */

static void tell_waiting(struct event_hub *hub) {
  if (!hub->untold)
    return;
  hub->untold = false;
  struct fleet *fleet = engine_fleet(hub->api->engine);
  int64_t mono_ms = clock_mono_ms();
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    struct fleet_miner *miner = fleet_at(fleet, i);
    const struct face *face = miner->face;
    if (face != NULL && face->untold)
      tell_miner(hub, miner, mono_ms);
  }
}

static void on_tick(uv_timer_t *timer) {
  struct event_hub *hub = timer->data;
  tell_waiting(hub);
  tell_summary(hub);
  if (++hub->ticks % PING_TICKS == 0) {
    buf_clear(&hub->event);
    buf_append_text(&hub->event, ": ping\n\n");
    send_to_all(hub, &hub->event);
  }
}

/* ------------------------------------------------------------ streams */

static void free_when_idle(struct event_hub *hub) {
  if (!hub->timer_closed || hub->count > 0)
    return;
  hub->gone(hub->gone_arg);
  buf_finish(&hub->body);
  buf_finish(&hub->event);
  buf_finish(&hub->summary);
  free(hub);
}

static void on_stream_closed(void *arg) {
  struct event_stream *stream = arg;
  struct event_hub *hub = stream->hub;
  if (stream->prev != NULL)
    stream->prev->next = stream->next;
  else
    hub->first = stream->next;
  if (stream->next != NULL)
    stream->next->prev = stream->prev;
  hub->count--;
  free(stream);
  if (hub->gone != NULL)
    free_when_idle(hub);
  else if (hub->count == 0)
    uv_timer_stop(&hub->timer);
}

static void write_hello(struct event_hub *hub) {
  struct fleet *fleet = engine_fleet(hub->api->engine);
  int64_t now_ms = clock_wall_ms();
  struct json_write json = begin_body(hub);
  json_write_object(&json, NULL);
  json_write_text(&json, "version", hub->api->version);
  json_write_time(&json, "at", now_ms);
  json_write_array(&json, "miners");
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    const struct buf *one = face_json(fleet_at(fleet, i));
    json_write_raw(&json, NULL, one->data, one->length);
  }
  json_write_array_end(&json);
  render_summary(&json, "summary", fleet, now_ms);
  render_health(&json, "health", hub->api->engine, monitor_of(hub), now_ms);
  json_write_object_end(&json);
}

static void say_hello(struct event_stream *stream) {
  struct event_hub *hub = stream->hub;
  char retry[32];
  int length = snprintf(retry, sizeof retry, "retry: %d\n\n", RECONNECT_MS);
  write_hello(hub);
  frame(hub, "hello", &hub->body);
  stream->limit = MAX_BEHIND + hub->event.length;
  if (http_stream_write(stream->http, retry, (size_t)length, stream->limit))
    send_to(stream, &hub->event);
}

bool event_hub_join(struct event_hub *hub, struct request *request) {
  if (hub->count >= MAX_STREAMS)
    return false;
  struct event_stream *stream = mem_alloc(sizeof *stream);
  stream->hub = hub;
  stream->next = hub->first;
  if (hub->first != NULL)
    hub->first->prev = stream;
  hub->first = stream;
  if (hub->count++ == 0) {
    buf_clear(&hub->summary);
    uv_timer_start(&hub->timer, on_tick, TICK_MS, TICK_MS);
  }
  stream->http =
      http_exchange_stream(request->exchange, "text/event-stream", on_stream_closed, stream);
  say_hello(stream);
  return true;
}

size_t event_hub_streams(const struct event_hub *hub) {
  return hub->count;
}

/* ------------------------------------------------------------ life */

struct event_hub *event_hub_create(struct api *api) {
  struct event_hub *hub = mem_alloc(sizeof *hub);
  hub->api = api;
  buf_init(&hub->body);
  buf_init(&hub->event);
  buf_init(&hub->summary);
  uv_timer_init(engine_options(api->engine)->loop, &hub->timer);
  hub->timer.data = hub;
  hub->subscription = bus_subscribe(engine_bus(api->engine), on_bus, hub);
  return hub;
}

static void on_timer_closed(uv_handle_t *handle) {
  struct event_hub *hub = handle->data;
  hub->timer_closed = true;
  free_when_idle(hub);
}

void event_hub_destroy(struct event_hub *hub, void (*gone)(void *arg), void *arg) {
  bus_unsubscribe(hub->subscription);
  hub->gone = gone;
  hub->gone_arg = arg;
  for (struct event_stream *stream = hub->first, *next; stream != NULL; stream = next) {
    next = stream->next;
    if (stream->ended)
      continue;
    stream->ended = true;
    http_stream_end(stream->http);
  }
  uv_close((uv_handle_t *)&hub->timer, on_timer_closed);
}
