#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/bus.h"

struct listener {
  int heard;
  int64_t last_miner;
  struct bus_subscription *leave; /* unsubscribed when something is heard */
};

static void listen_to(const struct bus_event *event, void *arg) {
  struct listener *listener = arg;
  listener->heard++;
  listener->last_miner = event->miner_id;
  if (listener->leave != NULL) {
    bus_unsubscribe(listener->leave);
    listener->leave = NULL;
  }
}

static void every_subscriber_hears_an_event(void **state) {
  (void)state;
  struct bus *bus = bus_create();
  struct listener a = {0}, b = {0};
  bus_subscribe(bus, listen_to, &a);
  bus_subscribe(bus, listen_to, &b);

  bus_publish(bus, &(struct bus_event){.kind = BUS_MINER_CHANGED, .miner_id = 7});

  assert_int_equal(a.heard, 1);
  assert_int_equal(b.last_miner, 7);
  bus_destroy(bus);
}

static void a_subscriber_may_leave_while_it_hears(void **state) {
  (void)state;
  struct bus *bus = bus_create();
  struct listener leaving = {0}, victim = {0}, staying = {0};
  leaving.leave = bus_subscribe(bus, listen_to, &leaving);
  struct listener killer = {0};
  bus_subscribe(bus, listen_to, &killer);
  killer.leave = bus_subscribe(bus, listen_to, &victim);
  bus_subscribe(bus, listen_to, &staying);

  bus_publish(bus, &(struct bus_event){.kind = BUS_HEALTH});
  bus_publish(bus, &(struct bus_event){.kind = BUS_HEALTH});

  assert_int_equal(leaving.heard, 1);
  assert_int_equal(victim.heard, 0); /* removed before its turn */
  assert_int_equal(staying.heard, 2);
  bus_destroy(bus);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_subscriber_hears_an_event),
      cmocka_unit_test(a_subscriber_may_leave_while_it_hears),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
