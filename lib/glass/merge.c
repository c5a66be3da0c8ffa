/* Runs → a database: one pass over all runs for each table, front to back. */
#include "glass/merge.h"
#include <unistd.h>

static bool
write_postlist_table(struct glass_merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "postlist.glass", error))
        return false;
    if (!glass_write_metadata(merge, &table, error) || !glass_write_values(merge, &table, error) ||
        !glass_write_lengths(merge, &table, error) || !glass_write_postings(merge, &table, error)) {
        glass_table_abandon(&table);
        return false;
    }
    bool ok = glass_table_close(&table, true, error);
    merge->postlist = table.root;
    return ok;
}

static bool
write_position_table(struct glass_merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "position.glass", error))
        return false;
    size_t n_runs = MAX(merge->runs->len, 1);
    struct glass_heap heap;
    glass_heap_open(&heap, merge, GLASS_POSITIONS);
    struct glass_source **with = g_new(struct glass_source *, n_runs);
    struct glass_lists lists = {.list = g_new(struct glass_list, n_runs)};
    bool ok = true;
    uint8_t key[GLASS_KEY_LIMIT + 1];
    while (heap.n && ok && !heap.error) {
        lists.n = glass_heap_take(&heap, with);
        for (size_t i = 0; i < lists.n; i++)
            glass_list_begin(&lists.list[i], &with[i]->reader, with[i]->base, with[i]->df);
        glass_lists_begin(&lists);
        uint8_t *end = glass_put_key_term(key, with[0]->bytes, with[0]->length);
        *end++ = 0;
        struct glass_list *list;
        uint32_t until;
        while (ok && (list = glass_lists_least(&lists, &until))) {
            do {
                size_t key_length = (size_t)(glass_put_sorted(end, list->docid) - key);
                uint32_t size = glass_reader_number(list->reader);
                const uint8_t *bytes = glass_reader_bytes(list->reader, size);
                if (list->reader->failed) {
                    list->left = 0;
                    break;
                }
                ok = glass_table_add(&table, key, key_length, bytes, size, false, error);
                glass_list_next(list);
            } while (ok && list->left && list->docid < until);
        }
        if (ok)
            glass_heap_return(&heap, with, lists.n);
    }
    g_free(lists.list);
    g_free(with);
    if (!glass_heap_close(&heap, ok, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, false, error);
    merge->position = table.root;
    return ok;
}

static bool
write_termlist_table(struct glass_merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "termlist.glass", error))
        return false;
    struct glass_pieces pieces;
    glass_pieces_open(&pieces, merge, G_STRUCT_OFFSET(struct glass_run, termlists), false);
    struct glass_list *list;
    uint32_t until;
    bool ok = true;
    while (ok && (list = glass_lists_least(&pieces.lists, &until))) {
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
            glass_list_next(list);
        } while (ok && list->left && list->docid < until);
        if (list->reader->failed)
            list->left = 0;
    }
    if (!glass_pieces_close(&pieces, ok, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, true, error);
    merge->termlist = table.root;
    return ok;
}

static bool
write_docdata_table(struct glass_merge *merge, GError **error)
{
    struct glass_table table;
    if (!glass_table_open(&table, merge->dir, "docdata.glass", error))
        return false;
    struct glass_pieces pieces;
    glass_pieces_open(&pieces, merge, G_STRUCT_OFFSET(struct glass_run, data), true);
    struct glass_list *list;
    uint32_t until;
    bool ok = true;
    while (ok && (list = glass_lists_least(&pieces.lists, &until))) {
        do {
            uint8_t key[GLASS_SORTED], *end = glass_put_sorted(key, list->docid);
            uint64_t size = glass_reader_number64(list->reader);
            const uint8_t *bytes = glass_reader_bytes(list->reader, size);
            if (list->reader->failed) {
                list->left = 0;
                break;
            }
            ok = glass_table_add(&table, key, (size_t)(end - key), bytes, size, false, error);
            glass_list_next(list);
        } while (ok && list->left && list->docid < until);
    }
    if (!glass_pieces_close(&pieces, ok, error)) {
        glass_table_abandon(&table);
        return false;
    }
    ok = glass_table_close(&table, false, error);
    merge->docdata = table.root;
    return ok;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

/* The longest first, so that no thread is left alone with it at the end. */
static bool (*const tables[])(struct glass_merge *, GError **) = {
    write_postlist_table, write_position_table, write_termlist_table, write_docdata_table};

struct work {
    struct glass_merge *merge;
    gint taken; /* of the tables */
    gint failed;
    GMutex lock;
    GError *error;
};

static gpointer
write_tables(gpointer data)
{
    struct work *work = data;
    for (;;) {
        gint i = g_atomic_int_add(&work->taken, 1);
        if (i >= (gint)G_N_ELEMENTS(tables) || g_atomic_int_get(&work->failed))
            return NULL;
        GError *error = NULL;
        if (tables[i](work->merge, &error))
            continue;
        g_mutex_lock(&work->lock);
        g_atomic_int_set(&work->failed, 1);
        if (!work->error)
            work->error = g_steal_pointer(&error);
        g_mutex_unlock(&work->lock);
        g_clear_error(&error);
    }
}

bool
glass_merge_runs(GPtrArray *runs, const char *dir, size_t memory, unsigned threads, GError **error)
{
    struct glass_merge merge = {.runs = runs, .dir = dir};
    threads = CLAMP(threads, 1, G_N_ELEMENTS(tables));
    merge.buffer = CLAMP(memory / (threads * MAX(runs->len, 1)), 4096, 1u << 20);
    struct work work = {.merge = &merge};
    g_mutex_init(&work.lock);
    GThread *others[G_N_ELEMENTS(tables) - 1] = {NULL};
    /* Where none may be left, this thread does it all. */
    for (unsigned i = 0; i + 1 < threads; i++)
        others[i] = g_thread_try_new("glass", write_tables, &work, NULL);
    write_tables(&work);
    for (unsigned i = 0; i + 1 < threads; i++)
        if (others[i])
            g_thread_join(others[i]);
    g_mutex_clear(&work.lock);
    bool ok = !work.error;
    if (!ok)
        g_propagate_error(error, work.error);
    ok = ok && glass_write_version(&merge, error);
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
