/* `bitaxe-monitor verify [FILE]`: reads a database, or a backup of one, from end
 * to end and says whether it is whole. */
#include <stdio.h>

#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "db/db.h"
#include "store/inspect.h"
#include "store/store.h"

static void describe(const char *what, const struct inspect *found) {
  char first[CLOCK_RFC3339_SIZE], last[CLOCK_RFC3339_SIZE];
  if (found->damaged == 0)
    printf("%s is whole: every part was read\n", what);
  printf("  layout   %d%s\n", found->version,
         found->version < store_schema_version() ? " (brought up to date at the next start)" : "");
  printf("  miners   %lld\n", (long long)found->miners);
  printf("  alerts   %lld\n", (long long)found->events);
  printf("  samples  %lld", (long long)found->samples);
  if (found->last_ms > 0)
    printf(", from %s to %s", clock_format_rfc3339(found->first_ms, first),
           clock_format_rfc3339(found->last_ms, last));
  printf("\n  chunks   %lld, %lld damaged\n", (long long)found->chunks, (long long)found->damaged);
}

static bool verify(const struct config *config, const char *file, struct err *err) {
  char url[CONFIG_PATH_MAX + 16];
  struct inspect found;
  struct db *db;
  if (file != NULL && snprintf(url, sizeof url, "sqlite:%s", file) >= (int)sizeof url)
    return err_set(err, ERR_INVALID, "the name of the file is too long");
  if (file != NULL && file_size(file) < 0)
    return err_set(err, ERR_NOT_FOUND, "there is no such file");
  if (!db_open(&db, file != NULL ? url : config->database_url, DB_READ_ONLY, err))
    return false;
  bool ok = inspect_database(db, &found, err);
  db_close(db);
  if (!ok)
    return false;
  describe(file != NULL ? file : "the database", &found);
  return found.damaged == 0 ||
         err_set(err, ERR_CORRUPT,
                 "%lld of its %lld chunks are damaged and passed over, the rest reads (%s)",
                 (long long)found.damaged, (long long)found.chunks, found.damage);
}

static int run(int argc, char **argv) {
  const char *file = setup_take_operand(&argc, &argv);
  struct config config;
  struct err err;
  bool ok = config_read(&config, argc, argv, &err) && verify(&config, file, &err);
  if (!ok)
    fprintf(stderr, "bitaxe-monitor: %s is not good: %s\n", file != NULL ? file : "the database",
            err.text);
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_verify = {"verify", "[FILE] is the history, or a backup, whole?", run};
