#include "store/miner_store.h"

#include <math.h>

#include "base/mem.h"
#include "base/str.h"

/* All columns but the id in one order for reading and writing; $26 is the id. */
#define COLUMNS                                                                                    \
  "name, address, driver, mac, demo, created_ms, model, asic_model, asic_count, "                  \
  "small_core_count, device_mac, firmware, board, hostname, reset_reason, pool_host, pool_port, "  \
  "fault, chip_warn_c, chip_trip_c, vr_warn_c, vr_trip_c, input_min_mv, input_max_mv, power_max_w"
#define PLACES_AFTER_ADDRESS                                                                       \
  "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "  \
  "$23, $24, $25"
#define PLACES "$1, $2, " PLACES_AFTER_ADDRESS

enum { COLUMN_COUNT = 25, PARAM_COUNT = COLUMN_COUNT + 1 };

static struct db_value real_or_null(double value) {
  return isnan(value) ? db_null() : db_real(value);
}

static void fill_params(struct db_value params[PARAM_COUNT], const struct miner *miner) {
  const struct miner_facts *facts = &miner->facts;
  const struct miner_limits *limits = &facts->limits;
  const struct db_value values[PARAM_COUNT] = {
      db_text(miner->name),
      db_text(miner->address),
      db_text(miner->driver),
      db_text(miner->mac),
      db_int(miner->demo),
      db_int(miner->created_ms),
      db_text(facts->model),
      db_text(facts->asic_model),
      db_int(facts->asic_count),
      db_int(facts->small_core_count),
      db_text(facts->mac),
      db_text(facts->firmware),
      db_text(facts->board),
      db_text(facts->hostname),
      db_text(facts->reset_reason),
      db_text(facts->pool_host),
      db_int(facts->pool_port),
      db_text(facts->fault),
      real_or_null(limits->chip_warn_c),
      real_or_null(limits->chip_trip_c),
      real_or_null(limits->vr_warn_c),
      real_or_null(limits->vr_trip_c),
      real_or_null(limits->input_min_mv),
      real_or_null(limits->input_max_mv),
      real_or_null(limits->power_max_w),
      db_int(miner->id),
  };
  for (int i = 0; i < PARAM_COUNT; i++)
    params[i] = values[i];
}

#define COPY_TEXT(field, column)                                                                   \
  str_copy((field), sizeof(field), db_cursor_text(cursor, (column))) /* the columns are NOT NULL   \
                                                                      */

static void read_miner(const struct db_cursor *cursor, struct miner *miner) {
  struct miner_facts *facts = &miner->facts;
  struct miner_limits *limits = &facts->limits;
  miner->id = db_cursor_int(cursor, 0);
  COPY_TEXT(miner->name, 1);
  COPY_TEXT(miner->address, 2);
  COPY_TEXT(miner->driver, 3);
  COPY_TEXT(miner->mac, 4);
  miner->demo = db_cursor_int(cursor, 5) != 0;
  miner->created_ms = db_cursor_int(cursor, 6);
  COPY_TEXT(facts->model, 7);
  COPY_TEXT(facts->asic_model, 8);
  facts->asic_count = (int)db_cursor_int(cursor, 9);
  facts->small_core_count = (int)db_cursor_int(cursor, 10);
  COPY_TEXT(facts->mac, 11);
  COPY_TEXT(facts->firmware, 12);
  COPY_TEXT(facts->board, 13);
  COPY_TEXT(facts->hostname, 14);
  COPY_TEXT(facts->reset_reason, 15);
  COPY_TEXT(facts->pool_host, 16);
  facts->pool_port = (int)db_cursor_int(cursor, 17);
  COPY_TEXT(facts->fault, 18);
  limits->chip_warn_c = db_cursor_real(cursor, 19);
  limits->chip_trip_c = db_cursor_real(cursor, 20);
  limits->vr_warn_c = db_cursor_real(cursor, 21);
  limits->vr_trip_c = db_cursor_real(cursor, 22);
  limits->input_min_mv = db_cursor_real(cursor, 23);
  limits->input_max_mv = db_cursor_real(cursor, 24);
  limits->power_max_w = db_cursor_real(cursor, 25);
}

bool miner_store_each(struct db *db, miner_store_row row, void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT id, " COLUMNS " FROM miner WHERE removed_ms IS NULL ORDER BY id", NULL,
                0, &cursor, err))
    return err_add(err, "cannot read the miners");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct miner miner = {0};
    read_miner(cursor, &miner);
    row(&miner, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the miners");
}

/* Asked before writing rather than learnt from a failed write, which would
 * break the caller's transaction. Fails with the name of the miner that `sql`
 * finds, if it finds one. */
static bool check_free(struct db *db, const char *sql, const struct db_value *params, size_t count,
                       struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, sql, params, count, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    err_set(err, ERR_CONFLICT, "this miner is there already, as '%s'", db_cursor_text(cursor, 0));
  db_cursor_close(cursor);
  return step == DB_DONE;
}

