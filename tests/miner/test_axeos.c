/* Every file x.json of the fixtures is an answer of a device, x.expected.json
 * what must come of it: {"failure": reason}, or state, reason, flags, facts and
 * values. What is not named there must be unknown. `limits` are compared where
 * they are given. A new firmware is two files and no code. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "miner/fixture_file.h"
#include "miner/miner_driver.h"

static const struct {
  const char *name;
  uint32_t bit;
} flag_names[] = {
    {"fallback_pool", SAMPLE_FALLBACK_POOL},
    {"overheat_flag", SAMPLE_OVERHEAT_FLAG},
    {"auto_fan_off", SAMPLE_AUTO_FAN_OFF},
};

/* Prints what is wrong and counts it: one run shows all that a change breaks. */
struct check {
  const char *path;
  int wrong;
};

__attribute__((format(printf, 2, 3))) static void complain(struct check *check, const char *format,
                                                           ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "%s: ", check->path);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  check->wrong++;
}

static const char *text_of(const struct json *object, const char *key) {
  const char *text = "";
  json_text(json_get(object, key), &text);
  return text;
}

static double number_of(const struct json *object, const char *key) {
  double number = NAN;
  json_number(json_get(object, key), &number);
  return number;
}

static void check_text(struct check *check, const struct json *facts, const char *key,
                       const char *actual) {
  if (!str_equal(text_of(facts, key), actual))
    complain(check, "%s is '%s', expected '%s'", key, actual, text_of(facts, key));
}

static void check_count(struct check *check, const struct json *facts, const char *key,
                        int actual) {
  double expected = number_of(facts, key);
  if ((isnan(expected) ? 0 : expected) != actual)
    complain(check, "%s is %d, expected %g", key, actual, expected);
}

static void check_limit(struct check *check, const struct json *limits, const char *key,
                        double actual) {
  if (json_first(limits) != NULL && number_of(limits, key) != actual)
    complain(check, "limit %s is %g, expected %g", key, actual, number_of(limits, key));
}

static void check_facts(struct check *check, const struct json *expected,
                        const struct miner_facts *facts) {
  const struct json *object = json_get(expected, "facts");
  check_text(check, object, "model", facts->model);
  check_text(check, object, "asic_model", facts->asic_model);
  check_count(check, object, "asic_count", facts->asic_count);
  check_count(check, object, "small_core_count", facts->small_core_count);
  check_text(check, object, "mac", facts->mac);
  check_text(check, object, "firmware", facts->firmware);
  check_text(check, object, "board", facts->board);
  check_text(check, object, "hostname", facts->hostname);
  check_text(check, object, "reset_reason", facts->reset_reason);
  check_text(check, object, "pool_host", facts->pool_host);
  check_count(check, object, "pool_port", facts->pool_port);
  check_text(check, object, "fault", facts->fault);
  const struct json *limits = json_get(expected, "limits");
  check_limit(check, limits, "chip_warn_c", facts->limits.chip_warn_c);
  check_limit(check, limits, "chip_trip_c", facts->limits.chip_trip_c);
  check_limit(check, limits, "vr_warn_c", facts->limits.vr_warn_c);
  check_limit(check, limits, "vr_trip_c", facts->limits.vr_trip_c);
  check_limit(check, limits, "input_min_mv", facts->limits.input_min_mv);
  check_limit(check, limits, "input_max_mv", facts->limits.input_max_mv);
  check_limit(check, limits, "power_max_w", facts->limits.power_max_w);
}

static void check_values(struct check *check, const struct json *values,
                         const struct sample *sample) {
  for (int m = 0; m < METRIC_COUNT; m++) {
    enum metric metric = (enum metric)m;
    const char *name = metric_facts(metric)->name;
    double expected = number_of(values, name), actual = sample->values[m];
    /* Equal as far as it is kept. */
    if (isnan(expected) != isnan(actual) ||
        metric_to_stored(metric, expected) != metric_to_stored(metric, actual))
      complain(check, "%s is %.10g, expected %.10g", name, actual, expected);
  }
  enum metric metric;
  for (const struct json *value = json_first(values); value != NULL; value = json_next(value)) {
    if (!metric_find(json_key(value), &metric))
      complain(check, "there is no figure '%s'", json_key(value));
  }
}

static void check_flags(struct check *check, const struct json *expected, uint32_t flags) {
  uint32_t bits = 0;
  for (const struct json *flag = json_first(expected); flag != NULL; flag = json_next(flag)) {
    const char *name = "";
    json_text(flag, &name);
    for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++)
      bits |= str_equal(flag_names[i].name, name) ? flag_names[i].bit : 0;
  }
  if (bits != flags)
    complain(check, "flags are 0x%x, expected 0x%x", flags, bits);
}

static void check_report(struct check *check, const struct json *expected,
                         const struct miner_report *report) {
  const struct sample *sample = &report->sample;
  if (!str_equal(text_of(expected, "state"), state_name(sample->state)))
    complain(check, "state is %s, expected %s", state_name(sample->state),
             text_of(expected, "state"));
  if (!str_equal(text_of(expected, "reason"), reason_facts(sample->reason)->name))
    complain(check, "reason is %s, expected %s", reason_facts(sample->reason)->name,
             text_of(expected, "reason"));
  check_flags(check, json_get(expected, "flags"), sample->flags);
  check_facts(check, expected, &report->facts);
  check_values(check, json_get(expected, "values"), sample);
}

static void check_failure(struct check *check, const struct json *expected, enum reason reason,
                          const struct err *err) {
  if (!str_equal(text_of(expected, "failure"), reason_facts(reason)->name))
    complain(check, "failed with %s (%s)", reason_facts(reason)->name, err->text);
  if (err->text[0] == '\0')
    complain(check, "failed without words");
}

