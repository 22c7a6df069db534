/* The lottery that solo mining is, in numbers. Pure.
 *
 * A hash reaches difficulty D with probability 1 / (D x 2^32)
 * (https://en.bitcoin.it/wiki/Difficulty), each on its own. So N hashes find it with
 * 1 - e^(-N / (D x 2^32)), and the best of them stays below it with e^(-N / (D x 2^32)).
 * A block is a hash at the network's difficulty; one's own best is an earlier hash.
 *
 * NaN in (or a difficulty not above 0) is NaN out. Nothing here remembers: that none
 * came for years makes it no likelier tomorrow. */
#ifndef INSIGHT_ODDS_H
#define INSIGHT_ODDS_H

#define ODDS_DAY_S 86400.0
#define ODDS_YEAR_S 31557600.0 /* 365.25 days */

/* Hashes done in that time. */
double odds_hashes(double hashrate_ghs, double seconds);

/* The probability that at least one of `hashes` reaches the difficulty: of a block
 * with the network's, of a new record with one's best. Exact where it is tiny. */
double odds_reach(double hashes, double difficulty);

/* "1 in N" of a probability: 1 / p, infinite for 0. */
double odds_one_in(double probability);

/* Mean seconds until a hash reaches the difficulty. */
double odds_mean_s(double hashrate_ghs, double difficulty);

/* The best difficulty that half of all miners with so much work have passed. */
double odds_usual_best(double hashes);

/* 0..1: the share of miners with the same work whose best is lower. 0.5 is usual,
 * 0.99 the luckiest of a hundred. */
double odds_luck(double best_difficulty, double hashes);

#endif
