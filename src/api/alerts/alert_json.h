/* The JSON of episodes, mutes and rules: one function for each schema of
 * api/openapi.yaml. `key` is as in json_write. */
#ifndef API_ALERTS_ALERT_JSON_H
#define API_ALERTS_ALERT_JSON_H

#include "base/json_write.h"
#include "engine/alerts/desk.h"
#include "engine/fleet.h"
#include "store/alerts/episode_store.h"
#include "store/alerts/mute_store.h"

/* `miner_name` NULL: the miner was removed, or it is the monitor itself. */
void alert_json_episode(struct json_write *json, const char *key, const struct episode *episode,
                        const char *miner_name);
void alert_json_note(struct json_write *json, const char *key, const struct episode_note *note);
void alert_json_mute(struct json_write *json, const char *key, const struct mute *mute,
                     const char *miner_name);

/* What holds for the rule on the miner (NULL: on those without changes of their own),
 * and what the owner changed. */
void alert_json_rule(struct json_write *json, const char *key, const struct desk *desk,
                     enum alert_rule rule, const struct miner *miner);

/* NULL when it is gone, or is none of the fleet. */
const char *alert_json_miner_name(struct fleet *fleet, int64_t miner_id);

#endif
