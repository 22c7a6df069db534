/* `bitaxe-monitor backup [FILE]`: a copy of the database as it is now, also while
 * the monitor runs. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "db/db.h"
#include "store/inspect.h"

/* With the time of day: those that the monitor makes by itself have the day
 * alone, and only they are thrown away when they are old. */
static bool default_path(const struct config *config, char *path, int size, struct err *err) {
  char stamp[32];
  struct tm when;
  time_t now = (time_t)(clock_wall_ms() / 1000);
  localtime_r(&now, &when);
  strftime(stamp, sizeof stamp, "%Y-%m-%d-%H%M%S", &when);
  snprintf(path, (size_t)size, "%s/backups", config->data_dir);
  if (!setup_data_dir(path, err))
    return false;
  snprintf(path, (size_t)size, "%s/backups/monitor-%s.db", config->data_dir, stamp);
  return true;
}

/* A backup that was never read is not trusted. */
static bool prove(const char *path, struct inspect *found, struct err *err) {
  char url[CONFIG_PATH_MAX + 96];
  struct db *db;
  snprintf(url, sizeof url, "sqlite:%s", path);
  if (!db_open(&db, url, DB_READ_ONLY, err))
    return err_add(err, "the backup cannot be read again");
  bool ok = inspect_database(db, found, err);
  db_close(db);
  return ok || err_add(err, "the backup is not good");
}

static bool back_up(const struct config *config, const char *path, struct inspect *found,
                    struct err *err) {
  struct db *db;
  if (!db_open(&db, config->database_url, DB_READ_ONLY, err))
    return false;
  bool ok = db_backup(db, path, err);
  db_close(db);
  return ok && prove(path, found, err);
}

static bool run_with(struct config *config, const char *file, struct err *err) {
  char path[CONFIG_PATH_MAX + 64];
  struct inspect found = {0};
  if (file == NULL && !default_path(config, path, (int)sizeof path, err))
    return false;
  if (file != NULL && strlen(file) >= CONFIG_PATH_MAX)
    return err_set(err, ERR_INVALID, "the name of the file is too long");
  if (file != NULL)
    str_copy(path, sizeof path, file);
  if (!back_up(config, path, &found, err))
    return false;
  printf("backup made: %s (%.1f MB, %lld miners, %lld samples)\n", path,
         (double)file_size(path) / 1e6, (long long)found.miners, (long long)found.samples);
  if (found.damaged > 0)
    printf("%lld of %lld chunks are damaged, here and in the database (%s)\n",
           (long long)found.damaged, (long long)found.chunks, found.damage);
  return true;
}

static int run(int argc, char **argv) {
  const char *file = setup_take_operand(&argc, &argv);
  struct config config;
  struct err err;
  bool ok = config_read(&config, argc, argv, &err) && run_with(&config, file, &err);
  if (!ok)
    fprintf(stderr, "bitaxe-monitor: no backup was made: %s\n", err.text);
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_backup = {"backup", "[FILE] copy the history, also while it runs", run};
