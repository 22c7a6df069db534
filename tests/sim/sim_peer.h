/* The other end of a connection for the simulator's tests: a plain socket in
 * the same thread, turning the loop while it waits. */
#ifndef TESTS_SIM_SIM_PEER_H
#define TESTS_SIM_SIM_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"

enum sim_peer_end { SIM_PEER_OPEN, SIM_PEER_CLOSED, SIM_PEER_RESET, SIM_PEER_REFUSED };

struct sim_peer {
  uv_loop_t *loop;
  int fd;
  struct buf in;
  enum sim_peer_end end;
};

static inline struct sim_peer sim_peer_open(uv_loop_t *loop, const char *ip, uint16_t port) {
  struct sim_peer peer = {.loop = loop};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, ip, &address.sin_addr);
  peer.fd = socket(AF_INET, SOCK_STREAM, 0);
  buf_init(&peer.in);
  if (connect(peer.fd, (const struct sockaddr *)&address, sizeof address) != 0)
    peer.end = errno == ECONNREFUSED ? SIM_PEER_REFUSED : SIM_PEER_RESET;
  return peer;
}

static inline void sim_peer_close(struct sim_peer *peer) {
  close(peer->fd);
  buf_finish(&peer->in);
}

static inline void sim_peer_send(struct sim_peer *peer, const char *text) {
  if (peer->end == SIM_PEER_OPEN)
    assert_int_equal(send(peer->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Turns the loop once and takes what has come. */
static inline void sim_peer_turn(struct sim_peer *peer) {
  char bytes[65536];
  uv_run(peer->loop, UV_RUN_NOWAIT);
  if (peer->end != SIM_PEER_OPEN)
    return;
  ssize_t length = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (length > 0)
    buf_append(&peer->in, bytes, (size_t)length);
  else if (length == 0)
    peer->end = SIM_PEER_CLOSED;
  else if (errno != EAGAIN)
    peer->end = SIM_PEER_RESET;
}

/* Waits until `length` bytes are there, or the other side has ended. */
static inline void sim_peer_await(struct sim_peer *peer, size_t length) {
  int64_t deadline_ms = clock_mono_ms() + 20000;
  while (peer->in.length < length && peer->end == SIM_PEER_OPEN) {
    if (clock_mono_ms() > deadline_ms)
      fail_msg("only %zu bytes came: %s", peer->in.length, peer->in.data ? peer->in.data : "");
    sim_peer_turn(peer);
  }
}

static inline void sim_peer_await_end(struct sim_peer *peer) {
  sim_peer_await(peer, SIZE_MAX);
}

/* Runs the loop to its end and closes it. */
static inline void sim_peer_finish_loop(uv_loop_t *loop) {
  uv_run(loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(loop), 0);
}

#endif
