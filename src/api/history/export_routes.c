/* /api/v1/miners/{id}/export: any range of samples as a file. A reader thread makes
 * one piece at a time, and the next only once the one before is on its way: a slow
 * reader holds a few megabytes, and no thread.
 *
 *   reading --first piece--> sending <--drained / piece--> reading ... -> ended
 *      | failed: a problem          | failed: the connection breaks off
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/history/export.h"
#include "api/input.h"
#include "api/param.h"
#include "base/clock.h"
#include "base/mem.h"

enum { MAX_EXPORTS = 8 };

struct sending {
  struct api *api;
  struct export export;
  struct open_chunk *recent;
  int64_t miner_id;
  struct deferred *deferred;  /* until the first piece is there */
  struct http_stream *stream; /* from then on; NULL again once it is closed */
  struct db_task task;
  struct buf piece;
  bool reading; /* the task is on its way */
};

/* ------------------------------------------------------------ life */

static void free_sending(struct sending *sending) {
  struct api *api = sending->api;
  api->exports--;
  open_chunk_destroy(sending->recent);
  buf_finish(&sending->piece);
  free(sending);
  api_release(api);
}

static void on_closed(void *arg) {
  struct sending *sending = arg;
  sending->stream = NULL;
  if (!sending->reading)
    free_sending(sending);
}

/* ------------------------------------------------------------ pieces */

/* On a reader thread. */
static void make_piece(struct db_task *task, struct db *db) {
  struct sending *sending = task->arg;
  if (db == NULL && history_needs_db(&sending->export.query))
    return; /* task->err says why */
  task->ok = export_more(&sending->export, db, &sending->piece, &task->err);
}

static void on_piece(struct db_task *task);

static void read_piece(struct sending *sending) {
  sending->reading = true;
  buf_clear(&sending->piece);
  sending->task = (struct db_task){.run = make_piece, .done = on_piece, .arg = sending};
  db_threads_read(engine_db(sending->api->engine), &sending->task);
}

static void on_drained(void *arg) {
  struct sending *sending = arg;
  if (!sending->reading)
    read_piece(sending);
}

static void start_stream(struct sending *sending, struct http_exchange *exchange) {
  const struct export_format_facts *facts = export_format_facts(sending->export.format);
  char name[64];
  snprintf(name, sizeof name, "miner-%" PRId64 ".%s", sending->miner_id, facts->name);
  sending->stream = http_exchange_download(
      exchange, &(struct http_stream_options){.content_type = facts->content_type,
                                              .file_name = name,
                                              .drained = on_drained,
                                              .closed = on_closed,
                                              .arg = sending});
}

static void send_piece(struct sending *sending) {
  const struct buf *piece = &sending->piece;
  if (piece->length > 0)
    http_stream_write(sending->stream, piece->data, piece->length, 0);
  if (export_is_done(&sending->export)) {
    if (sending->export.damaged > 0)
      log_write(sending->api->log, LOG_WARN, "api",
                "export of miner %" PRId64 ": damaged records were passed over", sending->miner_id);
    http_stream_end(sending->stream);
  } else if (piece->length == 0) {
    read_piece(sending); /* nothing was written, so nothing will drain */
  }
}

/* The first piece decides whether there is an answer at all. */
static void on_first_piece(struct sending *sending) {
  struct http_exchange *exchange = deferred_finish(sending->deferred);
  sending->deferred = NULL;
  if (exchange != NULL && sending->task.ok) {
    start_stream(sending, exchange);
    send_piece(sending);
    return;
  }
  if (exchange != NULL)
    answer_err(exchange, &sending->task.err);
  free_sending(sending);
}

static void on_piece(struct db_task *task) {
  struct sending *sending = task->arg;
  sending->reading = false;
  if (!task->ok)
    log_write(sending->api->log, LOG_WARN, "api", "export: %s", task->err.text);
  if (sending->deferred != NULL)
    on_first_piece(sending);
  else if (sending->stream == NULL)
    free_sending(sending);
  else if (task->ok)
    send_piece(sending);
  else
    http_stream_fail(sending->stream);
}

/* ------------------------------------------------------------ the request */

static bool read_request(struct http_exchange *exchange, struct param_period *period,
                         enum export_format *format, struct err *err) {
  const char *name = http_exchange_query(exchange, "format");
  int64_t end_ms = clock_wall_ms() + 1; /* the end is exclusive, and now is part of it */
  *period = (struct param_period){0, end_ms};
  *format = EXPORT_CSV;
  if (name != NULL && !export_find_format(name, format))
    return err_set(err, ERR_INVALID, "format is '%.40s', but must be csv or jsonl", name);
  if (!param_period(http_exchange_query(exchange, "from"), http_exchange_query(exchange, "to"),
                    period, err))
    return false;
  if (period->to_ms > end_ms) /* what is still to come is not waited for */
    period->to_ms = end_ms;
  return period->from_ms < period->to_ms ||
         err_set(err, ERR_INVALID, "from lies in the future: there is nothing to export yet");
}

static void answer_export(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner == NULL)
    return;
  struct err err;
  struct param_period period;
  enum export_format format;
  if (!read_request(request->exchange, &period, &format, &err)) {
    answer_err(request->exchange, &err);
    return;
  }
  struct api *api = request->api;
  if (api->exports >= MAX_EXPORTS) {
    answer_problem(request->exchange, 503, "%d exports run already; try again when one is done",
                   MAX_EXPORTS);
    return;
  }
  struct sending *sending = mem_alloc(sizeof *sending);
  *sending = (struct sending){
      .api = api, .miner_id = miner->miner.id, .recent = open_chunk_dup(miner->recent)};
  struct history_query query = {.miner_id = miner->miner.id,
                                .from_ms = period.from_ms,
                                .to_ms = period.to_ms,
                                .recent = sending->recent,
                                .recent_from_ms = open_chunk_complete_from(sending->recent)};
  export_init(&sending->export, format, &query);
  buf_init(&sending->piece);
  api->exports++;
  api->waiting++;
  sending->deferred = deferred_start(request);
  read_piece(sending);
}

const struct route export_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/miners/{id}/export", .answer = answer_export},
    {0},
};
