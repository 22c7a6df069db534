#include "peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void hear_request(int fd, struct peer *peer, bool *gone) {
  char byte;
  size_t start = peer->heard.length;
  while ((*gone = recv(fd, &byte, 1, 0) <= 0) == false) {
    buf_append_char(&peer->heard, byte);
    char *head = peer->heard.data + start;
    char *end = strstr(head, "\r\n\r\n");
    char *length = strstr(head, "Content-Length: ");
    size_t body = length == NULL ? 0 : (size_t)atoi(length + 16);
    if (end != NULL && strlen(end + 4) >= body)
      return;
  }
}

static void serve(int fd, struct peer *peer) {
  bool gone = false;
  do {
    if (peer->then != SPEAK_FIRST)
      hear_request(fd, peer, &gone);
    if (gone)
      break;
    peer->requests++;
    do {
      gone = send(fd, peer->answer, strlen(peer->answer), MSG_NOSIGNAL) < 0;
    } while (peer->then == REPEAT && !gone);
  } while (peer->then == SERVE_ON);
  if (peer->then == HOLD || peer->then == SPEAK_FIRST) {
    peer->held[peer->connections - 1] = fd;
    return;
  }
  if (peer->then == RESET)
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
  close(fd);
}

static void *run_peer(void *arg) {
  struct peer *peer = arg;
  int fd;
  while (peer->connections < 16 && (fd = accept(peer->fd, NULL, NULL)) >= 0) {
    peer->connections++;
    serve(fd, peer);
  }
  return NULL;
}

uint16_t peer_listen(int *fd, int backlog) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof name;
  *fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(*fd, (struct sockaddr *)&name, size), 0);
  assert_int_equal(getsockname(*fd, (struct sockaddr *)&name, &size), 0);
  if (backlog >= 0)
    assert_int_equal(listen(*fd, backlog), 0);
  return ntohs(name.sin_port);
}

void peer_start(struct peer *peer, const char *answer, enum then then) {
  *peer = (struct peer){.answer = answer, .then = then};
  peer->port = peer_listen(&peer->fd, 16);
  assert_int_equal(pthread_create(&peer->thread, NULL, run_peer, peer), 0);
}

void peer_join(struct peer *peer) {
  shutdown(peer->fd, SHUT_RDWR);
  pthread_join(peer->thread, NULL);
  close(peer->fd);
  for (int i = 0; i < 16; i++)
    if (peer->held[i] > 0)
      close(peer->held[i]);
}

void peer_stop(struct peer *peer) {
  peer_join(peer);
  buf_finish(&peer->heard);
}
