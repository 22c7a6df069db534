/* Questions to the monitor that runs here, asked by a command. */
#ifndef APP_ASK_H
#define APP_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "app/config.h"
#include "base/buf.h"
#include "net/http_client.h"

/* Reads the configuration of the command line, sends the request to the monitor that
 * it names, and waits for the answer, some seconds at most. `method` NULL is GET;
 * `path` begins with a slash. `heard` (with the address that was asked) says what an answer, or
 * none, means and returns whether all is well. Returns the program's exit code: 0 when it did, else
 * 1; a wrong configuration is told on standard error. */
int ask_monitor(int argc, char **argv, const char *method, const char *path,
                bool (*heard)(const struct http_answer *answer, const char *url));

/* For several questions: ask_open -> ask_send ... -> ask_close. */
struct ask {
  struct config config;
  char page[160]; /* the address of the monitor */
};

/* False: told on standard error. ask_close is due all the same. */
bool ask_open(struct ask *ask, int argc, char **argv);
void ask_close(struct ask *ask);

/* Sends and waits. The body is left in `body` (an empty buffer before, with a NUL behind). Returns
 * the HTTP status; 0 when there was no answer, which is told on standard error. */
int ask_send(const struct ask *ask, const char *method, const char *path, struct buf *body);

#endif
