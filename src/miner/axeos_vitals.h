/* What an AxeOS or NerdOS answer tells beside the sample: chips one by one, the
 * memory the web server lives on, and for whom the miner works. */
#ifndef MINER_AXEOS_VITALS_H
#define MINER_AXEOS_VITALS_H

#include "miner/axeos_fields.h"
#include "model/vitals.h"

void axeos_vitals_read(const struct axeos_fields *fields, struct vitals *vitals);

#endif
