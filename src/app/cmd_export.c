/* `bitaxe-monitor export [MINER]`: the samples of a miner as CSV or JSON lines on
 * standard output, also while the monitor runs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/history/export.h"
#include "api/param.h"
#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/str.h"
#include "store/miner_store.h"

struct wanted {
  const char *miner; /* name or number; NULL: the only one there is */
  const char *from, *to, *format;
};

/* ------------------------------------------------------------ flags */

static const char **own_flag(struct wanted *wanted, const char *name, size_t length) {
  const struct {
    const char *name;
    const char **value;
  } flags[] = {{"--from", &wanted->from}, {"--to", &wanted->to}, {"--format", &wanted->format}};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    if (strlen(flags[i].name) == length && strncmp(flags[i].name, name, length) == 0)
      return flags[i].value;
  }
  return NULL;
}

/* Takes our flags out of argv; what is left is for config_read. */
static bool take_flags(struct wanted *wanted, int *argc, char **argv, struct err *err) {
  int left = 0;
  for (int i = 0; i < *argc; i++) {
    size_t length = strcspn(argv[i], "=");
    const char **value = own_flag(wanted, argv[i], length);
    if (value == NULL)
      argv[left++] = argv[i];
    else if (argv[i][length] == '=')
      *value = argv[i] + length + 1;
    else if (i + 1 < *argc)
      *value = argv[++i];
    else
      return err_set(err, ERR_INVALID, "%s needs a value after it", argv[i]);
  }
  *argc = left;
  return true;
}

/* ------------------------------------------------------------ which miner */

struct search {
  const char *name;
  int64_t id; /* 0: not found yet */
  int count;
};

static void look_at(const struct miner *miner, void *arg) {
  struct search *search = arg;
  search->count++;
  if (search->name == NULL || str_equal_ignore_case(search->name, miner->name))
    search->id = miner->id;
}

/* A number also finds a miner that was removed: its history is still there. */
static bool find_miner(struct db *db, const char *name, int64_t *id, struct err *err) {
  struct search search = {.name = name};
  if (!miner_store_each(db, look_at, &search, err))
    return false;
  *id = search.id;
  if (name == NULL && search.count != 1)
    return err_set(err, ERR_INVALID, "there are %d miners: say which one, by its name or number",
                   search.count);
  if (search.id == 0 && !str_to_i64(name, 1, INT64_MAX, id))
    return err_set(err, ERR_NOT_FOUND, "there is no miner named '%s'", name);
  return true;
}

/* ------------------------------------------------------------ writing */

static bool write_all(struct export *export, struct db *db, struct err *err) {
  struct buf piece;
  bool ok = true;
  buf_init(&piece);
  while (ok && !export_is_done(export)) {
    buf_clear(&piece);
    ok = export_more(export, db, &piece, err);
    if (ok && piece.length > 0 && fwrite(piece.data, 1, piece.length, stdout) != piece.length)
      ok = err_set(err, ERR_IO, "the output cannot be written: %s", strerror(errno));
  }
  if (ok && fflush(stdout) != 0)
    ok = err_set(err, ERR_IO, "the output cannot be written: %s", strerror(errno));
  buf_finish(&piece);
  return ok;
}

static bool export_from(struct db *db, const struct wanted *wanted, struct err *err) {
  struct param_period period = {0, clock_wall_ms() + 1};
  enum export_format format = EXPORT_CSV;
  struct history_query query = {0};
  struct export export;
  if (wanted->format != NULL && !export_find_format(wanted->format, &format))
    return err_set(err, ERR_INVALID, "--format is '%s', but must be csv or jsonl", wanted->format);
  if (!param_period(wanted->from, wanted->to, &period, err) ||
      !find_miner(db, wanted->miner, &query.miner_id, err))
    return false;
  query.from_ms = period.from_ms;
  query.to_ms = period.to_ms;
  export_init(&export, format, &query);
  if (!write_all(&export, db, err))
    return false;
  if (export.damaged > 0)
    fprintf(stderr, "bitaxe-monitor: damaged records were passed over; `bitaxe-monitor verify` "
                    "says more\n");
  return true;
}

static int run(int argc, char **argv) {
  struct wanted wanted = {.miner = setup_take_operand(&argc, &argv)};
  struct config config = {0};
  struct err err;
  struct db *db = NULL;
  bool ok = take_flags(&wanted, &argc, argv, &err) && config_read(&config, argc, argv, &err) &&
            db_open(&db, config.database_url, DB_READ_ONLY, &err) && export_from(db, &wanted, &err);
  if (!ok)
    fprintf(stderr, "bitaxe-monitor: the export is not complete: %s\n", err.text);
  db_close(db);
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_export = {
    "export", "[MINER] all samples as text: --from, --to TIME, --format csv or jsonl", run};
