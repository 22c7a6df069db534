/* /api/v1/scan: the search for miners in the home network. What it finds waits for
 * POST /api/v1/miners. */
#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "base/json_write.h"
#include "engine/setup/scan.h"

static const char isolated_text[] =
    "the monitor runs in a container with a network of its own, from where it cannot tell which "
    "network your miners are in. Give the network, such as 192.168.1.0/24, or let the container "
    "use the host's network: docs/docker.md tells how";

static const char no_network_text[] =
    "this computer is in no home network now: check its cable or Wi-Fi, or give the network to "
    "search, such as 192.168.1.0/24";

/* ------------------------------------------------------------ how it stands */

static void write_network(struct json_write *json, const char *key,
                          const struct home_network *network) {
  char text[HOME_NETWORK_TEXT_MAX];
  home_network_format(network, text);
  json_write_text(json, key, text);
}

static void write_found(struct json_write *json, struct fleet *fleet,
                        const struct scan_found *found) {
  const struct fleet_miner *miner = fleet_find_mac(fleet, found->mac);
  if (miner == NULL)
    miner = fleet_find_address(fleet, found->address);
  json_write_object(json, NULL);
  json_write_text(json, "address", found->address);
  json_write_text(json, "model", found->model[0] != '\0' ? found->model : NULL);
  json_write_text(json, "hostname", found->hostname[0] != '\0' ? found->hostname : NULL);
  json_write_text(json, "mac", found->mac[0] != '\0' ? found->mac : NULL);
  if (miner != NULL)
    json_write_i64(json, "miner_id", miner->miner.id);
  else
    json_write_null(json, "miner_id");
  json_write_object_end(json);
}

/* The networks that can be searched without being named, and why there are none. */
static void write_networks(struct json_write *json) {
  struct home_network networks[HOME_NETWORKS_MAX];
  bool isolated;
  size_t count = home_network_list(networks, &isolated);
  json_write_array(json, "networks");
  for (size_t i = 0; i < count; i++)
    write_network(json, NULL, &networks[i]);
  json_write_array_end(json);
  const char *problem = isolated ? isolated_text : no_network_text;
  const char *code = isolated ? "isolated" : "no_network";
  json_write_text(json, "problem_code", count == 0 ? code : NULL);
  json_write_text(json, "problem", count == 0 ? problem : NULL);
}

static void write_scan(struct buf *body, struct engine *engine) {
  const struct scan *scan = engine_scan(engine);
  struct scan_progress progress;
  struct json_write json;
  scan_progress(scan, &progress);
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_text(&json, "state", scan_state_name(progress.state));
  if (progress.state == SCAN_IDLE)
    json_write_null(&json, "network");
  else
    write_network(&json, "network", &progress.network);
  json_write_i64(&json, "asked", (int64_t)progress.asked);
  json_write_i64(&json, "total", (int64_t)progress.total);
  json_write_time(&json, "started_at", progress.started_ms);
  json_write_time(&json, "ended_at", progress.ended_ms);
  json_write_array(&json, "found");
  for (size_t i = 0; i < scan_count(scan); i++)
    write_found(&json, engine_fleet(engine), scan_at(scan, i));
  json_write_array_end(&json);
  write_networks(&json);
  json_write_object_end(&json);
}

/* False when it was answered. */
static bool has_scan(struct request *request) {
  if (engine_scan(request->api->engine) != NULL)
    return true;
  answer_problem(request->exchange, 503, "the monitor is stopping: try again when it runs");
  return false;
}

static void answer_scan(struct request *request, int status) {
  struct buf body;
  buf_init(&body);
  write_scan(&body, request->api->engine);
  answer_json(request->exchange, status, &body, NULL);
  buf_finish(&body);
}

static void get_scan(struct request *request) {
  if (has_scan(request))
    answer_scan(request, 200);
}

/* ------------------------------------------------------------ beginning, ending */

static bool read_port(const struct json *body, uint16_t *port, struct err *err) {
  const struct json *value = json_get(body, "port");
  int64_t number = 80;
  if (value != NULL && json_type(value) != JSON_NULL && !json_i64(value, 1, UINT16_MAX, &number))
    return err_set(err, ERR_INVALID, "`port` must be a whole number from 1 to 65535");
  *port = (uint16_t)number;
  return true;
}

static bool choose_network(const char *given, struct home_network *network, struct err *err) {
  struct home_network networks[HOME_NETWORKS_MAX];
  bool isolated;
  if (given != NULL)
    return home_network_parse(given, network, err);
  if (home_network_list(networks, &isolated) == 0)
    return err_set(err, ERR_INVALID, "%s", isolated ? isolated_text : no_network_text);
  *network = networks[0];
  return true;
}

static void begin_scan(struct request *request) {
  struct json *body = has_scan(request) ? input_body(request) : NULL;
  struct home_network network;
  const char *given = NULL;
  uint16_t port = 0;
  struct err err;
  if (body == NULL)
    return;
  if (input_text(body, "network", INPUT_OPTIONAL, &given, &err) && read_port(body, &port, &err) &&
      choose_network(given, &network, &err) &&
      scan_begin(engine_scan(request->api->engine), &network, port, &err))
    answer_scan(request, 202);
  else
    answer_err(request->exchange, &err);
  json_free(body);
}

static void cancel_scan(struct request *request) {
  if (!has_scan(request))
    return;
  scan_cancel(engine_scan(request->api->engine));
  answer_empty(request->exchange, 204);
}

const struct route scan_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/scan", .answer = get_scan},
    {ROUTE_WRITE, "POST", "/api/v1/scan", .answer = begin_scan},
    {ROUTE_WRITE, "DELETE", "/api/v1/scan", .answer = cancel_scan},
    {0},
};
