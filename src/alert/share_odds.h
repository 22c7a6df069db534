/* How long a miner may find no share by chance. Pure.
 *
 * A hash is a share of difficulty D with probability 1 / (D x 2^32) (what pools call
 * difficulty 1: https://en.bitcoin.it/wiki/Difficulty), each on its own, so shares come
 * as a Poisson process with a mean of hashrate / (D x 2^32) a second. No share for t
 * seconds has the probability e^(-mean x t). */
#ifndef ALERT_SHARE_ODDS_H
#define ALERT_SHARE_ODDS_H

/* Mean seconds between shares of that difficulty; NaN when either is unknown or not
 * above 0. */
double share_odds_mean_s(double hashrate_ghs, double difficulty);

/* A wait this long or longer happens by chance with `probability` (1e-6: once in a
 * million waits): -ln(probability) x mean. NaN as above. */
double share_odds_longest_s(double hashrate_ghs, double difficulty, double probability);

#endif
