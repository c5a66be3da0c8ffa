/* What words weigh in documents that are named: of each list only the chunks that hold one of them are looked into. */
#include "search/best.h"

/* Those named that lie in one database. */
struct named {
    uint32_t *docids; /* rising */
    int64_t *score;
    bool *found;
    uint32_t n;
    uint32_t *places, *wdfs; /* room */
};

static void
add_word(struct lj_local_plan *s, size_t k, const struct lj_local_node *word, struct named *named)
{
    const struct lj_local_shard *shard = &s->local->shard[k];
    if (!word->part[k].begun)
        return;
    uint32_t n = lj_glass_postings_of(&word->part[k].list, named->docids, named->n, named->places,
                                      named->wdfs);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t place = named->places[i];
        named->found[place] = true;
        named->score[place] +=
            lj_best_weigh(shard, word->weight * LJ_UNIT, named->docids[place], named->wdfs[i]);
    }
}

/* Those that hold one of the words are offered. */
static void
look(struct lj_local_plan *s, size_t k, const struct xap_node *list,
     struct lj_local_node *const *words, uint32_t n_words, struct lj_best *best)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    uint32_t shards = (uint32_t)s->local->n, n = list->n_docids;
    struct named named = {g_new(uint32_t, n), g_new0(int64_t, n), g_new0(bool, n), 0,
                          g_new(uint32_t, n), g_new(uint32_t, n)};
    lj_best_prepare(s, shard);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t docid = (list->docids[i] - 1) / shards + 1;
        if ((list->docids[i] - 1) % shards == k && docid < shard->n)
            named.docids[named.n++] = docid;
    }
    for (uint32_t w = 0; named.n > 0 && w < n_words; w++)
        add_word(s, k, lj_tree_word(words[w]), &named);
    for (uint32_t i = 0; i < named.n; i++)
        if (named.found[i])
            lj_best_offer(best, named.score[i], lj_best_docid(s, k, named.docids[i]));
    g_free(named.docids);
    g_free(named.score);
    g_free(named.found);
    g_free(named.places);
    g_free(named.wdfs);
}

bool
lj_best_of_listed(struct lj_local_plan *s, struct xap_matches *out)
{
    struct lj_local_node *root = s->root;
    if (root->plan->op != XAP_FILTER || root->n != 2 || root->child[1]->plan->op != XAP_DOCIDS ||
        s->search->max < root->child[1]->plan->n_docids || s->search->n_spies > 0)
        return false;
    struct lj_local_node *any = root->child[0];
    bool several = any->plan->op == XAP_OR;
    struct lj_local_node *const *words = several ? any->child : &any;
    uint32_t n_words = several ? any->n : 1;
    for (uint32_t w = 0; w < n_words; w++)
        if (!lj_tree_word(words[w]))
            return false;
    struct lj_best best;
    lj_best_begin(&best, s->search->max, true);
    for (size_t k = 0; k < s->local->n; k++)
        look(s, k, root->child[1]->plan, words, n_words, &best);
    out->lower = out->estimate = out->upper = best.hits->len;
    lj_best_end(s, &best, out);
    return true;
}
