/* The folder of the daily backups: monitor-2026-11-22.db, one a day. Other files
 * there, as those of `bitaxe-monitor backup`, are listed and never removed. For
 * database threads and commands: it reads the disk. */
#ifndef ENGINE_BACKUP_FOLDER_H
#define ENGINE_BACKUP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

enum { BACKUP_FOLDER_NAME_MAX = 64, BACKUP_FOLDER_LIST_MAX = 64 };

struct backup_file {
  char name[BACKUP_FOLDER_NAME_MAX];
  int64_t bytes;
  int64_t made_ms;
};

/* The newest by name first, `max` at most. A folder that is missing is empty. */
size_t backup_folder_list(const char *folder, struct backup_file *files, size_t max);

/* Makes the backup of the day that `wall_ms` lies in (local time) unless it is
 * there, then removes the oldest daily ones beyond `keep`. `made` tells whether
 * one was made now. ERR_IO, before anything is written, when the disk would get
 * too full to go on recording. */
bool backup_folder_make_daily(struct db *db, const char *folder, int keep, int64_t wall_ms,
                              bool *made, struct err *err);

#endif
