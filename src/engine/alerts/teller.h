/* The teller: who is told of an event, in which words. One message for each channel
 * that wants it, put into the batch of the event itself, so that both are kept or
 * neither. The first of several miners in the same trouble is told at once; those that
 * follow within a minute make its message grow (alert/alert_group.h): where a service
 * can edit, at once, elsewhere some seconds later and once for all of them.
 *
 * Life: teller_create -> teller_tell ... -> teller_destroy. Loop thread. */
#ifndef ENGINE_ALERTS_TELLER_H
#define ENGINE_ALERTS_TELLER_H

#include "engine/alerts/gateway.h"
#include "engine/batch.h"
#include "engine/channels.h"
#include "engine/fleet.h"
#include "model/alert.h"
#include "model/miner.h"
#include "store/alerts/episode_store.h"

struct teller;

struct teller_options {
  struct fleet *fleet;
  struct channels *channels;
  struct gateway *gateway; /* NULL: nobody knows whether the router answers */
};

struct teller *teller_create(const struct teller_options *options);
void teller_destroy(struct teller *teller); /* NULL accepted */

struct teller_news {
  const struct miner *miner; /* NULL: the monitor itself */
  const struct alert_event *event;
  const char *by; /* who acknowledged; NULL otherwise */
  struct batch *batch;
};

/* A miner begins to fall silent: asks whether the router answers, unless the miner is a
 * simulated one on this very machine, with no router in between. */
void teller_silence(struct teller *teller, const struct miner *miner);

/* Sets episode->told_with. What is over and was told to nobody is not told. */
void teller_tell(struct teller *teller, const struct teller_news *news, struct episode *episode);

#endif
