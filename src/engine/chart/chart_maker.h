/* Makes pictures: a range of the history of one miner, or of several together, is read on a
 * reader thread, drawn by bitaxe-chart (a child process), and handed back to the loop.
 * Two are made at a time; others wait for their turn.
 *
 *   waiting --turn--> reading --read--> drawing --drawn--> done
 *      '------ cancelled, or it failed ----------------------^
 *
 * Life: chart_maker_create -> ... -> chart_maker_stop. Loop thread only. */
#ifndef ENGINE_CHART_CHART_MAKER_H
#define ENGINE_CHART_CHART_MAKER_H

#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"

/* Up to so many miners are read sample by sample; of more, what is reckoned for each hour: of
 * those the last two hours are not known yet. */
enum { CHART_MAKER_FINE_MINERS = 16 };

struct chart_maker;
struct chart_job;

struct chart_maker *chart_maker_create(uv_loop_t *loop, struct db_threads *db);

struct chart_wish {
  const struct fleet_miner *const *miners; /* used during the call only */
  size_t miner_count;                      /* at least one */
  int64_t from_ms, to_ms;                  /* wall time, from_ms < to_ms */
  const char *title, *range;               /* what is written above it; copied */
  const char *language;                    /* NULL: English */
  double chip_limit_c;                     /* drawn as a line; NaN: none */
};

/* From when on the picture says something: the wish's `from_ms`; or, where what is known of the
 * miners fills less than half of the range, the beginning of that, so that a new miner's picture
 * is no long empty space. */
int64_t chart_maker_known_from(const struct chart_wish *wish);

/* Runs once from the loop, never before chart_maker_draw returns: the picture (buf_take it, or it
 * goes) with the average hashrate, NaN when unknown; or `err`, and the picture is empty. */
typedef void (*chart_maker_done)(struct buf *png, double average_ghs, const struct err *err,
                                 void *arg);

/* Never NULL. The job is the caller's to cancel until `done`. */
struct chart_job *chart_maker_draw(struct chart_maker *maker, const struct chart_wish *wish,
                                   chart_maker_done done, void *arg);

/* `done` comes with an error, soon. */
void chart_job_cancel(struct chart_job *job);

/* How many are being made or wait. */
size_t chart_maker_count(const struct chart_maker *maker);

/* Cancels all; frees itself, then `stopped` (may be NULL), once, from the loop. */
void chart_maker_stop(struct chart_maker *maker, void (*stopped)(void *arg), void *arg);

#endif
