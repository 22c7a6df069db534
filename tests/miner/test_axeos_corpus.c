/* Answers recorded from real devices, where a folder of them is at hand: set
 * BM_PAYLOADS to it, or keep it at ../shared/miners/payloads beside the sources.
 * They are read in place and are not part of the project. Every one must give a
 * sample or a reason, and nothing that would be private or absurd. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "miner/fixture_file.h"
#include "miner/miner_driver.h"

static const char *const families[] = {"axeos", "axeos-forks", "nerdqaxe"};

struct tally {
  int samples, reasons;
};

static const char *corpus(void) {
  const char *folder = getenv("BM_PAYLOADS");
  return folder != NULL ? folder : "../shared/miners/payloads";
}

static bool is_about_a_secret(const char *key) {
  static const char *const parts[] = {"ssid", "User", "user", "Pass", "pass"};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    if (strstr(key, parts[i]) != NULL)
      return true;
  }
  return false;
}

static bool holds(const char *text, const char *secret) {
  return strstr(text, secret) != NULL;
}

/* Short ones ("x", "2") and "[redacted]" are placeholders that any text may hold. */
static void check_private(const char *path, const struct json *object,
                          const struct miner_facts *facts) {
  for (const struct json *child = json_first(object); child != NULL; child = json_next(child)) {
    const char *secret = "";
    check_private(path, child, facts);
    if (!json_text(child, &secret) || !is_about_a_secret(json_key(child)) || strlen(secret) < 4 ||
        secret[0] == '[')
      continue;
    if (holds(facts->model, secret) || holds(facts->hostname, secret) ||
        holds(facts->firmware, secret) || holds(facts->board, secret) ||
        holds(facts->reset_reason, secret) || holds(facts->pool_host, secret) ||
        holds(facts->fault, secret))
      fail_msg("%s: '%s' is kept", path, json_key(child));
  }
}

static void check_plausible(const char *path, const struct miner_report *report) {
  const double *values = report->sample.values;
  if (report->facts.model[0] == '\0')
    fail_msg("%s: no model", path);
  if (values[METRIC_CHIP_TEMP_C] < -40 || values[METRIC_CHIP_TEMP_C] > 126)
    fail_msg("%s: a chip of %g °C", path, values[METRIC_CHIP_TEMP_C]);
  if (values[METRIC_HASHRATE_GHS] > 3 * values[METRIC_EXPECTED_HASHRATE_GHS])
    fail_msg("%s: hashes three times as fast as it can", path);
  if (values[METRIC_INPUT_VOLTAGE_MV] < 1000)
    fail_msg("%s: runs on %g mV", path, values[METRIC_INPUT_VOLTAGE_MV]);
}

static void check_sample(const char *path, const char *body, size_t length,
                         const struct miner_report *report) {
  struct err err;
  struct json *root = json_parse(body, length, NULL, &err);
  check_private(path, root, &report->facts);
  json_free(root);
  check_plausible(path, report);
}

static void check_answer(const char *path, void *arg) {
  struct tally *tally = arg;
  size_t length;
  char *body = fixture_file_read(path, &length);
  struct miner_report report;
  enum reason reason = REASON_NONE;
  struct err err = {0};
  if (axeos_driver.parse(body, length, &report, &reason, &err)) {
    tally->samples++;
    check_sample(path, body, length, &report);
  } else {
    tally->reasons++;
    assert_true(reason_is_failed_poll(reason));
    assert_true(err.text[0] != '\0');
  }
  free(body);
}

static void every_recorded_answer_gives_a_sample_or_a_reason(void **state) {
  (void)state;
  struct tally tally = {0};
  int files = 0;
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s", corpus(), families[i]);
    int found = fixture_file_walk(folder, "", check_answer, &tally);
    files += found > 0 ? found : 0;
  }
  if (files == 0) {
    print_message("no recorded answers at hand, nothing checked (BM_PAYLOADS names a folder)\n");
    skip();
  }
  print_message("%d files: %d samples, %d reasons\n", files, tally.samples, tally.reasons);
  assert_true(tally.samples > 0);
}

struct info_tally {
  int answers;
};

/* Whole recordings of /api/system/info: these must give a sample, whatever firmware. */
static void check_info(const char *path, void *arg) {
  struct info_tally *tally = arg;
  size_t length;
  char *body = fixture_file_read(path, &length);
  struct miner_report report;
  enum reason reason = REASON_NONE;
  struct err err = {0};
  if (!axeos_driver.parse(body, length, &report, &reason, &err))
    fail_msg("%s: %s", path, err.text);
  tally->answers++;
  free(body);
}

static void every_whole_info_answer_gives_a_sample(void **state) {
  (void)state;
  struct info_tally tally = {0};
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s", corpus(), families[i]);
    fixture_file_walk(folder, "-info.json", check_info, &tally);
  }
  if (tally.answers == 0)
    skip();
  print_message("%d whole info answers, all give a sample\n", tally.answers);
}

/* Any file at all: rows at times of the last month, or a failure in words. */
static void check_past(const char *path, void *arg) {
  size_t length;
  char *body = fixture_file_read(path, &length);
  struct miner_past past;
  struct err err = {0};
  if (!axeos_driver.parse_past(body, length, &past, &err))
    assert_true(err.text[0] != '\0' && past.count == 0);
  for (size_t i = 0; i < past.count; i++)
    assert_in_range(past.rows[i].age_ms, 0, 30 * 86400000LL);
  *(size_t *)arg += past.count;
  miner_past_finish(&past);
  free(body);
}

static void recorded_statistics_give_their_rows(void **state) {
  (void)state;
  size_t rows = 0;
  int files = 0;
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s", corpus(), families[i]);
    int found = fixture_file_walk(folder, "", check_past, &rows);
    files += found > 0 ? found : 0;
  }
  if (files == 0)
    skip();
  assert_true(rows > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_recorded_answer_gives_a_sample_or_a_reason),
      cmocka_unit_test(every_whole_info_answer_gives_a_sample),
      cmocka_unit_test(recorded_statistics_give_their_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
