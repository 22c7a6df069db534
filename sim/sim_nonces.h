/* Hashrate as releases up to 2.10 estimate it: from the last 100 nonces that the
 * chips reported. Each stands for 256 x 2^32 hashes, so on a small device the
 * window covers minutes: noisy, and slow to rise after a start. */
#ifndef SIM_SIM_NONCES_H
#define SIM_SIM_NONCES_H

#include "base/rand.h"

enum { SIM_NONCES_WINDOW = 100 };

struct sim_nonces {
  float at_s[SIM_NONCES_WINDOW]; /* a ring, seconds since the window began */
  int count;
  int next;
  double elapsed_s;
  double estimate_ghs;
};

void sim_nonces_init(struct sim_nonces *nonces);

/* One second of hashing at `ghs`; gives the estimate at its end. The estimate
 * changes only when a nonce comes, so it stands still when the chips do. */
double sim_nonces_step(struct sim_nonces *nonces, double ghs, struct rand *rand);

#endif
