#include "api/route.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

const struct route *const route_tables[] = {
    miner_routes,    sample_routes,  history_routes, export_routes,  fleet_history_routes,
    fleet_routes,    alert_routes,   episode_routes, mute_routes,    rule_routes,
    drill_routes,    monitor_routes, legacy_routes,  metrics_routes, telegram_routes,
    glossary_routes, channel_routes, scan_routes,    setting_routes, support_routes,
    odds_routes,     record_routes,  raw_routes,     NULL,
};

bool route_match(const char *pattern, const char *path, struct route_params *params) {
  *params = (struct route_params){.at = {NULL}};
  int names = 0;
  for (; *pattern != '\0'; pattern++, path++) {
    if (*pattern == '{') {
      assert(names < ROUTE_PARAMS_MAX);
      size_t length = strcspn(path, "/");
      if (length == 0)
        return false;
      params->at[names] = path;
      params->length[names++] = length;
      pattern = strchr(pattern, '}');
      path += length - 1;
    } else if (*pattern != *path) {
      return false;
    }
  }
  return *path == '\0';
}

static void allow_add(struct buf *allow, const char *method) {
  if (allow->length > 0)
    buf_append_text(allow, ", ");
  buf_append_text(allow, method);
  if (strcmp(method, "GET") == 0)
    buf_append_text(allow, ", HEAD");
}

/* Some 60 patterns, most of which differ in the first twelve characters: walking
 * them costs a fraction of a microsecond, so there is no tree. */
const struct route *route_find(const char *method, const char *path, struct route_params *params,
                               struct buf *allow) {
  const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
  for (const struct route *const *table = route_tables; *table != NULL; table++) {
    for (const struct route *route = *table; route->method != NULL; route++) {
      if (!route_match(route->pattern, path, params))
        continue;
      if (strcmp(route->method, wanted) == 0)
        return route;
      allow_add(allow, route->method);
    }
  }
  if (allow->length > 0)
    buf_append_text(allow, ", OPTIONS");
  return NULL;
}
