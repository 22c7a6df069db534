/* Files as wholes: copies and renames that are on the disk when they return, so
 * that a power cut leaves the old state or the new one. May block: never on the
 * loop. Errors say what to do, and name the file. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What the system's errno means for `path`: "cannot write '/x': no space left".
 * ERR_NOT_FOUND, ERR_CONFLICT (it exists) or ERR_IO. Returns false. */
bool file_explain(const char *doing, const char *path, int code, struct err *err);

/* Makes an empty file that only its owner may read. ERR_CONFLICT when there is
 * one already. */
bool file_create(const char *path, struct err *err);

/* Waits until the content is on the disk. */
bool file_sync(const char *path, struct err *err);

/* Puts `from` in the place of `to` (which is lost) and waits until the disk
 * knows. Both on one file system. */
bool file_rename(const char *from, const char *to, struct err *err);

/* A synced copy as a new file. ERR_CONFLICT when `to` exists; on any other
 * failure it is removed again. */
bool file_copy(const char *from, const char *to, struct err *err);

/* The path of a program that is installed beside this one (bitaxe-sim, bitaxe-chart).
 * ERR_UNAVAILABLE with what to do when it is not there. */
bool file_find_beside(const char *name, char *path, size_t size, struct err *err);

/* In bytes; -1 when there is no such file. */
int64_t file_size(const char *path);

/* What an ordinary user may still write on the disk that `path` lies on; -1 when
 * the system does not tell. */
int64_t file_free_bytes(const char *path);

#endif
