/* /metrics: every known figure of every miner and the monitor's own, in the units
 * that Prometheus asks for (https://prometheus.io/docs/practices/naming/). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/event_hub.h"
#include "api/exposition.h"
#include "api/render.h"
#include "base/mem.h"

/* Our units and theirs: value x factor. */
static const struct figure {
  enum metric metric;
  double factor;
  struct exposition_family family;
} figures[] = {
    {METRIC_HASHRATE_GHS,
     1e9,
     {"bitaxe_hashrate_hashes_per_second", "Hashrate as the miner reports it.", EXPOSITION_GAUGE}},
    {METRIC_EXPECTED_HASHRATE_GHS,
     1e9,
     {"bitaxe_expected_hashrate_hashes_per_second", "Frequency x small cores x chips.",
      EXPOSITION_GAUGE}},
    {METRIC_CHIP_TEMP_C,
     1,
     {"bitaxe_chip_temperature_celsius", "Temperature of the chip.", EXPOSITION_GAUGE}},
    {METRIC_CHIP_TEMP2_C,
     1,
     {"bitaxe_chip_second_temperature_celsius", "Second sensor of the chip.", EXPOSITION_GAUGE}},
    {METRIC_VR_TEMP_C,
     1,
     {"bitaxe_vr_temperature_celsius", "Temperature of the voltage regulator.", EXPOSITION_GAUGE}},
    {METRIC_POWER_W, 1, {"bitaxe_power_watts", "Power drawn.", EXPOSITION_GAUGE}},
    {METRIC_INPUT_VOLTAGE_MV,
     1e-3,
     {"bitaxe_input_volts", "Voltage of the power supply.", EXPOSITION_GAUGE}},
    {METRIC_CORE_VOLTAGE_MV,
     1e-3,
     {"bitaxe_core_configured_volts", "Core voltage as configured.", EXPOSITION_GAUGE}},
    {METRIC_CORE_VOLTAGE_ACTUAL_MV,
     1e-3,
     {"bitaxe_core_volts", "Core voltage as measured.", EXPOSITION_GAUGE}},
    {METRIC_FREQUENCY_MHZ, 1e6, {"bitaxe_frequency_hertz", "Clock of the chip.", EXPOSITION_GAUGE}},
    {METRIC_FAN_PCT, 1e-2, {"bitaxe_fan_ratio", "Fan speed, 0 to 1.", EXPOSITION_GAUGE}},
    {METRIC_FAN_RPM, 1, {"bitaxe_fan_rpm", "Fan turns a minute.", EXPOSITION_GAUGE}},
    {METRIC_FAN2_RPM,
     1,
     {"bitaxe_second_fan_rpm", "Second fan's turns a minute.", EXPOSITION_GAUGE}},
    {METRIC_WIFI_RSSI_DBM,
     1,
     {"bitaxe_wifi_rssi_dbm", "Strength of the Wi-Fi signal.", EXPOSITION_GAUGE}},
    {METRIC_UPTIME_S,
     1,
     {"bitaxe_uptime_seconds", "Time since the miner started.", EXPOSITION_GAUGE}},
    {METRIC_SHARES_ACCEPTED,
     1,
     {"bitaxe_shares_accepted", "Shares that the pool accepted since the miner started.",
      EXPOSITION_COUNTER}},
    {METRIC_SHARES_REJECTED,
     1,
     {"bitaxe_shares_rejected", "Shares that the pool rejected since the miner started.",
      EXPOSITION_COUNTER}},
    {METRIC_BEST_DIFF,
     1,
     {"bitaxe_best_difficulty", "Best difficulty that the miner remembers.", EXPOSITION_GAUGE}},
    {METRIC_BEST_SESSION_DIFF,
     1,
     {"bitaxe_best_session_difficulty", "Best difficulty since the miner started.",
      EXPOSITION_GAUGE}},
    {METRIC_POOL_DIFFICULTY,
     1,
     {"bitaxe_pool_difficulty", "Difficulty that the pool asks for.", EXPOSITION_GAUGE}},
    {METRIC_ERROR_PCT,
     1e-2,
     {"bitaxe_error_ratio", "Share of hashes that were wrong, 0 to 1.", EXPOSITION_GAUGE}},
    {METRIC_RESPONSE_MS,
     1e-3,
     {"bitaxe_response_seconds", "How long the miner took to answer the monitor.",
      EXPOSITION_GAUGE}},
    {METRIC_FREE_HEAP_BYTES,
     1,
     {"bitaxe_free_heap_bytes", "Free memory of the miner.", EXPOSITION_GAUGE}},
    {METRIC_BLOCKS_FOUND,
     1,
     {"bitaxe_blocks_found", "Blocks that the miner found.", EXPOSITION_COUNTER}},
};

/* ------------------------------------------------------------ miners */

/* The labels of every miner, made once a scrape and used by every family. */
struct scrape {
  struct exposition out;
  struct fleet *fleet;
  char **labels;
  size_t count;
};

