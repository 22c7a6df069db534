#include "engine/chart/chart_child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { COMPLAINT_MAX_BYTES = 16 * 1024, READ_BYTES = 16 * 1024, HANDLES = 5 };

/* What the child says through one of its two outputs. */
struct outlet {
  struct chart_child *child;
  uv_pipe_t pipe;
  struct buf bytes;
  size_t limit;
  bool ended;
};

/*   running --exited, both outputs ended--> closing --handles closed--> done
 *      '----- failed: deadline, too much, cancelled, not started ----^        */
struct chart_child {
  uv_process_t process;
  uv_timer_t deadline;
  uv_pipe_t input;
  struct outlet picture, complaint;
  uv_write_t write;
  struct buf order;
  int open_handles;
  bool exited, failed;
  int64_t status;
  int signal_number;
  struct err err;
  chart_child_done done;
  void *arg;
};

/* ------------------------------------------------------------ the end */

/* In the child's own words when it has some. */
static void explain_exit(struct chart_child *child) {
  char words[ERR_TEXT_MAX] = "";
  char *line = child->complaint.bytes.data;
  if (child->complaint.bytes.length > 0) {
    str_sanitize(words, sizeof words, line, strcspn(line, "\r\n"));
    child->failed = !err_set(&child->err, ERR_UNAVAILABLE, "%s", words);
  } else {
    child->failed =
        !err_set(&child->err, ERR_UNAVAILABLE, "bitaxe-chart ended early (status %d, signal %d)",
                 (int)child->status, child->signal_number);
  }
}

static bool is_png(const struct buf *bytes) {
  return bytes->length > 8 && memcmp(bytes->data, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static void judge(struct chart_child *child) {
  if (child->failed)
    return;
  if (child->status != 0 || child->signal_number != 0)
    explain_exit(child);
  else if (!is_png(&child->picture.bytes))
    child->failed = !err_set(&child->err, ERR_CORRUPT, "bitaxe-chart gave something else");
}

static void on_closed(uv_handle_t *handle) {
  struct chart_child *child = handle->data;
  if (--child->open_handles > 0)
    return;
  judge(child);
  if (child->failed)
    buf_clear(&child->picture.bytes);
  child->done(&child->picture.bytes, child->failed ? &child->err : NULL, child->arg);
  buf_finish(&child->picture.bytes);
  buf_finish(&child->complaint.bytes);
  buf_finish(&child->order);
  free(child);
}

static void close_handle(uv_handle_t *handle) {
  if (!uv_is_closing(handle))
    uv_close(handle, on_closed);
}

static void close_if_over(struct chart_child *child) {
  bool all_said = child->picture.ended && child->complaint.ended;
  if (!child->exited || (!all_said && !child->failed))
    return;
  close_handle((uv_handle_t *)&child->process);
  close_handle((uv_handle_t *)&child->deadline);
  close_handle((uv_handle_t *)&child->input);
  close_handle((uv_handle_t *)&child->picture.pipe);
  close_handle((uv_handle_t *)&child->complaint.pipe);
}

/* The first reason stands; on_exit follows the kill. */
static void fail(struct chart_child *child, enum err_code code, const char *words) {
  if (child->failed)
    return;
  child->failed = !err_set(&child->err, code, "%s", words);
  if (!child->exited)
    uv_process_kill(&child->process, SIGKILL);
  close_if_over(child);
}

static void on_exit_child(uv_process_t *process, int64_t status, int signal_number) {
  struct chart_child *child = process->data;
  child->exited = true;
  child->status = status;
  child->signal_number = signal_number;
  close_if_over(child);
}

static void on_deadline(uv_timer_t *timer) {
  fail(timer->data, ERR_TIMEOUT, "it took too long");
}

/* ------------------------------------------------------------ in and out */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *space) {
  struct outlet *outlet = (struct outlet *)((char *)handle - offsetof(struct outlet, pipe));
  (void)suggested;
  buf_reserve(&outlet->bytes, READ_BYTES);
  *space = uv_buf_init(outlet->bytes.data + outlet->bytes.length, READ_BYTES);
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *space) {
  struct outlet *outlet = (struct outlet *)((char *)stream - offsetof(struct outlet, pipe));
  (void)space;
  if (count < 0) {
    outlet->ended = true;
    uv_read_stop(stream);
    close_if_over(outlet->child);
    return;
  }
  outlet->bytes.length += (size_t)count;
  outlet->bytes.data[outlet->bytes.length] = '\0';
  if (outlet->bytes.length <= outlet->limit)
    return;
  uv_read_stop(stream);
  fail(outlet->child, ERR_TOO_LARGE, "bitaxe-chart says far more than a picture is");
}

/* A child that ended before it read all is judged by how it ended. */
static void on_written(uv_write_t *write, int status) {
  struct chart_child *child = write->data;
  (void)status;
  close_handle((uv_handle_t *)&child->input); /* the end of the order */
}

/* ------------------------------------------------------------ the start */

/* "NAME=value" of those that fontconfig and the labels of time need. The Telegram
 * token, the database's password and all the rest stay here. */
static void choose_environment(char *environment[], size_t room) {
  static const char *const names[] = {"HOME", "XDG_CACHE_HOME", "PATH", "TZ", "LANG"};
  size_t count = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && count + 1 < room; i++) {
    const char *value = getenv(names[i]);
    if (value == NULL)
      continue;
    struct buf text;
    buf_init(&text);
    buf_printf(&text, "%s=%s", names[i], value);
    environment[count++] = buf_take(&text, NULL);
  }
  environment[count] = NULL;
}

