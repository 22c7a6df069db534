/* The dashboard's files, read into memory once at start: a few hundred kilobytes,
 * and no file I/O on the loop. Compressed copies that the build put beside a file
 * (.br, .gz) are chosen by Accept-Encoding. Names that carry a hash of their
 * content (in /assets/) may be kept for ever, all others are asked for again. */
#ifndef API_STATIC_FILES_H
#define API_STATIC_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "net/http_server.h"

struct static_files;

/* `folder` NULL, missing or unreadable gives an empty set; what was skipped is
 * logged. At most 1,000 files of 8 MiB each. */
struct static_files *static_files_create(const char *folder, struct log *log);
void static_files_destroy(struct static_files *files);

size_t static_files_count(const struct static_files *files);

/* Answers with the file of that path ("/index.html", "/assets/x.js"), 304
 * included. False, and nothing answered, when there is none. */
bool static_files_answer(const struct static_files *files, struct http_exchange *exchange,
                         const char *path);

/* What the type of a file is, from its name; never NULL. */
const char *static_files_type(const char *path);

/* True when an Accept-Encoding header allows a coding ("br"): it is named, and
 * not with q=0. NULL allows none. */
bool static_files_accepts(const char *header, const char *coding);

#endif
