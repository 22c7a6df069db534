/* The test button: sends one real message through a channel, past its queue, and
 * says what the service answered. */
#ifndef ENGINE_COURIER_CHANNEL_TRIAL_H
#define ENGINE_COURIER_CHANNEL_TRIAL_H

#include "engine/channels.h"
#include "net/http_client.h"

/* `result` has the service's answer in words, with what to do when it went wrong. Runs once, on
 * the loop; at the latest when the HTTP client is closed. */
typedef void (*channel_trial_done)(const struct notify_result *result, void *arg);

/* `channel` is looked up again when the answer is there: it may be changed meanwhile. The
 * channels outlive the HTTP client. */
void channel_trial_send(struct channels *channels, struct http_client *http,
                        const struct channel *channel, channel_trial_done done, void *arg);

#endif