static void make_labels(struct scrape *scrape) {
  scrape->count = fleet_count(scrape->fleet);
  scrape->labels = mem_alloc((scrape->count + 1) * sizeof(char *));
  for (size_t i = 0; i < scrape->count; i++) {
    const struct miner *miner = &fleet_at(scrape->fleet, i)->miner;
    struct buf labels;
    char id[32];
    buf_init(&labels);
    snprintf(id, sizeof id, "%" PRId64, miner->id);
    exposition_label(&labels, "miner", miner->name);
    exposition_label(&labels, "id", id);
    exposition_label(&labels, "model", miner->facts.model);
    scrape->labels[i] = buf_take(&labels, NULL);
  }
}

static void free_labels(struct scrape *scrape) {
  for (size_t i = 0; i < scrape->count; i++)
    free(scrape->labels[i]);
  free(scrape->labels);
}

/* A family with one value for each miner. */
static void write_each(struct scrape *scrape, const struct exposition_family *family,
                       double (*value)(const struct fleet_miner *miner, void *arg), void *arg) {
  exposition_family(&scrape->out, family);
  for (size_t i = 0; i < scrape->count; i++)
    exposition_value(&scrape->out, family, scrape->labels[i],
                     value(fleet_at(scrape->fleet, i), arg));
}

static double figure_value(const struct fleet_miner *miner, void *arg) {
  const struct figure *figure = arg;
  if (!fleet_miner_is_live(miner))
    return METRIC_UNKNOWN;
  return miner->last.values[figure->metric] * figure->factor;
}

static double up_value(const struct fleet_miner *miner, void *arg) {
  (void)arg;
  return fleet_miner_is_live(miner) ? 1 : 0;
}

static double efficiency_value(const struct fleet_miner *miner, void *arg) {
  (void)arg;
  return fleet_miner_is_live(miner) ? sample_efficiency_j_th(&miner->last) : METRIC_UNKNOWN;
}

static double seen_value(const struct fleet_miner *miner, void *arg) {
  (void)arg;
  return miner->memory.seen_ms > 0 ? (double)miner->memory.seen_ms / 1000 : METRIC_UNKNOWN;
}

/* One line for each state a miner can be in, 1 for the one it is in. */
static void write_states(struct scrape *scrape) {
  static const struct exposition_family family = {
      "bitaxe_state", "1 for the state that the miner is in.", EXPOSITION_GAUGE};
  exposition_family(&scrape->out, &family);
  struct buf labels;
  buf_init(&labels);
  for (size_t i = 0; i < scrape->count; i++) {
    enum miner_state current = fleet_at(scrape->fleet, i)->memory.state;
    for (int state = 0; state < STATE_COUNT; state++) {
      buf_clear(&labels);
      buf_append_text(&labels, scrape->labels[i]);
      exposition_label(&labels, "state", state_name((enum miner_state)state));
      exposition_value(&scrape->out, &family, labels.data, (int)current == state);
    }
  }
  buf_finish(&labels);
}

static void write_alerts(struct scrape *scrape) {
  static const struct exposition_family family = {"bitaxe_alert_firing", "1 while the alert fires.",
                                                  EXPOSITION_GAUGE};
  exposition_family(&scrape->out, &family);
  struct buf labels;
  buf_init(&labels);
  for (size_t i = 0; i < scrape->count; i++) {
    const struct fleet_miner *miner = fleet_at(scrape->fleet, i);
    for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
      const struct alert_rule_facts *facts = alert_rule_facts((enum alert_rule)rule);
      if (facts->moment || facts->of_monitor)
        continue;
      buf_clear(&labels);
      buf_append_text(&labels, scrape->labels[i]);
      exposition_label(&labels, "rule", facts->name);
      exposition_value(&scrape->out, &family, labels.data,
                       alert_phase_is_open(miner->alerts[rule].phase));
    }
  }
  buf_finish(&labels);
}

static void write_infos(struct scrape *scrape) {
  static const struct exposition_family family = {"bitaxe_info", "What the miner is; always 1.",
                                                  EXPOSITION_GAUGE};
  exposition_family(&scrape->out, &family);
  struct buf labels;
  buf_init(&labels);
  for (size_t i = 0; i < scrape->count; i++) {
    const struct miner *miner = &fleet_at(scrape->fleet, i)->miner;
    buf_clear(&labels);
    buf_append_text(&labels, scrape->labels[i]);
    exposition_label(&labels, "asic", miner->facts.asic_model);
    exposition_label(&labels, "firmware", miner->facts.firmware);
    exposition_label(&labels, "mac", miner->mac);
    exposition_label(&labels, "address", miner->address);
    exposition_value(&scrape->out, &family, labels.data, 1);
  }
  buf_finish(&labels);
}

static void write_miners(struct scrape *scrape) {
  write_each(
      scrape,
      &(struct exposition_family){"bitaxe_up", "1 when the miner answers.", EXPOSITION_GAUGE},
      up_value, NULL);
  write_each(scrape,
             &(struct exposition_family){"bitaxe_last_seen_timestamp_seconds",
                                         "When the miner answered last.", EXPOSITION_GAUGE},
             seen_value, NULL);
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
    write_each(scrape, &figures[i].family, figure_value, (void *)&figures[i]);
  write_each(scrape,
             &(struct exposition_family){"bitaxe_efficiency_joules_per_terahash",
                                         "Energy for a terahash.", EXPOSITION_GAUGE},
             efficiency_value, NULL);
  write_states(scrape);
  write_alerts(scrape);
  write_infos(scrape);
}

