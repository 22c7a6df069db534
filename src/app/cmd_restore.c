/* `bitaxe-monitor restore FILE`: puts a backup in the place of the database. What
 * was there is kept beside it under another name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/file.h"
#include "db/db.h"
#include "db/db_lock.h"
#include "store/inspect.h"

enum { RESTORE_PATH_MAX = CONFIG_PATH_MAX + 64 };

struct restore {
  const char *database;         /* the path of the database, borrowed */
  const char *backup;           /* the path of the backup, borrowed */
  char part[RESTORE_PATH_MAX];  /* the copy until it is whole */
  char aside[RESTORE_PATH_MAX]; /* where the old database goes; "" when there was none */
};

static bool check_backup(const char *path, struct inspect *found, struct err *err) {
  char url[RESTORE_PATH_MAX];
  struct db *db;
  if (file_size(path) < 0)
    return err_set(err, ERR_NOT_FOUND, "there is no file %.200s", path);
  snprintf(url, sizeof url, "sqlite:%s", path);
  if (!db_open(&db, url, DB_READ_ONLY, err))
    return false;
  bool ok = inspect_database(db, found, err);
  db_close(db);
  return ok || err_add(err, "the backup is not good");
}

/* Opening and closing moves what still stands in the write-ahead log into the
 * file, and proves that no monitor runs. A damaged file, which may be the reason
 * for all this, is no obstacle. */
static bool settle_old(const struct restore *restore, struct err *err) {
  char url[RESTORE_PATH_MAX];
  struct db *db;
  if (file_size(restore->database) < 0)
    return true;
  snprintf(url, sizeof url, "sqlite:%s", restore->database);
  if (!db_open(&db, url, DB_READ_WRITE, err))
    return err->code == ERR_CORRUPT;
  db_close(db);
  return true;
}

/* A second name for the old file first: at no moment is there no database, for
 * which the monitor would make an empty one. Sticks with FAT know one name only. */
static bool keep_old(struct restore *restore, struct err *err) {
  char from[RESTORE_PATH_MAX], to[RESTORE_PATH_MAX + 8], stamp[32];
  struct tm when;
  time_t now = (time_t)(clock_wall_ms() / 1000);
  if (file_size(restore->database) < 0)
    return true;
  localtime_r(&now, &when);
  strftime(stamp, sizeof stamp, "%Y-%m-%d-%H%M%S", &when);
  snprintf(restore->aside, sizeof restore->aside, "%s.before-%s", restore->database, stamp);
  if (link(restore->database, restore->aside) != 0 &&
      !file_rename(restore->database, restore->aside, err))
    return err_add(err, "the old database cannot be kept");
  snprintf(from, sizeof from, "%s-wal", restore->database);
  snprintf(to, sizeof to, "%s-wal", restore->aside);
  if (file_size(from) >= 0 && !file_rename(from, to, err))
    return err_add(err, "the old database cannot be kept");
  snprintf(from, sizeof from, "%s-shm", restore->database);
  unlink(from); /* an index into the -wal file, made anew when needed */
  return true;
}

/* Run by root, it is still the monitor that must write the file later. */
static void give_to_owner(const struct restore *restore) {
  struct stat old;
  if (stat(restore->database, &old) == 0 && chown(restore->part, old.st_uid, old.st_gid) != 0)
    errno = 0; /* any other user is the owner already */
}

static bool put_in_place(struct restore *restore, struct err *err) {
  unlink(restore->part); /* of one that was interrupted */
  if (!file_copy(restore->backup, restore->part, err))
    return false;
  give_to_owner(restore);
  if (keep_old(restore, err) && file_rename(restore->part, restore->database, err))
    return true;
  unlink(restore->part);
  return false;
}

static bool restore_database(struct restore *restore, struct err *err) {
  int lock;
  if (!settle_old(restore, err) || !db_lock_take(&lock, restore->database, err))
    return false;
  snprintf(restore->part, sizeof restore->part, "%s.restoring", restore->database);
  bool ok = put_in_place(restore, err);
  db_lock_release(lock);
  return ok;
}

static bool run_with(const struct config *config, const char *file, struct err *err) {
  struct restore restore = {.database = db_sqlite_path(config->database_url), .backup = file};
  struct inspect found = {0};
  if (file == NULL)
    return err_set(err, ERR_INVALID, "which one? Write: bitaxe-monitor restore FILE");
  if (strlen(file) >= CONFIG_PATH_MAX)
    return err_set(err, ERR_INVALID, "the name of the file is too long");
  if (restore.database == NULL)
    return err_set(
        err, ERR_INVALID,
        "a database on a PostgreSQL server is restored with PostgreSQL's own pg_restore");
  if (!check_backup(file, &found, err) || !setup_data_dir(config->data_dir, err) ||
      !restore_database(&restore, err))
    return false;
  printf("restored: %lld miners and %lld samples are back in %s\n", (long long)found.miners,
         (long long)found.samples, restore.database);
  if (found.damaged > 0)
    printf("%lld of its %lld chunks are damaged and passed over\n", (long long)found.damaged,
           (long long)found.chunks);
  if (restore.aside[0] != '\0')
    printf("what was there before is kept as %s\n", restore.aside);
  puts("start the monitor again");
  return true;
}

static int run(int argc, char **argv) {
  const char *file = setup_take_operand(&argc, &argv);
  struct config config;
  struct err err;
  bool ok = config_read(&config, argc, argv, &err) && run_with(&config, file, &err);
  if (!ok)
    fprintf(stderr, "bitaxe-monitor: nothing was restored: %s\n", err.text);
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_restore = {"restore", "FILE puts a backup back (stop the monitor first)",
                                    run};
