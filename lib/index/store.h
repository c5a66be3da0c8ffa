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
#include "index/wordlog.h"

struct lj_store {
    struct lj_layout *layout;
    struct lj_journal *journal;
    char *analyser;      /* version the index was made with; of a new one the built-in one */
    GPtrArray *declared; /* struct lj_declared: fields that its documents are found by */
    char *doubt;         /* LJ_STORE_REPAIR: what of the index could not be read; NULL */
    bool recovered;      /* its stub was missing and has been made again */
    bool dropped; /* what a rebuild that was broken off had built did not fit any more, and went */
    /* private */
    int lock;          /* -1: none */
    bool hidden;       /* a generation being built beside the live one: no stub names it yet */
    bool resumed;      /* … and an earlier attempt began it */
    char *of, *how;    /* … what its file `unfinished` says of it */
    uint64_t carried;  /* … documents of the live index, in their order, that its segments have */
    uint64_t carrying; /* … and that the next segment will have */
    unsigned generation;       /* the one written to: the live one, or the first */
    struct xap_reader *reader; /* the state at the beginning; NULL: no segments */
    GMutex reading; /* guards it: workers look up while the run takes in what others have done */
    GPtrArray *writers; /* struct xap_writer by place in layout->segments; NULL: not open */
    unsigned next_segment;
    bool changed;               /* something to commit */
    bool lead_fresh;            /* the last segment is new and not in the stub yet */
    uint64_t pending_bytes;     /* text since the last commit */
    gint64 pending_since;       /* monotonic time of the first change since */
    struct lj_touched *touched; /* words of what was changed, for the list of words */
};

/* Where a document stands. */
struct lj_place {
    uint32_t segment, docid;
};

/* A place as one number, for sets (g_int64_hash). */
static inline gint64
lj_place_number(struct lj_place place)
{
    return (gint64)((uint64_t)place.segment << 32 | place.docid);
}

enum lj_store_mode {
    LJ_STORE_READ,   /* no lock, nothing is written */
    LJ_STORE_DRY,    /* the same; an index that does not exist yet is an empty one */
    LJ_STORE_UPDATE, /* takes the lock, clears what a broken run left */
    LJ_STORE_CREATE, /* the same; may begin a new index */
    LJ_STORE_REPAIR, /* as UPDATE; what cannot be read is left out, and `doubt` says so */
};

/* Opens an index; wait and stop as lj_lock. */
struct lj_store *lj_store_open(const char *dir, enum lj_store_mode mode, int wait,
                               const volatile int *stop, GError **error);
/* A store for the generation after the live one, made with the built-in analyser. `how` says in any words all that
 * decides what it will hold: what an earlier attempt of the same words, beside the same state of the live one,
 * has left is gone on with (`resumed`), anything else removed (`dropped`); else it is empty. No search sees
 * it before lj_store_swap. */
struct lj_store *lj_store_beside(struct lj_store *live, const char *how, GError **error);
/* What an attempt to build the next generation has left, as far as it can be gone on with; NULL. */
struct lj_unfinished *lj_store_unfinished(const struct lj_store *live);
/* Makes the generation built beside the live one; that one stays for --rollback, older ones go. Where its segments
 * could not be opened, the last whole one before it stays instead. */
bool lj_store_swap(struct lj_store *live, struct lj_store *beside, GError **error);
/* Opens the reader again, on what was committed so far. */
bool lj_store_reopen(struct lj_store *store, GError **error);
/* The analyser of this index; one thread each. */
struct lj_analyser *lj_store_analyser(const struct lj_store *store, GError **error);
/* Drops what was not committed. */
void lj_store_close(struct lj_store *store);

/* The following, up to lj_store_document, from any thread. */
/* Is there a document with this id (as of the beginning)? *source (g_free), sha256 where not NULL.
 * Not found: place->docid 0. */
bool lj_store_find(struct lj_store *store, const char *id, struct lj_place *place, char **source,
                   uint8_t sha256[32], GError **error);
