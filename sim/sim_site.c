#include "sim/sim_site.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/sim_http.h"
#include "sim/sim_void.h"
#include "sim/sim_web.h"

/* A place where a device can be found: a port of its own, or an address. */
struct place {
  struct sim_site *site;
  struct sim_http *server; /* with ports: listens there; NULL while refused or gone */
  struct sim_void *nobody; /* in its place while the device is gone; else NULL */
  uint16_t port;
  int device; /* -1: empty */
};

struct house {
  struct sim_device device;
  struct sim_web web;
  int place;
};

struct sim_site {
  struct sim_site_options options;
  uv_loop_t *loop;
  struct house *houses;
  struct place *places; /* the spare ones behind the first `count` are for moves */
  int place_count;
  int next_place;            /* spare */
  struct sim_http *wildcard; /* with addresses: the one socket */
  int64_t started_us;
  int64_t skipped_s;
  uint64_t requests;
};

static const double day_s = 86400;

/* --- time --- */

static int64_t site_now_s(const struct sim_site *site) {
  double real_s = (double)(clock_mono_us() - site->started_us) / 1e6;
  return (int64_t)(real_s * site->options.speed) + site->skipped_s;
}

static struct house *present(struct sim_site *site, int index) {
  assert(index >= 0 && index < site->options.count);
  struct house *house = &site->houses[index];
  int64_t missing_s = site_now_s(site) - house->device.now_s;
  if (missing_s > 0)
    sim_device_advance(&house->device, missing_s);
  return house;
}

struct sim_device *sim_site_get(struct sim_site *site, int index) {
  return &present(site, index)->device;
}

void sim_site_skip(struct sim_site *site, int64_t seconds) {
  site->skipped_s += seconds;
}

void sim_site_touch(struct sim_site *site, int index) {
  site->houses[index].web.info_s = -1;
}

uint64_t sim_site_requests(const struct sim_site *site) {
  return site->requests;
}

int sim_site_count(const struct sim_site *site) {
  return site->options.count;
}

/* --- requests --- */

static struct house *find_by_ip(struct sim_site *site, uint32_t ip) {
  uint32_t offset = ip - site->options.first_ip;
  if (offset >= (uint32_t)site->place_count || site->places[offset].device < 0)
    return NULL;
  return present(site, site->places[offset].device);
}

static bool on_address_admit(uint32_t local_ip, void *arg) {
  struct house *house = find_by_ip(arg, local_ip);
  return house != NULL && sim_web_admits(&house->device);
}

static void on_address_request(const struct sim_http_request *request, struct sim_http_reply *reply,
                               void *arg) {
  struct sim_site *site = arg;
  struct house *house = find_by_ip(site, request->local_ip);
  site->requests++;
  if (house == NULL)
    reply->conduct = SIM_HTTP_RESET;
  else
    sim_web_answer(&house->web, &house->device, site->options.refresh_s, request, reply);
}

static bool on_port_admit(uint32_t local_ip, void *arg) {
  const struct place *place = arg;
  (void)local_ip;
  return place->device >= 0 && sim_web_admits(&present(place->site, place->device)->device);
}

static void on_port_request(const struct sim_http_request *request, struct sim_http_reply *reply,
                            void *arg) {
  const struct place *place = arg;
  place->site->requests++;
  if (place->device < 0) {
    reply->conduct = SIM_HTTP_RESET;
    return;
  }
  struct house *house = present(place->site, place->device);
  sim_web_answer(&house->web, &house->device, place->site->options.refresh_s, request, reply);
}

/* --- places --- */

static bool has_ports(const struct sim_site *site) {
  return site->options.first_ip == 0;
}

