/* A healthy simulated Gamma on paper, polled every ten seconds, and what its rules
 * say. A test breaks something in `sample`, `vitals` or `facts` and lets time pass. */
#ifndef TESTS_ALERT_ALERT_SCENE_H
#define TESTS_ALERT_ALERT_SCENE_H

#include "alert/alert_step.h"
#include "base/rand.h"

enum { SCENE_POLL_S = 10, SCENE_EVENTS = 256 };

struct alert_scene {
  struct alert_rulebook *book;
  struct alert_watch watch;
  struct alert_memory memories[ALERT_RULE_COUNT];
  struct miner_facts facts;
  struct vitals vitals;
  struct sample sample; /* what the next answers say; time, uptime, shares and hashrate move on */
  double hashrate_ghs;  /* about which the readings swing by 1 %; or, if exact, stand still */
  bool exact, no_shares;
  double reject_part; /* of the shares */
  struct rand rand;
  int64_t now_ms, last_episode;
  struct alert_event events[SCENE_EVENTS];
  int count;
};

void alert_scene_begin(struct alert_scene *scene);
void alert_scene_end(struct alert_scene *scene);

/* One answer, or one failed poll, and ten seconds. */
void alert_scene_answer(struct alert_scene *scene);
void alert_scene_miss(struct alert_scene *scene, enum miner_state state, enum reason reason);
void alert_scene_run(struct alert_scene *scene, int seconds);
/* A restart: counters at zero, the flag in the next answer. */
void alert_scene_reboot(struct alert_scene *scene);

int alert_scene_count(const struct alert_scene *scene, enum alert_rule rule, int kind);
/* The newest of that rule; NULL when there is none. */
const struct alert_event *alert_scene_last(const struct alert_scene *scene, enum alert_rule rule);

#endif
