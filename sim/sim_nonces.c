#include "sim/sim_nonces.h"

#include <math.h>
#include <string.h>

/* Hashes (in 10^9) that a nonce at the chip's own difficulty of 256 stands for. */
static const double nonce_gh = 256.0 * 4294967296.0 / 1e9;

void sim_nonces_init(struct sim_nonces *nonces) {
  memset(nonces, 0, sizeof *nonces);
}

/* Times are floats to keep 10,000 devices small: start them again before they
 * lose their milliseconds. */
static void rebase(struct sim_nonces *nonces) {
  const double limit_s = 4096;
  if (nonces->elapsed_s < limit_s)
    return;
  for (int i = 0; i < SIM_NONCES_WINDOW; i++)
    nonces->at_s[i] -= (float)limit_s;
  nonces->elapsed_s -= limit_s;
}

static void add(struct sim_nonces *nonces, double at_s) {
  nonces->at_s[nonces->next] = (float)at_s;
  nonces->next = (nonces->next + 1) % SIM_NONCES_WINDOW;
  if (nonces->count < SIM_NONCES_WINDOW)
    nonces->count++;
}

static double estimate(const struct sim_nonces *nonces) {
  if (nonces->count < 2)
    return 0;
  int newest = (nonces->next + SIM_NONCES_WINDOW - 1) % SIM_NONCES_WINDOW;
  int oldest = (nonces->next + SIM_NONCES_WINDOW - nonces->count) % SIM_NONCES_WINDOW;
  double span_s = (double)(nonces->at_s[newest] - nonces->at_s[oldest]);
  if (span_s < 0.5)
    return 0;
  /* Empty places count as no work: the slow rise after a start. */
  double fill = (double)nonces->count / SIM_NONCES_WINDOW;
  return fill * (nonces->count - 1) * nonce_gh / span_s;
}

double sim_nonces_step(struct sim_nonces *nonces, double ghs, struct rand *rand) {
  double mean = ghs / nonce_gh;
  uint64_t found = mean > 0 ? rand_poisson(rand, mean) : 0;
  for (uint64_t i = 0; i < found; i++)
    add(nonces, nonces->elapsed_s + ((double)i + rand_unit(rand)) / (double)found);
  nonces->elapsed_s += 1;
  if (found > 0)
    nonces->estimate_ghs = estimate(nonces);
  rebase(nonces);
  return nonces->estimate_ghs;
}
