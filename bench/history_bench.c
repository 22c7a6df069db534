/* The history of many miners, made as fast as it goes: into our store, into plain
 * SQLite rows, or out to a peer. Run by bench/size, bench/ingest and bench/range.
 *
 *   bench_history MODE [file=PATH] [miners=N] [ticks=N] [parts=N] [ticks_per_commit=N] [start_ms=T]
 *                      [rounds=N]
 *
 *   fill   a monitor's database: rows, sealing, hours and days, synchronous=FULL
 *   rows   one row a sample with an index on (miner, time), also FULL
 *   read   a chart's query on the file that rows made: from start_ms for `ticks`, in `parts`
 *          steps with lowest and highest value, 1: every row; `rounds` times
 *   feed   to standard output: Prometheus's remote-write requests, each led by its
 *          length in 4 bytes, little-endian
 *
 * A sample is one of a Gamma with its 24 values: its state, the moment of its answer
 * after the tick, and the 22 figures that it has (one chip, one fan).
 *
 * A tick is 10 s. Its miners are spread over `parts` commits or requests (10: one each
 * second), or several ticks go into one commit. fill and rows end with one line of JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "store/sample_store.h"
#include "store/seal_store.h"
#include "store/store.h"
#include "store_samples.h"

enum { TICK_MS = 10000, TICKS_PER_LOOK = 3, SEAL_ROWS_PER_MINER = 800, SEAL_ROWS_MIN = 20000 };

struct bench {
  const char *file;
  int64_t miners, ticks, parts, ticks_per_commit, start_ms, rounds;
  struct rand *rands; /* one for each miner: its life does not depend on the batches */
  struct sample_row *rows;
};

struct cost {
  double cpu_us, wall_us;
  int64_t written; /* bytes that the kernel was given for the disk */
};

static void check(bool ok, const struct err *err) {
  if (ok)
    return;
  fprintf(stderr, "bench_history: %s\n", err->text);
  exit(1);
}

/* ------------------------------------------------------------ cost */

static int64_t bytes_written(void) {
  FILE *file = fopen("/proc/self/io", "r");
  char line[64];
  int64_t bytes = 0;
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    sscanf(line, "write_bytes: %" SCNd64, &bytes);
  if (file != NULL)
    fclose(file);
  return bytes;
}

