/* Runs → a database: one pass over all runs for each table, front to back.
 *
 * Runs hold different documents, as a rule ranges that follow one another, so that merging a term's
 * lists is concatenation: the source with the least docid is read until another's is less.
 */
#include "glass/run.h"
#include "glass/table.h"
#include "i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#define CHUNK_HEAD 32 /* before a chunk's body: three numbers, a flag, a number */

/* The outcome of a pass: what failed in writing, else what failed in reading (which only ends the
 * lists). Takes read_error. */
static bool
settle(bool ok, GError *read_error, GError **error)
{
    if (ok && read_error) {
        g_propagate_error(error, read_error);
        return false;
    }
    g_clear_error(&read_error);
    return ok;
}

/* --- lists by document -------------------------------------------------------------------------
 */

/* A list in a run: entries that begin with the distance of their docid. */
struct list {
    struct glass_reader *reader;
    uint32_t docid; /* of the next entry */
    uint32_t left;  /* entries; 0: at the end */
};

static inline void
list_begin(struct list *list, struct glass_reader *reader, uint32_t base, uint32_t n)
{
    list->reader = reader;
    list->left = n;
    list->docid = base + (n ? glass_reader_number(reader) : 0);
}

/* After an entry was read. A list that cannot be read further ends. */
static inline void
list_next(struct list *list)
{
    if (G_UNLIKELY(list->reader->failed))
        list->left = 0;
    else if (--list->left)
        list->docid += glass_reader_number(list->reader);
}

/* The list with the least docid, and up to where it is alone; NULL when all are at the end. */
static struct list *
least(struct list *lists, size_t n, uint32_t *alone_until)
{
    struct list *best = NULL;
    *alone_until = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        if (!lists[i].left)
            continue;
        if (!best || lists[i].docid < best->docid) {
            if (best)
                *alone_until = best->docid;
            best = &lists[i];
        } else if (lists[i].docid < *alone_until) {
            *alone_until = lists[i].docid;
        }
    }
    return best;
}

/* --- chunks of postings ------------------------------------------------------------------------
 */

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

static inline bool
add_posting(struct chunks *chunks, uint32_t docid, uint32_t wdf, GError **error)
{
    if (G_UNLIKELY(chunks->used >= GLASS_CHUNK || !chunks->started)) {
        if (chunks->started && !close_chunk(chunks, false, error))
            return false;
        chunks->started = true;
        chunks->used = 0;
        chunks->first = docid;
    }
    uint8_t *body = chunks->buffer + CHUNK_HEAD, *p = body + chunks->used;
    if (chunks->used)
        p = glass_put_number(p, docid - chunks->last - 1);
    p = glass_put_number(p, wdf);
    chunks->used = (size_t)(p - body);
    chunks->last = docid;
    return true;
}

/* --- sources in the order of their terms (or names) --------------------------------------------
 */

struct source {
    struct glass_reader reader;
    unsigned order; /* of the run */
    uint32_t base;  /* of its docids */
    uint64_t prefix;
    uint32_t length;
    uint8_t bytes[GLASS_KEY_LIMIT];
    uint32_t df;
    uint64_t cf;
};

/* A heap: the source with the least term is at its top, the earlier run first among equals. */
struct heap {
    struct source **source;
    size_t n;
};

static bool
before(const struct source *a, const struct source *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    int order = glass_compare(a->bytes, a->length, b->bytes, b->length);
    return order ? order < 0 : a->order < b->order;
}

static void
sink(struct heap *heap, size_t i)
{
    struct source *moving = heap->source[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= heap->n)
            break;
        if (child + 1 < heap->n && before(heap->source[child + 1], heap->source[child]))
            child++;
        if (!before(heap->source[child], moving))
            break;
        heap->source[i] = heap->source[child];
        i = child;
    }
    heap->source[i] = moving;
}

