/* What hashrate detection finds, and when, on simulated miners of every dialect: the
 * sequential test (alert/cusum) beside fixed thresholds on the same readings. Run by
 * bench/detection. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/cusum.h"
#include "sim/sim_device.h"

enum {
  POLL_S = 10,
  DAY_S = 86400,
  LIFE_DAYS = 10,      /* a miner is new to the monitor so often */
  LEARN_S = 3 * DAY_S, /* before a fault */
  GIVE_UP_S = 6 * 3600,
  LONG_S = 600, /* of the fixed threshold that waits */
};

static const struct dialect {
  const char *board, *firmware;
} dialects[] = {
    {"max", "2.1"},       {"ultra", "2.4"},     {"supra", "2.6"},     {"gamma", "2.8"},
    {"gt", "2.9"},        {"hex", "2.7"},       {"suprahex", "2.10"}, {"max", "2.12"},
    {"ultra207", "2.11"}, {"supra402", "2.14"}, {"gamma", "2.12"},    {"gamma602", "2.13"},
    {"duo", "2.15"},      {"gt", "2.14"},       {"suprahex", "2.15"},
};

/* --- the detectors --- */

enum detector { SEQUENTIAL, BELOW_75_LONG, BELOW_90_ONCE, DETECTOR_COUNT };

struct watch {
  struct cusum cusum;
  double below_s; /* in a row below 75 % */
  bool firing[DETECTOR_COUNT];
  int raised[DETECTOR_COUNT];
};

static void set_firing(struct watch *watch, enum detector detector, bool firing) {
  watch->raised[detector] += firing && !watch->firing[detector];
  watch->firing[detector] = firing;
}

/* The thresholds have the warm-up that the sequential test has. */
static void look(struct watch *watch, const struct cusum_reading *reading) {
  set_firing(watch, SEQUENTIAL, cusum_step(&watch->cusum, reading) == CUSUM_LOW);
  if (isnan(reading->ratio) || reading->uptime_s < LONG_S)
    return;
  watch->below_s = reading->ratio < 0.75 ? watch->below_s + reading->dt_s : 0;
  set_firing(watch, BELOW_75_LONG, watch->below_s >= LONG_S);
  set_firing(watch, BELOW_90_ONCE, reading->ratio < 0.9);
}

/* --- the miners --- */

struct miner {
  struct sim_device device;
  struct rand rand; /* of what happens between miner and monitor */
  double since_s;   /* the last answer */
};

static void make_miner(struct miner *miner, const struct dialect *dialect, uint64_t seed) {
  struct sim_device_options options = {
      .seed = seed, .board = sim_board_find(dialect->board), .uptime_s = DAY_S};
  struct err err;
  if (options.board == NULL || !sim_firmware_parse(dialect->firmware, &options.firmware, &err)) {
    fprintf(stderr, "no such dialect: %s %s\n", dialect->board, dialect->firmware);
    exit(1);
  }
  sim_device_init(&miner->device, &options);
  rand_init(&miner->rand, seed + 1);
  miner->since_s = 0;
}

static bool by_chance(struct miner *miner, double a_day) {
  return rand_unit(&miner->rand) < a_day * POLL_S / DAY_S;
}

/* One poll: 1 in 100 is lost; some releases show a spike now and then. */
static void poll(struct miner *miner, struct watch *watch) {
  struct sim_device *device = &miner->device;
  sim_device_advance(device, POLL_S);
  miner->since_s += POLL_S;
  int release = device->firmware.release;
  double spike =
      release >= SIM_RELEASE(11, 0) && release < SIM_RELEASE(14, 0) && by_chance(miner, 5) ? 10 : 1;
  if (rand_unit(&miner->rand) < 0.01)
    return;
  double expected = sim_board_hashrate(device->board, device->settings.frequency_mhz);
  look(watch, &(struct cusum_reading){
                  .ratio = spike * device->now.hashrate_ghs / expected,
                  .dt_s = miner->since_s,
                  .uptime_s = device->boot.uptime_s,
                  .firmware = 1,
                  .settings = 1,
              });
  miner->since_s = 0;
}

/* --- false alarms --- */

static void count_false_alarms(const struct dialect *dialect, int days,
                               int raised[DETECTOR_COUNT]) {
  for (int life = 0; life * LIFE_DAYS < days; life++) {
    struct miner miner;
    struct watch watch = {0};
    make_miner(&miner, dialect, (uint64_t)life * 7919 + 17);
    cusum_init(&watch.cusum);
    for (int64_t second = 0; second < (int64_t)LIFE_DAYS * DAY_S; second += POLL_S) {
      if (by_chance(&miner, 0.3))
        sim_device_restart(&miner.device, "Power-on reset");
      poll(&miner, &watch);
    }
    for (int i = 0; i < DETECTOR_COUNT; i++)
      raised[i] += watch.raised[i];
    sim_device_finish(&miner.device);
  }
}

/* --- delays --- */

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static bool all_found(double delays[DETECTOR_COUNT]) {
  bool all = true;
  for (int i = 0; i < DETECTOR_COUNT; i++)
    all = all && delays[i] < INFINITY;
  return all;
}

