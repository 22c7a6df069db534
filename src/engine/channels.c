/* An entry holds what the owner filled in, field by field, and beside it what is
 * used: the fallbacks of the notifier, and for a Telegram chat without a token of
 * its own the bot of the environment.
 *
 *   add, change:  draft -> entry, checked -> writer thread -> into the list -> done
 *   remove:                                  writer thread -> out of the list -> done
 *
 * The list changes only after the table did, so that a channel that could not be
 * kept is never used. */
#include "engine/channels.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/channel_store.h"
#include "store/secret_box.h"

enum {
  CHANNELS_MAX = 200,
  FIELDS_MAX = 12,
  VALUE_MAX = 4000,
  DEAD_AFTER_MS = 5 * 60 * 1000,
  DEAD_AFTER_TIMES = 3,
  SECRET_SHOWN_MIN = 4, /* shorter ones would hide any text */
};

struct entry {
  struct channel channel; /* first: a channel handed out leads back to its entry */
  const struct notifier *notifier;
  int64_t *miners;
  size_t field_count; /* without the target */
  const struct notify_field *fields[FIELDS_MAX];
  char *values[FIELDS_MAX];                     /* as filled in */
  struct notify_setting in_use[FIELDS_MAX + 1]; /* and the target */
  bool dead;
  int failures; /* in a row */
  int64_t failing_since_ms;
};

struct channels {
  struct channels_options options;
  char *base_url, *token;
  char language[CHANNEL_LANGUAGE_MAX]; /* the household's */
  struct secret_box *box;
  struct entry *entries[CHANNELS_MAX];
  size_t count;
};

/* ------------------------------------------------------------ entries */

static const struct entry *entry_of(const struct channel *channel) {
  return (const struct entry *)channel;
}

static void entry_free(struct entry *entry) {
  if (entry == NULL)
    return;
  for (size_t i = 0; i < entry->field_count; i++)
    free(entry->values[i]);
  free(entry->miners);
  free(entry);
}

static struct entry *entry_create(const struct notifier *notifier) {
  struct entry *entry = mem_alloc(sizeof *entry);
  entry->notifier = notifier;
  for (const struct notify_field *field = notifier->fields; field->name != NULL; field++) {
    if (str_equal(field->name, "target"))
      continue;
    assert(entry->field_count < FIELDS_MAX);
    entry->fields[entry->field_count] = field;
    entry->values[entry->field_count++] = mem_strdup("");
  }
  return entry;
}

static void set_miners(struct entry *entry, const int64_t *miners, size_t count) {
  int64_t *copy = count > 0 ? mem_alloc(count * sizeof *copy) : NULL;
  if (count > 0)
    memcpy(copy, miners, count * sizeof *copy);
  free(entry->miners);
  entry->miners = copy;
  entry->channel.wish.miners = copy;
  entry->channel.wish.miner_count = count;
}

/* Takes over everything, with a list of miners of its own. */
static void set_channel(struct entry *entry, const struct channel *channel) {
  entry->channel = *channel;
  set_miners(entry, channel->wish.miners, channel->wish.miner_count);
}

static void set_value(struct entry *entry, const char *name, const char *value) {
  if (str_equal(name, "target"))
    str_copy(entry->channel.target, sizeof entry->channel.target, value);
  for (size_t i = 0; i < entry->field_count; i++) {
    if (str_equal(entry->fields[i]->name, name)) {
      free(entry->values[i]);
      entry->values[i] = mem_strdup(value);
    }
  }
}

static const char *value_of(const struct entry *entry, const char *name) {
  if (str_equal(name, "target"))
    return entry->channel.target;
  for (size_t i = 0; i < entry->field_count; i++) {
    if (str_equal(entry->fields[i]->name, name))
      return entry->values[i];
  }
  return "";
}

static bool is_telegram(const struct entry *entry) {
  return entry->notifier == &telegram_notifier;
}

static void settle_language(const struct channels *channels, struct channel *channel) {
  if (!channel->own_language)
    str_copy(channel->language, sizeof channel->language, channels->language);
}

