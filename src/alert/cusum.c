#include "alert/cusum.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
  BLOCK_S = 600,       /* means of this long are learned from */
  WEEK = 1008,         /* blocks; older ones fade */
  FEW_BLOCKS = 12,     /* too few to know what means differ by */
  SETTLE_S = 600,      /* a small miner's window of nonces fills in six minutes */
  FASTEST_S = 60,      /* an alarm takes at least so long, */
  FEWEST_READINGS = 3, /* and so many */
};

static const double small_drop = 0.105360516;    /* -ln 0.9 */
static const double large_drop = 0.356674944;    /* -ln 0.7 */
static const double between_alarms_s = 2.6e8;    /* mean, of one sum alone */
static const double lowest_level = -0.162518929; /* ln 0.85 */
static const double highest_level = 1.098612289; /* ln 3 */
static const double level_spread = 0.04;         /* of miners about the formula */
static const double least_noise = 0.005;         /* S: 2 % at 10 s, less is luck */
static const double first_noise = 4;             /* S of the smallest miner */
static const double longest_window_s = 800;      /* that noise is taken to last at first */
static const double largest_up = 0.3, largest_down = 1.2;

/* FNV-1a, by Fowler, Noll and Vo. */
uint32_t cusum_key(const void *bytes, unsigned long length) {
  const unsigned char *byte = bytes;
  uint32_t hash = 2166136261U;
  for (unsigned long i = 0; i < length; i++)
    hash = (hash ^ byte[i]) * 16777619U;
  return hash;
}

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

/* ------------------------------------------------------------ noise */

/* S, with what may be wrong with it added: too little noise would cost false
 * alarms, too much only time. */
static double long_noise(const struct cusum *cusum) {
  double blocks = cusum->noise_blocks;
  if (blocks < 1)
    return first_noise;
  if (blocks < FEW_BLOCKS)
    return fmax(least_noise, (double)cusum->within * longest_window_s);
  /* Means beside each other share part of a window W, and their difference lacks
   * W / (2 x BLOCK_S) of it, where the whole variance is S / W. */
  double whole = (double)cusum->within + (double)cusum->between;
  double seen = (double)cusum->between * BLOCK_S;
  double part = clamp(seen / (whole * BLOCK_S), 0, 0.48);
  double window_s = BLOCK_S * (1 - sqrt(1 - 2 * part));
  double noise = fmax(seen, whole * window_s);
  return fmax(least_noise, noise * (1 + 3 * sqrt(3 / blocks)));
}

/* V of a reading that stands for `dt_s`; one reading alone has all of its own noise. */
static double reading_noise(const struct cusum *cusum, double long_s, double dt_s) {
  double whole = (double)cusum->within + (double)cusum->between;
  return fmax(long_s / dt_s, whole);
}

/* What the level may be off by. */
static double level_error(const struct cusum *cusum, double long_s) {
  double known_s = (double)cusum->level_blocks * BLOCK_S;
  return sqrt(1 / (1 / (level_spread * level_spread) + known_s / long_s));
}

static double threshold(double drop, double long_s) {
  double rate = fmin(drop * drop / (2 * long_s), 0.1);
  return log(between_alarms_s * rate);
}

/* ------------------------------------------------------------ learning */

static void forget_block(struct cusum *cusum) {
  cusum->sum = 0;
  cusum->squares = 0;
  cusum->seconds = 0;
}

static void forget_evidence(struct cusum *cusum) {
  cusum->small = 0;
  cusum->large = 0;
  cusum->low = false;
}

/* Begins to wait until the readings are of the present alone. */
static void settle(struct cusum *cusum, double seconds) {
  cusum->settle_s = (float)seconds;
  cusum->recent[0] = NAN;
  cusum->recent[1] = NAN;
  cusum->mean_before = NAN;
  forget_block(cusum);
}

void cusum_init(struct cusum *cusum) {
  memset(cusum, 0, sizeof *cusum);
  settle(cusum, 0);
}

static void learn_noise(struct cusum *cusum, double mean, double variance) {
  if (isnan(cusum->mean_before))
    return;
  double difference = mean - (double)cusum->mean_before;
  double between = difference * difference / 2;
  if (cusum->noise_blocks < WEEK)
    cusum->noise_blocks++;
  float gain = 1.0F / (float)cusum->noise_blocks;
  cusum->within += gain * ((float)variance - cusum->within);
  cusum->between += gain * ((float)between - cusum->between);
}

/* A level near the formula is likelier than one far from it; the more, the less
 * is known (level_spread). */
static void learn_level(struct cusum *cusum, double mean) {
  double prior = long_noise(cusum) / (level_spread * level_spread * BLOCK_S);
  if (cusum->level_blocks < WEEK)
    cusum->level_blocks++;
  double gain = 1 / (cusum->level_blocks + prior);
  double level = (double)cusum->level + gain * (mean - (double)cusum->level);
  cusum->level = (float)clamp(level, lowest_level, highest_level);
}

