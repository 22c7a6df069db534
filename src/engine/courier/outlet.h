/* One channel's way out: a lane for each target, one message on its way at a
 * time, the service's pace kept, back-off, edits.
 *
 *   take --> lane: [message][message]...   the first one is tried
 *              |  due: gap, window, back-off, or what the service asked for
 *              v
 *            draw    only what shows a picture, where the service can
 *              v
 *            send --> delivered / refused --> mark --> writer thread
 *              '----> retry: stays first, the lane waits longer
 *
 * The first message blocks its lane until it is through: order matters more than
 * speed, since "it is back to normal" before "it is too hot" misleads. The next
 * one waits until the outbox knows of the one before, so that a crash repeats one
 * message of a channel at most. */
#ifndef ENGINE_COURIER_OUTLET_H
#define ENGINE_COURIER_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/rand.h"
#include "engine/channels.h"
#include "engine/courier/artist.h"
#include "engine/courier/lane.h"
#include "engine/courier/marks.h"
#include "engine/courier/told.h"
#include "net/http_client.h"

/* What all outlets share. */
struct outlet_world {
  struct http_client *http;
  struct channels *channels;
  struct marks *marks;
  struct told *told;
  struct artist *artist; /* NULL: nothing is drawn */
  bool draws_badly;      /* the last picture could not be drawn, and that is in the log */
  struct log *log;
  double time_scale; /* of all waits; 1 but in tests */
  int timeout_ms;    /* of one attempt; 0: the notifier's own */
  struct rand rand;
  uint64_t run, nameless;      /* to name messages that no row keeps */
  uint64_t delivered, refused; /* since start */
  void (*moved)(void *arg);    /* an attempt ended; from the loop */
  void *arg;
};

struct outlet;

struct outlet *outlet_create(struct outlet_world *world, const char *code);
/* Not while outlet_is_sending. */
void outlet_destroy(struct outlet *outlet);
const char *outlet_code(const struct outlet *outlet);

/* (takes the message) */
void outlet_take(struct outlet *outlet, const char *target, struct message *message);

/* The first message of this target waits until then (of the wall clock). */
void outlet_delay(struct outlet *outlet, const char *target, int64_t until_wall_ms);

/* The message with that provisional number is in the outbox now, with this one. False when it does
 * not wait here. */
bool outlet_adopt(struct outlet *outlet, int64_t provisional, int64_t id);

/* Lets go of a waiting message that is not on its way, unsent and unmarked. */
void outlet_forget(struct outlet *outlet, int64_t id);

/* When outlet_step has something to do; INT64_MAX: nothing. */
int64_t outlet_due_ms(struct outlet *outlet);
void outlet_step(struct outlet *outlet);

/* The outbox knows what was delivered, or cannot be told now. */
void outlet_go_on(struct outlet *outlet);

bool outlet_is_sending(const struct outlet *outlet); /* or drawing */
void outlet_cancel(struct outlet *outlet);
size_t outlet_waiting(const struct outlet *outlet);

/* 1 s, 2 s, 4 s ... 5 minutes, a fifth more or less so that many monitors that lost a service
 * together do not come back together. */
int64_t outlet_back_off_ms(struct outlet_world *world, int failures);

#endif
