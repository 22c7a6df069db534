#include "miner/raw_mask.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/mask.h"
#include "miner/answer_json.h"

#define HIDDEN "(hidden)"

enum {
  KEY_MAX = 64,     /* more of a key is not looked at */
  SECRETS_MAX = 64, /* texts that are looked for elsewhere */
  SECRET_MIN = 4,   /* shorter ones stand everywhere by chance */
  KEYS_MAX = 64,    /* that are named as hidden */
};

/* Parts of names, in lower case without dashes and underscores. Some catch too much
 * (`coinbaseValueUserSatoshis`): a figure less harms nobody. */
static const char *const secret_parts[] = {
    "pass",     "pwd",       "psk",      "secret",   "token",    "key",    "auth",    "otp",
    "cert",     "cred",      "login",    "user",     "worker",   "wallet", "payout",  "payee",
    "address",  "ssid",      "macaddr",  "serialn",  "hostname", "hostip", "localip", "ipaddr",
    "ipv4",     "ipv6",      "gateway",  "netmask",  "dns",      "mail",   "phone",   "chatid",
    "latitude", "longitude", "location", "mnemonic", "private",  "seed",
};

/* Names as a whole: as parts they stand in too many others. */
static const char *const secret_names[] = {"ip", "mac", "pin", "owner", "serial", "chat"};

bool raw_mask_is_secret(const char *key) {
  char plain[KEY_MAX];
  size_t length = 0;
  for (; *key != '\0' && length < sizeof plain - 1; key++) {
    if (*key != '_' && *key != '-' && *key != ' ' && *key != '.')
      plain[length++] = (char)tolower((unsigned char)*key);
  }
  plain[length] = '\0';
  for (size_t i = 0; i < sizeof secret_parts / sizeof secret_parts[0]; i++) {
    if (strstr(plain, secret_parts[i]) != NULL)
      return true;
  }
  for (size_t i = 0; i < sizeof secret_names / sizeof secret_names[0]; i++) {
    if (strcmp(plain, secret_names[i]) == 0)
      return true;
  }
  return false;
}

/* Texts are borrowed from the document. */
struct mask {
  const char *secrets[SECRETS_MAX];
  size_t lengths[SECRETS_MAX];
  size_t secret_count;
  const char *keys[KEYS_MAX];
  size_t key_count;
  struct buf found, text; /* room to work in */
  struct json_write json;
};

/* ------------------------------------------------------------ what is secret */

static void add_secret(struct mask *mask, const char *text, size_t length) {
  if (length < SECRET_MIN || mask->secret_count == SECRETS_MAX)
    return;
  mask->secrets[mask->secret_count] = text;
  mask->lengths[mask->secret_count++] = length;
}

/* A user is "address.worker": the address alone is one, too. */
static void learn_text(struct mask *mask, const char *text) {
  size_t length = strlen(text), before_dot = strcspn(text, ".");
  add_secret(mask, text, length);
  if (before_dot < length)
    add_secret(mask, text, before_dot);
}

static void learn(struct mask *mask, const struct json *value, bool secret) {
  const char *text;
  if (secret && json_text(value, &text))
    learn_text(mask, text);
  for (const struct json *child = json_first(value); child != NULL; child = json_next(child))
    learn(mask, child, secret || raw_mask_is_secret(json_key(child)));
}

/* ------------------------------------------------------------ writing */

static size_t secret_length(const struct mask *mask, const char *text) {
  size_t longest = 0;
  for (size_t i = 0; i < mask->secret_count; i++) {
    bool here = strncmp(text, mask->secrets[i], mask->lengths[i]) == 0;
    longest = here && mask->lengths[i] > longest ? mask->lengths[i] : longest;
  }
  return longest;
}

/* The text without what must not be seen; borrowed until the next call. */
static const char *masked(struct mask *mask, const char *text) {
  buf_clear(&mask->found);
  buf_clear(&mask->text);
  for (const char *at = text; *at != '\0';) {
    size_t length = secret_length(mask, at);
    if (length > 0)
      buf_append_text(&mask->found, HIDDEN);
    else
      buf_append_char(&mask->found, *at);
    at += length > 0 ? length : 1;
  }
  buf_append_text(&mask->found, "");
  if (mask->found.length > 0)
    mask_append(&mask->text, mask->found.data);
  return mask->text.length > 0 ? mask->text.data : "";
}

