/* The monitor's own rules: raised, held, cleared, kept over a restart, and in which
 * words. The disk is this test's own: libuv asks the statfs below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"
#include "desk_bench.h"
#include "support/wait_until.h"

static const int64_t HOUR_MS = 60 * 60 * 1000, MINUTE_MS = 60 * 1000;

/* ------------------------------------------------------------ the disk */

static struct {
  double free_gb, total_gb;
  bool refuses;
  _Atomic int asked; /* libuv asks from a thread of its own */
} disk;

int statfs(const char *path, struct statfs *out) {
  (void)path;
  disk.asked++;
  if (disk.refuses) {
    errno = EIO;
    return -1;
  }
  *out = (struct statfs){.f_bsize = 1000,
                         .f_blocks = (fsblkcnt_t)(disk.total_gb * 1e6),
                         .f_bavail = (fsblkcnt_t)(disk.free_gb * 1e6)};
  return 0;
}

/* ------------------------------------------------------------ helpers */

/* Looks a hundred times a second, in place of the watch that the bench comes with. */
static void watch_closely(struct desk_bench *bench) {
  self_watch_close(bench->alerting->self_watch);
  bench->alerting->self_watch = self_watch_create(&(struct self_watch_options){
      .loop = &bench->loop,
      .desk = bench->alerting->desk,
      .pipeline = bench->pipeline,
      .channels = bench->channels,
      .disk_path = bench->dir.path,
      .interval_ms = 10,
  });
}

static int setup(void **state) {
  disk.free_gb = disk.total_gb = 100;
  disk.refuses = false;
  int failed = desk_bench_setup(state);
  watch_closely(*state);
  return failed;
}

static void restart(struct desk_bench *bench) {
  desk_bench_restart(bench);
  watch_closely(bench);
}

struct wanted {
  struct desk *desk;
  enum alert_rule rule;
  enum alert_phase phase;
};

static bool is_in_phase(void *arg) {
  const struct wanted *wanted = arg;
  return desk_own_memory(wanted->desk, wanted->rule)->phase == wanted->phase;
}

static bool reaches(struct desk_bench *bench, enum alert_rule rule, enum alert_phase phase) {
  struct wanted wanted = {bench->alerting->desk, rule, phase};
  return wait_until_loop(&bench->loop, is_in_phase, &wanted);
}

static bool is_asked_thrice(void *arg) {
  return disk.asked >= *(int *)arg + 3;
}

/* A round of looks ends with asking the disk, when its last answer has come: three
 * askings are two whole rounds at least. */
static void look_twice(struct desk_bench *bench) {
  int asked = disk.asked;
  assert_true(wait_until_loop(&bench->loop, is_asked_thrice, &asked));
}

static const struct episode *open_episode(struct desk_bench *bench, enum alert_rule rule) {
  struct desk *desk = bench->alerting->desk;
  return desk_find_open(desk, desk_own_memory(desk, rule)->episode);
}

static int64_t count(struct desk_bench *bench, const char *table, enum alert_rule rule) {
  char sql[160];
  desk_bench_settle(bench);
  snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s WHERE rule = %d", table, (int)rule);
  return desk_bench_number(bench, sql);
}

/* Without the patience of a minute. */
static void make_quick(struct desk_bench *bench, enum alert_rule rule, int64_t hold_ms) {
  struct alert_rule_setting setting;
  struct err err;
  alert_rule_setting_init(&setting, 0, rule);
  setting.hold_ms = hold_ms;
  setting.clear_ms = setting.cooldown_ms = 0;
  assert_true(desk_set_rule(bench->alerting->desk, &setting, &err));
  desk_bench_settle(bench);
}

static void assert_told(struct desk_bench *bench, const char *words) {
  char text[2000];
  desk_bench_settle(bench);
  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, words);
}

/* ------------------------------------------------------------ disk */

