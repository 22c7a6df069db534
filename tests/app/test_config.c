#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/config.h"

static const char *const variables[] = {"LISTEN",
                                        "DATA_DIR",
                                        "LOG_LEVEL",
                                        "DATABASE_URL",
                                        "BITAXE_BASE_URL",
                                        "POLL_INTERVAL_SECONDS",
                                        "TEMP_THRESHOLD_CORE_C",
                                        "TEMP_THRESHOLD_VR_C",
                                        "ALERT_HYSTERESIS_C",
                                        "ALERT_COOLDOWN_MINUTES",
                                        "TELEGRAM_BOT_TOKEN",
                                        "TELEGRAM_CHAT_ID",
                                        "TELEGRAM_API_BASE",
                                        "HEARTBEAT_URL",
                                        "LETTER",
                                        "LETTER_HOUR",
                                        "BACKUP_KEEP",
                                        "RETENTION_SAMPLES_DAYS",
                                        "BENCH_POLL_INTERVAL_MS",
                                        "BENCH_SEAL_PERIOD_MS"};

static int clear_environment(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
    unsetenv(variables[i]);
  return 0;
}

static void without_anything_the_defaults_hold(void **state) {
  (void)state;
  struct config config;
  struct err err;
  setenv("XDG_DATA_HOME", "/somewhere", 1);

  assert_true(config_read(&config, 0, NULL, &err));

  assert_string_equal(config.listen_host, "127.0.0.1");
  assert_int_equal(config.listen_port, 8000);
  assert_int_equal(config.poll_interval_ms, 10000);
  assert_string_equal(config.data_dir, "/somewhere/bitaxe-monitor");
  assert_string_equal(config.database_url, "sqlite:/somewhere/bitaxe-monitor/monitor.db");
  assert_true(isnan(config.alerts.chip_limit_c));
  assert_null(config.telegram_token);
  assert_false(config.demo);
  config_finish(&config);
}

static void the_original_settings_are_honoured(void **state) {
  (void)state;
  struct config config;
  struct err err;
  setenv("POLL_INTERVAL_SECONDS", "60", 1);
  setenv("TEMP_THRESHOLD_CORE_C", "66.5", 1);
  setenv("TEMP_THRESHOLD_VR_C", "80", 1);
  setenv("ALERT_COOLDOWN_MINUTES", "15", 1);
  setenv("ALERT_HYSTERESIS_C", "3", 1);
  setenv("BITAXE_BASE_URL", "http://192.168.1.50", 1);
  setenv("TELEGRAM_BOT_TOKEN", "123:abc", 1);
  setenv("TELEGRAM_CHAT_ID", "42", 1);

  assert_true(config_read(&config, 0, NULL, &err));

  assert_int_equal(config.poll_interval_ms, 60000);
  assert_float_equal(config.alerts.chip_limit_c, 66.5, 0);
  assert_float_equal(config.alerts.vr_limit_c, 80, 0);
  assert_int_equal(config.alerts.cooldown_ms, 15 * 60000);
  assert_float_equal(config.alerts.hysteresis_c, 3, 0);
  assert_string_equal(config.first_miner, "http://192.168.1.50");
  assert_string_equal(config.telegram_token, "123:abc");
  assert_string_equal(config.telegram_chat, "42");
  config_finish(&config);
}

static void flags_win_over_the_environment(void **state) {
  (void)state;
  struct config config;
  struct err err;
  char *argv[] = {"--listen", "[::1]:9001", "--data-dir=/d", "--demo", "--log-level", "debug"};
  setenv("LISTEN", "10.0.0.1:1", 1);

  assert_true(config_read(&config, 6, argv, &err));

  assert_string_equal(config.listen_host, "::1");
  assert_int_equal(config.listen_port, 9001);
  assert_string_equal(config.data_dir, "/d");
  assert_int_equal(config.log_level, LOG_DEBUG);
  assert_true(config.demo);
  config_finish(&config);
}

static void a_poll_interval_below_two_seconds_is_raised_to_two(void **state) {
  (void)state;
  struct config config;
  struct err err;
  setenv("POLL_INTERVAL_SECONDS", "1", 1);

  assert_true(config_read(&config, 0, NULL, &err));

  assert_int_equal(config.poll_interval_ms, 2000);
  assert_false(config.unsafe_poll_interval);
  config_finish(&config);
}

static void expect_refusal(char **argv, int argc, const char *words) {
  struct config config;
  struct err err;

  assert_false(config_read(&config, argc, argv, &err));

  assert_int_equal(err.code, ERR_INVALID);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' does not say '%s'", err.text, words);
  config_finish(&config);
}

