#include "app/demo.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

/*   IDLE --start--> CLEARING --left-overs gone--> SPAWNED --all added--> RUNNING
 *     ^                                              |                      |
 *     +----------- end, or the child has died -------+----------------------+  */
enum demo_state { DEMO_IDLE, DEMO_CLEARING, DEMO_SPAWNED, DEMO_RUNNING };

struct demo {
  uv_loop_t *loop;
  struct engine *engine;
  struct log *log;
  enum demo_state state;
  uv_process_t process;
  uv_pipe_t input, output; /* the child ends when its input closes */
  bool has_child, closing;
  int open_handles; /* of a child, until the loop has closed them */
  struct buf line;
  size_t adding;   /* miners whose addition is on its way */
  size_t removing; /* the same for removals */
  bool all_listed; /* the child has named all its miners */
  demo_done done;
  void *arg;
};

static const char *const room_names[] = {"Living room", "Garage", "Office"};
enum { ROOMS = sizeof room_names / sizeof room_names[0] };

static void finish(struct demo *demo, const struct err *err) {
  demo_done done = demo->done;
  demo->done = NULL;
  if (err != NULL)
    log_write(demo->log, LOG_ERROR, "demo", "%s", err->text);
  if (done != NULL)
    done(err, demo->arg);
}

static void check_running(struct demo *demo) {
  if (demo->state != DEMO_SPAWNED || !demo->all_listed || demo->adding > 0)
    return;
  demo->state = DEMO_RUNNING;
  log_write(demo->log, LOG_INFO, "demo", "three simulated miners are running");
  finish(demo, NULL);
}

/* ------------------------------------------------------------ the child */

static void on_added(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct demo *demo = arg;
  demo->adding--;
  if (miner == NULL && !demo->closing)
    log_write(demo->log, LOG_WARN, "demo", "a simulated miner was not added: %s", err->text);
  check_running(demo);
}

static void add_listed(struct demo *demo, const struct json *line) {
  const char *address;
  int64_t index;
  if (json_get(line, "control") != NULL) {
    demo->all_listed = true;
    check_running(demo);
    return;
  }
  if (!json_text(json_get(line, "address"), &address) ||
      !json_i64(json_get(line, "index"), 0, INT_MAX, &index))
    return;
  demo->adding++;
  struct engine_add add = {.address = address,
                           .name = index < ROOMS ? room_names[index] : NULL,
                           .verify = true,
                           .demo = true};
  engine_add_miner(demo->engine, &add, on_added, demo);
}

static void read_lines(struct demo *demo) {
  char *start = demo->line.data;
  char *end;
  while (start != NULL && (end = strchr(start, '\n')) != NULL) {
    struct err err;
    struct json *line = json_parse(start, (size_t)(end - start), NULL, &err);
    if (line != NULL)
      add_listed(demo, line);
    json_free(line);
    start = end + 1;
  }
  if (start == NULL || start == demo->line.data)
    return;
  char *rest = mem_strdup(start);
  buf_clear(&demo->line);
  buf_append_text(&demo->line, rest);
  free(rest);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  struct demo *demo = handle->data;
  (void)suggested;
  buf_reserve(&demo->line, 4096);
  *buf = uv_buf_init(demo->line.data + demo->line.length, 4095);
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
  struct demo *demo = stream->data;
  (void)buf;
  if (count < 0) {
    uv_read_stop(stream);
    return;
  }
  demo->line.length += (size_t)count;
  demo->line.data[demo->line.length] = '\0';
  read_lines(demo);
}

static void after_change(struct demo *demo);

static void on_handle_closed(uv_handle_t *handle) {
  struct demo *demo = handle->data;
  demo->open_handles--;
  after_change(demo);
}

static void close_child(struct demo *demo) {
  if (!demo->has_child)
    return;
  demo->has_child = false;
  uv_close((uv_handle_t *)&demo->process, on_handle_closed);
  uv_close((uv_handle_t *)&demo->input, on_handle_closed);
  uv_close((uv_handle_t *)&demo->output, on_handle_closed);
}

static void on_exit_child(uv_process_t *process, int64_t status, int signal_number) {
  struct demo *demo = process->data;
  struct err err;
  close_child(demo);
  if (demo->closing || demo->state == DEMO_IDLE || demo->state == DEMO_CLEARING)
    return; /* it was told to */
  demo->state = DEMO_IDLE;
  err_set(&err, ERR_UNAVAILABLE, "the simulator has ended by itself (status %d, signal %d)",
          (int)status, signal_number);
  if (demo->done != NULL)
    finish(demo, &err);
  else
    log_write(demo->log, LOG_ERROR, "demo", "%s", err.text);
}

