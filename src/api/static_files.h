/* The dashboard's files, read and opened once at start. They stay open, and the kernel
 * sends them from its own cache: held in memory, they took a tenth of what the monitor
 * needs. Its folder docs/, two thirds of all bytes and opened by few, is looked at on
 * its first request, in libuv's thread pool. Compressed copies that the build put
 * beside a file (.br, .gz) are chosen by Accept-Encoding. Names that carry a hash of
 * their content (in /assets/) may be kept for ever, all others are asked for again.
 *
 * A new build beside the old one is served after the next start. Mapping the files
 * instead was rejected: one that is cut short would end the program with SIGBUS. */
#ifndef API_STATIC_FILES_H
#define API_STATIC_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "api/route.h"
#include "base/log.h"
#include "net/http_server.h"

struct static_files;

/* `folder` NULL, missing or unreadable gives an empty set, and so do more files than the system
 * lets the program have open; what was skipped is logged. At most 1,000 files of 8 MiB each. */
struct static_files *static_files_create(const char *folder, struct log *log);

/* Not while docs/ is being read: the api waits for that (api_release). */
void static_files_destroy(struct static_files *files);

/* What answers when there is no such file. */
typedef void (*static_files_otherwise)(struct http_exchange *exchange);

/* Answers with the file of that path ("/index.html", "/assets/x.js"), 304
 * included, now or once docs/ has been read; calls `otherwise` when there is none. */
void static_files_answer(struct static_files *files, struct request *request, const char *path,
                         static_files_otherwise otherwise);

/* What the type of a file is, from its name; never NULL. */
const char *static_files_type(const char *path);

/* True when an Accept-Encoding header allows a coding ("br"): it is named, and
 * not with q=0. NULL allows none. */
bool static_files_accepts(const char *header, const char *coding);

#endif