static struct json *read_expected(const char *path) {
  size_t length;
  char *text = fixture_file_read(path, &length);
  struct err err;
  struct json *root = text != NULL ? json_parse(text, length, NULL, &err) : NULL;
  if (root == NULL)
    fail_msg("%s: no readable expectation", path);
  free(text);
  return root;
}

static void check_pair(const char *expected_path, void *arg) {
  struct check *check = arg;
  check->path = expected_path;
  char path[512];
  size_t stem = strlen(expected_path) - strlen(".expected.json");
  snprintf(path, sizeof path, "%.*s.json", (int)stem, expected_path);
  size_t length;
  char *body = fixture_file_read(path, &length);
  assert_non_null(body);
  struct json *expected = read_expected(expected_path);

  struct miner_report report;
  enum reason reason = REASON_NONE;
  struct err err = {0};
  if (!axeos_driver.parse(body, length, &report, &reason, &err))
    check_failure(check, expected, reason, &err);
  else if (json_get(expected, "failure") != NULL)
    complain(check, "was taken, expected failure %s", text_of(expected, "failure"));
  else
    check_report(check, expected, &report);
  json_free(expected);
  free(body);
}

static void every_recorded_dialect_gives_the_sample_it_should(void **state) {
  (void)state;
  struct check check = {0};

  int pairs = fixture_file_walk(FIXTURE_FOLDER, ".expected.json", check_pair, &check);

  print_message("%d fixture pairs, %d differences\n", pairs, check.wrong);
  assert_true(pairs >= 80);
  assert_int_equal(check.wrong, 0);
}

static void keep_secrets_out(const char *path, void *arg) {
  static const char *const secrets[] = {"examplewallet", "hunter2", "Example-Net", "s3cretpool"};
  (void)arg;
  size_t length;
  char *body = fixture_file_read(path, &length);
  struct miner_report report;
  memset(&report, 0, sizeof report); /* so that the search sees no bytes of earlier tests */
  enum reason reason;
  struct err err = {0};
  axeos_driver.parse(body, length, &report, &reason, &err);
  /* Whom it works for is here and nowhere else (model/vitals.h). */
  memset(report.vitals.user, 0, sizeof report.vitals.user);
  memset(report.vitals.payee, 0, sizeof report.vitals.payee);
  for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
    assert_null(memmem(&report, sizeof report, secrets[i], strlen(secrets[i])));
    assert_null(strstr(err.text, secrets[i]));
  }
  free(body);
}

static void wallets_passwords_and_network_names_are_dropped_on_sight(void **state) {
  (void)state;
  int answers = fixture_file_walk(FIXTURE_FOLDER, ".json", keep_secrets_out, NULL);
  assert_true(answers > 0);
}

static bool read_asic(const char *body, struct miner_facts *facts) {
  struct err err;
  return axeos_driver.parse_facts(body, strlen(body), facts, &err);
}

static void facts_answer_names_a_board_that_the_table_lacks(void **state) {
  (void)state;
  struct miner_facts facts = {
      .model = "AxeOS miner (BM1370)", .board = "604", .asic_model = "BM1370"};

  bool read = read_asic("{\"ASICModel\":\"BM1370\",\"deviceModel\":\"Gamma\",\"asicCount\":1,"
                        "\"defaultFrequency\":525}",
                        &facts);

  assert_true(read);
  assert_string_equal(facts.model, "Bitaxe Gamma 604");
  assert_int_equal(facts.asic_count, 1);
  assert_int_equal(facts.small_core_count, 2040);
  assert_true(facts.limits.chip_warn_c == 68);
}

static void facts_answer_changes_nothing_that_is_known(void **state) {
  (void)state;
  struct miner_facts facts = {.model = "Bitaxe Gamma 601",
                              .board = "601",
                              .asic_model = "BM1370",
                              .asic_count = 1,
                              .small_core_count = 2040};

  bool read =
      read_asic("{\"ASICModel\":\"BM1368\",\"deviceModel\":\"Supra\",\"asicCount\":1}", &facts);

  assert_true(read);
  assert_string_equal(facts.model, "Bitaxe Gamma 601");
  assert_string_equal(facts.asic_model, "BM1370");
  assert_int_equal(facts.small_core_count, 2040);
}

static void facts_answer_that_is_a_web_page_leaves_the_facts_alone(void **state) {
  (void)state;
  struct miner_facts facts = {.model = "Bitaxe Gamma 601"};

  bool read = read_asic("<html></html>", &facts);

  assert_false(read);
  assert_string_equal(facts.model, "Bitaxe Gamma 601");
  assert_int_equal(facts.asic_count, 0);
}

static void an_answer_beyond_every_measure_is_refused_unread(void **state) {
  (void)state;
  size_t length = 300 * 1024;
  char *body = malloc(length);
  memset(body, ' ', length);
  memcpy(body, "{\"ASICModel\":\"BM1370\"", 21);
  body[length - 1] = '}';
  struct miner_report report;
  enum reason reason = REASON_NONE;
  struct err err;

  bool taken = axeos_driver.parse(body, length, &report, &reason, &err);

  assert_false(taken);
  assert_int_equal(reason, REASON_TOO_LARGE);
  free(body);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_recorded_dialect_gives_the_sample_it_should),
      cmocka_unit_test(wallets_passwords_and_network_names_are_dropped_on_sight),
      cmocka_unit_test(facts_answer_names_a_board_that_the_table_lacks),
      cmocka_unit_test(facts_answer_changes_nothing_that_is_known),
      cmocka_unit_test(facts_answer_that_is_a_web_page_leaves_the_facts_alone),
      cmocka_unit_test(an_answer_beyond_every_measure_is_refused_unread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
