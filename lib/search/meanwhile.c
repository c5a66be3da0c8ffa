/* What a helper does while the first search of a process goes on: it begins to read the lengths of documents before they
 * are needed, finds all that match, and counts their values, while the best are looked for and put in order. Of a process
 * that answers once this is a fifth of its time; the next search has lengths and columns at hand. */
#include "search/tree.h"

static uint64_t
documents_of(const struct lj_local *local)
{
    uint64_t documents = 0;
    for (size_t k = 0; k < local->n; k++)
        documents += local->shard[k].glass ? local->shard[k].glass->documents : 0;
    return documents;
}

void
lj_local_expect(struct lj_local *local)
{
    if (local->keeps || documents_of(local) < local->meanwhile_from ||
        lj_local_threads(local, local->share_from, 0) == 1)
        return;
    for (size_t k = 0; k < local->n; k++)
        if (local->shard[k].glass)
            lj_shard_expect(local, &local->shard[k]);
}

struct lj_counting {
    struct lj_task task;
    struct lj_local *local;
    struct glass_reader *glass; /* of each database: where damage is noted */
    uint64_t **found;           /* of each: what matches */
    GPtrArray *terms;           /* GBytes: what has any of these matches… */
    const uint64_t **within;    /* …in each, of these (NULL: all); terms NULL: it is known */
    uint32_t total;
    uint32_t *spies, *bytes;
    struct lj_local_column **glance; /* of each spy, of each database */
    struct xap_matches *out;
};

/* The documents that a database has of the terms. */
static void
find_any(struct lj_counting *counting, size_t k)
{
    const struct lj_local_shard *shard = &counting->local->shard[k];
    uint64_t *found = counting->found[k] = lj_set_new(shard);
    const uint64_t *within = counting->within[k];
    uint32_t *docids = NULL, *wdfs = NULL, room = 0;
    for (guint i = 0; i < counting->terms->len; i++) {
        gsize length;
        const char *term = g_bytes_get_data(counting->terms->pdata[i], &length);
        struct glass_postings list;
        if (!lj_glass_postings_begin(&counting->glass[k], term, length, &list))
            continue;
        do {
            if (lj_glass_postings_room(&list) > room) {
                room = lj_glass_postings_room(&list);
                docids = g_renew(uint32_t, docids, room);
                wdfs = g_renew(uint32_t, wdfs, room);
            }
            uint32_t n = lj_glass_postings_decode(&list, docids, wdfs);
            for (uint32_t d = 0; d < n; d++)
                lj_set_add(found, docids[d]);
        } while (lj_glass_postings_chunk(&list));
        lj_glass_postings_end(&list);
    }
    for (size_t w = 0; within && w < lj_set_words(shard); w++)
        found[w] &= within[w];
    g_free(docids);
    g_free(wdfs);
}

static gpointer
count(gpointer data)
{
    struct lj_counting *counting = data;
    struct xap_matches *out = counting->out;
    size_t n = counting->local->n;
    for (size_t k = 0; k < n; k++) {
        if (counting->terms)
            find_any(counting, k);
        counting->total += lj_set_count(&counting->local->shard[k], counting->found[k]);
    }
    for (size_t i = 0; i < out->n_spies; i++) {
        GArray *counts = g_array_new(FALSE, TRUE, sizeof(struct xap_count));
        for (size_t k = 0; k < n; k++) {
            uint32_t *number;
            struct lj_local_column *glance =
                lj_shard_glance(&counting->glass[k], counting->spies[i], counting->bytes[i],
                                counting->found[k], &number);
            lj_counts_add(glance, number, out->strings, counts);
            counting->glance[i * n + k] = glance;
            g_free(number);
        }
        lj_counts_finish(counts, i, n > 1, out);
    }
    return NULL;
}

