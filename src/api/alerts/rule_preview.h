/* The answer of /api/v1/rules/{rule}/preview, for the table in rule_routes.c. */
#ifndef API_ALERTS_RULE_PREVIEW_H
#define API_ALERTS_RULE_PREVIEW_H

#include "api/route.h"

bool rule_preview_plan(struct request *request, struct stored_job *job);
bool rule_preview_query(struct stored_job *job, struct db *db, struct err *err);

#endif
