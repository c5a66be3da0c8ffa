/* The best that have a phrase, which is the whole plan. It weighs as its words, wherever they stand: so of documents
 * with all its words the best are looked into first, until enough have it, and positions of the others are not read. */
#include "search/best.h"

/* Documents of a database that have all words, and are not looked into yet: rising. */
struct pool {
    struct lj_local_phrase phrase;
    uint32_t *docids, *wdfs, *places; /* the last two: room */
    int64_t *score;
    uint32_t n, room;
};

static void
make_room(struct pool *pool, uint32_t room)
{
    if (room <= pool->room)
        return;
    pool->room = MAX(room, 2 * pool->room);
    pool->docids = g_renew(uint32_t, pool->docids, pool->room);
    pool->wdfs = g_renew(uint32_t, pool->wdfs, pool->room);
    pool->places = g_renew(uint32_t, pool->places, pool->room);
    pool->score = g_renew(int64_t, pool->score, pool->room);
}

/* --- documents with all words ------------------------------------------------------------------
 */

static void
take_rarest(const struct lj_local_shard *shard, struct lj_local_node *word, size_t k,
            struct pool *pool)
{
    struct glass_postings *list = &word->part[k].list;
    do {
        make_room(pool, pool->n + lj_glass_postings_room(list));
        pool->n += lj_glass_postings_decode(list, pool->docids + pool->n, pool->wdfs + pool->n);
    } while (lj_glass_postings_chunk(list));
    for (uint32_t i = 0; i < pool->n; i++)
        pool->score[i] =
            lj_best_weigh(shard, word->weight * LJ_UNIT, pool->docids[i], pool->wdfs[i]);
}

/* Leaves those that have another word, too. */
static void
keep_those_with(const struct lj_local_shard *shard, struct lj_local_node *word, size_t k,
                struct pool *pool)
{
    uint32_t n =
        lj_glass_postings_of(&word->part[k].list, pool->docids, pool->n, pool->places, pool->wdfs);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t docid = pool->docids[pool->places[i]];
        pool->score[i] = pool->score[pool->places[i]] +
                         lj_best_weigh(shard, word->weight * LJ_UNIT, docid, pool->wdfs[i]);
        pool->docids[i] = docid;
    }
    pool->n = n;
}

static void
fill_from_words(struct lj_local_plan *s, size_t k, const struct lj_local_node *phrase,
                struct pool *pool)
{
    const struct lj_local_shard *shard = &s->local->shard[k];
    const uint32_t *order = pool->phrase.order;
    for (uint32_t i = 0; i < phrase->n; i++)
        if (!phrase->child[i]->part[k].begun)
            return;
    take_rarest(shard, phrase->child[order[0]], k, pool);
    for (uint32_t i = 1; i < phrase->n && pool->n > 0; i++)
        keep_those_with(shard, phrase->child[order[i]], k, pool);
}

/* Where there are alternatives. */
static void
fill_from_sets(struct lj_local_plan *s, size_t k, const struct lj_local_node *phrase,
               struct pool *pool)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    uint64_t *all = lj_set_new(shard);
    lj_tree_match_all(s, k, phrase->child, phrase->n, NULL, all);
    lj_best_score_all(s, k, phrase->child, phrase->n, all);
    make_room(pool, lj_set_count(shard, all));
    FOR_EACH(shard, all, docid, {
        pool->docids[pool->n] = docid;
        pool->score[pool->n++] = shard->score[docid];
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
    lj_phrase_open(&pool->phrase, s, k, phrase);
    if (words)
        fill_from_words(s, k, phrase, pool);
    else
        fill_from_sets(s, k, phrase, pool);
}

static void
clear(struct pool *pool)
{
    lj_phrase_close(&pool->phrase);
    g_free(pool->docids);
    g_free(pool->wdfs);
    g_free(pool->places);
    g_free(pool->score);
}

/* --- looking into them -------------------------------------------------------------------------
 */

/* What `wanted` of them have at least. */
static int64_t
least_of(const struct pool *pools, size_t n, uint32_t wanted)
{
    struct lj_best best;
    lj_best_begin(&best, wanted, false);
    for (size_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < pools[k].n; i++)
            if (pools[k].score[i] >= lj_best_least(&best))
                lj_best_offer(&best, pools[k].score[i], 0);
    int64_t least = lj_best_least(&best);
    g_free(best.heap);
    return least;
}

/* Takes those with so much out of a pool, as their positions lie; where the phrase stands they are offered. */
static void
look_into(struct lj_local_plan *s, size_t k, struct pool *pool, int64_t least, struct lj_best *best)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pool->n; i++) {
        if (pool->score[i] < least) {
            pool->docids[n] = pool->docids[i];
            pool->score[n++] = pool->score[i];
        } else if (lj_phrase_stands(&pool->phrase, pool->docids[i])) {
            lj_best_offer(best, pool->score[i], lj_best_docid(s, k, pool->docids[i]));
        }
    }
    pool->n = n;
}

static uint32_t
left_in(const struct pool *pools, size_t n)
{
    uint32_t left = 0;
    for (size_t k = 0; k < n; k++)
        left += pools[k].n;
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
        int64_t least = least_of(pools, shards, MIN(wanted, left));
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