/* ------------------------------------------------------------ the monitor itself */

static double seconds(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Pages in memory, second field of /proc/self/statm (proc(5)). */
static double resident_bytes(void) {
  double total = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL)
    return METRIC_UNKNOWN;
  int got = fscanf(file, "%lf %lf", &total, &resident);
  fclose(file);
  return got == 2 ? resident * (double)sysconf(_SC_PAGESIZE) : METRIC_UNKNOWN;
}

static void write_one(struct exposition *out, struct exposition_family family, double value) {
  exposition_family(out, &family);
  exposition_value(out, &family, "", value);
}

static void write_monitor(struct exposition *out, const struct api *api) {
  struct engine_health health;
  engine_health(api->engine, &health);
  const struct {
    struct exposition_family family;
    double value;
  } values[] = {
      {{"bitaxe_monitor_miners", "Miners that are watched.", EXPOSITION_GAUGE},
       (double)fleet_count(engine_fleet(api->engine))},
      {{"bitaxe_monitor_polls", "Times a miner was asked.", EXPOSITION_COUNTER},
       (double)health.polls},
      {{"bitaxe_monitor_polls_failed", "Times a miner gave no usable answer.", EXPOSITION_COUNTER},
       (double)health.polls_failed},
      {{"bitaxe_monitor_polls_in_flight", "Miners being asked now.", EXPOSITION_GAUGE},
       (double)health.polls_in_flight},
      {{"bitaxe_monitor_storing", "1 when readings are being saved.", EXPOSITION_GAUGE},
       health.storing ? 1 : 0},
      {{"bitaxe_monitor_unsaved_samples", "Readings that wait to be saved.", EXPOSITION_GAUGE},
       (double)health.unsaved_samples},
      {{"bitaxe_monitor_lost_samples", "Readings given up because memory was full.",
        EXPOSITION_COUNTER},
       (double)health.lost_samples},
      {{"bitaxe_monitor_last_commit_timestamp_seconds", "When readings were saved last.",
        EXPOSITION_GAUGE},
       health.last_commit_ms > 0 ? (double)health.last_commit_ms / 1000 : METRIC_UNKNOWN},
      {{"bitaxe_monitor_messages_waiting", "Messages that wait to be sent.", EXPOSITION_GAUGE},
       (double)health.messages_waiting},
      {{"bitaxe_monitor_telegram_up", "1 when Telegram takes messages.", EXPOSITION_GAUGE},
       health.telegram_configured ? (double)health.telegram_ok : METRIC_UNKNOWN},
      {{"bitaxe_monitor_event_streams", "Readers of the event stream.", EXPOSITION_GAUGE},
       (double)event_hub_streams(api->events)},
      {{"bitaxe_monitor_start_timestamp_seconds", "When the monitor was started.",
        EXPOSITION_GAUGE},
       (double)health.started_ms / 1000},
  };
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    write_one(out, values[i].family, values[i].value);
}

static void write_process(struct exposition *out, const struct api *api) {
  static const struct exposition_family info = {"bitaxe_monitor_info",
                                                "What the monitor is; always 1.", EXPOSITION_GAUGE};
  struct buf labels;
  buf_init(&labels);
  exposition_label(&labels, "version", api->version);
  exposition_family(out, &info);
  exposition_value(out, &info, labels.data, 1);
  buf_finish(&labels);

  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    write_one(out,
              (struct exposition_family){"process_cpu_seconds", "Processor time used.",
                                         EXPOSITION_COUNTER},
              seconds(usage.ru_utime) + seconds(usage.ru_stime));
  write_one(out,
            (struct exposition_family){"process_resident_memory_bytes", "Memory in use.",
                                       EXPOSITION_GAUGE},
            resident_bytes());
}

/* ------------------------------------------------------------ answer */

static void get_metrics(struct request *request) {
  struct api *api = request->api;
  const char *accept = http_exchange_header(request->exchange, "Accept");
  bool openmetrics = accept != NULL && strstr(accept, "application/openmetrics-text") != NULL;
  struct buf body;
  buf_init(&body);
  struct scrape scrape = {.out = {.out = &body, .openmetrics = openmetrics},
                          .fleet = engine_fleet(api->engine)};
  make_labels(&scrape);
  write_miners(&scrape);
  free_labels(&scrape);
  write_monitor(&scrape.out, api);
  write_process(&scrape.out, api);
  exposition_end(&scrape.out);
  answer_text(request->exchange,
              openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                          : "text/plain; version=0.0.4; charset=utf-8",
              &body);
  buf_finish(&body);
}

const struct route metrics_routes[] = {
    {ROUTE_LIVE, "GET", "/metrics", .answer = get_metrics},
    {0},
};
