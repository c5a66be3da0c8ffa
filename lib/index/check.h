/* Is what an index holds whole, and does it find what it holds? */
#ifndef LEGAJO_INDEX_CHECK_H
#define LEGAJO_INDEX_CHECK_H

#include "index/store.h"

/* Structure of every segment, by Xapian's own check. LJ_ERROR_DAMAGED names the first that fails. */
bool lj_check_segments(const struct lj_store *store, const volatile int *stop, GError **error);

/* Canary queries: for up to `most` documents, spread evenly: its id leads to it alone, its text is
 * readable, words and a phrase of its text find it. LJ_ERROR_DAMAGED names the document that is not
 * found. against: where not NULL, documents with the same id there must have the same text. */
bool lj_check_canaries(struct lj_store *store, struct lj_store *against, guint most,
                       GError **error);

#endif
