/* What one AxeOS answer shows the miner to be doing. */
#ifndef MINER_AXEOS_STATE_H
#define MINER_AXEOS_STATE_H

#include "miner/axeos_fields.h"
#include "model/sample.h"

/* Fills the sample's state and reason from its figures and flags, which are
 * there already, and from the answer's own words. `idle_w`: power at and below
 * which nothing can be hashing (board_idle_w). */
void axeos_state_decide(const struct axeos_fields *fields, double idle_w, struct sample *sample);

#endif
