/* The manifest: what every file was when it was last indexed.
 *
 * An append-only log; the last row of a path counts. Rows are written and synced before the commit
 * whose metadata names the log's length, so log and index move together: bytes beyond that length
 * never happened.
 *
 *     struct lj_journal *j = lj_journal_open(folder, "journal-0001 182733", &error);
 *     lj_journal_set(j, &row);                    in memory and pending
 *     char *name = lj_journal_flush(j, &error);   "journal-0001 183102", for the commit
 */
#ifndef LEGAJO_INDEX_JOURNAL_H
#define LEGAJO_INDEX_JOURNAL_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

enum lj_file_state {
    LJ_FILE_GONE, /* forget it */
    LJ_FILE_INDEXED,
    LJ_FILE_EMPTY,   /* read, but without text */
    LJ_FILE_FAILED,  /* known failure: tried again when the file changes, or on request */
    LJ_FILE_SKIPPED, /* a kind nobody reads: reason is the MIME type */
    LJ_FILE_REMOVED, /* taken out by hand: stays out until restored */
    LJ_FILE_COPY,    /* of the bytes of another file of its source: reason is that one's key */
};

struct lj_row {
    char *key; /* source NAME, '/', path relative to it (raw bytes) */
    enum lj_file_state state;
    uint64_t size, inode;
    int64_t mtime, ctime; /* ns */
    uint8_t sha256[32];   /* zeros: not known */
    uint32_t documents;
    char *reason;    /* of a failure, or of a copy; NULL: none */
    bool shared;     /* ids of its records stand, or stood, in other files of its source, too */
    bool seen, gone; /* met, or missed, by the walk at hand; not stored */
    bool asked;      /* its file is read by the run at hand; not stored */
    bool read;       /* … and was found to be another than before; not stored */
};

bool lj_row_has_hash(const struct lj_row *row);
/* Documents that are gone where the file is: a copy counts as one, though its document stays. */
uint32_t lj_row_weight(const struct lj_row *row);

/* named: what the index's `journal` says, or NULL for a new one. Missing or shorter than named, or
 * with a broken row within: LJ_ERROR_DAMAGED. */
struct lj_journal *lj_journal_open(const char *folder, const char *named, GError **error);
void lj_journal_close(struct lj_journal *journal);

/* A row, of now: one that is set again is another. Borrowed until the journal is closed; NULL. */
struct lj_row *lj_journal_find(struct lj_journal *journal, const char *key);
/* All rows, any order: GPtrArray of struct lj_row *, borrowed; g_ptr_array_unref. */
GPtrArray *lj_journal_rows(struct lj_journal *journal);
/* Key of a file → keys of its copies (GPtrArray of char *, sorted), of those that have any; g_hash_table_unref. */
GHashTable *lj_journal_copies(struct lj_journal *journal);
/* Copies the row. */
void lj_journal_set(struct lj_journal *journal, const struct lj_row *row);
/* The same of a file whose documents wait for a segment of their own: known to find and rows at once, but no
 * flush writes it before lj_journal_release. A commit of other documents meanwhile must not say that
 * these are in the index. Rows set while some are held are written again behind those. */
void lj_journal_hold(struct lj_journal *journal, const struct lj_row *row);
/* What was held is pending. */
void lj_journal_release(struct lj_journal *journal);
bool lj_journal_pending(const struct lj_journal *journal);
/* Writes and syncs; returns name and length for the index (g_free), NULL on error. Rewrites the log
 * under a new name when most of it is superseded. */
char *lj_journal_flush(struct lj_journal *journal, GError **error);
/* After the commit: removes logs that are no longer named. */
void lj_journal_tidy(struct lj_journal *journal);

#endif
