/* An engine's twin and a server around it: the fleet is filled by hand, the
 * database is a real one in a temporary folder, and what the API asks of the
 * engine is recorded and answered as the test says. */
#ifndef TESTS_API_TWIN_H
#define TESTS_API_TWIN_H

#include <uv.h>

#include "api/api.h"
#include "base/buf.h"
#include "support/temp_dir.h"

struct engine {
  uv_loop_t loop;
  struct temp_dir dir;
  char *url;
  struct engine_options options;
  struct engine_health health;
  struct fleet *fleet;
  struct bus *bus;
  struct db_threads *db;
  struct preferences *preferences;

  /* what the API asked for, in words: "rename 1 Garage" */
  struct buf asked;
  /* the next request of a change fails with this when its code is set */
  struct err fails;
  int updates; /* of Telegram */

  struct http_server *server;
  struct api *api;
  bool closed;
};

/* With the files of `web_dir` (may be NULL). */
struct engine *twin_create(const char *web_dir);
void twin_destroy(struct engine *twin);

/* Adds a miner named `name` that hashes, with one sample now. */
struct fleet_miner *twin_add_miner(struct engine *twin, int64_t id, const char *name);

struct reply {
  int status;
  struct buf raw;   /* header and body */
  const char *body; /* inside raw */
};

/* Sends one request and runs the loop until its answer is whole. `headers` are
 * lines ended by \r\n, or "". */
struct reply twin_ask(struct engine *twin, const char *method, const char *path,
                      const char *headers, const char *body);
struct reply twin_get(struct engine *twin, const char *path);
void reply_finish(struct reply *reply);

/* The header's value, copied into `value`; "" when it is missing. */
const char *reply_header(const struct reply *reply, const char *name, char value[256]);

/* A request whose answer has no end. */
struct listener;
struct listener *twin_listen(struct engine *twin, const char *path);
void listener_close(struct listener *listener);

/* Runs the loop until `text` was heard; false at the deadline or when the stream
 * ended before. What was heard up to there is forgotten. */
bool listener_hears(struct listener *listener, const char *text);
/* How often `text` stands in what was heard and not yet forgotten. */
int listener_count(struct listener *listener, const char *text);

#endif
