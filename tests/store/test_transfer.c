#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres_server.h"
#include "store/alert_store.h"
#include "store/sample_store.h"
#include "store/server/partition.h"
#include "store/setting_store.h"
#include "store/store.h"
#include "store/transfer.h"
#include "store_fixture.h"
#include "store_samples.h"

enum { SAMPLES = 2500 }; /* more than a batch, and not a multiple of one */

/* From which kind of database to which; NULL: no server here. */
struct direction {
  bool from_server, to_server;
  struct postgres_server *server;
};

struct fixture {
  struct db *from, *to;
};

static struct db *open_fresh(const struct postgres_server *server) {
  struct err err;
  struct db *db = NULL;
  if (server != NULL)
    postgres_server_empty(server);
  if (!db_open(&db, server != NULL ? server->url : "sqlite::memory:", DB_READ_WRITE, &err) ||
      !store_migrate(db, &err))
    fail_msg("%s", err.text);
  return db;
}

static void exec(struct db *db, const char *sql) {
  struct err err;
  if (!db_exec(db, sql, NULL, 0, NULL, &err))
    fail_msg("%s: %s", sql, err.text);
}

static int64_t query_int(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  if (!db_query(db, sql, NULL, 0, &cursor, &err))
    fail_msg("%s: %s", sql, err.text);
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

static void fill(struct db *db) {
  struct err err;
  struct rand rand;
  struct sample_row *rows = calloc(SAMPLES, sizeof *rows);
  rand_init(&rand, 7);
  for (int i = 0; i < SAMPLES; i++) {
    rows[i].miner_id = 1 + i % 2;
    make_wild_sample(&rand, &rows[i].sample, i);
    rows[i].sample.at_ms = SAMPLES_START_MS + i; /* the newest are then the same on both */
  }
  assert_int_equal(store_fixture_add_miner(db, "Garage"), 1);
  assert_int_equal(store_fixture_add_miner(db, "K\xc3\xbc"
                                               "che"),
                   2);
  exec(db, "UPDATE miner SET chip_warn_c = 62.55, power_max_w = -0.1 WHERE id = 2");
  assert_true(sample_store_insert(db, rows, SAMPLES, &err));
  assert_true(setting_store_set(db, "site.name", "it's \"home\"", &err));
  exec(db, "INSERT INTO alert_event (miner_id, rule, kind, at_ms, since_ms, worst, reason) "
           "VALUES (1, 2, 0, 1800000000000, 1800000000000, 71.5, 0)");
  const struct db_value blob[] = {db_blob("\0sealed\xff\n", 9)};
  assert_true(partition_make(db, "chunk", SAMPLES_START_MS, &err));
  assert_true(partition_make(db, "hour", SAMPLES_START_MS, &err));
  assert_true(db_exec(db,
                      "INSERT INTO chunk (miner_id, from_ms, to_ms, samples, data) "
                      "VALUES (2, 1800000000000, 1800000007000, 1, $1)",
                      blob, 1, NULL, &err));
  exec(db, "INSERT INTO hour (miner_id, at_ms, samples, missed, online_ms, hashing_ms, "
           "shares_accepted, shares_rejected, energy_mwh, free_heap_bytes_max) "
           "VALUES (2, 1800000000000, 360, 1, 3590000, 3590000, 700, 2, 15200, 9007199254740993)");
  free(rows);
}

static int setup(void **state) {
  const struct direction *direction = *state;
  struct fixture *f = calloc(1, sizeof *f);
  f->from = open_fresh(direction->from_server ? direction->server : NULL);
  f->to = open_fresh(direction->to_server ? direction->server : NULL);
  fill(f->from);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  db_close(f->from);
  db_close(f->to);
  free(f);
  return 0;
}

static void count_rows(const char *table, int64_t rows, void *arg) {
  (void)table;
  *(int64_t *)arg += rows;
}

struct kept {
  struct sample_row *rows;
  size_t count;
};

static bool keep(const struct sample_row *row, void *arg) {
  struct kept *kept = arg;
  kept->rows[kept->count++] = *row;
  return true;
}

static struct kept read_samples(struct db *db) {
  struct err err;
  struct kept kept = {.rows = calloc(SAMPLES, sizeof *kept.rows)};
  assert_true(sample_store_last(db, 1, 1000, keep, &kept, &err));
  return kept;
}

static void everything_arrives_as_it_was(void **state) {
  struct fixture *f = *state;
  struct err err;
  char value[64];
  int64_t rows = 0;

  if (!transfer_all(f->from, f->to, count_rows, &rows, &err))
    fail_msg("%s", err.text);
  struct kept sent = read_samples(f->from), got = read_samples(f->to);

  assert_int_equal(rows, SAMPLES + 2 + 1 + 1 + 1 + 1);
  assert_int_equal(got.count, sent.count);
  for (size_t i = 0; i < sent.count; i++)
    expect_same_sample(&got.rows[i].sample, &sent.rows[i].sample);
  assert_true(setting_store_get(f->to, "site.name", value, sizeof value, &err));
  assert_string_equal(value, "it's \"home\"");
  assert_int_equal(query_int(f->to, "SELECT COUNT(*) FROM miner WHERE chip_warn_c = 62.55"), 1);
  assert_int_equal(query_int(f->to, "SELECT free_heap_bytes_max FROM hour"),
                   INT64_C(9007199254740993)); /* 2^53 + 1: more than a double holds */
  assert_int_equal(query_int(f->to, "SELECT LENGTH(data) FROM chunk WHERE miner_id = 2"), 9);
  free(sent.rows);
  free(got.rows);
}

static void numbering_goes_on_behind_what_arrived(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct sample_row row = {.miner_id = 1};
  struct rand rand;
  int64_t rows = 0;
  rand_init(&rand, 1);
  make_realistic_sample(&rand, &row.sample, 1);
  assert_true(transfer_all(f->from, f->to, count_rows, &rows, &err));

  int64_t miner = store_fixture_add_miner(f->to, "Attic");
  assert_true(sample_store_insert(f->to, &row, 1, &err));

  assert_int_equal(miner, 3);
  assert_int_equal(query_int(f->to, "SELECT MAX(seq) FROM sample"), SAMPLES + 1);
}

static void a_target_with_data_is_refused_and_left_alone(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  int64_t rows = 0;
  assert_true(setting_store_set(f->to, "mine", "1", &err));

  bool ok = transfer_all(f->from, f->to, count_rows, &rows, &err);

  assert_false(ok);
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "holds data already (table setting)"));
  assert_int_equal(query_int(f->to, "SELECT COUNT(*) FROM setting"), 1);
  assert_int_equal(query_int(f->to, "SELECT COUNT(*) FROM sample"), 0);
}

