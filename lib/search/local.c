#include "search/tree.h"

#include "i18n.h"

struct lj_local *
lj_local_open(const char *const *paths, size_t n)
{
    struct lj_local *local = g_new0(struct lj_local, 1);
    local->paths = g_new0(char *, n + 1);
    local->shard = g_new0(struct lj_local_shard, n);
    for (size_t i = 0; i < n; i++) {
        local->paths[i] = g_strdup(paths[i]);
        local->n = i + 1;
        if (!lj_shard_open(&local->shard[i], paths[i])) {
            lj_local_close(local);
            return NULL;
        }
    }
    return local;
}

void
lj_local_close(struct lj_local *local)
{
    if (!local)
        return;
    for (size_t i = 0; i < local->n; i++)
        lj_shard_clear(&local->shard[i]);
    g_strfreev(local->paths);
    g_free(local->shard);
    g_free(local);
}

/* All databases at the revision that Xapian's reader has? What is behind is opened again. */
static bool
settle(struct lj_local *local, struct xap_reader *reader)
{
    for (size_t i = 0; i < local->n; i++) {
        struct lj_local_shard *shard = &local->shard[i];
        if (shard->glass && (shard->glass->broken || !lj_glass_reader_current(shard->glass)))
            lj_shard_clear(shard);
        if (!shard->glass && !lj_shard_open(shard, local->paths[i]))
            return false;
        struct xap_statistics statistics;
        if (!lj_xap_shard_statistics(reader, i, &statistics, NULL) ||
            statistics.revision != shard->glass->revision)
            return false;
    }
    return true;
}

/* Was anything written meanwhile (then what was read says nothing), or not as it should be? */
static bool
sound(const struct lj_local *local, GError **error)
{
    for (size_t i = 0; i < local->n; i++)
        if (!lj_glass_reader_current(local->shard[i].glass))
            return false;
    for (size_t i = 0; i < local->n; i++)
        if (local->shard[i].glass->broken) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                        _("%s: the index is damaged (%s); go back with --rollback or rebuild it"),
                        local->paths[i], _("a table makes no sense"));
            return false;
        }
    return true;
}

/* --- what they weigh ---------------------------------------------------------------------------
 */

static void
make_norms(struct lj_local_plan *s, struct lj_local_shard *shard)
{
    const struct xap_search *search = s->search;
    const double of[4] = {search->k1, search->b, search->min_normlen, s->average};
    lj_shard_lengths(shard);
    if (!shard->score)
        shard->score = g_new(double, shard->n);
    if (shard->norm && memcmp(of, shard->norm_of, sizeof of) == 0)
        return;
    if (!shard->norm)
        shard->norm = g_new(double, shard->n);
    memcpy(shard->norm_of, of, sizeof of);
    double factor = s->average != 0 ? 1 / s->average : 0;
    for (uint32_t docid = 0; docid < shard->n; docid++) {
        double length = MAX(shard->lengths[docid] * factor, search->min_normlen);
        shard->norm[docid] = search->k1 * (length * search->b + (1 - search->b));
    }
}

/* Adds a term's weight for those of its postings that are in a set. */
static void
score_term(const struct lj_local_shard *shard, const struct lj_local_node *node,
           const struct lj_local_part *part, const uint64_t *active)
{
    for (uint32_t i = 0; i < part->n_docids; i++) {
        uint32_t docid = part->docids[i];
        double wdf = part->wdf[i];
        if (lj_set_has(active, docid))
            shard->score[docid] += node->weight * (wdf / (shard->norm[docid] + wdf));
    }
}

/* A phrase weighs as the sum of its words in the documents it is in. */
static void
score_place(const struct lj_local_shard *shard, size_t k, const struct lj_local_node *place,
            const struct lj_local_part *phrase, const uint64_t *active)
{
    for (uint32_t c = 0; c < place->n; c++)
        score_place(shard, k, place->child[c], phrase, active);
    if (place->plan->op != XAP_TERM || place->weight == 0)
        return;
    const struct lj_local_part *part = &place->part[k];
    for (uint32_t i = 0, d = 0; i < part->n_docids && d < phrase->n_docids; i++) {
        uint32_t docid = part->docids[i];
        double wdf = part->wdf[i];
        while (d < phrase->n_docids && phrase->docids[d] < docid)
            d++;
        if (d < phrase->n_docids && phrase->docids[d] == docid && lj_set_has(active, docid))
            shard->score[docid] += place->weight * (wdf / (shard->norm[docid] + wdf));
    }
}

