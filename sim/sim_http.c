#include "sim/sim_http.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

enum { HEADER_MAX = 8192, BODY_MAX = 10240, DRIP_MS = 500, SPARE_MAX = 256 };

/* One connection. It is closed through its handles and freed, or kept as a
 * spare, when the last of them is gone. */
struct conn {
  uv_tcp_t tcp;
  uv_timer_t timer; /* for dripping; in use while has_timer */
  uv_write_t write;
  struct sim_http *server;
  struct conn *next, *prev;
  struct buf in;
  struct buf out; /* what the socket has not taken yet */
  size_t out_at;  /* bytes of `out` already dripped */
  uint32_t local_ip;
  bool has_timer;
  bool busy;   /* an answer is on its way or will never come: read on, answer later */
  bool last;   /* close after the answer */
  int handles; /* open ones */
};

struct sim_http {
  uv_tcp_t tcp;
  struct sim_http_options options;
  struct conn *conns;  /* open */
  struct conn *spares; /* closed, to be used again */
  int spare_count;
  int closing_conns;
  bool closed;      /* sim_http_close was called */
  bool tcp_is_open; /* the listener's close callback has not run */
};

/* --- life of a connection --- */

static void free_server_if_last(struct sim_http *server) {
  if (!server->closed || server->tcp_is_open || server->conns != NULL || server->closing_conns > 0)
    return;
  while (server->spares != NULL) {
    struct conn *spare = server->spares;
    server->spares = spare->next;
    buf_finish(&spare->in);
    buf_finish(&spare->out);
    free(spare);
  }
  free(server);
}

static void on_handle_closed(uv_handle_t *handle) {
  struct conn *conn = handle->data;
  struct sim_http *server = conn->server;
  if (--conn->handles > 0)
    return;
  server->closing_conns--;
  if (server->spare_count < SPARE_MAX && conn->in.capacity + conn->out.capacity < 65536) {
    conn->next = server->spares;
    server->spares = conn;
    server->spare_count++;
  } else {
    buf_finish(&conn->in);
    buf_finish(&conn->out);
    free(conn);
  }
  free_server_if_last(server);
}

static void close_conn(struct conn *conn, bool reset) {
  struct sim_http *server = conn->server;
  if (uv_is_closing((uv_handle_t *)&conn->tcp))
    return;
  if (conn->prev != NULL)
    conn->prev->next = conn->next;
  else
    server->conns = conn->next;
  if (conn->next != NULL)
    conn->next->prev = conn->prev;
  server->closing_conns++;
  if (conn->has_timer)
    uv_close((uv_handle_t *)&conn->timer, on_handle_closed);
  if (!reset || uv_tcp_close_reset(&conn->tcp, on_handle_closed) != 0)
    uv_close((uv_handle_t *)&conn->tcp, on_handle_closed);
}

static struct conn *open_conn(struct sim_http *server) {
  struct conn *conn = server->spares;
  if (conn != NULL) {
    struct buf in = conn->in;
    struct buf out = conn->out;
    server->spares = conn->next;
    server->spare_count--;
    memset(conn, 0, sizeof *conn);
    conn->in = in;
    conn->out = out;
    buf_clear(&conn->in);
    buf_clear(&conn->out);
  } else {
    conn = mem_alloc(sizeof *conn);
  }
  conn->server = server;
  conn->handles = 1;
  conn->next = server->conns;
  if (conn->next != NULL)
    conn->next->prev = conn;
  server->conns = conn;
  uv_tcp_init(server->tcp.loop, &conn->tcp);
  conn->tcp.data = conn;
  return conn;
}

/* --- answers --- */

static void serve(struct conn *conn);

static void on_written(uv_write_t *request, int status) {
  struct conn *conn = request->data;
  if (status == UV_ECANCELED || uv_is_closing((uv_handle_t *)&conn->tcp))
    return;
  buf_clear(&conn->out);
  conn->busy = false;
  if (status != 0 || conn->last)
    close_conn(conn, false);
  else
    serve(conn);
}

/* Sends; what the socket does not take at once is copied and sent later. */
static void send_bytes(struct conn *conn, uv_buf_t parts[2]) {
  int taken = uv_try_write((uv_stream_t *)&conn->tcp, parts, 2);
  if (taken < 0 && taken != UV_EAGAIN) {
    close_conn(conn, false);
    return;
  }
  size_t skip = taken > 0 ? (size_t)taken : 0;
  if (skip == parts[0].len + parts[1].len) {
    if (conn->last)
      close_conn(conn, false);
    return;
  }
  for (int i = 0; i < 2; i++) {
    size_t done = skip < parts[i].len ? skip : parts[i].len;
    buf_append(&conn->out, parts[i].base + done, parts[i].len - done);
    skip -= done;
  }
  conn->busy = true;
  conn->write.data = conn;
  uv_buf_t rest = uv_buf_init(conn->out.data, (unsigned)conn->out.length);
  if (uv_write(&conn->write, (uv_stream_t *)&conn->tcp, &rest, 1, on_written) != 0)
    close_conn(conn, false);
}

