/* The history on the disk in figures: what it weighs, how it grows, its copies. The
 * loop takes what it knows, a reader thread writes the rest. */
#ifndef API_SETUP_STORAGE_FACTS_H
#define API_SETUP_STORAGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json_write.h"
#include "engine/engine.h"

/* Texts belong to the engine's options, which outlive every request. */
struct storage_facts {
  const char *database_path; /* NULL: on a server, or in memory */
  const char *backup_dir;    /* NULL: none */
  int64_t interval_ms, retention_ms;
  size_t miners;
};

/* On the loop. */
struct storage_facts storage_facts_take(struct engine *engine);

/* Reads what the database knows and writes one object of it, under `key` (NULL: none).
 * Nothing is written when it fails. On a reader thread. */
bool storage_facts_write(struct json_write *json, const char *key,
                         const struct storage_facts *facts, struct db *db, struct err *err);

#endif