static void
score(struct lj_local_plan *s, size_t k, const struct lj_local_node *node, const uint64_t *active)
{
    const struct lj_local_shard *shard = &s->local->shard[k];
    const struct lj_local_part *part = &node->part[k];
    if (node->factor == 0)
        return;
    uint64_t *both = NULL;
    if (part->own) {
        both = g_new(uint64_t, lj_set_words(shard));
        for (size_t w = 0; w < lj_set_words(shard); w++)
            both[w] = active[w] & part->own[w];
        active = both;
    }
    if (node->plan->op == XAP_TERM && node->weight != 0)
        score_term(shard, node, part, active);
    else if (node->plan->op == XAP_PHRASE)
        for (uint32_t i = 0; i < node->n; i++)
            score_place(shard, k, node->child[i], part, active);
    else
        for (uint32_t i = 0; i < node->n; i++)
            score(s, k, node->child[i], active);
    g_free(both);
}

/* --- the best ----------------------------------------------------------------------------------
 */

static void
sift_down(double *heap, uint32_t n, uint32_t at)
{
    double value = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

/* The score of the max-th best match. */
static double
threshold(struct lj_local_plan *s, uint64_t *const *found, uint32_t max)
{
    double *heap = g_new(double, max);
    uint32_t n = 0;
    for (size_t k = 0; k < s->local->n; k++) {
        const struct lj_local_shard *shard = &s->local->shard[k];
        FOR_EACH(shard, found[k], docid, {
            double own = shard->score[docid];
            if (n < max) {
                heap[n++] = own;
                if (n == max)
                    for (uint32_t i = max / 2; i-- > 0;)
                        sift_down(heap, n, i);
            } else if (own > heap[0]) {
                heap[0] = own;
                sift_down(heap, n, 0);
            }
        })
    }
    double least = n == max ? heap[0] : -1;
    g_free(heap);
    return least;
}

static int
compare_hits(const void *a, const void *b)
{
    const struct xap_hit *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* A hit at the end of the list, and its id. */
struct tied {
    struct xap_hit hit;
    const char *bytes;
    size_t length;
};

static int
compare_tied(const void *a, const void *b)
{
    const struct tied *x = a, *y = b;
    int order = memcmp(x->bytes, y->bytes, MIN(x->length, y->length));
    if (order == 0)
        order = (x->length > y->length) - (x->length < y->length);
    return order ? order : (x->hit.docid > y->hit.docid) - (x->hit.docid < y->hit.docid);
}

/* Of n hits of one weight, which begin at hits, `keep` are to stay: those with the least values. */
static bool
settle_end(struct lj_local_plan *s, struct xap_reader *reader, struct xap_hit *hits, uint32_t n,
           uint32_t keep)
{
    if (!s->search->settle || keep >= n)
        return true;
    uint32_t *docids = g_new(uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        docids[i] = hits[i].docid;
    struct xap_data *ids = lj_xap_values(reader, s->search->settle_slot, docids, n, NULL);
    if (ids) {
        struct tied *tied = g_new(struct tied, n);
        for (uint32_t i = 0; i < n; i++)
            tied[i] = (struct tied){hits[i], ids->entry[i].bytes, ids->entry[i].length};
        qsort(tied, n, sizeof *tied, compare_tied);
        for (uint32_t i = 0; i < n; i++)
            hits[i] = tied[i].hit;
        g_free(tied);
    }
    g_free(docids);
    lj_xap_data_free(ids);
    return ids != NULL;
}

static bool
take_best(struct lj_local_plan *s, struct xap_reader *reader, uint64_t *const *found,
          uint32_t total, struct xap_matches *out)
{
    uint32_t max = MIN(s->search->max, total), shards = (uint32_t)s->local->n;
    if (max == 0) {
        out->hit = g_new0(struct xap_hit, 1);
        return true;
    }
    double least = max < total ? threshold(s, found, max) : -1;
    GArray *hits = g_array_sized_new(FALSE, TRUE, sizeof(struct xap_hit), max + 16);
    for (size_t k = 0; k < s->local->n; k++) {
        const struct lj_local_shard *shard = &s->local->shard[k];
        FOR_EACH(shard, found[k], docid, {
            if (shard->score[docid] >= least) {
                struct xap_hit hit = {.docid = (docid - 1) * shards + (uint32_t)k + 1,
                                      .weight = shard->score[docid]};
                g_array_append_val(hits, hit);
            }
        })
    }
    qsort(hits->data, hits->len, sizeof(struct xap_hit), compare_hits);
    struct xap_hit *all = (struct xap_hit *)(void *)hits->data;
    uint32_t better = hits->len;
    while (better > 0 && all[better - 1].weight == least)
        better--;
    bool good =
        hits->len <= max || settle_end(s, reader, all + better, hits->len - better, max - better);
    out->n = MIN(hits->len, max);
    out->hit = (struct xap_hit *)(void *)g_array_free(hits, FALSE);
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

/* How many of the documents found have each value of a slot. */
static void
count_values(struct lj_local_plan *s, uint64_t *const *found, size_t spy, struct xap_matches *out)
{
    GArray *counts = g_array_new(FALSE, TRUE, sizeof(struct xap_count));
    for (size_t k = 0; k < s->local->n; k++) {
        struct lj_local_shard *shard = &s->local->shard[k];
        const struct lj_local_column *column =
            lj_shard_column_within(shard, s->search->spies[spy], found[k]);
        uint32_t *number = g_new0(uint32_t, column->values->len);
        FOR_EACH(shard, found[k], docid, number[column->of[docid]]++;)
        for (guint i = 1; i < column->values->len; i++) {
            const struct lj_local_value *value =
                &g_array_index(column->values, struct lj_local_value, i);
            if (number[i] == 0)
                continue;
            struct xap_count count = {
                g_string_chunk_insert_len(out->strings, value->bytes, value->length), value->length,
                number[i]};
            g_array_append_val(counts, count);
        }
        g_free(number);
    }
    if (s->local->n > 1)
        join_counts(counts);
    out->spy[spy].n = counts->len;
    out->spy[spy].total = out->upper;
    out->spy[spy].count = (struct xap_count *)(void *)g_array_free(counts, FALSE);
}

/* --- a phrase by itself ------------------------------------------------------------------------
 */

/* A document with all words of a phrase. */
struct promise {
    double score;
    uint32_t docid;
    uint32_t shard;
};

static bool
better(const struct promise *x, const struct promise *y)
{
    return x->score > y->score ||
           (x->score == y->score &&
            (x->docid < y->docid || (x->docid == y->docid && x->shard < y->shard)));
}

static void
sink(struct promise *heap, guint n, guint at)
{
    struct promise own = heap[at];
    for (guint child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && better(&heap[child + 1], &heap[child]))
            child++;
        if (!better(&heap[child], &own))
            break;
        heap[at] = heap[child];
    }
    heap[at] = own;
}

/* The phrase that is the whole plan; NULL: it is another plan. */
static struct lj_local_node *
only_phrase(const struct lj_local_plan *s)
{
    struct lj_local_node *node = s->root;
    while (node->plan->op == XAP_SCALE)
        node = node->child[0];
    return node->plan->op == XAP_PHRASE && node->factor > 0 ? node : NULL;
}

/* In which documents of a portion does the phrase stand? They are looked into as their positions lie, docids rising:
 * one after another in the order of their scores would be a search from the root of the table each time. */
static void
look_into(struct lj_local_plan *s, struct lj_local_phrase *open, const struct promise *portion,
          guint n, uint64_t **stood)
{
    for (size_t k = 0; k < s->local->n; k++) {
        const struct lj_local_shard *shard = &s->local->shard[k];
        uint64_t *wanted = lj_set_new(shard);
        for (guint i = 0; i < n; i++)
            if (portion[i].shard == k)
                lj_set_add(wanted, portion[i].docid);
        FOR_EACH(shard, wanted, docid, {
            if (lj_phrase_stands(&open[k], docid))
                lj_set_add(stood[k], docid);
        })
        g_free(wanted);
    }
}

/* A phrase weighs as its words, wherever they stand. So of documents with all its words the best are looked into
 * first, until enough have it: positions of the others need not be read. found: the documents that have it;
 * *candidates: those with its words. Returns how many were looked into. */
static uint32_t
look_into_best(struct lj_local_plan *s, struct lj_local_node *phrase, uint64_t **found,
               uint32_t *candidates)
{
    GArray *heap = g_array_new(FALSE, FALSE, sizeof(struct promise));
    struct lj_local_phrase *open = g_new(struct lj_local_phrase, s->local->n);
    uint64_t **stood = g_new(uint64_t *, s->local->n);
    for (size_t k = 0; k < s->local->n; k++) {
        struct lj_local_shard *shard = &s->local->shard[k];
        uint64_t *both = lj_set_new(shard);
        lj_tree_match_all(s, k, phrase->child, phrase->n, NULL, both);
        make_norms(s, shard);
        FOR_EACH(shard, both, docid, shard->score[docid] = 0;)
        for (uint32_t i = 0; i < phrase->n; i++)
            score(s, k, phrase->child[i], both);
        FOR_EACH(shard, both, docid, {
            struct promise promise = {shard->score[docid], docid, (uint32_t)k};
            g_array_append_val(heap, promise);
        })
        g_free(both);
        lj_phrase_open(&open[k], shard->glass, phrase);
        found[k] = lj_set_new(shard);
        stood[k] = lj_set_new(shard);
    }
    struct promise *best = (struct promise *)(void *)heap->data;
    guint n = heap->len;
    for (guint i = n / 2; i-- > 0;)
        sink(best, n, i);
    uint32_t enough =
                 MAX(s->search->max + (s->search->max < UINT32_MAX), s->search->check_at_least),
             matched = 0, looked = 0;
    double last = -1; /* of the last that the answer may hold: its equals are looked into too */
    struct promise *portion = g_new(struct promise, heap->len + 1);
    while (n > 0 && (matched < enough || best[0].score == last)) {
        guint size = 0, wanted = MAX(enough - MIN(matched, enough), 32u);
        for (; n > 0 && size < wanted; size++) {
            portion[size] = best[0];
            best[0] = best[--n];
            if (n > 0)
                sink(best, n, 0);
        }
        look_into(s, open, portion, size, stood);
        for (guint i = 0; i < size && (matched < enough || portion[i].score == last); i++) {
            looked++;
            if (!lj_set_has(stood[portion[i].shard], portion[i].docid))
                continue;
            lj_set_add(found[portion[i].shard], portion[i].docid);
            if (++matched == s->search->max)
                last = portion[i].score;
        }
    }
    for (size_t k = 0; k < s->local->n; k++) {
        lj_phrase_close(&open[k]);
        g_free(stood[k]);
    }
    g_free(portion);
    g_free(stood);
    g_free(open);
    *candidates = heap->len;
    g_array_unref(heap);
    return looked;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Documents that match, as bits, and their scores. */
static void
match_plan(struct lj_local_plan *s, uint64_t **found)
{
    for (size_t k = 0; k < s->local->n; k++) {
        struct lj_local_shard *shard = &s->local->shard[k];
        found[k] = lj_set_new(shard);
        lj_tree_match(s, k, s->root, NULL, found[k]);
        if (s->search->max == 0)
            continue;
        make_norms(s, shard);
        FOR_EACH(shard, found[k], docid, shard->score[docid] = 0;)
        score(s, k, s->root, found[k]);
    }
}

static struct xap_matches *
answer(struct lj_local_plan *s, struct xap_reader *reader)
{
    struct lj_local *local = s->local;
    uint64_t **found = g_new0(uint64_t *, local->n);
    struct lj_local_node *phrase =
        s->search->max > 0 && s->search->n_spies == 0 ? only_phrase(s) : NULL;
    uint32_t total = 0, candidates = 0, looked = 0;
    if (phrase)
        looked = look_into_best(s, phrase, found, &candidates);
    else
        match_plan(s, found);
    for (size_t k = 0; k < local->n; k++)
        for (size_t w = 0; w < lj_set_words(&local->shard[k]); w++)
            total += (uint32_t)__builtin_popcountll(found[k][w]);
    struct xap_matches *out = g_new0(struct xap_matches, 1);
    out->strings = g_string_chunk_new(4096);
    out->lower = out->estimate = out->upper = total;
    if (looked < candidates) {
        out->estimate = (uint32_t)((double)total / looked * candidates);
        out->upper = total + (candidates - looked);
    }
    out->n_spies = s->search->n_spies;
    out->spy = g_malloc0_n(s->search->n_spies + 1, sizeof *out->spy);
    bool good = take_best(s, reader, found, total, out);
    for (size_t i = 0; good && i < s->search->n_spies; i++)
        count_values(s, found, i, out);
    for (size_t k = 0; k < local->n; k++)
        g_free(found[k]);
    g_free(found);
    if (good)
        return out;
    lj_xap_matches_free(out);
    return NULL;
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
    if (s.root && settle(local, reader)) {
        uint64_t length = 0;
        for (size_t k = 0; k < local->n; k++) {
            s.documents += local->shard[k].glass->documents;
            length += local->shard[k].glass->total_length;
        }
        s.average = s.documents > 0 ? (double)length / s.documents : 0;
        lj_tree_open(&s);
        out = answer(&s, reader);
        lj_tree_clear(&s);
        if (!sound(local, error)) {
            lj_xap_matches_free(out);
            out = NULL;
        }
    }
    g_ptr_array_unref(s.nodes);
    return out;
}

/* --- what a document holds of some words -------------------------------------------------------
 */

struct probing {
    struct glass_reader *glass;
    uint32_t docid;
    const struct xap_probe *probes;
    size_t n, at;
    struct xap_occurrences *out;
    GArray *entries;
};

/* Terms and probes both rise: each is looked at once. */
static bool
take_probed(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    struct probing *probing = data;
    for (; probing->at < probing->n; probing->at++) {
        const struct xap_probe *probe = &probing->probes[probing->at];
        int order = memcmp(term, probe->term, MIN(length, probe->length));
        if (order < 0 || (order == 0 && length < probe->length))
            return true;
        if (order == 0 && (length == probe->length || probe->prefix))
            break;
    }
    if (probing->at == probing->n || probing->entries->len >= XAP_OCCURRENCES)
        return false;
    GArray *positions = probing->out->positions;
    struct glass_positions list;
    uint32_t first = positions->len;
    lj_glass_positions_begin(probing->glass, (const char *)term, length, &list);
    uint32_t found = lj_glass_positions_read(&list, probing->docid, positions);
    lj_glass_positions_end(&list);
    found = MIN(found, XAP_POSITIONS);
    g_array_set_size(positions, first + found);
    struct xap_found entry = {
        g_string_chunk_insert_len(probing->out->strings, (const char *)term, length), length, wdf,
        GUINT_TO_POINTER(first), found};
    g_array_append_val(probing->entries, entry);
    return true;
}

struct xap_occurrences *
lj_local_occurrences(struct lj_local *local, struct xap_reader *reader, uint32_t docid,
                     const struct xap_probe *probes, size_t n, GError **error)
{
    if (docid == 0 || !settle(local, reader))
        return NULL;
    struct lj_local_shard *shard = &local->shard[(docid - 1) % local->n];
    uint32_t own = (docid - 1) / (uint32_t)local->n + 1;
    if (own >= shard->n)
        return NULL;
    lj_shard_lengths(shard);
    struct xap_occurrences *out = g_new0(struct xap_occurrences, 1);
    out->strings = g_string_chunk_new(1024);
    out->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), 256);
    struct probing probing = {
        shard->glass, own, probes, n, 0, out, g_array_new(FALSE, TRUE, sizeof(struct xap_found))};
    if (n > 0 && lj_glass_terms(shard->glass, own, take_probed, &probing))
        out->length = shard->lengths[own];
    out->n = probing.entries->len;
    out->entry = (struct xap_found *)(void *)g_array_free(probing.entries, FALSE);
    for (size_t i = 0; i < out->n; i++)
        out->entry[i].positions = (const uint32_t *)(void *)out->positions->data +
                                  GPOINTER_TO_UINT(out->entry[i].positions);
    if (sound(local, error))
        return out;
    lj_xap_occurrences_free(out);
    return NULL;
}
