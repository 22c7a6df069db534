#include "engine/alerts/gateway.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

enum {
  WAIT_MS = 1000, /* a router at home answers within some milliseconds */
  AGAIN_MS = 10 * 1000,
  KNOWN_MS = 60 * 1000,
  TEXT_MAX = 16 * 1024,
  RTF_UP_GATEWAY = 0x3, /* RTF_UP | RTF_GATEWAY of linux/route.h */
};

struct gateway {
  struct gateway_options options;
  uv_timer_t timer;
  int64_t asked_mono_ms, answered_mono_ms; /* 0: never */
  enum alert_gateway answer;
  struct attempt *attempt; /* NULL: none is open */
  int handles;
};

/* One connection; lives until its handle is closed. */
struct attempt {
  struct gateway *gateway;
  uv_tcp_t tcp;
  uv_connect_t connect;
};

bool gateway_parse_route(const char *text, uint32_t *address) {
  unsigned best = UINT32_MAX;
  bool found = false;
  for (const char *line = strchr(text, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
    char name[32];
    unsigned to, via, flags, metric, mask;
    if (sscanf(line + 1, "%31s %x %x %x %*d %*d %u %x", name, &to, &via, &flags, &metric, &mask) !=
        6)
      continue;
    bool is_default = to == 0 && mask == 0 && (flags & RTF_UP_GATEWAY) == RTF_UP_GATEWAY;
    if (!is_default || via == 0 || (found && metric >= best))
      continue;
    *address = via; /* printed as the number whose bytes in memory are the address */
    best = metric;
    found = true;
  }
  return found;
}

bool gateway_is_bridge(const char *arp, const char *address) {
  for (const char *line = strchr(arp, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
    char ip[64], mac[32];
    if (sscanf(line + 1, "%63s %*s %*s %31s", ip, mac) == 2 && strcmp(ip, address) == 0)
      return str_starts_with(mac, "02:42:");
  }
  return false;
}

/* These files are the kernel's memory: reading them waits for no disk. */
static bool read_proc(const struct gateway *gateway, const char *name, char text[TEXT_MAX]) {
  char path[256];
  const char *folder = gateway->options.proc_net != NULL ? gateway->options.proc_net : "/proc/net";
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return false;
  size_t length = fread(text, 1, TEXT_MAX - 1, file);
  text[length] = '\0';
  fclose(file);
  return true;
}

static bool find_router(const struct gateway *gateway, struct sockaddr_in *out) {
  char *text = mem_alloc(TEXT_MAX);
  char address[INET_ADDRSTRLEN];
  uint32_t via = 0;
  bool found = read_proc(gateway, "route", text) && gateway_parse_route(text, &via);
  struct in_addr in = {.s_addr = via};
  inet_ntop(AF_INET, &in, address, sizeof address);
  if (found && read_proc(gateway, "arp", text))
    found = !gateway_is_bridge(text, address);
  free(text);
  int port = gateway->options.port != 0 ? gateway->options.port : 80;
  return found && uv_ip4_addr(address, port, out) == 0;
}

static void release(struct gateway *gateway) {
  if (--gateway->handles == 0)
    free(gateway);
}

static void on_attempt_closed(uv_handle_t *handle) {
  struct attempt *attempt = handle->data;
  release(attempt->gateway);
  free(attempt);
}

static void finish(struct gateway *gateway, enum alert_gateway answer) {
  struct attempt *attempt = gateway->attempt;
  gateway->attempt = NULL;
  gateway->answer = answer;
  gateway->answered_mono_ms = clock_mono_ms();
  uv_timer_stop(&gateway->timer);
  uv_close((uv_handle_t *)&attempt->tcp, on_attempt_closed);
}

/* A refusal is an answer too: only who is there can refuse. */
static void on_connect(uv_connect_t *connect, int status) {
  struct attempt *attempt = connect->data;
  struct gateway *gateway = attempt->gateway;
  if (status == UV_ECANCELED || gateway->attempt != attempt)
    return;
  bool there = status == 0 || status == UV_ECONNREFUSED || status == UV_ECONNRESET;
  finish(gateway, there ? ALERT_GATEWAY_ANSWERS : ALERT_GATEWAY_SILENT);
}

static void on_timeout(uv_timer_t *timer) {
  struct gateway *gateway = timer->data;
  if (gateway->attempt != NULL)
    finish(gateway, ALERT_GATEWAY_SILENT);
}

struct gateway *gateway_create(const struct gateway_options *options) {
  struct gateway *gateway = mem_alloc(sizeof *gateway);
  gateway->options = *options;
  uv_timer_init(options->loop, &gateway->timer);
  gateway->timer.data = gateway;
  gateway->handles = 1;
  return gateway;
}

static void on_timer_closed(uv_handle_t *handle) {
  release(handle->data);
}

void gateway_close(struct gateway *gateway) {
  if (gateway == NULL)
    return;
  if (gateway->attempt != NULL)
    finish(gateway, ALERT_GATEWAY_UNKNOWN);
  uv_close((uv_handle_t *)&gateway->timer, on_timer_closed);
}

void gateway_ask(struct gateway *gateway) {
  int64_t now_ms = clock_mono_ms();
  struct sockaddr_in router;
  bool just_now = gateway->asked_mono_ms != 0 && now_ms - gateway->asked_mono_ms < AGAIN_MS;
  if (gateway->attempt != NULL || just_now)
    return;
  gateway->asked_mono_ms = now_ms;
  if (!find_router(gateway, &router)) {
    gateway->answer = ALERT_GATEWAY_UNKNOWN;
    return;
  }
  struct attempt *attempt = mem_alloc(sizeof *attempt);
  attempt->gateway = gateway;
  uv_tcp_init(gateway->options.loop, &attempt->tcp);
  attempt->tcp.data = attempt;
  attempt->connect.data = attempt;
  gateway->handles++;
  gateway->attempt = attempt;
  uv_timer_start(&gateway->timer, on_timeout, WAIT_MS, 0);
  int status = uv_tcp_connect(&attempt->connect, &attempt->tcp, (const struct sockaddr *)&router,
                              on_connect);
  if (status != 0) /* no way to it: the cable is out, or the Wi-Fi */
    finish(gateway, ALERT_GATEWAY_SILENT);
}

enum alert_gateway gateway_answer(const struct gateway *gateway) {
  bool known =
      gateway->answered_mono_ms != 0 && clock_mono_ms() - gateway->answered_mono_ms <= KNOWN_MS;
  return known ? gateway->answer : ALERT_GATEWAY_UNKNOWN;
}
