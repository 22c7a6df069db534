/* `bitaxe-monitor check`: says in words what is wrong with a set-up. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/command.h"
#include "app/config.h"
#include "app/setup.h"
#include "base/str.h"
#include "db/db.h"
#include "net/address.h"
#include "store/sample_store.h"

static void good(const char *what, const char *detail) {
  printf("ok    %s: %s\n", what, detail);
}
static void note(const char *what, const char *detail) {
  printf("note  %s: %s\n", what, detail);
}

static bool bad(const char *what, const char *detail) {
  printf("WRONG %s: %s\n", what, detail);
  return false;
}

static bool check_database(const struct config *config) {
  struct err err;
  struct db *db;
  int64_t count, first, last;
  char text[160];
  if (strncmp(config->database_url, "sqlite:", 7) == 0 &&
      access(config->database_url + 7, F_OK) != 0) {
    good("database", "not there yet, it is made at the first start");
    return true;
  }
  if (!db_open(&db, config->database_url, DB_READ_ONLY, &err))
    return bad("database", err.text);
  bool ok = sample_store_count(db, &count, &first, &last, &err);
  db_close(db);
  if (!ok && err.code == ERR_INVALID) /* SQL's own words: a table is missing */
    return bad("database", "this is a database, but not one of this monitor, or it is damaged: "
                           "bitaxe-monitor verify tells more");
  if (!ok)
    return bad("database", err.text);
  snprintf(text, sizeof text, "readable, %lld samples", (long long)count);
  good("database", text);
  return true;
}

static bool check_first_miner(const struct config *config) {
  struct address address;
  struct err err;
  if (config->first_miner == NULL)
    return true;
  if (!address_parse(config->first_miner, &address, &err))
    return bad("BITAXE_BASE_URL", err.text);
  if (address_scope(address.host) == ADDRESS_PUBLIC && !config->allow_public_miners)
    return bad("BITAXE_BASE_URL",
               "this is an address of the internet: miners are asked in your own "
               "network only. Start with --allow-public-miners if you mean it");
  good("BITAXE_BASE_URL", config->first_miner);
  return true;
}

static bool check_port(const struct config *config) {
  struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found;
  char port[8], where[CONFIG_HOST_MAX + 16], text[200];
  snprintf(port, sizeof port, "%u", (unsigned)config->listen_port);
  snprintf(where, sizeof where, "%s port %s", config->listen_host, port);
  if (getaddrinfo(config->listen_host, port, &hints, &found) != 0)
    return bad("address", "--listen needs an address of this machine, as 127.0.0.1:8000");
  int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  int rc = bind(fd, found->ai_addr, found->ai_addrlen);
  int problem = errno;
  freeaddrinfo(found);
  close(fd);
  if (rc == 0) {
    good("address", where);
    return true;
  }
  if (problem == EADDRINUSE) {
    snprintf(text, sizeof text,
             "%s is in use: right when the monitor is running now, wrong "
             "otherwise",
             where);
    note("address", text);
    return true;
  }
  snprintf(text, sizeof text, "%s: %s", where, strerror(problem));
  return bad("address", text);
}

static int run(int argc, char **argv) {
  struct config config;
  struct err err;
  if (!config_read(&config, argc, argv, &err)) {
    bad("settings", err.text);
    config_finish(&config);
    return 1;
  }
  good("settings", "flags, environment and .env are understood");
  bool ok = true;
  if (setup_data_dir(config.data_dir, &err))
    good("data folder", config.data_dir);
  else
    ok = bad("data folder", err.text);
  ok = check_database(&config) && ok;
  ok = check_first_miner(&config) && ok;
  ok = check_port(&config) && ok;
  if (config.web_dir[0] != '\0')
    good("dashboard", config.web_dir);
  else
    note("dashboard", "not built: ./start builds it; the API works without");
  if (config.telegram_token == NULL)
    note("Telegram", "off: link a chat in the dashboard, or set TELEGRAM_BOT_TOKEN");
  else
    good("Telegram", "configured");
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_check = {"check", "say in words what is wrong with the set-up", run};
