#include "engine/alerts/heartbeat.h"

#include <stdlib.h>

#include "base/mem.h"

enum { INTERVAL_MS = 60 * 1000, FIRST_PART = 6, ANSWER_MS = 15 * 1000, BODY_MAX = 64 * 1024 };

/* What the last beat came to; said in the log when it is another. */
enum outcome { OUTCOME_NONE, OUTCOME_HEARD, OUTCOME_UNHEARD, OUTCOME_WITHHELD };

struct heartbeat {
  struct heartbeat_options options;
  uv_timer_t timer;
  struct http_call *call; /* NULL: none is on its way */
  enum outcome outcome;
  bool closing, closed;
};

static void release(struct heartbeat *heartbeat) {
  if (heartbeat->closed && heartbeat->call == NULL)
    free(heartbeat);
}

static void conclude(struct heartbeat *heartbeat, enum outcome outcome, const char *why) {
  bool is_news = outcome != heartbeat->outcome;
  heartbeat->outcome = outcome;
  if (!is_news)
    return;
  if (outcome == OUTCOME_HEARD)
    log_write(heartbeat->options.log, LOG_INFO, "heartbeat", "the heartbeat is heard");
  else
    log_write(heartbeat->options.log, LOG_WARN, "heartbeat", "no heartbeat: %s", why);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct heartbeat *heartbeat = arg;
  heartbeat->call = NULL;
  if (heartbeat->closing)
    release(heartbeat);
  else if (answer->outcome == HTTP_ANSWERED && answer->status >= 200 && answer->status < 300)
    conclude(heartbeat, OUTCOME_HEARD, "");
  else
    conclude(heartbeat, OUTCOME_UNHEARD,
             answer->outcome == HTTP_ANSWERED ? "the service refuses it: check HEARTBEAT_URL"
                                              : answer->error);
}

static void on_timer(uv_timer_t *timer) {
  struct heartbeat *heartbeat = timer->data;
  const struct heartbeat_options *options = &heartbeat->options;
  if (heartbeat->call != NULL)
    return;
  if (!options->is_well(options->arg)) {
    conclude(heartbeat, OUTCOME_WITHHELD, "the monitor does not poll, or cannot keep its history");
    return;
  }
  struct http_call_options call = {
      .url = options->url, .timeout_ms = ANSWER_MS, .max_body = BODY_MAX};
  heartbeat->call = http_client_send(options->http, &call, on_answer, heartbeat);
}

struct heartbeat *heartbeat_create(const struct heartbeat_options *options) {
  struct heartbeat *heartbeat = mem_alloc(sizeof *heartbeat);
  heartbeat->options = *options;
  uint64_t interval_ms = (uint64_t)(options->interval_ms > 0 ? options->interval_ms : INTERVAL_MS);
  uv_timer_init(options->loop, &heartbeat->timer);
  heartbeat->timer.data = heartbeat;
  uv_timer_start(&heartbeat->timer, on_timer, interval_ms / FIRST_PART, interval_ms);
  return heartbeat;
}

static void on_closed(uv_handle_t *handle) {
  struct heartbeat *heartbeat = handle->data;
  heartbeat->closed = true;
  release(heartbeat);
}

void heartbeat_close(struct heartbeat *heartbeat) {
  if (heartbeat == NULL)
    return;
  heartbeat->closing = true;
  if (heartbeat->call != NULL)
    http_call_cancel(heartbeat->call);
  uv_close((uv_handle_t *)&heartbeat->timer, on_closed);
}
