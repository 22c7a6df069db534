#include "bot/bot_recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

static size_t list(void *arg, struct bot_episode *episodes, size_t most) {
  const struct recorder *recorder = arg;
  for (size_t i = 0; i < recorder->open_count && i < most; i++)
    episodes[i] = recorder->open[i];
  return recorder->open_count;
}

static bool try(const struct recorder *recorder, struct err *err) {
  return recorder->refuse == NULL || err_set(err, ERR_UNAVAILABLE, "%s", recorder->refuse);
}

static bool acknowledge(void *arg, int64_t episode, const char *by, struct err *err) {
  struct recorder *recorder = arg;
  if (!try(recorder, err))
    return false;
  buf_printf(&recorder->done, "ack %" PRId64 " by %s\n", episode, by);
  return true;
}

static bool mute(void *arg, const struct bot_mute *mute, const char *by, struct err *err) {
  struct recorder *recorder = arg;
  if (!try(recorder, err))
    return false;
  buf_printf(&recorder->done, "mute %" PRId64 " rule %d %" PRId64 " min by %s\n", mute->miner_id,
             mute->rule, (mute->until_ms - NOW_MS) / 60000, by);
  return true;
}

static size_t unmute(void *arg, int64_t miner_id) {
  struct recorder *recorder = arg;
  buf_printf(&recorder->done, "unmute %" PRId64 "\n", miner_id);
  return recorder->lifted;
}

static void chart(void *arg, int64_t miner_id, int64_t span_ms) {
  struct recorder *recorder = arg;
  buf_printf(&recorder->done, "chart %" PRId64 " %" PRId64 " h\n", miner_id, span_ms / 3600000);
}

static void restart(void *arg, int64_t miner_id) {
  struct recorder *recorder = arg;
  buf_printf(&recorder->done, "restart %" PRId64 "\n", miner_id);
}

static const struct bot_hands hands = {.list = list,
                                       .acknowledge = acknowledge,
                                       .mute = mute,
                                       .unmute = unmute,
                                       .chart = chart,
                                       .restart = restart};

struct recorder *recorder_create(void) {
  struct recorder *recorder = mem_alloc(sizeof *recorder);
  recorder->fleet = fleet_create();
  alert_config_init(&recorder->alerts);
  buf_init(&recorder->done);
  buf_append_text(&recorder->done, "");
  recorder->view = (struct bot_view){.fleet = recorder->fleet,
                                     .alerts = &recorder->alerts,
                                     .now_wall_ms = NOW_MS,
                                     .poll_interval_ms = 10000,
                                     .role = CHANNEL_OWNER,
                                     .by = "Anna",
                                     .hands = &hands,
                                     .hands_arg = recorder};
  return recorder;
}

void recorder_destroy(struct recorder *recorder) {
  fleet_destroy(recorder->fleet);
  buf_finish(&recorder->done);
  free(recorder);
}

struct fleet_miner *recorder_add_miner(struct recorder *recorder, const char *name) {
  struct miner miner = {.id = (int64_t)fleet_count(recorder->fleet) + 1};
  str_copy(miner.name, sizeof miner.name, name);
  snprintf(miner.address, sizeof miner.address, "http://192.168.1.%d", (int)miner.id);
  struct fleet_miner *added = fleet_add(recorder->fleet, &miner);
  added->memory.state = STATE_HASHING;
  added->memory.seen_ms = NOW_MS - 2000;
  added->seen_mono_ms = 1;
  sample_init(&added->last, NOW_MS - 2000);
  added->last.state = STATE_HASHING;
  added->last.values[METRIC_HASHRATE_GHS] = 1071;
  added->last.values[METRIC_POWER_W] = 18;
  return added;
}

void recorder_add_episode(struct recorder *recorder, int64_t id, int64_t miner_id) {
  recorder->open[recorder->open_count++] = (struct bot_episode){
      .id = id, .miner_id = miner_id, .rule = ALERT_CHIP_TEMP, .since_ms = NOW_MS - 600000};
}
