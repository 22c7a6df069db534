#include "base/rand.h"

#include <assert.h>
#include <math.h>

/* SplitMix64 spreads one seed over the whole state, as the authors of xoshiro
 * recommend: neighbouring seeds give unrelated rows. */
static uint64_t splitmix(uint64_t *state) {
  uint64_t mixed = (*state += 0x9E3779B97F4A7C15u);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

static uint64_t rotate_left(uint64_t value, int bits) {
  return (value << bits) | (value >> (64 - bits));
}

void rand_init(struct rand *rand, uint64_t seed) {
  for (int i = 0; i < 4; i++)
    rand->state[i] = splitmix(&seed);
}

uint64_t rand_u64(struct rand *rand) {
  uint64_t *s = rand->state;
  uint64_t result = rotate_left(s[1] * 5, 7) * 9;
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate_left(s[3], 45);
  return result;
}

uint64_t rand_below(struct rand *rand, uint64_t limit) {
  assert(limit > 0);
  uint64_t refused = -limit % limit; /* 2^64 mod limit: numbers below would count twice */
  uint64_t value;
  do
    value = rand_u64(rand);
  while (value < refused);
  return value % limit;
}

double rand_unit(struct rand *rand) {
  return (double)(rand_u64(rand) >> 11) * 0x1p-53;
}

/* Box-Muller; the second number of the pair is dropped to keep no state. */
double rand_normal(struct rand *rand) {
  double radius = sqrt(2.0 * rand_exponential(rand));
  return radius * cos(2.0 * M_PI * rand_unit(rand));
}

double rand_exponential(struct rand *rand) {
  return -log1p(-rand_unit(rand));
}

/* Knuth's product method for a small mean. It counts exponential waits that fit
 * in the mean, so its work grows with it: above 64 the normal distribution with
 * the same mean and variance is close enough for simulation. */
uint64_t rand_poisson(struct rand *rand, double mean) {
  assert(mean >= 0.0);
  if (mean > 64.0) {
    double value = round(mean + sqrt(mean) * rand_normal(rand));
    return value > 0.0 ? (uint64_t)value : 0;
  }
  uint64_t count = 0;
  double waited = rand_exponential(rand);
  while (waited < mean) {
    waited += rand_exponential(rand);
    count++;
  }
  return count;
}
