/* Draws what a message shows at the time of its sending, for the channel that it goes to: its
 * miners, in its language. Life: artist_create -> ... -> artist_stop, after the courier is
 * stopped. Loop thread only. */
#ifndef ENGINE_COURIER_ARTIST_H
#define ENGINE_COURIER_ARTIST_H

#include "engine/chart/chart_maker.h"
#include "engine/fleet.h"
#include "model/alert.h"
#include "model/channel.h"
#include "model/picture_ref.h"

struct artist;

struct artist_options {
  uv_loop_t *loop;
  struct db_threads *db;
  struct fleet *fleet;
  const struct alert_config *alerts; /* where the line of the chip's limit stands */
};

struct artist *artist_create(const struct artist_options *options);

/* As chart_maker_draw; NULL (and `done` never comes) when there is no miner to show. */
struct chart_job *artist_draw(struct artist *artist, const struct channel *channel,
                              const struct picture_ref *ref, chart_maker_done done, void *arg);

/* `stopped` (may be NULL) runs once, from the loop. NULL accepted: it runs from here. */
void artist_stop(struct artist *artist, void (*stopped)(void *arg), void *arg);

#endif
