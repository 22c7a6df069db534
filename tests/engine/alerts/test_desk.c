/* Rules, desk, teller and pipeline together over a real SQLite file: what becomes of
 * an event in memory, in the database, and in the messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "engine/alerts/alerting.h"
#include "engine/batch.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

enum { MINERS = 5 };

struct bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  uv_loop_t loop;
  struct fleet *fleet;
  struct bus *bus;
  struct db_threads *db;
  struct channels *channels;
  struct alerting *alerting;
  struct pipeline *pipeline;
  int64_t first_ms;
};

static struct db *open_db(const struct bench *bench) {
  struct err err;
  struct db *db;
  if (!db_open(&db, bench->url, DB_READ_ONLY, &err))
    fail_msg("%s", err.text);
  return db;
}

static int64_t number(const struct bench *bench, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  struct db *db = open_db(bench);
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  db_close(db);
  return value;
}

static void read_text(const struct bench *bench, const char *sql, char *text, size_t size) {
  struct err err;
  struct db_cursor *cursor;
  struct db *db = open_db(bench);
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  snprintf(text, size, "%s", db_cursor_text(cursor, 0));
  db_cursor_close(cursor);
  db_close(db);
}

static void newest_text(const struct bench *bench, char *text, size_t size) {
  read_text(bench, "SELECT text FROM outbox ORDER BY id DESC LIMIT 1", text, size);
}

static void assert_contains(const char *text, const char *part) {
  if (strstr(text, part) == NULL)
    fail_msg("'%s' is not in '%s'", part, text);
}

static void begin(struct bench *bench) {
  struct err err;
  struct db_threads_options threads = {.url = bench->url};
  bench->bus = bus_create();
  bench->fleet = fleet_create();
  assert_true(db_threads_start(&bench->db, &bench->loop, &threads, &err));
  for (int i = 1; i <= MINERS; i++) {
    struct miner miner = {.id = i, .driver = "axeos"};
    snprintf(miner.name, sizeof miner.name, "Miner %d", i);
    snprintf(miner.address, sizeof miner.address, "http://127.0.0.1:%d", i);
    fleet_add(bench->fleet, &miner);
  }
  assert_true(channels_create(&bench->channels,
                              &(struct channels_options){.db = bench->db,
                                                         .telegram_token = "1:secret",
                                                         .telegram_chat = "42"},
                              &err));
  bench->alerting = alerting_create(&bench->loop, bench->fleet, bench->channels, bench->url);
  struct db *db = open_db(bench);
  if (!channels_load(bench->channels, db, &err) || !alerting_load(bench->alerting, db, &err))
    fail_msg("%s", err.text);
  db_close(db);
  bench->pipeline = pipeline_create(&(struct pipeline_options){.loop = &bench->loop,
                                                               .fleet = bench->fleet,
                                                               .bus = bench->bus,
                                                               .db = bench->db,
                                                               .desk = bench->alerting->desk,
                                                               .interval_ms = 10000});
  alerting_start(bench->alerting, bench->pipeline);
}

static void set_flag(void *arg) {
  *(bool *)arg = true;
}

static bool is_set(void *arg) {
  return *(bool *)arg;
}

static void end(struct bench *bench) {
  bool drained = false;
  alerting_quiet(bench->alerting);
  pipeline_drain(bench->pipeline, set_flag, &drained);
  assert_true(wait_until_loop(&bench->loop, is_set, &drained));
  db_threads_stop(bench->db);
  pipeline_close(bench->pipeline);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  alerting_destroy(bench->alerting);
  channels_destroy(bench->channels);
  fleet_destroy(bench->fleet);
  bus_destroy(bench->bus);
}

/* As after a restart of the program. */
static void restart(struct bench *bench) {
  end(bench);
  begin(bench);
}

static int setup(void **state) {
  struct bench *bench = calloc(1, sizeof *bench);
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  uv_loop_init(&bench->loop);
  bench->first_ms = clock_wall_ms() - 60000;
  begin(bench);
  *state = bench;
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  end(bench);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return 0;
}

static bool is_saved(void *arg) {
  struct pipeline_state state;
  pipeline_state(arg, &state);
  return state.unsaved == 0 && batch_is_empty(pipeline_batch(arg));
}

