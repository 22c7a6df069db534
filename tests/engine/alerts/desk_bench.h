/* Rules, desk, teller, channels and pipeline together over a real SQLite file, for the
 * tests of what becomes of an event: in memory, in the database, in the messages.
 * Nothing polls and nothing is sent. */
#ifndef TESTS_ENGINE_ALERTS_DESK_BENCH_H
#define TESTS_ENGINE_ALERTS_DESK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "engine/alerts/alerting.h"
#include "support/temp_dir.h"

enum { DESK_BENCH_MINERS = 5 }; /* numbered from 1, "Miner 1" to "Miner 5" */

struct desk_bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  uv_loop_t loop;
  struct fleet *fleet;
  struct bus *bus;
  struct db_threads *db;
  struct channels *channels; /* the environment's chat, and what a test adds */
  struct alerting *alerting;
  struct pipeline *pipeline;
  int64_t first_ms; /* a minute before the test began */
};

/* For cmocka: *state becomes a struct desk_bench. */
int desk_bench_setup(void **state);
int desk_bench_teardown(void **state);

/* As a restart of the program; desk_bench_end and desk_bench_begin are its halves. */
void desk_bench_restart(struct desk_bench *bench);
void desk_bench_end(struct desk_bench *bench);
void desk_bench_begin(struct desk_bench *bench);

/* Waits until everything is in the database that was on its way. */
void desk_bench_settle(struct desk_bench *bench);

/* A reading of a miner that hashes, so long after first_ms; or a poll that failed. */
void desk_bench_ingest(struct desk_bench *bench, int64_t miner_id, int64_t after_ms, double chip_c);
void desk_bench_miss(struct desk_bench *bench, int64_t miner_id, int64_t after_ms);

/* Runs a statement on the writer's connection; fails the test when that fails. */
void desk_bench_write(struct desk_bench *bench, const char *sql);

/* The first column of the first row. */
int64_t desk_bench_number(const struct desk_bench *bench, const char *sql);
void desk_bench_read_text(const struct desk_bench *bench, const char *sql, char *text, size_t size);
/* The message that was written last. */
void desk_bench_newest_text(const struct desk_bench *bench, char *text, size_t size);

void desk_bench_assert_contains(const char *text, const char *part);

#endif
