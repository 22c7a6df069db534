/* What the program is told at start: flags first, then the environment, then a
 * `.env` file in the working directory, then the defaults. Everything else lives
 * in the database. The names of the environment variables are those of the
 * system that this one replaces, so that its `.env` keeps working. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/alert_rulebook.h"
#include "app/dotenv.h"
#include "base/err.h"
#include "base/log.h"
#include "model/channel.h"

enum { CONFIG_PATH_MAX = 512, CONFIG_HOST_MAX = 64 };

struct config {
  char listen_host[CONFIG_HOST_MAX];  /* --listen, LISTEN; default 127.0.0.1 */
  uint16_t listen_port;               /* default 8000; 0: any free one */
  char data_dir[CONFIG_PATH_MAX];     /* --data-dir, DATA_DIR */
  char web_dir[CONFIG_PATH_MAX];      /* --web-dir; "" when no dashboard was found */
  char database_url[CONFIG_PATH_MAX]; /* DATABASE_URL; default sqlite:DATA_DIR/monitor.db */
  bool demo;                          /* --demo */
  bool allow_public_miners;           /* --allow-public-miners */
  bool log_json;                      /* --log-json; default: when not on a terminal */
  enum log_level log_level;           /* --log-level, LOG_LEVEL */
  int64_t poll_interval_ms;           /* POLL_INTERVAL_SECONDS */
  bool unsafe_poll_interval;          /* BENCH_POLL_INTERVAL_MS was given */
  int backup_keep;                    /* BACKUP_KEEP; 0: no daily backups */
  int64_t spool_max_bytes;            /* SPOOL_MAX_MB */
  int64_t retention_ms;               /* RETENTION_SAMPLES_DAYS; 0: samples are kept for ever */
  int64_t seal_period_ms;             /* BENCH_SEAL_PERIOD_MS; 0: as it is */
  struct alert_config alerts;         /* TEMP_THRESHOLD_*, ALERT_* */
  const char *first_miner; /* BITAXE_BASE_URL or NULL; texts below belong to `dotenv` or environ */
  const char *trusted_hosts;  /* TRUSTED_HOSTS or NULL */
  enum channel_letter letter; /* of the chat of the environment */
  int letter_hour;
  const char *heartbeat_url; /* HEARTBEAT_URL or NULL */
  const char *telegram_base_url, *telegram_token, *telegram_chat;
  const char *telegram_webhook_secret, *telegram_webhook_url;
  struct dotenv dotenv;
};

/* Fills from argv (after the subcommand), environment and `.env`. ERR_INVALID
 * names the flag or variable, what was wrong with it, and what to write. */
bool config_read(struct config *config, int argc, char **argv, struct err *err);
void config_finish(struct config *config);

/* The flags and variables, for --help. */
extern const char config_help[];

#endif
