/* A port behind which nobody is: a connection to it gets no answer at all and times
 * out, as with a host that is switched off. The loopback interface refuses at once
 * where nobody listens, so the port is held by a listener that takes no connection and
 * whose queue is full: Linux leaves what comes then without an answer (listen(2),
 * `backlog`). Needs no rights and no other network.
 *
 * Life: sim_void_open -> sim_void_close. */
#ifndef SIM_SIM_VOID_H
#define SIM_SIM_VOID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sim_void;

/* Takes the port of 127.0.0.1. Blocks for a tenth of a second, to see that nobody
 * answers. ERR_IO: the port is taken, or this system answers in spite of all. */
bool sim_void_open(struct sim_void **out, uint16_t port, struct err *err);

/* Gives the port back at once. NULL is accepted. */
void sim_void_close(struct sim_void *space);

#endif
