#include "engine/alerts/alerting.h"

#include <libgen.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/alert_store.h"

/* The folder of a SQLite file; NULL for a server or memory. */
static char *folder_of(const char *database_url) {
  const char *path = db_sqlite_path(database_url);
  if (path == NULL)
    return NULL;
  char *copy = mem_strdup(path);
  char *folder = mem_strdup(dirname(copy));
  free(copy);
  return folder;
}

struct alerting *alerting_create(uv_loop_t *loop, struct fleet *fleet, struct channels *channels,
                                 const char *database_url) {
  struct alerting *alerting = mem_alloc(sizeof *alerting);
  alerting->loop = loop;
  alerting->fleet = fleet;
  alerting->channels = channels;
  alerting->disk_path = folder_of(database_url);
  alerting->desk = desk_create(fleet);
  return alerting;
}

static void load_memory(const struct alert_state_row *row, void *arg) {
  struct alerting *alerting = arg;
  struct fleet_miner *miner = fleet_find(alerting->fleet, row->miner_id);
  bool of_monitor =
      row->miner_id == 0 && row->rule < ALERT_RULE_COUNT && alert_rule_facts(row->rule)->of_monitor;
  struct alert_memory *memory = NULL;
  if (of_monitor)
    memory = desk_own_memory(alerting->desk, row->rule);
  else if (miner != NULL && row->rule < ALERT_RULE_COUNT)
    memory = &miner->alerts[row->rule];
  if (memory == NULL)
    return;
  *memory = (struct alert_memory){.phase = row->phase,
                                  .holds = row->holds,
                                  .since_ms = row->since_ms,
                                  .changed_ms = row->changed_ms,
                                  .announced_ms = row->announced_ms,
                                  .acknowledged_ms = row->acknowledged_ms,
                                  .episode = row->episode,
                                  .worst = row->worst,
                                  .value = row->value,
                                  .limit = row->limit,
                                  .reason = row->reason};
  if (alert_phase_is_open(row->phase) && row->episode == 0) /* from before there were episodes */
    memory->episode = row->changed_ms * 1000 + row->rule + 1;
}

bool alerting_load(struct alerting *alerting, struct db *db, struct err *err) {
  return alert_store_each(db, load_memory, alerting, err) && desk_load(alerting->desk, db, err) &&
         self_watch_read_alive(db, &alerting->alive_ms, err);
}

void alerting_start(struct alerting *alerting, struct pipeline *pipeline) {
  alerting->gateway = gateway_create(&(struct gateway_options){.loop = alerting->loop});
  alerting->teller = teller_create(&(struct teller_options){
      .fleet = alerting->fleet, .channels = alerting->channels, .gateway = alerting->gateway});
  desk_attach(alerting->desk, pipeline, alerting->teller);
  alerting->drill = drill_create(&(struct drill_options){
      .loop = alerting->loop, .desk = alerting->desk, .pipeline = pipeline});
  alerting->self_watch =
      self_watch_create(&(struct self_watch_options){.loop = alerting->loop,
                                                     .desk = alerting->desk,
                                                     .pipeline = pipeline,
                                                     .channels = alerting->channels,
                                                     .disk_path = alerting->disk_path,
                                                     .alive_ms = alerting->alive_ms});
}

void alerting_quiet(struct alerting *alerting) {
  self_watch_close(alerting->self_watch);
  drill_close(alerting->drill);
  gateway_close(alerting->gateway);
  alerting->self_watch = NULL;
  alerting->drill = NULL;
  alerting->gateway = NULL;
}

void alerting_destroy(struct alerting *alerting) {
  if (alerting == NULL)
    return;
  teller_destroy(alerting->teller);
  desk_destroy(alerting->desk);
  free(alerting->disk_path);
  free(alerting);
}
