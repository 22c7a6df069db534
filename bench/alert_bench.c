/* What all rules cost on one sample: a healthy miner, and one with trouble of every
 * kind; and what they remember of a miner. Run by bench/alerts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_step.h"
#include "base/clock.h"
#include "base/rand.h"
#include "base/str.h"

enum { SAMPLES = 1000000, ROUNDS = 5, MINERS = 100 };

struct bench {
  struct alert_rulebook *book;
  struct alert_watch watch[MINERS];
  struct alert_memory memories[MINERS][ALERT_RULE_COUNT];
  struct miner_facts facts;
  struct vitals vitals;
  struct sample sample;
  struct rand rand;
  int64_t last_episode, events;
};

static void hear(const struct alert_event *event, void *arg) {
  (void)event;
  ((struct bench *)arg)->events++;
}

static void save(enum alert_rule rule, const struct alert_memory *memory, void *arg) {
  (void)rule;
  (void)memory;
  (void)arg;
}

static void begin(struct bench *bench) {
  bench->book = alert_rulebook_create(NULL);
  rand_init(&bench->rand, 1);
  vitals_init(&bench->vitals);
  bench->vitals.chips = 1;
  bench->vitals.domains = 4;
  bench->vitals.heap_internal_bytes = 100000;
  str_copy(bench->vitals.pool, sizeof bench->vitals.pool, "pool.example:3333");
  str_copy(bench->vitals.user, sizeof bench->vitals.user, "bc1qsomebodysaddressforthebench00.rig");
  str_copy(bench->facts.firmware, sizeof bench->facts.firmware, "v2.15.0");
  bench->facts.limits =
      (struct miner_limits){.chip_warn_c = 68, .vr_warn_c = 95, .input_min_mv = 4750};
  for (int i = 0; i < MINERS; i++) {
    alert_watch_init(&bench->watch[i]);
    for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
      alert_memory_init(&bench->memories[i][rule]);
  }
  sample_init(&bench->sample, 1700000000000);
  bench->sample.state = STATE_HASHING;
  static const double values[METRIC_COUNT] = {[METRIC_EXPECTED_HASHRATE_GHS] = 1071,
                                              [METRIC_CHIP_TEMP_C] = 60,
                                              [METRIC_VR_TEMP_C] = 70,
                                              [METRIC_INPUT_VOLTAGE_MV] = 5000,
                                              [METRIC_CORE_VOLTAGE_MV] = 1150,
                                              [METRIC_FREQUENCY_MHZ] = 525,
                                              [METRIC_FAN_PCT] = 45,
                                              [METRIC_FAN_RPM] = 4000,
                                              [METRIC_WIFI_RSSI_DBM] = -55,
                                              [METRIC_UPTIME_S] = 3600,
                                              [METRIC_BEST_DIFF] = 4e9,
                                              [METRIC_POOL_DIFFICULTY] = 1000,
                                              [METRIC_ERROR_PCT] = 0.3,
                                              [METRIC_FREE_HEAP_BYTES] = 8e6};
  memcpy(bench->sample.values, values, sizeof values);
}

/* Microseconds a sample, the best of some rounds. */
static double measure(struct bench *bench, bool trouble) {
  const struct alert_sink sink = {.event = hear, .changed = save, .arg = bench};
  double best_us = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    int64_t began_us = clock_mono_us();
    for (int i = 0; i < SAMPLES; i++) {
      int miner = i % MINERS;
      bool bad = trouble && (i / MINERS / 60) % 2 == 0; /* ten minutes ill, ten well */
      double *values = bench->sample.values;
      if (miner == 0) {
        bench->sample.at_ms += 10000;
        values[METRIC_SHARES_ACCEPTED] += 2;
        values[METRIC_HASHRATE_GHS] = (bad ? 600 : 1071) * (1 + 0.01 * rand_normal(&bench->rand));
        values[METRIC_CHIP_TEMP_C] = bad ? 72 : 60;
        values[METRIC_INPUT_VOLTAGE_MV] = bad ? 4500 : 5000;
        values[METRIC_FAN_RPM] = bad ? 0 : 4000;
        values[METRIC_WIFI_RSSI_DBM] = bad ? -85 : -55;
        values[METRIC_ERROR_PCT] = bad ? 20 : 0.3;
        bench->vitals.domains_silent = bad ? 2 : 0;
      }
      const struct alert_context context = {.miner_id = miner + 1,
                                            .sample = &bench->sample,
                                            .facts = &bench->facts,
                                            .vitals = &bench->vitals,
                                            .interval_ms = 10000,
                                            .last_episode = &bench->last_episode};
      alert_step_all(bench->book, &context, &bench->watch[miner], bench->memories[miner], &sink);
    }
    double us = (double)(clock_mono_us() - began_us) / SAMPLES;
    best_us = us < best_us ? us : best_us;
  }
  return best_us;
}

int main(void) {
  static struct bench bench;
  begin(&bench);
  double healthy_us = measure(&bench, false);
  int64_t healthy_events = bench.events;
  double ill_us = measure(&bench, true);
  printf("all rules on one sample: %.2f us healthy, %.2f us ill half of the time\n", healthy_us,
         ill_us);
  printf("events: %lld while healthy, %lld while ill\n", (long long)healthy_events,
         (long long)(bench.events - healthy_events));
  printf("memory of one miner: %zu bytes (rules %zu, watch %zu)\n",
         sizeof bench.memories[0] + sizeof bench.watch[0], sizeof bench.memories[0],
         sizeof bench.watch[0]);
  for (int i = 0; i < MINERS; i++)
    alert_watch_finish(&bench.watch[i]);
  alert_rulebook_destroy(bench.book);
  return 0;
}
