#include "api/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/event_hub.h"
#include "api/static_files.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/address.h"

static char *text_or_empty(const char *text) {
  return mem_strdup(text == NULL ? "" : text);
}

struct api *api_create(const struct api_options *options) {
  struct api *api = mem_alloc(sizeof *api);
  api->engine = options->engine;
  api->log = options->log;
  api->version = text_or_empty(options->version);
  api->trusted_hosts = text_or_empty(options->trusted_hosts);
  api->webhook_secret = text_or_empty(options->webhook.secret);
  api->demo = options->demo;
  api->webhook = options->webhook;
  api->webhook.secret = api->webhook_secret;
  api->telegram = options->telegram;
  api->boot_ms = clock_wall_ms();
  api->files = static_files_create(options->web_dir, options->log);
  api->events = event_hub_create(api);
  api->waiting = 1; /* the event hub */
  return api;
}

void api_release(struct api *api) {
  if (--api->waiting > 0)
    return;
  static_files_destroy(api->files);
  free(api->version);
  free(api->trusted_hosts);
  free(api->webhook_secret);
  free(api);
}

static void on_hub_gone(void *arg) {
  api_release(arg);
}

void api_destroy(struct api *api) {
  if (api == NULL)
    return;
  api->stopping = true;
  event_hub_destroy(api->events, on_hub_gone, api);
}

void api_each_route(void (*visit)(const char *method, const char *pattern, void *arg), void *arg) {
  for (const struct route *const *table = route_tables; *table != NULL; table++) {
    for (const struct route *route = *table; route->method != NULL; route++)
      visit(route->method, route->pattern, arg);
  }
}

/* ------------------------------------------------------------ guard */

/* Telegram posts to whatever name its owner gave it; the secret guards that route. */
static bool is_for_us(const struct api *api, struct http_exchange *exchange) {
  const char *host = http_exchange_header(exchange, "Host");
  return host == NULL || address_host_is_ours(host, api->trusted_hosts) ||
         str_equal(http_exchange_path(exchange), "/api/v1/telegram/webhook");
}

/* A page of another site can make a browser post to us. It cannot hide where it
 * comes from: browsers send Origin with every such request. Programs send none. */
static bool is_own_page(struct http_exchange *exchange) {
  const char *origin = http_exchange_header(exchange, "Origin");
  const char *host = http_exchange_header(exchange, "Host");
  if (origin == NULL)
    return true;
  const char *authority = strstr(origin, "://");
  return authority != NULL && host != NULL && strcasecmp(authority + 3, host) == 0;
}

static void answer_write(struct request *request, const struct route *route) {
  if (is_own_page(request->exchange)) {
    route->answer(request);
    return;
  }
  answer_problem(request->exchange, 403,
                 "refused: a page of another site (%.80s) asks for a change. Behind a reverse "
                 "proxy, let it pass on the Host header",
                 http_exchange_header(request->exchange, "Origin"));
}

/* ------------------------------------------------------------ the dashboard's files */

static const char no_dashboard[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bitaxe Monitor</title>"
    "<h1>Bitaxe Monitor is running</h1>"
    "<p>Its dashboard is not built yet. Run <code>./start</code>, or <code>npm ci &amp;&amp; npm "
    "run build</code> in the folder <code>dashboard</code>, and start the monitor again."
    "<p>Until then: <a href=\"/api/v1/summary\">how things stand</a>, "
    "<a href=\"/api/v1/miners\">the miners</a>, <a href=\"/docs\">the interface</a>.</html>\n";

static bool wants_page(struct http_exchange *exchange) {
  const char *accept = http_exchange_header(exchange, "Accept");
  return accept != NULL && strstr(accept, "text/html") != NULL;
}

static void answer_no_dashboard(struct http_exchange *exchange) {
  answer_page(exchange, no_dashboard, sizeof no_dashboard - 1);
}

static void answer_nothing(struct http_exchange *exchange) {
  answer_problem(exchange, 404, "there is nothing at %.120s; /docs lists what there is",
                 http_exchange_path(exchange));
}

/* Every path that is no file is a place inside the dashboard's one page, when a
 * browser asks for it. */
static void answer_file(struct request *request) {
  struct static_files *files = request->api->files;
  const char *path = http_exchange_path(request->exchange);
  if (str_starts_with(path, "/api/"))
    answer_nothing(request->exchange);
  else if (strcmp(path, "/docs/") == 0)
    static_files_answer(files, request, "/docs/index.html", answer_nothing);
  else if (strcmp(path, "/") == 0 ||
           (wants_page(request->exchange) && strchr(path + 1, '.') == NULL))
    static_files_answer(files, request, "/index.html", answer_no_dashboard);
  else
    static_files_answer(files, request, path, answer_nothing);
}

/* ------------------------------------------------------------ dispatch */

static void answer_options(struct http_exchange *exchange, const char *allow) {
  struct http_response *response = http_response_create(204, NULL, "", 0);
  answer_headers(response, "no-store");
  http_response_header(response, "Allow", allow);
  http_exchange_send(exchange, response);
  http_response_release(response);
}

/* No route for this method and path: `allow` lists the methods of the path. */
static void answer_rest(struct request *request, const char *allow) {
  struct http_exchange *exchange = request->exchange;
  const char *method = http_exchange_method(exchange);
  bool known = allow[0] != '\0';
  bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
  if (!known && reads)
    answer_file(request);
  else if (strcmp(method, "OPTIONS") == 0)
    answer_options(exchange, known ? allow : "GET, HEAD, OPTIONS");
  else if (known)
    answer_not_allowed(exchange, allow);
  else
    answer_nothing(exchange);
}

static const char *copy_param(struct http_exchange *exchange, const struct route_params *params,
                              int index) {
  if (params->at[index] == NULL)
    return "";
  return arena_strndup(http_exchange_arena(exchange), params->at[index], params->length[index]);
}

void api_handle(struct http_exchange *exchange, void *arg) {
  struct api *api = arg;
  struct request request = {.api = api, .exchange = exchange, .param = "", .second = ""};
  if (api->stopping) {
    answer_problem(exchange, 503, "the monitor is stopping; try again when it runs");
    return;
  }
  if (!is_for_us(api, exchange)) {
    answer_problem(exchange, 403,
                   "the monitor is not known as '%.100s': open it by its address, or add the name "
                   "to TRUSTED_HOSTS",
                   http_exchange_header(exchange, "Host"));
    return;
  }
  struct buf allow;
  buf_init(&allow);
  struct route_params params;
  const struct route *route =
      route_find(http_exchange_method(exchange), http_exchange_path(exchange), &params, &allow);
  if (route == NULL) {
    answer_rest(&request, allow.length == 0 ? "" : allow.data);
  } else {
    request.param = copy_param(exchange, &params, 0);
    request.second = copy_param(exchange, &params, 1);
    switch (route->kind) {
    case ROUTE_LIVE:
      route->answer(&request);
      break;
    case ROUTE_STORED:
      deferred_run_stored(&request, route);
      break;
    case ROUTE_WRITE:
      answer_write(&request, route);
      break;
    }
  }
  buf_finish(&allow);
}
