/* Pictures that were asked for in a chat: what is to be drawn, what is written above and below
 * it in the chat's language, and no more at a time than the chats can use.
 *
 * Life: bot_charts_create -> ... -> bot_charts_stop. Loop thread only. */
#ifndef BOT_BOT_CHARTS_H
#define BOT_BOT_CHARTS_H

#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"

struct bot_charts;

struct bot_charts *bot_charts_create(uv_loop_t *loop, struct db_threads *db);

struct bot_chart_order {
  const struct fleet_miner *miner; /* used during the call only */
  int64_t now_wall_ms, span_ms;
  double chip_limit_c;  /* NaN: none is drawn */
  const char *language; /* copied; NULL: English */
  int64_t chat_id;      /* comes back */
};

/* Runs once from the loop: the picture with a line of text below it, or with `png` NULL why there
 * is none. Not after bot_charts_stop. */
typedef void (*bot_charts_done)(int64_t chat_id, const struct buf *png, const char *words,
                                void *arg);

/* False (and nothing is started) while too many are being drawn. */
bool bot_charts_draw(struct bot_charts *charts, const struct bot_chart_order *order,
                     bot_charts_done done, void *arg);

/* `stopped` runs once from the loop, when no picture is being drawn any more. */
void bot_charts_stop(struct bot_charts *charts, void (*stopped)(void *arg), void *arg);

#endif
