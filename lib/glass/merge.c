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

static bool
write_document_tables(struct glass_merge *merge, GError **error)
{
    return write_termlist_table(merge, error) && write_docdata_table(merge, error);
}

/* --- all of it ---------------------------------------------------------------------------------
 */

struct job {
    struct glass_merge *merge;
    bool (*work)(struct glass_merge *, GError **);
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
    struct glass_merge merge = {.runs = runs, .dir = dir};
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
