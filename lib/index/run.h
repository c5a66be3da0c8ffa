/* A run in progress, as the files that take part in it share it. */
#ifndef LEGAJO_INDEX_RUN_H
#define LEGAJO_INDEX_RUN_H

#include "index/pipeline.h"
#include "legajo/index.h"
#include <stdio.h>

struct scope {
    struct lj_source *source; /* borrowed from run->sources */
    struct lj_walk *walk;     /* NULL: missing, or a feed */
    bool feed;
};

struct run {
    const struct lj_run_options *options;
    struct lj_run_report *report;
    struct lj_store *store; /* written to */
    struct lj_store *live;  /* what the index holds: the same store, except in a rebuild */
    GPtrArray *sources;     /* struct lj_source: all that the index knows */
    GArray *scopes;         /* struct scope: those of this run */
    GArray *tasks;          /* struct lj_task */
    GPtrArray *taken;       /* char *: keys of rows whose file has moved: their documents stay */
    GHashTable
        *lost;    /* char *: keys of files of which a stored document could not be read; a set */
    gint64 began; /* monotonic */
    int64_t walk_began; /* real time, ns */
    uint64_t task_bytes, done_bytes, task_files, done_files;
    GHashTable *kinds, *skipped, *titles;
    FILE *failures;     /* --report */
    GPtrArray *scratch; /* char *: databases to publish */
    GPtrArray *parts;   /* struct lj_glass_part: the same from the bulk builder */
    uint64_t memory;
    GPtrArray *repeated;      /* char * */
    GHashTable *repeated_ids; /* the same of those that go into segments one by one, a set */
    GPtrArray *ahead;         /* char *: ids that a batch to come brings again */
    /* sharing.c: */
    GHashTable *
        deferred; /* char * → struct deferred, owned: files whose rows wait for the end of the run */
    GHashTable *contested; /* char *: keys of files that others have taken records from, a set */
    GHashTable *vanished;  /* char *: keys of files that are gone, a set */
    GHashTable *
        dropping; /* lj_place_number, a set: documents that go if no other file has them; NULL: not known */
    GPtrArray *doubtful;   /* struct doubt, owned: what guard.c has not decided yet */
    GPtrArray *seen_again; /* struct lj_file, owned: files that are read for what others lose */
    unsigned passes;       /* of reading, so far */
    GPtrArray *identical;  /* struct lj_identical, owned: of files that this run met */
    GPtrArray
        *renamed;  /* char *: keys of files with copies, or copies, that have another name now */
    bool unlooked; /* not all files were looked at for others of their bytes */
    uint64_t scratch_bytes;
    gint64 published;  /* when the last segment went live */
    GPtrArray *tables; /* struct lj_metadata: those of the sources */
    gint64 shown;
    char *reader;        /* lj_extract_reader() */
    const char *builder; /* of segments built in bulk: "bulk" or "library"; NULL: none */
};

/* A scope of which suspiciously much seems to be gone. */
struct doubt {
    const struct scope *scope;
    GPtrArray *rows; /* struct lj_row, borrowed */
    uint64_t all;    /* documents of the source before this run */
};

