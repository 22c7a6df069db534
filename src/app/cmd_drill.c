/* `bitaxe-monitor drill`: asks the monitor that runs here for a fire drill. */
#include <stdio.h>

#include "app/ask.h"
#include "app/command.h"

enum { CONFLICT = 409, ACCEPTED = 202 };

static bool heard(const struct http_answer *answer, const char *url) {
  bool begun = answer->outcome == HTTP_ANSWERED && answer->status == ACCEPTED;
  if (answer->outcome != HTTP_ANSWERED)
    fprintf(stderr, "%s does not answer: %s. Is the monitor running?\n", url, answer->error);
  else if (answer->status == CONFLICT)
    fprintf(stderr, "a drill is running already: wait some seconds\n");
  else if (!begun)
    fprintf(stderr, "%s answers with HTTP status %d: is this another program?\n", url,
            answer->status);
  else
    puts("The drill has begun: a practice miner overheats now and recovers in some seconds.\n"
         "Two messages that begin with \"Drill:\" must arrive on each of your channels.");
  return begun;
}

static int run(int argc, char **argv) {
  return ask_monitor(argc, argv, "POST", "/api/v1/drill", heard);
}

const struct command cmd_drill = {"drill",
                                  "let a practice miner overheat, to see the messages arrive", run};
