/* The index as its one writer sees it: live segments, the manifest, what is to be committed.
 *
 * A document stands in one segment while it lives and is replaced there; new ones go to the last
 * segment (or, built in bulk, come as a segment of their own). A commit brings documents and
 * manifest forward together: the last segment's `journal` entry, committed last, names the
 * manifest's length.
 */
#ifndef LEGAJO_INDEX_STORE_H
#define LEGAJO_INDEX_STORE_H

#include "index/journal.h"
#include "index/layout.h"
#include "index/prepared.h"

struct lj_store {
    struct lj_layout *layout;
    struct lj_journal *journal;
    char *analyser; /* version the index was made with; NULL: new */
    GPtrArray *declared; /* struct lj_declared: fields that its documents are found by */
    /* private */
    int lock;
    unsigned generation;       /* the one written to: the live one, or the first */
    struct xap_reader *reader; /* the state at the beginning; NULL: no segments */
    GPtrArray *writers;        /* struct xap_writer by place in layout->segments; NULL: not open */
    unsigned next_segment;
    bool changed;           /* something to commit */
    bool lead_fresh;        /* the last segment is new and not in the stub yet */
    uint64_t pending_bytes; /* text since the last commit */
    gint64 pending_since;   /* monotonic time of the first change since */
};

/* Where a document stands. */
struct lj_place {
    uint32_t segment, docid;
};

/* Opens for writing: takes the lock (wait as lj_lock), clears what a broken run left. create: may
 * begin a new index. analyser: version of ours, recorded in a new index. */
struct lj_store *lj_store_open(const char *dir, bool create, int wait, const volatile int *stop,
                               const char *analyser, GError **error);
/* Drops what was not committed. */
void lj_store_close(struct lj_store *store);

/* Is there a document with this id (as of the beginning)? *source (g_free), sha256 where not NULL.
 * Not found: place->docid 0. */
bool lj_store_find(struct lj_store *store, const char *id, struct lj_place *place, char **source,
                   uint8_t sha256[32], GError **error);
/* Places of the documents read from a file, as of the beginning: GArray of struct lj_place. */
GArray *lj_store_of_file(struct lj_store *store, const char *source, const char *path,
                         GError **error);
/* The id of the document at a place; g_free. */
char *lj_store_id(struct lj_store *store, struct lj_place place, GError **error);
/* The whole document at a place, text included: re-analysis without its original. */
struct lj_document *lj_store_document(struct lj_store *store, struct lj_place place,
                                      GError **error);

bool lj_store_put(struct lj_store *store, struct lj_place place, const struct lj_prepared *prepared,
                  GError **error);
bool lj_store_add(struct lj_store *store, const struct lj_prepared *prepared, GError **error);
bool lj_store_delete(struct lj_store *store, struct lj_place place, const char *id, GError **error);
/* Metadata that the documents put bring: to the segment of the last put or add. */
bool lj_store_metadata(struct lj_store *store, const GArray *entries, GError **error);

/* Commits when there is anything to commit. */
bool lj_store_commit(struct lj_store *store, GError **error);
/* Is a commit due, by bytes (16 MB of text) or time (2 s)? */
bool lj_store_due(const struct lj_store *store);

/* A folder of the generation for scratch databases: DIR/gen-NNNN/tmp-NAME; g_free. */
char *lj_store_scratch(struct lj_store *store, const char *name);
/* Merges scratch databases, or else parts of the bulk builder (struct lj_glass_part; memory: for
 * reading them), into a new segment and makes it live, with the manifest's pending rows.
 * repeated: ids of which only the last document counts (GPtrArray of char *). Removes the sources.
 */
bool lj_store_publish(struct lj_store *store, const GPtrArray *scratch, const GPtrArray *parts,
                      uint64_t memory, const GPtrArray *repeated, GError **error);
/* Merges small segments where there are many. */
bool lj_store_settle(struct lj_store *store, GError **error);
uint64_t lj_store_documents(struct lj_store *store);

#endif
