#include "alert/rules_inside.h"

/* Whichever of the two was told first has the silence to itself: a host that goes
 * after its web server did (or comes back before it) is no second message. */
static void read_silence(const struct alert_look *look, enum miner_state mine,
                         enum alert_rule other, struct alert_reading *reading) {
  enum alert_rule rule = mine == STATE_OFFLINE ? ALERT_OFFLINE : ALERT_UNRESPONSIVE;
  const struct sample *sample = look->context->sample;
  bool gone = sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE;
  if (!look->watch->away) {
    reading->input = ALERT_IS_GOOD;
    return;
  }
  reading->reason = (int)sample->reason;
  if (alert_phase_is_open(look->memories[other].phase))
    reading->input = ALERT_IS_GOOD;                  /* from pending back to ok */
  else if (!gone || look->watch->maintenance_ms > 0) /* an update restarts it twice */
    reading->input = ALERT_IS_SUSPECT;
  else if (sample->state == mine || alert_phase_is_open(look->memories[rule].phase))
    reading->input = ALERT_IS_BAD;
  else
    reading->input = ALERT_IS_GOOD;
}

void rules_offline(const struct alert_look *look, struct alert_reading *reading) {
  read_silence(look, STATE_OFFLINE, ALERT_UNRESPONSIVE, reading);
}

void rules_unresponsive(const struct alert_look *look, struct alert_reading *reading) {
  read_silence(look, STATE_UNRESPONSIVE, ALERT_OFFLINE, reading);
}
