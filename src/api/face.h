/* What the API keeps with each miner of the fleet: its JSON and the finished
 * response, made anew only when the miner or the tenth of a second of its age has
 * changed. Ten readers or a thousand cost one rendering. */
#ifndef API_FACE_H
#define API_FACE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"
#include "base/buf.h"
#include "engine/fleet.h"
#include "net/http_server.h"

struct face {
  /* For the event stream: when this miner was last told, and that there is more. */
  int64_t told_mono_ms; /* 0 never */
  bool untold;

  uint64_t version; /* of the miner as rendered; 0 never */
  int64_t age_key;
  struct buf json;
  struct http_response *response; /* NULL until it is asked for */
};

/* The miner's face; made when it has none. Borrowed from the miner. */
struct face *face_get(struct fleet_miner *miner);

/* The miner's JSON as of now; borrowed until the next call. */
const struct buf *face_json(struct fleet_miner *miner);

/* Answers a request for the miner, with 304 where that is enough. */
void face_answer(struct request *request, struct fleet_miner *miner);

#endif
