#include "sim/sim_options.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/str.h"

static const char help_text[] =
    "bitaxe-sim: simulated Bitaxe miners on this machine\n"
    "\n"
    "  bitaxe-sim --profile demo            three different miners that run for days already\n"
    "  bitaxe-sim --count 5 --model gamma   five of a kind, each on a port of 127.0.0.1\n"
    "  bitaxe-sim --count 10000 --addresses 127.1.0.0 --port 8100\n"
    "                                       each on an address of its own, one socket\n"
    "\n"
    "Devices\n"
    "  --count N           how many (default 1, at most 100000)\n"
    "  --profile demo      a Gamma 601 on v2.15, a Supra 401 on v2.10, an Ultra 205 on v2.6\n"
    "  --model LIST        max ultra ultra207 supra supra402 gamma gamma602 duo gt hex\n"
    "                      suprahex, separated by commas, taken in turn (default gamma)\n"
    "  --firmware LIST     2.0 to 2.15 or exact such as 2.12.2, taken in turn\n"
    "                      (default 2.15)\n"
    "  --seed N            the same seed gives the same devices (default 1)\n"
    "  --fresh             just switched on, instead of running for days\n"
    "\n"
    "Addresses\n"
    "  --ports             a free port of 127.0.0.1 each (the default)\n"
    "  --addresses FIRST   an address each, from FIRST on, within 127.0.0.0/8\n"
    "  --port P            with --addresses: the port of all (default any free one)\n"
    "  --control P         the control port (default any free one)\n"
    "\n"
    "Running\n"
    "  --speed X           simulated seconds in a real one (default 1)\n"
    "  --refresh S         make an answer anew at most every S simulated seconds (default 1)\n"
    "  --quiet             print only the control address, not each device\n"
    "  --parent-watch      end when standard input closes\n"
    "  --help              this text\n"
    "\n"
    "Prints one JSON line for each device, {\"index\", \"address\", \"mac\", \"model\",\n"
    "\"firmware\"}, then {\"control\"}. Faults are switched on and off over the control port:\n"
    "  curl -d '{\"fault\": \"overheat\"}' CONTROL/devices/0/fault\n"
    "  curl CONTROL/faults\n";

const char *sim_options_help(void) {
  return help_text;
}

static bool next_item(const char **list, char *item, size_t size) {
  size_t length = strcspn(*list, ",");
  if (length == 0 || length >= size)
    return false;
  memcpy(item, *list, length);
  item[length] = '\0';
  *list += length + ((*list)[length] == ',');
  return true;
}

static bool parse_models(const char *list, struct sim_site_options *site, struct err *err) {
  char name[32];
  site->board_count = 0;
  while (next_item(&list, name, sizeof name)) {
    const struct sim_board *board = sim_board_find(name);
    if (board == NULL)
      return err_set(err, ERR_INVALID, "there is no model '%s': see --help", name);
    if (site->board_count == SIM_SITE_LIST_MAX)
      return err_set(err, ERR_INVALID, "--model: at most %d in the list", SIM_SITE_LIST_MAX);
    site->boards[site->board_count++] = board;
  }
  return *list == '\0' && site->board_count > 0 ? true
                                                : err_set(err, ERR_INVALID, "--model: empty name");
}

static bool parse_firmwares(const char *list, struct sim_site_options *site, struct err *err) {
  char name[32];
  site->firmware_count = 0;
  while (next_item(&list, name, sizeof name)) {
    if (site->firmware_count == SIM_SITE_LIST_MAX)
      return err_set(err, ERR_INVALID, "--firmware: at most %d in the list", SIM_SITE_LIST_MAX);
    if (!sim_firmware_parse(name, &site->firmwares[site->firmware_count], err))
      return false;
    site->firmware_count++;
  }
  return *list == '\0' && site->firmware_count > 0
             ? true
             : err_set(err, ERR_INVALID, "--firmware: empty name");
}