static void format_ip(uint32_t ip, char text[16]) {
  snprintf(text, 16, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static uint32_t place_ip(const struct sim_site *site, int place) {
  return has_ports(site) ? INADDR_LOOPBACK : site->options.first_ip + (uint32_t)place;
}

static void put_device(struct sim_site *site, int index, int place) {
  site->houses[index].place = place;
  site->places[place].device = index;
  format_ip(place_ip(site, place), site->houses[index].device.ipv4);
  sim_site_touch(site, index);
}

void sim_site_format_url(const struct sim_site *site, int index, char url[SIM_SITE_URL_MAX]) {
  char ip[16];
  const struct place *place = &site->places[site->houses[index].place];
  format_ip(place_ip(site, (int)(place - site->places)), ip);
  snprintf(url, SIM_SITE_URL_MAX, "http://%s:%u", ip, (unsigned)place->port);
}

/* With ports: (re)opens the place's socket at the port that it had before. */
static bool open_place(struct sim_site *site, int index, struct err *err) {
  struct place *place = &site->places[index];
  if (!has_ports(site) || place->server != NULL)
    return true;
  struct sim_http_options options = {.host = "127.0.0.1",
                                     .port = place->port,
                                     .handler = on_port_request,
                                     .admit = on_port_admit,
                                     .arg = place};
  if (!sim_http_listen(&place->server, site->loop, &options, err))
    return false;
  place->port = sim_http_port(place->server);
  return true;
}

static void close_place(struct place *place) {
  sim_http_close(place->server);
  sim_void_close(place->nobody);
  place->server = NULL;
  place->nobody = NULL;
}

/* With ports: what is found at the place of a device follows from its faults. */
static bool settle_place(struct sim_site *site, int device, struct err *err) {
  const struct house *house = &site->houses[device];
  struct place *place = &site->places[house->place];
  bool gone = sim_device_has(&house->device, SIM_GONE);
  bool refuses = sim_device_has(&house->device, SIM_REFUSE);
  if (!has_ports(site))
    return true;
  if (gone && place->nobody != NULL)
    return true;
  if (gone || refuses || place->nobody != NULL)
    close_place(place);
  if (gone)
    return sim_void_open(&place->nobody, place->port, err);
  return refuses || open_place(site, house->place, err);
}

bool sim_site_move(struct sim_site *site, int index, struct err *err) {
  int old = site->houses[index].place;
  if (site->next_place == site->place_count)
    return err_set(err, ERR_CONFLICT, "no free address is left: restart the simulator");
  if (!open_place(site, site->next_place, err))
    return false;
  site->places[old].device = -1;
  close_place(&site->places[old]);
  put_device(site, index, site->next_place++);
  return settle_place(site, index, err);
}

bool sim_site_swap(struct sim_site *site, int a, int b, struct err *err) {
  int place_a = site->houses[a].place;
  put_device(site, a, site->houses[b].place);
  put_device(site, b, place_a);
  return settle_place(site, a, err) && settle_place(site, b, err);
}

bool sim_site_break(struct sim_site *site, int index, enum sim_fault fault, const double *value,
                    struct err *err) {
  struct house *house = present(site, index);
  if (fault == SIM_GONE && !has_ports(site))
    return err_set(err, ERR_CONFLICT,
                   "one socket answers for all addresses: leave out --addresses, or take 'refuse'");
  if (!sim_device_break(&house->device, fault, value, err))
    return false;
  sim_site_touch(site, index);
  return settle_place(site, index, err);
}

bool sim_site_repair(struct sim_site *site, int index, enum sim_fault fault, struct err *err) {
  struct house *house = present(site, index);
  sim_device_repair(&house->device, fault);
  sim_site_touch(site, index);
  return settle_place(site, index, err);
}

/* --- opening --- */

static void init_devices(struct sim_site *site) {
  const struct sim_site_options *options = &site->options;
  struct rand rand;
  rand_init(&rand, options->seed);
  for (int i = 0; i < options->count; i++) {
    struct house *house = &site->houses[i];
    struct sim_device_options device = {
        .index = i,
        .seed = options->seed,
        .board = options->boards[i % options->board_count],
        .firmware = options->firmwares[i % options->firmware_count],
        .uptime_s = options->fresh ? 0 : (0.2 + 9 * rand_unit(&rand)) * day_s,
    };
    sim_device_init(&house->device, &device);
    house->device.now_s = 0;
    sim_web_init(&house->web);
  }
}

static bool open_wildcard(struct sim_site *site, struct err *err) {
  struct sim_http_options options = {.host = "0.0.0.0",
                                     .port = site->options.port,
                                     .backlog = 4096,
                                     .handler = on_address_request,
                                     .admit = on_address_admit,
                                     .arg = site};
  if (!sim_http_listen(&site->wildcard, site->loop, &options, err))
    return false;
  for (int i = 0; i < site->place_count; i++)
    site->places[i].port = sim_http_port(site->wildcard);
  return true;
}

bool sim_site_open(struct sim_site **out, uv_loop_t *loop, const struct sim_site_options *options,
                   struct err *err) {
  assert(options->count > 0 && options->board_count > 0 && options->firmware_count > 0);
  const int spare = 4096;
  struct sim_site *site = mem_alloc(sizeof *site);
  site->options = *options;
  site->loop = loop;
  site->houses = mem_alloc((size_t)options->count * sizeof site->houses[0]);
  site->place_count = options->count + spare;
  site->next_place = options->count;
  site->places = mem_alloc((size_t)site->place_count * sizeof site->places[0]);
  site->started_us = clock_mono_us();
  for (int i = 0; i < site->place_count; i++)
    site->places[i] = (struct place){.site = site, .device = -1};
  init_devices(site);
  bool good = has_ports(site) || open_wildcard(site, err);
  for (int i = 0; good && i < options->count; i++) {
    put_device(site, i, i);
    good = open_place(site, i, err);
  }
  if (!good) {
    sim_site_close(site);
    return false;
  }
  *out = site;
  return true;
}

void sim_site_close(struct sim_site *site) {
  if (site == NULL)
    return;
  /* Sockets close later, but ask nothing of the site any more. */
  sim_http_close(site->wildcard);
  for (int i = 0; i < site->place_count; i++)
    close_place(&site->places[i]);
  for (int i = 0; i < site->options.count; i++) {
    sim_device_finish(&site->houses[i].device);
    sim_web_finish(&site->houses[i].web);
  }
  free(site->houses);
  free(site->places);
  free(site);
}
