#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/engine_parts.h"
#include "net/address.h"
#include "store/miner_store.h"

/* ------------------------------------------------------------ add */

/* One attempt to add: address checked -> device asked -> row written -> watched. */
struct add {
  struct engine *engine;
  struct miner miner;
  bool has_report;
  struct miner_report report;
  int64_t asked_ms, elapsed_ms;
  struct db_task task;
  engine_miner_done done;
  void *arg;
};

static void add_finish(struct add *add, struct fleet_miner *miner, const struct err *err) {
  add->done(miner, err, add->arg);
  free(add);
}

static void add_fail(struct add *add, enum err_code code, const char *text) {
  struct err err;
  err_set(&err, code, "%s", text);
  add_finish(add, NULL, &err);
}

static void ingest_first(struct add *add, struct fleet_miner *miner) {
  if (!add->has_report)
    return;
  struct reading reading = {.at_ms = add->asked_ms,
                            .offset_ms = (int32_t)add->elapsed_ms,
                            .elapsed_ms = add->elapsed_ms,
                            .report = &add->report};
  pipeline_ingest(add->engine->pipeline, miner, &reading);
}

static void on_inserted(struct db_task *task) {
  struct add *add = task->arg;
  struct engine *engine = add->engine;
  if (!task->ok) {
    add_finish(add, NULL, &task->err);
    return;
  }
  if (engine->stopping) {
    add_fail(add, ERR_UNAVAILABLE, "the monitor is stopping; the miner is saved");
    return;
  }
  struct fleet_miner *miner = fleet_add(engine->fleet, &add->miner);
  ingest_first(add, miner);
  poller_add(engine->poller, miner->miner.id, add->has_report);
  bus_publish(engine->bus,
              &(struct bus_event){.kind = BUS_MINER_ADDED, .miner_id = miner->miner.id});
  log_write(engine->options.log, LOG_INFO, "engine", "watching '%s' at %s", miner->miner.name,
            miner->miner.address);
  add_finish(add, miner, NULL);
}

static void run_insert(struct db_task *task, struct db *db) {
  struct add *add = task->arg;
  if (db != NULL)
    task->ok = miner_store_insert(db, &add->miner, &task->err);
}

static void add_name(struct add *add) {
  if (add->miner.name[0] != '\0')
    return;
  const struct miner_facts *facts = &add->miner.facts;
  const char *candidates[] = {facts->hostname, facts->model,
                              add->miner.address + strlen("http://")};
  for (size_t i = 0; i < 3 && add->miner.name[0] == '\0'; i++)
    str_copy(add->miner.name, sizeof add->miner.name, candidates[i]);
}

static void add_insert(struct add *add) {
  add_name(add);
  add->miner.created_ms = clock_wall_ms();
  add->task = (struct db_task){.run = run_insert, .done = on_inserted, .arg = add};
  db_threads_write(add->engine->db, &add->task);
}

static void on_moved_instead(struct fleet_miner *miner, const struct err *err, void *arg) {
  add_finish(arg, miner, err);
}

/* The device is known already: at this address that is a conflict, at a new one
 * it has moved and keeps its history. */
static void add_known(struct add *add, struct fleet_miner *known) {
  if (strcmp(known->miner.address, add->miner.address) == 0) {
    struct err err;
    err_set(&err, ERR_CONFLICT, "this miner is watched already, as '%s'", known->miner.name);
    add_finish(add, NULL, &err);
    return;
  }
  engine_move_miner(add->engine, known->miner.id, add->miner.address, on_moved_instead, add);
}

static bool add_read(struct add *add, const struct http_answer *answer, enum reason *reason) {
  struct err err = {0};
  *reason = poller_reason(answer);
  if (*reason != REASON_NONE)
    return false;
  if (!axeos_driver.parse(answer->body, answer->body_length, &add->report, reason, &err))
    return false;
  add->has_report = true;
  add->elapsed_ms = answer->elapsed_ms;
  add->miner.facts = add->report.facts;
  str_copy(add->miner.mac, sizeof add->miner.mac, add->report.facts.mac);
  return true;
}

