/* /metrics: every known figure of every miner and the monitor's own, in the units
 * that Prometheus asks for (https://prometheus.io/docs/practices/naming/). At home it is one
 * piece; of a large fleet the next is made once the one before is on its way and whoever else
 * waits for the loop has had his turn. */
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/metrics/scrape.h"
#include "base/mem.h"

enum {
  PIECE = 128 * 1024, /* a millisecond's work, and some thirty miners */
  MAX_LONG = 8,       /* that are sent in pieces at the same time */
};

/* One that is sent in pieces. */
struct sending {
  struct api *api;
  struct scrape *scrape;
  struct http_stream *stream;
  uv_timer_t timer; /* runs out at once, in the loop's next turn */
  struct buf piece;
};

static void on_timer_closed(uv_handle_t *timer) {
  struct sending *sending = timer->data;
  scrape_destroy(sending->scrape);
  buf_finish(&sending->piece);
  free(sending);
}

static void on_closed(void *arg) {
  struct sending *sending = arg;
  sending->api->scrapes--;
  uv_close((uv_handle_t *)&sending->timer, on_timer_closed);
}

static void on_turn(uv_timer_t *timer) {
  struct sending *sending = timer->data;
  buf_clear(&sending->piece);
  bool more = scrape_more(sending->scrape, &sending->piece, PIECE);
  http_stream_write(sending->stream, sending->piece.data, sending->piece.length, 0);
  if (!more)
    http_stream_end(sending->stream);
}

static void on_drained(void *arg) {
  struct sending *sending = arg;
  uv_timer_start(&sending->timer, on_turn, 0, 0);
}

/* Takes the scrape and its first piece. */
static void send_pieces(struct request *request, const char *type, struct scrape *scrape,
                        struct buf *first) {
  struct sending *sending = mem_alloc(sizeof *sending);
  *sending = (struct sending){.api = request->api, .scrape = scrape, .piece = *first};
  request->api->scrapes++;
  uv_timer_init(engine_options(request->api->engine)->loop, &sending->timer);
  sending->timer.data = sending;
  sending->stream = http_exchange_download(
      request->exchange,
      &(struct http_stream_options){
          .content_type = type, .drained = on_drained, .closed = on_closed, .arg = sending});
  http_stream_write(sending->stream, first->data, first->length, 0);
}

static void get_metrics(struct request *request) {
  struct api *api = request->api;
  const char *accept = http_exchange_header(request->exchange, "Accept");
  bool openmetrics = accept != NULL && strstr(accept, "application/openmetrics-text") != NULL;
  const char *type = openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                 : "text/plain; version=0.0.4; charset=utf-8";
  struct scrape *scrape = scrape_create(api, openmetrics);
  struct buf piece;
  buf_init(&piece);
  bool more = scrape_more(scrape, &piece, PIECE);
  if (more && api->scrapes < MAX_LONG) {
    send_pieces(request, type, scrape, &piece);
    return;
  }
  if (more)
    answer_problem(request->exchange, 503, "%d scrapes run already: try again when one is done",
                   MAX_LONG);
  else
    answer_text(request->exchange, type, &piece);
  buf_finish(&piece);
  scrape_destroy(scrape);
}

const struct route metrics_routes[] = {
    {ROUTE_LIVE, "GET", "/metrics", .answer = get_metrics},
    {0},
};