static void a_disk_that_fills_is_an_alert_until_it_has_room_again(void **state) {
  struct desk_bench *bench = *state;

  disk.free_gb = 1.6;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_FIRING));
  assert_told(bench, "The monitor's disk is nearly full: 1.6 GB are free (1.6 %).");
  assert_told(bench, "Free some space on the monitor's disk");
  disk.free_gb = 2.5; /* more than raised it, not enough to be over */
  look_twice(bench);
  assert_non_null(open_episode(bench, ALERT_MONITOR_DISK));
  disk.free_gb = 20;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_OK));

  assert_told(bench, "The monitor's disk has room again.");
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_DISK), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"), EPISODE_OVER);
}

static void a_full_disk_is_not_told_again_after_a_restart(void **state) {
  struct desk_bench *bench = *state;
  disk.free_gb = 1;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_FIRING));
  int64_t id = open_episode(bench, ALERT_MONITOR_DISK)->id;
  desk_bench_settle(bench);

  restart(bench);
  look_twice(bench);
  desk_bench_settle(bench);

  assert_int_equal(open_episode(bench, ALERT_MONITOR_DISK)->id, id);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 1);
  disk.free_gb = 20;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_OK));
  assert_told(bench, "has room again");
}

static void a_disk_that_cannot_be_asked_neither_raises_nor_clears(void **state) {
  struct desk_bench *bench = *state;

  disk.refuses = true;
  look_twice(bench);
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_DISK), 0);

  disk.refuses = false;
  disk.free_gb = 1;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_FIRING));
  disk.refuses = true;
  look_twice(bench);
  assert_non_null(open_episode(bench, ALERT_MONITOR_DISK));
  assert_int_equal(count(bench, "alert_event", ALERT_MONITOR_DISK), 1);
}

static void a_rule_of_the_monitor_that_is_switched_off_is_closed_and_stays_silent(void **state) {
  struct desk_bench *bench = *state;
  struct alert_rule_setting off;
  struct err err;
  disk.free_gb = 1;
  assert_true(reaches(bench, ALERT_MONITOR_DISK, ALERT_FIRING));
  alert_rule_setting_init(&off, 0, ALERT_MONITOR_DISK);
  off.enabled = 0;

  assert_true(desk_set_rule(bench->alerting->desk, &off, &err));
  look_twice(bench);

  assert_told(bench, "is closed: the rule was changed or switched off");
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_DISK), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"),
                   EPISODE_RULE_CHANGED);
}

/* ------------------------------------------------------------ channels */

struct added {
  int64_t id;
  bool done;
};

static void on_channel(const struct channel *channel, const struct err *err, void *arg) {
  struct added *added = arg;
  if (err != NULL)
    fail_msg("%s", err->text);
  added->id = channel == NULL ? 0 : channel->id;
  added->done = true;
}

static bool is_done(void *arg) {
  return ((struct added *)arg)->done;
}

static struct channels_draft webhook_draft(const char *name, struct notify_setting *url) {
  struct channels_draft draft = {.settings = url, .count = 1};
  draft.channel.enabled = true;
  draft.channel.role = CHANNEL_OWNER;
  draft.channel.wish.quiet_from_min = draft.channel.wish.quiet_to_min = -1;
  str_copy(draft.channel.kind, sizeof draft.channel.kind, "webhook");
  str_copy(draft.channel.name, sizeof draft.channel.name, name);
  str_copy(draft.channel.language, sizeof draft.channel.language, "en");
  url->name = "url";
  url->value = "http://127.0.0.1:9/miners";
  return draft;
}

static int64_t add_webhook(struct desk_bench *bench, const char *name) {
  struct added added = {0};
  struct notify_setting url;
  struct channels_draft draft = webhook_draft(name, &url);
  channels_add(bench->channels, &draft, on_channel, &added);
  assert_true(wait_until_loop(&bench->loop, is_done, &added));
  return added.id;
}

