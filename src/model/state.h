/* What a miner is doing, and why. Both are small numbers that are stored with
 * every sample; texts for people are looked up here and nowhere else. */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include <stdbool.h>

/* Stored in databases: append, never reorder. */
enum miner_state {
  STATE_UNKNOWN,      /* never seen yet, or this one poll failed */
  STATE_HASHING,      /* works */
  STATE_STARTING,     /* up for less than its warm-up time */
  STATE_PAUSED,       /* on purpose */
  STATE_NOT_HASHING,  /* answers, but does no work: pools, chip, ... */
  STATE_OVERHEATED,   /* firmware's overheat mode */
  STATE_FAULT,        /* power or hardware fault reported, or self-test */
  STATE_UNRESPONSIVE, /* the host is there, its web server does not answer usably */
  STATE_OFFLINE,      /* the host is gone */
  STATE_COUNT
};

/* Why a poll failed or why a miner does not hash. Stored: append only. */
enum reason {
  REASON_NONE,
  /* the host is gone */
  REASON_HOST_GONE,    /* no route, no answer to connect */
  REASON_NAME_UNKNOWN, /* its host name has no address */
  /* the host is there, its web server is not usable */
  REASON_REFUSED,      /* connection refused: nobody listens */
  REASON_NO_ANSWER,    /* accepted the connection and never answered in time */
  REASON_RESET,        /* dropped the connection in the middle */
  REASON_UNAUTHORIZED, /* 401: AxeOS answers private networks only */
  REASON_REDIRECTED,   /* 3xx: we never follow */
  REASON_HTTP_ERROR,   /* another HTTP status */
  REASON_HTML,         /* a web page instead of data */
  REASON_NOT_JSON,     /* bytes that are no JSON */
  REASON_TRUNCATED,    /* the answer ended too early */
  REASON_TOO_LARGE,    /* more than 256 KiB */
  REASON_NOT_A_MINER,  /* JSON, but no miner's */
  REASON_OTHER_DEVICE, /* another MAC at this address */
  /* it answers but does not hash as it should */
  REASON_WARMING_UP,
  REASON_PAUSED_BY_USER,
  REASON_SHUT_DOWN,         /* NerdOS: output off until restart */
  REASON_POOLS_UNREACHABLE, /* hashrate 0, temperature not available, not paused */
  REASON_ZERO_HASHRATE,     /* hashrate 0 for an unknown cause */
  REASON_FROZEN,            /* a hashrate is shown, but no shares and no power or heat */
  REASON_OVERHEAT_MODE,
  REASON_OVERHEAT_SLOW, /* still at the lowered settings after an overheat */
  REASON_POWER_FAULT,
  REASON_HARDWARE_FAULT,
  REASON_SELF_TEST,
  REASON_SETUP_MODE, /* its own Wi-Fi (access point) is open */
  REASON_COUNT
};

struct reason_facts {
  const char *name;    /* "no_answer" */
  const char *text;    /* "its web server accepted the connection but did not answer" */
  const char *meaning; /* one plain sentence */
  const char *advice;  /* one plain sentence: what to do next */
};

const char *state_name(enum miner_state state);  /* "not_hashing" */
const char *state_title(enum miner_state state); /* "Not hashing" */

const struct reason_facts *reason_facts(enum reason reason);

/* True for reasons of a failed poll. `gone` says that the host itself does not answer. */
bool reason_is_failed_poll(enum reason reason);
bool reason_is_host_gone(enum reason reason);

#endif
