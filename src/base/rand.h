/* Pseudo-random numbers with an explicit state: jitter, simulation, tests.
 * Not for secrets. Same seed, same row of numbers, on every machine. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stdint.h>

struct rand {
  uint64_t state[4]; /* xoshiro256** by Blackman and Vigna, public domain algorithm */
};

void rand_init(struct rand *rand, uint64_t seed);
uint64_t rand_u64(struct rand *rand);
uint64_t rand_below(struct rand *rand, uint64_t limit); /* 0 .. limit-1, unbiased; limit > 0 */
double rand_unit(struct rand *rand);                    /* [0, 1) */
double rand_normal(struct rand *rand);                  /* mean 0, standard deviation 1 */
double rand_exponential(struct rand *rand);             /* mean 1 */
uint64_t rand_poisson(struct rand *rand, double mean);  /* mean >= 0 */

#endif
