/* A program that draws, and the many ways in which one can fail: small shell scripts
 * stand in for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "engine/chart/chart_child.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

#define PNG "printf '\\211PNG\\r\\n\\032\\n'; "

struct bench {
  uv_loop_t loop;
  struct temp_dir dir;
  char *program;
  struct chart_child *child;
  size_t done;
  char *png; /* NULL: none came */
  struct err err;
};

static int setup(void **state) {
  struct bench *bench = mem_alloc(sizeof *bench);
  signal(SIGPIPE, SIG_IGN); /* as the monitor does */
  uv_loop_init(&bench->loop);
  temp_dir_create(&bench->dir);
  bench->program = temp_dir_file(&bench->dir, "draw");
  *state = bench;
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0); /* no handle is left */
  temp_dir_destroy(&bench->dir);
  free(bench->program);
  free(bench->png);
  free(bench);
  return 0;
}

static void script(struct bench *bench, const char *text) {
  FILE *file = fopen(bench->program, "w");
  assert_non_null(file);
  fprintf(file, "#!/bin/sh\n%s\n", text);
  fclose(file);
  chmod(bench->program, 0700);
}

static void on_done(struct buf *png, const struct err *err, void *arg) {
  struct bench *bench = arg;
  bench->done++;
  if (err != NULL)
    bench->err = *err;
  else
    bench->png = buf_take(png, NULL);
}

static void begin(struct bench *bench, const char *words, unsigned deadline_ms) {
  struct buf order;
  buf_init(&order);
  buf_append_text(&order, words);
  bench->child = chart_child_start(&(struct chart_child_options){.loop = &bench->loop,
                                                                 .program = bench->program,
                                                                 .deadline_ms = deadline_ms,
                                                                 .order = &order,
                                                                 .done = on_done,
                                                                 .arg = bench});
  assert_int_equal(bench->done, 0);
}

static bool is_done(void *arg) {
  return ((struct bench *)arg)->done > 0;
}

static void run(struct bench *bench, const char *text) {
  if (text != NULL)
    script(bench, text);
  begin(bench, "an order", WAIT_DEADLINE_MS);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  assert_int_equal(bench->done, 1);
}

static void order_goes_in_and_picture_comes_out(void **state) {
  struct bench *bench = *state;

  run(bench, PNG "cat");

  assert_non_null(bench->png);
  assert_string_equal(bench->png, "\x89PNG\r\n\x1a\nan order");
}

static void secrets_and_files_stay_with_the_monitor(void **state) {
  struct bench *bench = *state;
  setenv("TELEGRAM_BOT_TOKEN", "secret", 1);
  setenv("TZ", "Europe/Berlin", 1);

  run(bench, PNG "env; pwd");
  unsetenv("TELEGRAM_BOT_TOKEN");
  unsetenv("TZ");

  assert_non_null(bench->png);
  assert_null(strstr(bench->png, "secret"));
  assert_non_null(strstr(bench->png, "TZ=Europe/Berlin\n"));
  assert_non_null(strstr(bench->png, "\n/\n"));
}

static void failing_program_is_told_of_in_words(void **state) {
  static const struct {
    const char *script, *words;
  } rows[] = {
      {"echo 'no fonts here' >&2; exit 1", "no fonts here"},
      {"kill -9 $$", "signal 9"},
      {"exit 3", "status 3"},
      {"cat > /dev/null", "something else"},
      {"echo hello", "something else"},
      {PNG "head -c 3000000 /dev/zero", "more than a picture"},
      {"head -c 3000000 /dev/zero >&2", "more than a picture"},
      {NULL, "cannot be started"},
  };
  struct bench *bench = *state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].script == NULL)
      remove(bench->program);
    bench->done = 0;

    run(bench, rows[i].script);

    assert_null(bench->png);
    assert_non_null(strstr(bench->err.text, rows[i].words));
  }
}

static void hanging_program_is_killed_at_its_deadline(void **state) {
  struct bench *bench = *state;
  script(bench, "exec sleep 1000");
  begin(bench, "an order", 50);

  assert_true(wait_until_loop(&bench->loop, is_done, bench));

  assert_non_null(strstr(bench->err.text, "too long"));
}

static void cancelled_program_is_killed(void **state) {
  struct bench *bench = *state;
  script(bench, "exec sleep 1000");
  begin(bench, "an order", WAIT_DEADLINE_MS * 10);

  chart_child_cancel(bench->child);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));

  assert_non_null(strstr(bench->err.text, "stopping"));
}

#define CHILD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      CHILD_TEST(order_goes_in_and_picture_comes_out),
      CHILD_TEST(secrets_and_files_stay_with_the_monitor),
      CHILD_TEST(failing_program_is_told_of_in_words),
      CHILD_TEST(hanging_program_is_killed_at_its_deadline),
      CHILD_TEST(cancelled_program_is_killed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