static bool spawn(struct demo *demo, struct err *err) {
  char path[PATH_MAX];
  if (!file_find_beside("bitaxe-sim", path, sizeof path, err))
    return false;
  char *argv[] = {path, "--profile", "demo", "--parent-watch", NULL};
  uv_pipe_init(demo->loop, &demo->input, 0);
  uv_pipe_init(demo->loop, &demo->output, 0);
  demo->process.data = demo->input.data = demo->output.data = demo;
  uv_stdio_container_t stdio[] = {
      {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&demo->input},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&demo->output},
      {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}};
  uv_process_options_t options = {.exit_cb = on_exit_child,
                                  .file = path,
                                  .args = argv,
                                  .stdio = stdio,
                                  .stdio_count = 3,
                                  /* Ctrl-C in the terminal reaches only us: we end it. */
                                  .flags = UV_PROCESS_DETACHED};
  int rc = uv_spawn(demo->loop, &demo->process, &options);
  demo->has_child = true;
  demo->open_handles = 3;
  if (rc != 0) {
    close_child(demo);
    return err_set(err, ERR_IO, "the simulator %s cannot be started: %s", path, uv_strerror(rc));
  }
  demo->all_listed = false;
  buf_clear(&demo->line);
  uv_read_start((uv_stream_t *)&demo->output, on_alloc, on_output);
  return true;
}

/* ------------------------------------------------------------ left-overs */

/* The next step once no simulated miner is watched and no child is left. */
static void after_change(struct demo *demo) {
  struct err err;
  if (demo->removing > 0 || demo->open_handles > 0 || demo->closing)
    return;
  if (demo->state == DEMO_CLEARING) {
    demo->state = DEMO_SPAWNED;
    if (!spawn(demo, &err)) {
      demo->state = DEMO_IDLE;
      finish(demo, &err);
    }
  } else if (demo->state == DEMO_IDLE) {
    finish(demo, NULL);
  }
}

static void on_removed(const struct err *err, void *arg) {
  struct demo *demo = arg;
  demo->removing--;
  if (err != NULL && err->code != ERR_NOT_FOUND)
    log_write(demo->log, LOG_WARN, "demo", "a simulated miner stays in the list: %s", err->text);
  after_change(demo);
}

static void remove_all(struct demo *demo) {
  struct fleet *fleet = engine_fleet(demo->engine);
  demo->removing++; /* holds back after_change until the walk is over */
  for (size_t i = fleet_count(fleet); i-- > 0;) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (!miner->miner.demo)
      continue;
    demo->removing++;
    engine_remove_miner(demo->engine, miner->miner.id, on_removed, demo);
  }
  demo->removing--;
  after_change(demo);
}

/* ------------------------------------------------------------ public */

struct demo *demo_create(uv_loop_t *loop, struct engine *engine, struct log *log) {
  struct demo *demo = mem_alloc(sizeof *demo);
  demo->loop = loop;
  demo->engine = engine;
  demo->log = log;
  buf_init(&demo->line);
  remove_all(demo);
  return demo;
}

void demo_start(struct demo *demo, demo_done done, void *arg) {
  struct err err;
  if (demo->done != NULL || demo->closing) {
    err_set(&err, ERR_CONFLICT, "the demo is being started or ended: try again in a moment");
    done(&err, arg);
    return;
  }
  if (demo->state == DEMO_RUNNING) {
    done(NULL, arg);
    return;
  }
  demo->done = done;
  demo->arg = arg;
  demo->state = DEMO_CLEARING;
  remove_all(demo);
}

void demo_end(struct demo *demo, demo_done done, void *arg) {
  struct err err;
  if (demo->done != NULL) {
    err_set(&err, ERR_CONFLICT, "the demo is being started or ended: try again in a moment");
    done(&err, arg);
    return;
  }
  demo->done = done;
  demo->arg = arg;
  demo->state = DEMO_IDLE;
  if (demo->has_child)
    uv_process_kill(&demo->process, SIGKILL); /* it keeps nothing, and someone waits */
  remove_all(demo);
}

void demo_close(struct demo *demo) {
  struct err err;
  demo->closing = true;
  if (demo->has_child)
    uv_process_kill(&demo->process, SIGTERM);
  close_child(demo);
  demo->state = DEMO_IDLE;
  if (demo->done != NULL) {
    err_set(&err, ERR_UNAVAILABLE, "the monitor is stopping");
    finish(demo, &err);
  }
}

void demo_destroy(struct demo *demo) {
  if (demo == NULL)
    return;
  buf_finish(&demo->line);
  free(demo);
}