static void
add_source(struct heap *heap, struct source *source)
{
    size_t i = heap->n++;
    while (i && before(source, heap->source[(i - 1) / 2])) {
        heap->source[i] = heap->source[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->source[i] = source;
}

static struct source *
take_source(struct heap *heap)
{
    struct source *top = heap->source[0];
    heap->source[0] = heap->source[--heap->n];
    if (heap->n)
        sink(heap, 0);
    return top;
}

static bool
same(const struct source *a, const struct source *b)
{
    return a->prefix == b->prefix && a->length == b->length &&
           !memcmp(a->bytes, b->bytes, a->length);
}

/* Reads the next term of a source; false at the end. */
static bool
next_term(struct source *source, bool with_cf)
{
    if (glass_reader_at_end(&source->reader))
        return false;
    uint32_t shared = glass_reader_number(&source->reader);
    uint32_t rest = glass_reader_number(&source->reader);
    const uint8_t *bytes = glass_reader_bytes(&source->reader, rest);
    memcpy(source->bytes + shared, bytes, rest);
    source->length = shared + rest;
    source->prefix = glass_prefix64(source->bytes, source->length);
    source->df = glass_reader_number(&source->reader);
    source->cf = with_cf ? glass_reader_number64(&source->reader) : 0;
    return !source->reader.failed;
}

/* --- the work ----------------------------------------------------------------------------------
 */

struct merge {
    GPtrArray *runs;
    const char *dir;
    size_t buffer; /* of a reader */
    struct glass_root postlist, docdata, termlist, position;
};

static const struct glass_run *
run_at(const struct merge *merge, guint i)
{
    return merge->runs->pdata[i];
}

/* Opens a source for each run that has the piece at this offset of struct glass_run. */
static struct source *
open_sources(const struct merge *merge, size_t piece_offset, bool positions, GError **error)
{
    struct source *sources = g_new0(struct source, MAX(merge->runs->len, 1));
    for (guint i = 0; i < merge->runs->len; i++) {
        const struct glass_run *run = run_at(merge, i);
        const struct glass_piece *piece = (const void *)((const char *)run + piece_offset);
        sources[i].order = i;
        sources[i].base = run->base;
        glass_reader_open(&sources[i].reader, positions ? run->position_spill : run->spill, *piece,
                          merge->buffer, error);
    }
    return sources;
}

static void
close_sources(const struct merge *merge, struct source *sources)
{
    for (guint i = 0; i < merge->runs->len; i++)
        glass_reader_close(&sources[i].reader);
    g_free(sources);
}

/* Reads the next metadata name of a source; false at the end. */
static bool
next_name(struct source *source)
{
    if (glass_reader_at_end(&source->reader))
        return false;
    source->length = glass_reader_number(&source->reader);
    memcpy(source->bytes, glass_reader_bytes(&source->reader, source->length), source->length);
    source->prefix = glass_prefix64(source->bytes, source->length);
    return !source->reader.failed;
}

static bool
write_metadata(struct merge *merge, struct glass_table *table, GError **error)
{
    GError *read_error = NULL;
    struct source *sources =
        open_sources(merge, G_STRUCT_OFFSET(struct glass_run, metadata), false, &read_error);
    struct heap heap = {.source = g_new(struct source *, MAX(merge->runs->len, 1))};
    for (guint i = 0; i < merge->runs->len; i++) {
        if (next_name(&sources[i]))
            add_source(&heap, &sources[i]);
    }
    GByteArray *value = g_byte_array_new();
    bool ok = true;
    while (heap.n && ok && !read_error) {
        uint8_t key[GLASS_KEY_LIMIT] = {0x00, 0xc0};
        size_t n = heap.source[0]->length;
        memcpy(key + 2, heap.source[0]->bytes, n);
        bool again = false;
        while (heap.n && heap.source[0]->length == n &&
               !memcmp(heap.source[0]->bytes, key + 2, n)) {
            struct source *source = take_source(&heap);
            uint32_t size = glass_reader_number(&source->reader);
            const uint8_t *bytes = glass_reader_bytes(&source->reader, size);
            if (source->reader.failed)
                break;
            if (again && (key[2] == 'F' || key[2] == 'A')) {
                glass_unite(value, key[2] == 'A' ? '\t' : ' ', bytes, size);
            } else {
                g_byte_array_set_size(value, 0);
                g_byte_array_append(value, bytes, size);
            }
            again = true;
            if (next_name(source))
                add_source(&heap, source);
        }
        ok = glass_table_add(table, key, n + 2, value->data, value->len, false, error);
    }
    g_byte_array_unref(value);
    g_free(heap.source);
    close_sources(merge, sources);
    return settle(ok, read_error, error);
}

/* One slot's parts in all runs. */
struct slot {
    uint8_t key[GLASS_NUMBER]; /* the slot, as chunks are sorted by it */
    size_t key_length;
    uint32_t slot;
    GPtrArray *parts; /* struct glass_slot, borrowed */
    GArray *runs;     /* const struct glass_run *, of each part */
};

static void
slot_clear(gpointer data)
{
    struct slot *slot = data;
    g_ptr_array_unref(slot->parts);
    g_array_unref(slot->runs);
}

static int
compare_by_chunk_key(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    return glass_compare(x->key, x->key_length, y->key, y->key_length);
}

static int
compare_by_statistics_key(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    uint8_t kx[4], ky[4];
    return glass_compare(kx, (size_t)(glass_put_last(kx, x->slot) - kx), ky,
                         (size_t)(glass_put_last(ky, y->slot) - ky));
}

static GArray *
gather_slots(const struct merge *merge)
{
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    g_array_set_clear_func(slots, slot_clear);
    GHashTable *known = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < merge->runs->len; i++) {
        const struct glass_run *run = run_at(merge, i);
        for (guint k = 0; run->slots && k < run->slots->len; k++) {
            struct glass_slot *part = run->slots->pdata[k];
            gpointer at = g_hash_table_lookup(known, GUINT_TO_POINTER(part->slot));
            if (!at) {
                struct slot slot = {.slot = part->slot,
                                    .parts = g_ptr_array_new(),
                                    .runs = g_array_new(FALSE, FALSE, sizeof run)};
                slot.key_length = (size_t)(glass_put_number(slot.key, slot.slot) - slot.key);
                g_array_append_val(slots, slot);
                at = GUINT_TO_POINTER(slots->len);
                g_hash_table_insert(known, GUINT_TO_POINTER(part->slot), at);
            }
            struct slot *slot = &g_array_index(slots, struct slot, GPOINTER_TO_UINT(at) - 1);
            g_ptr_array_add(slot->parts, part);
            g_array_append_val(slot->runs, run);
        }
    }
    g_hash_table_unref(known);
    return slots;
}

static bool
write_statistics(struct glass_table *table, const struct slot *slot, GError **error)
{
    const GByteArray *low = NULL, *high = NULL;
    uint64_t n = 0;
    for (guint i = 0; i < slot->parts->len; i++) {
        const struct glass_slot *part = slot->parts->pdata[i];
        n += part->n;
        if (!low || glass_compare(part->low->data, part->low->len, low->data, low->len) < 0)
            low = part->low;
        if (!high || glass_compare(part->high->data, part->high->len, high->data, high->len) > 0)
            high = part->high;
    }
    uint8_t key[2 + 4] = {0x00, 0xd0}, number[GLASS_NUMBER * 2];
    uint8_t *key_end = glass_put_last(key + 2, slot->slot);
    GByteArray *tag = g_byte_array_sized_new(low->len + high->len + 20);
    g_byte_array_append(tag, number, (guint)(glass_put_number(number, n) - number));
    g_byte_array_append(tag, number, (guint)(glass_put_number(number, low->len) - number));
    g_byte_array_append(tag, low->data, low->len);
    if (glass_compare(low->data, low->len, high->data, high->len))
        g_byte_array_append(tag, high->data, high->len);
    bool ok =
        glass_table_add(table, key, (size_t)(key_end - key), tag->data, tag->len, false, error);
    g_byte_array_unref(tag);
    return ok;
}

static bool
write_chunks(const struct merge *merge, struct glass_table *table, const struct slot *slot,
             GError **error)
{
    guint n = slot->parts->len;
    struct glass_reader *readers = g_new0(struct glass_reader, n);
    struct list *lists = g_new0(struct list, n);
    GError *read_error = NULL;
    for (guint i = 0; i < n; i++) {
        const struct glass_slot *part = slot->parts->pdata[i];
        const struct glass_run *run = g_array_index(slot->runs, const struct glass_run *, i);
        glass_reader_open(&readers[i], run->spill, part->piece, merge->buffer, &read_error);
        list_begin(&lists[i], &readers[i], run->base, part->n);
    }
    uint8_t key[2 + GLASS_NUMBER + GLASS_SORTED] = {0x00, 0xd8}, number[2 * GLASS_NUMBER];
    memcpy(key + 2, slot->key, slot->key_length);
    GByteArray *tag = g_byte_array_new();
    uint32_t first = 0, last = 0, until;
    bool ok = true;
    struct list *list;
    while (ok && (list = least(lists, n, &until))) {
        do {
            uint32_t docid = list->docid, size = glass_reader_number(list->reader);
            const uint8_t *bytes = glass_reader_bytes(list->reader, size);
            if (list->reader->failed)
                break;
            uint8_t *p = number;
            if (tag->len)
                p = glass_put_number(p, docid - last - 1);
            else
                first = docid;
            p = glass_put_number(p, size);
            g_byte_array_append(tag, number, (guint)(p - number));
            g_byte_array_append(tag, bytes, size);
            last = docid;
            if (tag->len >= GLASS_CHUNK) {
                uint8_t *end = glass_put_sorted(key + 2 + slot->key_length, first);
                ok = glass_table_add(table, key, (size_t)(end - key), tag->data, tag->len, false,
                                     error);
                g_byte_array_set_size(tag, 0);
            }
            list_next(list);
        } while (ok && list->left && list->docid < until);
        if (list->reader->failed)
            list->left = 0;
    }
    if (ok && tag->len) {
        uint8_t *end = glass_put_sorted(key + 2 + slot->key_length, first);
        ok = glass_table_add(table, key, (size_t)(end - key), tag->data, tag->len, false, error);
    }
    g_byte_array_unref(tag);
    for (guint i = 0; i < n; i++)
        glass_reader_close(&readers[i]);
    g_free(readers);
    g_free(lists);
    return settle(ok, read_error, error);
}

static bool
write_values(struct merge *merge, struct glass_table *table, GError **error)
{
    GArray *slots = gather_slots(merge);
    bool ok = true;
    g_array_sort(slots, compare_by_statistics_key);
    for (guint i = 0; i < slots->len && ok; i++)
        ok = write_statistics(table, &g_array_index(slots, struct slot, i), error);
    g_array_sort(slots, compare_by_chunk_key);
    for (guint i = 0; i < slots->len && ok; i++)
        ok = write_chunks(merge, table, &g_array_index(slots, struct slot, i), error);
    g_array_unref(slots);
    return ok;
}

/* A list for each run over a piece of it. */
struct lists {
    guint n;
    struct glass_reader *readers;
    struct list *lists;
    GError *error;
};

static void
open_lists(struct lists *lists, const struct merge *merge, size_t piece_offset, bool data)
{
    lists->n = merge->runs->len;
    lists->readers = g_new0(struct glass_reader, MAX(lists->n, 1));
    lists->lists = g_new0(struct list, MAX(lists->n, 1));
    lists->error = NULL;
    for (guint i = 0; i < lists->n; i++) {
        const struct glass_run *run = run_at(merge, i);
        const struct glass_piece *piece = (const void *)((const char *)run + piece_offset);
        glass_reader_open(&lists->readers[i], data ? run->data_spill : run->spill, *piece,
                          merge->buffer, &lists->error);
        list_begin(&lists->lists[i], &lists->readers[i], run->base,
                   data ? (uint32_t)run->data_entries : run->documents);
    }
}

static bool
close_lists(struct lists *lists, bool ok, GError **error)
{
    for (guint i = 0; i < lists->n; i++)
        glass_reader_close(&lists->readers[i]);
    g_free(lists->readers);
    g_free(lists->lists);
    return settle(ok, lists->error, error);
}

static bool
write_lengths(struct merge *merge, struct glass_table *table, GError **error)
{
    struct chunks *chunks = g_new0(struct chunks, 1);
    chunks->table = table;
    memcpy(chunks->key, "\0\xe0", 2);
    chunks->first_key = chunks->further_key = 2;
    struct lists lists;
    open_lists(&lists, merge, G_STRUCT_OFFSET(struct glass_run, lengths), false);
    struct list *list;
    uint32_t until, last = 0;
    bool ok = true;
    while (ok && (list = least(lists.lists, lists.n, &until))) {
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
            list_next(list);
        } while (ok && list->left && list->docid < until);
    }
    ok = ok && (!chunks->started || close_chunk(chunks, true, error));
    g_free(chunks);
    return close_lists(&lists, ok, error);
}