static bool parse_profile(const char *name, struct sim_site_options *site, struct err *err) {
  if (!str_equal(name, "demo"))
    return err_set(err, ERR_INVALID, "there is no profile '%s', only 'demo'", name);
  site->count = 3;
  return parse_models("gamma,supra,ultra", site, err) &&
         parse_firmwares("2.15,2.10,2.6", site, err);
}

static bool parse_first_address(const char *text, uint32_t *out, struct err *err) {
  struct in_addr address;
  if (inet_pton(AF_INET, text, &address) != 1 || ntohl(address.s_addr) >> 24 != 127)
    return err_set(err, ERR_INVALID, "--addresses %s: must be within 127.0.0.0/8", text);
  *out = ntohl(address.s_addr);
  return true;
}

static bool parse_whole(const char *flag, const char *text, int64_t max, int64_t *out,
                        struct err *err) {
  if (str_to_i64(text, 0, max, out))
    return true;
  return err_set(err, ERR_INVALID, "%s %s: must be a whole number from 0 to %lld", flag, text,
                 (long long)max);
}

/* A flag without value; false when it is none. */
static bool take_switch(const char *flag, struct sim_options *out) {
  if (str_equal(flag, "--help") || str_equal(flag, "-h"))
    out->help = true;
  else if (str_equal(flag, "--fresh"))
    out->site.fresh = true;
  else if (str_equal(flag, "--quiet"))
    out->quiet = true;
  else if (str_equal(flag, "--parent-watch"))
    out->parent_watch = true;
  else if (str_equal(flag, "--ports"))
    out->site.first_ip = 0;
  else
    return false;
  return true;
}

static bool take_number(const char *flag, const char *value, struct sim_options *out,
                        struct err *err) {
  int64_t number = 0;
  int64_t max = 65535;
  if (str_equal(flag, "--count"))
    max = 100000;
  else if (str_equal(flag, "--seed"))
    max = INT64_MAX;
  else if (str_equal(flag, "--refresh"))
    max = 86400;
  else if (!str_equal(flag, "--port") && !str_equal(flag, "--control"))
    return err_set(err, ERR_INVALID, "unknown flag %s: see --help", flag);
  if (!parse_whole(flag, value, max, &number, err))
    return false;
  if (str_equal(flag, "--count"))
    out->site.count = (int)(number > 0 ? number : 1);
  else if (str_equal(flag, "--seed"))
    out->site.seed = (uint64_t)number;
  else if (str_equal(flag, "--refresh"))
    out->site.refresh_s = (int)(number > 0 ? number : 1);
  else if (str_equal(flag, "--port"))
    out->site.port = (uint16_t)number;
  else
    out->control_port = (uint16_t)number;
  return true;
}

static bool take_value(const char *flag, const char *value, struct sim_options *out,
                       struct err *err) {
  if (value == NULL)
    return err_set(err, ERR_INVALID, "%s: unknown, or its value is missing: see --help", flag);
  if (str_equal(flag, "--model"))
    return parse_models(value, &out->site, err);
  if (str_equal(flag, "--firmware"))
    return parse_firmwares(value, &out->site, err);
  if (str_equal(flag, "--profile"))
    return parse_profile(value, &out->site, err);
  if (str_equal(flag, "--addresses"))
    return parse_first_address(value, &out->site.first_ip, err);
  if (!str_equal(flag, "--speed"))
    return take_number(flag, value, out, err);
  if (!str_to_double(value, &out->site.speed) || out->site.speed < 0 || out->site.speed > 1e6)
    return err_set(err, ERR_INVALID, "--speed %s: must be a number from 0 to 1000000", value);
  return true;
}

bool sim_options_parse(int argc, char **argv, struct sim_options *out, struct err *err) {
  *out = (struct sim_options){
      .site = {.count = 1, .seed = 1, .speed = 1, .refresh_s = 1},
  };
  if (!parse_models("gamma", &out->site, err) || !parse_firmwares("2.15", &out->site, err))
    return false;
  for (int i = 1; i < argc; i++) {
    if (take_switch(argv[i], out))
      continue;
    if (!take_value(argv[i], i + 1 < argc ? argv[i + 1] : NULL, out, err))
      return false;
    i++;
  }
  return true;
}
