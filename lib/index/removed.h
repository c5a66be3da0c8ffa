/* Members and records that were taken out by hand, as the manifest remembers them. */
#ifndef LEGAJO_INDEX_REMOVED_H
#define LEGAJO_INDEX_REMOVED_H

#include "index/journal.h"

#define LJ_REMOVED_ID '\x1f' /* begins the path of a row that stands for an id */

/* The id a row keeps out, borrowed; NULL where the row is a file's. */
const char *lj_removed_id(const struct lj_row *row);

/* All such ids: a set of char *; g_hash_table_unref. */
GHashTable *lj_removed_ids(struct lj_journal *journal);

#endif