static struct cost cost_now(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (struct cost){(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
                       (double)clock_mono_us(), bytes_written()};
}

static void add_since(struct cost *sum, const struct cost *start) {
  struct cost end = cost_now();
  sum->cpu_us += end.cpu_us - start->cpu_us;
  sum->wall_us += end.wall_us - start->wall_us;
  sum->written += end.written - start->written;
}

/* ------------------------------------------------------------ samples */

/* The values at the scales that are stored: nobody is fed noise that others round
 * away. Miners live at different phases of their days. */
static void make_row(struct bench *bench, int64_t miner, int64_t tick, struct sample_row *row) {
  double *values = row->sample.values;
  row->miner_id = miner + 1;
  make_realistic_sample(&bench->rands[miner], &row->sample, (int)(tick + miner * 97 % 2160));
  int64_t part = miner * bench->parts / bench->miners;
  row->sample.at_ms = bench->start_ms + tick * TICK_MS + part * TICK_MS / bench->parts;
  for (int i = 0; i < METRIC_COUNT; i++)
    values[i] = metric_from_stored((enum metric)i, metric_to_stored((enum metric)i, values[i]));
}

/* The next commit's worth: part `part` of a tick, or all of several ticks. */
static size_t make_rows(struct bench *bench, int64_t tick, int64_t part) {
  size_t count = 0;
  int64_t first = bench->miners * part / bench->parts;
  int64_t end = bench->miners * (part + 1) / bench->parts;
  for (int64_t t = tick; t < tick + bench->ticks_per_commit && t < bench->ticks; t++)
    for (int64_t miner = first; miner < end; miner++)
      make_row(bench, miner, t, &bench->rows[count++]);
  return count;
}

/* ------------------------------------------------------------ our store */

static void seal(struct bench *bench, struct db *db, int64_t now_ms, struct cost *cost) {
  int64_t rows = bench->miners * SEAL_ROWS_PER_MINER;
  const struct seal_step step = {.max_rows = rows > SEAL_ROWS_MIN ? rows : SEAL_ROWS_MIN};
  struct seal_result result = {0};
  struct err err;
  struct cost start = cost_now();
  while (!result.done)
    check(db_begin(db, &err) && seal_store_step(db, now_ms, &step, &result, &err) &&
              db_commit(db, &err),
          &err);
  add_since(cost, &start);
}

static int64_t file_bytes(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

static void report(const struct bench *bench, const struct cost *insert, const struct cost *seal) {
  double samples = (double)(bench->miners * bench->ticks);
  printf("{\"samples\":%.0f,\"file_bytes\":%" PRId64 ",\"cpu_us\":%.3f,\"seal_us\":%.3f,"
         "\"written\":%.1f,\"wall_s\":%.2f}\n",
         samples, file_bytes(bench->file), (insert->cpu_us + seal->cpu_us) / samples,
         seal->cpu_us / samples, (double)(insert->written + seal->written) / samples,
         (insert->wall_us + seal->wall_us) / 1e6);
}

typedef void insert_rows(struct db *db, const struct sample_row *rows, size_t count,
                         struct err *err);

static void insert_ours(struct db *db, const struct sample_row *rows, size_t count,
                        struct err *err) {
  check(sample_store_insert(db, rows, count, err), err);
}

static void insert_plain(struct db *db, const struct sample_row *rows, size_t count,
                         struct err *err) {
  enum { FIRST_METRIC = 4 };
  static const char sql[] =
      "INSERT INTO reading VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,"
      "$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28)";
  for (size_t i = 0; i < count; i++) {
    const struct sample *sample = &rows[i].sample;
    struct db_value params[FIRST_METRIC + METRIC_COUNT] = {
        db_int(rows[i].miner_id), db_int(sample->at_ms), db_int(sample->state),
        db_int(sample->offset_ms)};
    for (int m = 0; m < METRIC_COUNT; m++)
      params[FIRST_METRIC + m] =
          metric_is_known(sample->values[m]) ? db_real(sample->values[m]) : db_null();
    check(db_exec(db, sql, params, FIRST_METRIC + METRIC_COUNT, NULL, err), err);
  }
}

static void fill(struct bench *bench, struct db *db, insert_rows *insert, bool seals) {
  struct cost insert_cost = {0, 0, 0}, seal_cost = {0, 0, 0};
  struct err err;
  for (int64_t tick = 0; tick < bench->ticks; tick += bench->ticks_per_commit) {
    for (int64_t part = 0; part < bench->parts; part++) {
      size_t count = make_rows(bench, tick, part);
      struct cost start = cost_now();
      check(db_begin(db, &err), &err);
      insert(db, bench->rows, count, &err);
      check(db_commit(db, &err), &err);
      add_since(&insert_cost, &start);
    }
    if (seals && (tick / bench->ticks_per_commit) % TICKS_PER_LOOK == 0)
      seal(bench, db, bench->start_ms + tick * TICK_MS, &seal_cost);
  }
  db_close(db);
  report(bench, &insert_cost, &seal_cost);
}

static struct db *open_file(const struct bench *bench) {
  char url[1024];
  struct db *db;
  struct err err;
  snprintf(url, sizeof url, "sqlite:%s", bench->file);
  check(db_open(&db, url, DB_READ_WRITE, &err), &err);
  return db;
}

static void run_fill(struct bench *bench) {
  struct db *db = open_file(bench);
  struct err err;
  check(store_migrate(db, &err), &err);
  fill(bench, db, insert_ours, true);
}

static void run_rows(struct bench *bench) {
  struct db *db = open_file(bench);
  struct buf sql;
  struct err err;
  buf_init(&sql);
  buf_append_text(&sql, "CREATE TABLE reading (miner_id INTEGER, at_ms INTEGER, "
                        "state INTEGER, offset_ms INTEGER");
  for (int i = 0; i < METRIC_COUNT; i++)
    buf_printf(&sql, ", %s REAL", metric_facts((enum metric)i)->name);
  buf_append_text(&sql, "); CREATE INDEX reading_miner ON reading (miner_id, at_ms)");
  check(db_exec(db, sql.data, NULL, 0, NULL, &err), &err);
  buf_finish(&sql);
  fill(bench, db, insert_plain, false);
}

/* ------------------------------------------------------------ plain rows, read */

static int64_t read_rows(struct bench *bench, struct db *db) {
  static const char every[] = "SELECT at_ms, hashrate_ghs FROM reading "
                              "WHERE miner_id = $1 AND at_ms >= $2 AND at_ms < $3 ORDER BY at_ms";
  static const char reduced[] =
      "SELECT (at_ms - $2) / $4 AS step, MIN(hashrate_ghs), MAX(hashrate_ghs) FROM reading "
      "WHERE miner_id = $1 AND at_ms >= $2 AND at_ms < $3 GROUP BY step ORDER BY step";
  int64_t span_ms = bench->ticks * TICK_MS;
  const struct db_value params[] = {db_int(1), db_int(bench->start_ms),
                                    db_int(bench->start_ms + span_ms),
                                    db_int(span_ms / bench->parts)};
  struct db_cursor *cursor;
  struct err err;
  int64_t found = 0;
  bool whole = bench->parts == 1;
  check(db_query(db, whole ? every : reduced, params, whole ? 3 : 4, &cursor, &err), &err);
  while (db_cursor_next(cursor, &err) == DB_ROW)
    found += db_cursor_int(cursor, 0) >= 0 && db_cursor_real(cursor, 1) >= 0;
  db_cursor_close(cursor);
  return found;
}

/* The time of each round in ms; the first, which warms up, is not told. */
static void run_read(struct bench *bench) {
  struct db *db;
  struct err err;
  char url[1024];
  snprintf(url, sizeof url, "sqlite:%s", bench->file);
  check(db_open(&db, url, DB_READ_ONLY, &err), &err);
  int64_t found = read_rows(bench, db);
  printf("{\"rows\":%" PRId64 ",\"ms\":[", found);
  for (int64_t round = 0; round < bench->rounds; round++) {
    int64_t start = clock_mono_us();
    read_rows(bench, db);
    printf("%s%.3f", round == 0 ? "" : ",", (double)(clock_mono_us() - start) / 1000);
  }
  printf("]}\n");
  db_close(db);
}

/* ------------------------------------------------------------ peers */

/* Protocol buffers: an integer in groups of 7 bits, the lowest first. */
static void append_varint(struct buf *out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    buf_append_char(out, (char)(value | 0x80));
  buf_append_char(out, (char)value);
}

static void append_bytes(struct buf *out, int field, const void *bytes, size_t length) {
  append_varint(out, (uint64_t)field << 3 | 2);
  append_varint(out, length);
  buf_append(out, bytes, length);
}

static void append_label(struct buf *out, const char *name, const char *value) {
  struct buf label;
  buf_init(&label);
  append_bytes(&label, 1, name, strlen(name));
  append_bytes(&label, 2, value, strlen(value));
  append_bytes(out, 1, label.data, label.length);
  buf_finish(&label);
}

/* prometheus.TimeSeries: 1 labels, 2 samples {1 double value, 2 int64 timestamp} */
static void append_series(struct buf *out, const struct sample_row *row, const char *name,
                          double value) {
  char miner[24];
  struct buf series, sample;
  buf_init(&series);
  buf_init(&sample);
  snprintf(miner, sizeof miner, "%" PRId64, row->miner_id);
  append_label(&series, "__name__", name);
  append_label(&series, "miner", miner);
  append_varint(&sample, 1 << 3 | 1);
  buf_append(&sample, &value, sizeof value);
  append_varint(&sample, 2 << 3 | 0);
  append_varint(&sample, (uint64_t)row->sample.at_ms);
  append_bytes(&series, 2, sample.data, sample.length);
  append_bytes(out, 1, series.data, series.length);
  buf_finish(&series);
  buf_finish(&sample);
}

static void append_sample(struct buf *out, const struct sample_row *row) {
  append_series(out, row, "state", row->sample.state);
  append_series(out, row, "offset_ms", row->sample.offset_ms);
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    if (metric_is_known(row->sample.values[metric]))
      append_series(out, row, metric_facts((enum metric)metric)->name, row->sample.values[metric]);
}

/* Snappy's form with a single literal: what costs its reader the least. */
static void write_frame(const struct buf *body) {
  struct buf frame;
  buf_init(&frame);
  append_varint(&frame, body->length);
  buf_append_char(&frame, (char)(63 << 2));
  uint32_t last = (uint32_t)body->length - 1;
  buf_append(&frame, &last, sizeof last);
  buf_append(&frame, body->data, body->length);
  uint32_t length = (uint32_t)frame.length;
  if (fwrite(&length, sizeof length, 1, stdout) != 1 ||
      fwrite(frame.data, frame.length, 1, stdout) != 1)
    exit(1); /* the reader is gone */
  buf_finish(&frame);
}

static void run_feed(struct bench *bench) {
  struct buf body;
  buf_init(&body);
  for (int64_t tick = 0; tick < bench->ticks; tick += bench->ticks_per_commit) {
    for (int64_t part = 0; part < bench->parts; part++) {
      size_t count = make_rows(bench, tick, part);
      buf_clear(&body);
      for (size_t i = 0; i < count; i++)
        append_sample(&body, &bench->rows[i]);
      write_frame(&body);
    }
  }
  buf_finish(&body);
}

/* ------------------------------------------------------------ */

static bool read_option(struct bench *bench, const char *text) {
  const struct {
    const char *name;
    int64_t *value;
  } numbers[] = {{"miners=", &bench->miners},     {"ticks=", &bench->ticks},
                 {"parts=", &bench->parts},       {"ticks_per_commit=", &bench->ticks_per_commit},
                 {"start_ms=", &bench->start_ms}, {"rounds=", &bench->rounds}};
  if (strncmp(text, "file=", 5) == 0) {
    bench->file = text + 5;
    return true;
  }
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    size_t length = strlen(numbers[i].name);
    if (strncmp(text, numbers[i].name, length) == 0) {
      *numbers[i].value = strtoll(text + length, NULL, 10);
      return *numbers[i].value > 0;
    }
  }
  return false;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(struct bench *bench);
  } modes[] = {{"fill", run_fill}, {"rows", run_rows}, {"read", run_read}, {"feed", run_feed}};
  struct bench bench = {.file = "",
                        .miners = 10,
                        .ticks = 8640,
                        .parts = 1,
                        .ticks_per_commit = 1,
                        .start_ms = SAMPLES_START_MS,
                        .rounds = 1};
  for (int i = 2; i < argc; i++) {
    if (!read_option(&bench, argv[i])) {
      fprintf(stderr, "bench_history: cannot read '%s'\n", argv[i]);
      return 2;
    }
  }
  bench.rows =
      mem_resize(NULL, (size_t)(bench.miners * bench.ticks_per_commit), sizeof *bench.rows);
  bench.rands = mem_resize(NULL, (size_t)bench.miners, sizeof *bench.rands);
  for (int64_t miner = 0; miner < bench.miners; miner++)
    rand_init(&bench.rands[miner], (uint64_t)miner + 1);
  for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof modes[0]; i++) {
    if (strcmp(argv[1], modes[i].name) != 0)
      continue;
    modes[i].run(&bench);
    free(bench.rows);
    free(bench.rands);
    return 0;
  }
  fprintf(stderr,
          "use: bench_history fill|rows|read|feed [file=PATH] [miners=N] [ticks=N] [parts=N] "
          "[ticks_per_commit=N] [start_ms=T]\n");
  return 2;
}
