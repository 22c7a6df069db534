/* A letter (RFC 5322) by SMTP, the text in base64 so that no line of it means anything on the way.
 * The Message-ID is the same at each attempt: a server that took a letter twice shows it once where
 * the reader's program knows that. Letters of an episode stand together by their References. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "net/mail.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_text.h"

enum {
  CONNECT_TIMEOUT_MS = 15000,
  TIMEOUT_MS = 60000,
  RECIPIENTS_MAX = 10,
  WORD_BYTES = 45, /* of text in one encoded word: 60 characters of base64 and 12 around them */
  LETTER_LINE = 76,
};

static const struct notify_field fields[] = {
    {"target", "To", "The address that gets the letters; several with commas between.", NOTIFY_TEXT,
     .required = true},
    {"server", "Mail server", "The outgoing (SMTP) server of your provider, as smtp.example.org.",
     NOTIFY_TEXT, .required = true},
    {"port", "Port", "587 for STARTTLS, 465 for TLS; your provider names it.", NOTIFY_NUMBER,
     .fallback = "587"},
    {"security", "Encryption", "STARTTLS, TLS, or none (only for a server at home).", NOTIFY_CHOICE,
     .fallback = "starttls", .choices = "starttls,tls,none"},
    {"user", "User name", "Most often your address. Empty: without signing in.", NOTIFY_TEXT,
     .required = false},
    {"password", "Password",
     "Many providers want an app password, made in your account's settings.", NOTIFY_TEXT,
     .secret = true},
    {"from", "From", "The address that the letters come from, most often your own.", NOTIFY_TEXT,
     .required = true},
    {"certificate", "Certificate",
     "any: only for a mail server at home with a certificate of its "
     "own making.",
     NOTIFY_CHOICE, .fallback = "check", .choices = "check,any"},
    {0},
};

/* One address as it may stand between < and >. */
static bool is_address(const char *text) {
  size_t length = strlen(text);
  return length > 2 && length < 254 && strchr(text, '@') != NULL &&
         text[strcspn(text, " \t\r\n<>,;\"\\()")] == '\0' && text[0] != '-' && text[0] != '@';
}

/* NULL when one is no address. */
static const char **split_addresses(struct arena *arena, const char *list, struct err *err) {
  const char **all = arena_alloc(arena, (RECIPIENTS_MAX + 1) * sizeof *all);
  size_t count = 0;
  for (const char *at = list; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
    char *one = str_trim(arena_strndup(arena, at, strcspn(at, ",")));
    if (!is_address(one) || count == RECIPIENTS_MAX) {
      err_set(err, ERR_INVALID, "`target` (To) must be an e-mail address, or up to %d with commas",
              RECIPIENTS_MAX);
      return NULL;
    }
    all[count++] = one;
  }
  return all;
}

static bool is_plain(const char *text) {
  for (; *text != '\0'; text++) {
    if (*text < ' ' || *text > '~')
      return false;
  }
  return true;
}

/* RFC 2047: words of base64, none longer than 75 characters, characters whole. */
static void write_subject(struct buf *out, const char *subject) {
  buf_append_text(out, "Subject: ");
  if (is_plain(subject) && strlen(subject) <= LETTER_LINE - 10) {
    buf_append_text(out, subject);
  } else {
    for (bool first = true; *subject != '\0'; first = false) {
      size_t length = notify_text_fit(subject, NOTIFY_BYTES, WORD_BYTES);
      buf_append_text(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
      notify_text_base64(out, subject, length, 0);
      buf_append_text(out, "?=");
      subject += length;
    }
  }
  buf_append_text(out, "\r\n");
}

/* RFC 5322 section 3.3, in UTC; the names are not those of a locale. */
static void write_date(struct buf *out, int64_t wall_ms) {
  static const char days[] = "SunMonTueWedThuFriSat";
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm utc = {0};
  gmtime_r(&seconds, &utc);
  buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + utc.tm_wday * 3,
             utc.tm_mday, months + utc.tm_mon * 3, utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
             utc.tm_sec);
}

static void write_text_part(struct buf *out, const char *text) {
  buf_append_text(out, "Content-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n");
  notify_text_base64(out, text, strlen(text), LETTER_LINE);
  buf_append_text(out, "\r\n");
}

/* RFC 2046 section 5.1.3: the text, and below it the picture. "=_" is in no base64. */
static void write_parts(struct buf *out, const struct notify_message *message) {
  buf_printf(out,
             "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n\r\n"
             "--=_%s\r\n",
             message->key, message->key);
  write_text_part(out, message->text);
  buf_printf(out,
             "--=_%s\r\nContent-Type: image/png; name=\"chart.png\"\r\n"
             "Content-Disposition: inline; filename=\"chart.png\"\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\n",
             message->key);
  notify_text_base64(out, message->picture, message->picture_length, LETTER_LINE);
  buf_printf(out, "\r\n--=_%s--\r\n", message->key);
}

