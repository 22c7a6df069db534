#include "engine/courier/channel_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/text.h"

struct trial {
  struct channels *channels;
  const struct notifier *notifier;
  int64_t id;
  channel_trial_done done;
  void *arg;
};

static void finish(struct trial *trial, struct notify_result *result) {
  const struct channel *channel = channels_find(trial->channels, trial->id);
  if (channel != NULL) {
    channels_hide_secrets(trial->channels, channel, result->text, sizeof result->text);
    channels_note(trial->channels, channel, result, clock_wall_ms());
  }
  if (result->verdict == NOTIFY_DELIVERED)
    snprintf(result->text, sizeof result->text,
             "%s took the test message: look whether it is there", trial->notifier->title);
  trial->done(result, trial->arg);
  free(trial);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct trial *trial = arg;
  struct notify_result result;
  trial->notifier->read(answer, &result);
  finish(trial, &result);
}

void channel_trial_send(struct channels *channels, struct http_client *http,
                        const struct channel *channel, channel_trial_done done, void *arg) {
  struct trial *trial = mem_alloc(sizeof *trial);
  struct notify_channel settings = channels_settings(channels, channel);
  struct arena arena;
  struct http_call_options call;
  struct err err;
  int64_t now_ms = clock_wall_ms();
  *trial = (struct trial){.channels = channels,
                          .notifier = channels_notifier(channel),
                          .id = channel->id,
                          .done = done,
                          .arg = arg};
  arena_init(&arena, 0);
  const struct notify_message message = {
      .text = text_get(channel->language, "channel.test"),
      .key = arena_printf(&arena, "t-%" PRId64 "-%" PRId64, now_ms, clock_mono_us()),
      .at_ms = now_ms,
      .now_ms = now_ms,
      .severity = ALERT_INFO,
  };
  if (trial->notifier->request(&settings, &message, &arena, &call, &err)) {
    http_client_send(http, &call, on_answer, trial);
  } else {
    struct notify_result result = {.verdict = NOTIFY_RETRY, .needs_owner = true};
    str_copy(result.text, sizeof result.text, err.text);
    finish(trial, &result);
  }
  arena_finish(&arena);
}