/* NULL: it is not worth that, or there is no helper. */
static struct lj_counting *
new_counting(struct lj_local *local, const struct xap_search *search, struct xap_matches *out)
{
    bool known = false;
    for (size_t k = 0; k < local->n; k++)
        for (size_t i = 0; i < search->n_spies; i++)
            known |= lj_shard_knows(&local->shard[k], search->spies[i],
                                    search->spy_bytes ? search->spy_bytes[i] : 0);
    if (!search->spies_later || search->n_spies == 0 || known ||
        lj_local_threads(local, (double)documents_of(local), local->meanwhile_from) == 1)
        return NULL;
    struct lj_counting *counting = local->counting = g_new0(struct lj_counting, 1);
    counting->task = (struct lj_task){.work = count, .data = counting};
    counting->local = local;
    counting->glass = g_new(struct glass_reader, local->n);
    counting->found = g_new0(uint64_t *, local->n);
    counting->within = g_new0(const uint64_t *, local->n);
    for (size_t k = 0; k < local->n; k++)
        counting->glass[k] = *local->shard[k].glass;
    counting->spies = g_memdup2(search->spies, search->n_spies * sizeof *search->spies);
    counting->bytes = g_new0(uint32_t, search->n_spies);
    for (size_t i = 0; search->spy_bytes && i < search->n_spies; i++)
        counting->bytes[i] = search->spy_bytes[i];
    counting->glance = g_new0(struct lj_local_column *, search->n_spies * local->n);
    counting->out = out;
    return counting;
}

bool
lj_counting_begin(struct lj_local *local, const struct xap_search *search, uint64_t **found,
                  struct xap_matches *out)
{
    struct lj_counting *counting = new_counting(local, search, out);
    if (!counting)
        return false;
    for (size_t k = 0; k < local->n; k++)
        counting->found[k] = g_steal_pointer(&found[k]);
    lj_task_give(local, &counting->task, 1);
    return true;
}

bool
lj_counting_any(struct lj_local *local, const struct xap_search *search, const GPtrArray *terms,
                const uint64_t *const *within, struct xap_matches *out)
{
    struct lj_counting *counting = new_counting(local, search, out);
    if (!counting)
        return false;
    counting->terms = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < terms->len; i++) {
        const struct xap_node *plan = ((const struct lj_local_node *)terms->pdata[i])->plan;
        g_ptr_array_add(counting->terms, g_bytes_new(plan->term, plan->length));
    }
    for (size_t k = 0; k < local->n; k++)
        counting->within[k] = within[k];
    lj_task_give(local, &counting->task, 1);
    return true;
}

void
lj_counting_end(struct lj_local *local)
{
    struct lj_counting *counting = local->counting;
    if (!counting)
        return;
    local->counting = NULL;
    if (!lj_task_take_back(local, &counting->task))
        count(counting);
    struct xap_matches *out = counting->out;
    out->lower = out->estimate = out->upper = counting->total;
    for (size_t i = 0; i < out->n_spies; i++)
        out->spy[i].total = counting->total;
    for (size_t k = 0; k < local->n; k++) {
        struct lj_local_shard *shard = &local->shard[k];
        shard->glass->broken |= counting->glass[k].broken;
        local->miscounted |= shard->glass->broken || lj_local_stale(local, k);
        for (size_t i = 0; i < out->n_spies; i++)
            g_ptr_array_add(shard->glances, counting->glance[i * local->n + k]);
        g_free(counting->found[k]);
    }
    g_free(counting->glass);
    g_free(counting->found);
    g_free(counting->within);
    if (counting->terms)
        g_ptr_array_unref(counting->terms);
    g_free(counting->spies);
    g_free(counting->bytes);
    g_free(counting->glance);
    g_free(counting);
}

bool
lj_local_counts(const struct lj_local *local)
{
    return local->counting || local->miscounted;
}

bool
lj_local_counted(struct lj_local *local, GError **error)
{
    lj_counting_end(local);
    bool good = !local->miscounted;
    local->miscounted = false;
    for (size_t k = 0; !good && k < local->n; k++)
        if (local->shard[k].glass && local->shard[k].glass->broken && error && !*error)
            lj_local_damaged(local, k, error);
    return good;
}
