/* Posting lists in chunks: of the documents' lengths, and of every term. */
#include "glass/merge.h"

#define CHUNK_HEAD 32 /* before a chunk's body: three numbers, a flag, a number */

struct chunks {
    struct glass_table *table;
    uint8_t key[GLASS_KEY_LIMIT + 1];
    size_t first_key, further_key; /* lengths, without docid */
    uint64_t df, cf;
    bool started, further;
    uint32_t first, last;
    size_t used;
    uint8_t buffer[CHUNK_HEAD + GLASS_CHUNK + 2 * GLASS_NUMBER];
};

static bool
close_chunk(struct chunks *chunks, bool is_last, GError **error)
{
    uint8_t head[CHUNK_HEAD], *p = head;
    size_t key = chunks->first_key;
    if (!chunks->further) {
        p = glass_put_number(p, chunks->df);
        p = glass_put_number(p, chunks->cf);
        p = glass_put_number(p, chunks->first - 1);
    } else {
        uint8_t *end = glass_put_sorted(chunks->key + chunks->further_key, chunks->first);
        key = (size_t)(end - chunks->key);
    }
    *p++ = is_last ? '1' : '0';
    p = glass_put_number(p, chunks->last - chunks->first);
    size_t n = (size_t)(p - head);
    uint8_t *tag = chunks->buffer + CHUNK_HEAD - n;
    memcpy(tag, head, n);
    chunks->further = true;
    return glass_table_add(chunks->table, chunks->key, key, tag, n + chunks->used, false, error);
}

/* Closes the chunk, if there is one, and begins the next. */
static bool
begin_chunk(struct chunks *chunks, uint32_t docid, GError **error)
{
    if (chunks->started && !close_chunk(chunks, false, error))
        return false;
    chunks->started = true;
    chunks->used = 0;
    chunks->first = docid;
    return true;
}

static inline bool
add_posting(struct chunks *chunks, uint32_t docid, uint32_t wdf, GError **error)
{
    if (G_UNLIKELY(chunks->used >= GLASS_CHUNK || !chunks->started) &&
        !begin_chunk(chunks, docid, error))
        return false;
    uint8_t *body = chunks->buffer + CHUNK_HEAD, *p = body + chunks->used;
    if (chunks->used)
        p = glass_put_number(p, docid - chunks->last - 1);
    p = glass_put_number(p, wdf);
    chunks->used = (size_t)(p - body);
    chunks->last = docid;
    return true;
}

bool
glass_write_lengths(const struct glass_merge *merge, struct glass_table *table, GError **error)
{
    struct chunks *chunks = g_new0(struct chunks, 1);
    chunks->table = table;
    memcpy(chunks->key, "\0\xe0", 2);
    chunks->first_key = chunks->further_key = 2;
    struct glass_pieces pieces;
    glass_pieces_open(&pieces, merge, G_STRUCT_OFFSET(struct glass_run, lengths), false);
    struct glass_list *list;
    uint32_t until, last = 0;
    bool ok = true;
    while (ok && (list = glass_lists_least(&pieces.lists, &until))) {
        do {
            if (list->docid <= last) {
                g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL,
                            "document %u stands in two builders", list->docid);
                ok = false;
                break;
            }
            last = list->docid;
            uint32_t length = glass_reader_number(list->reader);
            ok = add_posting(chunks, last, length, error);
            glass_list_next(list);
        } while (ok && list->left && list->docid < until);
    }
    ok = ok && (!chunks->started || close_chunk(chunks, true, error));
    g_free(chunks);
    return glass_pieces_close(&pieces, ok, error);
}

/* Adds the postings of a list, which go before until (and one at least), and steps behind them. What changes with each
 * stands in variables of its own: a byte that is written might otherwise be any of it. */
static bool
add_list(struct chunks *chunks, struct glass_list *list, uint32_t until, GError **error)
{
    struct glass_reader *reader = list->reader;
    uint8_t *const body = chunks->buffer + CHUNK_HEAD, *to = body + chunks->used;
    uint32_t docid = list->docid, left = list->left, last = chunks->last;
    bool ok = true;
    do {
        uint32_t wdf, gap;
        glass_reader_need(reader, 2 * 10);
        const uint8_t *p = glass_get_number(reader->p, &wdf);
        if (G_UNLIKELY(to - body >= GLASS_CHUNK || !chunks->started)) {
            chunks->used = (size_t)(to - body);
            chunks->last = last;
            ok = begin_chunk(chunks, docid, error);
            to = body;
        } else {
            to = glass_put_number(to, docid - last - 1);
        }
        to = glass_put_number(to, wdf);
        last = docid;
        if (G_UNLIKELY(reader->failed)) {
            left = 0;
        } else if (--left) {
            p = glass_get_number(p, &gap);
            docid += gap;
        }
        reader->p = p;
    } while (ok && left && docid < until);
    list->docid = docid;
    list->left = left;
    chunks->used = (size_t)(to - body);
    chunks->last = last;
    return ok;
}

bool
glass_write_postings(const struct glass_merge *merge, struct glass_table *table, GError **error)
{
    size_t n_runs = MAX(merge->runs->len, 1);
    struct glass_heap heap;
    glass_heap_open(&heap, merge, GLASS_POSTINGS);
    struct glass_source **with = g_new(struct glass_source *, n_runs);
    struct glass_lists lists = {.list = g_new(struct glass_list, n_runs)};
    struct chunks *chunks = g_new0(struct chunks, 1);
    chunks->table = table;
    bool ok = true;
    while (heap.n && ok && !heap.error) {
        lists.n = glass_heap_take(&heap, with);
        chunks->df = chunks->cf = 0;
        for (size_t i = 0; i < lists.n; i++) {
            chunks->df += with[i]->df;
            chunks->cf += with[i]->cf;
            glass_list_begin(&lists.list[i], &with[i]->reader, with[i]->base, with[i]->df);
        }
        glass_lists_begin(&lists);
        uint8_t *end = glass_put_key_term(chunks->key, with[0]->bytes, with[0]->length);
        chunks->first_key = (size_t)(end - chunks->key);
        *end = 0;
        chunks->further_key = chunks->first_key + 1;
        chunks->started = chunks->further = false;
        struct glass_list *list;
        uint32_t until;
        while (ok && (list = glass_lists_least(&lists, &until)))
            ok = add_list(chunks, list, until, error);
        ok = ok && close_chunk(chunks, true, error);
        if (ok)
            glass_heap_return(&heap, with, lists.n);
    }
    g_free(chunks);
    g_free(lists.list);
    g_free(with);
    return glass_heap_close(&heap, ok, error);
}
