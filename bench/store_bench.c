/* What keeping samples costs: CPU and bytes written for each, on the real disk,
 * and the open chunk in memory. Run by bench/store.
 *
 *   bench_store FOLDER [MINERS [COMMITS]]
 *
 * One commit holds one sample of every miner, as the writer thread's second does. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/open_chunk.h"
#include "store/sample_store.h"
#include "store/store.h"
#include "store_samples.h"

enum { PATH_MAX_BYTES = 512 };

struct cost {
  double cpu_us, wall_us;
  int64_t written; /* bytes that the kernel was given for the disk */
};

static double cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

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

static struct cost now(void) {
  return (struct cost){cpu_us(), (double)clock_mono_us(), bytes_written()};
}

static struct cost since(struct cost start) {
  struct cost end = now();
  return (struct cost){end.cpu_us - start.cpu_us, end.wall_us - start.wall_us,
                       end.written - start.written};
}

static void check(bool ok, const struct err *err) {
  if (ok)
    return;
  fprintf(stderr, "bench_store: %s\n", err->text);
  exit(1);
}

static int64_t file_size(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 ? info.st_size : 0;
}

static void bench_insert(struct db *db, int miners, int commits) {
  struct err err;
  struct rand rand;
  rand_init(&rand, 1);
  struct sample_row *rows = mem_alloc((size_t)miners * sizeof *rows);
  struct cost sum = {0, 0, 0};
  for (int commit = 0; commit < commits; commit++) {
    for (int i = 0; i < miners; i++) {
      rows[i].miner_id = i + 1;
      make_realistic_sample(&rand, &rows[i].sample, commit);
    }
    struct cost start = now();
    check(db_begin(db, &err), &err);
    check(sample_store_insert(db, rows, (size_t)miners, &err), &err);
    check(db_commit(db, &err), &err);
    struct cost cost = since(start);
    sum.cpu_us += cost.cpu_us;
    sum.wall_us += cost.wall_us;
    sum.written += cost.written;
  }
  double count = (double)miners * commits;
  printf("insert        %6.2f us CPU a sample, %6.2f us wall, %7.0f bytes written "
         "(%d samples a commit, %d commits)\n",
         sum.cpu_us / count, sum.wall_us / count, (double)sum.written / count, miners, commits);
  free(rows);
}

static bool count_row(const struct sample_row *row, void *arg) {
  (void)row;
  ++*(int64_t *)arg;
  return true;
}

static void bench_read(struct db *db, int commits) {
  struct err err;
  int64_t found = 0;
  struct cost start = now();
  int64_t end_ms = SAMPLES_START_MS + commits * INT64_C(10000);
  check(sample_store_range(db, 1, end_ms - 600000, end_ms, count_row, &found, &err), &err);
  struct cost range = since(start);
  printf("range         %6.0f us CPU for %" PRId64 " samples of one miner (10 minutes)\n",
         range.cpu_us, found);
  found = 0;
  start = now();
  check(sample_store_last(db, 1, 100, count_row, &found, &err), &err);
  struct cost last = since(start);
  printf("last          %6.0f us CPU for the %" PRId64 " newest of one miner\n", last.cpu_us,
         found);
}

static bool count_sample(const struct sample *sample, void *arg) {
  (void)sample;
  ++*(int64_t *)arg;
  return true;
}

static void bench_chunk(void) {
  enum { SAMPLES = 720, CHUNKS = 500 };
  static struct sample samples[SAMPLES];
  struct rand rand;
  rand_init(&rand, 2);
  for (int i = 0; i < SAMPLES; i++)
    make_realistic_sample(&rand, &samples[i], i);

  size_t bytes = 0;
  int64_t seen = 0;
  double append_us = 0, read_us = 0;
  for (int chunk = 0; chunk < CHUNKS; chunk++) {
    struct open_chunk *open = open_chunk_create();
    double start = cpu_us();
    for (int i = 0; i < SAMPLES; i++)
      open_chunk_append(open, &samples[i]);
    double middle = cpu_us();
    open_chunk_each(open, INT64_MIN, INT64_MAX, count_sample, &seen);
    read_us += cpu_us() - middle;
    append_us += middle - start;
    bytes += open_chunk_bytes(open);
    open_chunk_destroy(open);
  }
  double count = (double)SAMPLES * CHUNKS;
  printf("open chunk    %6.2f us CPU to append, %.2f us to read, %.1f bytes a sample "
         "(two hours at 10 s)\n",
         append_us / count, read_us / count, (double)bytes / count);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: bench_store FOLDER [MINERS [COMMITS]]\n");
    return 2;
  }
  int miners = argc > 2 ? atoi(argv[2]) : 1000;
  int commits = argc > 3 ? atoi(argv[3]) : 200;
  char path[PATH_MAX_BYTES], url[PATH_MAX_BYTES + 16];
  snprintf(path, sizeof path, "%s/bench.db", argv[1]);
  snprintf(url, sizeof url, "sqlite:%s", path);

  struct err err;
  struct db *db = NULL;
  check(db_open(&db, url, DB_READ_WRITE, &err), &err);
  check(store_migrate(db, &err), &err);
  bench_insert(db, miners, commits);
  bench_read(db, commits);
  db_close(db);
  printf("file          %6.0f bytes a sample\n",
         (double)file_size(path) / ((double)miners * commits));
  bench_chunk();
  return 0;
}
