/* The engine: owns the fleet, the schedule, the database threads and the
 * courier; the faces (api, bot) hold one `struct engine *` and call what is
 * here. Loop thread only, but for the `db` that tasks get on their threads.
 *
 * Life: engine_start -> ... -> engine_stop (finishes: last batch committed,
 * polls cancelled) -> the loop runs dry. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "alert/alert_rulebook.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/bus.h"
#include "engine/channels.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"
#include "net/http_client.h"

struct desk;
struct drill;
struct engine;
struct letters;
struct preferences;
struct scan;

struct engine_options {
  uv_loop_t *loop;
  struct log *log;
  const char *database_url;  /* "sqlite:/path" */
  int64_t poll_interval_ms;  /* default 10,000; floor 2,000 */
  bool unsafe_poll_interval; /* no floor: for benchmarks against simulated miners */
  int64_t missing_ms;        /* a miner gone for so long is looked for; 0: a minute */
  bool allow_public_miners;  /* addresses outside home networks */
  struct alert_config alerts;
  const char *heartbeat_url;     /* asked once a minute while all is well; NULL: none */
  const char *telegram_base_url; /* NULL: the public one */
  const char *telegram_token;    /* NULL: no Telegram */
  const char *telegram_chat;
  enum channel_letter telegram_letter; /* that this chat gets */
  int telegram_letter_hour;            /* 0: the usual one */
  const char *backup_dir;              /* of the daily backups */
  int backup_keep;                     /* how many; 0: none are made */
  int64_t retention_ms;                /* samples older than this are removed; 0: never */
  int64_t seal_period_ms;              /* of the sealer; 0: its own */
  const char *spool_path; /* for a database on a server: where batches wait while it is away */
  int64_t spool_max_bytes;

  /* Of the key for the secrets of channels; NULL: of this run only. */
  const char *secret_key_path;
};

bool engine_start(struct engine **out, const struct engine_options *options, struct err *err);

/* `stopped` runs on the loop when everything is written and closed. */
void engine_stop(struct engine *engine, void (*stopped)(void *arg), void *arg);

/* Its parts: borrowed, and there until `stopped` runs. */
struct fleet *engine_fleet(struct engine *engine);
struct bus *engine_bus(struct engine *engine);
struct http_client *engine_http(struct engine *engine);
struct db_threads *engine_db(struct engine *engine);
struct channels *engine_channels(struct engine *engine);
struct desk *engine_desk(struct engine *engine);
struct drill *engine_drill(struct engine *engine);
struct letters *engine_letters(struct engine *engine); /* NULL while stopping */
struct preferences *engine_preferences(struct engine *engine);
struct scan *engine_scan(struct engine *engine); /* NULL while stopping */
const struct engine_options *engine_options(const struct engine *engine);

/* --- what faces may ask for; `done` runs once on the loop --- */

/* `miner` is NULL on failure. */
typedef void (*engine_miner_done)(struct fleet_miner *miner, const struct err *err, void *arg);

struct engine_add {
  const char *address; /* as typed */
  const char *name;    /* NULL or "": host name or model */
  bool verify;         /* ask the device first; fail with the reason in words */
  bool demo;
};
/* These answer when it is in the database. ERR_INVALID: no address, or no miner there;
 * ERR_CONFLICT: it is watched already; ERR_NOT_FOUND: no miner has the number. */
void engine_add_miner(struct engine *engine, const struct engine_add *add, engine_miner_done done,
                      void *arg);
void engine_rename_miner(struct engine *engine, int64_t id, const char *name,
                         engine_miner_done done, void *arg);
void engine_move_miner(struct engine *engine, int64_t id, const char *address,
                       engine_miner_done done, void *arg);
void engine_remove_miner(struct engine *engine, int64_t id,
                         void (*done)(const struct err *err, void *arg), void *arg);
/* Polls at once (unless one is in flight: then waits for that one). At most one
 * a second a miner reaches the device. */
void engine_poll_miner(struct engine *engine, int64_t id, engine_miner_done done, void *arg);
/* Tells the device to restart: it is away for half a minute, its settings stay. Only
 * because a person asked, and nothing repeats it. */
void engine_restart_miner(struct engine *engine, int64_t id, engine_miner_done done, void *arg);

/* --- the monitor's own condition --- */
struct engine_health {
  bool storing;                       /* false: the last write failed */
  char storage_problem[ERR_TEXT_MAX]; /* words and what to do; "" when fine */
  size_t unsaved_samples;             /* not in the database yet: in memory and in the spool */
  size_t spooled_samples;             /* those in the spool */
  int64_t spooling_since_ms;          /* wall time; 0: nothing goes through the spool */
  size_t lost_samples;                /* given up because memory, or the disk, was full */
  int64_t last_commit_ms;             /* wall time; 0 never */
  bool keeping;                       /* false: the daily backup, or tidying up, failed */
  char keeping_problem[ERR_TEXT_MAX]; /* in words; "" when fine */
  int64_t last_backup_ms;             /* made since the start; wall time, 0 none */
  bool telegram_configured;
  bool telegram_ok;
  char telegram_problem[ERR_TEXT_MAX];
  size_t messages_waiting;
  uint64_t polls, polls_failed; /* since start */
  size_t polls_in_flight;
  uint64_t polls_late; /* began more than half an interval after their time */
  int64_t started_ms;
};
void engine_health(struct engine *engine, struct engine_health *health);

/* How many messages wait for a channel. */
size_t engine_channel_waiting(const struct engine *engine, const struct channel *channel);

/* Sends a real test message; `done` gets the service's answer in words, once, on the loop. */
void engine_test_channel(struct engine *engine, const struct channel *channel,
                         void (*done)(const struct notify_result *result, void *arg), void *arg);

#endif
