/* `bitaxe-monitor letter`: asks the monitor that runs here for the letter that comes each day or
 * week, now, and shows what went to whom. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/command.h"
#include "base/json.h"
#include "base/str.h"

enum { OK = 200, ACCEPTED = 202 };

struct wanted {
  const char *channel; /* name or number; NULL: all that are switched on */
  bool print;          /* show it, send nothing */
};

/* Takes our flags out of argv; what is left is for the configuration. */
static bool take_flags(struct wanted *wanted, int *argc, char **argv) {
  int left = 0;
  for (int i = 0; i < *argc; i++) {
    if (str_equal(argv[i], "--print"))
      wanted->print = true;
    else if (str_starts_with(argv[i], "--channel="))
      wanted->channel = argv[i] + strlen("--channel=");
    else if (!str_equal(argv[i], "--channel"))
      argv[left++] = argv[i];
    else if (i + 1 < *argc)
      wanted->channel = argv[++i];
    else
      return false;
  }
  *argc = left;
  return true;
}

static const char *text_of(const struct json *value, const char *key) {
  const char *text = "";
  json_text(json_get(value, key), &text);
  return text;
}

static bool is_wanted(const struct wanted *wanted, const struct json *channel, int64_t id) {
  char number[24];
  bool enabled = false;
  snprintf(number, sizeof number, "%" PRId64, id);
  if (wanted->channel != NULL)
    return str_equal(wanted->channel, number) ||
           str_equal_ignore_case(wanted->channel, text_of(channel, "name"));
  return wanted->print || (json_bool(json_get(channel, "enabled"), &enabled) && enabled);
}

/* Prints what came of one channel. */
static bool ask_for_one(const struct ask *ask, const struct wanted *wanted,
                        const struct json *channel, int64_t id) {
  char path[80];
  struct buf body;
  struct err err;
  buf_init(&body);
  snprintf(path, sizeof path, "/api/v1/channels/%" PRId64 "/letter", id);
  int status = ask_send(ask, wanted->print ? "GET" : "POST", path, &body);
  struct json *answer = json_parse(body.data, body.length, NULL, &err);
  bool ok = status == (wanted->print ? OK : ACCEPTED);
  if (ok)
    printf("%s %s (%s):\n\n%s\n\n", wanted->print ? "Not sent; it would go to" : "Sent to",
           text_of(channel, "name"), text_of(channel, "kind"), text_of(answer, "text"));
  else if (status != 0)
    fprintf(stderr, "%s: no letter was written: %s\n", text_of(channel, "name"),
            answer == NULL ? "is this another program?" : text_of(answer, "detail"));
  json_free(answer);
  buf_finish(&body);
  return ok;
}

static bool ask_for_all(const struct ask *ask, const struct wanted *wanted,
                        const struct json *channels) {
  size_t asked = 0, well = 0;
  for (const struct json *channel = json_first(json_get(channels, "items")); channel != NULL;
       channel = json_next(channel)) {
    int64_t id;
    if (!json_i64(json_get(channel, "id"), 0, INT64_MAX, &id) || !is_wanted(wanted, channel, id))
      continue;
    asked++;
    well += ask_for_one(ask, wanted, channel, id);
  }
  if (asked == 0 && wanted->channel != NULL)
    fprintf(stderr, "there is no channel '%s': its name or number is needed\n", wanted->channel);
  else if (asked == 0)
    fputs("there is no channel to write to: add one in the settings of the dashboard\n", stderr);
  return asked > 0 && well == asked;
}

static bool ask_monitor_for_letters(const struct ask *ask, const struct wanted *wanted) {
  struct buf body;
  struct err err;
  bool ok = false;
  buf_init(&body);
  int status = ask_send(ask, "GET", "/api/v1/channels", &body);
  struct json *channels = status == OK ? json_parse(body.data, body.length, NULL, &err) : NULL;
  if (channels != NULL)
    ok = ask_for_all(ask, wanted, channels);
  else if (status != 0)
    fprintf(stderr, "%s answers with HTTP status %d: is this another program?\n", ask->page,
            status);
  json_free(channels);
  buf_finish(&body);
  return ok;
}

static int run(int argc, char **argv) {
  struct wanted wanted = {.channel = NULL};
  struct ask ask;
  if (!take_flags(&wanted, &argc, argv)) {
    fputs("bitaxe-monitor: --channel needs the name or number of a channel after it\n", stderr);
    return 2;
  }
  bool ok = ask_open(&ask, argc, argv) && ask_monitor_for_letters(&ask, &wanted);
  ask_close(&ask);
  return ok ? 0 : 1;
}

const struct command cmd_letter = {
    "letter", "send the letter now: --channel NAME for one, --print only to read it", run};
