/* What the route groups share: the object behind `struct api`. */
#ifndef API_API_STATE_H
#define API_API_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"

struct event_hub;
struct static_files;

struct api {
  struct engine *engine;
  struct log *log;
  char *version;
  char *trusted_hosts;  /* by commas; "": none */
  char *webhook_secret; /* "": the route is not in use */
  struct api_demo demo;
  struct api_webhook webhook;
  struct api_telegram telegram;
  struct static_files *files;
  struct event_hub *events;
  int64_t boot_ms;  /* tells the versions of this run from those of the one before */
  unsigned waiting; /* answers the engine still owes */
  unsigned exports; /* that run now */
  unsigned scrapes; /* of /metrics that are sent in pieces now */
  bool stopping;
};

/* One thing less to wait for; frees the api when it was the last. */
void api_release(struct api *api);

#endif
