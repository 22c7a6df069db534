/* The JSON of things: one function for each schema of api/openapi.yaml. `key` is
 * as in json_write. Pure; time is an argument. */
#ifndef API_RENDER_H
#define API_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"
#include "engine/engine.h"
#include "engine/fleet.h"
#include "model/alert.h"
#include "model/sample.h"

struct render_now {
  int64_t wall_ms, mono_ms;
};
struct render_now render_clock(void);

/* Age of the newest readings in milliseconds; -1 when it was never seen. */
int64_t render_age_ms(const struct fleet_miner *miner, struct render_now now);

void render_miner(struct json_write *json, const char *key, const struct fleet_miner *miner,
                  struct render_now now);
/* The same for who asks for this one alone: with its `device`. */
void render_miner_whole(struct json_write *json, const char *key, const struct fleet_miner *miner,
                        struct render_now now);
void render_sample(struct json_write *json, const char *key, const struct sample *sample);
void render_fleet(struct json_write *json, const char *key, struct fleet *fleet);
void render_summary(struct json_write *json, const char *key, struct fleet *fleet, int64_t wall_ms);

/* What of a miner fires now, as elements of the array that is open. */
void render_firing(struct json_write *json, const struct fleet_miner *miner);

/* `id` 0 and `miner_name` NULL are unknown. */
void render_alert_event(struct json_write *json, const char *key, int64_t id,
                        const char *miner_name, const struct alert_event *event);

struct render_monitor {
  const char *version;
  bool has_demo;
};
void render_health(struct json_write *json, const char *key, struct engine *engine,
                   struct render_monitor monitor, int64_t wall_ms);

#endif
