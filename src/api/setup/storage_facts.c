#include "api/setup/storage_facts.h"

#include <math.h>

#include "base/file.h"
#include "engine/backup_folder.h"
#include "store/usage.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct storage_facts storage_facts_take(struct engine *engine) {
  const struct engine_options *options = engine_options(engine);
  return (struct storage_facts){
      .database_path = db_sqlite_path(options->database_url),
      .backup_dir = options->backup_dir,
      .interval_ms = options->poll_interval_ms,
      .retention_ms = options->retention_ms,
      .miners = fleet_count(engine_fleet(engine)),
  };
}

static void write_backups(struct json_write *json, const char *folder) {
  struct backup_file files[BACKUP_FOLDER_LIST_MAX];
  size_t count = folder != NULL ? backup_folder_list(folder, files, BACKUP_FOLDER_LIST_MAX) : 0;
  json_write_array(json, "backups");
  for (size_t i = 0; i < count; i++) {
    json_write_object(json, NULL);
    json_write_text(json, "name", files[i].name);
    json_write_i64(json, "bytes", files[i].bytes);
    json_write_time(json, "at", files[i].made_ms);
    json_write_object_end(json);
  }
  json_write_array_end(json);
}

static void write_free(struct json_write *json, const char *database_path) {
  int64_t free_bytes = database_path != NULL ? file_free_bytes(database_path) : -1;
  if (free_bytes >= 0)
    json_write_i64(json, "free_disk_bytes", free_bytes);
  else
    json_write_null(json, "free_disk_bytes");
}

bool storage_facts_write(struct json_write *json, const char *key,
                         const struct storage_facts *facts, struct db *db, struct err *err) {
  struct usage usage;
  if (!usage_read(db, &usage, err))
    return false;
  double year = usage_bytes_per_miner_year(&usage, facts->interval_ms);
  double days = (double)facts->retention_ms / DAY_MS;
  json_write_object(json, key);
  json_write_text(json, "kind", db_kind(db));
  json_write_i64(json, "bytes", usage.bytes);
  json_write_i64(json, "samples", usage.samples);
  json_write_time(json, "first_at", usage.first_ms);
  json_write_time(json, "last_at", usage.last_ms);
  json_write_number(json, "bytes_per_sample", usage_bytes_per_sample(&usage), 1);
  json_write_number(json, "forecast_bytes_per_year", year * (double)facts->miners, 0);
  json_write_number(json, "forecast_bytes_per_miner_year", year, 0);
  json_write_number(json, "retention_days", facts->retention_ms > 0 ? days : NAN, 2);
  write_free(json, facts->database_path);
  write_backups(json, facts->backup_dir);
  json_write_object_end(json);
  return true;
}
