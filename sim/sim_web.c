#include "sim/sim_web.h"

#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "sim/sim_info.h"
#include "sim/sim_pages.h"

static const char home_page[] = "<!doctype html><html><head><title>AxeOS</title></head>"
                                "<body>A simulated miner.</body></html>";
static const char portal_text[] = "Redirect to the captive portal";

struct visit {
  struct sim_web *web;
  struct sim_device *device;
  int refresh_s;
  const struct sim_http_request *request;
  struct sim_http_reply *reply;
};

void sim_web_init(struct sim_web *web) {
  *web = (struct sim_web){.info_s = -1};
  buf_init(&web->info);
  buf_init(&web->page);
}

void sim_web_finish(struct sim_web *web) {
  buf_finish(&web->info);
  buf_finish(&web->page);
}

bool sim_web_admits(const struct sim_device *device) {
  return device->boot_left_s <= 0 && !sim_device_has(device, SIM_REFUSE);
}

static void reply_text(struct sim_http_reply *reply, int status, const char *type,
                       const char *text) {
  reply->status = status;
  reply->content_type = type;
  reply->body = text;
  reply->body_length = strlen(text);
}

static void reply_buf(struct sim_http_reply *reply, const struct buf *buf) {
  reply->body = buf->data != NULL ? buf->data : "";
  reply->body_length = buf->length;
}

static struct buf *fresh_page(struct sim_web *web) {
  const size_t keep = 1 << 20;
  if (web->page.capacity > keep)
    buf_finish(&web->page);
  buf_clear(&web->page);
  return &web->page;
}

static void redirect(struct sim_http_reply *reply) {
  reply_text(reply, 302, "text/html", portal_text);
  reply->header = "Location: /";
}

/* --- routes --- */

static void get_info(struct visit *visit) {
  struct sim_web *web = visit->web;
  int64_t now_s = visit->device->now_s;
  bool old = web->info_s < 0 || now_s - web->info_s >= visit->refresh_s;
  if (old) {
    buf_clear(&web->info);
    sim_info_render(visit->device, &web->info);
    web->info_s = now_s;
  }
  reply_buf(visit->reply, &web->info);
}

static void get_asic(struct visit *visit) {
  struct buf *page = fresh_page(visit->web);
  sim_pages_asic(visit->device, page);
  reply_buf(visit->reply, page);
}

static void get_statistics(struct visit *visit) {
  struct buf *page = fresh_page(visit->web);
  const char *query = visit->request->query;
  bool some = str_starts_with(query, "columns=");
  sim_pages_statistics(visit->device, some ? query + strlen("columns=") : NULL, page);
  reply_buf(visit->reply, page);
}

static void get_metrics(struct visit *visit) {
  struct buf *page = fresh_page(visit->web);
  sim_pages_metrics(visit->device, page);
  visit->reply->content_type = "text/plain; version=0.0.4";
  reply_buf(visit->reply, page);
}

static void get_scoreboard(struct visit *visit) {
  reply_text(visit->reply, 200, "application/json", "[]");
}

static void get_home(struct visit *visit) {
  reply_text(visit->reply, 200, "text/html", home_page);
}

static void post_restart(struct visit *visit) {
  bool json = visit->device->firmware.release >= SIM_RELEASE(11, 0);
  sim_device_restart(visit->device, "Software reset via esp_restart");
  reply_text(visit->reply, 200, json ? "application/json" : "text/html",
             json ? "{\"message\":\"System will restart shortly.\"}"
                  : "System will restart shortly.");
}

static void set_pause(struct visit *visit, bool paused) {
  struct err err = {0};
  bool good = sim_device_pause(visit->device, paused, &err);
  reply_text(visit->reply, good ? 200 : 500, "application/json",
             paused ? "{\"message\":\"Mining paused\"}" : "{\"message\":\"Mining resumed\"}");
}

static void post_pause(struct visit *visit) {
  set_pause(visit, true);
}
static void post_resume(struct visit *visit) {
  set_pause(visit, false);
}

static void post_identify(struct visit *visit) {
  reply_text(visit->reply, 200, "application/json", "{\"message\":\"The device says Hi!\"}");
}

static void patch_system(struct visit *visit) {
  struct err err = {0};
  const struct sim_http_request *request = visit->request;
  struct json *settings = json_parse(request->body, request->body_length, NULL, &err);
  bool good = settings != NULL && sim_device_patch(visit->device, settings, &err);
  json_free(settings);
  if (!good)
    reply_text(visit->reply, 400, "text/html", settings ? "Wrong API input" : "Invalid JSON");
}

