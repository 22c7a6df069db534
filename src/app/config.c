#include "app/config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

const char config_help[] =
    "Flags (each also as --flag=value):\n"
    "  --listen ADDR:PORT     where the page and the API are (default 127.0.0.1:8000;\n"
    "                         0.0.0.0:8000 lets other devices in your network in)\n"
    "  --data-dir DIR         where the history is kept\n"
    "  --demo                 three simulated miners to look around with\n"
    "  --web-dir DIR          the built dashboard (default: found beside the program)\n"
    "  --allow-public-miners  allow miners outside private networks\n"
    "  --log-level LEVEL      debug, info, warn or error (default info)\n"
    "  --log-json             log JSON lines even on a terminal\n"
    "\n"
    "Environment, or a .env file in the working directory:\n"
    "  BITAXE_BASE_URL        a miner to watch from the start, as http://192.168.1.50\n"
    "  POLL_INTERVAL_SECONDS  how often a miner is asked (default 10, at least 2)\n"
    "  TEMP_THRESHOLD_CORE_C  chip temperature to warn at (default: by the board)\n"
    "  TEMP_THRESHOLD_VR_C    regulator temperature to warn at (default: by the board)\n"
    "  ALERT_HYSTERESIS_C     how far below it must fall to be over (default 2)\n"
    "  ALERT_COOLDOWN_MINUTES shortest time between two alerts of a kind (default 10)\n"
    "  TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID   where alerts go\n"
    "  TELEGRAM_WEBHOOK_SECRET, TELEGRAM_WEBHOOK_URL   only for webhooks\n"
    "  TELEGRAM_API_BASE      another Bot API server\n"
    "  LETTER, LETTER_HOUR    off, daily or weekly: how the days went, and when (default off, 8)\n"
    "  HEARTBEAT_URL          asked once a minute while the monitor is well\n"
    "  DATABASE_URL           default sqlite:DATA_DIR/monitor.db\n"
    "  BACKUP_KEEP            daily backups to keep in DATA_DIR/backups (default 7, 0: none)\n"
    "  RETENTION_SAMPLES_DAYS samples older than this are removed (default: never; 365 on\n"
    "                         PostgreSQL; 0: never)\n"
    "  SPOOL_MAX_MB           disk that may be used while PostgreSQL is away (default 2000)\n"
    "  TRUSTED_HOSTS          names that a reverse proxy serves the page under, by commas\n"
    "  LISTEN, DATA_DIR, LOG_LEVEL   as the flags\n";

/* ------------------------------------------------------------ single values */

static bool set_path(char *target, const char *what, const char *value, struct err *err) {
  if (strlen(value) >= CONFIG_PATH_MAX - 32)
    return err_set(err, ERR_INVALID, "%s is too long", what);
  str_copy(target, CONFIG_PATH_MAX, value);
  return true;
}

static bool set_listen(struct config *config, const char *what, const char *value,
                       struct err *err) {
  const char *colon = strrchr(value, ':');
  int64_t port;
  size_t host = colon == NULL ? 0 : (size_t)(colon - value);
  bool bracketed = host >= 2 && value[0] == '[' && value[host - 1] == ']';
  if (colon == NULL || !str_to_i64(colon + 1, 0, 65535, &port) || host >= CONFIG_HOST_MAX)
    return err_set(err, ERR_INVALID,
                   "%s is '%s': write an address and a port, as 127.0.0.1:8000 or 0.0.0.0:8000",
                   what, value);
  snprintf(config->listen_host, sizeof config->listen_host, "%.*s",
           (int)(bracketed ? host - 2 : host), bracketed ? value + 1 : value);
  if (host == 0)
    str_copy(config->listen_host, sizeof config->listen_host, "0.0.0.0");
  config->listen_port = (uint16_t)port;
  return true;
}

static bool set_level(struct config *config, const char *what, const char *value, struct err *err) {
  return log_parse_level(value, &config->log_level) ||
         err_set(err, ERR_INVALID, "%s is '%s': use debug, info, warn or error", what, value);
}

static bool get_number(const struct config *config, const char *name, double minimum,
                       double maximum, double *out, struct err *err) {
  const char *text = dotenv_get(&config->dotenv, name);
  double value;
  if (text == NULL)
    return true;
  if (!str_to_double(text, &value) || value < minimum || value > maximum)
    return err_set(err, ERR_INVALID, "%s is '%s': write a number from %.15g to %.15g", name, text,
                   minimum, maximum);
  *out = value;
  return true;
}

/* A typing mistake must not wait for the first failure to be noticed: who is to be told of
 * failures may be the one who is never reached. */
static bool get_url(const struct config *config, const char *name, const char **out,
                    struct err *err) {
  const char *url = dotenv_get(&config->dotenv, name);
  const char *host = url == NULL                        ? NULL
                     : str_starts_with(url, "https://") ? url + strlen("https://")
                     : str_starts_with(url, "http://")  ? url + strlen("http://")
                                                        : "";
  if (host != NULL &&
      (host[0] == '\0' || strchr("/?#:@", host[0]) != NULL || url[strcspn(url, " \t\r\n")] != '\0'))
    return err_set(err, ERR_INVALID, "%s is no address: write one such as https://example.org/...",
                   name);
  *out = url;
  return true;
}

