#include "search/best.h"

/* Of more that are wanted hardly any other is left out. */
#define BEST_LIMIT 16384

/* --- what they weigh ---------------------------------------------------------------------------
 */

#define SIDE_BY_SIDE 64
#define AHEAD 32

void
lj_best_weigh_all(const struct lj_local_shard *shard, double weight, const uint32_t *docids,
                  const uint32_t *wdfs, uint32_t n, int64_t *out)
{
    struct lj_norms norms = shard->norms;
    for (uint32_t from = 0; from < n; from += SIDE_BY_SIDE) {
        int32_t length[SIDE_BY_SIDE], wdf[SIDE_BY_SIDE]; /* no document is as long as that */
        double share[SIDE_BY_SIDE];
        uint32_t some = MIN(n - from, SIDE_BY_SIDE);
        for (uint32_t i = 0; i < some; i++) {
            __builtin_prefetch(&shard->lengths[docids[MIN(from + i + AHEAD, n - 1)]]);
            length[i] = (int32_t)shard->lengths[docids[from + i]];
            wdf[i] = (int32_t)wdfs[from + i];
        }
        for (uint32_t i = 0; i < some; i++)
            share[i] = weight * (wdf[i] / (lj_best_norm(&norms, length[i]) + wdf[i])) + 0.5;
        for (uint32_t i = 0; i < some; i++)
            out[from + i] = (int64_t)share[i];
    }
}

void
lj_best_prepare(struct lj_local_plan *s, struct lj_local_shard *shard)
{
    const struct xap_search *search = s->search;
    lj_shard_lengths(shard);
    shard->norms = (struct lj_norms){search->k1, search->b, search->min_normlen, s->average,
                                     s->average != 0 ? 1 / s->average : 0};
}

static void
make_scores(struct lj_local_shard *shard)
{
    if (!shard->score)
        shard->score = g_new(int64_t, shard->n);
}

/* Documents of a list lie far apart in the arrays: what comes soon is sent for. */
static inline void
send_for(const struct lj_local_shard *shard, const uint32_t *docids, uint32_t i, uint32_t n)
{
    if (i + 16 < n) {
        __builtin_prefetch(&shard->lengths[docids[i + 16]]);
        __builtin_prefetch(&shard->score[docids[i + 16]], 1);
    }
}

/* Adds a term's weight for those of its postings that are in a set (NULL: all). */
static void
score_term(const struct lj_local_shard *shard, const struct lj_local_node *node,
           const struct lj_local_part *part, const uint64_t *active)
{
    double weight = node->weight * LJ_UNIT;
    for (uint32_t i = 0; i < part->n_docids; i++) {
        uint32_t docid = part->docids[i];
        send_for(shard, part->docids, i, part->n_docids);
        if (!active || lj_set_has(active, docid))
            shard->score[docid] += lj_best_weigh(shard, weight, docid, part->wdf[i]);
    }
}