static void write_letter(struct buf *out, const char *from, const char *const *to,
                         const struct notify_message *message, const char *subject) {
  const char *domain = strchr(from, '@') + 1;
  buf_printf(out, "From: Bitaxe Monitor <%s>\r\nTo: ", from);
  for (size_t i = 0; to[i] != NULL; i++)
    buf_printf(out, "%s<%s>", i > 0 ? ",\r\n " : "", to[i]);
  buf_append_text(out, "\r\n");
  write_subject(out, subject);
  write_date(out, message->at_ms);
  buf_printf(out, "Message-ID: <%s@%s>\r\n", message->key, domain);
  if (message->episode_id != 0)
    buf_printf(out, "References: <episode-%" PRId64 "@%s>\r\n", message->episode_id, domain);
  if (message->severity == ALERT_CRITICAL)
    buf_append_text(out, "Importance: high\r\n");
  buf_append_text(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
  if (message->picture != NULL)
    write_parts(out, message);
  else
    write_text_part(out, message->text);
}

static enum mail_security security_of(const char *name) {
  if (str_equal(name, "tls"))
    return MAIL_TLS;
  return str_equal(name, "none") ? MAIL_PLAIN : MAIL_STARTTLS;
}

static bool is_host(const char *text) {
  return text[0] != '\0' &&
         text[strspn(
             text, "-.:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  const char *from = notifier_setting(channel, "from"),
             *server = notifier_setting(channel, "server");
  const char **to = split_addresses(arena, notifier_setting(channel, "target"), err);
  if (to == NULL)
    return false;
  if (!is_address(from))
    return err_set(err, ERR_INVALID, "`from` (From) must be an e-mail address");
  if (!is_host(server))
    return err_set(err, ERR_INVALID, "`server` (Mail server) must be a name like smtp.example.org");
  struct mail_options *mail = arena_alloc(arena, sizeof *mail);
  *mail = (struct mail_options){
      .from = from,
      .to = to,
      .user = notifier_setting(channel, "user"),
      .password = notifier_setting(channel, "password"),
      .security = security_of(notifier_setting(channel, "security")),
      .any_certificate = str_equal(notifier_setting(channel, "certificate"), "any"),
  };
  struct buf letter;
  buf_init(&letter);
  write_letter(&letter, from, to, message, notify_text_subject(arena, message->text));
  *options = (struct http_call_options){
      .url = arena_printf(arena, "%s://%s:%s", mail->security == MAIL_TLS ? "smtps" : "smtp",
                          server, notifier_setting(channel, "port")),
      .mail = mail,
      .body = arena_memdup(arena, letter.data, letter.length),
      .body_length = letter.length,
      .connect_timeout_ms = CONNECT_TIMEOUT_MS,
      .timeout_ms = TIMEOUT_MS,
  };
  buf_finish(&letter);
  return true;
}

static void say(struct notify_result *result, const char *what, const char *said,
                const char *check) {
  struct buf text;
  buf_init(&text);
  buf_printf(&text, "%s (%s): %s", what, said, check);
  str_copy(result->text, sizeof result->text, text.data);
  buf_finish(&text);
}

/* RFC 5321 section 4.2.3 and RFC 4954 section 6. */
static void read_status(int status, const char *said, struct notify_result *result) {
  switch (status) {
  case 530:
  case 534:
  case 535:
  case 538:
    result->needs_owner = true;
    say(result, "the mail server did not let the monitor in", said,
        "check user name and password; many providers want an app password");
    break;
  case 501:
  case 550:
  case 551:
  case 553:
  case 555:
    result->needs_owner = true;
    say(result, "the mail server does not take these addresses", said,
        "check To and From, and whether the user may send from there");
    break;
  case 552:
  case 554:
    result->verdict = NOTIFY_REFUSED;
    say(result, "the mail server rejected the letter", said, "ask your provider why");
    break;
  default:
    say(result, "the mail server could not take the letter now", said, "the monitor tries again");
  }
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  char said[100];
  *result = (struct notify_result){.verdict = NOTIFY_RETRY};
  if (answer->outcome != HTTP_ANSWERED) {
    notify_answer_transport("the mail server", answer, result->text, sizeof result->text);
    return;
  }
  if (answer->status >= 200 && answer->status < 300) {
    result->verdict = NOTIFY_DELIVERED;
    return;
  }
  str_sanitize(said, sizeof said, answer->body, answer->body_length);
  str_copy(said, sizeof said, str_trim(said));
  read_status(answer->status, said, result);
}

const struct notifier email_notifier = {
    .name = "email",
    .title = "E-mail",
    .about = "Letters through the outgoing mail server of your provider.",
    .fields = fields,
    .supports_picture = true,
    .pace = {.gap_ms = 2000, .burst = 20, .window_ms = 60000},
    .request = make_request,
    .read = read_answer,
};
