#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "engine/spool/spool_file.h"
#include "engine/spool/spool_mirror.h"
#include "support/temp_dir.h"

struct fixture {
  struct temp_dir dir;
  char path[TEMP_DIR_MAX + 32], url[TEMP_DIR_MAX + 64];
  struct db *db;
  struct spool_limits limits;
};

static void reopen(struct fixture *f) {
  struct err err;
  db_close(f->db);
  if (!db_open(&f->db, f->url, DB_READ_WRITE, &err))
    fail_msg("%s", err.text);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  char aside[256];
  struct err err;
  temp_dir_create(&f->dir);
  snprintf(f->path, sizeof f->path, "%s/spool.db", f->dir.path);
  snprintf(f->url, sizeof f->url, "sqlite:%s", f->path);
  if (!spool_file_prepare(f->path, aside, sizeof aside, &err))
    fail_msg("%s", err.text);
  reopen(f);
  f->limits = (struct spool_limits){.path = f->path, .max_bytes = 100 << 20};
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  db_close(f->db);
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

/* So many samples, and an alert with its message when `told`. */
static struct batch *make_batch(int64_t at_ms, int samples, bool told) {
  struct batch *batch = batch_create();
  struct sample sample;
  sample_init(&sample, at_ms);
  for (int i = 0; i < samples; i++, sample.at_ms++)
    batch_add_sample(batch, 7, &sample);
  const struct outbox_row row = {.channel = "telegram", .text = "too hot"};
  if (told)
    batch_add_message(batch, &row);
  return batch;
}

/* Returns what had to be given up; `id` gets the row's number. */
static int64_t put(struct fixture *f, int64_t at_ms, int samples, bool told, int64_t *id) {
  struct batch *batch = make_batch(at_ms, samples, told);
  struct err err;
  char key[BATCH_KEY_MAX];
  int64_t lost;
  snprintf(key, sizeof key, "run-%lld", (long long)at_ms);
  assert_true(db_begin(f->db, &err));
  if (!spool_file_put(f->db, batch, key, &f->limits, id, &lost, &err))
    fail_msg("%s", err.text);
  assert_true(db_commit(f->db, &err));
  batch_destroy(batch);
  return lost;
}

static struct spool_row first(struct fixture *f) {
  struct spool_row row;
  struct err err;
  assert_true(spool_file_first(f->db, &row, &err));
  return row;
}

/* Given a process that ended after each step: the connection is opened anew. */
static void batches_come_out_in_the_order_they_went_in(void **state) {
  struct fixture *f = *state;
  struct err err;
  int64_t id;
  for (int64_t at_ms = 1000; at_ms <= 5000; at_ms += 1000) {
    put(f, at_ms, 3, false, &id);
    reopen(f);
  }

  for (int64_t at_ms = 1000; at_ms <= 5000; at_ms += 1000) {
    struct spool_row again, row = first(f);
    assert_int_equal(row.samples, 3);
    assert_int_equal(row.batch->samples[0].sample.at_ms, at_ms);
    reopen(f); /* a kill before the row is removed: it is met again, under its key */
    again = first(f);
    assert_int_equal(again.id, row.id);
    assert_string_equal(again.key, row.key);
    assert_true(spool_file_remove(f->db, row.id, &err));
    batch_destroy(row.batch);
    batch_destroy(again.batch);
    reopen(f);
  }
  assert_int_equal(first(f).id, 0);
}

static void it_is_known_which_messages_were_delivered(void **state) {
  struct fixture *f = *state;
  struct err err;
  int64_t one, two;
  put(f, 1000, 1, true, &one);
  put(f, 2000, 1, true, &two);

  assert_true(spool_file_said(f->db, one, 1234, &err));
  reopen(f);

  struct spool_row row = first(f);
  assert_int_equal(row.messages, 1);
  assert_int_equal(row.said_ms, 1234);
  batch_destroy(row.batch);
  assert_true(spool_file_remove(f->db, one, &err));
  row = first(f);
  assert_int_equal(row.id, two);
  assert_int_equal(row.said_ms, 0);
  batch_destroy(row.batch);
}

static void beyond_its_room_the_oldest_samples_go_and_alerts_stay(void **state) {
  struct fixture *f = *state;
  struct spool_usage usage;
  struct err err;
  int64_t id, lost = 0;
  int spooled = 0;
  put(f, 1, 1000, true, &id);
  spooled += 1000;
  assert_true(spool_file_usage(f->db, &usage, &err));
  f->limits.max_bytes = 1 << 20;

  for (int64_t at_ms = 1000; at_ms < 300000; at_ms += 1000, spooled += 1000)
    lost += put(f, at_ms, 1000, false, &id);

  assert_true(lost > 0);
  assert_true(spool_file_usage(f->db, &usage, &err));
  assert_int_equal(usage.samples + lost, spooled);
  struct spool_row row = first(f);
  assert_int_equal(row.samples, 0);
  assert_int_equal(row.batch->sample_count, 0);
  assert_int_equal(row.batch->message_count, 1);
  batch_destroy(row.batch);
  db_close(f->db);
  f->db = NULL;
  assert_true(file_size(f->path) < 2 << 20);
}

static void without_any_room_nothing_is_taken(void **state) {
  struct fixture *f = *state;
  struct batch *batch = make_batch(1000, 10, false);
  struct err err;
  int64_t id, lost;
  f->limits.free_bytes = INT64_MAX;

  assert_true(db_begin(f->db, &err));
  bool ok = spool_file_put(f->db, batch, "k", &f->limits, &id, &lost, &err);
  db_rollback(f->db);

  assert_false(ok);
  assert_int_equal(err.code, ERR_IO);
  batch_destroy(batch);
}

static void a_damaged_batch_is_told_from_an_empty_spool(void **state) {
  struct fixture *f = *state;
  struct err err;
  int64_t id;
  put(f, 1000, 4, false, &id);
  assert_true(db_exec(f->db, "UPDATE spooled SET body = x'0011'", NULL, 0, NULL, &err));

  struct spool_row row = first(f);

  assert_int_equal(row.id, id);
  assert_int_equal(row.samples, 4);
  assert_null(row.batch);
}

static void a_damaged_file_is_put_aside(void **state) {
  struct fixture *f = *state;
  struct err err;
  char aside[256];
  db_close(f->db);
  f->db = NULL;
  FILE *file = fopen(f->path, "wb");
  for (int i = 0; i < 5000; i++)
    fputs("no database", file);
  fclose(file);

  assert_true(spool_file_prepare(f->path, aside, sizeof aside, &err));

  assert_true(file_size(aside) > 50000);
  reopen(f);
  assert_int_equal(first(f).id, 0);
}

static int64_t count(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

static void write_copy(struct spool_mirror *mirror, struct db *db) {
  struct err err;
  assert_true(db_begin(db, &err));
  if (!spool_mirror_write(mirror, db, &err))
    fail_msg("%s", err.text);
  assert_true(db_commit(db, &err));
}

/* Given a server (here: another file of the same layout) with miners. */
static void the_copy_follows_the_server(void **state) {
  struct fixture *f = *state;
  struct err err;
  char path[sizeof f->path + 8], url[sizeof f->url + 8], aside[256];
  struct db *server = NULL;
  struct spool_mirror *mirror;
  bool there;
  snprintf(path, sizeof path, "%s.pg", f->path);
  snprintf(url, sizeof url, "sqlite:%s", path);
  assert_true(spool_file_prepare(path, aside, sizeof aside, &err));
  assert_true(db_open(&server, url, DB_READ_WRITE, &err));
  assert_true(db_exec(server, "INSERT INTO setting VALUES ('a', '1'), ('last_batch', 'x')", NULL, 0,
                      NULL, &err));
  assert_true(spool_mirror_create(&mirror, f->db, &err));
  assert_true(spool_mirror_is_there(f->db, &there, &err) && !there);

  assert_true(spool_mirror_read(mirror, server, &err));
  write_copy(mirror, f->db);
  assert_true(spool_mirror_is_there(f->db, &there, &err) && there);
  assert_int_equal(count(f->db, "SELECT COUNT(*) FROM setting"), 1);

  assert_true(
      db_exec(server, "UPDATE setting SET value = '2' WHERE name = 'a'", NULL, 0, NULL, &err));
  assert_true(spool_mirror_read(mirror, server, &err));
  write_copy(mirror, f->db);
  assert_int_equal(count(f->db, "SELECT COUNT(*) FROM setting WHERE value = '2'"), 1);
  spool_mirror_destroy(mirror);
  db_close(server);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(batches_come_out_in_the_order_they_went_in),
      TEST(it_is_known_which_messages_were_delivered),
      TEST(beyond_its_room_the_oldest_samples_go_and_alerts_stay),
      TEST(without_any_room_nothing_is_taken),
      TEST(a_damaged_batch_is_told_from_an_empty_spool),
      TEST(a_damaged_file_is_put_aside),
      TEST(the_copy_follows_the_server),
  };
  return cmocka_run_group_tests_name("spool_file", tests, NULL, NULL);
}
