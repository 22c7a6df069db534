#include "insight/odds.h"

#include <math.h>

/* How many hashes of that difficulty are to be expected. */
static double expected(double hashes, double difficulty) {
  return difficulty > 0 ? hashes / (difficulty * 0x1p32) : NAN;
}

double odds_hashes(double hashrate_ghs, double seconds) {
  return hashrate_ghs * 1e9 * seconds;
}

double odds_reach(double hashes, double difficulty) {
  return -expm1(-expected(hashes, difficulty));
}

double odds_one_in(double probability) {
  return 1 / probability;
}

double odds_mean_s(double hashrate_ghs, double difficulty) {
  return 1 / expected(odds_hashes(hashrate_ghs, 1), difficulty);
}

double odds_usual_best(double hashes) {
  return hashes / (0x1p32 * log(2));
}

double odds_luck(double best_difficulty, double hashes) {
  return exp(-expected(hashes, best_difficulty));
}