static void on_drip(uv_timer_t *timer) {
  struct conn *conn = timer->data;
  uv_buf_t byte = uv_buf_init(conn->out.data + conn->out_at, 1);
  int taken = uv_try_write((uv_stream_t *)&conn->tcp, &byte, 1);
  if (taken == 1)
    conn->out_at++;
  if ((taken < 0 && taken != UV_EAGAIN) || conn->out_at == conn->out.length)
    close_conn(conn, false);
}

static void drip(struct conn *conn, const uv_buf_t parts[2]) {
  for (int i = 0; i < 2; i++)
    buf_append(&conn->out, parts[i].base, parts[i].len);
  conn->busy = true;
  conn->has_timer = true;
  conn->handles++;
  uv_timer_init(conn->tcp.loop, &conn->timer);
  conn->timer.data = conn;
  uv_timer_start(&conn->timer, on_drip, 0, DRIP_MS);
}

static const char *status_text(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 302:
    return "Found";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 409:
    return "Conflict";
  case 413:
    return "Content Too Large";
  default:
    return "Internal Server Error";
  }
}

static size_t write_header(const struct conn *conn, const struct sim_http_reply *reply, char *text,
                           size_t size) {
  int length =
      snprintf(text, size,
               "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
               "Access-Control-Allow-Origin: *\r\n%s%s%s\r\n",
               reply->status, status_text(reply->status), reply->content_type, reply->body_length,
               conn->last ? "Connection: close\r\n" : "",
               reply->header != NULL ? reply->header : "", reply->header != NULL ? "\r\n" : "");
  assert(length > 0 && (size_t)length < size);
  return (size_t)length;
}

static void send_reply(struct conn *conn, const struct sim_http_reply *reply) {
  char header[512];
  size_t length = write_header(conn, reply, header, sizeof header);
  uv_buf_t parts[2] = {uv_buf_init(header, (unsigned)length),
                       uv_buf_init((char *)reply->body, (unsigned)reply->body_length)};
  switch (reply->conduct) {
  case SIM_HTTP_ANSWER:
    send_bytes(conn, parts);
    break;
  case SIM_HTTP_SILENT:
    conn->busy = true;
    break;
  case SIM_HTTP_RESET:
    close_conn(conn, true);
    break;
  case SIM_HTTP_RESET_HALF:
    parts[1].len /= 2;
    uv_try_write((uv_stream_t *)&conn->tcp, parts, 2);
    close_conn(conn, true);
    break;
  case SIM_HTTP_TRUNCATE:
    parts[1].len /= 2;
    conn->last = true;
    send_bytes(conn, parts);
    break;
  case SIM_HTTP_DRIP:
    drip(conn, parts);
    break;
  case SIM_HTTP_RAW:
    parts[0].len = 0;
    conn->last = true;
    send_bytes(conn, parts);
    break;
  }
}

static void refuse(struct conn *conn, int status) {
  struct sim_http_reply reply = {.status = status, .content_type = "text/plain", .body = ""};
  conn->last = true;
  send_reply(conn, &reply);
}

/* --- requests --- */

/* The value of a header line, NULL when there is none. `head` ends with NUL. */
static const char *find_header(const char *head, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
    line += 2;
    if (strncasecmp(line, name, length) == 0 && line[length] == ':')
      return line + length + 1 + strspn(line + length + 1, " \t");
  }
  return NULL;
}

/* Cuts "GET /path?query HTTP/1.1" into its parts, in place. */
static bool cut_request_line(char *line, struct sim_http_request *request, bool *old) {
  char *path = strchr(line, ' ');
  char *version = path != NULL ? strchr(path + 1, ' ') : NULL;
  if (version == NULL || strncmp(version + 1, "HTTP/1.", 7) != 0)
    return false;
  *old = version[8] == '0';
  *path++ = '\0';
  *version = '\0';
  char *query = strchr(path, '?');
  if (query != NULL)
    *query++ = '\0';
  request->method = line;
  request->path = path;
  request->query = query != NULL ? query : "";
  return true;
}

/* Handles the request at the start of `in`, of which `head` bytes are header.
 * Gives the bytes it took, 0 when more must come or the connection is closing. */