static void learn(struct cusum *cusum, double x, double dt_s) {
  cusum->sum += (float)(x * dt_s);
  cusum->squares += (float)(x * x * dt_s);
  cusum->seconds += (float)dt_s;
  if (cusum->seconds < BLOCK_S)
    return;
  double mean = (double)cusum->sum / (double)cusum->seconds;
  double variance = (double)cusum->squares / (double)cusum->seconds - mean * mean;
  forget_block(cusum);
  if (cusum_state(cusum) != CUSUM_NORMAL) {
    cusum->mean_before = NAN;
    return;
  }
  learn_noise(cusum, mean, fmax(variance, 0));
  learn_level(cusum, mean);
  cusum->mean_before = (float)mean;
}

/* ------------------------------------------------------------ steps */

static double median(double a, double b, double c) {
  return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* The median of this reading and the two before it; NaN until there are three. */
static double without_spikes(struct cusum *cusum, double ratio) {
  double x = ratio > 0 ? log(ratio) : -2 * largest_down;
  double before = (double)cusum->recent[0], last = (double)cusum->recent[1];
  cusum->recent[0] = cusum->recent[1];
  cusum->recent[1] = (float)x;
  return isnan(before) || isnan(last) ? NAN : median(before, last, x);
}

/* Adds what one reading says about a drop; true at the threshold. */
static bool add(float *sum, double drop, const struct cusum *cusum, double x, double dt_s) {
  double long_s = long_noise(cusum);
  double h = threshold(drop, long_s);
  double evidence =
      drop / reading_noise(cusum, long_s, dt_s) * (-x - drop / 2 - level_error(cusum, long_s));
  double most = h * fmin(dt_s / FASTEST_S, 1.0 / FEWEST_READINGS);
  double next = (double)*sum + clamp(evidence, -most, most);
  *sum = (float)clamp(next, 0, h);
  return next >= h * 0.999999;
}

static bool is_above(const struct cusum *cusum, double part) {
  double long_s = long_noise(cusum);
  return (double)cusum->small > part * threshold(small_drop, long_s) ||
         (double)cusum->large > part * threshold(large_drop, long_s);
}

enum cusum_state cusum_state(const struct cusum *cusum) {
  if (cusum->low)
    return CUSUM_LOW;
  return is_above(cusum, 0.5) ? CUSUM_SUSPECT : CUSUM_NORMAL;
}

static void weigh(struct cusum *cusum, double x, double dt_s) {
  double off = clamp(x - (double)cusum->level, -largest_down, largest_up);
  bool small = add(&cusum->small, small_drop, cusum, off, dt_s);
  bool large = add(&cusum->large, large_drop, cusum, off, dt_s);
  if (small || large)
    cusum->low = true;
  else if (cusum->low)
    cusum->low = is_above(cusum, 1.0 / 3);
}

/* Another firmware measures in another way; other settings have another level. */
static void meet(struct cusum *cusum, const struct cusum_reading *reading) {
  if (reading->firmware != 0 && reading->firmware != cusum->firmware) {
    cusum_init(cusum);
    cusum->firmware = reading->firmware;
    cusum->settings = reading->settings;
  } else if (reading->settings != 0 && reading->settings != cusum->settings) {
    cusum->settings = reading->settings;
    cusum->level_blocks = 0;
    forget_evidence(cusum);
    settle(cusum, SETTLE_S);
  }
}

enum cusum_state cusum_step(struct cusum *cusum, const struct cusum_reading *reading) {
  meet(cusum, reading);
  double dt_s = clamp(reading->dt_s, 0.1, BLOCK_S);
  if (reading->resting || reading->uptime_s < SETTLE_S) {
    settle(cusum, reading->resting ? SETTLE_S : SETTLE_S - reading->uptime_s);
    return cusum_state(cusum);
  }
  cusum->settle_s = fmaxf(0, cusum->settle_s - (float)dt_s);
  if (cusum->settle_s > 0 || isnan(reading->ratio))
    return cusum_state(cusum);
  double x = without_spikes(cusum, reading->ratio);
  if (isnan(x))
    return cusum_state(cusum);
  weigh(cusum, x, dt_s);
  learn(cusum, clamp(x, lowest_level - largest_down, highest_level), dt_s);
  return cusum_state(cusum);
}

/* ------------------------------------------------------------ views */

double cusum_level(const struct cusum *cusum) {
  return exp((double)cusum->level);
}

double cusum_delay_s(const struct cusum *cusum, double drop) {
  double long_s = long_noise(cusum);
  double shift = -log(1 - clamp(drop, 0, 0.99)) - level_error(cusum, long_s);
  double best = INFINITY;
  for (int i = 0; i < 2; i++) {
    double d = i == 0 ? small_drop : large_drop;
    double pace = d / long_s * (shift - d / 2);
    if (pace > 0)
      best = fmin(best, threshold(d, long_s) / pace);
  }
  return fmax(best, FASTEST_S);
}
