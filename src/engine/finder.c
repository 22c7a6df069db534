#include "engine/finder.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "miner/miner_driver.h"
#include "net/address.h"

enum {
  MISSING_MS = 60 * 1000,
  PAUSE_FIRST_MS = 60 * 1000,
  PAUSE_LONGEST_MS = 60 * 60 * 1000,
  AT_A_TIME = 4,
  LAST_HOST = 254,
  CONNECT_MS = 1000,
  ANSWER_MS = 5000,
};

/* A question to one neighbour. */
struct probe {
  struct finder *finder;
  struct http_call *call; /* NULL: this place is free */
  char url[ADDRESS_URL_MAX];
};

struct finder {
  struct finder_options options;
  uv_timer_t timer;
  struct probe probes[AT_A_TIME];
  int in_flight;
  int next_host;    /* of the sweep, 1..LAST_HOST; beyond: no sweep is under way */
  uint32_t network; /* the sweep's /24, host byte order, last byte 0 */
  uint16_t port;
  int64_t last_id;  /* the miner that the last sweep was for */
  int64_t pause_ms; /* until the next sweep; grows while somebody is missing */
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void ask_on(struct finder *finder);

/* ------------------------------------------------------------ who is missing */

static bool is_missing(const struct finder *finder, const struct fleet_miner *miner) {
  const struct miner_memory *memory = &miner->memory;
  bool gone = memory->state == STATE_OFFLINE ||
              (memory->state == STATE_UNRESPONSIVE &&
               (memory->reason == REASON_OTHER_DEVICE || memory->reason == REASON_REFUSED));
  int64_t wait_ms = finder->options.missing_ms > 0 ? finder->options.missing_ms : MISSING_MS;
  return gone && miner->miner.mac[0] != '\0' && clock_wall_ms() - memory->state_since_ms >= wait_ms;
}

/* The network and port of an address, when its neighbours may be asked. */
static bool neighbourhood(const char *url, uint32_t *network, uint16_t *port) {
  struct address address;
  struct err err;
  struct in_addr ip;
  if (!address_parse(url, &address, &err) || inet_pton(AF_INET, address.host, &ip) != 1)
    return false;
  enum address_scope scope = address_scope(address.host);
  *network = ntohl(ip.s_addr) & ~UINT32_C(0xff);
  *port = address.port;
  return scope == ADDRESS_PRIVATE || scope == ADDRESS_LOOPBACK;
}

/* The missing miner whose turn it is: the first after the one that the last sweep
 * was for, so that one that is gone for good does not keep the others waiting. */
static const struct fleet_miner *next_missing(struct finder *finder, uint32_t *network,
                                              uint16_t *port) {
  struct fleet *fleet = finder->options.fleet;
  const struct fleet_miner *first = NULL, *next = NULL;
  for (size_t i = fleet_count(fleet); i-- > 0;) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (!is_missing(finder, miner) || !neighbourhood(miner->miner.address, network, port))
      continue;
    first = miner;
    if (miner->miner.id > finder->last_id)
      next = miner;
  }
  if (next == NULL)
    next = first;
  if (next != NULL) {
    finder->last_id = next->miner.id;
    neighbourhood(next->miner.address, network, port);
  }
  return next;
}

/* ------------------------------------------------------------ the sweep */

static bool is_sweeping(const struct finder *finder) {
  return finder->in_flight > 0 || finder->next_host <= LAST_HOST;
}

static void wait_for_next(struct finder *finder);

static void on_timer(uv_timer_t *timer) {
  struct finder *finder = timer->data;
  const struct fleet_miner *miner = next_missing(finder, &finder->network, &finder->port);
  if (miner == NULL) {
    finder->pause_ms = 0; /* nobody is missing: the next one is looked for soon */
    wait_for_next(finder);
    return;
  }
  log_write(finder->options.log, LOG_INFO, "finder",
            "'%s' is missing: asking the neighbours of %s whether it has moved", miner->miner.name,
            miner->miner.address);
  finder->next_host = 1;
  ask_on(finder);
}