static bool check_mac_free(struct db *db, const struct miner *miner, struct err *err) {
  if (miner->mac[0] == '\0')
    return true;
  const struct db_value params[] = {db_text(miner->mac), db_int(miner->id)};
  return check_free(db,
                    "SELECT name FROM miner WHERE mac = $1 AND mac <> '' AND removed_ms IS NULL "
                    "AND id <> $2",
                    params, 2, err);
}

/* Two known MACs may share an address, the old lease of one being the new lease
 * of the other; where one side's MAC is not known the two may be one device. */
static bool check_address_free(struct db *db, const struct miner *miner, struct err *err) {
  const struct db_value params[] = {db_text(miner->address), db_text(miner->mac)};
  return check_free(db,
                    "SELECT name FROM miner WHERE address = $1 AND removed_ms IS NULL "
                    "AND (mac = '' OR $2 = '')",
                    params, 2, err);
}

/* `id` is 0 when there is no removed miner with that MAC. */
static bool find_removed(struct db *db, struct miner *miner, struct err *err) {
  const struct db_value params[] = {db_text(miner->mac)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, created_ms FROM miner WHERE mac = $1 AND mac <> '' "
                "AND removed_ms IS NOT NULL ORDER BY id DESC LIMIT 1",
                params, 1, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW) {
    miner->id = db_cursor_int(cursor, 0);
    miner->created_ms = db_cursor_int(cursor, 1);
  }
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

/* Comes back with a clean slate: an alert that was open at the removal is over. */
static bool revive(struct db *db, const struct miner *miner, struct err *err) {
  const struct db_value id[] = {db_int(miner->id)};
  if (!db_exec(db, "DELETE FROM alert_state WHERE miner_id = $1", id, 1, NULL, err))
    return false;
  struct db_value params[PARAM_COUNT];
  fill_params(params, miner);
  return db_exec(db,
                 "UPDATE miner SET (" COLUMNS ", removed_ms) = (" PLACES ", NULL) WHERE id = $26",
                 params, PARAM_COUNT, NULL, err);
}

static bool insert_new(struct db *db, struct miner *miner, struct err *err) {
  struct db_value params[PARAM_COUNT];
  fill_params(params, miner);
  struct db_cursor *cursor;
  if (!db_query(db, "INSERT INTO miner (" COLUMNS ") VALUES (" PLACES ") RETURNING id", params,
                COLUMN_COUNT, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    miner->id = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

bool miner_store_insert(struct db *db, struct miner *miner, struct err *err) {
  miner->id = 0;
  if (!check_mac_free(db, miner, err) || !check_address_free(db, miner, err) ||
      !find_removed(db, miner, err))
    return false;
  return miner->id != 0 ? revive(db, miner, err) : insert_new(db, miner, err);
}

static bool must_have_changed(int64_t changed, int64_t id, struct err *err) {
  return changed > 0 ||
         err_set(err, ERR_NOT_FOUND, "there is no miner with the number %lld", (long long)id);
}

bool miner_store_update_facts(struct db *db, const struct miner *miner, struct err *err) {
  if (!check_mac_free(db, miner, err))
    return false;
  struct db_value params[PARAM_COUNT];
  fill_params(params, miner);
  params[0] = params[1] = db_null(); /* name and address are the owner's: they stay */
  int64_t changed = 0;
  if (!db_exec(db,
               "UPDATE miner SET (" COLUMNS
               ") = (COALESCE($1, name), COALESCE($2, address), " PLACES_AFTER_ADDRESS
               ") WHERE id = $26 AND removed_ms IS NULL",
               params, PARAM_COUNT, &changed, err))
    return err_add(err, "cannot keep miner '%s'", miner->name);
  return must_have_changed(changed, miner->id, err);
}

bool miner_store_rename(struct db *db, int64_t id, const char *name, struct err *err) {
  const struct db_value params[] = {db_int(id), db_text(name)};
  int64_t changed = 0;
  if (!db_exec(db, "UPDATE miner SET name = $2 WHERE id = $1 AND removed_ms IS NULL", params, 2,
               &changed, err))
    return err_add(err, "cannot rename the miner");
  return must_have_changed(changed, id, err);
}

bool miner_store_move(struct db *db, int64_t id, const char *address, struct err *err) {
  const struct db_value params[] = {db_int(id), db_text(address)};
  int64_t changed = 0;
  if (!db_exec(db, "UPDATE miner SET address = $2 WHERE id = $1 AND removed_ms IS NULL", params, 2,
               &changed, err))
    return err_add(err, "cannot keep the miner's address");
  return must_have_changed(changed, id, err);
}

bool miner_store_remove(struct db *db, int64_t id, int64_t now_ms, struct err *err) {
  const struct db_value params[] = {db_int(id), db_int(now_ms)};
  int64_t changed = 0;
  if (!db_exec(db, "UPDATE miner SET removed_ms = $2 WHERE id = $1 AND removed_ms IS NULL", params,
               2, &changed, err))
    return err_add(err, "cannot remove the miner");
  return must_have_changed(changed, id, err);
}
