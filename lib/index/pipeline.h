/* Files → documents → prepared or scratch-indexed batches, on several threads, delivered in order.
 *
 *     tasks ── chunks of files ──▶ extract ──▶ batches by bytes ──▶ analyse, invert ──▶ in order to
 * the caller
 *
 * Chunks and batches are cut by counts and bytes alone, so what is delivered, and in which order,
 * is the same from 1 or 16 threads. One large feed is extracted by one thread while the others
 * analyse. Files with pages to be recognised come after all others, a chunk each; a long one's pages
 * are first read into the cache by all threads. With them come files of which nothing was heard for
 * seconds: they would hold up all that stands behind them.
 */
#ifndef LEGAJO_INDEX_PIPELINE_H
#define LEGAJO_INDEX_PIPELINE_H

#include "glass/glass.h"
#include "index/sources.h"
#include "index/store.h"
#include "legajo/extract.h"

/* Files of a source that have the same bytes (identical.c). */
struct lj_identical {
    uint8_t sha256[32];
    char *first;     /* key of the file that has, or gets, the document */
    GPtrArray *keys; /* char *: of the others, in byte order */
    GArray
        *tasks;   /* struct lj_task: of the others, those that this run met; none of them is read */
    bool settled; /* their rows are set */
    bool several; /* the file came to several documents, or none: each is read */
};

void lj_identical_free(struct lj_identical *same);

/* One file to be read. */
struct lj_task {
    const struct lj_source *source;
    const struct lj_file *file; /* NULL: a feed on descriptor fd */
    int fd;                     /* of a feed */
    bool check;                 /* only its dates changed: read it if its content did, too */
    uint8_t sha256[32];         /* known content, for check */
    bool known;                 /* the index may hold documents of it */
    bool fresh;                 /* the live index knows no file of this name */
    bool done;       /* a rebuild that was broken off has read it: nothing is to be done */
    bool again;      /* read it even though its content is known: its pages were left unread */
    bool for_others; /* its file is as it was: read for records that others lose */
    bool moved;      /* it takes over `place`, where its document stands under another name */
    struct lj_place place;
    const char *moved_from;         /* key of that name's row, borrowed */
    struct lj_identical *identical; /* others of the same bytes, borrowed; NULL: none */
    /* Instead of a file, documents of the live index: their stored text is analysed again. source NULL */
    const struct lj_place *stored;
    uint32_t n_stored;
};

/* Path of a task's file; g_free. */
char *lj_task_path(const struct lj_task *task);
/* SHA-256 of an open file from its beginning; false when it cannot be read. (Not by mapping it: a file that is cut
 * short meanwhile, or whose disk fails, must not end the program.) */
bool lj_hash_file(int fd, uint8_t out[32]);

/* What became of one task. */
struct lj_outcome {
    size_t task;
    enum lj_file_state state;
    bool untouched; /* check found the content as it was */
    bool
        unfinished; /* documents of it are in this batch, more come in another: nothing else is said */
    uint8_t sha256[32];
    uint32_t documents; /* of the file, unchanged ones included */
    bool whole;         /* one of them is the file itself, no member or record */
    char *reason;       /* FAILED: why; SKIPPED: MIME type */
    GArray *kept;       /* struct lj_place: documents of the file that stay; NULL where not known */
};

/* What became of records of a file that others of its source have, too (sharing.c); may be several. */
enum lj_share {
    LJ_SHARE_COUNTED = 1, /* it may have fewer than it had */
    LJ_SHARE_TAKEN =
        2, /* … since another has what it is about to lose: it is gone, or read by this run */
    LJ_SHARE_COMMON = 4, /* both have them */
};

/* A failure of one member or record. */
struct lj_failure {
    size_t task;
    char *member, *reason;
};

/* One document of a batch, as far as the caller must act. */
struct lj_item {
    struct lj_prepared *prepared; /* NULL: it went into the scratch database */
    struct lj_place place;        /* docid 0: new */
    bool delete;                  /* a record that takes its document away */
    char *id;                     /* of a deletion */
};

struct lj_batch {
    GArray *items;              /* struct lj_item */
    char *scratch;              /* database of the batch's new documents; NULL: none */
    struct lj_glass_part *part; /* the same, set down by the bulk builder; NULL: none */
    GArray *metadata;           /* struct lj_entry: of prepared documents */
    GArray *outcomes;           /* struct lj_outcome: files that ended in this batch */
    GArray *failures;           /* struct lj_failure */
    GPtrArray *repeated;        /* char *: ids that an earlier document of this run has */
    GPtrArray *ahead;           /* char *: those of them that a later file of this run has */
    GHashTable *shared; /* char *, keys of files whose records stand in others → enum lj_share */
    uint64_t added, again, changed, same, cut, empty, undated, text_bytes, file_bytes;
    uint64_t recognised; /* documents with pages read by recognition of characters */
    uint64_t stored;     /* documents of the live index that were looked at, whatever came of it */
    GHashTable *kinds;   /* MIME type → count */
    GHashTable *skipped; /* the same of members of containers that nobody reads */
    GHashTable *titles;  /* two words of a title → count */
    unsigned titled;     /* documents looked at for it */
    GError *error;       /* the run cannot go on */
};

struct lj_pipeline_options {
    struct lj_store *store;
    GHashTable *removed;   /* ids taken out by hand: a set; NULL: none */
    struct lj_store *live; /* where stored documents are read from; may be the same */
    const GArray *tasks;   /* struct lj_task */
    unsigned jobs;
    uint64_t memory;
    bool bulk;  /* new documents go into scratch databases */
    bool glass; /* … or into parts of the bulk builder */
    const volatile int *stop;
    gint64 seal_time;          /* µs until a batch goes without a slow file; 0: 8 s */
    const GPtrArray *declared; /* struct lj_declared; NULL: none */
    struct lj_page_cache *pages;
    GHashTable *vanished; /* char *: keys of files that are not there any more, a set; NULL: none */
    GHashTable
        *dropping; /* lj_place_number of documents that go if no other file has them, a set; NULL */
};

/* The reason in the row of a file whose pages without a text layer were left unread (--ocr=never). */
#define LJ_REASON_UNREAD "pages unread"

struct lj_pipeline *lj_pipeline_start(const struct lj_pipeline_options *options, GError **error);
/* The next batch in order, or NULL at the end (or when stopped). Waits at most `timeout`
 * microseconds: then NULL with *more true. */
struct lj_batch *lj_pipeline_next(struct lj_pipeline *pipeline, gint64 timeout, bool *more);
void lj_batch_free(struct lj_batch *batch);
/* How far the threads are, batches not yet delivered included. */
void lj_pipeline_progress(struct lj_pipeline *pipeline, uint64_t *files, uint64_t *documents,
                          uint64_t *text_bytes);
/* Ends the threads; work under way is dropped. */
void lj_pipeline_end(struct lj_pipeline *pipeline);

#endif