static bool set_database(struct config *config, const char *value, struct err *err) {
  if (str_equal(value, "sqlite::memory:"))
    return err_set(err, ERR_INVALID,
                   "DATABASE_URL is a database in memory, which forgets everything: write "
                   "sqlite:/path/to/monitor.db");
  return set_path(config->database_url, "DATABASE_URL", value, err);
}

/* ------------------------------------------------------------ environment */

static bool read_alerts(struct config *config, struct err *err) {
  double cooldown_min = (double)config->alerts.cooldown_ms / 60000;
  if (!get_number(config, "TEMP_THRESHOLD_CORE_C", 20, 150, &config->alerts.chip_limit_c, err) ||
      !get_number(config, "TEMP_THRESHOLD_VR_C", 20, 200, &config->alerts.vr_limit_c, err) ||
      !get_number(config, "ALERT_HYSTERESIS_C", 0, 50, &config->alerts.hysteresis_c, err) ||
      !get_number(config, "ALERT_COOLDOWN_MINUTES", 0, 100000, &cooldown_min, err))
    return false;
  config->alerts.cooldown_ms = llround(cooldown_min * 60000);
  return true;
}

static bool read_polling(struct config *config, struct err *err) {
  double seconds = 10, bench_ms = 0;
  if (!get_number(config, "POLL_INTERVAL_SECONDS", 1, 86400, &seconds, err) ||
      !get_number(config, "BENCH_POLL_INTERVAL_MS", 10, 86400000, &bench_ms, err))
    return false;
  config->poll_interval_ms = llround(fmax(seconds, 2) * 1000);
  if (bench_ms > 0) {
    config->poll_interval_ms = llround(bench_ms);
    config->unsafe_poll_interval = true;
  }
  return true;
}

/* A file at home is kept for ever; a server that many share is not filled
 * without being asked. */
static bool read_keeping(struct config *config, struct err *err) {
  bool is_file =
      config->database_url[0] == '\0' || str_starts_with(config->database_url, "sqlite:");
  double keep = 7, days = is_file ? 0 : 365, seal_ms = 0, spool_mb = 2000;
  if (!get_number(config, "BACKUP_KEEP", 0, 365, &keep, err) ||
      !get_number(config, "RETENTION_SAMPLES_DAYS", 0, 36500, &days, err) ||
      !get_number(config, "BENCH_SEAL_PERIOD_MS", 240, 86400000, &seal_ms, err) ||
      !get_number(config, "SPOOL_MAX_MB", 1, 1e6, &spool_mb, err))
    return false;
  if (days > 0 && days < 1)
    return err_set(err, ERR_INVALID,
                   "RETENTION_SAMPLES_DAYS is less than a day: write 1 or more, or 0 for ever");
  config->backup_keep = (int)keep;
  config->spool_max_bytes = llround(spool_mb * 1024 * 1024);
  config->retention_ms = llround(days * 86400 * 1000);
  config->seal_period_ms = llround(seal_ms);
  return true;
}

static bool read_letter(struct config *config, struct err *err) {
  const char *letter = dotenv_get(&config->dotenv, "LETTER");
  double hour = CHANNEL_LETTER_HOUR;
  if (!get_number(config, "LETTER_HOUR", CHANNEL_LETTER_HOUR_MIN, CHANNEL_LETTER_HOUR_MAX, &hour,
                  err))
    return false;
  config->letter_hour = (int)hour;
  return letter == NULL || channel_letter_find(letter, &config->letter) ||
         err_set(err, ERR_INVALID, "LETTER is '%s': write off, daily or weekly", letter);
}

static bool read_telegram(struct config *config, struct err *err) {
  const struct dotenv *env = &config->dotenv;
  config->telegram_token = dotenv_get(env, "TELEGRAM_BOT_TOKEN");
  config->telegram_chat = dotenv_get(env, "TELEGRAM_CHAT_ID");
  config->telegram_webhook_secret = dotenv_get(env, "TELEGRAM_WEBHOOK_SECRET");
  /* An address may hold a secret: no error repeats it. */
  if (!get_url(config, "HEARTBEAT_URL", &config->heartbeat_url, err) ||
      !get_url(config, "TELEGRAM_API_BASE", &config->telegram_base_url, err) ||
      !get_url(config, "TELEGRAM_WEBHOOK_URL", &config->telegram_webhook_url, err))
    return false;
  if (config->telegram_webhook_url != NULL && config->telegram_webhook_secret == NULL)
    return err_set(err, ERR_INVALID,
                   "TELEGRAM_WEBHOOK_URL needs TELEGRAM_WEBHOOK_SECRET: choose a long random word, "
                   "or remove the URL, then the bot asks Telegram by itself");
  return true;
}