static void bad_flags_are_named_with_what_to_write(void **state) {
  (void)state;
  expect_refusal((char *[]){"--listen", "8000"}, 2, "127.0.0.1:8000");
  expect_refusal((char *[]){"--listen", "127.0.0.1:99999"}, 2, "127.0.0.1:8000");
  expect_refusal((char *[]){"--listen"}, 1, "needs a value");
  expect_refusal((char *[]){"--colour"}, 1, "no flag --colour");
  expect_refusal((char *[]){"--log-level", "loud"}, 2, "debug, info, warn or error");
}

static void bad_variables_are_named_with_what_to_write(void **state) {
  (void)state;
  setenv("POLL_INTERVAL_SECONDS", "ten", 1);
  expect_refusal(NULL, 0, "POLL_INTERVAL_SECONDS is 'ten'");
  setenv("POLL_INTERVAL_SECONDS", "10", 1);
  setenv("TEMP_THRESHOLD_CORE_C", "nan", 1);
  expect_refusal(NULL, 0, "TEMP_THRESHOLD_CORE_C");
  unsetenv("TEMP_THRESHOLD_CORE_C");
  setenv("TELEGRAM_WEBHOOK_URL", "https://example.org", 1);
  expect_refusal(NULL, 0, "TELEGRAM_WEBHOOK_SECRET");
  unsetenv("TELEGRAM_WEBHOOK_URL");
  setenv("SPOOL_MAX_MB", "-1", 1);
  expect_refusal(NULL, 0, "from 1 to 1000000");
  unsetenv("SPOOL_MAX_MB");
  setenv("DATABASE_URL", "sqlite::memory:", 1);
  expect_refusal(NULL, 0, "forgets everything");
  unsetenv("DATABASE_URL");
}

static void an_address_that_can_never_answer_is_refused_at_the_start(void **state) {
  (void)state;
  static const char *const wrong[] = {"hc-ping.com/x",  "file:///etc/passwd", "ftp://example.org",
                                      "https://",       "http:///path",       "http://:80",
                                      "https://a b.org"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    setenv("HEARTBEAT_URL", wrong[i], 1);
    expect_refusal(NULL, 0, "HEARTBEAT_URL is no address");
  }
  setenv("HEARTBEAT_URL", "https://hc-ping.com/x", 1);
  setenv("TELEGRAM_API_BASE", "file:///etc/", 1);
  expect_refusal(NULL, 0, "TELEGRAM_API_BASE is no address");
  unsetenv("TELEGRAM_API_BASE");
  struct config config;
  struct err err;
  assert_true(config_read(&config, 0, NULL, &err));
  assert_string_equal(config.heartbeat_url, "https://hc-ping.com/x");
  config_finish(&config);
  unsetenv("HEARTBEAT_URL");
}

static void a_file_is_kept_for_ever_and_a_server_for_a_year_unless_said(void **state) {
  (void)state;
  struct config file, server, said;
  struct err err;
  setenv("XDG_DATA_HOME", "/somewhere", 1);

  assert_true(config_read(&file, 0, NULL, &err));
  setenv("DATABASE_URL", "postgresql://host/miners", 1);
  assert_true(config_read(&server, 0, NULL, &err));
  setenv("RETENTION_SAMPLES_DAYS", "30", 1);
  setenv("BACKUP_KEEP", "0", 1);
  assert_true(config_read(&said, 0, NULL, &err));
  setenv("RETENTION_SAMPLES_DAYS", "0.5", 1);
  expect_refusal(NULL, 0, "less than a day");

  assert_int_equal(file.retention_ms, 0);
  assert_int_equal(file.backup_keep, 7);
  assert_int_equal(server.retention_ms, INT64_C(365) * 86400000);
  assert_int_equal(said.retention_ms, INT64_C(30) * 86400000);
  assert_int_equal(said.backup_keep, 0);
  config_finish(&file);
  config_finish(&server);
  config_finish(&said);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, clear_environment)
  const struct CMUnitTest tests[] = {
      TEST(without_anything_the_defaults_hold),
      TEST(the_original_settings_are_honoured),
      TEST(flags_win_over_the_environment),
      TEST(a_poll_interval_below_two_seconds_is_raised_to_two),
      TEST(bad_flags_are_named_with_what_to_write),
      TEST(bad_variables_are_named_with_what_to_write),
      TEST(an_address_that_can_never_answer_is_refused_at_the_start),
      TEST(a_file_is_kept_for_ever_and_a_server_for_a_year_unless_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