/* One miner that lost `drop` of its hashrate: when does each detector say so? */
static void run(const struct miner *learned, const struct watch *knowing, double drop_pct,
                uint64_t seed, double delays[DETECTOR_COUNT]) {
  struct miner miner = *learned;
  struct watch watch = *knowing;
  struct err err;
  rand_init(&miner.device.rand, seed);
  rand_init(&miner.rand, seed + 1);
  int64_t quiet_s = 1200 + POLL_S * (int64_t)rand_below(&miner.rand, 60);
  for (int64_t second = 0; second < quiet_s; second += POLL_S)
    poll(&miner, &watch);
  sim_device_break(&miner.device, SIM_SLOW_CHIPS, &drop_pct, &err);
  for (int i = 0; i < DETECTOR_COUNT; i++)
    delays[i] = INFINITY;
  for (int64_t second = POLL_S; second <= GIVE_UP_S && !all_found(delays); second += POLL_S) {
    poll(&miner, &watch);
    for (int i = 0; i < DETECTOR_COUNT; i++)
      if (watch.firing[i] && delays[i] > (double)second)
        delays[i] = (double)second;
  }
}

struct delay {
  double median_s, most_s; /* 95 % are found by then; infinite: not within 6 h */
};

static void measure_delays(const struct miner *learned, const struct watch *knowing,
                           double drop_pct, int runs, struct delay found[DETECTOR_COUNT]) {
  double *delays[DETECTOR_COUNT];
  for (int i = 0; i < DETECTOR_COUNT; i++)
    delays[i] = calloc((size_t)runs, sizeof(double));
  for (int k = 0; k < runs; k++) {
    double once[DETECTOR_COUNT];
    run(learned, knowing, drop_pct, (uint64_t)k * 104729 + (uint64_t)drop_pct, once);
    for (int i = 0; i < DETECTOR_COUNT; i++)
      delays[i][k] = once[i];
  }
  for (int i = 0; i < DETECTOR_COUNT; i++) {
    qsort(delays[i], (size_t)runs, sizeof(double), compare);
    found[i] = (struct delay){delays[i][runs / 2], delays[i][(runs - 1) * 95 / 100]};
    free(delays[i]);
  }
}

/* --- the table --- */

/* What Lorden's bound allows with one false alarm in 1,000 days when nonces of
 * difficulty 256 are counted: mean delay = ln(interval x I) / I, I nats a second. */
static double bound_s(const struct miner *miner, double drop) {
  const double interval_s = 1000.0 * DAY_S;
  double rate = sim_board_hashrate(miner->device.board, miner->device.settings.frequency_mhz) *
                1e9 / (256 * 4294967296.0);
  double nats = rate * ((1 - drop) * log(1 - drop) + drop);
  return miner->device.firmware.release < SIM_RELEASE(11, 0) ? log(interval_s * nats) / nats : NAN;
}

static void print_time(double seconds) {
  if (isnan(seconds))
    printf("       -");
  else if (seconds == INFINITY)
    printf("    >6 h");
  else if (seconds < 600)
    printf("%6.0f s", seconds);
  else
    printf("%4.0f min", seconds / 60);
}

static void print_delay(const struct delay *delay) {
  print_time(delay->median_s);
  print_time(delay->most_s);
}

static void report(const struct dialect *dialect, int days, int runs, int totals[DETECTOR_COUNT]) {
  static const char *const names[DETECTOR_COUNT] = {"sequential", "< 75 % 10 min", "< 90 % once"};
  int raised[DETECTOR_COUNT] = {0};
  struct miner miner;
  struct watch watch = {0};
  struct delay small[DETECTOR_COUNT], large[DETECTOR_COUNT];
  count_false_alarms(dialect, days, raised);
  make_miner(&miner, dialect, 4711);
  cusum_init(&watch.cusum);
  for (int64_t second = 0; second < LEARN_S; second += POLL_S)
    poll(&miner, &watch);
  measure_delays(&miner, &watch, 10, runs, small);
  measure_delays(&miner, &watch, 30, runs, large);
  printf("%s %s\n", dialect->board, miner.device.firmware.version);
  for (int i = 0; i < DETECTOR_COUNT; i++) {
    totals[i] += raised[i];
    printf("  %-14s%12.1f  ", names[i], raised[i] * 1000.0 / days);
    print_delay(&small[i]);
    printf("  ");
    print_delay(&large[i]);
    printf("\n");
  }
  printf("  %-26s  ", "no test can do better on average");
  print_time(bound_s(&miner, 0.1));
  printf("          ");
  print_time(bound_s(&miner, 0.3));
  printf("\n");
  fflush(stdout);
  sim_device_finish(&miner.device);
}

int main(int argc, char **argv) {
  int days = argc > 1 ? atoi(argv[1]) : 200;
  int runs = argc > 2 ? atoi(argv[2]) : 200;
  int totals[DETECTOR_COUNT] = {0};
  size_t count = sizeof dialects / sizeof dialects[0];
  if (argc > 3 || days < LIFE_DAYS || runs < 20) {
    fprintf(stderr, "use: bench_detection [DAYS per dialect, from 10] [RUNS, from 20]\n");
    return 2;
  }
  days -= days % LIFE_DAYS;
  printf("                false alarms     10 %% drop        30 %% drop\n"
         "               in 1,000 days   median    95 %%   median    95 %%\n");
  for (size_t i = 0; i < count; i++)
    report(&dialects[i], days, runs, totals);
  printf("all, %d device-days: in 1,000 days %.2f sequential, %.1f below 75 %%, %.0f below 90 %%\n",
         days * (int)count, totals[0] * 1000.0 / days / (double)count,
         totals[1] * 1000.0 / days / (double)count, totals[2] * 1000.0 / days / (double)count);
  return 0;
}
