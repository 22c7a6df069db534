#include "engine/bus.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

struct bus_subscription {
  struct bus *bus;
  struct bus_subscription *next;
  bus_handler handler;
  void *arg;
  bool gone; /* unsubscribed while an event is on its way: freed after it */
};

struct bus {
  struct bus_subscription *first;
  int publishing; /* depth: a handler may publish */
  bool sweep;
};

struct bus *bus_create(void) {
  return mem_alloc(sizeof(struct bus));
}

void bus_destroy(struct bus *bus) {
  if (bus == NULL)
    return;
  while (bus->first != NULL) {
    struct bus_subscription *next = bus->first->next;
    free(bus->first);
    bus->first = next;
  }
  free(bus);
}

struct bus_subscription *bus_subscribe(struct bus *bus, bus_handler handler, void *arg) {
  struct bus_subscription *subscription = mem_alloc(sizeof *subscription);
  *subscription = (struct bus_subscription){.bus = bus, .handler = handler, .arg = arg};
  struct bus_subscription **end = &bus->first;
  while (*end != NULL)
    end = &(*end)->next;
  *end = subscription;
  return subscription;
}

static void sweep(struct bus *bus) {
  struct bus_subscription **link = &bus->first;
  while (*link != NULL) {
    struct bus_subscription *subscription = *link;
    if (subscription->gone) {
      *link = subscription->next;
      free(subscription);
    } else {
      link = &subscription->next;
    }
  }
  bus->sweep = false;
}

void bus_unsubscribe(struct bus_subscription *subscription) {
  if (subscription == NULL)
    return;
  struct bus *bus = subscription->bus;
  subscription->gone = true;
  bus->sweep = true;
  if (bus->publishing == 0)
    sweep(bus);
}

void bus_publish(struct bus *bus, const struct bus_event *event) {
  bus->publishing++;
  for (struct bus_subscription *s = bus->first; s != NULL; s = s->next) {
    if (!s->gone)
      s->handler(event, s->arg);
  }
  bus->publishing--;
  if (bus->publishing == 0 && bus->sweep)
    sweep(bus);
}
