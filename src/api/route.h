/* What a route is: one line in a table. A handler's author picks one word:
 *
 *  ROUTE_LIVE    answers from the state cache, on the loop; or begins a stream
 *  ROUTE_STORED  `plan` (loop) reads the request and takes what it needs of the
 *                live state, `query` (reader thread) makes the body; the exchange
 *                is suspended meanwhile
 *  ROUTE_WRITE   changes something: guarded against other sites' pages; handed
 *                to the engine, which answers later through a `struct deferred`
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/http_server.h"

struct api;
struct db;

struct request {
  struct api *api;
  struct http_exchange *exchange;
  const char *param;  /* what stands for the {name} in the pattern; "" when there is none */
  const char *second; /* for its second {name}; "" when there is none */
};

/* The work of one stored request. */
struct stored_job {
  struct arena arena;      /* for the plan; lives as long as the job */
  void *plan;              /* what `plan` made for `query` */
  void (*release)(void *); /* frees what the plan holds outside the arena; may be NULL */
  bool needs_db;           /* false: `query` is run even while the database is away */
  bool walks;              /* `query` takes seconds: one such at a time, beside the others */
  bool tagged;             /* the answer gets an ETag of its content: 304 where it is known */
  struct buf body;         /* JSON, written by `query` */
};

enum route_kind { ROUTE_LIVE, ROUTE_STORED, ROUTE_WRITE };

struct route {
  enum route_kind kind;
  const char *method;
  const char *pattern; /* "/api/v1/miners/{id}": two {name}s at most, each a whole segment */

  /* ROUTE_LIVE and ROUTE_WRITE: answers, or suspends and answers later. */
  void (*answer)(struct request *request);

  /* ROUTE_STORED. `plan` returns false when it has answered already (bad input);
   * `query` sees nothing but the job and the database (NULL when !needs_db and
   * it is away). */
  bool (*plan)(struct request *request, struct stored_job *job);
  bool (*query)(struct stored_job *job, struct db *db, struct err *err);
};

/* Each table ends with an entry whose method is NULL. */
extern const struct route alert_routes[];
extern const struct route channel_routes[];
extern const struct route drill_routes[];
extern const struct route episode_routes[];
extern const struct route export_routes[];
extern const struct route fleet_history_routes[];
extern const struct route fleet_routes[];
extern const struct route glossary_routes[];
extern const struct route history_routes[];
extern const struct route legacy_routes[];
extern const struct route metrics_routes[];
extern const struct route miner_routes[];
extern const struct route monitor_routes[];
extern const struct route mute_routes[];
extern const struct route odds_routes[];
extern const struct route raw_routes[];
extern const struct route record_routes[];
extern const struct route rule_routes[];
extern const struct route sample_routes[];
extern const struct route scan_routes[];
extern const struct route setting_routes[];
extern const struct route support_routes[];
extern const struct route telegram_routes[];

/* NULL-terminated. */
extern const struct route *const route_tables[];

/* Where the values of a pattern's {name}s are in the path: not ended by NUL. */
enum { ROUTE_PARAMS_MAX = 2 };
struct route_params {
  const char *at[ROUTE_PARAMS_MAX]; /* NULL: the pattern has no such name */
  size_t length[ROUTE_PARAMS_MAX];
};

/* True when the path fits the pattern; `params` is filled then. */
bool route_match(const char *pattern, const char *path, struct route_params *params);

/* The route for method and path. NULL when there is none; then `allow` lists the
 * methods that the path has ("GET, HEAD, OPTIONS"), empty for an unknown path.
 * HEAD finds the GET route. */
const struct route *route_find(const char *method, const char *path, struct route_params *params,
                               struct buf *allow);

#endif
