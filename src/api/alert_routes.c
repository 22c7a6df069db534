/* /api/v1/alerts: what fires now (live) and what was raised and cleared before
 * (stored). The plan writes the live part and takes the miners' names with it,
 * so that the reader thread needs nothing of the fleet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "api/param.h"
#include "api/render.h"
#include "base/str.h"
#include "store/alert_store.h"

struct name {
  int64_t id;
  char text[MINER_NAME_MAX];
};

struct alert_plan {
  int64_t miner_id;  /* 0: all */
  int64_t before_id; /* 0: from the newest */
  int64_t limit;
  struct name *names; /* ordered by id */
  size_t name_count;
  const char *firing; /* JSON array */
  size_t firing_length;
};

/* ------------------------------------------------------------ plan (loop) */

static void take_names(struct alert_plan *plan, struct fleet *fleet, struct arena *arena) {
  plan->name_count = fleet_count(fleet);
  plan->names = arena_alloc(arena, (plan->name_count + 1) * sizeof(struct name));
  for (size_t i = 0; i < plan->name_count; i++) {
    const struct miner *miner = &fleet_at(fleet, i)->miner;
    plan->names[i].id = miner->id;
    str_copy(plan->names[i].text, sizeof plan->names[i].text, miner->name);
  }
}

static void take_firing(struct alert_plan *plan, struct fleet *fleet, struct arena *arena) {
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_array(&json, NULL);
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    if (plan->miner_id == 0 || plan->miner_id == miner->miner.id)
      render_firing(&json, miner);
  }
  json_write_array_end(&json);
  plan->firing = arena_strndup(arena, body.data, body.length);
  plan->firing_length = body.length;
  buf_finish(&body);
}

static bool plan_alerts(struct request *request, struct stored_job *job) {
  struct http_exchange *exchange = request->exchange;
  struct alert_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct fleet_miner *miner;
  struct err err;
  plan->limit = 100;
  if (!input_query_miner(request, &miner))
    return false;
  if (!param_count("limit", http_exchange_query(exchange, "limit"), (struct param_range){1, 1000},
                   &plan->limit, &err) ||
      !param_id_cursor(http_exchange_query(exchange, "cursor"), &plan->before_id, &err)) {
    answer_err(exchange, &err);
    return false;
  }
  plan->miner_id = miner == NULL ? 0 : miner->miner.id;
  struct fleet *fleet = engine_fleet(request->api->engine);
  take_names(plan, fleet, &job->arena);
  take_firing(plan, fleet, &job->arena);
  job->plan = plan;
  return true;
}

/* ------------------------------------------------------------ query (reader thread) */

struct visit {
  const struct alert_plan *plan;
  struct json_write json;
  int64_t written, last_id;
  bool more;
};

static int compare_id(const void *key, const void *entry) {
  int64_t id = *(const int64_t *)key, other = ((const struct name *)entry)->id;
  return (id > other) - (id < other);
}

static const char *name_of(const struct alert_plan *plan, int64_t id) {
  const struct name *name =
      bsearch(&id, plan->names, plan->name_count, sizeof *plan->names, compare_id);
  return name == NULL ? NULL : name->text;
}

static bool on_event(int64_t id, const struct alert_event *event, void *arg) {
  struct visit *visit = arg;
  if (visit->written == visit->plan->limit) {
    visit->more = true;
    return false;
  }
  render_alert_event(&visit->json, NULL, id, name_of(visit->plan, event->miner_id), event);
  visit->written++;
  visit->last_id = id;
  return true;
}

/* The store gives a thousand at most, so a page of that many asks for the one
 * that tells whether there is more in a second step. */
static bool look_beyond(struct visit *visit, struct db *db, struct err *err) {
  if (visit->more || visit->written < visit->plan->limit)
    return true;
  return alert_store_events(db, visit->plan->miner_id, visit->last_id, 1, on_event, visit, err);
}

static bool query_alerts(struct stored_job *job, struct db *db, struct err *err) {
  const struct alert_plan *plan = job->plan;
  struct visit visit = {.plan = plan};
  json_write_init(&visit.json, &job->body);
  json_write_object(&visit.json, NULL);
  json_write_raw(&visit.json, "firing", plan->firing, plan->firing_length);
  json_write_array(&visit.json, "items");
  if (!alert_store_events(db, plan->miner_id, plan->before_id, (int)plan->limit, on_event, &visit,
                          err) ||
      !look_beyond(&visit, db, err))
    return false;
  json_write_array_end(&visit.json);
  char next[32];
  snprintf(next, sizeof next, "%" PRId64, visit.last_id);
  json_write_text(&visit.json, "next", visit.more ? next : NULL);
  json_write_object_end(&visit.json);
  return true;
}

const struct route alert_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/alerts", .plan = plan_alerts, .query = query_alerts},
    {0},
};
