#include "postgres_server.h"

#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/db.h"
#include "support/wait_until.h"

/* PostgreSQL refuses to run as root: it then runs as its own user. */
static void become_postgres(const char *folder) {
  const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
  if (user == NULL)
    return;
  if (chown(folder, user->pw_uid, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
      setuid(user->pw_uid) != 0)
    _exit(126);
}

static pid_t start_program(const struct postgres_server *server, char *const argv[]) {
  pid_t child = fork();
  if (child != 0)
    return child;
  become_postgres(server->dir.path);
  prctl(PR_SET_PDEATHSIG, SIGQUIT); /* it does not outlive a test that crashed */
  int log = open("/dev/null", O_WRONLY);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (chdir(server->dir.path) == 0)
    execv(argv[0], argv);
  _exit(127);
}

static bool is_built_in(void) {
#ifdef DB_WITH_POSTGRESQL
  return true;
#else
  return false;
#endif
}

/* Debian keeps the programs of each version in a folder of its own. */
static bool find_program(const char *name, char *path, size_t size) {
  glob_t found;
  char pattern[64];
  snprintf(pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", name);
  bool ok = glob(pattern, 0, NULL, &found) == 0;
  if (ok)
    snprintf(path, size, "%s", found.gl_pathv[found.gl_pathc - 1]);
  globfree(&found);
  return ok;
}

static bool make_cluster(struct postgres_server *server, char *data) {
  char program[128];
  if (!find_program("initdb", program, sizeof program))
    return false;
  char *const argv[] = {program, "-D", data,   "-U",        "postgres",    "-A",
                        "trust", "-E", "UTF8", "--no-sync", "--no-locale", NULL};
  int status = 1;
  return waitpid(start_program(server, argv), &status, 0) > 0 && status == 0;
}

static bool answers(void *arg) {
  const struct postgres_server *server = arg;
  struct err err;
  struct db *db = NULL;
  bool ok = db_open(&db, server->url, DB_READ_ONLY, &err);
  if (ok)
    db_close(db);
  return ok;
}

static bool start_server(struct postgres_server *server, char *data) {
  char program[128];
  if (!find_program("postgres", program, sizeof program))
    return false;
  char *const argv[] = {program,
                        "-D",
                        data,
                        "-k",
                        server->dir.path,
                        "-c",
                        "listen_addresses=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "max_connections=10",
                        NULL};
  server->pid = start_program(server, argv);
  return wait_until(answers, server);
}

static void data_folder(const struct postgres_server *server, char *data, size_t size) {
  snprintf(data, size, "%s/data", server->dir.path);
}

bool postgres_server_start(struct postgres_server *server) {
  char data[TEMP_DIR_MAX + 16];
  server->pid = 0;
  temp_dir_create(&server->dir);
  data_folder(server, data, sizeof data);
  snprintf(server->url, sizeof server->url, "postgresql:///postgres?host=%s&user=postgres",
           server->dir.path);
  if (is_built_in() && make_cluster(server, data) && start_server(server, data))
    return true;
  fprintf(stderr,
          "PostgreSQL or libpq-dev is not installed, or does not start: its tests are left out\n");
  postgres_server_stop(server);
  return false;
}

static void end_server(struct postgres_server *server, int signal_number) {
  if (server->pid > 0) {
    kill(server->pid, signal_number);
    waitpid(server->pid, NULL, 0);
  }
  server->pid = 0;
}

bool postgres_server_restart(struct postgres_server *server) {
  char data[TEMP_DIR_MAX + 16];
  end_server(server, SIGQUIT); /* as a crash: clients are cut off */
  data_folder(server, data, sizeof data);
  return start_server(server, data);
}

void postgres_server_stop(struct postgres_server *server) {
  end_server(server, SIGINT);
  temp_dir_destroy(&server->dir);
}

static void signal_all(const struct postgres_server *server, int signal_number) {
  char path[64];
  int child;
  kill(server->pid, signal_number); /* first: it makes no more of them */
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", server->pid, server->pid);
  FILE *children = fopen(path, "r");
  if (children == NULL)
    abort();
  while (fscanf(children, "%d", &child) == 1)
    kill(child, signal_number);
  fclose(children);
}

void postgres_server_freeze(const struct postgres_server *server) {
  signal_all(server, SIGSTOP);
}

void postgres_server_thaw(const struct postgres_server *server) {
  signal_all(server, SIGCONT);
}

void postgres_server_empty(const struct postgres_server *server) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, server->url, DB_READ_WRITE, &err) ||
      !db_exec(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", NULL, 0, NULL, &err)) {
    fprintf(stderr, "%s\n", err.text);
    abort();
  }
  db_close(db);
}
