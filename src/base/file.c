#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

enum { COPY_BYTES = 256 * 1024 };

bool file_explain(const char *doing, const char *path, int code, struct err *err) {
  switch (code) {
  case ENOENT:
  case ENOTDIR:
    return err_set(err, ERR_NOT_FOUND, "cannot %s '%s': it, or its folder, does not exist", doing,
                   path);
  case EEXIST:
    return err_set(err, ERR_CONFLICT,
                   "cannot %s '%s': there is a file of that name already; choose another", doing,
                   path);
  case ENOSPC:
  case EDQUOT:
    return err_set(err, ERR_IO, "cannot %s '%s': the disk is full; free some space", doing, path);
  case EACCES:
  case EPERM:
  case EROFS:
    return err_set(err, ERR_IO,
                   "cannot %s '%s': this user may not; run it as the user that runs the monitor, "
                   "or choose another place",
                   doing, path);
  default:
    return err_set(err, ERR_IO, "cannot %s '%s': %s", doing, path, strerror(code));
  }
}

bool file_create(const char *path, struct err *err) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return file_explain("make", path, errno, err);
  close(fd);
  return true;
}

bool file_sync(const char *path, struct err *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return file_explain("open", path, errno, err);
  int code = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return code == 0 || file_explain("write", path, code, err);
}

/* A new name is on the disk once its folder is. */
static bool sync_folder(const char *path, struct err *err) {
  char *folder = mem_strdup(path);
  char *slash = strrchr(folder, '/');
  if (slash == folder)
    slash[1] = '\0';
  else if (slash != NULL)
    *slash = '\0';
  bool ok = file_sync(slash != NULL ? folder : ".", err);
  free(folder);
  return ok;
}

bool file_rename(const char *from, const char *to, struct err *err) {
  if (rename(from, to) != 0)
    return file_explain("write", to, errno, err);
  return sync_folder(to, err);
}

/* 0 or the errno; `writing` tells on which side. */
static int copy_bytes(int from, int to, bool *writing) {
  char *bytes = mem_alloc(COPY_BYTES);
  ssize_t length;
  int code = 0;
  *writing = false;
  while (code == 0 && (length = read(from, bytes, COPY_BYTES)) != 0) {
    if (length < 0) {
      code = errno == EINTR ? 0 : errno;
      continue;
    }
    for (ssize_t done = 0, part; done < length && code == 0; done += part > 0 ? part : 0) {
      part = write(to, bytes + done, (size_t)(length - done));
      *writing = part < 0;
      code = part < 0 && errno != EINTR ? errno : 0;
    }
  }
  if (code == 0 && fsync(to) != 0) {
    *writing = true;
    code = errno;
  }
  free(bytes);
  return code;
}

bool file_copy(const char *from, const char *to, struct err *err) {
  int source = open(from, O_RDONLY | O_CLOEXEC);
  if (source < 0)
    return file_explain("read", from, errno, err);
  int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (target < 0) {
    int code = errno;
    close(source);
    return file_explain("make", to, code, err);
  }
  bool writing;
  int code = copy_bytes(source, target, &writing);
  close(source);
  close(target);
  if (code == 0)
    return sync_folder(to, err);
  unlink(to);
  return file_explain(writing ? "write" : "read", writing ? to : from, code, err);
}

bool file_find_beside(const char *name, char *path, size_t size, struct err *err) {
  ssize_t length = readlink("/proc/self/exe", path, size - 1);
  char *slash = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
  if (slash == NULL || (size_t)(slash + 1 - path) + strlen(name) >= size)
    return err_set(err, ERR_IO, "the program's own folder is not known");
  str_copy(slash + 1, size - (size_t)(slash + 1 - path), name);
  return access(path, X_OK) == 0 ||
         err_set(err, ERR_UNAVAILABLE,
                 "%s is missing: it should lie beside bitaxe-monitor; build it with "
                 "'ninja -C build', or install the monitor anew",
                 path);
}

int64_t file_size(const char *path) {
  struct stat facts;
  return stat(path, &facts) == 0 ? (int64_t)facts.st_size : -1;
}

int64_t file_free_bytes(const char *path) {
  struct statvfs facts;
  if (statvfs(path, &facts) != 0)
    return -1;
  return (int64_t)(facts.f_bavail * facts.f_frsize);
}
