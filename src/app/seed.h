/* The miner that the environment names (BITAXE_BASE_URL): watched from the
 * first start on. It is added once for each address, so that removing it in the
 * page is not undone at the next start. */
#ifndef APP_SEED_H
#define APP_SEED_H

#include "base/log.h"
#include "engine/engine.h"

/* Adds the miner unless that was done before. NULL does nothing. Loop thread;
 * whatever goes wrong is logged. Nothing to release: ends with the engine. */
void seed_miner(struct engine *engine, struct log *log, const char *address);

#endif
