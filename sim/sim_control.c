#include "sim/sim_control.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

struct sim_control {
  struct sim_site *site;
  struct sim_http *server;
  struct buf page;
};

/* One request on its way through the routes. */
struct task {
  struct sim_site *site;
  int first, last; /* the devices it is about */
  const struct json *body;
  const char *query;
};

/* --- what a device looks like from here --- */

static void write_faults(struct json_write *json, const struct sim_device *device) {
  json_write_array(json, "faults");
  for (int fault = 0; fault < SIM_FAULT_COUNT; fault++) {
    if (sim_device_has(device, (enum sim_fault)fault))
      json_write_text(json, NULL, sim_fault_name((enum sim_fault)fault));
  }
  json_write_array_end(json);
}

static const char *halt_name(enum sim_halt halt) {
  static const char *const names[] = {"running", "booting", "overheated",
                                      "faulted", "paused",  "no_pool"};
  return names[halt];
}

static void write_device(struct json_write *json, struct sim_site *site, int index) {
  char url[SIM_SITE_URL_MAX];
  const struct sim_device *device = sim_site_get(site, index);
  sim_site_format_url(site, index, url);
  json_write_object(json, NULL);
  json_write_i64(json, "index", index);
  json_write_text(json, "address", url);
  json_write_text(json, "mac", device->mac);
  json_write_text(json, "model", device->board->name);
  json_write_text(json, "board_version", device->board->board_version);
  json_write_text(json, "firmware", device->firmware.version);
  json_write_text(json, "state", halt_name(device->halt));
  write_faults(json, device);
  json_write_number(json, "hashrate_ghs", device->now.hashrate_ghs, 1);
  json_write_number(json, "chip_temp_c", device->chip_c, 2);
  json_write_number(json, "vr_temp_c", device->vr_c, 2);
  json_write_number(json, "power_w", device->now.power_w, 2);
  json_write_number(json, "frequency_mhz", device->settings.frequency_mhz, 2);
  json_write_number(json, "core_voltage_mv", device->settings.core_mv, 2);
  json_write_number(json, "fan_pct", device->now.fan_pct, 1);
  json_write_number(json, "ambient_c", device->ambient_c, 2);
  json_write_number(json, "uptime_s", device->boot.uptime_s, 0);
  json_write_number(json, "shares_accepted", device->boot.accepted, 0);
  json_write_object_end(json);
}

/* --- commands --- */

static bool one_number(const struct json *body, const char *key, double *out) {
  return json_number(json_get(body, key), out);
}

static bool swap_devices(const struct task *task, struct err *err) {
  double with;
  int count = sim_site_count(task->site);
  if (!one_number(task->body, "with", &with) || with < 0 || with >= count ||
      task->first != task->last)
    return err_set(err, ERR_INVALID,
                   "a swap is between one device and another: {\"fault\": "
                   "\"swap\", \"with\": 1}");
  return sim_site_swap(task->site, task->first, (int)with, err);
}

/* Faults that happen once; false in `known` when the name is none of them. */
static bool happen_once(const struct task *task, const char *name, bool *known, struct err *err) {
  *known = true;
  if (str_equal(name, "swap"))
    return swap_devices(task, err);
  bool brownout = str_equal(name, "brownout"), reboot = brownout || str_equal(name, "reboot");
  if (!reboot && !str_equal(name, "dhcp_move")) {
    *known = false;
    return false;
  }
  for (int i = task->first; i <= task->last; i++) {
    sim_site_touch(task->site, i);
    if (reboot)
      sim_device_restart(sim_site_get(task->site, i),
                         brownout ? "Brown-out reset" : "Power-on reset");
    else if (!sim_site_move(task->site, i, err))
      return false;
  }
  return true;
}

static bool post_fault(const struct task *task, struct err *err) {
  const char *name = NULL;
  double value;
  bool has_value = one_number(task->body, "value", &value);
  bool known = false;
  if (!json_text(json_get(task->body, "fault"), &name))
    return err_set(err, ERR_INVALID, "say which: {\"fault\": \"overheat\"}");
  bool good = happen_once(task, name, &known, err);
  if (known)
    return good;
  enum sim_fault fault = sim_fault_find(name);
  if (fault == SIM_FAULT_COUNT)
    return err_set(err, ERR_INVALID, "there is no fault '%s': GET /faults lists them", name);
  for (int i = task->first; i <= task->last; i++) {
    if (!sim_site_break(task->site, i, fault, has_value ? &value : NULL, err))
      return false;
  }
  return true;
}