static size_t handle(struct conn *conn, size_t head) {
  char *text = conn->in.data;
  struct sim_http_request request = {.local_ip = conn->local_ip};
  struct sim_http_reply reply = {.status = 200, .content_type = "application/json", .body = ""};
  text[head - 2] = '\0'; /* the header's last, empty line */
  const char *length_text = find_header(text, "Content-Length");
  long length = length_text != NULL ? strtol(length_text, NULL, 10) : 0;
  const char *connection = find_header(text, "Connection");
  bool old;
  if (length < 0 || length > BODY_MAX) {
    refuse(conn, 413);
    return 0;
  }
  if (conn->in.length < head + (size_t)length) {
    text[head - 2] = '\r';
    return 0;
  }
  char *line_end = strstr(text, "\r\n");
  *(line_end != NULL ? line_end : text) = '\0';
  if (!cut_request_line(text, &request, &old)) {
    refuse(conn, 400);
    return 0;
  }
  char after = text[head + (size_t)length]; /* the next request, or the closing NUL */
  text[head + (size_t)length] = '\0';
  request.body = text + head;
  request.body_length = (size_t)length;
  conn->last = old || (connection != NULL && strncasecmp(connection, "close", 5) == 0);
  conn->server->options.handler(&request, &reply, conn->server->options.arg);
  text[head + (size_t)length] = after;
  send_reply(conn, &reply);
  return head + (size_t)length;
}

/* Answers what is complete in `in`. */
static void serve(struct conn *conn) {
  while (!conn->busy && conn->in.length > 0 && !uv_is_closing((uv_handle_t *)&conn->tcp)) {
    char *end = memmem(conn->in.data, conn->in.length, "\r\n\r\n", 4);
    size_t taken = 0;
    if (end != NULL)
      taken = handle(conn, (size_t)(end - conn->in.data) + 4);
    else if (conn->in.length > HEADER_MAX)
      refuse(conn, 413);
    if (taken == 0)
      return;
    memmove(conn->in.data, conn->in.data + taken, conn->in.length - taken + 1);
    conn->in.length -= taken;
  }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out) {
  struct conn *conn = handle->data;
  (void)suggested;
  buf_reserve(&conn->in, 1024);
  *out = uv_buf_init(conn->in.data + conn->in.length,
                     (unsigned)(conn->in.capacity - conn->in.length - 1));
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *bytes) {
  struct conn *conn = stream->data;
  (void)bytes;
  if (length < 0) {
    close_conn(conn, false);
    return;
  }
  conn->in.length += (size_t)length;
  if (conn->in.capacity > 0)
    conn->in.data[conn->in.length] = '\0';
  if (conn->in.length > HEADER_MAX + BODY_MAX + 4096)
    close_conn(conn, true); /* it keeps talking without waiting for answers */
  else
    serve(conn);
}

/* --- listening --- */

static uint32_t find_local_ip(const uv_tcp_t *tcp) {
  struct sockaddr_in address;
  int size = sizeof address;
  if (uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &size) != 0)
    return 0;
  return ntohl(address.sin_addr.s_addr);
}

static void on_connection(uv_stream_t *stream, int status) {
  struct sim_http *server = stream->data;
  if (status != 0)
    return;
  struct conn *conn = open_conn(server);
  if (uv_accept(stream, (uv_stream_t *)&conn->tcp) != 0) {
    close_conn(conn, false);
    return;
  }
  conn->local_ip = find_local_ip(&conn->tcp);
  const struct sim_http_options *options = &server->options;
  if (options->admit != NULL && !options->admit(conn->local_ip, options->arg))
    close_conn(conn, true);
  else if (uv_read_start((uv_stream_t *)&conn->tcp, on_alloc, on_read) != 0)
    close_conn(conn, false);
}

static void on_listener_closed(uv_handle_t *handle) {
  struct sim_http *server = handle->data;
  server->tcp_is_open = false;
  free_server_if_last(server);
}

bool sim_http_listen(struct sim_http **out, uv_loop_t *loop, const struct sim_http_options *options,
                     struct err *err) {
  struct sim_http *server = mem_alloc(sizeof *server);
  struct sockaddr_in address;
  int backlog = options->backlog > 0 ? options->backlog : 128;
  server->options = *options;
  uv_tcp_init(loop, &server->tcp);
  server->tcp.data = server;
  server->tcp_is_open = true;
  int status = uv_ip4_addr(options->host, options->port, &address);
  if (status == 0)
    status = uv_tcp_bind(&server->tcp, (const struct sockaddr *)&address, 0);
  if (status == 0)
    status = uv_listen((uv_stream_t *)&server->tcp, backlog, on_connection);
  if (status != 0) {
    sim_http_close(server);
    return err_set(err, ERR_IO, "cannot listen on %s:%u: %s", options->host,
                   (unsigned)options->port, uv_strerror(status));
  }
  *out = server;
  return true;
}

uint16_t sim_http_port(const struct sim_http *server) {
  struct sockaddr_in address;
  int size = sizeof address;
  if (uv_tcp_getsockname(&server->tcp, (struct sockaddr *)&address, &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

void sim_http_close(struct sim_http *server) {
  if (server == NULL || server->closed)
    return;
  server->closed = true;
  while (server->conns != NULL)
    close_conn(server->conns, true);
  uv_close((uv_handle_t *)&server->tcp, on_listener_closed);
}
