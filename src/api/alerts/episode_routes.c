/* /api/v1/alerts/episodes and /api/v1/alerts/{id}: what was in trouble from when to
 * when, who was told, and what people said about it. */
#include <inttypes.h>
#include <stdio.h>

#include "api/alerts/alert_json.h"
#include "api/answer.h"
#include "api/api_state.h"
#include "api/input.h"
#include "api/param.h"
#include "base/str.h"
#include "store/alert_store.h"
#include "store/alerts/delivery_store.h"

static const char somebody[] = "somebody at the dashboard";

/* Names of miners for the reader thread, which does not see the fleet. */
struct name {
  int64_t id;
  char text[MINER_NAME_MAX];
};
struct names {
  struct name *items; /* ordered by id */
  size_t count;
};

static void take_names(struct names *names, struct fleet *fleet, struct arena *arena) {
  names->count = fleet_count(fleet);
  names->items = arena_alloc(arena, (names->count + 1) * sizeof *names->items);
  for (size_t i = 0; i < names->count; i++) {
    const struct miner *miner = &fleet_at(fleet, i)->miner;
    names->items[i].id = miner->id;
    str_copy(names->items[i].text, sizeof names->items[i].text, miner->name);
  }
}

static const char *name_of(const struct names *names, int64_t id) {
  size_t low = 0, high = names->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (names->items[middle].id == id)
      return names->items[middle].text;
    if (names->items[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* ------------------------------------------------------------ the list */

struct list_plan {
  struct episode_query query;
  struct names names;
};

static bool read_state(const char *text, enum episode_state *state, struct err *err) {
  if (text == NULL || str_equal(text, "any"))
    *state = EPISODE_ANY;
  else if (str_equal(text, "open"))
    *state = EPISODE_IS_OPEN;
  else if (str_equal(text, "closed"))
    *state = EPISODE_IS_CLOSED;
  else
    return err_set(err, ERR_INVALID, "`state` must be open, closed or any");
  return true;
}

static bool read_rule(const char *text, int *out, struct err *err) {
  enum alert_rule rule;
  if (text == NULL)
    return true;
  if (!alert_rule_find(text, &rule))
    return err_set(err, ERR_INVALID, "there is no rule '%.40s'; /api/v1/rules lists them", text);
  *out = (int)rule;
  return true;
}

static bool plan_list(struct request *request, struct stored_job *job) {
  struct http_exchange *exchange = request->exchange;
  struct list_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct fleet_miner *miner;
  struct err err;
  int64_t limit = 100;
  if (!input_query_miner(request, &miner))
    return false;
  plan->query = (struct episode_query){.miner_id = miner == NULL ? EPISODE_ALL : miner->miner.id,
                                       .rule = EPISODE_ALL};
  if (!param_count("limit", http_exchange_query(exchange, "limit"), (struct param_range){1, 999},
                   &limit, &err) ||
      !param_id_cursor(http_exchange_query(exchange, "cursor"), &plan->query.before_id, &err) ||
      !read_state(http_exchange_query(exchange, "state"), &plan->query.state, &err) ||
      !read_rule(http_exchange_query(exchange, "rule"), &plan->query.rule, &err)) {
    answer_err(exchange, &err);
    return false;
  }
  plan->query.limit = (int)limit + 1; /* the one beyond tells that there is more */
  take_names(&plan->names, engine_fleet(request->api->engine), &job->arena);
  job->plan = plan;
  return true;
}

struct listing {
  const struct list_plan *plan;
  struct json_write json;
  int written;
  int64_t last_id;
  bool more;
};

static bool list_one(const struct episode *episode, void *arg) {
  struct listing *listing = arg;
  listing->more = listing->written == listing->plan->query.limit - 1;
  if (listing->more)
    return false;
  alert_json_episode(&listing->json, NULL, episode,
                     name_of(&listing->plan->names, episode->miner_id));
  listing->written++;
  listing->last_id = episode->id;
  return true;
}

static bool query_list(struct stored_job *job, struct db *db, struct err *err) {
  struct listing listing = {.plan = job->plan};
  json_write_init(&listing.json, &job->body);
  json_write_object(&listing.json, NULL);
  json_write_array(&listing.json, "items");
  if (!episode_store_each(db, &listing.plan->query, list_one, &listing, err))
    return false;
  json_write_array_end(&listing.json);
  char next[32];
  snprintf(next, sizeof next, "%" PRId64, listing.last_id);
  json_write_text(&listing.json, "next", listing.more ? next : NULL);
  json_write_object_end(&listing.json);
  return true;
}

/* ------------------------------------------------------------ one */

struct one_plan {
  int64_t id;
  struct names names;
};

static bool plan_one(struct request *request, struct stored_job *job) {
  struct one_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  struct err err;
  if (!param_id(request->param, &plan->id, &err)) {
    answer_err(request->exchange, &err);
    return false;
  }
  take_names(&plan->names, engine_fleet(request->api->engine), &job->arena);
  job->plan = plan;
  return true;
}

static bool write_event(int64_t id, const struct alert_event *event, void *arg) {
  struct json_write *json = arg;
  (void)id;
  json_write_object(json, NULL);
  json_write_text(json, "kind", alert_event_kind_name(event->kind));
  json_write_time(json, "at", event->at_ms);
  json_write_number(json, "value", event->value, 3);
  json_write_number(json, "worst", event->worst, 3);
  json_write_object_end(json);
  return true;
}

static void write_delivery(const struct delivery *delivery, void *arg) {
  struct json_write *json = arg;
  json_write_object(json, NULL);
  json_write_text(json, "channel", delivery->channel);
  json_write_text(json, "text", delivery->text);
  json_write_bool(json, "update", delivery->update);
  json_write_time(json, "created_at", delivery->created_ms);
  json_write_time(json, "delivered_at", delivery->delivered_ms);
  json_write_time(json, "given_up_at", delivery->given_up_ms);
  json_write_i64(json, "attempts", delivery->attempts);
  json_write_text(json, "error", delivery->error);
  json_write_object_end(json);
}

static void write_note(const struct episode_note *note, void *arg) {
  alert_json_note(arg, NULL, note);
}

static bool query_one(struct stored_job *job, struct db *db, struct err *err) {
  const struct one_plan *plan = job->plan;
  struct episode episode;
  struct json_write json;
  if (!episode_store_get(db, plan->id, &episode, err))
    return false;
  json_write_init(&json, &job->body);
  json_write_object(&json, NULL);
  alert_json_episode(&json, "episode", &episode, name_of(&plan->names, episode.miner_id));
  json_write_array(&json, "events");
  if (!alert_store_episode_events(db, episode.id, write_event, &json, err))
    return false;
  json_write_array_end(&json);
  json_write_array(&json, "deliveries");
  if (!delivery_store_each(db, episode.told_with, write_delivery, &json, err))
    return false;
  json_write_array_end(&json);
  json_write_array(&json, "notes");
  if (!episode_store_notes(db, episode.id, write_note, &json, err))
    return false;
  json_write_array_end(&json);
  json_write_object_end(&json);
  return true;
}

/* ------------------------------------------------------------ what people say */

/* The body is optional where only a name may be given. */
static bool has_body(struct request *request) {
  size_t length;
  http_exchange_body(request->exchange, &length);
  return length > 0;
}

static void answer_episode(struct request *request, const struct episode *episode) {
  struct json_write json;
  struct buf body;
  buf_init(&body);
  json_write_init(&json, &body);
  alert_json_episode(&json, NULL, episode,
                     alert_json_miner_name(engine_fleet(request->api->engine), episode->miner_id));
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void acknowledge(struct request *request) {
  struct desk *desk = engine_desk(request->api->engine);
  struct json *body = NULL;
  const char *by = somebody;
  struct err err;
  int64_t id = 0;
  if (has_body(request) && (body = input_body(request)) == NULL)
    return;
  bool ok = param_id(request->param, &id, &err) &&
            (body == NULL || input_text(body, "by", INPUT_OPTIONAL, &by, &err)) &&
            desk_acknowledge(desk, id, by, &err);
  if (ok)
    answer_episode(request, desk_find_open(desk, id));
  else
    answer_err(request->exchange, &err);
  json_free(body);
}

static void add_note(struct request *request) {
  struct json *body = input_body(request);
  if (body == NULL)
    return;
  const char *by = somebody, *text = "";
  struct episode_note note;
  struct err err;
  int64_t id = 0;
  bool ok = param_id(request->param, &id, &err) &&
            input_text(body, "by", INPUT_OPTIONAL, &by, &err) &&
            input_text(body, "text", INPUT_REQUIRED, &text, &err) &&
            desk_note(engine_desk(request->api->engine), id, by, text, &note, &err);
  if (ok) {
    struct json_write json;
    struct buf answer;
    char location[64];
    buf_init(&answer);
    json_write_init(&json, &answer);
    alert_json_note(&json, NULL, &note);
    snprintf(location, sizeof location, "/api/v1/alerts/%" PRId64, id);
    answer_created(request->exchange, location, &answer);
    buf_finish(&answer);
  } else {
    answer_err(request->exchange, &err);
  }
  json_free(body);
}

const struct route episode_routes[] = {
    {ROUTE_STORED, "GET", "/api/v1/alerts/episodes", .plan = plan_list, .query = query_list},
    {ROUTE_STORED, "GET", "/api/v1/alerts/{id}", .plan = plan_one, .query = query_one},
    {ROUTE_WRITE, "POST", "/api/v1/alerts/{id}/acknowledge", .answer = acknowledge},
    {ROUTE_WRITE, "POST", "/api/v1/alerts/{id}/notes", .answer = add_note},
    {0},
};