static void a_failure_in_the_middle_leaves_nothing_behind(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  int64_t rows = 0;
  exec(f->to, "CREATE UNIQUE INDEX only_once ON sample (seq) WHERE seq <= 2000");
  exec(f->to, "CREATE UNIQUE INDEX refuses ON sample (miner_id) WHERE seq > 2000");

  bool ok = transfer_all(f->from, f->to, count_rows, &rows, &err);
  exec(f->to, "DROP INDEX refuses");

  assert_false(ok);
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "table sample"));
  assert_int_equal(query_int(f->to, "SELECT COUNT(*) FROM miner"), 0);
  assert_int_equal(query_int(f->to, "SELECT COUNT(*) FROM sample"), 0);
  assert_true(transfer_all(f->from, f->to, count_rows, &rows, &err));
}

/* A program that meddles on the way; the text of triggers is the database's own. */
static void what_arrives_changed_is_told(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  int64_t rows = 0;
  if (strcmp(db_kind(f->to), "sqlite") == 0)
    exec(f->to, "CREATE TRIGGER meddle AFTER INSERT ON sample WHEN NEW.seq = 1234 BEGIN "
                "UPDATE sample SET offset_ms = offset_ms + 1 WHERE seq = NEW.seq; END");
  else
    exec(f->to, "CREATE FUNCTION meddle() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN "
                "NEW.offset_ms := NEW.offset_ms + 1; RETURN NEW; END $$; "
                "CREATE TRIGGER meddle BEFORE INSERT ON sample FOR EACH ROW "
                "WHEN (NEW.seq = 1234) EXECUTE FUNCTION meddle()");

  bool ok = transfer_all(f->from, f->to, count_rows, &rows, &err);

  assert_false(ok);
  assert_int_equal(err.code, ERR_CORRUPT);
  assert_non_null(strstr(err.text, "table sample did not arrive as it was sent"));
  assert_non_null(strstr(err.text, "their checksums differ"));
}

static int run(const char *name, struct direction *direction) {
  struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_arrives_as_it_was),
      cmocka_unit_test(numbering_goes_on_behind_what_arrived),
      cmocka_unit_test(a_target_with_data_is_refused_and_left_alone),
      cmocka_unit_test(a_failure_in_the_middle_leaves_nothing_behind),
      cmocka_unit_test(what_arrives_changed_is_told),
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    tests[i].setup_func = setup;
    tests[i].teardown_func = teardown;
    tests[i].initial_state = direction;
  }
  return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
  struct postgres_server server;
  int failures = run("transfer: sqlite to sqlite", &(struct direction){0});
  if (postgres_server_start(&server)) {
    failures += run("transfer: sqlite to postgresql",
                    &(struct direction){.to_server = true, .server = &server});
    failures += run("transfer: postgresql to sqlite",
                    &(struct direction){.from_server = true, .server = &server});
    postgres_server_stop(&server);
  }
  return failures;
}