/* To be called whenever a value was set. */
static void put_in_use(const struct channels *channels, struct entry *entry) {
  settle_language(channels, &entry->channel);
  bool our_bot = is_telegram(entry) && value_of(entry, "token")[0] == '\0';
  for (size_t i = 0; i < entry->field_count; i++) {
    const struct notify_field *field = entry->fields[i];
    const char *value = entry->values[i];
    if (value[0] == '\0' && field->fallback != NULL)
      value = field->fallback;
    if (our_bot && str_equal(field->name, "token"))
      value = channels->token;
    if (our_bot && str_equal(field->name, "server") && channels->base_url[0] != '\0')
      value = channels->base_url;
    entry->in_use[i] = (struct notify_setting){field->name, value};
  }
  entry->in_use[entry->field_count] = (struct notify_setting){"target", entry->channel.target};
}

/* ------------------------------------------------------------ life */

/* What the environment says is not changed by anyone: it wants everything, always. */
static void add_built_in(struct channels *channels, const char *chat) {
  struct entry *entry = entry_create(&telegram_notifier);
  entry->channel = (struct channel){.enabled = true,
                                    .wish = {.least_severity = ALERT_INFO,
                                             .good_news = true,
                                             .quiet_from_min = -1,
                                             .quiet_to_min = -1,
                                             .critical_passes = true},
                                    .kind = "telegram",
                                    .name = "Telegram",
                                    .role = CHANNEL_OWNER,
                                    .letter = channels->options.telegram_letter,
                                    .letter_hour = channels->options.telegram_letter_hour > 0
                                                       ? channels->options.telegram_letter_hour
                                                       : CHANNEL_LETTER_HOUR};
  str_copy(entry->channel.target, sizeof entry->channel.target, chat);
  put_in_use(channels, entry);
  channels->entries[channels->count++] = entry;
}

bool channels_create(struct channels **out, const struct channels_options *options,
                     struct err *err) {
  struct secret_box *box;
  if (!secret_box_open(&box, options->key_path, err))
    return false;
  struct channels *channels = mem_alloc(sizeof *channels);
  channels->options = *options;
  channels->box = box;
  str_copy(channels->language, sizeof channels->language, "en");
  channels->base_url =
      mem_strdup(options->telegram_base_url == NULL ? "" : options->telegram_base_url);
  channels->token = mem_strdup(options->telegram_token == NULL ? "" : options->telegram_token);
  if (channels->token[0] != '\0')
    add_built_in(channels, options->telegram_chat == NULL ? "" : options->telegram_chat);
  channels->options.telegram_base_url = channels->options.telegram_token = NULL;
  channels->options.telegram_chat = channels->options.key_path = NULL;
  *out = channels;
  return true;
}

void channels_destroy(struct channels *channels) {
  if (channels == NULL)
    return;
  for (size_t i = 0; i < channels->count; i++)
    entry_free(channels->entries[i]);
  secret_box_close(channels->box);
  free(channels->base_url);
  free(channels->token);
  free(channels);
}

static void take_values(struct entry *entry, const char *text, bool secret) {
  struct err err;
  struct json *json = json_parse(text, strlen(text), NULL, &err);
  for (size_t i = 0; i < entry->field_count; i++) {
    const char *value;
    const struct notify_field *field = entry->fields[i];
    if (field->secret == secret && json_text(json_get(json, field->name), &value))
      set_value(entry, field->name, value);
  }
  json_free(json);
}

static void load_row(const struct channel_row *row, void *arg) {
  struct channels *channels = arg;
  const struct notifier *notifier = notifier_find(row->channel.kind);
  struct buf secret;
  struct err err;
  if (notifier == NULL || channels->count == CHANNELS_MAX) {
    log_write(channels->options.log, LOG_WARN, "channels",
              "the channel '%s' is of a kind that this version does not know", row->channel.name);
    return;
  }
  struct entry *entry = entry_create(notifier);
  set_channel(entry, &row->channel);
  take_values(entry, row->settings, false);
  buf_init(&secret);
  if (row->secret[0] != '\0' && secret_box_unseal(channels->box, row->secret, &secret, &err)) {
    take_values(entry, secret.data, true);
  } else if (row->secret[0] != '\0') {
    entry->dead = true;
    str_copy(entry->channel.last_error, sizeof entry->channel.last_error, err.text);
    log_write(channels->options.log, LOG_ERROR, "channels", "channel '%s': %s", row->channel.name,
              err.text);
  }
  if (secret.data != NULL)
    explicit_bzero(secret.data, secret.capacity);
  buf_finish(&secret);
  put_in_use(channels, entry);
  channels->entries[channels->count++] = entry;
}

