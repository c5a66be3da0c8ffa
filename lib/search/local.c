#include "search/tree.h"

#include "i18n.h"

struct lj_local *
lj_local_open(const char *const *paths, size_t n)
{
    struct lj_local *local = g_new0(struct lj_local, 1);
    local->paths = g_new0(char *, n + 1);
    local->shard = g_new0(struct lj_local_shard, n);
    local->prune_from = 16384;
    local->share_from = 65536;
    local->help_from = 12288;
    local->meanwhile_from = 8192;
    local->family = 6000;
    local->rooms = g_ptr_array_new_with_free_func(lj_local_room_free);
    for (size_t i = 0; i < n; i++) {
        local->paths[i] = g_strdup(paths[i]);
        local->n = i + 1;
        bool good = lj_shard_open(&local->shard[i], paths[i]);
        /* Of a database that is there twice: which one is a document of? */
        for (size_t k = 0; good && k < i; k++)
            good = memcmp(local->shard[k].glass->uuid, local->shard[i].glass->uuid,
                          sizeof local->shard[i].glass->uuid) != 0;
        if (!good) {
            lj_local_close(local);
            return NULL;
        }
    }
    return local;
}

void
lj_local_revisions(const struct lj_local *local, uint64_t *revisions)
{
    for (size_t i = 0; i < local->n; i++)
        revisions[i] = local->shard[i].glass->revision;
}

void
lj_local_close(struct lj_local *local)
{
    if (!local)
        return;
    lj_counting_end(local);
    for (size_t i = 0; i < local->n; i++)
        lj_shard_clear(&local->shard[i]);
    lj_helpers_free(local->helpers);
    g_ptr_array_unref(local->rooms);
    g_strfreev(local->paths);
    g_free(local->shard);
    g_free(local);
}

bool
lj_local_settle(struct lj_local *local, struct xap_reader *reader, size_t i)
{
    struct lj_local_shard *shard = &local->shard[i];
    uint64_t revision = lj_xap_shard_revision(reader, i);
    if (shard->glass && !shard->stale && !shard->glass->broken &&
        shard->glass->revision == revision)
        return true;
    lj_counting_end(local);
    lj_shard_clear(shard);
    return lj_shard_open(shard, local->paths[i]) && shard->glass->revision == revision;
}

bool
lj_local_stale(struct lj_local *local, size_t i)
{
    struct lj_local_shard *shard = &local->shard[i];
    shard->stale = !lj_glass_reader_current(shard->glass);
    return shard->stale;
}

void
lj_local_damaged(const struct lj_local *local, size_t i, GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                _("%s: the index is damaged (%s); go back with --rollback or rebuild it"),
                local->paths[i], _("a table makes no sense"));
}

bool
lj_local_sound(struct lj_local *local, GError **error)
{
    for (size_t i = 0; i < local->n; i++)
        if (lj_local_stale(local, i))
            return false;
    for (size_t i = 0; i < local->n; i++)
        if (local->shard[i].glass->broken) {
            lj_local_damaged(local, i, error);
            return false;
        }
    return true;
}

bool
lj_local_settle_all(struct lj_local *local, struct xap_reader *reader)
{
    bool good = true;
    for (size_t i = 0; good && i < local->n; i++)
        good = lj_local_settle(local, reader, i);
    return good;
}

bool
lj_local_unchanged(struct lj_local *local, struct xap_reader *reader)
{
    bool good = true;
    for (size_t i = 0; good && i < local->n; i++)
        good = local->shard[i].glass && !lj_local_stale(local, i) &&
               local->shard[i].glass->revision == lj_xap_shard_revision(reader, i);
    return good;
}

/* --- counts ------------------------------------------------------------------------------------
 */

