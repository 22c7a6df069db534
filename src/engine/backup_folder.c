#include "engine/backup_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "store/usage.h"

/* What must stay free for the recording itself. */
enum { RESERVE_BYTES = 64 * 1000 * 1000 };

static bool is_backup(const char *name) {
  size_t length = strlen(name);
  return str_starts_with(name, "monitor-") && length < BACKUP_FOLDER_NAME_MAX && length > 3 &&
         str_equal(name + length - 3, ".db");
}

/* monitor-2026-11-22.db, and nothing behind the day. */
static bool is_daily(const char *name) {
  static const char pattern[] = "monitor-dddd-dd-dd.db";
  if (strlen(name) != sizeof pattern - 1)
    return false;
  for (size_t i = 0; i < sizeof pattern - 1; i++) {
    bool digit = name[i] >= '0' && name[i] <= '9';
    bool wants_digit = pattern[i] == 'd' && i >= strlen("monitor-") && i < sizeof pattern - 4;
    if (wants_digit ? !digit : name[i] != pattern[i])
      return false;
  }
  return true;
}

static int newest_first(const void *a, const void *b) {
  return strcmp(((const struct backup_file *)b)->name, ((const struct backup_file *)a)->name);
}

/* Keeps the newest when there are more than fit. */
static void keep_one(struct backup_file *files, size_t max, size_t *count, const char *name) {
  struct backup_file file = {0};
  str_copy(file.name, sizeof file.name, name);
  if (*count < max) {
    files[(*count)++] = file;
    return;
  }
  qsort(files, *count, sizeof *files, newest_first);
  if (newest_first(&file, &files[max - 1]) < 0)
    files[max - 1] = file;
}

static void look_at(const char *folder, struct backup_file *file) {
  struct buf path;
  struct stat facts;
  buf_init(&path);
  buf_printf(&path, "%s/%s", folder, file->name);
  if (stat(path.data, &facts) == 0) {
    file->bytes = (int64_t)facts.st_size;
    file->made_ms = (int64_t)facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1000000;
  }
  buf_finish(&path);
}

static size_t list(const char *folder, bool (*wanted)(const char *), struct backup_file *files,
                   size_t max) {
  size_t count = 0;
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (wanted(entry->d_name))
      keep_one(files, max, &count, entry->d_name);
  closedir(dir);
  qsort(files, count, sizeof *files, newest_first);
  return count;
}

size_t backup_folder_list(const char *folder, struct backup_file *files, size_t max) {
  size_t count = list(folder, is_backup, files, max);
  for (size_t i = 0; i < count; i++)
    look_at(folder, &files[i]);
  return count;
}

/* ------------------------------------------------------------ the daily one */

static bool has_room(struct db *db, const char *folder, struct err *err) {
  struct usage usage;
  int64_t free_bytes = file_free_bytes(folder);
  if (!usage_read(db, &usage, err))
    return false;
  int64_t needed = usage.bytes + RESERVE_BYTES;
  if (free_bytes < 0 || free_bytes >= needed)
    return true;
  return err_set(err, ERR_IO,
                 "the disk has %lld MB free, and a backup needs %lld MB: free some space, or set "
                 "BACKUP_KEEP to fewer days",
                 (long long)(free_bytes / 1000000), (long long)(needed / 1000000));
}

/* What cannot be removed now is tried again tomorrow. The list is longer than
 * any number of days that is kept (BACKUP_KEEP). */
static void remove_old(const char *folder, int keep) {
  struct backup_file files[BACKUP_FOLDER_LIST_MAX * 8];
  size_t count = list(folder, is_daily, files, sizeof files / sizeof files[0]);
  for (size_t i = (size_t)keep; i < count; i++) {
    struct buf path;
    buf_init(&path);
    buf_printf(&path, "%s/%s", folder, files[i].name);
    unlink(path.data);
    buf_finish(&path);
  }
}

bool backup_folder_make_daily(struct db *db, const char *folder, int keep, int64_t wall_ms,
                              bool *made, struct err *err) {
  char day[16];
  struct tm when;
  time_t now = (time_t)(wall_ms / 1000);
  struct buf path;
  *made = false;
  if (mkdir(folder, 0700) != 0 && errno != EEXIST)
    return file_explain("make", folder, errno, err);
  localtime_r(&now, &when);
  strftime(day, sizeof day, "%Y-%m-%d", &when);
  buf_init(&path);
  buf_printf(&path, "%s/monitor-%s.db", folder, day);
  bool ok = file_size(path.data) >= 0;
  if (!ok) {
    ok = has_room(db, folder, err) && db_backup(db, path.data, err);
    *made = ok;
  }
  buf_finish(&path);
  if (*made)
    remove_old(folder, keep);
  return ok;
}
