#include "engine/setup/scan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/setup/sweep.h"

/* An absent host costs the whole connect time, so a /24 takes six seconds and a /22
 * twenty-four; a Bitaxe on weak Wi-Fi connects within 300 ms and answers within 2 s. */
enum { AT_A_TIME = 32, CONNECT_MS = 750, ANSWER_MS = 4000 };

struct scan {
  uv_loop_t *loop;
  struct http_client *http;
  struct fleet *fleet;
  struct sweep *sweep; /* NULL: none is under way */
  struct scan_progress progress;
  struct scan_found *found;
  size_t count, capacity;
  void (*stopped)(void *arg); /* not NULL: ending */
  void *stopped_arg;
};

const char *scan_state_name(enum scan_state state) {
  static const char *const names[] = {[SCAN_IDLE] = "idle",
                                      [SCAN_RUNNING] = "running",
                                      [SCAN_DONE] = "done",
                                      [SCAN_CANCELLED] = "cancelled"};
  return names[state];
}

static void destroy(struct scan *scan) {
  void (*stopped)(void *) = scan->stopped;
  void *arg = scan->stopped_arg;
  free(scan->found);
  free(scan);
  stopped(arg);
}

/* ------------------------------------------------------------ finding */

static struct scan_found *add_place(struct scan *scan) {
  if (scan->count == scan->capacity) {
    scan->capacity = scan->capacity == 0 ? 8 : scan->capacity * 2;
    scan->found = mem_resize(scan->found, scan->capacity, sizeof *scan->found);
  }
  struct scan_found *found = &scan->found[scan->count++];
  memset(found, 0, sizeof *found);
  return found;
}

/* One device may have two addresses, by cable and by Wi-Fi: the first counts. */
static bool has_mac(const struct scan *scan, const char *mac) {
  for (size_t i = 0; i < scan->count; i++) {
    if (mac[0] != '\0' && str_equal(scan->found[i].mac, mac))
      return true;
  }
  return false;
}

static void note(struct scan *scan, const char *url, const struct miner_facts *facts) {
  if (has_mac(scan, facts->mac))
    return;
  struct scan_found *found = add_place(scan);
  str_copy(found->address, sizeof found->address, url);
  str_copy(found->mac, sizeof found->mac, facts->mac);
  str_copy(found->model, sizeof found->model, facts->model);
  str_copy(found->hostname, sizeof found->hostname, facts->hostname);
}

static void on_miner(const char *url, const struct miner_report *report, void *arg) {
  note(arg, url, &report->facts);
}

/* A miner that is watched and answers is there: it is listed without being asked. */
static bool is_watched(const char *url, void *arg) {
  struct scan *scan = arg;
  const struct fleet_miner *miner = fleet_find_address(scan->fleet, url);
  if (miner == NULL || !fleet_miner_is_live(miner))
    return false;
  note(scan, url, &miner->miner.facts);
  return true;
}

static void on_finished(void *arg) {
  struct scan *scan = arg;
  scan->sweep = NULL;
  if (scan->stopped != NULL) {
    destroy(scan);
    return;
  }
  scan->progress.ended_ms = clock_wall_ms();
  if (scan->progress.state == SCAN_RUNNING) {
    scan->progress.state = SCAN_DONE;
    scan->progress.asked = scan->progress.total;
  }
}

/* ------------------------------------------------------------ public */

struct scan *scan_create(uv_loop_t *loop, struct http_client *http, struct fleet *fleet) {
  struct scan *scan = mem_alloc(sizeof *scan);
  *scan = (struct scan){.loop = loop, .http = http, .fleet = fleet};
  return scan;
}

bool scan_begin(struct scan *scan, const struct home_network *network, uint16_t port,
                struct err *err) {
  if (scan->sweep != NULL)
    return err_set(err, ERR_CONFLICT, "a search is under way already: wait for it, or cancel it");
  uint32_t first = home_network_first(network), last = home_network_last(network);
  scan->count = 0;
  scan->progress = (struct scan_progress){.state = SCAN_RUNNING,
                                          .network = *network,
                                          .total = (size_t)(last - first) + 1,
                                          .started_ms = clock_wall_ms()};
  scan->sweep = sweep_start(&(struct sweep_options){.loop = scan->loop,
                                                    .http = scan->http,
                                                    .first = first,
                                                    .last = last,
                                                    .port = port,
                                                    .at_a_time = AT_A_TIME,
                                                    .connect_ms = CONNECT_MS,
                                                    .answer_ms = ANSWER_MS,
                                                    .skip = is_watched,
                                                    .answered = on_miner,
                                                    .finished = on_finished,
                                                    .arg = scan});
  return true;
}

void scan_cancel(struct scan *scan) {
  if (scan->sweep == NULL || scan->progress.state != SCAN_RUNNING)
    return;
  scan->progress.asked = sweep_done(scan->sweep);
  scan->progress.state = SCAN_CANCELLED;
  sweep_cancel(scan->sweep);
}

void scan_progress(const struct scan *scan, struct scan_progress *progress) {
  *progress = scan->progress;
  if (scan->sweep != NULL && progress->state == SCAN_RUNNING)
    progress->asked = sweep_done(scan->sweep);
}

size_t scan_count(const struct scan *scan) {
  return scan->count;
}

const struct scan_found *scan_at(const struct scan *scan, size_t index) {
  assert(index < scan->count);
  return &scan->found[index];
}

void scan_stop(struct scan *scan, void (*stopped)(void *arg), void *arg) {
  scan->stopped = stopped;
  scan->stopped_arg = arg;
  if (scan->sweep == NULL)
    destroy(scan);
  else if (scan->progress.state == SCAN_RUNNING)
    scan_cancel(scan);
}