static bool
write_postings(struct merge *merge, struct glass_table *table, GError **error)
{
    GError *read_error = NULL;
    size_t n_runs = MAX(merge->runs->len, 1);
    struct source *sources =
        open_sources(merge, G_STRUCT_OFFSET(struct glass_run, postings), false, &read_error);
    struct heap heap = {.source = g_new(struct source *, n_runs)};
    struct source **with = g_new(struct source *, n_runs);
    struct list *lists = g_new(struct list, n_runs);
    struct chunks *chunks = g_new0(struct chunks, 1);
    chunks->table = table;
    for (guint i = 0; i < merge->runs->len; i++) {
        if (next_term(&sources[i], true))
            add_source(&heap, &sources[i]);
    }
    bool ok = true;
    while (heap.n && ok && !read_error) {
        size_t n = 0;
        chunks->df = chunks->cf = 0;
        do {
            with[n] = take_source(&heap);
            chunks->df += with[n]->df;
            chunks->cf += with[n]->cf;
            list_begin(&lists[n], &with[n]->reader, with[n]->base, with[n]->df);
            n++;
        } while (heap.n && same(with[0], heap.source[0]));
        uint8_t *end = glass_put_key_term(chunks->key, with[0]->bytes, with[0]->length);
        chunks->first_key = (size_t)(end - chunks->key);
        *end = 0;
        chunks->further_key = chunks->first_key + 1;
        chunks->started = chunks->further = false;
        struct list *list;
        uint32_t until;
        while (ok && (list = least(lists, n, &until))) {
            do {
                uint32_t docid = list->docid;
                ok = add_posting(chunks, docid, glass_reader_number(list->reader), error);
                list_next(list);
            } while (ok && list->left && list->docid < until);
        }
        ok = ok && close_chunk(chunks, true, error);
        for (size_t i = 0; i < n && ok; i++) {
            if (next_term(with[i], true))
                add_source(&heap, with[i]);
        }
    }
    g_free(chunks);
    g_free(lists);
    g_free(with);
    g_free(heap.source);
    close_sources(merge, sources);
    return settle(ok, read_error, error);
}