static bool delete_fault(const struct task *task, struct err *err) {
  enum sim_fault fault = SIM_FAULT_COUNT;
  if (str_starts_with(task->query, "fault=")) {
    fault = sim_fault_find(task->query + strlen("fault="));
    if (fault == SIM_FAULT_COUNT)
      return err_set(err, ERR_INVALID, "there is no fault of that name: GET /faults lists them");
  }
  for (int i = task->first; i <= task->last; i++) {
    if (!sim_site_repair(task->site, i, fault, err))
      return false;
  }
  return true;
}

static const struct {
  const char *key;
  size_t offset; /* of a double in struct sim_device */
} settable[] = {
    {"temp_c", offsetof(struct sim_device, chip_c)},
    {"vr_temp_c", offsetof(struct sim_device, vr_c)},
    {"ambient_c", offsetof(struct sim_device, ambient_c)},
    {"frequency_mhz", offsetof(struct sim_device, settings.frequency_mhz)},
    {"core_voltage_mv", offsetof(struct sim_device, settings.core_mv)},
    {"temp_target_c", offsetof(struct sim_device, settings.temp_target_c)},
    {"pool_difficulty", offsetof(struct sim_device, pool_difficulty)},
    {"blocks_found", offsetof(struct sim_device, boot.blocks)},
    {"best_diff", offsetof(struct sim_device, all_time_best)},
    {"uptime_s", offsetof(struct sim_device, boot.uptime_s)},
    {"shares_accepted", offsetof(struct sim_device, boot.accepted)},
    {"shares_rejected", offsetof(struct sim_device, boot.rejected)},
};
enum { SETTABLE_COUNT = sizeof settable / sizeof settable[0] };

static bool set_one(struct sim_device *device, const struct json *value, struct err *err) {
  double number;
  if (!json_number(value, &number))
    return err_set(err, ERR_INVALID, "'%s' must be a number", json_key(value));
  for (size_t i = 0; i < SETTABLE_COUNT; i++) {
    if (str_equal(settable[i].key, json_key(value))) {
      *(double *)(void *)((char *)device + settable[i].offset) = number;
      return true;
    }
  }
  return err_set(err, ERR_INVALID, "'%s' cannot be set", json_key(value));
}

/* Only numbers that the physics can live with. */
static bool check_settings(const struct json *body, struct err *err) {
  double number;
  if (json_type(body) != JSON_OBJECT)
    return err_set(err, ERR_INVALID, "send an object such as {\"ambient_c\": 35}");
  if (one_number(body, "frequency_mhz", &number) && (number < 0 || number > 2000))
    return err_set(err, ERR_INVALID, "'frequency_mhz' must be within 0 and 2000");
  if (one_number(body, "core_voltage_mv", &number) && (number < 100 || number > 2000))
    return err_set(err, ERR_INVALID, "'core_voltage_mv' must be within 100 and 2000");
  if (one_number(body, "pool_difficulty", &number) && number < 1)
    return err_set(err, ERR_INVALID, "'pool_difficulty' must be at least 1");
  return true;
}

static bool post_set(const struct task *task, struct err *err) {
  if (!check_settings(task->body, err))
    return false;
  for (int i = task->first; i <= task->last; i++) {
    struct sim_device *device = sim_site_get(task->site, i);
    sim_site_touch(task->site, i);
    for (const struct json *v = json_first(task->body); v != NULL; v = json_next(v)) {
      if (!set_one(device, v, err))
        return false;
    }
  }
  return true;
}

static bool post_skip(const struct task *task, struct err *err) {
  int64_t seconds;
  if (!json_i64(json_get(task->body, "seconds"), 0, 86400 * 30, &seconds))
    return err_set(err, ERR_INVALID, "say how far: {\"seconds\": 3600}, at most 30 days");
  sim_site_skip(task->site, seconds);
  return true;
}

static bool get_nothing(const struct task *task, struct err *err) {
  (void)task;
  (void)err;
  return true;
}

/* --- requests --- */

static const struct command {
  const char *method, *name; /* name: what stands behind /devices/{i} */
  bool (*run)(const struct task *task, struct err *err);
} commands[] = {
    {"GET", "", get_nothing},
    {"POST", "/fault", post_fault},
    {"DELETE", "/fault", delete_fault},
    {"POST", "/set", post_set},
};

/* Reads "/devices", "/devices/all/x" or "/devices/3/x"; gives what stands behind. */
static const char *find_devices(struct task *task, const char *path) {
  const char *rest = path + strlen("/devices");
  task->first = 0;
  task->last = sim_site_count(task->site) - 1;
  if (*rest == '\0')
    return rest;
  if (str_starts_with(rest, "/all"))
    return rest + strlen("/all");
  char *end = NULL;
  long index = rest[0] == '/' ? strtol(rest + 1, &end, 10) : -1;
  if (end == NULL || end == rest + 1 || index < 0 || index > task->last)
    return NULL;
  task->first = (int)index;
  task->last = (int)index;
  return end;
}