static bool read_environment(struct config *config, struct err *err) {
  const struct dotenv *env = &config->dotenv;
  const char *listen = dotenv_get(env, "LISTEN"), *level = dotenv_get(env, "LOG_LEVEL");
  const char *data_dir = dotenv_get(env, "DATA_DIR"), *database = dotenv_get(env, "DATABASE_URL");
  config->first_miner = dotenv_get(env, "BITAXE_BASE_URL");
  config->trusted_hosts = dotenv_get(env, "TRUSTED_HOSTS");
  return (listen == NULL || set_listen(config, "LISTEN", listen, err)) &&
         (level == NULL || set_level(config, "LOG_LEVEL", level, err)) &&
         (data_dir == NULL || set_path(config->data_dir, "DATA_DIR", data_dir, err)) &&
         (database == NULL || set_database(config, database, err)) && read_alerts(config, err) &&
         read_polling(config, err) && read_keeping(config, err) && read_letter(config, err) &&
         read_telegram(config, err);
}

/* ------------------------------------------------------------ flags */

static bool set_flag(struct config *config, const char *name, const char *value, struct err *err) {
  if (str_equal(name, "--listen"))
    return set_listen(config, name, value, err);
  if (str_equal(name, "--data-dir"))
    return set_path(config->data_dir, name, value, err);
  if (str_equal(name, "--web-dir"))
    return set_path(config->web_dir, name, value, err);
  return set_level(config, name, value, err); /* --log-level: read_flags knows no other */
}

static bool set_switch(struct config *config, const char *name) {
  bool *target = str_equal(name, "--demo")                  ? &config->demo
                 : str_equal(name, "--log-json")            ? &config->log_json
                 : str_equal(name, "--allow-public-miners") ? &config->allow_public_miners
                                                            : NULL;
  if (target != NULL)
    *target = true;
  return target != NULL;
}

static bool read_flags(struct config *config, int argc, char **argv, struct err *err) {
  for (int i = 0; i < argc; i++) {
    char name[32];
    const char *value = strchr(argv[i], '=');
    if (set_switch(config, argv[i]))
      continue;
    snprintf(name, sizeof name, "%.*s", value != NULL ? (int)(value - argv[i]) : 31, argv[i]);
    bool known = str_equal(name, "--listen") || str_equal(name, "--data-dir") ||
                 str_equal(name, "--web-dir") || str_equal(name, "--log-level");
    if (!known)
      return err_set(err, ERR_INVALID, "there is no flag %s: bitaxe-monitor --help lists them",
                     name);
    if (value == NULL && ++i == argc)
      return err_set(err, ERR_INVALID, "%s needs a value after it", name);
    value = value != NULL ? value + 1 : argv[i];
    if (!set_flag(config, name, value, err))
      return false;
  }
  return true;
}

/* ------------------------------------------------------------ defaults */

static void default_data_dir(struct config *config) {
  const char *state = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (config->data_dir[0] != '\0')
    return;
  if (state != NULL && state[0] == '/')
    snprintf(config->data_dir, sizeof config->data_dir, "%.400s/bitaxe-monitor", state);
  else if (home != NULL && home[0] == '/')
    snprintf(config->data_dir, sizeof config->data_dir, "%.400s/.local/share/bitaxe-monitor", home);
  else
    str_copy(config->data_dir, sizeof config->data_dir, "bitaxe-monitor-data");
}

/* The dashboard lies beside the program when it was installed, or in the source
 * tree when it was built there. */
static void default_web_dir(struct config *config) {
  static const char *const places[] = {"../share/bitaxe-monitor/web", "../dashboard/dist"};
  char program[CONFIG_PATH_MAX - 64], index[CONFIG_PATH_MAX + 16];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (config->web_dir[0] != '\0' || length <= 0)
    return;
  program[length] = '\0';
  *strrchr(program, '/') = '\0';
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    snprintf(config->web_dir, sizeof config->web_dir, "%s/%s", program, places[i]);
    snprintf(index, sizeof index, "%s/index.html", config->web_dir);
    if (access(index, R_OK) == 0)
      return;
  }
  config->web_dir[0] = '\0';
}

bool config_read(struct config *config, int argc, char **argv, struct err *err) {
  *config = (struct config){.listen_port = 8000, .log_level = LOG_INFO};
  str_copy(config->listen_host, sizeof config->listen_host, "127.0.0.1");
  config->log_json = !isatty(STDERR_FILENO);
  alert_config_init(&config->alerts);
  if (!dotenv_load(&config->dotenv, ".env", err) || !read_environment(config, err) ||
      !read_flags(config, argc, argv, err))
    return false;
  default_data_dir(config);
  default_web_dir(config);
  if (config->database_url[0] == '\0')
    snprintf(config->database_url, sizeof config->database_url, "sqlite:%.480s/monitor.db",
             config->data_dir);
  return true;
}

void config_finish(struct config *config) {
  dotenv_finish(&config->dotenv);
}
