#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"

enum { LINE_MAX_BYTES = 8192 };

/* Logs into a pipe and reads what came; every text here fits in the pipe. */
struct recorder {
  int ends[2];
  struct log *log;
  char text[LINE_MAX_BYTES];
};

static void start(struct recorder *recorder, enum log_level level, bool as_json) {
  assert_int_equal(pipe(recorder->ends), 0);
  recorder->log = log_create(recorder->ends[1], level, as_json);
}

static const char *finish(struct recorder *recorder) {
  log_destroy(recorder->log);
  close(recorder->ends[1]);
  ssize_t length = read(recorder->ends[0], recorder->text, sizeof recorder->text - 1);
  recorder->text[length > 0 ? length : 0] = '\0';
  close(recorder->ends[0]);
  return recorder->text;
}

static void a_line_names_level_and_part(void **state) {
  (void)state;
  struct recorder recorder;
  start(&recorder, LOG_INFO, false);

  log_write(recorder.log, LOG_WARN, "poller", "miner '%s': %s", "Garage", "no answer");

  const char *line = finish(&recorder);
  assert_non_null(strstr(line, " warn  poller: miner 'Garage': no answer\n"));
}

static void what_is_below_the_level_is_not_written(void **state) {
  (void)state;
  struct recorder recorder;
  start(&recorder, LOG_WARN, false);

  log_write(recorder.log, LOG_INFO, "poller", "hello");
  log_write(NULL, LOG_ERROR, "poller", "a missing log is silent");

  assert_string_equal(finish(&recorder), "");
}

static void outside_text_cannot_forge_a_line(void **state) {
  (void)state;
  struct recorder recorder;
  start(&recorder, LOG_INFO, false);

  log_write(recorder.log, LOG_INFO, "poller", "%s", "a\nforged line\x1b[31m\xFF");

  const char *line = finish(&recorder);
  assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
  assert_null(strchr(line, '\x1b'));
  assert_null(strchr(line, '\xFF'));
}

static void json_lines_parse(void **state) {
  (void)state;
  struct recorder recorder;
  struct err err;
  const char *text = NULL;
  start(&recorder, LOG_INFO, true);

  log_write(recorder.log, LOG_ERROR, "store", "disk \"full\"\n");

  const char *line = finish(&recorder);
  struct json *root = json_parse(line, strlen(line), NULL, &err);
  assert_non_null(root);
  assert_true(json_text(json_get(root, "text"), &text));
  assert_string_equal(text, "disk \"full\" ");
  assert_true(json_text(json_get(root, "level"), &text));
  assert_string_equal(text, "error");
  json_free(root);
}

static void a_very_long_text_is_cut(void **state) {
  (void)state;
  struct recorder recorder;
  start(&recorder, LOG_INFO, false);

  log_write(recorder.log, LOG_INFO, "poller", "%5000d", 1);

  assert_in_range(strlen(finish(&recorder)), 1000, 4000);
}

static void levels_are_read_by_name(void **state) {
  (void)state;
  enum log_level level = LOG_INFO;

  assert_true(log_parse_level("error", &level));
  assert_int_equal(level, LOG_ERROR);
  assert_true(log_parse_level("debug", &level));
  assert_int_equal(level, LOG_DEBUG);
  assert_false(log_parse_level("loud", &level));
  assert_false(log_parse_level(NULL, &level));
  assert_int_equal(level, LOG_DEBUG);
}

/* ------------------------------------------------------------ what is kept */

static void expect_kept(struct log *log, const char *text) {
  struct buf kept;
  buf_init(&kept);
  log_copy_kept(log, &kept);
  buf_append_text(&kept, "");
  assert_non_null(strstr(kept.data, text));
  buf_finish(&kept);
}

static size_t count_lines(struct log *log, size_t *bytes) {
  struct buf kept;
  size_t lines = 0;
  buf_init(&kept);
  log_copy_kept(log, &kept);
  for (size_t i = 0; i < kept.length; i++)
    lines += kept.data[i] == '\n';
  *bytes = kept.length;
  buf_finish(&kept);
  return lines;
}

static void the_newest_lines_are_kept_whole_and_in_order(void **state) {
  (void)state;
  struct recorder recorder;
  size_t bytes;
  start(&recorder, LOG_INFO, true);
  log_keep(recorder.log, 200);

  for (int i = 0; i < 40; i++)
    log_write(recorder.log, LOG_INFO, "poller", "line %d", i);

  size_t lines = count_lines(recorder.log, &bytes);
  assert_in_range(bytes, 150, 200);
  assert_in_range(lines, 4, 6);
  expect_kept(recorder.log, "Z info  poller: line 38\n");
  expect_kept(recorder.log, "poller: line 39\n");
  finish(&recorder);
}

static void a_line_longer_than_all_that_is_kept_is_left_out(void **state) {
  (void)state;
  struct recorder recorder;
  size_t bytes;
  start(&recorder, LOG_INFO, false);
  log_keep(recorder.log, 100);

  log_write(recorder.log, LOG_INFO, "poller", "short");
  log_write(recorder.log, LOG_INFO, "poller", "%200d", 1);

  assert_int_equal(count_lines(recorder.log, &bytes), 1);
  expect_kept(recorder.log, "poller: short\n");
  finish(&recorder);
}

static void nothing_is_kept_unless_it_is_asked_for(void **state) {
  (void)state;
  struct recorder recorder;
  size_t bytes;
  start(&recorder, LOG_INFO, false);

  log_write(recorder.log, LOG_INFO, "poller", "hello");

  assert_int_equal(count_lines(recorder.log, &bytes), 0);
  assert_int_equal(count_lines(NULL, &bytes), 0);
  finish(&recorder);
}

enum { WRITERS = 4, LINES_EACH = 200 };

static void *write_lines(void *log) {
  for (int i = 0; i < LINES_EACH; i++)
    log_write(log, LOG_WARN, "thread", "a line of some length: %d", i);
  return NULL;
}

static void lines_of_several_threads_do_not_mix(void **state) {
  (void)state;
  pthread_t writers[WRITERS];
  struct buf kept;
  int null_fd = open("/dev/null", O_WRONLY);
  struct log *log = log_create(null_fd, LOG_INFO, false);
  log_keep(log, 1000);

  for (int i = 0; i < WRITERS; i++)
    assert_int_equal(pthread_create(&writers[i], NULL, write_lines, log), 0);
  for (int i = 0; i < WRITERS; i++)
    pthread_join(writers[i], NULL);

  buf_init(&kept);
  log_copy_kept(log, &kept);
  char *end;
  for (char *line = kept.data; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    *end = '\0';
    assert_ptr_equal(strstr(line, " warn  thread: a line of some length: "), line + 20);
  }
  buf_finish(&kept);
  log_destroy(log);
  close(null_fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_names_level_and_part),
      cmocka_unit_test(what_is_below_the_level_is_not_written),
      cmocka_unit_test(outside_text_cannot_forge_a_line),
      cmocka_unit_test(json_lines_parse),
      cmocka_unit_test(a_very_long_text_is_cut),
      cmocka_unit_test(levels_are_read_by_name),
      cmocka_unit_test(the_newest_lines_are_kept_whole_and_in_order),
      cmocka_unit_test(a_line_longer_than_all_that_is_kept_is_left_out),
      cmocka_unit_test(nothing_is_kept_unless_it_is_asked_for),
      cmocka_unit_test(lines_of_several_threads_do_not_mix),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
