/* What the files that find the best share (best.c has them, but where a body stands here): weights, and a heap.
 *
 *     listed.c   of documents that are named, what the words weigh in each
 *     sweep.c    any of several words, or one: their lists side by side
 *     phrase.c   a phrase
 *     common.c   documents that have all of several words
 *     best.c     any of what is more than a word; all that has been found
 */
#ifndef LEGAJO_SEARCH_BEST_H
#define LEGAJO_SEARCH_BEST_H

#include "search/tree.h"

/* Scores are added up as whole numbers of 2^-40: a document weighs the same in whatever order its words come. */
#define LJ_UNIT ((double)(UINT64_C(1) << 40))

/* The part of BM25 that a document's length makes. (A table of them would have to be made first, by every process.) */
static inline double
lj_best_norm(const struct lj_norms *of, double length)
{
    return of->k1 * (MAX(length * of->factor, of->least) * of->b + (1 - of->b));
}

/* Makes what the weights of a search need. */
void lj_best_prepare(struct lj_local_plan *s, struct lj_local_shard *shard);

/* weight: the node's, times LJ_UNIT */
static inline int64_t
lj_best_weigh(const struct lj_local_shard *shard, double weight, uint32_t docid, double wdf)
{
    double norm = lj_best_norm(&shard->norms, shard->lengths[docid]);
    return (int64_t)(weight * (wdf / (norm + wdf)) + 0.5);
}

/* The same of n postings, some side by side. (Documents of a list lie far apart in the array of lengths: what comes soon is
 * sent for.) */
void lj_best_weigh_all(const struct lj_local_shard *shard, double weight, const uint32_t *docids,
                       const uint32_t *wdfs, uint32_t n, int64_t *out);

/* Makes the scores of the documents of a set: what n nodes, which have been matched, weigh there. */
void lj_best_score_all(struct lj_local_plan *s, size_t k, struct lj_local_node *const *nodes,
                       uint32_t n, const uint64_t *set);

static inline uint32_t
lj_best_docid(const struct lj_local_plan *s, size_t k, uint32_t docid)
{
    return (docid - 1) * (uint32_t)s->local->n + (uint32_t)k + 1;
}

/* Scores so far, the least of the best on top; hits are what was not below it when it came. */
struct lj_best {
    int64_t *heap;
    uint32_t n, max;
    GArray *hits; /* struct lj_best_hit; NULL: only the scores are wanted */
};

struct lj_best_hit {
    int64_t score;
    uint32_t docid; /* of the reader */
};

void lj_best_begin(struct lj_best *best, uint32_t max, bool hits);
void lj_best_offer(struct lj_best *best, int64_t score, uint32_t docid);
/* The hits in their order, to out. Frees what lj_best_begin took. */
void lj_best_end(struct lj_local_plan *s, struct lj_best *best, struct xap_matches *out);

/* What none of the best is below; -1: there are fewer than wanted. */
static inline int64_t
lj_best_least(const struct lj_best *best)
{
    return best->max > 0 && best->n == best->max ? best->heap[0] : -1;
}

/* Documents of a database that have all of several words, rising, and what the words weigh there. */
struct lj_common {
    uint32_t *docids;
    int64_t *score;
    uint32_t n, room;
};

/* words: TERM nodes, the rarest first; lj_best_prepare has been called. Clear it. */
void lj_common_find(struct lj_local_plan *s, size_t k, struct lj_local_node *const *words,
                    uint32_t n, struct lj_common *out);
void lj_common_clear(struct lj_common *common);

/* A plan that is any of its operands, perhaps within a filter. */
struct lj_any {
    struct lj_local_node **operand; /* the rarest first */
    double *rest;                   /* what operands from one on can add at most */
    uint32_t n;
    const struct lj_local_node *filter; /* a term; NULL: none */
    double cost;                        /* postings of all, roughly */
};

/* false: it is not. After true, end it. */
bool lj_any_begin(struct lj_local_plan *s, struct lj_any *any);
void lj_any_end(struct lj_any *any);
/* How many documents have any of the operands, if these have nothing to do with each other; `seen` have one of those
 * before from. */
void lj_any_reckon(const struct lj_local_plan *s, const struct lj_any *any, uint32_t seen,
                   uint32_t from, struct xap_matches *out);

#endif
