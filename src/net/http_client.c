/* How it works. libcurl asks through two callbacks for what it wants to wait for:
 * sockets (`want_socket`) and one point in time (`want_timer`). libuv waits, and
 * `on_socket` and `on_timer` hand the event back. Whatever finished meanwhile is
 * collected in `collect_finished`, the only place besides `flush_over` that runs
 * a caller's done callback, so never from inside libcurl.
 *
 *            send            libcurl says done
 *   (pool) --------> RUNNING -----------------> done callback --> (pool)
 *                       | cancel, close                ^
 *                       v              next turn       |
 *                      OVER ---------------------------'
 *
 * Cost: at thousands of calls a second, each to another device over a fresh
 * connection, the price is in what one call allocates and asks of the kernel. So
 * easy handles with their buffers are pooled, a poll handle is kept per
 * descriptor number and used again for the next socket that gets this number,
 * and literal addresses have a look-up cache of their own that holds nothing:
 * libcurl walks its whole cache after each transfer, which at 10,000 addresses
 * costs more than the transfer. */
#include "net/http_client.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/http_outcome.h"
#include "net/mail.h"

enum {
  DEFAULT_CONNECT_TIMEOUT_MS = 3000,
  DEFAULT_TIMEOUT_MS = 8000,
  DEFAULT_MAX_BODY = 256 * 1024,
  MAX_HEADER = 64 * 1024,
  NAME_CACHE_S = 60,
  RECEIVE_BUFFER = 8 * 1024,
  MAX_POOLED_CALLS = 256,
  MAX_POOLED_BODY = 64 * 1024,
};

enum phase { POOLED, RUNNING, OVER };

struct http_call {
  struct http_call *prev, *next; /* in the client's list for its phase */
  enum phase phase;
  struct http_client *client;
  CURL *easy;
  struct curl_slist *headers; /* NULL when the client's shared list is used */
  http_done done;
  void *arg;
  int64_t started_us;
  struct buf body;
  size_t max_body;
  size_t header_bytes;
  bool is_mail;              /* with a handle of its own, which is not pooled */
  struct mail_upload upload; /* of a letter */
  bool home_only;
  bool forbidden;         /* an address was refused */
  bool too_large;         /* the transfer was stopped for its size */
  bool header_whole;      /* the blank line came */
  enum http_outcome over; /* what to report from OVER */
  char detail[CURL_ERROR_SIZE];
};

/* One per descriptor number, made when libcurl first uses that number. */
struct watch {
  uv_poll_t poll;
  struct http_client *client;
};

struct http_client {
  uv_loop_t *loop;
  CURLM *multi;
  CURLSH *no_cache; /* the look-up cache of literal addresses */
  uv_timer_t timer; /* libcurl's wish */
  uv_timer_t soon;  /* to report what is OVER from the loop */
  struct watch **watches;
  size_t watch_count;
  struct curl_slist *close_headers; /* for calls without own headers */
  struct http_call *pooled, *running, *over;
  int pooled_count;
  int in_flight;
  int open_handles;
  bool closing;
  void (*closed)(void *arg);
  void *closed_arg;
};

/* --- lists of calls --- */

static void enter(struct http_call **list, struct http_call *call) {
  call->prev = NULL;
  call->next = *list;
  if (*list != NULL)
    (*list)->prev = call;
  *list = call;
}

static void leave(struct http_call **list, struct http_call *call) {
  if (*list == call)
    *list = call->next;
  else
    call->prev->next = call->next;
  if (call->next != NULL)
    call->next->prev = call->prev;
}

/* --- what libcurl calls during a transfer --- */

static size_t on_header(char *line, size_t size, size_t count, void *arg) {
  struct http_call *call = arg;
  size_t length = size * count;
  call->header_bytes += length;
  if (call->header_bytes > MAX_HEADER) {
    call->too_large = true;
    return 0;
  }
  call->header_whole = length > 0 && (line[0] == '\r' || line[0] == '\n');
  /* What a mail server says comes as headers: its last line before the farewell tells. */
  if (call->is_mail && strncmp(line, "221", length < 3 ? length : 3) != 0) {
    buf_clear(&call->body);
    buf_append(&call->body, line, length);
  }
  return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg) {
  struct http_call *call = arg;
  size_t length = size * count;
  if (length > call->max_body - call->body.length) {
    call->too_large = true;
    return 0;
  }
  buf_append(&call->body, bytes, length);
  return length;
}