bool channels_load(struct channels *channels, struct db *db, struct err *err) {
  return channel_store_each(db, load_row, channels, err);
}

void channels_set_language(struct channels *channels, const char *language) {
  str_copy(channels->language, sizeof channels->language, language[0] == '\0' ? "en" : language);
  for (size_t i = 0; i < channels->count; i++)
    settle_language(channels, &channels->entries[i]->channel);
}

/* ------------------------------------------------------------ views */

size_t channels_count(const struct channels *channels) {
  return channels->count;
}

const struct channel *channels_at(const struct channels *channels, size_t index) {
  assert(index < channels->count);
  return &channels->entries[index]->channel;
}

static struct entry *entry_find(const struct channels *channels, int64_t id) {
  for (size_t i = 0; i < channels->count; i++) {
    if (channels->entries[i]->channel.id == id)
      return channels->entries[i];
  }
  return NULL;
}

const struct channel *channels_find(const struct channels *channels, int64_t id) {
  const struct entry *entry = entry_find(channels, id);
  return entry == NULL ? NULL : &entry->channel;
}

const struct channel *channels_find_code(const struct channels *channels, const char *code) {
  int64_t id;
  if (str_equal(code, "telegram"))
    return channels_find(channels, 0);
  return code[0] == 'c' && str_to_i64(code + 1, 1, INT64_MAX, &id) ? channels_find(channels, id)
                                                                   : NULL;
}

const struct channel *channels_find_chat(const struct channels *channels, const char *chat) {
  for (size_t i = 0; i < channels->count; i++) {
    const struct entry *entry = channels->entries[i];
    if (is_telegram(entry) && entry->channel.enabled && chat[0] != '\0' &&
        str_equal(entry->channel.target, chat))
      return &entry->channel;
  }
  return NULL;
}

const char *channels_code(const struct channel *channel, char code[CHANNEL_CODE_MAX]) {
  if (channel->id == 0)
    str_copy(code, CHANNEL_CODE_MAX, "telegram");
  else
    snprintf(code, CHANNEL_CODE_MAX, "c%" PRId64, channel->id);
  return code;
}

enum channel_answer channels_wants(const struct channel *channel,
                                   const struct channel_matter *matter, int64_t now_ms) {
  if (channel->id == 0 && channel->target[0] == '\0')
    return CHANNEL_NO;
  return channel_decide(channel, matter, channel_local_minute(now_ms));
}

const struct notifier *channels_notifier(const struct channel *channel) {
  return entry_of(channel)->notifier;
}

struct notify_channel channels_settings(const struct channels *channels,
                                        const struct channel *channel) {
  (void)channels;
  const struct entry *entry = entry_of(channel);
  return (struct notify_channel){entry->in_use, entry->field_count + 1};
}

const char *channels_setting(const struct channels *channels, const struct channel *channel,
                             const char *name) {
  (void)channels;
  return value_of(entry_of(channel), name);
}

void channels_hide_secrets(const struct channels *channels, const struct channel *channel,
                           char *text, size_t size) {
  (void)channels;
  const struct entry *entry = entry_of(channel);
  for (size_t i = 0; i < entry->field_count; i++) {
    const char *secret = entry->in_use[i].value;
    if (entry->fields[i]->secret && strlen(secret) >= SECRET_SHOWN_MIN &&
        strstr(text, secret) != NULL)
      str_copy(text, size, "the service answered with an error");
  }
}

/* ------------------------------------------------------------ changes */

enum change_kind { CHANGE_ADD, CHANGE_REPLACE, CHANGE_REMOVE };