static void switch_off(struct desk_bench *bench, int64_t id) {
  struct added added = {0};
  struct notify_setting url;
  struct channels_draft draft = webhook_draft(channels_find(bench->channels, id)->name, &url);
  draft.channel.enabled = false;
  channels_change(bench->channels, id, &draft, on_channel, &added);
  assert_true(wait_until_loop(&bench->loop, is_done, &added));
}

static void remove_channel(struct desk_bench *bench, int64_t id) {
  struct added added = {0};
  channels_remove(bench->channels, id, on_channel, &added);
  assert_true(wait_until_loop(&bench->loop, is_done, &added));
}

/* As the courier does after an attempt that a wrong password ended. */
static void refuse(struct desk_bench *bench, int64_t id) {
  struct notify_result result = {
      .verdict = NOTIFY_RETRY, .needs_owner = true, .text = "the password is wrong"};
  channels_note(bench->channels, channels_find(bench->channels, id), &result, clock_wall_ms());
}

static void deliver(struct desk_bench *bench, int64_t id) {
  struct notify_result result = {.verdict = NOTIFY_DELIVERED};
  channels_note(bench->channels, channels_find(bench->channels, id), &result, clock_wall_ms() + 1);
}

static void a_dead_channel_is_told_on_the_others_until_it_delivers_again(void **state) {
  struct desk_bench *bench = *state;
  char text[2000];
  int64_t hook = add_webhook(bench, "Webhook");

  refuse(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));
  desk_bench_settle(bench);
  desk_bench_read_text(bench, "SELECT text FROM outbox WHERE channel = 'telegram'", text,
                       sizeof text);
  desk_bench_assert_contains(text, "Messages by Webhook do not arrive.");
  desk_bench_assert_contains(text, "press Test");
  look_twice(bench);
  assert_int_equal(count(bench, "alert_event", ALERT_MONITOR_CHANNEL), 1);

  deliver(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));

  assert_told(bench, "Messages by Webhook arrive again.");
  assert_int_equal(count(bench, "alert_event", ALERT_MONITOR_CHANNEL), 2);
}

/* Its name is a part of the dead one's, and it has never been used. */
static void another_channel_of_a_similar_name_does_not_keep_the_alert_open(void **state) {
  struct desk_bench *bench = *state;
  int64_t hook = add_webhook(bench, "Webhook");
  add_webhook(bench, "hook");
  refuse(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));

  deliver(bench, hook);

  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));
}

static void a_single_failure_is_no_dead_channel(void **state) {
  struct desk_bench *bench = *state;
  int64_t hook = add_webhook(bench, "Webhook");
  struct notify_result result = {.verdict = NOTIFY_RETRY, .text = "did not answer in time"};

  channels_note(bench->channels, channels_find(bench->channels, hook), &result, clock_wall_ms());
  look_twice(bench);

  assert_int_equal(count(bench, "episode", ALERT_MONITOR_CHANNEL), 0);
}

/* Which channels were dead is forgotten with the program; that is no good news. */
static void a_restart_does_not_make_a_dead_channel_work_again(void **state) {
  struct desk_bench *bench = *state;
  int64_t hook = add_webhook(bench, "Webhook");
  refuse(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));
  desk_bench_settle(bench);

  restart(bench);
  assert_false(channels_is_dead(bench->channels, channels_find(bench->channels, hook)));
  look_twice(bench);
  assert_non_null(open_episode(bench, ALERT_MONITOR_CHANNEL));
  assert_int_equal(count(bench, "alert_event", ALERT_MONITOR_CHANNEL), 1);

  deliver(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));
  assert_told(bench, "Messages by Webhook arrive again.");
}

static void the_chat_of_the_environment_is_not_forgotten_over_a_restart_either(void **state) {
  struct desk_bench *bench = *state;
  add_webhook(bench, "Webhook");
  refuse(bench, 0);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));
  desk_bench_settle(bench);

  restart(bench);
  look_twice(bench);

  assert_non_null(open_episode(bench, ALERT_MONITOR_CHANNEL));
  deliver(bench, 0);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));
  assert_told(bench, "Messages by Telegram arrive again.");
}