/* The last moment at which a name's address is known and nothing was sent yet:
 * a name cannot lead outside, however its answer changes between two look-ups. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *peer) {
  (void)purpose;
  struct http_call *call = arg;
  if (call->home_only && !address_scope_is_home(address_scope_socket(&peer->addr))) {
    call->forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return socket(peer->family, peer->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, peer->protocol);
}

/* --- calls --- */

/* Options that are the same for every call. */
static void set_constant_options(struct http_call *call) {
  CURL *easy = call->easy;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "bitaxe-monitor");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->detail);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
  /* Without it, giving up a look-up waits for the resolver's thread. */
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

static struct http_call *take_call(struct http_client *client, bool is_mail) {
  struct http_call *call = is_mail ? NULL : client->pooled;
  if (call != NULL) {
    leave(&client->pooled, call);
    client->pooled_count--;
    return call;
  }
  call = mem_alloc(sizeof *call);
  call->client = client;
  call->is_mail = is_mail;
  call->easy = curl_easy_init();
  if (call->easy == NULL)
    mem_fatal("libcurl gives no handle: out of memory");
  buf_init(&call->body);
  set_constant_options(call);
  return call;
}

static void destroy_call(struct http_call *call) {
  curl_easy_cleanup(call->easy);
  curl_slist_free_all(call->headers);
  mail_finish(&call->upload);
  buf_finish(&call->body);
  free(call);
}

static void give_back(struct http_call *call) {
  struct http_client *client = call->client;
  curl_slist_free_all(call->headers);
  call->headers = NULL;
  if (call->is_mail || client->pooled_count >= MAX_POOLED_CALLS) {
    destroy_call(call);
    return;
  }
  if (call->body.capacity > MAX_POOLED_BODY)
    buf_finish(&call->body);
  buf_clear(&call->body);
  call->phase = POOLED;
  enter(&client->pooled, call);
  client->pooled_count++;
}

static bool host_is_literal(const char *url) {
  const char *mark = strstr(url, "://");
  const char *host = mark == NULL ? url : mark + 3;
  return host[0] == '[' || strcspn(host, ":/?#") == strspn(host, "0123456789.");
}

static struct curl_slist *append_header(struct curl_slist *list, const char *header) {
  struct curl_slist *longer = curl_slist_append(list, header);
  if (longer == NULL)
    mem_fatal("out of memory");
  return longer;
}

static void set_headers(struct http_call *call, const struct http_call_options *options,
                        bool keep_alive) {
  struct curl_slist *list = NULL;
  if (options->headers != NULL || options->body != NULL || keep_alive) {
    for (size_t i = 0; options->headers != NULL && options->headers[i] != NULL; i++)
      list = append_header(list, options->headers[i]);
    if (options->body != NULL)
      list = append_header(list, "Expect:"); /* no waiting for "100 Continue" */
    if (!keep_alive)
      list = append_header(list, "Connection: close");
    call->headers = list;
  } else {
    list = call->client->close_headers;
  }
  curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, list);
}

static void set_method(struct http_call *call, const struct http_call_options *options) {
  CURL *easy = call->easy;
  const char *method = options->method == NULL ? "GET" : options->method;
  bool head = strcmp(method, "HEAD") == 0;
  curl_easy_setopt(easy, CURLOPT_NOBODY, head ? 1L : 0L);
  if (options->body != NULL) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)options->body_length);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, options->body);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
  } else if (!head) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
  bool plain = head || strcmp(method, options->body != NULL ? "POST" : "GET") == 0;
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, plain ? NULL : method);
}

/* Options that differ from call to call: every one is set each time, because the
 * handle still has those of its last call. */
static bool set_options(struct http_call *call, const struct http_call_options *options) {
  CURL *easy = call->easy;
  /* A kept connection may have been opened by a call that was allowed more. */
  bool keep_alive = options->keep_alive && !options->home_only;
  bool literal = host_is_literal(options->url);
  call->max_body = options->max_body > 0 ? options->max_body : DEFAULT_MAX_BODY;
  call->home_only = options->home_only;
  if (call->is_mail) {
    mail_apply(easy, options->mail, options->body, options->body_length, &call->upload);
  } else {
    set_method(call, options);
    set_headers(call, options, keep_alive);
  }
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, keep_alive ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, keep_alive ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   options->connect_timeout_ms > 0 ? (long)options->connect_timeout_ms
                                                   : (long)DEFAULT_CONNECT_TIMEOUT_MS);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   options->timeout_ms > 0 ? (long)options->timeout_ms : (long)DEFAULT_TIMEOUT_MS);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)call->max_body);
  curl_easy_setopt(easy, CURLOPT_SHARE, literal ? call->client->no_cache : NULL);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, literal ? 0L : (long)NAME_CACHE_S);
  return curl_easy_setopt(easy, CURLOPT_URL, options->url) == CURLE_OK;
}

