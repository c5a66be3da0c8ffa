/* Metadata from outside that has changed → the stored documents it changes, and no others.
 *
 * Nothing is read but the index: what a document is joined by stands in a value slot, its text and what it
 * says itself in its stored form.
 */
#ifndef LEGAJO_INDEX_REJOIN_H
#define LEGAJO_INDEX_REJOIN_H

#include "index/sources.h"
#include "index/store.h"

/* Joins the documents of a source anew, as of the beginning of the run, where their row in
 * source->table (NULL: none any more) differs. Adds to *changed; commits when due. *stop ends it early. */
bool lj_rejoin(struct lj_store *store, struct lj_source *source, const volatile int *stop,
               uint64_t *changed, GError **error);

/* The place of a document that was read from a file of a source (path; NULL: of a feed), for lj_metadata_join.
 * The result borrows; *root takes what is to be freed. */
struct lj_metadata_place lj_metadata_place_of(const struct lj_source *source, const char *path,
                                              bool whole, const char *id, const uint8_t sha256[32],
                                              char **root);

/* Joins a document by what source->table (not NULL) says of the file it was read from, or of further paths that it names
 * (LJ_PROPERTY_COPY). path: of the file; NULL for a feed. */
void lj_metadata_join_at(const struct lj_source *source, const char *path,
                         struct lj_document *document);

#endif
