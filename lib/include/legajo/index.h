/* Folders and feeds → index: everything a run of the indexer does.
 *
 *     struct lj_run_options options = {.dir = dir, .sources = sources};
 *     struct lj_run_report *report = lj_run_report_new();
 *     if (lj_index_run(&options, report, &error)) …
 *
 * A run is incremental: what did not change is not read. It may be stopped or killed at any instant; the
 * index then is as of the last commit, and the next run goes on from there.
 */
#ifndef LEGAJO_INDEX_H
#define LEGAJO_INDEX_H

#include "legajo/config.h"
#include "legajo/extract.h"

#define LJ_MEMORY_DEFAULT (256u << 20)

/* The processors this process may use. */
LJ_API unsigned lj_processors_granted(void);

struct lj_progress {
    uint64_t files, files_done;   /* files to be read in this run */
    uint64_t bytes, bytes_done;   /* of them */
    uint64_t documents;           /* made so far */
    double seconds;
};

enum lj_message_level { LJ_MESSAGE_WARNING, LJ_MESSAGE_INFO };

enum lj_rebuild {
    LJ_REBUILD_NONE,
    LJ_REBUILD_STORED, /* analyse the stored text again; reads no original */
    LJ_REBUILD_FULL,   /* read the originals of all remembered sources again; what has none at hand is
                          taken from its stored text */
};

struct lj_run_options {
    const char *dir;               /* the index */
    const char *const *sources;    /* paths, "-" for a feed on standard input; none: the remembered ones */
    /* of the walk; remembered with each source given */
    const char *name;              /* NAME of the source; NULL: its last path component */
    const GArray *globs;           /* struct lj_glob, in order; NULL: none */
    bool hidden, follow;
    uint64_t max_size;             /* bytes of text a document; 0: 64M */
    const char *encoding;
    enum lj_ocr ocr;
    const char *metadata;          /* a table that describes the documents; "": none any more; NULL:
                                      as before */
    /* of the run */
    unsigned jobs;                 /* 0: the processors granted */
    uint64_t memory;               /* bytes of text in flight at most, about; 0: LJ_MEMORY_DEFAULT */
    bool no_delete;
    unsigned max_delete;           /* percent of a source, over 20 documents; 0: 10; 100: no guard */
    bool dry_run, retry_failed;
    enum lj_rebuild rebuild;       /* into a new generation, checked and then swapped in */
    int wait;                      /* seconds for another writer; -1: for ever */
    const char *report;            /* JSONL of failures; NULL: none */
    const volatile int *stop;      /* set by a signal: commit and end */
    unsigned publish_ms;           /* until what was read is searchable; 0: 20 s */
    void (*progress)(const struct lj_progress *progress, void *data); /* a few times a second */
    void (*message)(enum lj_message_level level, const char *text, void *data);
    void *data;
    /* of the configuration */
    const GPtrArray *configured;   /* struct lj_config_source: with those remembered, what a run without
                                      sources does; a source given by its path has their options too */
    const GPtrArray *declared;     /* struct lj_declared; NULL: those that the index has */
};

struct lj_kind_count {
    char *name;
    uint64_t count;
};

struct lj_run_report {
    uint64_t added, changed, removed, moved, unchanged; /* documents; unchanged: files */
    uint64_t failed, cut, empty, undated, repeated;     /* in this run; empty: pictures without text, too */
    uint64_t again;                                     /* documents analysed again from stored text */
    uint64_t known_failures;                            /* not tried again */
    uint64_t skipped;                                   /* files of kinds nobody reads */
    uint64_t duplicates;                                /* of a first run: files with another's bytes */
    uint64_t documents;                                 /* in the index at the end */
    uint64_t text_bytes;
    uint64_t recognised;                                /* documents with pages read by OCR, in this run */
    double seconds;
    bool first;                                         /* the index was new */
    bool missing, withheld, stopped;
    volatile int committed;                             /* nothing is lost by ending at once: merging is left */
    GArray *kinds, *skipped_kinds;                      /* struct lj_kind_count, most first */
    char *example;                                      /* two words worth asking for; NULL */
};

LJ_API struct lj_run_report *lj_run_report_new(void);
LJ_API void lj_run_report_free(struct lj_run_report *report);

/* Has an index, or a first run that was broken off, left anything at DIR? */
LJ_API bool lj_index_is_begun(const char *dir);

/* False with an error where the run could not be done (locked, no permission, disk full …); what was
 * committed before stays. Failures of single documents are counted in the report and do not fail it. */
LJ_API bool lj_index_run(const struct lj_run_options *options, struct lj_run_report *report,
                         GError **error);

/* The other jobs, each under the writer's lock. Of the options they use dir, wait, stop, message and
 * data. */

/* Goes back to the generation before the live one; says which. LJ_ERROR_NO_INPUT: none is kept. */
LJ_API bool lj_index_rollback(const struct lj_run_options *options, GError **error);
/* Merges all segments into one, as small as can be. Searches go on meanwhile. */
LJ_API bool lj_index_compact(const struct lj_run_options *options, GError **error);

/* Takes a document out and keeps it out of later runs; lets it in again with the next one. id: an id, or
 * the beginning of a key (4 digits at least). LJ_ERROR_NO_INPUT: no such document, or several. */
LJ_API bool lj_index_remove(const struct lj_run_options *options, const char *id, GError **error);
LJ_API bool lj_index_restore(const struct lj_run_options *options, const char *id, GError **error);
/* Forgets a source, or (NAME/FOLDER) what it holds below a folder or of a file, with its documents. */
LJ_API bool lj_index_remove_source(const struct lj_run_options *options, const char *name,
                                   GError **error);

/* A consistent, compacted copy of the live generation in a new or empty folder; takes no lock that a
 * run would wait for longer than the copy lasts. */
LJ_API bool lj_index_copy(const struct lj_run_options *options, const char *target, GError **error);

/* What the index holds and how it has fared: a JSON object (status.c makes it);
 * g_free. Locks nothing. */
LJ_API char *lj_index_status(const struct lj_run_options *options, GError **error);

/* Checks structure, manifest and stored texts: a JSON object with what is wrong; g_free. *sound: nothing
 * is. NULL with error where it could not be checked at all. progress is told. */
LJ_API char *lj_index_check(const struct lj_run_options *options, bool *sound, GError **error);

#endif
