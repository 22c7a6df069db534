/* What happened, for whoever shows it: event streams, bot, metrics. Loop thread
 * only; subscribers are called in order and must not block. */
#ifndef ENGINE_BUS_H
#define ENGINE_BUS_H

#include <stdint.h>

#include "model/alert.h"

enum bus_event_kind {
  BUS_MINER_CHANGED, /* a new sample, or a change of name, state or facts */
  BUS_MINER_ADDED,
  BUS_MINER_REMOVED,
  BUS_ALERT,  /* committed: raised, reminded, cleared */
  BUS_HEALTH, /* the monitor's own state changed */
};

struct bus_event {
  enum bus_event_kind kind;
  int64_t miner_id;
  const struct alert_event *alert; /* BUS_ALERT only; borrowed for the call */
};

struct bus;
struct bus_subscription;
typedef void (*bus_handler)(const struct bus_event *event, void *arg);

struct bus *bus_create(void);
void bus_destroy(struct bus *bus);
struct bus_subscription *bus_subscribe(struct bus *bus, bus_handler handler, void *arg);
void bus_unsubscribe(struct bus_subscription *subscription);
void bus_publish(struct bus *bus, const struct bus_event *event);

#endif