static bool
write_postlist_table(struct merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "postlist.glass", error))
        return false;
    if (!write_metadata(merge, &table, error) || !write_values(merge, &table, error) ||
        !write_lengths(merge, &table, error) || !write_postings(merge, &table, error)) {
        glass_table_abandon(&table);
        return false;
    }
    bool ok = glass_table_close(&table, true, error);
    merge->postlist = table.root;
    return ok;
}

static bool
write_position_table(struct merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "position.glass", error))
        return false;
    GError *read_error = NULL;
    size_t n_runs = MAX(merge->runs->len, 1);
    struct source *sources =
        open_sources(merge, G_STRUCT_OFFSET(struct glass_run, positions), true, &read_error);
    struct heap heap = {.source = g_new(struct source *, n_runs)};
    struct source **with = g_new(struct source *, n_runs);
    struct list *lists = g_new(struct list, n_runs);
    for (guint i = 0; i < merge->runs->len; i++) {
        if (next_term(&sources[i], false))
            add_source(&heap, &sources[i]);
    }
    bool ok = true;
    uint8_t key[GLASS_KEY_LIMIT + 1];
    while (heap.n && ok && !read_error) {
        size_t n = 0;
        do {
            with[n] = take_source(&heap);
            list_begin(&lists[n], &with[n]->reader, with[n]->base, with[n]->df);
            n++;
        } while (heap.n && same(with[0], heap.source[0]));
        uint8_t *end = glass_put_key_term(key, with[0]->bytes, with[0]->length);
        *end++ = 0;
        struct list *list;
        uint32_t until;
        while (ok && (list = least(lists, n, &until))) {
            do {
                size_t key_length = (size_t)(glass_put_sorted(end, list->docid) - key);
                uint32_t size = glass_reader_number(list->reader);
                const uint8_t *bytes = glass_reader_bytes(list->reader, size);
                if (list->reader->failed) {
                    list->left = 0;
                    break;
                }
                ok = glass_table_add(&table, key, key_length, bytes, size, false, error);
                list_next(list);
            } while (ok && list->left && list->docid < until);
        }
        for (size_t i = 0; i < n && ok; i++) {
            if (next_term(with[i], false))
                add_source(&heap, with[i]);
        }
    }
    g_free(lists);
    g_free(with);
    g_free(heap.source);
    close_sources(merge, sources);
    if (!settle(ok, read_error, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, false, error);
    merge->position = table.root;
    return ok;
}