static void a_dead_channel_that_is_switched_off_is_not_said_to_work(void **state) {
  struct desk_bench *bench = *state;
  int64_t hook = add_webhook(bench, "Webhook");
  refuse(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));

  switch_off(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));

  assert_told(bench, "is closed: the channel was removed or switched off");
}

static void a_dead_channel_that_is_removed_is_not_said_to_work(void **state) {
  struct desk_bench *bench = *state;
  int64_t hook = add_webhook(bench, "Webhook");
  refuse(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));

  remove_channel(bench, hook);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_OK));

  assert_told(bench, "is closed: the channel was removed or switched off");
}

static void many_dead_channels_are_named_as_far_as_there_is_room(void **state) {
  struct desk_bench *bench = *state;
  char name[64];
  make_quick(bench, ALERT_MONITOR_CHANNEL, 60 * MINUTE_MS); /* until all of them are dead */
  for (int i = 0; i < 12; i++) {
    snprintf(name, sizeof name, "The webhook with a long name, number %d", i);
    refuse(bench, add_webhook(bench, name));
  }
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_PENDING));

  make_quick(bench, ALERT_MONITOR_CHANNEL, 0);
  assert_true(reaches(bench, ALERT_MONITOR_CHANNEL, ALERT_FIRING));

  const char *detail = open_episode(bench, ALERT_MONITOR_CHANNEL)->detail;
  desk_bench_assert_contains(detail, "number 0, The webhook");
  assert_int_equal(strlen(detail), ALERT_DETAIL_MAX - 1);
}

/* ------------------------------------------------------------ database */

static void refuse_to_write(struct desk_bench *bench) {
  desk_bench_write(bench, "PRAGMA max_page_count = 1"); /* as a full disk does */
  for (int i = 0; i < 4000; i++)
    desk_bench_ingest(bench, 1, i * 1000, 50);
}

static void write_again(struct desk_bench *bench) {
  desk_bench_write(bench, "PRAGMA max_page_count = 1000000");
}

static void a_database_that_refuses_is_an_alert_until_it_takes_again(void **state) {
  struct desk_bench *bench = *state;
  make_quick(bench, ALERT_MONITOR_DATABASE, 0);

  refuse_to_write(bench);
  bool raised = reaches(bench, ALERT_MONITOR_DATABASE, ALERT_FIRING);
  char detail[EPISODE_DETAIL_MAX] = "";
  if (raised)
    str_copy(detail, sizeof detail, open_episode(bench, ALERT_MONITOR_DATABASE)->detail);
  write_again(bench);

  assert_true(raised && reaches(bench, ALERT_MONITOR_DATABASE, ALERT_OK));
  desk_bench_assert_contains(detail, "full");
  assert_told(bench, "The monitor writes its history again.");
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_DATABASE), 1);
  restart(bench);
  look_twice(bench);
  assert_int_equal(count(bench, "alert_event", ALERT_MONITOR_DATABASE), 2);
}

static void a_database_that_refuses_for_a_moment_is_no_alert(void **state) {
  struct desk_bench *bench = *state;
  make_quick(bench, ALERT_MONITOR_DATABASE, HOUR_MS);

  refuse_to_write(bench);
  bool suspected = reaches(bench, ALERT_MONITOR_DATABASE, ALERT_PENDING);
  write_again(bench);

  assert_true(suspected && reaches(bench, ALERT_MONITOR_DATABASE, ALERT_OK));
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_DATABASE), 0);
}

/* ------------------------------------------------------------ off */

