/* The pipeline from inside: what its files share. pipeline.c cuts the work, runs the threads and delivers in
 * order; reading.c takes files and stored documents into drafts; draft.c makes batches of drafts.
 */
#ifndef LEGAJO_INDEX_WORKERS_H
#define LEGAJO_INDEX_WORKERS_H

#include "index/pipeline.h"

/* A document on its way from extraction to analysis. */
struct draft_item {
    struct lj_document *document;
    size_t task;
    struct lj_place place;
    char *source; /* NAME, of a stored document, owned; NULL: the task's */
    char key[11]; /* lj_document_key; empty: not known */
};

/* A batch before its analysis. */
struct draft {
    uint64_t chunk, number;
    bool last;     /* of its chunk */
    GArray *items; /* struct draft_item */
    uint64_t bytes;
    gint64 began; /* monotonic */
    struct lj_batch *batch;
};

/* A file that left pages to be recognised, and what its first pass gave; or one of which nothing came for so long
 * that those behind it went first. */
struct left {
    size_t task;
    uint32_t pages;
    bool whole;
    bool slow; /* its first pass is to be made */
    struct lj_outcome outcome;
};

struct chunk {
    size_t first, end;    /* tasks */
    struct left *left;    /* one file's second pass; NULL: tasks */
    uint32_t part, parts; /* … or, parts not 0, its pages into the cache */
};

/* Where an id was met in this run. */
struct met {
    gint64 hash; /* first: it is the key */
    const struct lj_source *source;
    size_t task; /* the last that had it */
};

struct lj_pipeline {
    struct lj_pipeline_options options;
    uint64_t batch_bytes; /* of text, at most */
    uint64_t task_bytes;  /* of the files to be read */
    GMutex lock;
    GCond work, ready;
    GArray *chunks; /* struct chunk */
    guint next_chunk;
    GPtrArray *left;     /* struct left: not yet chunks */
    unsigned extracting; /* threads that may still seal batches */
    GQueue sealed;       /* struct draft */
    GHashTable *done;    /* order (gint64 *) → struct draft with its batch finished */
    uint64_t cursor_chunk, cursor_number;
    bool ending;
    GQueue spares; /* GPtrArray of struct lj_document: those of a batch that is done, emptied */
    gsize files, texts, text_bytes; /* for progress: atomic */
    /* Bytes of text in drafts that are sealed, and of files that are read: atomic. */
    gsize drafted, read_bytes;
    GMutex lookup;       /* guards met */
    GHashTable *met;     /* struct met */
    GHashTable *reading; /* char *: keys of the tasks' files, a set; NULL: not asked yet */
    GThread **threads;
    unsigned n_threads;
};

/* What one thread works with. */
struct worker {
    struct lj_pipeline *pipeline;
    struct lj_analyser *analyser;
    struct lj_inverter *inverter;
    struct lj_extractor *extractor;
    /* Open files: of the task at hand, where it may be asked for ahead, and of those behind it. */
    int ahead[LJ_ASKED_MOST];
    unsigned n_ahead;
    struct xap_reader *live; /* for stored documents; NULL until the first */
    struct lj_tokens *tokens;
    struct lj_glass *glass; /* NULL: none needed */
    GArray *glass_terms;    /* uint32_t by the inverter's number: the builder's + 1; 0: not known */
    unsigned epoch, vocabulary; /* of glass_terms */
    GArray *terms;              /* uint32_t: the builder's, of a document's postings */
    GArray *unknown;            /* uint32_t: which of these the builder did not know */
    unsigned put_off;           /* slow files of the chunk at hand */
    GPtrArray *spares;          /* struct lj_document: taken from the pipeline's; NULL: none */
    GError *error;              /* it could not be made: reported with its first batch */
};

/* Is the run to end? Then nothing more is delivered. */
bool lj_pipeline_stopped(const struct lj_pipeline *pipeline);

/* --- batches -----------------------------------------------------------------------------------
 */

struct lj_batch *lj_batch_new(void);
/* One more of NAME, in a table of counts. */
void lj_batch_count(GHashTable *counts, const char *name);
/* Notes what became of records of a file. */
void lj_batch_share(struct lj_batch *batch, const char *key, enum lj_share what);
/* Frees what a struct lj_outcome holds. */
void lj_outcome_clear(gpointer outcome);

/* --- drafts ------------------------------------------------------------------------------------
 */

struct draft *lj_draft_new(uint64_t chunk, uint64_t number);
void lj_draft_free(struct draft *draft);
/* How long a slow file may hold up what stands before it, in µs. */
gint64 lj_pipeline_patience(const struct lj_pipeline *pipeline);
/* Has its batch waited as long? */
bool lj_draft_overdue(const struct lj_pipeline *pipeline, const struct draft *draft);
/* Is it to be sealed before another document? */
bool lj_draft_is_full(struct lj_pipeline *pipeline, const struct draft *draft);
/* Hands a full one over and begins the next, NULL after the chunk's last; helps with the analysis while it
 * would pile up. Without the lock, as all below. */
void lj_draft_seal(struct worker *worker, struct draft **draft, bool last);
/* An emptied document, or NULL. */
struct lj_document *lj_draft_spare(struct worker *worker);
/* Analyses one and lays its batch ready; takes it over. */
void lj_draft_finish(struct worker *worker, struct draft *draft);

/* --- reading -----------------------------------------------------------------------------------
 */

/* Reads the files or stored documents of a chunk into drafts, which it seals. */
void lj_chunk_read(struct worker *worker, guint number);
void lj_left_free(struct left *left);

#endif
