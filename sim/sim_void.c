#include "sim/sim_void.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum {
  FILLERS = 8, /* one is enough on Linux */
  ANSWER_MS = 100,
};

struct sim_void {
  struct sockaddr_in address;
  int listener;         /* -1: not open */
  int fillers[FILLERS]; /* our own connections, which fill its queue */
  int filler_count;
};

static bool listen_there(struct sim_void *space) {
  const int yes = 1; /* connections of the server before may still be closing */
  space->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return space->listener >= 0 &&
         setsockopt(space->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
         bind(space->listener, (const struct sockaddr *)&space->address, sizeof space->address) ==
             0 &&
         listen(space->listener, 0) == 0;
}

/* One more connection; false when it could not even be begun. */
static bool knock(struct sim_void *space, bool *answered) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return false;
  space->fillers[space->filler_count++] = fd;
  *answered = connect(fd, (const struct sockaddr *)&space->address, sizeof space->address) == 0;
  if (*answered || errno != EINPROGRESS)
    return *answered;
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  *answered = poll(&wait, 1, ANSWER_MS) > 0;
  return true;
}

bool sim_void_open(struct sim_void **out, uint16_t port, struct err *err) {
  struct sim_void *space = mem_alloc(sizeof *space);
  bool answered = true;
  space->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
  space->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool good = listen_there(space);
  while (good && answered && space->filler_count < FILLERS)
    good = knock(space, &answered);
  if (!good)
    err_set(err, ERR_IO, "the port %u cannot be silenced: %s", (unsigned)port, strerror(errno));
  else if (answered)
    err_set(err, ERR_IO, "this system answers connections that nobody takes");
  if (!good || answered) {
    sim_void_close(space);
    return false;
  }
  *out = space;
  return true;
}

void sim_void_close(struct sim_void *space) {
  if (space == NULL)
    return;
  for (int i = 0; i < space->filler_count; i++)
    close(space->fillers[i]);
  if (space->listener >= 0)
    close(space->listener);
  free(space);
}