/* --- the end of a call --- */

/* Tells the caller and takes the call back; it stands in no list any more. `code`
 * is libcurl's word and means nothing for a call that is OVER. */
static void report(struct http_call *call, CURLcode code) {
  struct http_outcome_facts facts = {
      .easy = call->easy,
      .code = code,
      .forbidden = call->forbidden,
      .too_large = call->too_large,
      .header_whole = call->header_whole,
      .detail = call->detail,
  };
  struct http_answer answer = {
      .outcome = call->phase == OVER ? call->over : http_outcome_judge(&facts),
      .body = call->body.data != NULL ? call->body.data : "",
      .body_length = call->body.length,
      .content_type = "",
      .retry_after_s = -1,
      .elapsed_ms = (clock_mono_us() - call->started_us) / 1000,
  };
  if (call->is_mail && call->phase != OVER && (answer.status = mail_status(call->easy, code)) != 0)
    answer.outcome = HTTP_ANSWERED;
  answer.error = http_outcome_words(answer.outcome, &facts);
  if (answer.outcome == HTTP_ANSWERED && !call->is_mail) {
    long status = 0;
    curl_off_t retry_after = 0;
    const char *type = NULL;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after);
    answer.status = (int)status;
    if (type != NULL)
      answer.content_type = type;
    if (retry_after > 0)
      answer.retry_after_s = retry_after;
  }
  call->client->in_flight--;
  call->done(&answer, call->arg);
  give_back(call);
}

static void collect_finished(struct http_client *client) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
    assert(message->msg == CURLMSG_DONE);
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result; /* the message dies with the next line */
    curl_multi_remove_handle(client->multi, easy);
    struct http_call *call = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
    assert(call != NULL);
    leave(&client->running, call);
    report(call, code);
  }
}

/* --- libcurl and the loop --- */

static void on_socket(uv_poll_t *poll, int status, int events) {
  struct watch *watch = poll->data;
  uv_os_fd_t fd;
  if (uv_fileno((const uv_handle_t *)poll, &fd) != 0)
    return;
  int flags = status < 0 ? CURL_CSELECT_ERR : 0;
  if (events & UV_READABLE)
    flags |= CURL_CSELECT_IN;
  if (events & UV_WRITABLE)
    flags |= CURL_CSELECT_OUT;
  int running;
  curl_multi_socket_action(watch->client->multi, fd, flags, &running);
  collect_finished(watch->client);
}

static void on_timer(uv_timer_t *timer) {
  struct http_client *client = timer->data;
  int running;
  curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  collect_finished(client);
}

static int want_timer(CURLM *multi, long timeout_ms, void *arg) {
  (void)multi;
  struct http_client *client = arg;
  if (timeout_ms < 0)
    uv_timer_stop(&client->timer);
  else
    uv_timer_start(&client->timer, on_timer, (uint64_t)timeout_ms, 0);
  return 0;
}

/* The watch of a descriptor number; NULL when libuv cannot watch it. */
static struct watch *watch_of(struct http_client *client, int fd) {
  size_t index = (size_t)fd;
  if (index >= client->watch_count) {
    size_t count = index + 64;
    client->watches = mem_resize(client->watches, count, sizeof(struct watch *));
    memset(client->watches + client->watch_count, 0,
           (count - client->watch_count) * sizeof(struct watch *));
    client->watch_count = count;
  }
  struct watch *watch = client->watches[index];
  if (watch != NULL)
    return watch;
  watch = mem_alloc(sizeof *watch);
  if (uv_poll_init(client->loop, &watch->poll, fd) != 0) {
    free(watch);
    return NULL;
  }
  watch->client = client;
  watch->poll.data = watch;
  client->watches[index] = watch;
  client->open_handles++;
  return watch;
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused) {
  (void)easy;
  (void)unused;
  struct watch *watch = watch_of(arg, fd);
  if (watch == NULL)
    return -1;
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE)
    return uv_poll_stop(&watch->poll);
  int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
  return uv_poll_start(&watch->poll, events, on_socket) == 0 ? 0 : -1;
}

