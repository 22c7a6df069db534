/* One question to the monitor that runs here, asked by a command. */
#ifndef APP_ASK_H
#define APP_ASK_H

#include <stdbool.h>

#include "net/http_client.h"

/* Reads the configuration of the command line, sends the request to the monitor that
 * it names, and waits for the answer, some seconds at most. `method` NULL is GET;
 * `path` begins with a slash. `heard` (with the address that was asked) says what an answer, or
 * none, means and returns whether all is well. Returns the program's exit code: 0 when it did, else
 * 1; a wrong configuration is told on standard error. */
int ask_monitor(int argc, char **argv, const char *method, const char *path,
                bool (*heard)(const struct http_answer *answer, const char *url));

#endif