static void note_hidden(struct mask *mask, const char *key) {
  for (size_t i = 0; i < mask->key_count; i++) {
    if (strcmp(mask->keys[i], key) == 0)
      return;
  }
  if (key[0] != '\0' && mask->key_count < KEYS_MAX)
    mask->keys[mask->key_count++] = key;
}

static void write_number(struct json_write *json, const char *key, double number) {
  char digits[32];
  int length = snprintf(digits, sizeof digits, "%.15g", number);
  if (strtod(digits, NULL) != number)
    length = snprintf(digits, sizeof digits, "%.17g", number);
  json_write_raw(json, key, digits, (size_t)length);
}

static bool is_told(const struct json *value) {
  const char *text;
  return json_type(value) == JSON_NUMBER || (json_text(value, &text) && text[0] != '\0');
}

/* `name` is of the nearest member that has one; `key` is NULL in a list. */
static void write_scalar(struct mask *mask, const char *key, const char *name,
                         const struct json *value, bool secret) {
  const char *text = "";
  double number = 0;
  bool truth = false;
  if (secret && is_told(value)) {
    note_hidden(mask, name);
    json_write_text(&mask->json, key, HIDDEN);
  } else if (json_text(value, &text)) {
    const char *shown = masked(mask, text);
    if (strcmp(shown, text) != 0)
      note_hidden(mask, name);
    json_write_text(&mask->json, key, shown);
  } else if (json_bool(value, &truth)) {
    json_write_bool(&mask->json, key, truth);
  } else if (json_number(value, &number)) {
    write_number(&mask->json, key, number);
  } else {
    json_write_null(&mask->json, key);
  }
}

static void write_value(struct mask *mask, const char *key, const char *name,
                        const struct json *value, bool secret);

static void write_members(struct mask *mask, const char *name, const struct json *container,
                          bool secret) {
  bool is_object = json_type(container) == JSON_OBJECT;
  for (const struct json *child = json_first(container); child != NULL; child = json_next(child)) {
    const char *key = json_key(child);
    if (is_object)
      write_value(mask, key, key, child, secret || raw_mask_is_secret(key));
    else
      write_value(mask, NULL, name, child, secret);
  }
}

static void write_value(struct mask *mask, const char *key, const char *name,
                        const struct json *value, bool secret) {
  struct buf shown; /* a key may be a network's name */
  buf_init(&shown);
  if (key != NULL)
    buf_append_text(&shown, masked(mask, key));
  const char *shown_key = key == NULL ? NULL : shown.length > 0 ? shown.data : "";
  switch (json_type(value)) {
  case JSON_OBJECT:
    json_write_object(&mask->json, shown_key);
    write_members(mask, name, value, secret);
    json_write_object_end(&mask->json);
    break;
  case JSON_ARRAY:
    json_write_array(&mask->json, shown_key);
    write_members(mask, name, value, secret);
    json_write_array_end(&mask->json);
    break;
  default:
    write_scalar(mask, shown_key, name, value, secret);
  }
  buf_finish(&shown);
}

static void write_hidden(struct mask *mask, struct buf *out) {
  struct json_write json;
  json_write_init(&json, out);
  json_write_array(&json, NULL);
  for (size_t i = 0; i < mask->key_count; i++)
    json_write_text(&json, NULL, masked(mask, mask->keys[i]));
  json_write_array_end(&json);
}

bool raw_mask_write(const char *body, size_t length, struct buf *answer, struct buf *hidden,
                    struct err *err) {
  enum reason reason;
  struct json *root = answer_json_parse(body, length, &reason, err);
  if (root == NULL)
    return false;
  struct mask mask = {0};
  buf_init(&mask.found);
  buf_init(&mask.text);
  json_write_init(&mask.json, answer);
  learn(&mask, root, false);
  write_value(&mask, NULL, "", root, false);
  write_hidden(&mask, hidden);
  buf_finish(&mask.found);
  buf_finish(&mask.text);
  json_free(root);
  return true;
}
