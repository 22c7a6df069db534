#include "api/miner_find.h"

#include "api/answer.h"
#include "api/api_state.h"
#include "api/param.h"

static struct fleet_miner *find(struct request *request, const char *text) {
  struct err err;
  int64_t id = 0;
  if (!param_id(text, &id, &err)) {
    answer_err(request->exchange, &err);
    return NULL;
  }
  struct fleet_miner *miner = fleet_find(engine_fleet(request->api->engine), id);
  if (miner == NULL)
    answer_problem(request->exchange, 404,
                   "there is no miner with the number %lld; /api/v1/miners lists those that are "
                   "watched",
                   (long long)id);
  return miner;
}

struct fleet_miner *miner_find_param(struct request *request) {
  return find(request, request->param);
}

bool miner_find_query(struct request *request, struct fleet_miner **miner) {
  *miner = NULL;
  const char *text = http_exchange_query(request->exchange, "miner");
  if (text == NULL)
    return true;
  *miner = find(request, text);
  return *miner != NULL;
}
