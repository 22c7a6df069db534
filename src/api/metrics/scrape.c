#include "api/metrics/scrape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/api_state.h"
#include "api/event_hub.h"
#include "api/metrics/exposition.h"
#include "base/mem.h"

/* What is said of each miner, family by family. */
struct section {
  struct exposition_family family;
  /* One miner's line, or lines; `labels` are those of all its lines. */
  void (*write)(struct scrape *scrape, const struct section *section, const char *labels,
                const struct fleet_miner *miner);
  double (*value)(const struct fleet_miner *miner); /* for write_value */
  enum metric metric;                               /* for write_figure: our unit ... */
  double factor;                                    /* ... x factor is Prometheus's */
};

struct scrape {
  struct api *api;
  struct exposition out;
  struct buf labels; /* of the line that is being written */
  struct subject {
    int64_t id;
    char *labels; /* made once, used by every family */
  } * subjects;
  size_t count, section, next; /* the next subject of that section */
  bool done;
};

/* ------------------------------------------------------------ a miner's lines */

static void write_figure(struct scrape *scrape, const struct section *section, const char *labels,
                         const struct fleet_miner *miner) {
  if (fleet_miner_is_live(miner))
    exposition_value(&scrape->out, &section->family, labels,
                     miner->last.values[section->metric] * section->factor);
}

static void write_value(struct scrape *scrape, const struct section *section, const char *labels,
                        const struct fleet_miner *miner) {
  exposition_value(&scrape->out, &section->family, labels, section->value(miner));
}

static double up_value(const struct fleet_miner *miner) {
  return fleet_miner_is_live(miner) ? 1 : 0;
}

static double efficiency_value(const struct fleet_miner *miner) {
  return fleet_miner_is_live(miner) ? sample_efficiency_j_th(&miner->last) : METRIC_UNKNOWN;
}

static double seen_value(const struct fleet_miner *miner) {
  return miner->memory.seen_ms > 0 ? (double)miner->memory.seen_ms / 1000 : METRIC_UNKNOWN;
}

/* The miner's labels, for more behind them. */
static struct buf *begin_labels(struct scrape *scrape, const char *labels) {
  buf_clear(&scrape->labels);
  buf_append_text(&scrape->labels, labels);
  return &scrape->labels;
}

/* One line for each state a miner can be in, 1 for the one it is in. */
static void write_states(struct scrape *scrape, const struct section *section, const char *labels,
                         const struct fleet_miner *miner) {
  for (int state = 0; state < STATE_COUNT; state++) {
    exposition_label(begin_labels(scrape, labels), "state", state_name((enum miner_state)state));
    exposition_value(&scrape->out, &section->family, scrape->labels.data,
                     (int)miner->memory.state == state);
  }
}

static void write_alerts(struct scrape *scrape, const struct section *section, const char *labels,
                         const struct fleet_miner *miner) {
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    const struct alert_rule_facts *facts = alert_rule_facts((enum alert_rule)rule);
    if (facts->moment || facts->of_monitor)
      continue;
    exposition_label(begin_labels(scrape, labels), "rule", facts->name);
    exposition_value(&scrape->out, &section->family, scrape->labels.data,
                     alert_phase_is_open(miner->alerts[rule].phase));
  }
}

static void write_info(struct scrape *scrape, const struct section *section, const char *labels,
                       const struct fleet_miner *miner) {
  const struct miner *it = &miner->miner;
  begin_labels(scrape, labels);
  exposition_label(&scrape->labels, "asic", it->facts.asic_model);
  exposition_label(&scrape->labels, "firmware", it->facts.firmware);
  exposition_label(&scrape->labels, "mac", it->mac);
  exposition_label(&scrape->labels, "address", it->address);
  exposition_value(&scrape->out, &section->family, scrape->labels.data, 1);
}

#define LINES(name, help, function)                                                                \
  { .family = {name, help, EXPOSITION_GAUGE}, .write = function }
#define VALUE(name, help, function)                                                                \
  { .family = {name, help, EXPOSITION_GAUGE}, .write = write_value, .value = function }
#define FIGURE(name, help, of, times)                                                              \
  { .family = {name, help, EXPOSITION_GAUGE}, .write = write_figure, .metric = of, .factor = times }
#define COUNT(name, help, of)                                                                      \
  { .family = {name, help, EXPOSITION_COUNTER}, .write = write_figure, .metric = of, .factor = 1 }

