#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/mask.h"

static void expect(const char *text, const char *masked) {
  struct buf out;
  buf_init(&out);
  mask_append(&out, text);
  buf_append_text(&out, "");
  assert_string_equal(out.length == 0 ? "" : out.data, masked);
  buf_finish(&out);
}

static void addresses_lose_what_tells_where_they_are(void **state) {
  (void)state;
  expect("http://192.168.1.50:8080 is silent", "http://192.x.x.x:8080 is silent");
  expect("24:ec:4a:01:02:03", "24:ec:4a:x:x:x");
  expect("[24:EC:4A:01:02:03], 10.0.0.7.", "[24:EC:4A:x:x:x], 10.x.x.x.");
  expect("24-ec-4a-01-02-03", "24-ec-4a-x-x-x");
  expect("at fe80::26ec:4aff:fe01:203.", "at fe80:x.");
  expect("2001:db8:1:2:3:4:5:6 and 2001:db8::", "2001:x and 2001:x");
}

static void what_opens_a_door_is_taken_out(void **state) {
  (void)state;
  expect("postgresql://me:p4ss@db/monitor", "postgresql://(hidden)@db/monitor");
  expect("stratum+tcp://me.rig@pool:3333", "stratum+tcp://(hidden)@pool:3333");
  expect("ask anna@example.com, at noon", "ask (hidden)@example.com, at noon");
  expect("bot 12345:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc", "bot 12345:(hidden)");
  expect("user bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh.garage", "user (hidden).garage");
  expect("chat -1001234567890", "chat (hidden)");
  expect("chat 4711815", "chat (hidden)");
}

static void what_explains_a_fault_stays(void **state) {
  (void)state;
  expect("", "");
  expect("Bitaxe Gamma 601, v2.12.2, BM1370", "Bitaxe Gamma 601, v2.12.2, BM1370");
  expect("stratum.example.com//", "stratum.example.com//");
  expect("1.2.3.4.5 and 1.2.3", "1.x.x.x.5 and 1.2.3");
  expect("24:ec:4a:01:02", "24:ec:4a:01:02");
  expect("24-ec:4a-01:02-03", "24-ec:4a-01:02-03");
  expect("12:34:56, add: 1", "12:34:56, add: 1");
  expect("dead: beef", "dead: beef");
  expect("an internationalisation-of-words", "an internationalisation-of-words");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(addresses_lose_what_tells_where_they_are),
      cmocka_unit_test(what_opens_a_door_is_taken_out),
      cmocka_unit_test(what_explains_a_fault_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