/* One more round through the writer, so that what was sent to it is there. */
static void run_nothing(struct db_task *task, struct db *db) {
  task->ok = db != NULL;
}

static void on_nothing(struct db_task *task) {
  *(bool *)task->arg = true;
}

static void settle(struct bench *bench) {
  bool done = false;
  pipeline_commit(bench->pipeline, true);
  assert_true(wait_until_loop(&bench->loop, is_saved, bench->pipeline));
  struct db_task task = {.run = run_nothing, .done = on_nothing, .arg = &done};
  db_threads_write(bench->db, &task);
  assert_true(wait_until_loop(&bench->loop, is_set, &done));
}

static void ingest(struct bench *bench, int64_t miner_id, int64_t after_ms, double chip_c) {
  struct miner_report report = {0};
  sample_init(&report.sample, 0);
  vitals_init(&report.vitals);
  report.sample.state = STATE_HASHING;
  report.sample.values[METRIC_HASHRATE_GHS] = 1000 + (double)(after_ms % 7);
  report.sample.values[METRIC_CHIP_TEMP_C] = chip_c;
  report.sample.values[METRIC_UPTIME_S] = 86400 + (double)after_ms / 1000;
  pipeline_ingest(
      bench->pipeline, fleet_find(bench->fleet, miner_id),
      &(struct reading){.at_ms = bench->first_ms + after_ms, .elapsed_ms = 40, .report = &report});
}

static void miss(struct bench *bench, int64_t miner_id, int64_t after_ms) {
  pipeline_ingest(
      bench->pipeline, fleet_find(bench->fleet, miner_id),
      &(struct reading){.at_ms = bench->first_ms + after_ms, .reason = REASON_HOST_GONE});
}

/* Two readings above the limit, which is 70 °C without a board. */
static void heat(struct bench *bench, int64_t miner_id) {
  ingest(bench, miner_id, 0, 80);
  ingest(bench, miner_id, 10000, 81);
}

static void cool(struct bench *bench, int64_t miner_id) {
  ingest(bench, miner_id, 20000, 50);
  ingest(bench, miner_id, 30000, 50);
}

static void lose(struct bench *bench, int64_t miner_id) {
  ingest(bench, miner_id, 0, 50);
  for (int64_t after_ms = 10000; after_ms <= 40000; after_ms += 10000)
    miss(bench, miner_id, after_ms);
}

/* ------------------------------------------------------------ episodes */

static void an_alert_is_an_episode_with_its_events_and_messages(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;

  heat(bench, 1);
  settle(bench);

  assert_int_equal(desk_open_count(desk), 1);
  int64_t id = desk_open_at(desk, 0)->id;
  assert_int_equal(number(bench, "SELECT id FROM episode WHERE cleared_ms IS NULL"), id);
  assert_int_equal(number(bench, "SELECT episode_id FROM alert_event"), id);
  assert_int_equal(number(bench, "SELECT episode_id FROM outbox"), id);
  assert_int_equal(number(bench, "SELECT episode_id FROM alert_state WHERE phase = 2"), id);

  cool(bench, 1);
  settle(bench);

  assert_int_equal(desk_open_count(desk), 0);
  assert_int_equal(number(bench, "SELECT closed_why FROM episode"), EPISODE_OVER);
  assert_int_equal(number(bench, "SELECT worst FROM episode"), 81);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM alert_event"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 2);
}

static void an_episode_goes_on_after_a_restart(void **state) {
  struct bench *bench = *state;
  heat(bench, 1);
  settle(bench);
  int64_t id = desk_open_at(bench->alerting->desk, 0)->id;

  restart(bench);
  assert_int_equal(desk_open_count(bench->alerting->desk), 1);
  cool(bench, 1);
  settle(bench);

  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode"), 1);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM alert_event WHERE kind = 2"), 1);
  assert_int_equal(number(bench, "SELECT id FROM episode WHERE closed_why = 1"), id);
}

static void a_miner_that_is_removed_takes_its_episodes_along(void **state) {
  struct bench *bench = *state;
  heat(bench, 1);

  desk_forget_miner(bench->alerting->desk, 1);
  settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
  assert_int_equal(number(bench, "SELECT closed_why FROM episode"), EPISODE_MINER_GONE);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 1);
}

