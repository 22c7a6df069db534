#include "alert/share_odds.h"

#include <math.h>

double share_odds_mean_s(double hashrate_ghs, double difficulty) {
  if (!(hashrate_ghs > 0) || !(difficulty > 0))
    return NAN;
  return difficulty * 0x1p32 / (hashrate_ghs * 1e9);
}

double share_odds_longest_s(double hashrate_ghs, double difficulty, double probability) {
  return -log(probability) * share_odds_mean_s(hashrate_ghs, difficulty);
}
