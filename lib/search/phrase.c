/* The best that have a phrase, which is the whole plan. It weighs as its words, wherever they stand: so of documents
 * with all its words the best are looked into first, until enough have it, and positions of the others are not read. */
#include "search/best.h"

#include <stdatomic.h>

/* Documents of a database that have all words, and are not looked into yet. */
struct pool {
    const struct lj_local_node *node;
    struct lj_local_phrase phrase;
    struct lj_common left;
};

/* --- documents with all words ------------------------------------------------------------------
 */

static void
fill_from_words(struct lj_local_plan *s, size_t k, struct pool *pool)
{
    const struct lj_local_node *phrase = pool->node;
    struct lj_local_node **words = g_new(struct lj_local_node *, phrase->n);
    for (uint32_t i = 0; i < phrase->n; i++)
        words[i] = phrase->child[pool->phrase.order[i]];
    lj_common_find(s, k, words, phrase->n, &pool->left);
    g_free(words);
}

/* Where there are alternatives. */
static void
fill_from_sets(struct lj_local_plan *s, size_t k, struct pool *pool)
{
    const struct lj_local_node *phrase = pool->node;
    struct lj_common *left = &pool->left;
    struct lj_local_shard *shard = &s->local->shard[k];
    uint64_t *all = lj_set_new(shard);
    lj_tree_match_all(s, k, phrase->child, phrase->n, NULL, all);
    lj_best_score_all(s, k, phrase->child, phrase->n, all);
    uint32_t n = lj_set_count(shard, all);
    left->docids = g_new(uint32_t, n);
    left->score = g_new(int64_t, n);
    FOR_EACH(shard, all, docid, {
        left->docids[left->n] = docid;
        left->score[left->n++] = shard->score[docid];
    })
    g_free(all);
}

static void
fill(struct lj_local_plan *s, size_t k, struct lj_local_node *phrase, struct pool *pool)
{
    bool words = true;
    for (uint32_t i = 0; i < phrase->n; i++)
        words &= phrase->child[i]->plan->op == XAP_TERM;
    lj_best_prepare(s, &s->local->shard[k]);
    pool->node = phrase;
    lj_phrase_open(&pool->phrase, s->local->shard[k].glass, k, phrase);
    if (words)
        fill_from_words(s, k, pool);
    else
        fill_from_sets(s, k, pool);
}

static void
clear(struct pool *pool)
{
    lj_phrase_close(&pool->phrase);
    lj_common_clear(&pool->left);
}

/* --- looking into them -------------------------------------------------------------------------
 */

/* The n-th highest of scores, from 1 on, which are put in another order (Hoare's FIND). */
static int64_t
highest(int64_t *score, int64_t scores, int64_t n)
{
    for (int64_t from = 0, last = scores - 1; from < last;) {
        int64_t middle = score[from + (last - from) / 2], i = from, j = last;
        while (i <= j) {
            while (score[i] > middle)
                i++;
            while (score[j] < middle)
                j--;
            if (i <= j) {
                int64_t swap = score[i];
                score[i++] = score[j];
                score[j--] = swap;
            }
        }
        if (j < n - 1)
            from = i;
        if (n - 1 < i)
            last = j;
    }
    return score[n - 1];
}

/* What `wanted` of them have at least. */
static int64_t
least_of(const struct pool *pools, size_t shards, uint32_t left, uint32_t wanted)
{
    int64_t *score = g_new(int64_t, left);
    uint32_t n = 0;
    for (size_t k = 0; k < shards; k++)
        for (uint32_t i = 0; i < pools[k].left.n; i++)
            score[n++] = pools[k].left.score[i];
    int64_t least = highest(score, n, wanted);
    g_free(score);
    return least;
}

/* To find where positions stand takes as long as so many postings. */
#define POSTINGS 256
#define PORTION 32u

/* Some of a pool, which threads look into, a portion after the other. */
struct looking {
    size_t k;
    const struct lj_local_node *node;
    const uint32_t *docids;
    bool *stands; /* of each */
    uint32_t n;
    atomic_uint next;
};

/* One thread's part. */
struct looker {
    struct looking *looking;
    struct lj_local_phrase *phrase; /* of the first thread */
    struct glass_reader own;        /* of another one: where it notes damage */
};

