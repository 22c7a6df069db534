/* bitaxe-sim: simulated miners on this machine, for the demo, tests and
 * benchmarks. Everything runs on one loop in this thread. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "sim/sim_control.h"
#include "sim/sim_options.h"
#include "sim/sim_site.h"

struct program {
  uv_loop_t loop;
  uv_signal_t on_int, on_term;
  uv_poll_t parent; /* watches standard input; used with --parent-watch */
  struct sim_site *site;
  struct sim_control *control;
};

static void stop(struct program *program) {
  sim_control_close(program->control);
  sim_site_close(program->site);
  program->control = NULL;
  program->site = NULL;
  uv_handle_t *handles[] = {(uv_handle_t *)&program->on_int, (uv_handle_t *)&program->on_term,
                            (uv_handle_t *)&program->parent};
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
    if (uv_handle_get_type(handles[i]) != UV_UNKNOWN_HANDLE && !uv_is_closing(handles[i]))
      uv_close(handles[i], NULL);
  }
}

static void on_signal(uv_signal_t *handle, int number) {
  (void)number;
  stop(handle->data);
}

static void on_parent(uv_poll_t *handle, int status, int events) {
  char ignored[256];
  (void)events;
  if (status < 0 || read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
    stop(handle->data);
}

/* Thousands of devices need thousands of descriptors. */
static void raise_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

static void print_addresses(const struct program *program, const struct sim_options *options) {
  for (int i = 0; i < options->site.count && !options->quiet; i++) {
    char url[SIM_SITE_URL_MAX];
    const struct sim_device *device = sim_site_get(program->site, i);
    sim_site_format_url(program->site, i, url);
    printf("{\"index\":%d,\"address\":\"%s\",\"mac\":\"%s\",\"model\":\"%s\","
           "\"firmware\":\"%s\"}\n",
           i, url, device->mac, device->board->name, device->firmware.version);
  }
  printf("{\"control\":\"http://127.0.0.1:%u\"}\n", (unsigned)sim_control_port(program->control));
  fflush(stdout);
}

static bool watch(struct program *program, bool parent, struct err *err) {
  uv_signal_init(&program->loop, &program->on_int);
  uv_signal_init(&program->loop, &program->on_term);
  program->on_int.data = program;
  program->on_term.data = program;
  uv_signal_start(&program->on_int, on_signal, SIGINT);
  uv_signal_start(&program->on_term, on_signal, SIGTERM);
  if (!parent)
    return true;
  if (uv_poll_init(&program->loop, &program->parent, STDIN_FILENO) != 0)
    return err_set(err, ERR_INVALID,
                   "--parent-watch: standard input must be a pipe that the "
                   "parent holds open");
  program->parent.data = program;
  uv_poll_start(&program->parent, UV_READABLE | UV_DISCONNECT, on_parent);
  return true;
}

static bool run(struct program *program, const struct sim_options *options, struct err *err) {
  bool good = sim_site_open(&program->site, &program->loop, &options->site, err) &&
              sim_control_open(&program->control, &program->loop, program->site,
                               options->control_port, err) &&
              watch(program, options->parent_watch, err);
  if (good)
    print_addresses(program, options);
  else
    stop(program);
  uv_run(&program->loop, UV_RUN_DEFAULT);
  return good;
}

int main(int argc, char **argv) {
  struct sim_options options;
  struct program program = {0};
  struct err err = {0};
  if (!sim_options_parse(argc, argv, &options, &err)) {
    fprintf(stderr, "bitaxe-sim: %s\n", err.text);
    return 2;
  }
  if (options.help) {
    fputs(sim_options_help(), stdout);
    return EXIT_SUCCESS;
  }
  signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  uv_loop_init(&program.loop);
  bool good = run(&program, &options, &err);
  uv_loop_close(&program.loop);
  if (!good)
    fprintf(stderr, "bitaxe-sim: %s\n", err.text);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