/* A life that left this mark, and the next one: how often is it told? */
static int64_t live_after(struct desk_bench *bench, const char *mark) {
  char sql[160];
  desk_bench_settle(bench);
  desk_bench_end(bench);
  desk_bench_begin(bench); /* writes a mark of its own, which is replaced */
  desk_bench_settle(bench);
  desk_bench_write(bench, "DELETE FROM episode");
  snprintf(sql, sizeof sql, "UPDATE setting SET value = '%s' WHERE name = 'monitor.alive_ms'",
           mark);
  desk_bench_write(bench, sql);
  restart(bench);
  look_twice(bench);
  return count(bench, "episode", ALERT_MONITOR_OFF);
}

static int64_t live_after_ms(struct desk_bench *bench, int64_t ago_ms) {
  char mark[32];
  snprintf(mark, sizeof mark, "%" PRId64, clock_wall_ms() - ago_ms);
  return live_after(bench, mark);
}

static void a_monitor_that_was_off_says_from_when_to_when_and_only_once(void **state) {
  struct desk_bench *bench = *state;

  assert_int_equal(live_after_ms(bench, HOUR_MS), 1);

  assert_told(bench, "The monitor was off from ");
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"), EPISODE_MOMENT);
  int64_t off_ms = desk_bench_number(bench, "SELECT raised_ms - since_ms FROM episode");
  assert_in_range(off_ms, HOUR_MS, HOUR_MS + 5 * MINUTE_MS);
  restart(bench);
  look_twice(bench);
  assert_int_equal(count(bench, "episode", ALERT_MONITOR_OFF), 1);
}

static void what_is_no_time_off_is_not_told(void **state) {
  struct desk_bench *bench = *state;

  assert_int_equal(live_after_ms(bench, 0), 0);             /* a restart */
  assert_int_equal(live_after_ms(bench, 2 * MINUTE_MS), 0); /* an update */
  assert_int_equal(live_after_ms(bench, -24 * HOUR_MS), 0); /* the clock was set back */
  assert_int_equal(live_after(bench, "the day before"), 0); /* a mark that is none */
  assert_int_equal(live_after(bench, "-5"), 0);
}

static void who_does_not_want_to_know_is_not_told_that_it_was_off(void **state) {
  struct desk_bench *bench = *state;
  struct alert_rule_setting off;
  struct err err;
  alert_rule_setting_init(&off, 0, ALERT_MONITOR_OFF);
  off.enabled = 0;
  assert_true(desk_set_rule(bench->alerting->desk, &off, &err));

  assert_int_equal(live_after_ms(bench, HOUR_MS), 0);
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

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, desk_bench_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_disk_that_fills_is_an_alert_until_it_has_room_again),
      TEST(a_full_disk_is_not_told_again_after_a_restart),
      TEST(a_disk_that_cannot_be_asked_neither_raises_nor_clears),
      TEST(a_rule_of_the_monitor_that_is_switched_off_is_closed_and_stays_silent),
      TEST(a_dead_channel_is_told_on_the_others_until_it_delivers_again),
      TEST(another_channel_of_a_similar_name_does_not_keep_the_alert_open),
      TEST(a_single_failure_is_no_dead_channel),
      TEST(a_restart_does_not_make_a_dead_channel_work_again),
      TEST(the_chat_of_the_environment_is_not_forgotten_over_a_restart_either),
      TEST(a_dead_channel_that_is_switched_off_is_not_said_to_work),
      TEST(a_dead_channel_that_is_removed_is_not_said_to_work),
      TEST(many_dead_channels_are_named_as_far_as_there_is_room),
      TEST(a_database_that_refuses_is_an_alert_until_it_takes_again),
      TEST(a_database_that_refuses_for_a_moment_is_no_alert),
      TEST(a_monitor_that_was_off_says_from_when_to_when_and_only_once),
      TEST(what_is_no_time_off_is_not_told),
      TEST(who_does_not_want_to_know_is_not_told_that_it_was_off),
      cmocka_unit_test(a_span_names_the_days_only_where_they_differ),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
