/* What the jobs that are no runs have in common: the store, the lock, messages, a line in the history.
 */
#ifndef LEGAJO_INDEX_JOB_H
#define LEGAJO_INDEX_JOB_H

#include "index/store.h"
#include "legajo/index.h"

/* The work of a job; operand: what the caller gave, or NULL. */
typedef bool (*lj_job_body)(const struct lj_run_options *options, struct lj_store *store,
                            const char *operand, GError **error);

/* Opens the index for writing, does the work, notes how it went (lib/index/history.h). */
bool lj_job(const struct lj_run_options *options, enum lj_store_mode mode, const char *action,
            lj_job_body body, const char *operand, GError **error);

/* Says, where it is so, that the store's stub was missing and has been made again. */
void lj_say_recovered(const struct lj_run_options *options, const struct lj_store *store);

/* Says, where it is so, that what a rebuild had built when it was broken off has gone. */
void lj_say_dropped(const struct lj_run_options *options, const struct lj_store *store);

/* A message, formatted and handed to the caller of the library. */
void lj_say(const struct lj_run_options *options, enum lj_message_level level, const char *format,
            ...) G_GNUC_PRINTF(3, 4);

#endif
