/* Hands that write down what they were asked for, and a fleet to talk about. */
#ifndef BOT_BOT_RECORDER_H
#define BOT_BOT_RECORDER_H

#include "bot/bot_commands.h"

/* 2026-11-22T16:00:00Z, a Sunday */
#define NOW_MS INT64_C(1795363200000)

struct recorder {
  struct fleet *fleet;
  struct alert_config alerts;
  struct bot_view view;
  struct bot_episode open[4]; /* newest first */
  size_t open_count;
  struct buf done;    /* "ack 17 by Anna\n" ... */
  const char *refuse; /* the next changes fail with it; NULL: they work */
  size_t lifted;      /* what unmute finds */
};

struct recorder *recorder_create(void);
void recorder_destroy(struct recorder *recorder);

/* A miner that hashes; numbers count from 1. */
struct fleet_miner *recorder_add_miner(struct recorder *recorder, const char *name);

/* An alert of ten minutes ago. */
void recorder_add_episode(struct recorder *recorder, int64_t id, int64_t miner_id);

#endif
