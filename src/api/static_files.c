#include "api/static_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "base/mem.h"
#include "base/str.h"

enum { MAX_FILES = 1000, MAX_BYTES = 8 * 1024 * 1024, MAX_DEPTH = 4, MAX_PATH = 512 };

static const char *const DOCS = "/docs";

enum coding { PLAIN, GZIP, BROTLI, CODING_COUNT };

static const struct {
  const char *suffix, *name;
} codings[CODING_COUNT] = {
    [PLAIN] = {"", NULL}, [GZIP] = {".gz", "gzip"}, [BROTLI] = {".br", "br"}};

/* One coding of a file, as it is sent. */
struct variant {
  int fd; /* -1: there is none */
  size_t length;
  char etag[40];
};

struct static_file {
  char *path; /* "/assets/x.js" */
  struct variant variants[CODING_COUNT];
};

/* The files of one folder and those below it. */
struct file_set {
  struct static_file *items; /* ordered by path */
  size_t count, capacity;
  struct log *log;
  bool starved; /* the system lets the program have too few files open */
};

/* A request that came before docs/ was read. */
struct waiting {
  struct waiting *next;
  struct deferred *deferred;
  static_files_otherwise otherwise;
  char path[MAX_PATH];
};

struct static_files {
  char *folder; /* NULL: none */
  struct log *log;
  struct file_set page;
  struct file_set docs;
  enum { DOCS_UNREAD, DOCS_READING, DOCS_READ } docs_phase;
  struct waiting *waiting; /* while DOCS_READING */
  struct api *api;         /* the same */
  uv_work_t reading;
};

/* ------------------------------------------------------------ types */

const char *static_files_type(const char *path) {
  static const struct {
    const char *ending, *type;
  } types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  };
  const char *dot = strrchr(path, '.');
  for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++) {
    if (strcmp(dot, types[i].ending) == 0)
      return types[i].type;
  }
  return "application/octet-stream";
}

bool static_files_accepts(const char *header, const char *coding) {
  size_t length = strlen(coding);
  while (header != NULL && *header != '\0') {
    header += strspn(header, " \t,");
    size_t item = strcspn(header, ",");
    size_t name = strcspn(header, " \t,;");
    if (name == length && strncasecmp(header, coding, length) == 0) {
      const char *q = memmem(header, item, "q=", 2);
      return q == NULL || strtod(q + 2, NULL) > 0;
    }
    header += item;
  }
  return false;
}

/* ------------------------------------------------------------ reading */

/* FNV-1a, 64 bits: tells one build's bytes from another's; nobody is kept out by it. */
static bool hash_file(int fd, size_t length, uint64_t *hash) {
  unsigned char piece[16 * 1024];
  uint64_t value = UINT64_C(14695981039346656037);
  while (length > 0) {
    ssize_t count = read(fd, piece, length < sizeof piece ? length : sizeof piece);
    if (count <= 0)
      return false; /* shorter than it was a moment ago */
    for (ssize_t i = 0; i < count; i++)
      value = (value ^ piece[i]) * UINT64_C(1099511628211);
    length -= (size_t)count;
  }
  *hash = value;
  return true;
}

/* A quarter is left for the database, the miners and who asks. */
static bool is_plenty(int fd) {
  struct rlimit files;
  return fd < 0 ? errno != EMFILE && errno != ENFILE
                : getrlimit(RLIMIT_NOFILE, &files) != 0 || (rlim_t)fd < files.rlim_cur / 4 * 3;
}

/* -1 when it cannot be read. */
static int open_file(struct file_set *set, const char *path, size_t *length, uint64_t *hash) {
  struct stat facts;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  set->starved = set->starved || !is_plenty(fd);
  if (fd < 0)
    return -1;
  if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size <= MAX_BYTES &&
      hash_file(fd, (size_t)facts.st_size, hash)) {
    *length = (size_t)facts.st_size;
    return fd;
  }
  close(fd);
  return -1;
}

