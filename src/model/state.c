#include "model/state.h"

#include <assert.h>
#include <stddef.h>

#include "text_english.h"

/* The words are in texts/en.json: they are read by the owner of a miner, who may never
 * have heard of HTTP. `text` continues "Garage: ...", `meaning` says what it is, `advice`
 * what to do. */

struct state_words {
  const char *name;
  const char *title;
};

static const struct state_words states[STATE_COUNT] = {
    [STATE_UNKNOWN] = {"unknown", TEXT_state_unknown},
    [STATE_HASHING] = {"hashing", TEXT_state_hashing},
    [STATE_STARTING] = {"starting", TEXT_state_starting},
    [STATE_PAUSED] = {"paused", TEXT_state_paused},
    [STATE_NOT_HASHING] = {"not_hashing", TEXT_state_not_hashing},
    [STATE_OVERHEATED] = {"overheated", TEXT_state_overheated},
    [STATE_FAULT] = {"fault", TEXT_state_fault},
    [STATE_UNRESPONSIVE] = {"unresponsive", TEXT_state_unresponsive},
    [STATE_OFFLINE] = {"offline", TEXT_state_offline},
};

#define REASON(name)                                                                               \
  { #name, TEXT_reason_##name##_text, TEXT_reason_##name##_meaning, TEXT_reason_##name##_advice }

static const struct reason_facts reasons[REASON_COUNT] = {
    [REASON_NONE] = REASON(none),

    [REASON_HOST_GONE] = REASON(host_gone),
    [REASON_NAME_UNKNOWN] = REASON(name_unknown),

    [REASON_REFUSED] = REASON(refused),
    [REASON_NO_ANSWER] = REASON(no_answer),
    [REASON_RESET] = REASON(reset),
    [REASON_UNAUTHORIZED] = REASON(unauthorized),
    [REASON_REDIRECTED] = REASON(redirected),
    [REASON_HTTP_ERROR] = REASON(http_error),
    [REASON_HTML] = REASON(html),
    [REASON_NOT_JSON] = REASON(not_json),
    [REASON_TRUNCATED] = REASON(truncated),
    [REASON_TOO_LARGE] = REASON(too_large),
    [REASON_NOT_A_MINER] = REASON(not_a_miner),
    [REASON_OTHER_DEVICE] = REASON(other_device),

    [REASON_WARMING_UP] = REASON(warming_up),
    [REASON_PAUSED_BY_USER] = REASON(paused_by_user),
    [REASON_SHUT_DOWN] = REASON(shut_down),
    [REASON_POOLS_UNREACHABLE] = REASON(pools_unreachable),
    [REASON_ZERO_HASHRATE] = REASON(zero_hashrate),
    [REASON_FROZEN] = REASON(frozen),
    [REASON_OVERHEAT_MODE] = REASON(overheat_mode),
    [REASON_OVERHEAT_SLOW] = REASON(overheat_slow),
    [REASON_POWER_FAULT] = REASON(power_fault),
    [REASON_HARDWARE_FAULT] = REASON(hardware_fault),
    [REASON_SELF_TEST] = REASON(self_test),
    [REASON_SETUP_MODE] = REASON(setup_mode),
};

const char *state_name(enum miner_state state) {
  assert(state >= 0 && state < STATE_COUNT);
  return states[state].name;
}

const char *state_title(enum miner_state state) {
  assert(state >= 0 && state < STATE_COUNT);
  return states[state].title;
}

const struct reason_facts *reason_facts(enum reason reason) {
  assert(reason >= 0 && reason < REASON_COUNT);
  return &reasons[reason];
}

bool reason_is_failed_poll(enum reason reason) {
  return reason >= REASON_HOST_GONE && reason <= REASON_OTHER_DEVICE;
}

bool reason_is_host_gone(enum reason reason) {
  return reason == REASON_HOST_GONE || reason == REASON_NAME_UNKNOWN;
}