static const struct section sections[] = {
    VALUE("bitaxe_up", "1 when the miner answers.", up_value),
    VALUE("bitaxe_last_seen_timestamp_seconds", "When the miner answered last.", seen_value),
    FIGURE("bitaxe_hashrate_hashes_per_second", "Hashrate as the miner reports it.",
           METRIC_HASHRATE_GHS, 1e9),
    FIGURE("bitaxe_expected_hashrate_hashes_per_second", "Frequency x small cores x chips.",
           METRIC_EXPECTED_HASHRATE_GHS, 1e9),
    FIGURE("bitaxe_chip_temperature_celsius", "Temperature of the chip.", METRIC_CHIP_TEMP_C, 1),
    FIGURE("bitaxe_chip_second_temperature_celsius", "Second sensor of the chip.",
           METRIC_CHIP_TEMP2_C, 1),
    FIGURE("bitaxe_vr_temperature_celsius", "Temperature of the voltage regulator.",
           METRIC_VR_TEMP_C, 1),
    FIGURE("bitaxe_power_watts", "Power drawn.", METRIC_POWER_W, 1),
    FIGURE("bitaxe_input_volts", "Voltage of the power supply.", METRIC_INPUT_VOLTAGE_MV, 1e-3),
    FIGURE("bitaxe_core_configured_volts", "Core voltage as configured.", METRIC_CORE_VOLTAGE_MV,
           1e-3),
    FIGURE("bitaxe_core_volts", "Core voltage as measured.", METRIC_CORE_VOLTAGE_ACTUAL_MV, 1e-3),
    FIGURE("bitaxe_frequency_hertz", "Clock of the chip.", METRIC_FREQUENCY_MHZ, 1e6),
    FIGURE("bitaxe_fan_ratio", "Fan speed, 0 to 1.", METRIC_FAN_PCT, 1e-2),
    FIGURE("bitaxe_fan_rpm", "Fan turns a minute.", METRIC_FAN_RPM, 1),
    FIGURE("bitaxe_second_fan_rpm", "Second fan's turns a minute.", METRIC_FAN2_RPM, 1),
    FIGURE("bitaxe_wifi_rssi_dbm", "Strength of the Wi-Fi signal.", METRIC_WIFI_RSSI_DBM, 1),
    FIGURE("bitaxe_uptime_seconds", "Time since the miner started.", METRIC_UPTIME_S, 1),
    COUNT("bitaxe_shares_accepted", "Shares that the pool accepted since the miner started.",
          METRIC_SHARES_ACCEPTED),
    COUNT("bitaxe_shares_rejected", "Shares that the pool rejected since the miner started.",
          METRIC_SHARES_REJECTED),
    FIGURE("bitaxe_best_difficulty", "Best difficulty that the miner remembers.", METRIC_BEST_DIFF,
           1),
    FIGURE("bitaxe_best_session_difficulty", "Best difficulty since the miner started.",
           METRIC_BEST_SESSION_DIFF, 1),
    FIGURE("bitaxe_pool_difficulty", "Difficulty that the pool asks for.", METRIC_POOL_DIFFICULTY,
           1),
    FIGURE("bitaxe_error_ratio", "Share of hashes that were wrong, 0 to 1.", METRIC_ERROR_PCT,
           1e-2),
    FIGURE("bitaxe_response_seconds", "How long the miner took to answer the monitor.",
           METRIC_RESPONSE_MS, 1e-3),
    FIGURE("bitaxe_free_heap_bytes", "Free memory of the miner.", METRIC_FREE_HEAP_BYTES, 1),
    COUNT("bitaxe_blocks_found", "Blocks that the miner found.", METRIC_BLOCKS_FOUND),
    VALUE("bitaxe_efficiency_joules_per_terahash", "Energy for a terahash.", efficiency_value),
    LINES("bitaxe_state", "1 for the state that the miner is in.", write_states),
    LINES("bitaxe_alert_firing", "1 while the alert fires.", write_alerts),
    LINES("bitaxe_info", "What the miner is; always 1.", write_info),
};
enum { SECTION_COUNT = sizeof sections / sizeof sections[0] };

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

/* ------------------------------------------------------------ the whole */

static char *make_labels(const struct miner *miner) {
  struct buf labels;
  char id[32];
  buf_init(&labels);
  snprintf(id, sizeof id, "%" PRId64, miner->id);
  exposition_label(&labels, "miner", miner->name);
  exposition_label(&labels, "id", id);
  exposition_label(&labels, "model", miner->facts.model);
  return buf_take(&labels, NULL);
}

struct scrape *scrape_create(struct api *api, bool openmetrics) {
  struct fleet *fleet = engine_fleet(api->engine);
  struct scrape *scrape = mem_alloc(sizeof *scrape);
  scrape->api = api;
  scrape->out.openmetrics = openmetrics;
  scrape->count = fleet_count(fleet);
  scrape->subjects = mem_alloc((scrape->count + 1) * sizeof *scrape->subjects);
  for (size_t i = 0; i < scrape->count; i++) {
    const struct miner *miner = &fleet_at(fleet, i)->miner;
    scrape->subjects[i] = (struct subject){miner->id, make_labels(miner)};
  }
  buf_init(&scrape->labels);
  return scrape;
}

void scrape_destroy(struct scrape *scrape) {
  if (scrape == NULL)
    return;
  for (size_t i = 0; i < scrape->count; i++)
    free(scrape->subjects[i].labels);
  free(scrape->subjects);
  buf_finish(&scrape->labels);
  free(scrape);
}

/* The lines of one miner in one family, or what stands between two families. */
static void step(struct scrape *scrape) {
  const struct section *section = &sections[scrape->section];
  if (scrape->next == 0)
    exposition_family(&scrape->out, &section->family);
  if (scrape->next == scrape->count) {
    scrape->section++;
    scrape->next = 0;
    return;
  }
  const struct subject *subject = &scrape->subjects[scrape->next++];
  const struct fleet_miner *miner = fleet_find(engine_fleet(scrape->api->engine), subject->id);
  if (miner != NULL)
    section->write(scrape, section, subject->labels, miner);
}

bool scrape_more(struct scrape *scrape, struct buf *out, size_t enough) {
  scrape->out.out = out;
  while (scrape->section < SECTION_COUNT && out->length < enough)
    step(scrape);
  if (scrape->section < SECTION_COUNT || scrape->done)
    return !scrape->done;
  write_monitor(&scrape->out, scrape->api);
  write_process(&scrape->out, scrape->api);
  exposition_end(&scrape->out);
  scrape->done = true;
  return false;
}
