/* A Bot API on a loopback port, scripted by a test: it records what was asked
 * and answers from a list, in order. When the list is empty a getUpdates waits
 * for ever, as a long poll does, and anything else is answered with success.
 * Runs on the test's loop. */
#ifndef SUPPORT_BOT_API_SCRIPT_H
#define SUPPORT_BOT_API_SCRIPT_H

#include <stddef.h>
#include <uv.h>

struct bot_api_script;

struct bot_api_script *bot_api_script_create(uv_loop_t *loop);

/* Breaks what is open and frees it once the loop has run. */
void bot_api_script_destroy(struct bot_api_script *script);

/* "http://127.0.0.1:40123" */
const char *bot_api_script_url(const struct bot_api_script *script);

/* --- the next request that is not spoken for yet ... --- */
void bot_api_script_answer(struct bot_api_script *script, int status, const char *body);
void bot_api_script_hang(struct bot_api_script *script); /* is never answered */
void bot_api_script_drop(struct bot_api_script *script); /* has its connection broken */

/* --- what was asked, oldest first --- */
size_t bot_api_script_count(const struct bot_api_script *script);
const char *bot_api_script_path(const struct bot_api_script *script, size_t index);
const char *bot_api_script_body(const struct bot_api_script *script, size_t index);

#endif