/* --- what ended without libcurl --- */

static void finish_closing(struct http_client *client);

static void flush_over(uv_timer_t *soon) {
  struct http_client *client = soon->data;
  while (client->over != NULL) {
    struct http_call *call = client->over;
    leave(&client->over, call);
    report(call, CURLE_OK);
  }
  if (client->closing)
    finish_closing(client);
}

static void end_early(struct http_call *call, enum http_outcome outcome) {
  call->over = outcome;
  call->phase = OVER;
  enter(&call->client->over, call);
  uv_timer_start(&call->client->soon, flush_over, 0, 0);
}

/* --- the public calls --- */

struct http_client *http_client_create(uv_loop_t *loop) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    mem_fatal("libcurl cannot start");
  struct http_client *client = mem_alloc(sizeof *client);
  client->loop = loop;
  client->multi = curl_multi_init();
  client->no_cache = curl_share_init();
  if (client->multi == NULL || client->no_cache == NULL)
    mem_fatal("libcurl cannot start: out of memory");
  curl_share_setopt(client->no_cache, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
  curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, want_timer);
  curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
  client->close_headers = append_header(NULL, "Connection: close");
  uv_timer_init(loop, &client->timer);
  uv_timer_init(loop, &client->soon);
  client->timer.data = client;
  client->soon.data = client;
  client->open_handles = 2;
  return client;
}

struct http_call *http_client_send(struct http_client *client,
                                   const struct http_call_options *options, http_done done,
                                   void *arg) {
  assert(!client->closing);
  struct http_call *call = take_call(client, options->mail != NULL);
  call->done = done;
  call->arg = arg;
  call->started_us = clock_mono_us();
  call->header_bytes = 0;
  call->forbidden = call->too_large = call->header_whole = false;
  call->detail[0] = '\0';
  client->in_flight++;
  if (set_options(call, options) && curl_multi_add_handle(client->multi, call->easy) == CURLM_OK) {
    call->phase = RUNNING;
    enter(&client->running, call);
  } else {
    end_early(call, HTTP_FAILED);
  }
  return call;
}

void http_call_cancel(struct http_call *call) {
  assert(call->phase != POOLED);
  if (call->phase == OVER)
    return;
  curl_multi_remove_handle(call->client->multi, call->easy);
  leave(&call->client->running, call);
  end_early(call, HTTP_CANCELLED);
}

int http_client_in_flight(const struct http_client *client) {
  return client->in_flight;
}

static void on_handle_closed(uv_handle_t *handle) {
  struct http_client *client = handle->type == UV_POLL ? ((struct watch *)handle->data)->client
                                                       : (struct http_client *)handle->data;
  if (--client->open_handles > 0)
    return;
  for (size_t i = 0; i < client->watch_count; i++)
    free(client->watches[i]);
  free(client->watches);
  void (*closed)(void *arg) = client->closed;
  void *arg = client->closed_arg;
  free(client);
  if (closed != NULL)
    closed(arg);
}

/* Every call has been reported: takes the rest apart. libcurl first, because it
 * still says goodbye to the sockets of kept connections. */
static void finish_closing(struct http_client *client) {
  while (client->pooled != NULL) {
    struct http_call *call = client->pooled;
    leave(&client->pooled, call);
    destroy_call(call);
  }
  curl_multi_cleanup(client->multi);
  curl_share_cleanup(client->no_cache);
  curl_slist_free_all(client->close_headers);
  curl_global_cleanup();
  for (size_t i = 0; i < client->watch_count; i++)
    if (client->watches[i] != NULL)
      uv_close((uv_handle_t *)&client->watches[i]->poll, on_handle_closed);
  uv_close((uv_handle_t *)&client->timer, on_handle_closed);
  uv_close((uv_handle_t *)&client->soon, on_handle_closed);
}

void http_client_close(struct http_client *client, void (*closed)(void *arg), void *arg) {
  assert(!client->closing);
  client->closing = true;
  client->closed = closed;
  client->closed_arg = arg;
  while (client->running != NULL)
    http_call_cancel(client->running);
  uv_timer_start(&client->soon, flush_over, 0, 0);
}
