/* Hashrate below expected, by sequential detection. Pure; time comes as steps.
 *
 * Watched is x = ln(measured / expected) less its usual level. Two sums (CUSUM, E. S.
 * Page, "Continuous inspection schemes", Biometrika 41, 1954), one for a drop of
 * 10 % and one for 30 %, add up the evidence that each reading gives,
 *     s = d / V x (-x - d/2 - e),   C = max(0, C + s),   d = -ln(1 - drop),
 * which is the log of how much more likely the reading is with the drop than
 * without; V is the noise, e what the usual level may be off by. C at h is an alarm.
 * No test with as few false alarms finds a lasting change sooner (Lorden 1971,
 * Moustakides 1986).
 *
 * Threshold. The mean time to a false alarm of a sum in continuous time is
 * (e^h - h - 1) / (d^2 / 2S) (Page's sum for a Brownian motion); h is set so that
 * it is some eight years for each sum. The mean delay is h / (d^2 / 2S).
 *
 * Noise. A reading is an average of what the firmware saw lately, so readings follow
 * each other: up to AxeOS 2.10 it comes from the last 100 nonces, which on a small
 * miner are minutes old. What counts for a lasting drop is the noise of long
 * averages, S (squared, per second: an average over T seconds varies by S / T). It
 * is learned per miner and firmware from means of ten minutes and what they differ
 * from each other, apart from the level. Nothing can go below S = 1100 / hashrate
 * in GH/s where nonces of difficulty 256 are counted: they come at random.
 *
 * Usual level. Some miners never reach the formula: the level is learned, down to
 * 85 % of it, from ten minutes at a time in which nothing was suspected, so that a
 * drop is not learned away. Another firmware: all is learned anew; other settings:
 * the level is.
 *
 * Robust against: single odd readings (median of three), spikes (bounded), unknown
 * values and gaps (neither raise nor clear), starts (ten minutes do not count). An
 * alarm takes a minute and three readings at least. */
#ifndef ALERT_CUSUM_H
#define ALERT_CUSUM_H

#include <stdbool.h>
#include <stdint.h>

/* One miner's: 64 bytes. Zero it or cusum_init; copy it freely. */
struct cusum {
  uint32_t firmware, settings; /* what was learned belongs to these */
  float level;                 /* usual ln(measured / expected) */
  float within, between;       /* variance within ten minutes, and of their means */
  float sum, squares, seconds; /* of the ten minutes in progress */
  float mean_before;           /* of the ten minutes before; NaN none */
  float recent[2];             /* the last two readings, for the median; NaN none */
  float small, large;          /* the two sums */
  float settle_s;              /* so long from now readings do not count */
  uint16_t level_blocks;       /* ten minutes that the level was learned from */
  uint16_t noise_blocks;       /* and the noise; both stop at a week */
  bool low;
};

enum cusum_state {
  CUSUM_NORMAL,
  CUSUM_SUSPECT, /* half way to an alarm: nothing is learned */
  CUSUM_LOW,
};

struct cusum_reading {
  double ratio;      /* measured / expected hashrate; NaN unknown */
  double dt_s;       /* since the reading before, known or not; > 0 */
  double uptime_s;   /* of the miner; NaN unknown */
  uint32_t firmware; /* cusum_key of its version; 0 unknown: the one before */
  uint32_t settings; /* cusum_key of what it should run at (frequency, core voltage); 0 likewise */
  bool resting;      /* paused, starting, stopped: begins to settle when that is over */
};

/* A number for a text or for a few settings, equal for equal ones. */
uint32_t cusum_key(const void *bytes, unsigned long length);

void cusum_init(struct cusum *cusum);

/* Takes one reading; says where it stands. */
enum cusum_state cusum_step(struct cusum *cusum, const struct cusum_reading *reading);

/* Where it stands without another reading. */
enum cusum_state cusum_state(const struct cusum *cusum);

/* The usual measured / expected, 1 before anything was learned. */
double cusum_level(const struct cusum *cusum);

/* How long a drop (0.1: by a tenth) takes to be found on average, in seconds, with
 * the noise learned so far: what physics allows, and a minute at least. */
double cusum_delay_s(const struct cusum *cusum, double drop);

#endif