struct change {
  struct db_task task;
  struct channels *channels;
  enum change_kind kind;
  int64_t id;
  struct entry *entry; /* ours until it is in the list; NULL for a removal */
  struct buf settings, secret;
  channels_done done;
  void *arg;
};

static bool check_entry(const struct channels *channels, const struct entry *entry,
                        struct err *err) {
  const struct channel *channel = &entry->channel;
  if (channel->name[0] == '\0')
    return err_set(err, ERR_INVALID, "`name` is missing: give the channel a name");
  for (const struct notify_field *field = entry->notifier->fields; field->name != NULL; field++) {
    const char *value = value_of(entry, field->name);
    if (strlen(value) > VALUE_MAX)
      return err_set(err, ERR_INVALID, "`%s` is longer than %d bytes", field->name, VALUE_MAX);
    if (!notifier_check_field(field, value, err))
      return false;
  }
  if (!is_telegram(entry))
    return true;
  if (value_of(entry, "token")[0] == '\0' && channels->token[0] == '\0')
    return err_set(err, ERR_INVALID,
                   "`token` (Bot token) is missing: ask @BotFather in Telegram for a bot, and fill "
                   "in the token that it gives");
  for (size_t i = 0; i < channels->count; i++) {
    const struct entry *other = channels->entries[i];
    if (is_telegram(other) && other->channel.id != channel->id &&
        str_equal(other->channel.target, channel->target) &&
        str_equal(value_of(other, "token"), value_of(entry, "token")))
      return err_set(err, ERR_CONFLICT, "this chat is linked already, as '%s'",
                     other->channel.name);
  }
  return true;
}

static void write_values(const struct entry *entry, bool secret, struct buf *out) {
  struct json_write json;
  json_write_init(&json, out);
  json_write_object(&json, NULL);
  for (size_t i = 0; i < entry->field_count; i++) {
    if (entry->fields[i]->secret == secret && entry->values[i][0] != '\0')
      json_write_text(&json, entry->fields[i]->name, entry->values[i]);
  }
  json_write_object_end(&json);
}

static void write_secret(const struct channels *channels, const struct entry *entry,
                         struct buf *out) {
  struct buf plain;
  buf_init(&plain);
  write_values(entry, true, &plain);
  buf_append_text(out, "");
  if (!str_equal(plain.data, "{}"))
    secret_box_seal(channels->box, plain.data, out);
  explicit_bzero(plain.data, plain.capacity);
  buf_finish(&plain);
}

static void change_free(struct change *change) {
  entry_free(change->entry);
  buf_finish(&change->settings);
  buf_finish(&change->secret);
  free(change);
}

static void run_change(struct db_task *task, struct db *db) {
  struct change *change = task->arg;
  if (db == NULL)
    return;
  if (change->kind == CHANGE_REMOVE) {
    task->ok = channel_store_remove(db, change->id, &task->err);
    return;
  }
  struct channel_row row = {.channel = change->entry->channel,
                            .settings = change->settings.data,
                            .secret = change->secret.data};
  task->ok = change->kind == CHANGE_ADD ? channel_store_insert(db, &row, &task->err)
                                        : channel_store_update(db, &row, &task->err);
  change->entry->channel.id = row.channel.id;
}

static void notify_changed(struct channels *channels) {
  if (channels->options.changed != NULL)
    channels->options.changed(channels->options.arg);
}

/* Puts the new entry in the place of the old one, at the end, or just takes the old one out. */
static struct entry *swap(struct channels *channels, int64_t id, struct entry *fresh) {
  for (size_t i = 0; i < channels->count; i++) {
    struct entry *old = channels->entries[i];
    if (old->channel.id != id)
      continue;
    if (fresh != NULL) {
      channels->entries[i] = fresh;
    } else {
      channels->count--;
      for (; i < channels->count; i++)
        channels->entries[i] = channels->entries[i + 1];
    }
    return old;
  }
  if (fresh != NULL && channels->count < CHANNELS_MAX)
    channels->entries[channels->count++] = fresh;
  return NULL;
}