static void on_verified(const struct http_answer *answer, void *arg) {
  struct add *add = arg;
  enum reason reason;
  if (answer->outcome == HTTP_CANCELLED) {
    add_fail(add, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
    return;
  }
  if (answer->outcome == HTTP_FORBIDDEN_ADDRESS) {
    add_fail(add, ERR_INVALID,
             "that name leads to an address outside your home network: only "
             "private addresses are asked");
    return;
  }
  if (!add_read(add, answer, &reason)) {
    const struct reason_facts *facts = reason_facts(reason);
    struct err err;
    err_set(&err, ERR_INVALID, "no miner answers at %s: %s. %s", add->miner.address, facts->text,
            facts->advice);
    add_finish(add, NULL, &err);
    return;
  }
  struct fleet_miner *known = fleet_find_mac(add->engine->fleet, add->miner.mac);
  if (known != NULL)
    add_known(add, known);
  else
    add_insert(add);
}

/* The address as we keep it, or the reason why not. */
static bool check_address(const struct engine *engine, const char *typed, char *url, size_t size,
                          struct err *err) {
  struct address address;
  char formatted[ADDRESS_URL_MAX];
  if (!address_parse(typed, &address, err))
    return false;
  enum address_scope scope = address_scope(address.host);
  if (scope == ADDRESS_PUBLIC && !engine->options.allow_public_miners)
    return err_set(
        err, ERR_INVALID,
        "%s is a public internet address: miners are asked only in your own network "
        "(10.x, 172.16-31.x, 192.168.x). Start with --allow-public-miners if you mean it",
        address.host);
  address_format(&address, formatted);
  str_copy(url, size, formatted);
  return true;
}

static bool check_name(const char *name, struct err *err) {
  if (strlen(name) >= MINER_NAME_MAX)
    return err_set(err, ERR_INVALID, "the name is too long: at most %d bytes", MINER_NAME_MAX - 1);
  if (!str_is_utf8(name, strlen(name)))
    return err_set(err, ERR_INVALID, "the name is not valid UTF-8 text");
  for (const char *c = name; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ' || *c == 0x7f)
      return err_set(err, ERR_INVALID, "the name has control characters in it");
  }
  return true;
}

void engine_add_miner(struct engine *engine, const struct engine_add *request,
                      engine_miner_done done, void *arg) {
  struct add *add = mem_alloc(sizeof *add);
  struct err err;
  const char *name = request->name == NULL ? "" : request->name;
  add->engine = engine;
  add->done = done;
  add->arg = arg;
  add->miner.demo = request->demo;
  if (engine->stopping) {
    add_fail(add, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
    return;
  }
  str_copy(add->miner.driver, sizeof add->miner.driver, axeos_driver.name);
  if (!check_name(name, &err) || !check_address(engine, request->address, add->miner.address,
                                                sizeof add->miner.address, &err)) {
    add_finish(add, NULL, &err);
    return;
  }
  str_copy(add->miner.name, sizeof add->miner.name, name);
  struct fleet_miner *same = fleet_find_address(engine->fleet, add->miner.address);
  if (same != NULL && !request->verify) {
    add_known(add, same);
    return;
  }
  if (!request->verify) {
    add_insert(add);
    return;
  }
  char url[MINER_ADDRESS_MAX + 64];
  snprintf(url, sizeof url, "%s%s", add->miner.address, axeos_driver.poll_path);
  add->asked_ms = clock_wall_ms();
  http_client_send(
      engine->http,
      &(struct http_call_options){.url = url, .home_only = !engine->options.allow_public_miners},
      on_verified, add);
}

/* ------------------------------------------------------------ change */

/* A change that is written first and shown when it is committed. */
struct change {
  struct engine *engine;
  int64_t id;
  bool moved;                   /* else renamed */
  char text[MINER_ADDRESS_MAX]; /* the new address or name */
  struct db_task task;
  engine_miner_done done;
  void *arg;
};

static void on_changed(struct db_task *task) {
  struct change *change = task->arg;
  struct engine *engine = change->engine;
  struct fleet_miner *miner = fleet_find(engine->fleet, change->id);
  struct err gone;
  const struct err *err = task->ok ? NULL : &task->err;
  if (task->ok && miner == NULL) {
    err_set(&gone, ERR_NOT_FOUND, "the miner was removed meanwhile");
    err = &gone;
  }
  if (err == NULL) {
    if (change->moved)
      str_copy(miner->miner.address, sizeof miner->miner.address, change->text);
    else
      str_copy(miner->miner.name, sizeof miner->miner.name, change->text);
    fleet_touch(engine->fleet, miner);
    if (change->moved && engine->poller != NULL)
      poller_restart(engine->poller, miner->miner.id);
    bus_publish(engine->bus,
                &(struct bus_event){.kind = BUS_MINER_CHANGED, .miner_id = miner->miner.id});
  }
  if (change->done != NULL)
    change->done(err == NULL ? miner : NULL, err, change->arg);
  free(change);
}

static void run_change(struct db_task *task, struct db *db) {
  struct change *change = task->arg;
  if (db == NULL)
    return;
  task->ok = (change->moved ? miner_store_move : miner_store_rename)(db, change->id, change->text,
                                                                     &task->err);
}

/* `done` may be NULL. */
static void write_change(struct engine *engine, struct change change) {
  struct change *kept = mem_alloc(sizeof *kept);
  *kept = change;
  kept->engine = engine;
  kept->task = (struct db_task){.run = run_change, .done = on_changed, .arg = kept};
  db_threads_write(engine->db, &kept->task);
}

static void write_move(struct engine *engine, int64_t id, const char *address,
                       engine_miner_done done, void *arg) {
  struct change change = {.id = id, .moved = true, .done = done, .arg = arg};
  str_copy(change.text, sizeof change.text, address);
  write_change(engine, change);
}

static struct fleet_miner *get_miner(struct engine *engine, int64_t id, struct err *err) {
  struct fleet_miner *miner = fleet_find(engine->fleet, id);
  if (miner == NULL)
    err_set(err, ERR_NOT_FOUND, "there is no miner with the number %lld", (long long)id);
  return miner;
}

void engine_rename_miner(struct engine *engine, int64_t id, const char *name,
                         engine_miner_done done, void *arg) {
  struct err err;
  struct fleet_miner *miner = get_miner(engine, id, &err);
  if (miner == NULL || !check_name(name, &err)) {
    done(NULL, &err, arg);
    return;
  }
  if (name[0] == '\0') {
    err_set(&err, ERR_INVALID, "the name is empty: give the miner a name");
    done(NULL, &err, arg);
    return;
  }
  struct change change = {.id = id, .done = done, .arg = arg};
  str_copy(change.text, sizeof change.text, name);
  write_change(engine, change);
}

void engine_move_miner(struct engine *engine, int64_t id, const char *address,
                       engine_miner_done done, void *arg) {
  struct err err;
  char url[MINER_ADDRESS_MAX];
  struct fleet_miner *miner = get_miner(engine, id, &err);
  if (miner == NULL || !check_address(engine, address, url, sizeof url, &err)) {
    done(NULL, &err, arg);
    return;
  }
  struct fleet_miner *other = fleet_find_address(engine->fleet, url);
  if (other != NULL && other != miner) {
    err_set(&err, ERR_CONFLICT, "'%s' is watched at %s already", other->miner.name, url);
    done(NULL, &err, arg);
    return;
  }
  write_move(engine, id, url, done, arg);
}

void engine_miners_met_other(struct fleet_miner *asked, struct fleet_miner *there, void *arg) {
  struct engine *engine = arg;
  if (there->memory.misses == 0)
    return; /* it answers where it is: two addresses of one device, or an impostor */
  log_write(engine->options.log, LOG_INFO, "engine",
            "'%s' answers at %s, where '%s' was: they exchange addresses", there->miner.name,
            asked->miner.address, asked->miner.name);
  write_move(engine, there->miner.id, asked->miner.address, NULL, NULL);
  write_move(engine, asked->miner.id, there->miner.address, NULL, NULL);
}

void engine_miners_found(struct fleet_miner *miner, const char *url, void *arg) {
  struct engine *engine = arg;
  struct fleet_miner *asked = fleet_find_address(engine->fleet, url);
  if (asked == miner)
    return; /* it is back where it was */
  if (asked != NULL) {
    engine_miners_met_other(asked, miner, engine);
    return;
  }
  log_write(engine->options.log, LOG_INFO, "engine", "'%s' has moved from %s to %s",
            miner->miner.name, miner->miner.address, url);
  write_move(engine, miner->miner.id, url, NULL, NULL);
}

/* ------------------------------------------------------------ remove, poll */

struct removal {
  struct engine *engine;
  int64_t id;
  struct db_task task;
  void (*done)(const struct err *err, void *arg);
  void *arg;
};

static void on_removed(struct db_task *task) {
  struct removal *removal = task->arg;
  struct engine *engine = removal->engine;
  if (task->ok) {
    if (engine->poller != NULL)
      poller_remove(engine->poller, removal->id);
    if (!engine->stopping)
      desk_forget_miner(engine->alerting->desk, removal->id);
    fleet_remove(engine->fleet, removal->id);
    bus_publish(engine->bus,
                &(struct bus_event){.kind = BUS_MINER_REMOVED, .miner_id = removal->id});
  }
  removal->done(task->ok ? NULL : &task->err, removal->arg);
  free(removal);
}

static void run_remove(struct db_task *task, struct db *db) {
  struct removal *removal = task->arg;
  if (db != NULL)
    task->ok = miner_store_remove(db, removal->id, clock_wall_ms(), &task->err);
}

void engine_remove_miner(struct engine *engine, int64_t id,
                         void (*done)(const struct err *err, void *arg), void *arg) {
  struct err err;
  if (get_miner(engine, id, &err) == NULL) {
    done(&err, arg);
    return;
  }
  struct removal *removal = mem_alloc(sizeof *removal);
  *removal = (struct removal){.engine = engine, .id = id, .done = done, .arg = arg};
  removal->task = (struct db_task){.run = run_remove, .done = on_removed, .arg = removal};
  db_threads_write(engine->db, &removal->task);
}

struct poll_request {
  struct engine *engine;
  int64_t id;
  engine_miner_done done;
  void *arg;
};

static void on_polled(void *arg) {
  struct poll_request *request = arg;
  struct err err;
  struct fleet_miner *miner = get_miner(request->engine, request->id, &err);
  request->done(miner, miner == NULL ? &err : NULL, request->arg);
  free(request);
}

void engine_poll_miner(struct engine *engine, int64_t id, engine_miner_done done, void *arg) {
  struct poll_request *request = mem_alloc(sizeof *request);
  *request = (struct poll_request){.engine = engine, .id = id, .done = done, .arg = arg};
  poller_ask_now(engine->poller, id, on_polled, request);
}
