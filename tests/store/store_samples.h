/* Samples for the tests of this folder and for bench/store: what a miner at work
 * sends, and anything at all. */
#ifndef TESTS_STORE_SAMPLES_H
#define TESTS_STORE_SAMPLES_H

#include "base/rand.h"
#include "model/sample.h"

#define SAMPLES_START_MS INT64_C(1800000000000)

/* The n-th sample of a Gamma at 525 MHz polled every 10 s: a noisy hashrate,
 * temperatures that wander, counters that grow, all known but the second chip
 * temperature and the second fan. */
void make_realistic_sample(struct rand *rand, struct sample *sample, int n);

/* Any time, any state, each metric unknown, at its bounds or anywhere between. */
void make_wild_sample(struct rand *rand, struct sample *sample, int n);

/* Fails the test unless both are the same at the scales that are stored. */
void expect_same_sample(const struct sample *got, const struct sample *sent);

#endif
