/* The merge from inside: what its files share. merge.c does the work table by table; sources.c reads the runs'
 * terms in their order, entries.c what runs hold document by document; postings.c, values.c and metadata.c
 * write the layers of the postlist table, version.c the file that makes a database of the tables.
 *
 * Runs hold different documents, as a rule ranges that follow one another, so that merging a term's
 * lists is concatenation: the list with the least docid is read until another's is less.
 */
#ifndef LEGAJO_GLASS_MERGE_H
#define LEGAJO_GLASS_MERGE_H

#include "glass/run.h"
#include "glass/table.h"

struct glass_merge {
    GPtrArray *runs; /* struct glass_run */
    const char *dir;
    size_t buffer; /* of a reader */
    struct glass_root postlist, docdata, termlist, position;
};

static inline const struct glass_run *
glass_run_at(const struct glass_merge *merge, guint i)
{
    return merge->runs->pdata[i];
}

/* The outcome of a pass: what failed in writing, else what failed in reading (which only ends the
 * lists). Takes read_error. */
bool glass_settle(bool ok, GError *read_error, GError **error);

/* --- entries by document -----------------------------------------------------------------------
 *
 *     while (ok && (list = glass_lists_least(&lists, &until)))
 *         do {
 *             … list->docid, and what is read from list->reader
 *             glass_list_next(list);
 *         } while (ok && list->left && list->docid < until);
 */

/* A list in a run: entries that begin with the distance of their docid. */
struct glass_list {
    struct glass_reader *reader;
    uint32_t docid; /* of the next entry */
    uint32_t left;  /* entries; 0: at the end */
};

static inline void
glass_list_begin(struct glass_list *list, struct glass_reader *reader, uint32_t base, uint32_t n)
{
    list->reader = reader;
    list->left = n;
    list->docid = base + (n ? glass_reader_number(reader) : 0);
}

/* After an entry was read. A list that cannot be read further ends. */
static inline void
glass_list_next(struct glass_list *list)
{
    if (G_UNLIKELY(list->reader->failed))
        list->left = 0;
    else if (--list->left)
        list->docid += glass_reader_number(list->reader);
}

struct glass_lists {
    struct glass_list *list;
    size_t n;
    size_t at;     /* while they are apart: the one being read */
    bool in_order; /* so far each has begun behind the one before it */
};

/* Once all have begun. */
void glass_lists_begin(struct glass_lists *lists);
/* The list with the least docid, and up to where it is alone; NULL when all are at the end. */
struct glass_list *glass_lists_least(struct glass_lists *lists, uint32_t *alone_until);

/* A list for each run over a piece of it that goes by documents. */
struct glass_pieces {
    struct glass_lists lists;
    struct glass_reader *readers;
    GError *error;
};

/* offset: of the piece in struct glass_run; data: it lies in the run's data file. */
void glass_pieces_open(struct glass_pieces *pieces, const struct glass_merge *merge, size_t offset,
                       bool data);
bool glass_pieces_close(struct glass_pieces *pieces, bool ok, GError **error);

/* --- sources in the order of their terms (or names) --------------------------------------------
 */

struct glass_source {
    struct glass_reader reader;
    unsigned order; /* of the run */
    uint32_t base;  /* of its docids */
    bool counted;   /* its terms have collection frequencies */
    uint32_t length;
    uint64_t head, second; /* first eight bytes, and the next, as numbers of their order */
    uint8_t bytes[GLASS_KEY_LIMIT];
    uint32_t df;
    uint64_t cf;
};

/* A heap: the source with the least term is at its top, the earlier run first among equals. */
struct glass_heap {
    struct glass_source *sources; /* of all runs */
    guint n_sources;
    struct glass_source **source; /* the heap */
    size_t n;
    bool kept; /* what was taken is one, and still at the top */
    GError *error; /* of reading */
};

enum glass_order { GLASS_POSTINGS, GLASS_POSITIONS, GLASS_NAMES };

/* All runs, each at its first term (or name). */
void glass_heap_open(struct glass_heap *heap, const struct glass_merge *merge, enum glass_order what);
bool glass_heap_close(struct glass_heap *heap, bool ok, GError **error);
/* The sources that are at the least term, which stay where they are; room for all in with. */
size_t glass_heap_take(struct glass_heap *heap, struct glass_source **with);
/* Their lists are read: on to their next terms. */
void glass_heap_return(struct glass_heap *heap, struct glass_source *const *with, size_t n);
/* The value of the name at the top is read: on to its next name. */
void glass_heap_next_name(struct glass_heap *heap);

/* --- layers of the postlist table, in their order ----------------------------------------------
 */

bool glass_write_metadata(const struct glass_merge *merge, struct glass_table *table,
                          GError **error);
bool glass_write_values(const struct glass_merge *merge, struct glass_table *table, GError **error);
bool glass_write_lengths(const struct glass_merge *merge, struct glass_table *table,
                         GError **error);
bool glass_write_postings(const struct glass_merge *merge, struct glass_table *table,
                          GError **error);

/* The last step: the file that says where the tables' trees begin, renamed into place and synced. */
bool glass_write_version(const struct glass_merge *merge, GError **error);

#endif