/* Places of the documents read from a file, as of the beginning: GArray of struct lj_place. */
GArray *lj_store_of_file(struct lj_store *store, const char *source, const char *path,
                         GError **error);
/* The same by the key of its row: NAME/PATH. */
GArray *lj_store_of_key(struct lj_store *store, const char *key, GError **error);
/* Places of the documents that have a term. */
GArray *lj_store_having(struct lj_store *store, const char *term, size_t length, GError **error);
/* The id of the document at a place; g_free. */
char *lj_store_id(struct lj_store *store, struct lj_place place, GError **error);
/* The key of the file that the document at a place was read from, g_free; NULL: a feed's. */
char *lj_store_file(struct lj_store *store, struct lj_place place, GError **error);
/* A document of a file, as far as it can be told from others without being read. */
struct lj_file_document {
    struct lj_place place;
    char *id;
    uint8_t sha256[32]; /* zeros: none is kept */
    bool joined;        /* by a row of metadata from outside */
};
/* Those of a file, in one pass over the values: GArray of struct lj_file_document; g_array_unref. Where they are fewer than
 * `least` or more than `most`, none. NULL on error. */
GArray *lj_store_file_documents(struct lj_store *store, const char *source, const char *path,
                                guint least, guint64 most, GError **error);
/* The row of metadata from outside that the document at a place is joined by: its digest, 0 for none;
 * and the document's content hash (zeros where there is none). */
uint64_t lj_store_joined(struct lj_store *store, struct lj_place place, uint8_t sha256[32]);
/* The whole document at a place, text included: re-analysis without its original. */
struct lj_document *lj_store_document(struct lj_store *store, struct lj_place place,
                                      GError **error);
/* The same through another reader of the same segments: a thread's own. */
struct lj_document *lj_stored_document(struct xap_reader *reader, struct lj_place place,
                                       GError **error);
/* The id of a stored document and the NAME of its source; both g_free. */
char *lj_stored_name(struct xap_reader *reader, struct lj_place place, char **source,
                     GError **error);
/* Where all documents stand, by segment and docid: GArray of struct lj_place. */
GArray *lj_store_places(struct lj_store *store, GError **error);
/* Of two struct lj_place, by segment and docid, for g_array_sort. */
int lj_place_compare(gconstpointer a, gconstpointer b);

bool lj_store_put(struct lj_store *store, struct lj_place place, const struct lj_prepared *prepared,
                  GError **error);
bool lj_store_add(struct lj_store *store, const struct lj_prepared *prepared, GError **error);
/* The same of an id that a document added in this run may have: then that is replaced. */
bool lj_store_add_again(struct lj_store *store, const struct lj_prepared *prepared, GError **error);
bool lj_store_delete(struct lj_store *store, struct lj_place place, const char *id, GError **error);
/* Deletes the document at a place; *dropped counts it, where it was still there. */
bool lj_store_drop(struct lj_store *store, struct lj_place place, uint64_t *dropped,
                   GError **error);
/* Deletes those of `places` (struct lj_place) whose documents are read from this file still: another file may have
 * brought them since they were looked up, as records that moved from one feed to another. */
bool lj_store_drop_of_file(struct lj_store *store, const char *source, const char *path,
                           const GArray *places, uint64_t *dropped, GError **error);
/* Takes a file, by its row's key, out of the index: its documents (*dropped counts them) and its row. */
bool lj_store_drop_file(struct lj_store *store, const char *key, uint64_t *dropped, GError **error);
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
 * repeated, ahead: ids of which only the last document counts (GPtrArray of char *). Removes the sources.
 */
bool lj_store_publish(struct lj_store *store, const GPtrArray *scratch, const GPtrArray *parts,
                      uint64_t memory, const GPtrArray *repeated, const GPtrArray *ahead,
                      GError **error);
/* Merges small segments where there are many. */
bool lj_store_settle(struct lj_store *store, GError **error);
/* Merges all segments into one; full: spends time to save space. */
bool lj_store_compact(struct lj_store *store, bool full, GError **error);
uint64_t lj_store_documents(struct lj_store *store);

#endif
