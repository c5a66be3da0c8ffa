/* A query's tree → a plan in postfix order for the Xapian boundary.
 *
 *     tráfico armas fecha:2026
 *       match   (Ztrafic AND Zarm) FILTER date range
 *       bonus   trafico, armas, ZStrafic …     only weight, never a match
 */
#ifndef LEGAJO_SEARCH_PLAN_H
#define LEGAJO_SEARCH_PLAN_H

#include "search/ranking.h"
#include "xap/xap.h"

struct lj_plan {
    GArray *nodes;         /* struct xap_node */
    GStringChunk *strings; /* what they point into */
    bool weighted;         /* has words to rank by */
};

/* What a plan asks of the index while it is made: keys beginning with digits, "XK". NULL: none. */
struct lj_plan_index {
    struct xap_reader *reader;
};

/* all: words side by side must all match; else any of them. */
struct lj_plan *lj_plan_make(const struct lj_query *query, bool all,
                             const struct lj_ranking *ranking, const struct lj_plan_index *index);
/* The second stage over n candidates, given as docids (rising; borrowed by the plan) or, where ids is
 * not NULL, as ids: pairs and phrases of the query's words with their weights. NULL where the query
 * has nothing of the kind. */
struct lj_plan *lj_plan_second(const struct lj_query *query, const struct lj_ranking *ranking,
                               const char *const *ids, const uint32_t *docids, size_t n);
void lj_plan_free(struct lj_plan *plan);

#endif