static int spawn(struct chart_child *child, uv_loop_t *loop, const char *program) {
  char *environment[8];
  char *path = mem_strdup(program);
  char *argv[] = {path, NULL};
  uv_stdio_container_t stdio[] = {
      {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&child->input},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
       .data.stream = (uv_stream_t *)&child->picture.pipe},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
       .data.stream = (uv_stream_t *)&child->complaint.pipe}};
  choose_environment(environment, sizeof environment / sizeof environment[0]);
  const uv_process_options_t options = {.exit_cb = on_exit_child,
                                        .file = path,
                                        .args = argv,
                                        .env = environment,
                                        .cwd = "/",
                                        .stdio = stdio,
                                        .stdio_count = 3,
                                        /* Ctrl-C in the terminal reaches only us. */
                                        .flags = UV_PROCESS_DETACHED};
  int rc = uv_spawn(loop, &child->process, &options);
  for (size_t i = 0; environment[i] != NULL; i++)
    free(environment[i]);
  free(path);
  return rc;
}

static void init_outlet(struct chart_child *child, struct outlet *outlet, uv_loop_t *loop,
                        size_t limit) {
  outlet->child = child;
  outlet->limit = limit;
  outlet->pipe.data = child;
  buf_init(&outlet->bytes);
  uv_pipe_init(loop, &outlet->pipe, 0);
}

struct chart_child *chart_child_start(const struct chart_child_options *options) {
  struct chart_child *child = mem_alloc(sizeof *child);
  child->done = options->done;
  child->arg = options->arg;
  child->order = *options->order;
  buf_init(options->order);
  child->open_handles = HANDLES;
  init_outlet(child, &child->picture, options->loop, CHART_CHILD_MAX_BYTES);
  init_outlet(child, &child->complaint, options->loop, COMPLAINT_MAX_BYTES);
  uv_pipe_init(options->loop, &child->input, 0);
  uv_timer_init(options->loop, &child->deadline);
  child->process.data = child->deadline.data = child->input.data = child->write.data = child;

  int rc = spawn(child, options->loop, options->program);
  if (rc != 0) {
    child->exited = true; /* it never was */
    child->failed = !err_set(&child->err, ERR_IO, "%s cannot be started: %s", options->program,
                             uv_strerror(rc));
    close_if_over(child);
    return child;
  }
  uv_timer_start(&child->deadline, on_deadline, options->deadline_ms, 0);
  uv_read_start((uv_stream_t *)&child->picture.pipe, on_alloc, on_output);
  uv_read_start((uv_stream_t *)&child->complaint.pipe, on_alloc, on_output);
  uv_buf_t bytes = uv_buf_init(child->order.data, (unsigned)child->order.length);
  if (uv_write(&child->write, (uv_stream_t *)&child->input, &bytes, 1, on_written) != 0)
    close_handle((uv_handle_t *)&child->input);
  return child;
}

void chart_child_cancel(struct chart_child *child) {
  if (child != NULL)
    fail(child, ERR_UNAVAILABLE, "the monitor is stopping");
}