static bool run_command(struct task *task, const struct sim_http_request *request,
                        struct err *err) {
  const char *name = find_devices(task, request->path);
  if (name == NULL)
    return err_set(err, ERR_NOT_FOUND, "there are devices 0 to %d, and 'all'", task->last);
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (str_equal(commands[i].name, name) && str_equal(commands[i].method, request->method))
      return commands[i].run(task, err);
  }
  return err_set(err, ERR_NOT_FOUND, "no such command");
}

static void write_devices(struct json_write *json, const struct task *task) {
  json_write_object(json, NULL);
  json_write_array(json, "items");
  for (int i = task->first; i <= task->last; i++)
    write_device(json, task->site, i);
  json_write_array_end(json);
  json_write_null(json, "next");
  json_write_object_end(json);
}

static void write_fault_names(struct json_write *json) {
  json_write_object(json, NULL);
  json_write_array(json, "items");
  for (int fault = 0; fault < SIM_FAULT_COUNT; fault++)
    json_write_text(json, NULL, sim_fault_name((enum sim_fault)fault));
  json_write_text(json, NULL, "reboot");
  json_write_text(json, NULL, "brownout");
  json_write_text(json, NULL, "dhcp_move");
  json_write_text(json, NULL, "swap");
  json_write_array_end(json);
  json_write_null(json, "next");
  json_write_object_end(json);
}

/* An outside count for benchmarks: what the asker claims can be checked. */
static void write_requests(struct json_write *json, const struct task *task) {
  json_write_object(json, NULL);
  json_write_i64(json, "requests", (int64_t)sim_site_requests(task->site));
  json_write_object_end(json);
}

static int status_of(const struct err *err) {
  switch (err->code) {
  case ERR_NOT_FOUND:
    return 404;
  case ERR_CONFLICT:
    return 409;
  case ERR_IO:
    return 500;
  default:
    return 400;
  }
}

static bool answer(struct task *task, const struct sim_http_request *request,
                   struct json_write *json, struct err *err) {
  if (str_equal(request->path, "/faults")) {
    write_fault_names(json);
    return true;
  }
  if (str_equal(request->path, "/requests")) {
    write_requests(json, task);
    return true;
  }
  bool skip = str_equal(request->path, "/skip") && str_equal(request->method, "POST");
  if (!skip && !str_starts_with(request->path, "/devices"))
    return err_set(err, ERR_NOT_FOUND, "try GET /devices or GET /faults");
  task->last = sim_site_count(task->site) - 1;
  if (!(skip ? post_skip(task, err) : run_command(task, request, err)))
    return false;
  write_devices(json, task);
  return true;
}

void sim_control_answer(struct sim_control *control, const struct sim_http_request *request,
                        struct sim_http_reply *reply) {
  struct err err = {0};
  struct json *body = NULL;
  struct task task = {.site = control->site, .query = request->query};
  struct json_write json;
  buf_clear(&control->page);
  json_write_init(&json, &control->page);
  bool good = request->body_length == 0 ||
              (body = json_parse(request->body, request->body_length, NULL, &err)) != NULL;
  task.body = body;
  if (!good || !answer(&task, request, &json, &err)) {
    buf_clear(&control->page);
    json_write_init(&json, &control->page);
    json_write_object(&json, NULL);
    json_write_text(&json, "error", err.text);
    json_write_object_end(&json);
    reply->status = status_of(&err);
  }
  json_free(body);
  reply->body = control->page.data;
  reply->body_length = control->page.length;
}

static void on_request(const struct sim_http_request *request, struct sim_http_reply *reply,
                       void *arg) {
  sim_control_answer(arg, request, reply);
}

/* --- life --- */

bool sim_control_open(struct sim_control **out, uv_loop_t *loop, struct sim_site *site,
                      uint16_t port, struct err *err) {
  struct sim_control *control = mem_alloc(sizeof *control);
  struct sim_http_options options = {
      .host = "127.0.0.1", .port = port, .handler = on_request, .arg = control};
  control->site = site;
  buf_init(&control->page);
  if (!sim_http_listen(&control->server, loop, &options, err)) {
    free(control);
    return false;
  }
  *out = control;
  return true;
}

uint16_t sim_control_port(const struct sim_control *control) {
  return sim_http_port(control->server);
}

void sim_control_close(struct sim_control *control) {
  if (control == NULL)
    return;
  sim_http_close(control->server);
  buf_finish(&control->page);
  free(control);
}
