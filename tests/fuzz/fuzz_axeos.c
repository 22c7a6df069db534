/* Whatever a device, or something that plays one, answers: all paths of the
 * AxeOS driver, and the judge over what comes out. The last byte chooses how
 * long ago the miner was last asked. */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "miner/miner_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Text that is kept is always whole UTF-8 and ends within its field. */
static void check_text(const char *text, size_t size) {
  assert(memchr(text, '\0', size) != NULL);
  assert(str_is_utf8(text, strlen(text)));
}

static void check_facts(const struct miner_facts *facts) {
  check_text(facts->model, sizeof facts->model);
  check_text(facts->asic_model, sizeof facts->asic_model);
  check_text(facts->mac, sizeof facts->mac);
  check_text(facts->firmware, sizeof facts->firmware);
  check_text(facts->board, sizeof facts->board);
  check_text(facts->hostname, sizeof facts->hostname);
  check_text(facts->reset_reason, sizeof facts->reset_reason);
  check_text(facts->pool_host, sizeof facts->pool_host);
  check_text(facts->fault, sizeof facts->fault);
  assert(facts->pool_port >= 0 && facts->pool_port <= 65535);
  assert(facts->asic_count >= 0 && facts->small_core_count >= 0);
}

static void check_sample(const struct sample *sample) {
  assert(sample->state < STATE_COUNT && sample->reason < REASON_COUNT);
  for (int m = 0; m < METRIC_COUNT; m++) {
    double value = sample->values[m];
    assert(isnan(value) || value == metric_checked((enum metric)m, value));
  }
}

static void judge(struct miner_report *report, uint8_t gap) {
  struct miner_memory memory;
  miner_memory_init(&memory);
  struct sample first = report->sample, second = report->sample;
  first.at_ms = 1700000000000;
  second.at_ms = first.at_ms + (int64_t)gap * gap * 1000;
  miner_judge_answer(&memory, &report->facts, &first, 0);
  miner_judge_answer(&memory, &report->facts, &second, 10000);
  check_sample(&first);
  check_sample(&second);
}

static void check_past(const char *body, size_t size) {
  struct miner_past past;
  struct err err = {0};
  bool good = axeos_driver.parse_past(body, size, &past, &err);
  assert(good || (past.count == 0 && err.text[0] != '\0'));
  for (size_t i = 0; i < past.count; i++) {
    check_sample(&past.rows[i].sample);
    assert(past.rows[i].age_ms >= 0);
    assert(i == 0 || past.rows[i].age_ms < past.rows[i - 1].age_ms);
  }
  miner_past_finish(&past);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *body = (const char *)data;
  struct miner_report report;
  struct miner_facts facts = {0};
  enum reason reason = REASON_NONE;
  struct err err = {0};
  if (axeos_driver.parse(body, size, &report, &reason, &err)) {
    check_sample(&report.sample);
    check_facts(&report.facts);
    miner_driver_merge_facts(&facts, &report.facts);
    judge(&report, size > 0 ? data[size - 1] : 0);
  } else {
    assert(reason_is_failed_poll(reason) && err.text[0] != '\0');
  }
  axeos_driver.parse_facts(body, size, &facts, &err);
  check_facts(&facts);
  check_past(body, size);
  return 0;
}
