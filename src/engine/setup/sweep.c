#include "engine/setup/sweep.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/address.h"

/* A question to one address. */
struct probe {
  struct sweep *sweep;
  struct http_call *call; /* NULL: this place is free */
  char url[ADDRESS_URL_MAX];
};

struct sweep {
  struct sweep_options options;
  uv_timer_t timer; /* begins and ends from the loop, so that no caller is called back at once */
  struct probe probes[SWEEP_AT_A_TIME_MAX];
  int in_flight;
  uint64_t next; /* address to be asked; beyond `last`: none */
  size_t done;
  bool cancelled;
};

static void on_closed(uv_handle_t *handle) {
  struct sweep *sweep = handle->data;
  struct sweep_options options = sweep->options;
  free(sweep);
  options.finished(options.arg);
}

static void finish_when_idle(struct sweep *sweep) {
  bool over = sweep->in_flight == 0 && sweep->next > sweep->options.last;
  if (over && !uv_is_closing((uv_handle_t *)&sweep->timer))
    uv_close((uv_handle_t *)&sweep->timer, on_closed);
}

static void ask_on(struct sweep *sweep);

static void on_answer(const struct http_answer *answer, void *arg) {
  struct probe *probe = arg;
  struct sweep *sweep = probe->sweep;
  struct miner_report report;
  struct err err = {0};
  enum reason reason;
  probe->call = NULL;
  sweep->in_flight--;
  sweep->done++;
  if (!sweep->cancelled && answer->outcome == HTTP_ANSWERED && answer->status == 200 &&
      axeos_driver.parse(answer->body, answer->body_length, &report, &reason, &err))
    sweep->options.answered(probe->url, &report, sweep->options.arg);
  ask_on(sweep);
}

static void ask(struct sweep *sweep, struct probe *probe) {
  const struct sweep_options *options = &sweep->options;
  char url[ADDRESS_URL_MAX + 64];
  snprintf(url, sizeof url, "%s%s", probe->url, axeos_driver.poll_path);
  probe->sweep = sweep;
  sweep->in_flight++;
  probe->call =
      http_client_send(options->http,
                       &(struct http_call_options){.url = url,
                                                   .connect_timeout_ms = options->connect_ms,
                                                   .timeout_ms = options->answer_ms,
                                                   .home_only = true},
                       on_answer, probe);
}

static void write_url(const struct sweep *sweep, uint32_t ip, char url[ADDRESS_URL_MAX]) {
  struct address address = {.port = sweep->options.port};
  struct in_addr net = {.s_addr = htonl(ip)};
  inet_ntop(AF_INET, &net, address.host, sizeof address.host);
  address_format(&address, url);
}

static void ask_on(struct sweep *sweep) {
  const struct sweep_options *options = &sweep->options;
  for (int i = 0; i < options->at_a_time; i++) {
    struct probe *probe = &sweep->probes[i];
    while (probe->call == NULL && sweep->next <= options->last) {
      write_url(sweep, (uint32_t)sweep->next++, probe->url);
      if (options->skip != NULL && options->skip(probe->url, options->arg))
        sweep->done++;
      else
        ask(sweep, probe);
    }
  }
  finish_when_idle(sweep);
}

static void on_begin(uv_timer_t *timer) {
  ask_on(timer->data);
}

struct sweep *sweep_start(const struct sweep_options *options) {
  assert(options->first <= options->last);
  assert(options->at_a_time >= 1 && options->at_a_time <= SWEEP_AT_A_TIME_MAX);
  struct sweep *sweep = mem_alloc(sizeof *sweep);
  *sweep = (struct sweep){.options = *options, .next = options->first};
  uv_timer_init(options->loop, &sweep->timer);
  sweep->timer.data = sweep;
  uv_timer_start(&sweep->timer, on_begin, 0, 0);
  return sweep;
}

void sweep_cancel(struct sweep *sweep) {
  sweep->cancelled = true;
  sweep->next = (uint64_t)sweep->options.last + 1;
  uv_timer_stop(&sweep->timer);
  for (int i = 0; i < sweep->options.at_a_time; i++) {
    if (sweep->probes[i].call != NULL)
      http_call_cancel(sweep->probes[i].call);
  }
  finish_when_idle(sweep);
}

size_t sweep_done(const struct sweep *sweep) {
  return sweep->done;
}