/* ------------------------------------------------------------ people */

static void whoever_knows_is_named_and_nobody_is_reminded(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  char text[2000];
  heat(bench, 1);
  int64_t id = desk_open_at(desk, 0)->id;

  assert_true(desk_acknowledge(desk, id, "Ann", &err));
  settle(bench);

  assert_string_equal(desk_find_open(desk, id)->acknowledged_by, "Ann");
  assert_int_equal(fleet_find(bench->fleet, 1)->alerts[ALERT_CHIP_TEMP].phase, ALERT_ACKNOWLEDGED);
  assert_int_equal(number(bench, "SELECT phase FROM alert_state"), ALERT_ACKNOWLEDGED);
  newest_text(bench, text, sizeof text);
  assert_contains(text, "Ann knows about it");
  assert_false(desk_acknowledge(desk, id, "Bob", &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_false(desk_acknowledge(desk, id + 1, "Bob", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void an_acknowledgement_outlives_a_restart(void **state) {
  struct bench *bench = *state;
  struct err err;
  heat(bench, 1);
  int64_t id = desk_open_at(bench->alerting->desk, 0)->id;
  assert_true(desk_acknowledge(bench->alerting->desk, id, "Ann", &err));
  settle(bench);

  restart(bench);

  assert_string_equal(desk_find_open(bench->alerting->desk, id)->acknowledged_by, "Ann");
  assert_int_equal(fleet_find(bench->fleet, 1)->alerts[ALERT_CHIP_TEMP].phase, ALERT_ACKNOWLEDGED);
}

static void what_is_muted_is_recorded_and_not_told(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  struct mute mute = {.miner_id = 1, .rule = ALERT_CHIP_TEMP, .author = "Ann"};
  mute.until_ms = clock_wall_ms() + 3600000;
  assert_true(desk_mute(desk, &mute, &err));

  heat(bench, 1);
  heat(bench, 2);
  settle(bench);

  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 1);
  restart(bench);
  assert_int_equal(desk_mute_count(bench->alerting->desk), 1);
  assert_true(desk_unmute(bench->alerting->desk, mute.id, &err));
  assert_false(desk_unmute(bench->alerting->desk, mute.id, &err));
}

static void the_end_of_what_nobody_was_told_is_not_told_either(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  struct mute mute = {.rule = MUTE_ALL_RULES, .until_ms = clock_wall_ms() + 3600000};
  assert_true(desk_mute(desk, &mute, &err));
  heat(bench, 1);
  assert_int_equal(desk_unmute_miner(desk, 0), 1);

  cool(bench, 1);
  settle(bench);

  assert_int_equal(number(bench, "SELECT COUNT(*) FROM alert_event"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 0);
}

static void mutes_that_make_no_sense_are_refused(void **state) {
  struct desk *desk = ((struct bench *)*state)->alerting->desk;
  int64_t now_ms = clock_wall_ms();
  struct err err;

  struct mute past = {.rule = MUTE_ALL_RULES, .until_ms = now_ms - 1};
  struct mute stranger = {.miner_id = 99, .rule = MUTE_ALL_RULES, .until_ms = now_ms + 1000};
  struct mute forever = {.rule = MUTE_ALL_RULES, .until_ms = INT64_MAX};

  assert_false(desk_mute(desk, &past, &err));
  assert_int_equal(err.code, ERR_INVALID);
  assert_false(desk_mute(desk, &stranger, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(desk_mute(desk, &forever, &err));
  assert_int_equal(err.code, ERR_INVALID);
}

static void a_note_is_kept_with_its_author(void **state) {
  struct bench *bench = *state;
  struct episode_note note;
  struct err err;

  assert_true(desk_note(bench->alerting->desk, 77, "Ann", "fan cleaned", &note, &err));
  assert_false(desk_note(bench->alerting->desk, 77, "Ann", "", &note, &err));
  settle(bench);

  assert_int_equal(number(bench, "SELECT episode_id FROM episode_note WHERE author = 'Ann'"), 77);
}

/* ------------------------------------------------------------ rules */

static void a_rule_that_is_changed_while_it_fires_is_judged_anew(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct alert_rule_setting setting;
  struct err err;
  heat(bench, 1);
  heat(bench, 2);
  alert_rule_setting_init(&setting, 1, ALERT_CHIP_TEMP);
  setting.limit = 90;

  assert_true(desk_set_rule(desk, &setting, &err));
  settle(bench);

  assert_int_equal(desk_open_count(desk), 1);
  assert_int_equal(desk_open_at(desk, 0)->miner_id, 2);
  assert_int_equal(number(bench, "SELECT closed_why FROM episode WHERE miner_id = 1"),
                   EPISODE_RULE_CHANGED);

  setting.limit = 75;
  assert_true(desk_set_rule(desk, &setting, &err));
  ingest(bench, 1, 20000, 80);
  ingest(bench, 1, 30000, 80);
  assert_int_equal(desk_open_count(desk), 2);
}

static void a_rule_that_is_switched_off_stays_off_after_a_restart(void **state) {
  struct bench *bench = *state;
  struct alert_rule_setting setting;
  struct err err;
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.enabled = 0;
  assert_true(desk_set_rule(bench->alerting->desk, &setting, &err));
  settle(bench);

  restart(bench);
  heat(bench, 1);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

static void settings_that_make_no_sense_are_refused(void **state) {
  struct desk *desk = ((struct bench *)*state)->alerting->desk;
  struct alert_rule_setting setting;
  struct err err;

  alert_rule_setting_init(&setting, 0, ALERT_OFFLINE);
  setting.limit = 5;
  assert_false(desk_set_rule(desk, &setting, &err));
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.hysteresis = -1;
  assert_false(desk_set_rule(desk, &setting, &err));
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.hold_ms = INT64_MAX;
  assert_false(desk_set_rule(desk, &setting, &err));
  assert_int_equal(err.code, ERR_INVALID);
}

/* ------------------------------------------------------------ groups */

static void miners_that_go_together_are_one_message_that_grows(void **state) {
  struct bench *bench = *state;
  char text[2000];

  lose(bench, 1);
  settle(bench);
  newest_text(bench, text, sizeof text);
  assert_contains(text, "Miner 1 is offline");
  for (int64_t id = 2; id <= MINERS; id++)
    lose(bench, id);
  settle(bench);

  newest_text(bench, text, sizeof text);
  assert_contains(text, "5 of 5 miners cannot be reached");
  assert_contains(text, "Miner 1, Miner 2, Miner 3, Miner 4 and Miner 5");
  assert_contains(text, "Probable cause: ");
  /* The four that followed came in one turn of the loop: one update tells them all. */
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox WHERE is_update = 1"), 1);
  assert_int_equal(number(bench, "SELECT COUNT(DISTINCT episode_id) FROM outbox"), 1);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode"), 5);
  assert_int_equal(number(bench, "SELECT COUNT(DISTINCT told_with) FROM episode"), 1);
}

static void miners_that_come_back_together_are_one_message_too(void **state) {
  struct bench *bench = *state;
  char text[2000];
  for (int64_t id = 1; id <= 3; id++)
    lose(bench, id);
  settle(bench);

  for (int64_t id = 1; id <= 3; id++)
    cool(bench, id); /* two good readings */
  for (int64_t id = 1; id <= 3; id++)
    ingest(bench, id, 50000, 50);
  settle(bench);

  newest_text(bench, text, sizeof text);
  assert_contains(text, "3 miners are back: Miner 1, Miner 2 and Miner 3");
  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

enum { MANY = 10000 };

/* Given ten thousand miners that get too hot in one turn of the loop. */
static void ten_thousand_transitions_at_once_are_all_kept_and_told_in_two_messages(void **state) {
  struct bench *bench = *state;
  char text[2000];
  for (int64_t id = MINERS + 1; id <= MANY; id++) {
    struct miner miner = {.id = id, .driver = "axeos"};
    snprintf(miner.name, sizeof miner.name, "Miner %d", (int)id);
    fleet_add(bench->fleet, &miner);
  }

  heat(bench, 1);
  settle(bench);
  for (int64_t id = 2; id <= MANY; id++)
    heat(bench, id);
  settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), MANY);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode"), MANY);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM alert_event"), MANY);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  newest_text(bench, text, sizeof text);
  assert_contains(text, "10000 of 10000 miners: Chip too hot");
  assert_contains(text, "Miner 6 and 9994 more");
}

/* Given a clock that is set back by a day while an alert fires, and forward again. */
static void a_clock_that_jumps_neither_ends_nor_doubles_an_episode(void **state) {
  struct bench *bench = *state;
  const int64_t day_ms = 24 * 60 * 60 * 1000;
  heat(bench, 1);

  ingest(bench, 1, 20000 - day_ms, 81);
  ingest(bench, 1, 30000 - day_ms, 81);
  ingest(bench, 1, 40000 + day_ms, 81);
  settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 1);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode WHERE rule = 1"), 1);
  ingest(bench, 1, 50000 + day_ms, 50);
  ingest(bench, 1, 60000 + day_ms, 50);
  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

static void different_troubles_are_told_one_by_one(void **state) {
  struct bench *bench = *state;

  heat(bench, 1);
  lose(bench, 2);
  settle(bench);

  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox WHERE is_update = 0"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(DISTINCT episode_id) FROM outbox"), 2);
}

/* ------------------------------------------------------------ the monitor itself */

static bool drill_is_over(void *arg) {
  struct drill_state state;
  drill_state_get(arg, &state);
  return !state.running;
}

static void a_drill_is_told_as_one_and_leaves_no_trace_in_the_fleet(void **state) {
  struct bench *bench = *state;
  struct drill *drill = drill_create(&(struct drill_options){.loop = &bench->loop,
                                                             .desk = bench->alerting->desk,
                                                             .pipeline = bench->pipeline,
                                                             .hot_ms = 20});
  struct err err;
  char text[2000];

  assert_true(drill_start(drill, &err));
  assert_false(drill_start(drill, &err));
  assert_true(wait_until_loop(&bench->loop, drill_is_over, drill));
  settle(bench);

  read_text(bench, "SELECT text FROM outbox ORDER BY id LIMIT 1", text, sizeof text);
  assert_contains(text, "Drill: Practice miner is too hot");
  newest_text(bench, text, sizeof text);
  assert_contains(text, "Drill: Practice miner has cooled down");
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode WHERE drill = 1"), 1);
  assert_int_equal(fleet_count(bench->fleet), MINERS);
  drill_close(drill);
}

static void a_drill_that_a_crash_cut_short_is_closed(void **state) {
  struct bench *bench = *state;
  struct err err;
  assert_true(drill_start(bench->alerting->drill, &err));
  settle(bench);

  restart(bench);
  settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
  assert_int_equal(number(bench, "SELECT closed_why FROM episode"), EPISODE_MINER_GONE);
}

static void run_set_alive(struct db_task *task, struct db *db) {
  task->ok = db_exec(db, "UPDATE setting SET value = '1800000000000' WHERE name LIKE '%alive%'",
                     NULL, 0, NULL, &task->err);
}

static void a_monitor_that_was_off_says_from_when_to_when(void **state) {
  struct bench *bench = *state;
  char text[2000];
  bool done = false;
  settle(bench);
  struct db_task task = {.run = run_set_alive, .done = on_nothing, .arg = &done};
  db_threads_write(bench->db, &task);
  assert_true(wait_until_loop(&bench->loop, is_set, &done));
  restart(bench);
  settle(bench);
  if (clock_wall_ms() < 1800000000000 + 180000)
    return; /* a machine whose clock is wrong */

  newest_text(bench, text, sizeof text);
  assert_contains(text, "The monitor was off from ");
  assert_int_equal(number(bench, "SELECT closed_why FROM episode"), EPISODE_MOMENT);
  restart(bench);
  settle(bench);
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode"), 1);
}

/* ------------------------------------------------------------ its own rules */

struct pragma {
  struct db_task task;
  const char *text;
  bool done;
};

static void run_pragma(struct db_task *task, struct db *db) {
  const struct pragma *pragma = task->arg;
  task->ok = db_exec(db, pragma->text, NULL, 0, NULL, &task->err);
}

static void on_pragma(struct db_task *task) {
  ((struct pragma *)task->arg)->done = true;
}

/* The pages that the file may have: few are a full disk. */
static void limit_pages(struct bench *bench, const char *text) {
  struct pragma pragma = {.task = {.run = run_pragma, .done = on_pragma}, .text = text};
  pragma.task.arg = &pragma;
  db_threads_write(bench->db, &pragma.task);
  assert_true(wait_until_loop(&bench->loop, is_set, &pragma.done));
}

static const struct episode *database_alert(struct desk *desk) {
  return desk_find_open(desk, desk_own_memory(desk, ALERT_MONITOR_DATABASE)->episode);
}

static bool database_alert_is_open(void *arg) {
  return database_alert(arg) != NULL;
}

static bool database_alert_is_over(void *arg) {
  return database_alert(arg) == NULL;
}

static void a_database_that_refuses_is_an_alert_until_it_takes_again(void **state) {
  struct bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct alert_rule_setting quick;
  struct err err;
  alert_rule_setting_init(&quick, 0, ALERT_MONITOR_DATABASE);
  quick.hold_ms = quick.clear_ms = 0;
  assert_true(desk_set_rule(desk, &quick, &err));
  settle(bench);
  struct self_watch *watch = self_watch_create(&(struct self_watch_options){
      .loop = &bench->loop,
      .desk = desk,
      .pipeline = bench->pipeline,
      .channels = bench->channels,
      .interval_ms = 10,
  });

  limit_pages(bench, "PRAGMA max_page_count = 1");
  for (int i = 0; i < 4000; i++)
    ingest(bench, 1, i * 1000, 50);
  bool raised = wait_until_loop(&bench->loop, database_alert_is_open, desk);
  char detail[EPISODE_DETAIL_MAX] = "";
  if (raised)
    snprintf(detail, sizeof detail, "%s", database_alert(desk)->detail);
  limit_pages(bench, "PRAGMA max_page_count = 1000000");
  bool cleared = wait_until_loop(&bench->loop, database_alert_is_over, desk);
  self_watch_close(watch);
  settle(bench);

  assert_true(raised && cleared);
  assert_contains(detail, "full");
  assert_int_equal(number(bench, "SELECT COUNT(*) FROM episode WHERE rule = 27"), 1);
}

static void a_span_names_the_days_only_where_they_differ(void **state) {
  (void)state;
  char text[160];
  setenv("TZ", "UTC", 1);
  tzset();

  self_watch_write_span(text, sizeof text, 1763777400000, 1763779260000);
  assert_string_equal(text, "from 02:10 to 02:41");
  self_watch_write_span(text, sizeof text, 1763777400000, 1763879260000);
  assert_string_equal(text, "from 02:10 on 22 November to 06:27 on 23 November");
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_alert_is_an_episode_with_its_events_and_messages),
      TEST(an_episode_goes_on_after_a_restart),
      TEST(a_miner_that_is_removed_takes_its_episodes_along),
      TEST(whoever_knows_is_named_and_nobody_is_reminded),
      TEST(an_acknowledgement_outlives_a_restart),
      TEST(what_is_muted_is_recorded_and_not_told),
      TEST(the_end_of_what_nobody_was_told_is_not_told_either),
      TEST(mutes_that_make_no_sense_are_refused),
      TEST(a_note_is_kept_with_its_author),
      TEST(a_rule_that_is_changed_while_it_fires_is_judged_anew),
      TEST(a_rule_that_is_switched_off_stays_off_after_a_restart),
      TEST(settings_that_make_no_sense_are_refused),
      TEST(miners_that_go_together_are_one_message_that_grows),
      TEST(miners_that_come_back_together_are_one_message_too),
      TEST(ten_thousand_transitions_at_once_are_all_kept_and_told_in_two_messages),
      TEST(a_clock_that_jumps_neither_ends_nor_doubles_an_episode),
      TEST(different_troubles_are_told_one_by_one),
      TEST(a_drill_is_told_as_one_and_leaves_no_trace_in_the_fleet),
      TEST(a_drill_that_a_crash_cut_short_is_closed),
      TEST(a_monitor_that_was_off_says_from_when_to_when),
      TEST(a_database_that_refuses_is_an_alert_until_it_takes_again),
      cmocka_unit_test(a_span_names_the_days_only_where_they_differ),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
