#include "engine/finder.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/setup/sweep.h"
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

struct finder {
  struct finder_options options;
  uv_timer_t timer;
  struct sweep *sweep; /* NULL: none is under way */
  int64_t last_id;     /* the miner that the last sweep was for */
  int64_t pause_ms;    /* until the next sweep; grows while somebody is missing */
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

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

static void on_timer(uv_timer_t *timer);

static void wait_for_next(struct finder *finder) {
  int64_t wait_ms = finder->options.missing_ms > 0 ? finder->options.missing_ms : MISSING_MS;
  if (finder->pause_ms > wait_ms)
    wait_ms = finder->pause_ms;
  uv_timer_start(&finder->timer, on_timer, (uint64_t)wait_ms, 0);
}

/* A neighbour that is watched and answers is somebody else. */
static bool is_taken(const char *url, void *arg) {
  struct finder *finder = arg;
  struct fleet_miner *there = fleet_find_address(finder->options.fleet, url);
  return there != NULL && !is_missing(finder, there);
}

static void on_miner(const char *url, const struct miner_report *report, void *arg) {
  struct finder *finder = arg;
  struct fleet_miner *miner = fleet_find_mac(finder->options.fleet, report->facts.mac);
  if (miner != NULL && is_missing(finder, miner))
    finder->options.found(miner, url, finder->options.arg);
}

static void on_closed(uv_handle_t *handle) {
  struct finder *finder = handle->data;
  void (*stopped)(void *) = finder->stopped;
  void *arg = finder->stopped_arg;
  free(finder);
  if (stopped != NULL)
    stopped(arg);
}

static void on_swept(void *arg) {
  struct finder *finder = arg;
  finder->sweep = NULL;
  if (finder->stopping) {
    uv_close((uv_handle_t *)&finder->timer, on_closed);
    return;
  }
  finder->pause_ms = finder->pause_ms == 0 ? PAUSE_FIRST_MS : finder->pause_ms * 2;
  if (finder->pause_ms > PAUSE_LONGEST_MS)
    finder->pause_ms = PAUSE_LONGEST_MS;
  wait_for_next(finder);
}

static void on_timer(uv_timer_t *timer) {
  struct finder *finder = timer->data;
  uint32_t network;
  uint16_t port;
  const struct fleet_miner *miner = next_missing(finder, &network, &port);
  if (miner == NULL) {
    finder->pause_ms = 0; /* nobody is missing: the next one is looked for soon */
    wait_for_next(finder);
    return;
  }
  log_write(finder->options.log, LOG_INFO, "finder",
            "'%s' is missing: asking the neighbours of %s whether it has moved", miner->miner.name,
            miner->miner.address);
  finder->sweep = sweep_start(&(struct sweep_options){.loop = timer->loop,
                                                      .http = finder->options.http,
                                                      .first = network + 1,
                                                      .last = network + LAST_HOST,
                                                      .port = port,
                                                      .at_a_time = AT_A_TIME,
                                                      .connect_ms = CONNECT_MS,
                                                      .answer_ms = ANSWER_MS,
                                                      .skip = is_taken,
                                                      .answered = on_miner,
                                                      .finished = on_swept,
                                                      .arg = finder});
}

/* ------------------------------------------------------------ public */

struct finder *finder_create(const struct finder_options *options) {
  struct finder *finder = mem_alloc(sizeof *finder);
  finder->options = *options;
  uv_timer_init(options->loop, &finder->timer);
  finder->timer.data = finder;
  wait_for_next(finder);
  return finder;
}

void finder_stop(struct finder *finder, void (*stopped)(void *arg), void *arg) {
  finder->stopping = true;
  finder->stopped = stopped;
  finder->stopped_arg = arg;
  uv_timer_stop(&finder->timer);
  if (finder->sweep != NULL)
    sweep_cancel(finder->sweep);
  else
    uv_close((uv_handle_t *)&finder->timer, on_closed);
}