void lj_run_say(struct run *run, enum lj_message_level level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
bool lj_run_stopped(const struct run *run);
/* A path as people and logs may see it: odd bytes as %XX; g_free. */
char *lj_run_shown_path(const char *path);
/* The manifest's key of a file of a source; g_free. */
char *lj_run_row_key(const struct lj_source *source, const char *path);

/* The sources given, or else the configured and the remembered ones: the scopes. */
bool lj_run_choose_sources(struct run *run, GError **error);

/* Walks the scopes: tasks, and for each scope the rows whose files are gone (array of GPtrArray, one a
 * scope, some NULL; lj_run_gone_free), moves recognised. NULL with error. */
GPtrArray **lj_run_walk(struct run *run, GError **error);
void lj_run_gone_free(const struct run *run, GPtrArray **gone);
/* --dry-run: says what the walk found to do. */
void lj_run_say_plan(struct run *run, GPtrArray **gone);
/* Reads, analyses and writes the tasks. */
bool lj_run_tasks(struct run *run, GError **error);
/* A row for what the walk saw of a file; key is borrowed by it. */
struct lj_row lj_run_row_for(const struct run *run, const struct lj_file *file, char *key);

/* The same, of files of the same bytes only one (identical.c). leaving: rows that will be removed; NULL: none. */
bool lj_run_read(struct run *run, const GPtrArray *leaving, GError **error);
/* Files (a set of keys, char *) lose the bytes that their rows say: documents that others of the same bytes share stay
 * with these, under the first of them; rows of copies go. Commits, and opens the reader anew. */
bool lj_part_copies(struct lj_store *store, const GPtrArray *sources, GHashTable *losing,
                    GError **error);
/* Sets the rows of those that were not read; hold: as of a document that waits for its segment. */
bool lj_run_set_copies(struct run *run, struct lj_identical *same, bool hold, GError **error);
/* The same for all whose rows are not set yet, where nothing hangs on commits: in a rebuild. */
bool lj_run_place_copies(struct run *run, GError **error);
/* Brings documents of earlier runs to the paths they have now; all: every one, and documents of the same bytes
 * become one. Commits what came before. */
bool lj_run_settle(struct run *run, bool all, GError **error);
/* The vanished rows that the deletion guard lets go: GPtrArray of struct lj_row *, borrowed. Where it seems to be too
 * much at once, run->doubtful has them. Before the tasks, which end rows of files that have moved. */
GPtrArray *lj_run_leaving(struct run *run, GPtrArray **gone);
/* After the tasks: of what was in doubt goes what other files have now, or all, where no more is lost than may be; it
 * is added to leaving. Says what is withheld. */
bool lj_run_decide(struct run *run, GPtrArray *leaving, GError **error);
/* Removes them. */
bool lj_run_remove_gone(struct run *run, const GPtrArray *leaving, GError **error);

/* --report: a line for a failure. source: NAME, or NULL. */
void lj_run_write_failure(struct run *run, const char *source, const char *path, const char *member,
                          const char *reason);
/* What the report says of the run as a whole. */
void lj_run_finish_report(struct run *run);
/* Adds the run to the history; failure: what ended it, or NULL. */
void lj_run_note(const struct run *run, const GError *failure);

/* Takes over the fields declared now: what is indexed from here on is found by them. */
void lj_run_declare(struct run *run);

/* Reads the tables of metadata of the scopes' sources. */
bool lj_run_load_tables(struct run *run, GError **error);
/* Documents of an earlier run whose row is another now. */
bool lj_run_rejoin(struct run *run, GError **error);
/* After the commit: says which rows no document had, and keeps what the documents are joined by. */
bool lj_run_remember_tables(struct run *run, GError **error);

/* --rebuild: the next generation, from stored text or (full) from the originals, checked and swapped
 * in. Otherwise the live one stays as it is. */
bool lj_run_rebuild(struct run *run, GError **error);

/* Before documents of a batch are put: files whose records stand in others are marked. */
bool lj_run_mark_shared(struct run *run, GHashTable *shared, GError **error);
/* Is the row of a file that was read to wait? Then it is kept for later, and the one that the manifest gets until then
 * equals no file. stale (taken over): documents that go in the end; NULL: none. */
bool lj_run_defer(struct run *run, const struct lj_row *row, GArray *stale);
/* The row of a file, or the one that waits; NULL: none. */
const struct lj_row *lj_run_known_row(struct run *run, const char *key);
/* The manifest's row is made to equal no file, so that the next run reads it. */
void lj_run_unfinish(struct run *run, const char *key);
/* After reading: what files lose goes to others that have it, and else goes. */
bool lj_run_hand_over(struct run *run, const GPtrArray *leaving, GError **error);
/* After the commit of the documents: rows that were marked count what the index has of their files. */
bool lj_run_count_shared(struct run *run, GError **error);
/* Of two tasks with files: in the order of a walk, for g_array_sort. */
int lj_task_compare(gconstpointer a, gconstpointer b);
/* Files of a source that share records are read by the next run. */
void lj_store_ask_shared(struct lj_store *store, const char *source);
void lj_deferred_free(gpointer deferred);

#endif