static void add_variant(struct file_set *set, const char *name, struct static_file *file,
                        enum coding coding) {
  char full[2 * MAX_PATH];
  uint64_t hash = 0;
  struct variant *variant = &file->variants[coding];
  snprintf(full, sizeof full, "%s%s", name, codings[coding].suffix);
  variant->fd = open_file(set, full, &variant->length, &hash);
  snprintf(variant->etag, sizeof variant->etag, "\"%016" PRIx64 "%s\"", hash,
           codings[coding].suffix);
  if (variant->fd < 0 && coding == PLAIN && !set->starved)
    log_write(set->log, LOG_WARN, "api", "%s cannot be read (or is over 8 MiB): it is not served",
              full);
}

static bool is_compressed_copy(const char *name) {
  size_t length = strlen(name);
  return length > 3 &&
         (strcmp(name + length - 3, ".gz") == 0 || strcmp(name + length - 3, ".br") == 0);
}

static void add_file(struct file_set *set, const char *name, const char *path) {
  if (set->count == MAX_FILES || set->starved)
    return;
  if (set->count == set->capacity) {
    set->capacity = set->capacity == 0 ? 64 : set->capacity * 2;
    set->items = mem_resize(set->items, set->capacity, sizeof(struct static_file));
  }
  struct static_file *file = &set->items[set->count++];
  *file = (struct static_file){.path = mem_strdup(path)};
  for (int coding = PLAIN; coding < CODING_COUNT; coding++)
    add_variant(set, name, file, (enum coding)coding);
}

/* `path` is "" for the dashboard's folder itself, else "/assets". */
static void read_folder(struct file_set *set, const char *root, const char *path, int depth) {
  char name[2 * MAX_PATH];
  snprintf(name, sizeof name, "%s%s", root, path);
  DIR *folder = opendir(name);
  if (folder == NULL)
    return;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char child[MAX_PATH];
    struct stat facts;
    int length = snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    if (entry->d_name[0] == '.' || length >= (int)sizeof child)
      continue;
    snprintf(name, sizeof name, "%s%s", root, child);
    if (stat(name, &facts) != 0)
      continue;
    bool is_docs = strcmp(child, DOCS) == 0;
    if (S_ISDIR(facts.st_mode) && depth < MAX_DEPTH && !is_docs)
      read_folder(set, root, child, depth + 1);
    else if (S_ISREG(facts.st_mode) && !is_compressed_copy(entry->d_name))
      add_file(set, name, child);
  }
  closedir(folder);
}

static int compare_files(const void *a, const void *b) {
  return strcmp(((const struct static_file *)a)->path, ((const struct static_file *)b)->path);
}

static void free_set(struct file_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    for (int coding = PLAIN; coding < CODING_COUNT; coding++) {
      if (set->items[i].variants[coding].fd >= 0)
        close(set->items[i].variants[coding].fd);
    }
    free(set->items[i].path);
  }
  free(set->items);
  *set = (struct file_set){.log = set->log, .starved = set->starved};
}

/* Half a page is worse than none, and worst would be a monitor that can no longer ask its miners.
 */
static void read_set(struct file_set *set, const char *root, const char *path) {
  read_folder(set, root, path, 0);
  if (set->starved) {
    free_set(set);
    log_write(set->log, LOG_WARN, "api",
              "the dashboard is not served: the system lets the monitor have too few files open. "
              "Allow more (ulimit -n 1024, or LimitNOFILE=1024 of its service) and start it again");
  }
  if (set->count > 0)
    qsort(set->items, set->count, sizeof *set->items, compare_files);
}

struct static_files *static_files_create(const char *folder, struct log *log) {
  struct static_files *files = mem_alloc(sizeof *files);
  files->log = files->page.log = files->docs.log = log;
  if (folder != NULL && strlen(folder) < MAX_PATH) {
    files->folder = mem_strdup(folder);
    read_set(&files->page, folder, "");
  }
  if (files->page.count == 0 && !files->page.starved)
    log_write(log, LOG_WARN, "api", "no built dashboard in '%s': a plain page stands in",
              folder == NULL ? "" : folder);
  return files;
}

