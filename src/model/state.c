#include "model/state.h"

#include <assert.h>
#include <stddef.h>

#include "base/str.h"

/* These texts are read by the owner of a miner, who may never have heard of HTTP:
 * `text` continues "Garage: ...", `meaning` says what it is, `advice` what to do. */

struct state_words {
  const char *name;
  const char *title;
};

static const struct state_words states[STATE_COUNT] = {
    [STATE_UNKNOWN] = {"unknown", "Not known yet"},
    [STATE_HASHING] = {"hashing", "Hashing"},
    [STATE_STARTING] = {"starting", "Starting"},
    [STATE_PAUSED] = {"paused", "Paused"},
    [STATE_NOT_HASHING] = {"not_hashing", "Not hashing"},
    [STATE_OVERHEATED] = {"overheated", "Overheated"},
    [STATE_FAULT] = {"fault", "Fault"},
    [STATE_UNRESPONSIVE] = {"unresponsive", "Not answering"},
    [STATE_OFFLINE] = {"offline", "Offline"},
};

static const struct reason_facts reasons[REASON_COUNT] = {
    [REASON_NONE] = {"none", "all is well", "Nothing is wrong.", "There is nothing to do."},

    [REASON_HOST_GONE] =
        {"host_gone", "it does not answer on the network",
         "The miner is switched off, off the Wi-Fi, or has got another address.",
         "Check that it has power and shows your Wi-Fi on its display; if its address has changed, "
         "enter the new one here."},
    [REASON_NAME_UNKNOWN] =
        {"name_unknown", "its name was not found on the network",
         "The miner is entered by name, and no device of this name is known to your network.",
         "Check the spelling, or enter the number address that the miner's display shows, such as "
         "192.168.1.50."},

    [REASON_REFUSED] =
        {"refused", "it is on the network but refused the connection",
         "Something has this address, but no web page is running on it: the miner may be "
         "restarting, or the address belongs to another device.",
         "Wait a minute; if it stays, restart the miner and compare the address with the one on "
         "its display."},
    [REASON_NO_ANSWER] =
        {"no_answer", "its web server accepted the connection but did not answer",
         "The miner's web page hangs. Often it goes on mining all the same.",
         "Wait a few minutes; if it stays, unplug the miner for ten seconds, and keep its web page "
         "open in fewer browser tabs."},
    [REASON_RESET] =
        {"reset", "it dropped the connection in the middle of the answer",
         "The miner ran out of memory or restarted just then, or its Wi-Fi is weak.",
         "Now and then is harmless; if it goes on, restart the miner or bring it closer to the "
         "router."},
    [REASON_UNAUTHORIZED] =
        {"unauthorized", "it refuses to talk to this computer (401)",
         "AxeOS answers only to private addresses (10.x, 172.16 to 172.31.x and 192.168.x). This "
         "computer reaches it from another one, for example over Tailscale, a VPN or IPv6.",
         "Run the monitor in the same home network as the miner and enter the miner's own private "
         "address."},
    [REASON_REDIRECTED] =
        {"redirected", "it sent the monitor on to another address",
         "A miner does not do that: the address may belong to a router, or the miner is in its "
         "set-up mode. The monitor never follows, for safety.",
         "Compare the address with the one on the miner's display."},
    [REASON_HTTP_ERROR] =
        {"http_error", "its web server answered with an error",
         "The miner, or another device at this address, could not give its figures.",
         "Open the address in a browser; if the miner's page shows, restart the miner, otherwise "
         "correct the address."},
    [REASON_HTML] =
        {"html", "it answered with a web page instead of figures",
         "This address belongs to another device such as a router, or the miner's firmware is too "
         "old or only half updated.",
         "Open the address in a browser to see what it is; if it is the miner, update its "
         "firmware and its web interface together."},
    [REASON_NOT_JSON] =
        {"not_json", "its answer could not be understood",
         "The bytes that came are not the figures a miner sends.",
         "If it happens again, restart the miner and check that the address is really its own."},
    [REASON_TRUNCATED] =
        {"truncated", "its answer broke off too early",
         "The miner stopped in the middle of its answer: it is short of memory or its Wi-Fi is "
         "weak.",
         "Now and then is harmless; if it goes on, restart the miner or bring it closer to the "
         "router."},
    [REASON_TOO_LARGE] =
        {"too_large", "its answer was far too large",
         "A miner's figures fit on a page. Whatever answers here is something else.",
         "Check that the address is really the miner's own."},
    [REASON_NOT_A_MINER] = {"not_a_miner",
                            "the device at this address is not a miner the monitor knows",
                            "It answers, but not as a Bitaxe or another miner with AxeOS does.",
                            "Check the address; the miner's display shows it."},
    [REASON_OTHER_DEVICE] =
        {"other_device", "another device has this address now",
         "Your router has given the address to a different miner. Its figures are not mixed into "
         "this one's history.",
         "Enter this miner's new address, which its display shows, or let the router reserve a "
         "fixed address for it."},

    [REASON_WARMING_UP] = {"warming_up", "it has just started",
                           "For the first minutes its figures swing and mean little.",
                           "There is nothing to do: wait a few minutes."},
    [REASON_PAUSED_BY_USER] = {"paused_by_user", "mining is paused",
                               "Someone paused the miner in its settings.",
                               "Resume it on the miner's own page when you want it to mine again."},
    [REASON_SHUT_DOWN] =
        {"shut_down", "it has switched its chips off to protect itself",
         "After too much heat or a power problem this firmware stays off until it is restarted.",
         "Find the cause first (fan, dust, power supply), then restart the miner."},
    [REASON_POOLS_UNREACHABLE] =
        {"pools_unreachable", "it does not mine, most likely because it cannot reach a pool",
         "The chip is switched off although nobody paused it. AxeOS does this while no pool "
         "answers.",
         "Check your internet connection and the pool address in the miner's settings; a second "
         "pool as fallback helps."},
    [REASON_ZERO_HASHRATE] =
        {"zero_hashrate", "it is on but does no work",
         "The miner answers, yet its hashrate is zero and it does not say why.",
         "Restart it; if that does not help, set frequency and voltage back to their defaults and "
         "check the pool."},
    [REASON_FROZEN] =
        {"frozen", "it shows a hashrate but does no work",
         "It should have found many shares by now and found none, or it draws no power: the figure "
         "shown is an old one.",
         "Restart the miner."},
    [REASON_OVERHEAT_MODE] =
        {"overheat_mode", "it got too hot and stopped mining",
         "The firmware switches the chip off above 75 °C, or the voltage regulator above 105 °C.",
         "Check the fan, dust and room temperature and let it cool down; older firmware needs its "
         "frequency and voltage to be set again."},
    [REASON_OVERHEAT_SLOW] =
        {"overheat_slow", "it mines more slowly since it got too hot",
         "After an overheat the firmware lowers frequency and voltage and leaves the fan at full "
         "speed.",
         "Improve the cooling, then restore frequency, voltage and automatic fan in the miner's "
         "settings."},
    [REASON_POWER_FAULT] =
        {"power_fault", "its power supply is not good enough",
         "The voltage that arrives at the miner is too low or too high, so it stopped.",
         "Use a power supply made for this miner, and try another cable and plug."},
    [REASON_HARDWARE_FAULT] =
        {"hardware_fault", "it reports a hardware fault",
         "The miner has found a problem in itself; its own words stand beside this message.",
         "Unplug it for a minute and try again; if the fault returns, ask its seller."},
    [REASON_SELF_TEST] =
        {"self_test", "it is running its factory self-test",
         "In this mode it checks itself and does not mine.",
         "Wait until it has finished; if it starts the test again each time, restart it without "
         "holding its button."},
    [REASON_SETUP_MODE] =
        {"setup_mode", "it has opened its own Wi-Fi for set-up",
         "The miner could not join your Wi-Fi, or has not been set up yet.",
         "Connect a phone to the miner's Wi-Fi, open 192.168.4.1 and enter your Wi-Fi's name and "
         "password."},
};

const char *state_name(enum miner_state state) {
  assert(state >= 0 && state < STATE_COUNT);
  return states[state].name;
}

const char *state_title(enum miner_state state) {
  assert(state >= 0 && state < STATE_COUNT);
  return states[state].title;
}

bool state_find(const char *name, enum miner_state *out) {
  for (int state = 0; state < STATE_COUNT; state++) {
    if (str_equal(name, states[state].name)) {
      *out = (enum miner_state)state;
      return true;
    }
  }
  return false;
}

const struct reason_facts *reason_facts(enum reason reason) {
  assert(reason >= 0 && reason < REASON_COUNT);
  return &reasons[reason];
}

bool reason_is_failed_poll(enum reason reason) {
  return reason >= REASON_HOST_GONE && reason <= REASON_OTHER_DEVICE;
}

bool reason_is_host_gone(enum reason reason) {
  return reason == REASON_HOST_GONE || reason == REASON_NAME_UNKNOWN;
}
