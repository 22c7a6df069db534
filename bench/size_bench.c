/* Fills a database as the monitor does, a commit a tick, with its sealing, and says
 * what a sample weighs and costs. Run by bench/size. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/rand.h"
#include "store/sample_store.h"
#include "store/seal_store.h"
#include "store/store.h"
#include "store_samples.h"

enum { TICK_MS = 10000, TICKS_PER_DAY = 8640, TICKS_PER_LOOK = 3 };

struct bench {
  struct db *db;
  struct sample_row *rows;
  int64_t miners, ticks;
  double insert_s, seal_s, worst_step_s; /* CPU */
};

static double cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool insert(struct bench *bench, struct err *err) {
  double start = cpu_s();
  bool ok = db_begin(bench->db, err) &&
            sample_store_insert(bench->db, bench->rows, (size_t)bench->miners, err) &&
            db_commit(bench->db, err);
  bench->insert_s += cpu_s() - start;
  return ok;
}

static bool seal(struct bench *bench, int64_t now_ms, struct err *err) {
  int64_t rows = bench->miners * 800;
  const struct seal_step step = {.max_rows = rows > 20000 ? rows : 20000};
  struct seal_result result = {0};
  while (!result.done) {
    double start = cpu_s();
    if (!db_begin(bench->db, err) || !seal_store_step(bench->db, now_ms, &step, &result, err) ||
        !db_commit(bench->db, err))
      return false;
    double took = cpu_s() - start;
    bench->seal_s += took;
    bench->worst_step_s = took > bench->worst_step_s ? took : bench->worst_step_s;
  }
  return true;
}

static bool fill(struct bench *bench, struct err *err) {
  struct rand rand;
  rand_init(&rand, 1);
  for (int64_t tick = 0; tick < bench->ticks; tick++) {
    for (int64_t miner = 0; miner < bench->miners; miner++) {
      bench->rows[miner].miner_id = miner + 1;
      make_realistic_sample(&rand, &bench->rows[miner].sample, (int)tick);
    }
    if (!insert(bench, err))
      return false;
    if (tick % TICKS_PER_LOOK == 0 && !seal(bench, SAMPLES_START_MS + tick * TICK_MS, err))
      return false;
  }
  return true;
}

static void report(const struct bench *bench, const char *file) {
  struct stat found = {0};
  double samples = (double)(bench->miners * bench->ticks);
  stat(file, &found);
  printf("%lld miners, %lld ticks: %.2f bytes a sample, all included\n", (long long)bench->miners,
         (long long)bench->ticks, (double)found.st_size / samples);
  printf("CPU a sample: %.2f us to add, %.2f us to seal; longest step %.0f ms\n",
         bench->insert_s / samples * 1e6, bench->seal_s / samples * 1e6, bench->worst_step_s * 1e3);
}

int main(int argc, char **argv) {
  struct bench bench = {0};
  struct err err;
  char url[512];
  if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[3]) < 1) {
    fprintf(stderr, "use: bench_size FILE MINERS DAYS\n");
    return 2;
  }
  snprintf(url, sizeof url, "sqlite:%s", argv[1]);
  bench.miners = atoi(argv[2]);
  bench.ticks = (int64_t)atoi(argv[3]) * TICKS_PER_DAY;
  bench.rows = calloc((size_t)bench.miners, sizeof *bench.rows);
  bool ok = db_open(&bench.db, url, DB_READ_WRITE, &err) && store_migrate(bench.db, &err) &&
            fill(&bench, &err);
  db_close(bench.db);
  free(bench.rows);
  if (!ok) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  report(&bench, argv[1]);
  return 0;
}