void static_files_destroy(struct static_files *files) {
  if (files == NULL)
    return;
  assert(files->docs_phase != DOCS_READING);
  free_set(&files->page);
  free_set(&files->docs);
  free(files->folder);
  free(files);
}

/* ------------------------------------------------------------ answering */

static enum coding choose(const struct static_file *file, const char *accepted) {
  for (int coding = BROTLI; coding > PLAIN; coding--) {
    if (file->variants[coding].fd >= 0 && static_files_accepts(accepted, codings[coding].name))
      return (enum coding)coding;
  }
  return PLAIN;
}

/* Made for each request: libmicrohttpd keeps 4 KB with every response from a file. */
static void send_file(struct http_exchange *exchange, const struct static_file *file,
                      enum coding coding) {
  const struct variant *variant = &file->variants[coding];
  const char *type = static_files_type(file->path);
  bool hashed = str_starts_with(file->path, "/assets/");
  int fd = fcntl(variant->fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) {
    answer_problem(exchange, 503, "the monitor has too many files open: try again in a moment");
    return;
  }
  struct http_response *response = http_response_create_file(200, type, fd, variant->length);
  answer_headers(response, hashed ? "public, max-age=31536000, immutable" : "no-cache");
  http_response_header(response, "ETag", variant->etag);
  http_response_header(response, "Vary", "Accept-Encoding");
  if (codings[coding].name != NULL)
    http_response_header(response, "Content-Encoding", codings[coding].name);
  if (str_starts_with(type, "text/html"))
    answer_page_headers(response);
  http_exchange_send(exchange, response);
  http_response_release(response);
}

static void answer_from(const struct file_set *set, struct http_exchange *exchange,
                        const char *path, static_files_otherwise otherwise) {
  struct static_file key = {.path = (char *)path};
  const struct static_file *file =
      set->count == 0 ? NULL
                      : bsearch(&key, set->items, set->count, sizeof *set->items, compare_files);
  if (file == NULL || file->variants[PLAIN].fd < 0) {
    otherwise(exchange);
    return;
  }
  enum coding coding = choose(file, http_exchange_header(exchange, "Accept-Encoding"));
  if (!answer_unchanged(exchange, file->variants[coding].etag))
    send_file(exchange, file, coding);
}

/* ------------------------------------------------------------ docs/, at its first request */

static void on_read(uv_work_t *work) {
  struct static_files *files = work->data;
  read_set(&files->docs, files->folder, DOCS);
}

static void after_read(uv_work_t *work, int status) {
  (void)status; /* never cancelled */
  struct static_files *files = work->data;
  struct api *api = files->api;
  files->docs_phase = DOCS_READ;
  while (files->waiting != NULL) {
    struct waiting *waiting = files->waiting;
    files->waiting = waiting->next;
    struct http_exchange *exchange = deferred_finish(waiting->deferred);
    if (exchange != NULL)
      answer_from(&files->docs, exchange, waiting->path, waiting->otherwise);
    free(waiting);
  }
  api_release(api); /* may free the files */
}

static void wait_for_docs(struct static_files *files, struct request *request, const char *path,
                          static_files_otherwise otherwise) {
  struct waiting *waiting = mem_alloc(sizeof *waiting);
  str_copy(waiting->path, sizeof waiting->path, path);
  waiting->otherwise = otherwise;
  waiting->deferred = deferred_start(request);
  waiting->next = files->waiting;
  files->waiting = waiting;
  if (files->docs_phase == DOCS_READING)
    return;
  files->docs_phase = DOCS_READING;
  files->api = request->api;
  files->api->waiting++;
  files->reading.data = files;
  uv_queue_work(engine_options(request->api->engine)->loop, &files->reading, on_read, after_read);
}

void static_files_answer(struct static_files *files, struct request *request, const char *path,
                         static_files_otherwise otherwise) {
  bool is_docs = str_starts_with(path, "/docs/");
  if (is_docs && files->folder != NULL && files->docs_phase != DOCS_READ)
    wait_for_docs(files, request, path, otherwise);
  else
    answer_from(is_docs ? &files->docs : &files->page, request->exchange, path, otherwise);
}