static void on_changed(struct db_task *task) {
  struct change *change = task->arg;
  struct channels *channels = change->channels;
  const struct channel *channel = NULL;
  if (task->ok) {
    struct entry *fresh = change->entry;
    change->entry = NULL;
    if (fresh != NULL) /* the household's may have changed meanwhile */
      settle_language(channels, &fresh->channel);
    entry_free(swap(channels, change->kind == CHANGE_ADD ? -1 : change->id, fresh));
    channel = fresh == NULL ? NULL : &fresh->channel;
    notify_changed(channels);
  }
  change->done(channel, task->ok ? NULL : &task->err, change->arg);
  change_free(change);
}

/* Takes the entry. */
static void start_change(struct channels *channels, enum change_kind kind, struct change request) {
  struct change *change = mem_alloc(sizeof *change);
  *change = request;
  change->channels = channels;
  change->kind = kind;
  change->task = (struct db_task){.run = run_change, .done = on_changed, .arg = change};
  buf_init(&change->settings);
  buf_init(&change->secret);
  if (change->entry != NULL) {
    put_in_use(channels, change->entry);
    write_values(change->entry, false, &change->settings);
    write_secret(channels, change->entry, &change->secret);
  }
  db_threads_write(channels->options.db, &change->task);
}

static bool set_draft(struct entry *entry, const struct channels_draft *draft, struct err *err) {
  for (size_t i = 0; i < draft->count; i++) {
    const struct notify_setting *setting = &draft->settings[i];
    bool known = false;
    for (const struct notify_field *field = entry->notifier->fields; field->name != NULL; field++)
      known = known || str_equal(field->name, setting->name);
    if (!known)
      return err_set(err, ERR_INVALID, "`%.40s` is no setting of %s", setting->name,
                     entry->notifier->title);
    if (str_equal(setting->name, "target") && strlen(setting->value) >= CHANNEL_TARGET_MAX)
      return err_set(err, ERR_INVALID, "`target` is too long: at most %d bytes",
                     CHANNEL_TARGET_MAX - 1);
    set_value(entry, setting->name, setting->value);
  }
  return true;
}

void channels_add(struct channels *channels, const struct channels_draft *draft, channels_done done,
                  void *arg) {
  const struct notifier *notifier = notifier_find(draft->channel.kind);
  struct entry *entry = NULL;
  struct err err;
  bool ok = true;
  if (notifier == NULL)
    ok = err_set(&err, ERR_INVALID, "`kind` is not one that there is: see /api/v1/channels/kinds");
  else if (channels->count >= CHANNELS_MAX)
    ok = err_set(&err, ERR_TOO_LARGE, "there are %d channels already", CHANNELS_MAX);
  if (ok) {
    entry = entry_create(notifier);
    set_channel(entry, &draft->channel);
    entry->channel.id = -1;
    if (entry->channel.letter_hour == 0)
      entry->channel.letter_hour = CHANNEL_LETTER_HOUR;
    entry->channel.created_ms = clock_wall_ms();
    entry->channel.last_ok_ms = entry->channel.last_error_ms = 0;
    entry->channel.last_error[0] = '\0';
    ok = set_draft(entry, draft, &err) && check_entry(channels, entry, &err);
  }
  if (ok) {
    start_change(channels, CHANGE_ADD, (struct change){.entry = entry, .done = done, .arg = arg});
    return;
  }
  entry_free(entry);
  done(NULL, &err, arg);
}

static struct entry *entry_copy(const struct entry *old) {
  struct entry *entry = entry_create(old->notifier);
  set_channel(entry, &old->channel);
  for (size_t i = 0; i < old->field_count; i++)
    set_value(entry, old->fields[i]->name, old->values[i]);
  return entry;
}

/* Everything that an owner may change, and a clean record: the next attempt tells how it is. */
static void take_draft_channel(struct entry *entry, const struct channel *wanted) {
  struct channel channel = *wanted;
  channel.id = entry->channel.id;
  channel.created_ms = entry->channel.created_ms;
  channel.last_ok_ms = entry->channel.last_ok_ms;
  channel.last_error_ms = 0;
  channel.last_error[0] = '\0';
  str_copy(channel.kind, sizeof channel.kind, entry->channel.kind);
  str_copy(channel.target, sizeof channel.target, entry->channel.target);
  set_channel(entry, &channel);
}

