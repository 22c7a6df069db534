#include "db/db_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* fcntl locks were rejected: SQLite uses them on its own files, and a process
 * loses all of its fcntl locks on a file when any part of it closes that file. */

static void read_holder(int fd, char holder[16]) {
  ssize_t length = pread(fd, holder, 15, 0);
  holder[length > 0 ? length : 0] = '\0';
  holder[strspn(holder, "0123456789")] = '\0';
}

/* The number is for people only: a full disk that cannot keep it does no harm. */
static void write_holder(int fd) {
  char holder[16];
  int length = snprintf(holder, sizeof holder, "%d\n", (int)getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, (size_t)length, 0) != length)
    errno = 0;
}

static bool explain_open(const char *path, int code, struct err *err) {
  if (code == ENOENT || code == ENOTDIR)
    return err_set(err, ERR_UNAVAILABLE,
                   "cannot open '%s': its folder does not exist; create it "
                   "or choose another place",
                   path);
  if (code == EACCES || code == EPERM || code == EROFS)
    return err_set(err, ERR_IO,
                   "cannot open '%s': no permission to write in its folder; change "
                   "the folder's owner or choose another place",
                   path);
  return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(code));
}

static bool explain_lock(int fd, const char *path, int code, struct err *err) {
  if (code != EWOULDBLOCK)
    return err_set(err, ERR_IO, "cannot lock '%s': %s", path, strerror(code));
  char holder[16];
  read_holder(fd, holder);
  return err_set(err, ERR_CONFLICT,
                 "'%s' is in use by another monitor%s%s%s: stop that one first, "
                 "or choose another place for the data",
                 path, holder[0] ? " (process " : "", holder, holder[0] ? ")" : "");
}

bool db_lock_take(int *fd, const char *path, struct err *err) {
  char *real = realpath(path, NULL); /* NULL while the database does not exist */
  char name[PATH_MAX];
  int length = snprintf(name, sizeof name, "%s.lock", real != NULL ? real : path);
  free(real);
  if (length >= (int)sizeof name)
    return err_set(err, ERR_INVALID, "the path of the database is too long");

  int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0)
    return explain_open(path, errno, err);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    explain_lock(lock, path, errno, err);
    close(lock);
    return false;
  }
  write_holder(lock);
  *fd = lock;
  return true;
}

void db_lock_release(int fd) {
  if (fd < 0)
    return;
  /* Explicitly, because a forked child may hold a copy of the descriptor. */
  flock(fd, LOCK_UN);
  close(fd);
}