static void wait_for_next(struct finder *finder) {
  int64_t wait_ms = finder->options.missing_ms > 0 ? finder->options.missing_ms : MISSING_MS;
  if (finder->pause_ms > wait_ms)
    wait_ms = finder->pause_ms;
  uv_timer_start(&finder->timer, on_timer, (uint64_t)wait_ms, 0);
}

static void finish_sweep(struct finder *finder) {
  finder->pause_ms = finder->pause_ms == 0 ? PAUSE_FIRST_MS : finder->pause_ms * 2;
  if (finder->pause_ms > PAUSE_LONGEST_MS)
    finder->pause_ms = PAUSE_LONGEST_MS;
  wait_for_next(finder);
}

static void on_closed(uv_handle_t *handle) {
  struct finder *finder = handle->data;
  void (*stopped)(void *) = finder->stopped;
  void *arg = finder->stopped_arg;
  free(finder);
  if (stopped != NULL)
    stopped(arg);
}

static void read_answer(struct finder *finder, const struct probe *probe,
                        const struct http_answer *answer) {
  struct miner_report report;
  struct err err = {0};
  enum reason reason;
  if (answer->outcome != HTTP_ANSWERED || answer->status != 200 ||
      !axeos_driver.parse(answer->body, answer->body_length, &report, &reason, &err))
    return;
  struct fleet_miner *miner = fleet_find_mac(finder->options.fleet, report.facts.mac);
  if (miner != NULL && is_missing(finder, miner))
    finder->options.found(miner, probe->url, finder->options.arg);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct probe *probe = arg;
  struct finder *finder = probe->finder;
  probe->call = NULL;
  finder->in_flight--;
  if (!finder->stopping) {
    read_answer(finder, probe, answer);
    ask_on(finder);
  } else if (finder->in_flight == 0) {
    uv_close((uv_handle_t *)&finder->timer, on_closed);
  }
}

/* A neighbour that is watched and answers is somebody else. */
static bool is_taken(struct finder *finder, const char *url) {
  struct fleet_miner *there = fleet_find_address(finder->options.fleet, url);
  return there != NULL && !is_missing(finder, there);
}

static void ask(struct finder *finder, struct probe *probe) {
  char url[ADDRESS_URL_MAX + 64];
  snprintf(url, sizeof url, "%s%s", probe->url, axeos_driver.poll_path);
  probe->finder = finder;
  finder->in_flight++;
  probe->call = http_client_send(
      finder->options.http,
      &(struct http_call_options){
          .url = url, .connect_timeout_ms = CONNECT_MS, .timeout_ms = ANSWER_MS, .home_only = true},
      on_answer, probe);
}

static void ask_on(struct finder *finder) {
  for (size_t i = 0; i < AT_A_TIME; i++) {
    struct probe *probe = &finder->probes[i];
    while (probe->call == NULL && finder->next_host <= LAST_HOST) {
      struct address address = {.port = finder->port};
      struct in_addr ip = {.s_addr = htonl(finder->network + (uint32_t)finder->next_host++)};
      inet_ntop(AF_INET, &ip, address.host, sizeof address.host);
      address_format(&address, probe->url);
      if (!is_taken(finder, probe->url))
        ask(finder, probe);
    }
  }
  if (!is_sweeping(finder))
    finish_sweep(finder);
}

/* ------------------------------------------------------------ public */

struct finder *finder_create(const struct finder_options *options) {
  struct finder *finder = mem_alloc(sizeof *finder);
  finder->options = *options;
  finder->next_host = LAST_HOST + 1;
  uv_timer_init(options->loop, &finder->timer);
  finder->timer.data = finder;
  wait_for_next(finder);
  return finder;
}

void finder_stop(struct finder *finder, void (*stopped)(void *arg), void *arg) {
  finder->stopping = true;
  finder->stopped = stopped;
  finder->stopped_arg = arg;
  finder->next_host = LAST_HOST + 1;
  uv_timer_stop(&finder->timer);
  for (size_t i = 0; i < AT_A_TIME; i++) {
    if (finder->probes[i].call != NULL)
      http_call_cancel(finder->probes[i].call);
  }
  if (finder->in_flight == 0)
    uv_close((uv_handle_t *)&finder->timer, on_closed);
}
