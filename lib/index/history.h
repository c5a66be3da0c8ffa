/* DIR/runs.jsonl: what the last runs and jobs came to, a JSON object a line, oldest first.
 *
 *     {"ended":"2026-11-22T03:10:05-06:00","action":"run","seconds":4.2,"documents":40112,"added":12,…}
 */
#ifndef LEGAJO_INDEX_HISTORY_H
#define LEGAJO_INDEX_HISTORY_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Adds "ended" (now) and error (NULL: none) to a record and appends it; takes the record over. The last
 * hundred are kept. A record that cannot be written is no failure of what it tells of. */
void lj_history_add(const char *dir, json_t *record, const GError *failure);

/* The same of a job that is no run: its name, when it began (monotonic time). */
void lj_history_job(const char *dir, const char *action, gint64 began, const GError *failure);

/* All records; lines that are none are left out. json_decref. */
json_t *lj_history_read(const char *dir);

/* Has a run brought the sources up to date: not stopped, nothing missing or withheld, no error?
 * Documents that failed do not count against it. */
bool lj_history_is_good(const json_t *record);

#endif