static int
compare_counts(gconstpointer a, gconstpointer b)
{
    const struct xap_count *x = a, *y = b;
    int order = memcmp(x->value, y->value, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* A value that several databases have is one. */
static void
join_counts(GArray *counts)
{
    struct xap_count *all = (struct xap_count *)(void *)counts->data;
    guint n = 0;
    g_array_sort(counts, compare_counts);
    for (guint i = 0; i < counts->len; i++) {
        if (n > 0 && compare_counts(&all[n - 1], &all[i]) == 0)
            all[n - 1].count += all[i].count;
        else
            all[n++] = all[i];
    }
    g_array_set_size(counts, n);
}

void
lj_counts_add(const struct lj_local_column *column, const uint32_t *number, GStringChunk *strings,
              GArray *counts)
{
    for (guint i = 1; i < column->values->len; i++) {
        const struct lj_local_value *value =
            &g_array_index(column->values, struct lj_local_value, i);
        if (number[i] == 0)
            continue;
        struct xap_count count = {g_string_chunk_insert_len(strings, value->bytes, value->length),
                                  value->length, number[i]};
        g_array_append_val(counts, count);
    }
}

void
lj_counts_finish(GArray *counts, size_t spy, bool several, struct xap_matches *out)
{
    if (several)
        join_counts(counts);
    out->spy[spy].n = counts->len;
    out->spy[spy].count = (struct xap_count *)(void *)g_array_free(counts, FALSE);
}

/* How many of the documents found have each value of a slot. */
static void
count_values(struct lj_local_plan *s, uint64_t *const *found, size_t spy, struct xap_matches *out)
{
    GArray *counts = g_array_new(FALSE, TRUE, sizeof(struct xap_count));
    for (size_t k = 0; k < s->local->n; k++) {
        uint32_t *number;
        const struct lj_local_column *column =
            lj_shard_count(&s->local->shard[k], s->search->spies[spy],
                           s->search->spy_bytes ? s->search->spy_bytes[spy] : 0, found[k], &number);
        lj_counts_add(column, number, out->strings, counts);
        g_free(number);
    }
    lj_counts_finish(counts, spy, s->local->n > 1, out);
    out->spy[spy].total = out->upper;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Documents that match, as bits, and their scores. */
static void
match_plan(struct lj_local_plan *s, uint64_t **found)
{
    for (size_t k = 0; k < s->local->n; k++) {
        found[k] = lj_set_new(&s->local->shard[k]);
        lj_tree_match(s, k, s->root, NULL, found[k]);
        if (s->search->max > 0)
            lj_best_score(s, k, found[k]);
    }
}

static struct xap_matches *
answer(struct lj_local_plan *s)
{
    size_t shards = s->local->n;
    struct xap_matches *out = g_new0(struct xap_matches, 1);
    out->strings = g_string_chunk_new(4096);
    out->n_spies = s->search->n_spies;
    out->spy = g_malloc0_n(s->search->n_spies + 1, sizeof *out->spy);
    /* found: documents of which the best are taken; all: those that match, where these are more and wanted */
    uint64_t **found = g_new0(uint64_t *, shards), **all = g_new0(uint64_t *, shards);
    struct lj_local_node *only =
        s->search->n_spies == 0 && s->search->max > 0 ? lj_best_only(s) : NULL;
    if (only && lj_is_phrase(only)) {
        lj_best_of_phrase(s, only, out);
    } else if (!lj_best_of_listed(s, out) && !lj_best_of_words(s, all, out)) {
        if (!lj_best_of_any(s, found, all, out)) {
            match_plan(s, found);
            out->lower = out->estimate = out->upper = lj_sets_count(s, found);
        }
        lj_best_take(s, found, lj_sets_count(s, found), out);
    }
    uint64_t **match = all[0] ? all : found;
    if (!s->local->counting && !lj_counting_begin(s->local, s->search, match, out))
        for (size_t i = 0; i < s->search->n_spies; i++)
            count_values(s, match, i, out);
    for (size_t k = 0; k < shards; k++) {
        g_free(found[k]);
        g_free(all[k]);
    }
    g_free(found);
    g_free(all);
    return out;
}

struct xap_matches *
lj_local_search(struct lj_local *local, struct xap_reader *reader, const struct xap_search *search,
                GError **error)
{
    if (search->sort != XAP_BY_RELEVANCE || search->first > 0 || search->values || search->k1 <= 0)
        return NULL;
    struct lj_local_plan s = {.local = local, .search = search};
    struct xap_matches *out = NULL;
    s.root = lj_tree_build(&s);
    if (s.root && lj_local_settle_all(local, reader)) {
        uint64_t length = 0;
        for (size_t k = 0; k < local->n; k++) {
            s.documents += local->shard[k].glass->documents;
            length += local->shard[k].glass->total_length;
        }
        s.average = s.documents > 0 ? (double)length / s.documents : 0;
        lj_tree_open(&s);
        out = answer(&s);
        lj_tree_clear(&s);
        if (!lj_local_sound(local, error)) {
            lj_counting_end(local);
            lj_xap_matches_free(out);
            out = NULL;
        }
    }
    g_ptr_array_unref(s.nodes);
    return out;
}

/* --- what stands beside the postings -----------------------------------------------------------
 */

/* Documents whose data threads fetch, one after the other. */
struct fetching {
    struct lj_local *local;
    const uint32_t *docids;
    size_t n;
    lj_local_take_fn take;
    void *data;
    atomic_uint next;
};

/* One thread's. */
struct fetcher {
    struct fetching *fetching;
    struct glass_reader *own; /* of each database; NULL: the first thread's are the shards' */
};

static gpointer
fetch(gpointer data)
{
    struct fetcher *fetcher = data;
    struct fetching *fetching = fetcher->fetching;
    size_t shards = fetching->local->n;
    GByteArray *bytes = g_byte_array_new();
    for (uint32_t i; (i = atomic_fetch_add(&fetching->next, 1)) < fetching->n;) {
        size_t k = (fetching->docids[i] - 1) % shards;
        struct glass_reader *glass =
            fetcher->own ? &fetcher->own[k] : fetching->local->shard[k].glass;
        g_byte_array_set_size(bytes, 0);
        lj_glass_data(glass, (fetching->docids[i] - 1) / (uint32_t)shards + 1, bytes);
        fetching->take(i, bytes->data, bytes->len, fetching->data);
    }
    g_byte_array_unref(bytes);
    return NULL;
}

/* To fetch a document, and to make something of it, takes as long as so many postings. */
#define POSTINGS 1280

bool
lj_local_fetch_each(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                    size_t n, lj_local_take_fn take, void *data)
{
    if (!lj_local_settle_all(local, reader))
        return false;
    struct fetching fetching = {
        .local = local, .docids = docids, .n = n, .take = take, .data = data};
    struct fetcher fetchers[LJ_THREADS];
    uint32_t threads = lj_local_threads(local, (double)n * POSTINGS, local->help_from);
    atomic_init(&fetching.next, 0);
    for (uint32_t i = 0; i < threads; i++) {
        fetchers[i] = (struct fetcher){&fetching, i ? g_new(struct glass_reader, local->n) : NULL};
        for (size_t k = 0; i > 0 && k < local->n; k++)
            fetchers[i].own[k] = *local->shard[k].glass;
    }
    lj_local_together(local, fetch, fetchers, sizeof *fetchers, threads);
    for (uint32_t i = 1; i < threads; i++) {
        for (size_t k = 0; k < local->n; k++)
            local->shard[k].glass->broken |= fetchers[i].own[k].broken;
        g_free(fetchers[i].own);
    }
    return lj_local_sound(local, NULL);
}