/* The same for all of them, where only the documents of a set have a score yet: afterwards these have, too. */
static void
score_new(const struct lj_local_shard *shard, const struct lj_local_node *node,
          const struct lj_local_part *part, uint64_t *met)
{
    double weight = node->weight * LJ_UNIT;
    for (uint32_t i = 0; i < part->n_docids; i++) {
        uint32_t docid = part->docids[i];
        send_for(shard, part->docids, i, part->n_docids);
        int64_t own = lj_best_weigh(shard, weight, docid, part->wdf[i]);
        shard->score[docid] = lj_set_has(met, docid) ? shard->score[docid] + own : own;
        lj_set_add(met, docid);
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
    double weight = place->weight * LJ_UNIT;
    for (uint32_t i = 0, d = 0; i < part->n_docids && d < phrase->n_docids; i++) {
        uint32_t docid = part->docids[i];
        while (d < phrase->n_docids && phrase->docids[d] < docid)
            d++;
        if (d < phrase->n_docids && phrase->docids[d] == docid &&
            (!active || lj_set_has(active, docid)))
            shard->score[docid] += lj_best_weigh(shard, weight, docid, part->wdf[i]);
    }
}

/* Synonyms weigh as one word that occurs as often as all of them (in their documents, which are in own). */
static void
score_synonyms(struct lj_local_shard *shard, size_t k, const struct lj_local_node *node,
               const uint64_t *active)
{
    const uint64_t *own = node->part[k].own;
    double weight = node->weight * LJ_UNIT;
    if (!shard->sum)
        shard->sum = g_new0(uint32_t, shard->n);
    for (uint32_t c = 0; c < node->n; c++) {
        const struct lj_local_part *part = &node->child[c]->part[k];
        for (uint32_t i = 0; i < part->n_docids; i++)
            shard->sum[part->docids[i]] += part->wdf[i];
    }
    FOR_EACH(shard, own, docid, {
        if (lj_set_has(active, docid))
            shard->score[docid] +=
                lj_best_weigh(shard, weight, docid, MIN(shard->sum[docid], shard->lengths[docid]));
        shard->sum[docid] = 0;
    })
}

/* Adds to the scores what a node weighs in the documents of a set (NULL: all it matches). */
static void
score(struct lj_local_plan *s, size_t k, const struct lj_local_node *node, const uint64_t *active)
{
    const struct lj_local_shard *shard = &s->local->shard[k];
    const struct lj_local_part *part = &node->part[k];
    if (node->factor == 0)
        return;
    uint64_t *both = NULL;
    if (part->own && active) {
        both = g_new(uint64_t, lj_set_words(shard));
        for (size_t w = 0; w < lj_set_words(shard); w++)
            both[w] = active[w] & part->own[w];
        active = both;
    } else if (part->own) {
        active = part->own;
    }
    if (node->plan->op == XAP_TERM && node->weight != 0)
        score_term(shard, node, part, active);
    else if (node->plan->op == XAP_SYNONYM && node->weight != 0)
        score_synonyms(&s->local->shard[k], k, node, active);
    else if (lj_is_phrase(node))
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
sift_down(int64_t *heap, uint32_t n, uint32_t at)
{
    int64_t value = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

void
lj_best_begin(struct lj_best *best, uint32_t max, bool hits)
{
    best->heap = g_new(int64_t, max + 1);
    best->n = 0;
    best->max = max;
    best->hits = hits ? g_array_sized_new(FALSE, FALSE, sizeof(struct lj_best_hit), 2 * max) : NULL;
}

void
lj_best_offer(struct lj_best *best, int64_t score, uint32_t docid)
{
    if (best->n < best->max) {
        best->heap[best->n++] = score;
        if (best->n == best->max)
            for (uint32_t i = best->max / 2; i-- > 0;)
                sift_down(best->heap, best->n, i);
    } else if (score > best->heap[0]) {
        best->heap[0] = score;
        sift_down(best->heap, best->n, 0);
    }
    if (best->hits) {
        struct lj_best_hit hit = {score, docid};
        g_array_append_val(best->hits, hit);
    }
}

static void
offer_set(struct lj_local_plan *s, struct lj_best *best, uint64_t *const *set)
{
    uint32_t docids[512];
    for (size_t k = 0; k < s->local->n; k++) {
        const struct lj_local_shard *shard = &s->local->shard[k];
        for (size_t w = 0, words = lj_set_words(shard); w < words;) {
            uint32_t n = 0;
            for (; w < words && n + 64 <= G_N_ELEMENTS(docids); w++)
                for (uint64_t bits = set[k][w]; bits; bits &= bits - 1) {
                    docids[n] = (uint32_t)(w * 64 + (unsigned)__builtin_ctzll(bits));
                    __builtin_prefetch(&shard->score[docids[n++]]);
                }
            for (uint32_t i = 0; i < n; i++) {
                int64_t score = shard->score[docids[i]];
                if (score >= lj_best_least(best))
                    lj_best_offer(best, score, lj_best_docid(s, k, docids[i]));
            }
        }
    }
}

static int
compare_hits(const void *a, const void *b)
{
    const struct lj_best_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* A hit at the end of the list, and its id. */
struct tied {
    struct lj_best_hit hit;
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

/* Those of one database, docids rising. */
struct naming {
    struct tied **of;
    uint32_t *docids, n, at;
    GStringChunk *strings;
};

static void
take_name(uint32_t docid, const uint8_t *value, uint32_t length, void *data)
{
    struct naming *naming = data;
    while (naming->docids[naming->at] != docid)
        naming->at++;
    struct tied *tied = naming->of[naming->at];
    tied->bytes = g_string_chunk_insert_len(naming->strings, (const char *)value, (gssize)length);
    tied->length = length;
}

/* Of n hits of one weight (docids rising), which begin at hits, `keep` are to stay: those with the least values. */
static void
settle_end(struct lj_local_plan *s, struct lj_best_hit *hits, uint32_t n, uint32_t keep)
{
    if (!s->search->settle || keep >= n)
        return;
    uint32_t shards = (uint32_t)s->local->n;
    struct tied *tied = g_new(struct tied, n);
    struct naming naming = {g_new(struct tied *, n), g_new(uint32_t, n), 0, 0,
                            g_string_chunk_new(4096)};
    for (uint32_t i = 0; i < n; i++)
        tied[i] = (struct tied){hits[i], "", 0};
    for (uint32_t k = 0; k < shards; k++) {
        naming.n = naming.at = 0;
        for (uint32_t i = 0; i < n; i++)
            if ((hits[i].docid - 1) % shards == k) {
                naming.of[naming.n] = &tied[i];
                naming.docids[naming.n++] = (hits[i].docid - 1) / shards + 1;
            }
        lj_glass_values_of(s->local->shard[k].glass, s->search->settle_slot, naming.docids,
                           naming.n, take_name, &naming);
    }
    qsort(tied, n, sizeof *tied, compare_tied);
    for (uint32_t i = 0; i < n; i++)
        hits[i] = tied[i].hit;
    g_string_chunk_free(naming.strings);
    g_free(naming.docids);
    g_free(naming.of);
    g_free(tied);
}

void
lj_best_end(struct lj_local_plan *s, struct lj_best *best, struct xap_matches *out)
{
    struct lj_best_hit *all = (struct lj_best_hit *)(void *)best->hits->data;
    int64_t least = lj_best_least(best);
    uint32_t n = 0;
    for (guint i = 0; i < best->hits->len; i++)
        if (all[i].score >= least)
            all[n++] = all[i];
    if (n > 0)
        qsort(all, n, sizeof *all, compare_hits);
    uint32_t better = n;
    while (better > 0 && all[better - 1].score == least)
        better--;
    if (n > best->max)
        settle_end(s, all + better, n - better, best->max - better);
    out->n = MIN(n, best->max);
    out->hit = g_new0(struct xap_hit, out->n + 1);
    for (size_t i = 0; i < out->n; i++) {
        out->hit[i].docid = all[i].docid;
        out->hit[i].weight = (double)all[i].score / LJ_UNIT;
    }
    g_free(best->heap);
    g_array_unref(best->hits);
}

void
lj_best_take(struct lj_local_plan *s, uint64_t *const *found, uint32_t total,
             struct xap_matches *out)
{
    struct lj_best best;
    lj_best_begin(&best, MIN(s->search->max, total), true);
    if (best.max > 0)
        offer_set(s, &best, found);
    lj_best_end(s, &best, out);
}

void
lj_best_score_all(struct lj_local_plan *s, size_t k, struct lj_local_node *const *nodes, uint32_t n,
                  const uint64_t *set)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    make_scores(shard);
    FOR_EACH(shard, set, docid, shard->score[docid] = 0;)
    for (uint32_t i = 0; i < n; i++)
        score(s, k, nodes[i], set);
}

void
lj_best_score(struct lj_local_plan *s, size_t k, const uint64_t *found)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    lj_best_prepare(s, shard);
    make_scores(shard);
    FOR_EACH(shard, found, docid, shard->score[docid] = 0;)
    score(s, k, s->root, NULL);
}

struct lj_local_node *
lj_best_only(const struct lj_local_plan *s)
{
    struct lj_local_node *node = s->root;
    while (node->plan->op == XAP_SCALE)
        node = node->child[0];
    return node->factor > 0 ? node : NULL;
}

/* --- any of several ----------------------------------------------------------------------------
 */

/* What a document can get of a node at most. */
static double
most(const struct lj_local_node *node)
{
    double sum = node->weight;
    for (uint32_t i = 0; i < node->n; i++)
        sum += most(node->child[i]);
    return sum;
}

/* The operands of a node that is any of them, and so on: factors have been handed down. */
static void
gather_operands(struct lj_local_node *node, GPtrArray *out)
{
    struct lj_local_node *plain = node;
    while (plain->plan->op == XAP_SCALE)
        plain = plain->child[0];
    if (plain->plan->op != XAP_OR)
        g_ptr_array_add(out, node);
    else
        for (uint32_t i = 0; i < plain->n; i++)
            gather_operands(plain->child[i], out);
}

bool
lj_any_begin(struct lj_local_plan *s, struct lj_any *any)
{
    struct lj_local_node *node = s->root;
    any->filter = NULL;
    for (; node->plan->op == XAP_SCALE || node->plan->op == XAP_FILTER; node = node->child[0])
        if (node->plan->op == XAP_FILTER) {
            if (any->filter || node->n != 2 || node->child[1]->plan->op != XAP_TERM)
                return false;
            any->filter = node->child[1];
        }
    GPtrArray *operands = g_ptr_array_new();
    gather_operands(node, operands);
    any->n = operands->len;
    any->operand = (struct lj_local_node **)(void *)g_ptr_array_free(operands, FALSE);
    any->cost = 0;
    for (uint32_t i = 0; i < any->n; i++)
        any->cost += lj_tree_cost(s, any->operand[i]);
    if (s->documents <= 0 || node->factor <= 0 || (any->n == 1 && node->plan->op != XAP_TERM) ||
        (any->filter && any->cost * 8 < (double)any->filter->found)) {
        g_free(any->operand);
        return false;
    }
    for (uint32_t i = 1; i < any->n; i++) /* few of them */
        for (uint32_t j = i;
             j > 0 && lj_tree_cost(s, any->operand[j]) < lj_tree_cost(s, any->operand[j - 1]);
             j--) {
            struct lj_local_node *swap = any->operand[j];
            any->operand[j] = any->operand[j - 1];
            any->operand[j - 1] = swap;
        }
    any->rest = g_new0(double, any->n + 1);
    for (uint32_t i = any->n; i-- > 0;)
        any->rest[i] = any->rest[i + 1] + most(any->operand[i]);
    return true;
}

void
lj_any_end(struct lj_any *any)
{
    g_free(any->operand);
    g_free(any->rest);
}

/* Leaves those in the sets that `rest` more could bring among the best; false: others may get there too. */
static bool
prune(struct lj_local_plan *s, uint64_t **set, double rest)
{
    struct lj_best best;
    lj_best_begin(&best, s->search->max, false);
    offer_set(s, &best, set);
    int64_t least = lj_best_least(&best), more = (int64_t)(rest * LJ_UNIT) + 1000;
    g_free(best.heap);
    if (least <= more)
        return false;
    for (size_t k = 0; k < s->local->n; k++) {
        const struct lj_local_shard *shard = &s->local->shard[k];
        FOR_EACH(shard, set[k], docid, {
            if (shard->score[docid] + more < least)
                set[k][docid / 64] &= ~(UINT64_C(1) << docid % 64);
        })
    }
    return true;
}

void
lj_any_reckon(const struct lj_local_plan *s, const struct lj_any *any, uint32_t seen, uint32_t from,
              struct xap_matches *out)
{
    double none = 1, upper = seen;
    for (uint32_t i = 0; i < any->n; i++) {
        double share = MIN(1, lj_tree_cost(s, any->operand[i]) / s->documents);
        none *= 1 - share;
        upper += i < from ? 0 : share * s->documents;
    }
    double within = any->filter ? (double)any->filter->found / s->documents : 1;
    upper = MIN(upper, within * s->documents);
    out->lower = seen;
    out->upper = (uint32_t)MAX(upper, seen);
    out->estimate = (uint32_t)CLAMP((1 - none) * within * s->documents, seen, out->upper);
}

/* Adds the documents of a set to those met; what is new has no score yet. */
static void
add_new(struct lj_local_shard *shard, const uint64_t *own, uint64_t *met)
{
    for (size_t w = 0; w < lj_set_words(shard); w++) {
        for (uint64_t bits = own[w] & ~met[w]; bits; bits &= bits - 1)
            shard->score[w * 64 + (unsigned)__builtin_ctzll(bits)] = 0;
        met[w] |= own[w];
    }
}

/* The rarest operand brings the highest weights. Once so many documents have been met that what the operands left
 * could bring is less than what the last of the best has, those operands are looked up for documents only that
 * can still get there (MaxScore: Turtle and Flood 1995). */
bool
lj_best_of_any(struct lj_local_plan *s, uint64_t **found, uint64_t **all, struct xap_matches *out)
{
    struct lj_any any;
    if (s->search->max == 0 || s->search->max > BEST_LIMIT || !lj_any_begin(s, &any))
        return false;
    if (any.cost < s->local->prune_from) {
        lj_any_end(&any);
        return false;
    }
    size_t shards = s->local->n;
    const uint64_t **within = g_new0(const uint64_t *, shards);
    bool exact = s->search->check_at_least == UINT32_MAX || s->search->n_spies > 0, pruned = false;
    uint32_t from = any.n, seen = 0;
    for (size_t k = 0; k < shards; k++) {
        struct lj_local_shard *shard = &s->local->shard[k];
        lj_best_prepare(s, shard);
        make_scores(shard);
        within[k] = any.filter ? lj_shard_filter(shard, any.filter->plan->term,
                                                 any.filter->plan->length, true)
                               : NULL;
        found[k] = lj_set_new(shard);
        all[k] = exact ? lj_set_new(shard) : NULL;
    }
    for (uint32_t i = 0; i < any.n; i++) {
        /* Could what has been met by now be out of reach for all that has not? The last of the best has seldom more
         * than two thirds of what it could have. */
        if (any.rest[i] < (any.rest[0] - any.rest[i]) * 2 / 3) {
            uint32_t met = pruned ? 0 : lj_sets_count(s, found);
            if ((pruned || met >= s->search->max) && prune(s, found, any.rest[i]) && !pruned) {
                pruned = true;
                from = i;
                seen = met;
            }
        }
        for (size_t k = 0; k < shards; k++) {
            uint64_t *own = lj_set_new(&s->local->shard[k]);
            lj_tree_match(s, k, any.operand[i], pruned && !exact ? found[k] : within[k], own);
            bool word = !pruned && any.operand[i]->plan->op == XAP_TERM;
            if (word)
                score_new(&s->local->shard[k], any.operand[i], &any.operand[i]->part[k], found[k]);
            else if (!pruned)
                add_new(&s->local->shard[k], own, found[k]);
            for (size_t w = 0; exact && w < lj_set_words(&s->local->shard[k]); w++)
                all[k][w] |= own[w];
            if (!word)
                score(s, k, any.operand[i], pruned && exact ? found[k] : NULL);
            g_free(own);
        }
    }
    if (pruned && !exact)
        lj_any_reckon(s, &any, seen, from, out);
    else
        out->lower = out->estimate = out->upper = lj_sets_count(s, exact ? all : found);
    g_free(within);
    lj_any_end(&any);
    return true;
}
