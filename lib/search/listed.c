/* What words weigh in documents that are named: of each list only the chunks that hold one of them are looked into. Threads
 * share the documents.
 */
#include "search/best.h"

#include <stdatomic.h>

/* Those named that lie in one database. */
struct named {
    struct lj_local_plan *s;
    size_t k;
    struct lj_local_node *const *words;
    uint32_t n_words;
    uint32_t *docids; /* rising */
    int64_t *score;
    bool *found;
    uint32_t *places, *wdfs; /* room */
    uint32_t n;
    atomic_uint next; /* that nobody has taken */
};

/* One thread's. */
struct looker {
    struct named *named;
    bool first;
    struct glass_reader own; /* of another than the first: where it notes damage */
};

/* Documents that a thread takes at a time. */
#define PORTION 50u

static void
add_word(struct named *named, const struct lj_local_node *word, struct glass_postings *list,
         uint32_t from, uint32_t n)
{
    const struct lj_local_shard *shard = &named->s->local->shard[named->k];
    const uint32_t *docids = named->docids + from, *places = named->places + from;
    uint32_t found =
        lj_glass_postings_of(list, docids, n, named->places + from, named->wdfs + from);
    for (uint32_t i = 0; i < found; i++) {
        uint32_t place = places[i];
        named->found[from + place] = true;
        named->score[from + place] +=
            lj_best_weigh(shard, word->weight * LJ_UNIT, docids[place], named->wdfs[from + i]);
    }
}

static gpointer
look(gpointer data)
{
    struct looker *looker = data;
    struct named *named = looker->named;
    uint32_t n_words = named->n_words, from;
    struct glass_postings *own = looker->first ? NULL : g_new(struct glass_postings, n_words);
    struct glass_postings **list = g_new0(struct glass_postings *, n_words);
    while ((from = atomic_fetch_add(&named->next, PORTION)) < named->n)
        for (uint32_t w = 0; w < n_words; w++) {
            struct lj_local_node *word = lj_tree_word(named->words[w]);
            struct lj_local_part *part = &word->part[named->k];
            if (!part->begun)
                continue;
            if (!list[w] && looker->first)
                list[w] = &part->list;
            else if (!list[w] && lj_glass_postings_begin(&looker->own, word->plan->term,
                                                         word->plan->length, &own[w]))
                list[w] = &own[w];
            if (list[w])
                add_word(named, word, list[w], from, MIN(PORTION, named->n - from));
        }
    for (uint32_t w = 0; own && w < n_words; w++)
        if (list[w])
            lj_glass_postings_end(list[w]);
    g_free(list);
    g_free(own);
    return NULL;
}

/* Each document takes as long as so many postings; or more, where it has a chunk of a long list to itself. */
#define POSTINGS 8
#define PASSED_BY 16
#define CHUNK 60

static double
cost(const struct named *named)
{
    double sum = 0, n = named->n;
    for (uint32_t w = 0; w < named->n_words; w++) {
        const struct lj_local_part *part = &lj_tree_word(named->words[w])->part[named->k];
        if (part->begun)
            sum += POSTINGS * n + MIN(part->list.documents / PASSED_BY, CHUNK * n);
    }
    return sum;
}

static void
look_together(struct named *named)
{
    struct lj_local *local = named->s->local;
    struct glass_reader *glass = local->shard[named->k].glass;
    struct looker lookers[LJ_THREADS];
    uint32_t n = lj_local_threads(local, cost(named), local->help_from);
    for (uint32_t i = 0; i < n; i++)
        lookers[i] = (struct looker){.named = named, .first = i == 0, .own = *glass};
    atomic_init(&named->next, 0);
    lj_local_together(local, look, lookers, sizeof *lookers, n);
    for (uint32_t i = 1; i < n; i++)
        glass->broken |= lookers[i].own.broken;
}

/* Those that hold one of the words are offered. */
static void
look_in(struct lj_local_plan *s, size_t k, const struct xap_node *list,
        struct lj_local_node *const *words, uint32_t n_words, struct lj_best *best)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    uint32_t shards = (uint32_t)s->local->n, n = list->n_docids;
    struct named named = {s,
                          k,
                          words,
                          n_words,
                          g_new(uint32_t, n),
                          g_new0(int64_t, n),
                          g_new0(bool, n),
                          g_new(uint32_t, n),
                          g_new(uint32_t, n),
                          0,
                          0};
    lj_best_prepare(s, shard);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t docid = (list->docids[i] - 1) / shards + 1;
        if ((list->docids[i] - 1) % shards == k && docid < shard->n)
            named.docids[named.n++] = docid;
    }
    if (named.n > 0)
        look_together(&named);
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
        look_in(s, k, root->child[1]->plan, words, n_words, &best);
    out->lower = out->estimate = out->upper = best.hits->len;
    lj_best_end(s, &best, out);
    return true;
}
