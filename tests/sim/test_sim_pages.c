#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sim/sim_pages.h"
#include "tests/sim/sim_make.h"
#include "tests/sim/sim_near.h"

static struct json *parse(const struct buf *text) {
  struct err err = {0};
  struct json *root = json_parse(text->data, text->length, NULL, &err);
  if (root == NULL)
    fail_msg("%s", err.text);
  return root;
}

static void asic_page_says_how_many_chips(void **state) {
  (void)state;
  struct sim_device device = sim_make("hex", "2.10", 86400);
  struct buf text;
  double count = 0;
  buf_init(&text);

  sim_pages_asic(&device, &text);

  struct json *root = parse(&text);
  assert_true(json_number(json_get(root, "asicCount"), &count));
  assert_near(count, 6, 0);
  assert_int_equal(json_count(json_get(root, "frequencyOptions")), 7);
  json_free(root);
  buf_finish(&text);
  sim_device_finish(&device);
}

static void statistics_are_empty_until_switched_on(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.12", 86400);
  struct buf text;
  buf_init(&text);

  sim_device_advance(&device, 100);
  sim_pages_statistics(&device, NULL, &text);
  struct json *off = parse(&text);
  device.settings.stats_s = 10;
  sim_device_advance(&device, 100);
  buf_clear(&text);
  sim_pages_statistics(&device, "power,hashrate", &text);
  struct json *on = parse(&text);

  assert_int_equal(json_count(json_get(off, "statistics")), 0);
  assert_int_equal(json_count(json_get(on, "statistics")), 10);
  assert_int_equal(json_count(json_first(json_get(on, "statistics"))), 3);
  json_free(off);
  json_free(on);
  buf_finish(&text);
  sim_device_finish(&device);
}

static void statistics_keep_at_most_720_rows(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  device.settings.stats_s = 1;

  sim_device_advance(&device, 1000);

  assert_int_equal(device.stats.count, 720);
  assert_int_equal(
      sim_stats_get(&device.stats, 719)->uptime_s - sim_stats_get(&device.stats, 0)->uptime_s, 719);
  sim_device_finish(&device);
}

static void statistics_labels_are_those_of_the_release(void **state) {
  (void)state;
  struct sim_device old = sim_make("gamma", "2.8", 86400);
  struct sim_device new = sim_make("gamma", "2.13", 86400);
  struct buf text;
  buf_init(&text);

  sim_pages_statistics(&old, NULL, &text);
  assert_non_null(strstr(text.data, "\"hashRate\",\"temp\",\"vrTemp\""));
  buf_clear(&text);
  sim_pages_statistics(&new, NULL, &text);
  assert_non_null(strstr(text.data, "\"hashrate\",\"hashrate_1m\""));
  assert_non_null(strstr(text.data, "\"responseTime\",\"timestamp\""));

  buf_finish(&text);
  sim_device_finish(&old);
  sim_device_finish(&new);
}

static void metrics_page_is_text_exposition(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.12", 86400);
  struct buf text;
  int samples = 0;
  buf_init(&text);

  sim_pages_metrics(&device, &text);

  assert_int_equal(text.data[text.length - 1], '\n');
  for (char *line = strtok(text.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    if (line[0] == '#')
      continue;
    char *end = NULL;
    assert_memory_equal(line, "bitaxe_", 7);
    strtod(strchr(line, ' ') + 1, &end);
    assert_int_equal(*end, '\0');
    samples++;
  }
  assert_int_equal(samples, 24);
  buf_finish(&text);
  sim_device_finish(&device);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(asic_page_says_how_many_chips),
      cmocka_unit_test(statistics_are_empty_until_switched_on),
      cmocka_unit_test(statistics_keep_at_most_720_rows),
      cmocka_unit_test(statistics_labels_are_those_of_the_release),
      cmocka_unit_test(metrics_page_is_text_exposition),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