static bool
write_termlist_table(struct merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "termlist.glass", error))
        return false;
    struct lists lists;
    open_lists(&lists, merge, G_STRUCT_OFFSET(struct glass_run, termlists), false);
    struct list *list;
    uint32_t until;
    bool ok = true;
    while (ok && (list = least(lists.lists, lists.n, &until))) {
        do {
            uint8_t key[GLASS_SORTED + 1], *end = glass_put_sorted(key, list->docid);
            uint64_t code = glass_reader_number64(list->reader);
            const uint8_t *bytes = glass_reader_bytes(list->reader, code >> 1);
            if (list->reader->failed)
                break;
            ok = glass_table_add(&table, key, (size_t)(end - key), bytes, code >> 1, code & 1,
                                 error);
            uint32_t size = glass_reader_number(list->reader);
            bytes = glass_reader_bytes(list->reader, size);
            *end++ = 0;
            if (ok && size && !list->reader->failed)
                ok = glass_table_add(&table, key, (size_t)(end - key), bytes, size, false, error);
            list_next(list);
        } while (ok && list->left && list->docid < until);
        if (list->reader->failed)
            list->left = 0;
    }
    if (!close_lists(&lists, ok, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, true, error);
    merge->termlist = table.root;
    return ok;
}

static bool
write_docdata_table(struct merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "docdata.glass", error))
        return false;
    struct lists lists;
    open_lists(&lists, merge, G_STRUCT_OFFSET(struct glass_run, data), true);
    struct list *list;
    uint32_t until;
    bool ok = true;
    while (ok && (list = least(lists.lists, lists.n, &until))) {
        do {
            uint8_t key[GLASS_SORTED], *end = glass_put_sorted(key, list->docid);
            uint64_t size = glass_reader_number64(list->reader);
            const uint8_t *bytes = glass_reader_bytes(list->reader, size);
            if (list->reader->failed) {
                list->left = 0;
                break;
            }
            ok = glass_table_add(&table, key, (size_t)(end - key), bytes, size, false, error);
            list_next(list);
        } while (ok && list->left && list->docid < until);
    }
    if (!close_lists(&lists, ok, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, false, error);
    merge->docdata = table.root;
    return ok;
}

