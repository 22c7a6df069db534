/* The REST interface and the dashboard's files: a request becomes a call on the
 * engine and an answer. What the routes are stands in const tables, one for each
 * *_routes.c; api/openapi.yaml describes them and a test compares the two.
 *
 * Life: engine_start -> api_create -> http_server_open with api_handle ->
 * http_server_close -> api_destroy -> engine_stop. Loop thread only. */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/engine.h"
#include "model/channel.h"
#include "net/http_server.h"

struct api;

/* `err` is NULL when it worked. Runs once, on the loop. */
typedef void (*api_done)(const struct err *err, void *arg);

/* The simulated miners; start NULL: this program has no demo. When `start` is
 * done the miners are in the fleet (miner.demo set), when `stop` is done they
 * are gone. Both may be called in any state. */
struct api_demo {
  void (*start)(void *arg, api_done done, void *done_arg);
  void (*stop)(void *arg, api_done done, void *done_arg);
  void *arg;
};

/* Where updates of Telegram go; secret NULL or "": the route is not in use. */
struct api_webhook {
  const char *secret;
  void (*update)(void *arg, const char *json, size_t length);
  void *arg;
};

/* A code that links a chat. Texts are borrowed. */
struct api_link {
  const char *code, *username; /* of the bot */
  enum channel_role role;
  int64_t left_ms;  /* how long it may still be used */
  const char *chat; /* what it was used by; "" by none yet */
};

/* `link` is NULL on failure. Runs once, on the loop. */
typedef void (*api_link_done)(const struct api_link *link, const struct err *err, void *arg);

/* The Telegram bot; its entries may be NULL: this program has none. */
struct api_telegram {
  /* NULL: there is no bot yet; "": its name is not known yet. */
  const char *(*username)(void *arg);
  /* `token` NULL: that of the bot there is. `role` is an enum channel_role, -1: as fits. */
  void (*link)(void *arg, const char *token, int role, api_link_done done, void *done_arg);
  /* "waiting", "used", "expired"; fills role and chat. NULL: nobody knows the code. */
  const char *(*look)(void *arg, const char *code, struct api_link *link);
  void *arg;
};

/* Texts are copied. */
struct api_options {
  struct engine *engine;
  struct log *log;
  const char *web_dir; /* the built dashboard; NULL or missing: a page that says how to build it */
  const char *version; /* of the program */
  const char *trusted_hosts; /* names that a reverse proxy serves us under, by commas; NULL: none */
  struct api_demo demo;
  struct api_webhook webhook;
  struct api_telegram telegram;
};

/* Reads the dashboard's files into memory; a missing or broken web_dir is
 * logged and is no failure. */
struct api *api_create(const struct api_options *options);

/* Ends event streams and takes no more requests. Memory goes when the last
 * answer that is still being worked on has come back from the engine. */
void api_destroy(struct api *api);

/* The http_handler; `api` is a struct api. */
void api_handle(struct http_exchange *exchange, void *api);

/* Calls `visit` for each route ("GET", "/api/v1/miners/{id}"), for the test that
 * compares them with api/openapi.yaml. */
void api_each_route(void (*visit)(const char *method, const char *pattern, void *arg), void *arg);

#endif
