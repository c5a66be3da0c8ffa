/* Files of the same bytes, from inside: what identical.c (what becomes of their document) and like.c (which they are)
 * share.
 */
#ifndef LEGAJO_INDEX_IDENTICAL_H
#define LEGAJO_INDEX_IDENTICAL_H

#include "index/run.h"

struct lj_identical *lj_identical_new(const uint8_t sha256[32]);
/* The key of a task's file; g_free. */
char *lj_identical_key(const struct lj_task *task);
/* GCompareFunc of keys in arrays. */
int lj_identical_compare(gconstpointer a, gconstpointer b);
/* SHA-256 of a task's file; false where it cannot be read. */
bool lj_identical_hash(const struct lj_task *task, uint8_t sha256[32]);
/* NAME of the source, a blank, the hash of a row's file; g_free. */
char *lj_identical_content(const char *source, const uint8_t sha256[32]);
/* Where the document stands that a file is, and nothing else; docid 0: it is none, or several. */
bool lj_identical_place(struct lj_store *store, const char *key, struct lj_place *place,
                        GError **error);

/* Of tasks whose files have the same bytes, or those of a document of an earlier run, one stays, or none; run->identical
 * has the rest. */
bool lj_identical_plan(struct run *run, GError **error);

#endif