static bool
write_document_tables(struct merge *merge, GError **error)
{
    return write_termlist_table(merge, error) && write_docdata_table(merge, error);
}

/* --- the version file --------------------------------------------------------------------------
 */

static uint8_t *
put_root(uint8_t *p, const struct glass_root *root, unsigned compress_min)
{
    bool fake = root->entries == 0;
    p = glass_put_number(p, root->root);
    p = glass_put_number(p, root->level * 4 + 2 + fake);
    p = glass_put_number(p, root->entries);
    p = glass_put_number(p, GLASS_BLOCK / 2048);
    p = glass_put_number(p, compress_min);
    uint8_t state[8 * GLASS_NUMBER], *end = state;
    if (!fake) {
        end = glass_put_number(end, 1);
        end = glass_put_number(end, root->blocks);
        memset(end, 0, 4); /* both cursors of the free list: it is empty */
        end += 4;
    }
    p = glass_put_number(p, (size_t)(end - state));
    memcpy(p, state, (size_t)(end - state));
    return p + (end - state);
}

static bool
write_version(const struct merge *merge, GError **error)
{
    uint64_t documents = 0, total_length = 0;
    uint32_t last = 0, shortest = 0, longest = 0, wdf = 0;
    for (guint i = 0; i < merge->runs->len; i++) {
        const struct glass_run *run = run_at(merge, i);
        documents += run->documents;
        total_length += run->total_length;
        if (run->documents)
            last = MAX(last, run->base + run->last_docid);
        longest = MAX(longest, run->longest);
        wdf = MAX(wdf, run->wdf);
        if (run->shortest && (!shortest || run->shortest < shortest))
            shortest = run->shortest;
    }
    uint8_t bytes[512], *p = bytes;
    memcpy(p, "\x0f\x0dXapian Glass", 14);
    glass_put_be16(p + 14, 0x046e);
    p += 16;
    if (getrandom(p, 16, 0) != 16) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("no random numbers: %s"), g_strerror(errno));
        return false;
    }
    p[6] = (uint8_t)((p[6] & 0x0f) | 0x40); /* a UUID of version 4 */
    p[8] = (uint8_t)((p[8] & 0x3f) | 0x80);
    p = glass_put_number(p + 16, 1); /* revision */
    const struct glass_root none = {0};
    p = put_root(p, &merge->postlist, 0);
    p = put_root(p, &merge->docdata, 18);
    p = put_root(p, &merge->termlist, 18);
    p = put_root(p, &merge->position, 0);
    p = put_root(p, &none, 18);
    p = put_root(p, &none, 18);
    p = glass_put_number(p, documents);
    p = glass_put_number(p, last - documents);
    p = glass_put_number(p, shortest);
    p = glass_put_number(p, wdf);
    p = glass_put_number(p, MAX(longest, wdf) - wdf);
    p = glass_put_number(p, 0); /* oldest changeset */
    p = glass_put_number(p, total_length);
    p = glass_put_number(p, 0); /* spelling */

    char *temporary = g_build_filename(merge->dir, "v.tmp", NULL);
    char *final = g_build_filename(merge->dir, "iamglass", NULL);
    bool ok = false;
    int code = 0, fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        code = errno;
    } else {
        ok = glass_write(fd, bytes, (size_t)(p - bytes), 0, temporary, error);
        if (ok && fdatasync(fd)) {
            code = errno;
            ok = false;
        }
        close(fd);
        if (ok && rename(temporary, final)) {
            code = errno;
            ok = false;
        }
    }
    if (code)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot write %s: %s"), temporary,
                    g_strerror(code));
    if (!ok && fd >= 0)
        unlink(temporary);
    g_free(temporary);
    g_free(final);
    if (!ok)
        return false;
    /* the name itself must last */
    int dir = open(merge->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        fsync(dir);
        close(dir);
    }
    return true;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