static gpointer
look(gpointer data)
{
    struct looker *looker = data;
    struct looking *looking = looker->looking;
    struct lj_local_phrase own, *phrase = looker->phrase ? looker->phrase : &own;
    uint32_t from;
    if (!looker->phrase)
        lj_phrase_open(&own, &looker->own, looking->k, looking->node);
    while ((from = atomic_fetch_add(&looking->next, PORTION)) < looking->n)
        lj_phrase_look(phrase, looking->docids + from, MIN(PORTION, looking->n - from),
                       looking->stands + from);
    if (!looker->phrase)
        lj_phrase_close(&own);
    return NULL;
}

static void
look_together(struct lj_local_plan *s, struct looking *looking, struct lj_local_phrase *phrase)
{
    struct glass_reader *glass = s->local->shard[looking->k].glass;
    struct looker lookers[LJ_THREADS];
    uint32_t n = lj_local_threads(s->local, (double)looking->n * looking->node->n * POSTINGS,
                                  s->local->help_from);
    for (uint32_t i = 0; i < n; i++)
        lookers[i] =
            (struct looker){.looking = looking, .phrase = i ? NULL : phrase, .own = *glass};
    lj_local_together(s->local, look, lookers, sizeof *lookers, n);
    for (uint32_t i = 1; i < n; i++)
        glass->broken |= lookers[i].own.broken;
}

/* Takes those with so much out of a pool, as their positions lie; where the phrase stands they are offered. */
static void
look_into(struct lj_local_plan *s, size_t k, struct pool *pool, int64_t least, struct lj_best *best)
{
    struct lj_common *pooled = &pool->left;
    uint32_t n = 0, left = 0, *docids = g_new(uint32_t, pooled->n);
    int64_t *score = g_new(int64_t, pooled->n);
    for (uint32_t i = 0; i < pooled->n; i++) {
        docids[n] = pooled->docids[left] = pooled->docids[i];
        score[n] = pooled->score[left] = pooled->score[i];
        if (score[n] < least)
            left++;
        else
            n++;
    }
    pooled->n = left;
    struct looking looking = {
        .k = k, .node = pool->node, .docids = docids, .stands = g_new(bool, n), .n = n};
    atomic_init(&looking.next, 0);
    look_together(s, &looking, &pool->phrase);
    for (uint32_t i = 0; i < n; i++)
        if (looking.stands[i])
            lj_best_offer(best, score[i], lj_best_docid(s, k, docids[i]));
    g_free(looking.stands);
    g_free(docids);
    g_free(score);
}

static uint32_t
left_in(const struct pool *pools, size_t n)
{
    uint32_t left = 0;
    for (size_t k = 0; k < n; k++)
        left += pools[k].left.n;
    return left;
}

/* Looks into the best until enough have it. */
static void
look_into_best(struct lj_local_plan *s, struct pool *pools, struct lj_best *best,
               struct xap_matches *out)
{
    size_t shards = s->local->n;
    uint32_t candidates = left_in(pools, shards), left = candidates;
    uint32_t enough = MAX(s->search->max, s->search->check_at_least), wanted = enough;
    while (left > 0 && best->hits->len < enough) {
        int64_t least = least_of(pools, shards, left, MIN(wanted, left));
        uint32_t before = left;
        for (size_t k = 0; k < shards; k++)
            look_into(s, k, &pools[k], least, best);
        left = left_in(pools, shards);
        if (left == before) { /* no score is below zero where the tables are sound */
            for (size_t k = 0; k < shards; k++)
                s->local->shard[k].glass->broken = true;
            break;
        }
        /* As many more as are likely to do. */
        double share = (best->hits->len + 1.0) / (candidates - left + 1.0);
        wanted = (uint32_t)MIN(((double)enough - MIN(best->hits->len, enough)) / share + 32, 1e9);
    }
    uint32_t matched = best->hits->len, looked = candidates - left;
    out->lower = out->estimate = out->upper = matched;
    if (looked > 0 && left > 0) {
        out->estimate = (uint32_t)((double)matched / looked * candidates);
        out->upper = matched + left;
    }
}

void
lj_best_of_phrase(struct lj_local_plan *s, struct lj_local_node *phrase, struct xap_matches *out)
{
    size_t shards = s->local->n;
    struct pool *pools = g_new0(struct pool, shards);
    struct lj_best best;
    for (size_t k = 0; k < shards; k++)
        fill(s, k, phrase, &pools[k]);
    lj_best_begin(&best, MIN(s->search->max, MAX(left_in(pools, shards), 1)), true);
    look_into_best(s, pools, &best, out);
    lj_best_end(s, &best, out);
    for (size_t k = 0; k < shards; k++)
        clear(&pools[k]);
    g_free(pools);
}
