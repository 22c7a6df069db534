#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "api/setup/log_mask.h"

static void expect(const char *line, const char *masked) {
  struct buf out;
  buf_init(&out);
  log_mask_append(&out, line);
  buf_append_text(&out, "");
  assert_string_equal(out.data, masked);
  buf_finish(&out);
}

static void names_in_quotes_are_hidden(void **state) {
  (void)state;
  expect("miner 'Garage' (http://10.0.0.7) is offline",
         "miner '(hidden)' (http://10.x.x.x) is offline");
  expect("'Anna's room' has moved", "'(hidden)' has moved");
  expect("today's backup is in /data", "today's backup is in /data");
  expect("it isn't there", "it isn't there");
  expect("'", "'");
}

static void a_url_keeps_its_host_alone(void **state) {
  (void)state;
  expect("POST https://me:pw@hook.example.org:81/a?key=b: 404",
         "POST https://(hidden)@hook.example.org:81/(hidden) 404");
  expect("open http://localhost:8000/", "open http://localhost:8000");
  expect("//", "//");
}

static void who_somebody_is_is_hidden(void **state) {
  (void)state;
  expect("refused: <anna.b@example.com>", "refused: <(hidden)>");
  expect("history is kept in /home/anna/.data", "history is kept in /home/(hidden)/.data");
  expect("in /home/anna", "in /home/(hidden)");
}

static void what_other_text_hides_is_hidden_as_well(void **state) {
  (void)state;
  expect("chat 4711815 at 192.168.1.50", "chat (hidden) at 192.x.x.x");
  expect("2026-11-22T16:00:00Z warn  poller: asked 12 times",
         "2026-11-22T16:00:00Z warn  poller: asked 12 times");
  expect("", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_in_quotes_are_hidden),
      cmocka_unit_test(a_url_keeps_its_host_alone),
      cmocka_unit_test(who_somebody_is_is_hidden),
      cmocka_unit_test(what_other_text_hides_is_hidden_as_well),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
