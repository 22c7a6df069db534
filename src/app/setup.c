#include "app/setup.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

static bool make_dirs(const char *path, struct err *err) {
  char part[CONFIG_PATH_MAX];
  str_copy(part, sizeof part, path);
  for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
    if (slash != NULL)
      *slash = '\0';
    if (mkdir(part, 0700) != 0 && errno != EEXIST)
      return err_set(err, ERR_IO,
                     "the folder %s cannot be made: %s. Choose another with --data-dir", part,
                     strerror(errno));
    if (slash == NULL)
      return true;
    *slash = '/';
  }
}

bool setup_data_dir(const char *path, struct err *err) {
  struct stat facts;
  if (!make_dirs(path, err))
    return false;
  if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode))
    return err_set(err, ERR_IO, "%s is not a folder. Choose another with --data-dir", path);
  if (access(path, W_OK | X_OK) != 0)
    return err_set(err, ERR_IO,
                   "the folder %s cannot be written by this user. Give it to this user, or choose "
                   "another with --data-dir",
                   path);
  return true;
}

const char *setup_take_operand(int *argc, char ***argv) {
  if (*argc == 0 || (*argv)[0][0] == '-' || (*argv)[0][0] == '\0')
    return NULL;
  *argc -= 1;
  *argv += 1;
  return (*argv)[-1];
}

void setup_limits(void) {
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  /* A few threads that pass memory to each other need no heap each. */
  mallopt(M_ARENA_MAX, 2);
}

void setup_page_url(const struct config *config, unsigned port, char *text, int size) {
  const char *host = config->listen_host;
  if (str_equal(host, "127.0.0.1") || str_equal(host, "0.0.0.0") || str_equal(host, "::") ||
      str_equal(host, "::1"))
    host = "localhost";
  bool is_ipv6 = strchr(host, ':') != NULL;
  snprintf(text, (size_t)size, "http://%s%s%s:%u", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
           port);
}
