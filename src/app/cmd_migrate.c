/* `bitaxe-monitor migrate --from URL --to URL`: the whole history into another
 * database, of another kind if wanted. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "db/db.h"
#include "store/store.h"
#include "store/transfer.h"

static const char usage[] =
    "write: bitaxe-monitor migrate --from sqlite:/path/monitor.db --to postgresql://user@host/name";

struct ends {
  const char *from, *to;
};

/* "--from URL" or "--from=URL". */
static bool read_ends(struct ends *ends, int argc, char **argv, struct err *err) {
  for (int i = 0; i < argc; i++) {
    const char **target = str_starts_with(argv[i], "--from") ? &ends->from
                          : str_starts_with(argv[i], "--to") ? &ends->to
                                                             : NULL;
    size_t length = target == &ends->from ? strlen("--from") : strlen("--to");
    if (target != NULL && argv[i][length] == '=')
      *target = argv[i] + length + 1;
    else if (target != NULL && argv[i][length] == '\0' && i + 1 < argc)
      *target = argv[++i];
    else
      return err_set(err, ERR_INVALID, "%s", usage);
  }
  if (ends->from == NULL || ends->to == NULL)
    return err_set(err, ERR_INVALID, "%s", usage);
  if (str_equal(ends->from, ends->to))
    return err_set(err, ERR_INVALID, "both addresses are the same");
  return true;
}

static void tell(const char *table, int64_t rows, void *arg) {
  int64_t *total = arg;
  *total += rows;
  printf("  %-12s %lld rows, counts and checksums agree\n", table, (long long)rows);
  fflush(stdout);
}

static bool move(struct db *from, const char *to_url, int64_t *rows, struct err *err) {
  struct db *to;
  if (!store_open(&to, to_url, err))
    return err_add(err, "the target (--to)");
  bool ok = transfer_all(from, to, tell, rows, err);
  db_close(to);
  return ok;
}

static bool migrate(const struct ends *ends, struct err *err) {
  const char *file = db_sqlite_path(ends->from);
  struct db *from;
  int64_t rows = 0;
  if (file != NULL && file_size(file) < 0)
    return err_set(err, ERR_NOT_FOUND, "there is no file %.200s to move from", file);
  /* Open for writing on both sides: that takes the lock, so no monitor goes on
   * filling what is being moved away. */
  if (!store_open(&from, ends->from, err))
    return err_add(err, "the source (--from)");
  bool ok = move(from, ends->to, &rows, err);
  db_close(from);
  if (ok)
    printf("done: %lld rows moved and compared; the source is left as it was.\n"
           "Start the monitor with DATABASE_URL set to the new address.\n",
           (long long)rows);
  return ok;
}

static int run(int argc, char **argv) {
  struct ends ends = {0};
  struct err err;
  if (read_ends(&ends, argc, argv, &err) && migrate(&ends, &err))
    return 0;
  fprintf(stderr, "bitaxe-monitor: nothing was moved: %s\n", err.text);
  return 1;
}

const struct command cmd_migrate = {"migrate", "--from URL --to URL move the history elsewhere",
                                    run};