static bool check_changeable(const struct channels *channels, int64_t id, struct err *err) {
  if (id == 0)
    return err_set(err, ERR_CONFLICT,
                   "this chat is set by TELEGRAM_CHAT_ID in the environment: change it there");
  return entry_find(channels, id) != NULL ||
         err_set(err, ERR_NOT_FOUND, "there is no channel with the number %" PRId64, id);
}

void channels_change(struct channels *channels, int64_t id, const struct channels_draft *draft,
                     channels_done done, void *arg) {
  struct err err;
  if (!check_changeable(channels, id, &err)) {
    done(NULL, &err, arg);
    return;
  }
  struct entry *entry = entry_copy(entry_find(channels, id));
  take_draft_channel(entry, &draft->channel);
  if (set_draft(entry, draft, &err) && check_entry(channels, entry, &err)) {
    start_change(channels, CHANGE_REPLACE,
                 (struct change){.id = id, .entry = entry, .done = done, .arg = arg});
    return;
  }
  entry_free(entry);
  done(NULL, &err, arg);
}

void channels_remove(struct channels *channels, int64_t id, channels_done done, void *arg) {
  struct err err;
  if (!check_changeable(channels, id, &err)) {
    done(NULL, &err, arg);
    return;
  }
  start_change(channels, CHANGE_REMOVE, (struct change){.id = id, .done = done, .arg = arg});
}

/* ------------------------------------------------------------ how it is doing */

struct state_save {
  struct db_task task;
  struct log *log;
  struct channel channel;
};

static void run_state(struct db_task *task, struct db *db) {
  struct state_save *save = task->arg;
  if (db != NULL)
    task->ok = channel_store_update_state(db, &save->channel, &task->err);
}

static void on_state_saved(struct db_task *task) {
  struct state_save *save = task->arg;
  if (!task->ok)
    log_write(save->log, LOG_DEBUG, "channels", "%s", task->err.text);
  free(save);
}

static void save_state(struct channels *channels, const struct channel *channel) {
  if (channel->id == 0 || channels->options.db == NULL)
    return;
  struct state_save *save = mem_alloc(sizeof *save);
  save->log = channels->options.log;
  save->channel = *channel;
  save->task = (struct db_task){.run = run_state, .done = on_state_saved, .arg = save};
  db_threads_write(channels->options.db, &save->task);
}

static void note_failure(struct entry *entry, const char *problem, int64_t now_ms) {
  if (entry->failures++ == 0)
    entry->failing_since_ms = now_ms;
  entry->channel.last_error_ms = now_ms;
  str_copy(entry->channel.last_error, sizeof entry->channel.last_error, problem);
}

void channels_note(struct channels *channels, const struct channel *channel,
                   const struct notify_result *result, int64_t now_ms) {
  struct entry *entry = entry_find(channels, channel->id);
  if (entry == NULL)
    return;
  char before[CHANNEL_ERROR_MAX];
  str_copy(before, sizeof before, entry->channel.last_error);
  bool first = entry->channel.last_ok_ms == 0;
  switch (result->verdict) {
  case NOTIFY_DELIVERED:
    entry->failures = 0;
    entry->channel.last_ok_ms = now_ms;
    entry->channel.last_error[0] = '\0';
    entry->dead = false;
    break;
  case NOTIFY_REFUSED: /* that message, not the channel */
  case NOTIFY_RETRY:
    note_failure(entry, result->text, now_ms);
    if (result->needs_owner ||
        (entry->failures >= DEAD_AFTER_TIMES && now_ms - entry->failing_since_ms >= DEAD_AFTER_MS))
      entry->dead = true;
    break;
  }
  if (!str_equal(before, entry->channel.last_error) || (first && entry->failures == 0)) {
    save_state(channels, &entry->channel);
    notify_changed(channels);
  }
}

bool channels_is_dead(const struct channels *channels, const struct channel *channel) {
  (void)channels;
  return entry_of(channel)->dead;
}
