/* What a helper does while the first search of a process goes on: it begins to read the lengths of documents before they are
 * needed, and counts the values of what was found while the later looks put the best in order. Of a process that answers
 * once this is a fifth of its time; the next search has lengths and columns at hand. */
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
    uint64_t **found;           /* of each */
    uint32_t *spies, *bytes;
    struct lj_local_column **glance; /* of each spy, of each database */
    struct xap_matches *out;
};

static gpointer
count(gpointer data)
{
    struct lj_counting *counting = data;
    struct xap_matches *out = counting->out;
    size_t n = counting->local->n;
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

bool
lj_counting_begin(struct lj_local *local, const struct xap_search *search, uint64_t **found,
                  struct xap_matches *out)
{
    bool known = false;
    for (size_t k = 0; k < local->n; k++)
        for (size_t i = 0; i < search->n_spies; i++)
            known |= lj_shard_knows(&local->shard[k], search->spies[i],
                                    search->spy_bytes ? search->spy_bytes[i] : 0);
    if (!search->spies_later || search->n_spies == 0 || known ||
        lj_local_threads(local, (double)documents_of(local), local->meanwhile_from) == 1)
        return false;
    struct lj_counting *counting = local->counting = g_new0(struct lj_counting, 1);
    counting->task = (struct lj_task){.work = count, .data = counting};
    counting->local = local;
    counting->glass = g_new(struct glass_reader, local->n);
    counting->found = g_new(uint64_t *, local->n);
    for (size_t k = 0; k < local->n; k++) {
        counting->glass[k] = *local->shard[k].glass;
        counting->found[k] = g_steal_pointer(&found[k]);
    }
    counting->spies = g_memdup2(search->spies, search->n_spies * sizeof *search->spies);
    counting->bytes = g_new0(uint32_t, search->n_spies);
    for (size_t i = 0; search->spy_bytes && i < search->n_spies; i++)
        counting->bytes[i] = search->spy_bytes[i];
    counting->glance = g_new0(struct lj_local_column *, search->n_spies * local->n);
    counting->out = out;
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
    for (size_t k = 0; k < local->n; k++) {
        struct lj_local_shard *shard = &local->shard[k];
        shard->glass->broken |= counting->glass[k].broken;
        local->miscounted |= shard->glass->broken || lj_local_stale(local, k);
        for (size_t i = 0; i < counting->out->n_spies; i++)
            g_ptr_array_add(shard->glances, counting->glance[i * local->n + k]);
        g_free(counting->found[k]);
    }
    g_free(counting->glass);
    g_free(counting->found);
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