struct job {
    struct merge *merge;
    bool (*work)(struct merge *, GError **);
    GError *error;
    bool ok;
    GThread *thread;
};

static gpointer
run_job(gpointer data)
{
    struct job *job = data;
    job->ok = job->work(job->merge, &job->error);
    return NULL;
}

bool
glass_merge_runs(GPtrArray *runs, const char *dir, size_t memory, unsigned threads, GError **error)
{
    struct merge merge = {.runs = runs, .dir = dir};
    merge.buffer = CLAMP(memory / (3 * MAX(runs->len, 1)), 4096, 1u << 20);
    struct job jobs[] = {{.merge = &merge, .work = write_position_table},
                         {.merge = &merge, .work = write_document_tables},
                         {.merge = &merge, .work = write_postlist_table}};
    enum { N = G_N_ELEMENTS(jobs) };
    /* The last is done here; without a thread for it (none may be left), so are the others. */
    for (unsigned i = 0; i < N - 1 && i + 1 < threads; i++)
        jobs[i].thread = g_thread_try_new("glass", run_job, &jobs[i], NULL);
    bool ok = true;
    for (unsigned i = N; i-- > 0;) {
        if (!jobs[i].thread && ok)
            run_job(&jobs[i]);
        else if (!jobs[i].thread)
            continue;
        else
            g_thread_join(jobs[i].thread);
        if (ok && !jobs[i].ok) {
            g_propagate_error(error, g_steal_pointer(&jobs[i].error));
            ok = false;
        }
        g_clear_error(&jobs[i].error);
    }
    ok = ok && write_version(&merge, error);
    if (!ok) {
        static const char *const names[] = {"position.glass", "termlist.glass", "docdata.glass",
                                            "postlist.glass"};
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            char *path = g_build_filename(dir, names[i], NULL);
            unlink(path);
            g_free(path);
        }
    }
    return ok;
}
