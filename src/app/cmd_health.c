/* `bitaxe-monitor health`: asks the monitor that runs here whether it answers.
 * For health checks of containers and services, which then need no curl. */
#include <stdio.h>

#include "app/ask.h"
#include "app/command.h"

/* A monitor that says "degraded" still answers: it tells what is wrong, and
 * starting it anew would put nothing right. */
static bool heard(const struct http_answer *answer, const char *url) {
  bool answers = answer->outcome == HTTP_ANSWERED && answer->status == 200;
  if (answers)
    puts(answer->body);
  else if (answer->outcome == HTTP_ANSWERED)
    fprintf(stderr, "%s answers with HTTP status %d: is this another program?\n", url,
            answer->status);
  else
    fprintf(stderr, "%s does not answer: %s\n", url, answer->error);
  return answers;
}

static int run(int argc, char **argv) {
  return ask_monitor(argc, argv, NULL, "/api/v1/health", heard);
}

const struct command cmd_health = {"health", "ask the running monitor whether it answers", run};