static const struct route {
  const char *method, *path;
  int since;
  void (*answer)(struct visit *visit);
  bool changes;
} routes[] = {
    {"GET", "/api/system/info", 0, get_info, false},
    {"GET", "/api/system/asic", SIM_RELEASE(7, 0), get_asic, false},
    {"GET", "/api/system/statistics", SIM_RELEASE(8, 0), get_statistics, false},
    {"GET", "/api/system/scoreboard", SIM_RELEASE(14, 0), get_scoreboard, false},
    {"POST", "/api/system/restart", 0, post_restart, true},
    {"POST", "/api/system/identify", SIM_RELEASE(12, 0), post_identify, false},
    {"POST", "/api/system/pause", SIM_RELEASE(14, 0), post_pause, true},
    {"POST", "/api/system/resume", SIM_RELEASE(14, 0), post_resume, true},
    {"PATCH", "/api/system", 0, patch_system, true},
    {"GET", "/metrics", 0, get_metrics, false},
    {"GET", "/", 0, get_home, false},
};

static void answer_well(struct visit *visit) {
  const struct sim_http_request *request = visit->request;
  int release = visit->device->firmware.release;
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    const struct route *route = &routes[i];
    if (release < route->since || !str_equal(route->path, request->path) ||
        !str_equal(route->method, request->method))
      continue;
    if (route->changes)
      visit->web->info_s = -1;
    route->answer(visit);
    return;
  }
  bool api = str_starts_with(request->path, "/api/");
  if (api && str_equal(request->method, "OPTIONS"))
    reply_text(visit->reply, 200, "text/html", "");
  else if (api && release >= SIM_RELEASE(10, 0))
    reply_text(visit->reply, 404, "application/json", "{\"error\":\"unknown route\"}");
  else
    redirect(visit->reply);
}

/* --- faults --- */

static void answer_garbage(struct visit *visit) {
  struct buf *page = fresh_page(visit->web);
  for (int i = 0; i < 600; i++)
    buf_append_char(page, (char)(rand_u64(&visit->device->rand) & 255));
  reply_buf(visit->reply, page);
}

static void answer_huge(struct visit *visit) {
  const size_t size = 10 << 20;
  struct buf *page = fresh_page(visit->web);
  buf_append_text(page, "{\"hashRate\":1000,\"ASICModel\":\"BM1370\",\"filler\":\"");
  buf_reserve(page, size);
  memset(page->data + page->length, 'x', size);
  page->length += size;
  buf_append_text(page, "\"}");
  reply_buf(visit->reply, page);
}

/* The bytes of an answer that a fault puts in place of the right one; false
 * when no such fault is active. */
static bool answer_wrongly(struct visit *visit) {
  struct sim_http_reply *reply = visit->reply;
  const struct sim_device *device = visit->device;
  if (sim_device_has(device, SIM_GARBAGE)) {
    answer_garbage(visit);
  } else if (sim_device_has(device, SIM_NOT_HTTP)) {
    reply_text(reply, 200, "", "SSH-2.0-simulated\r\n");
    reply->conduct = SIM_HTTP_RAW;
  } else if (sim_device_has(device, SIM_HUGE)) {
    answer_huge(visit);
  } else if (sim_device_has(device, SIM_HTML)) {
    reply_text(reply, 200, "text/html", home_page);
  } else if (sim_device_has(device, SIM_HTTP_401)) {
    reply_text(reply, 401, "text/html", "Unauthorized");
  } else if (sim_device_has(device, SIM_HTTP_302)) {
    redirect(reply);
  } else if (sim_device_has(device, SIM_HTTP_500)) {
    reply_text(reply, 500, "text/html", "Internal Server Error");
  } else if (sim_device_has(device, SIM_NOT_A_MINER)) {
    reply_text(reply, 200, "application/json",
               "{\"name\":\"living room lamp\",\"on\":true,\"brightness\":80}");
  } else {
    return false;
  }
  return true;
}

static enum sim_http_conduct choose_conduct(const struct sim_device *device) {
  if (sim_device_has(device, SIM_HANG) || sim_device_has(device, SIM_WEB_DEAD))
    return SIM_HTTP_SILENT;
  if (sim_device_has(device, SIM_RESET))
    return SIM_HTTP_RESET_HALF;
  if (sim_device_has(device, SIM_TRUNCATED))
    return SIM_HTTP_TRUNCATE;
  if (sim_device_has(device, SIM_SLOW))
    return SIM_HTTP_DRIP;
  return SIM_HTTP_ANSWER;
}

void sim_web_answer(struct sim_web *web, struct sim_device *device, int refresh_s,
                    const struct sim_http_request *request, struct sim_http_reply *reply) {
  struct visit visit = {web, device, refresh_s, request, reply};
  if (!sim_web_admits(device)) {
    reply->conduct = SIM_HTTP_RESET;
    return;
  }
  if (answer_wrongly(&visit))
    return;
  reply->conduct = choose_conduct(device);
  if (reply->conduct != SIM_HTTP_SILENT)
    answer_well(&visit);
}
