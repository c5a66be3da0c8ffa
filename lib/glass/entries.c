#include "glass/merge.h"

bool
glass_settle(bool ok, GError *read_error, GError **error)
{
    if (ok && read_error) {
        g_propagate_error(error, read_error);
        return false;
    }
    g_clear_error(&read_error);
    return ok;
}

void
glass_lists_begin(struct glass_lists *lists)
{
    lists->at = 0;
    lists->in_order = true;
    for (size_t i = 0; i < lists->n && lists->in_order; i++)
        lists->in_order = lists->list[i].left > 0 &&
                          (i == 0 || lists->list[i].docid > lists->list[i - 1].docid);
}

static struct glass_list *
least_of_all(const struct glass_lists *lists, uint32_t *alone_until)
{
    struct glass_list *best = NULL;
    *alone_until = UINT32_MAX;
    for (size_t i = 0; i < lists->n; i++) {
        struct glass_list *list = &lists->list[i];
        if (!list->left)
            continue;
        if (!best || list->docid < best->docid) {
            if (best)
                *alone_until = best->docid;
            best = list;
        } else if (list->docid < *alone_until) {
            *alone_until = list->docid;
        }
    }
    return best;
}

struct glass_list *
glass_lists_least(struct glass_lists *lists, uint32_t *alone_until)
{
    if (!lists->in_order)
        return least_of_all(lists, alone_until);
    while (lists->at < lists->n && !lists->list[lists->at].left)
        lists->at++;
    if (lists->at == lists->n)
        return NULL;
    struct glass_list *list = &lists->list[lists->at];
    *alone_until = lists->at + 1 < lists->n ? list[1].docid : UINT32_MAX;
    if (list->docid < *alone_until)
        return list;
    lists->in_order = false; /* their ranges overlap */
    return least_of_all(lists, alone_until);
}

void
glass_pieces_open(struct glass_pieces *pieces, const struct glass_merge *merge, size_t offset,
                  bool data)
{
    guint n = merge->runs->len;
    pieces->readers = g_new0(struct glass_reader, MAX(n, 1));
    pieces->lists = (struct glass_lists){.list = g_new0(struct glass_list, MAX(n, 1)), .n = n};
    pieces->error = NULL;
    for (guint i = 0; i < n; i++) {
        const struct glass_run *run = glass_run_at(merge, i);
        const struct glass_piece *piece = (const void *)((const char *)run + offset);
        glass_reader_open(&pieces->readers[i], data ? run->data_spill : run->spill, *piece,
                          merge->buffer, &pieces->error);
        glass_list_begin(&pieces->lists.list[i], &pieces->readers[i], run->base,
                         data ? (uint32_t)run->data_entries : run->documents);
    }
    glass_lists_begin(&pieces->lists);
}

bool
glass_pieces_close(struct glass_pieces *pieces, bool ok, GError **error)
{
    for (size_t i = 0; i < pieces->lists.n; i++)
        glass_reader_close(&pieces->readers[i]);
    g_free(pieces->readers);
    g_free(pieces->lists.list);
    return glass_settle(ok, pieces->error, error);
}
