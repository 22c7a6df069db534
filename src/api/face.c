#include "api/face.h"

#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/render.h"
#include "base/mem.h"

static void face_free(void *arg) {
  struct face *face = arg;
  buf_finish(&face->json);
  http_response_release(face->response);
  free(face);
}

struct face *face_get(struct fleet_miner *miner) {
  if (miner->face == NULL) {
    struct face *face = mem_alloc(sizeof *face);
    buf_init(&face->json);
    miner->face = face;
    miner->face_free = face_free;
  }
  return miner->face;
}

/* True when the JSON was made anew. */
static bool refresh(struct fleet_miner *miner, struct face *face) {
  struct render_now now = render_clock();
  int64_t age_ms = render_age_ms(miner, now);
  int64_t age_key = age_ms < 0 ? now.wall_ms / 1000 : age_ms / 100;
  if (face->version == miner->version && face->age_key == age_key)
    return false;
  struct json_write json;
  buf_clear(&face->json);
  json_write_init(&json, &face->json);
  render_miner(&json, NULL, miner, now);
  face->version = miner->version;
  face->age_key = age_key;
  http_response_release(face->response);
  face->response = NULL;
  return true;
}

const struct buf *face_json(struct fleet_miner *miner) {
  struct face *face = face_get(miner);
  refresh(miner, face);
  return &face->json;
}

/* Moves only where answers change with the clock alone ("silent for 12 minutes"):
 * the minute for a miner that is away, else 0. */
static int64_t phase_of(const struct fleet_miner *miner) {
  return fleet_miner_is_live(miner) ? 0 : render_clock().wall_ms / 60000;
}

static struct http_response *make_response(const struct request *request,
                                           const struct fleet_miner *miner) {
  char etag[ANSWER_ETAG_SIZE];
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  render_miner_whole(&json, NULL, miner, render_clock());
  struct http_response *response =
      http_response_create(200, "application/json", body.data, body.length);
  answer_headers(response, "no-cache");
  http_response_header(response, "ETag",
                       answer_etag(etag, request->api, miner->version, phase_of(miner)));
  buf_finish(&body);
  return response;
}

void face_answer(struct request *request, struct fleet_miner *miner) {
  char etag[ANSWER_ETAG_SIZE];
  bool conditional = http_exchange_header(request->exchange, "If-None-Match") != NULL;
  if (conditional &&
      answer_unchanged(request->exchange,
                       answer_etag(etag, request->api, miner->version, phase_of(miner))))
    return;

  struct face *face = face_get(miner);
  refresh(miner, face);
  if (face->response == NULL)
    face->response = make_response(request, miner);
  http_exchange_send(request->exchange, face->response);
}
