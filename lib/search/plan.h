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

/* A stretch of a plan that weighs by itself: the score of a stage is the sum of its parts. */
struct lj_plan_part {
    const char *kind;                   /* as in struct lj_explained; static */
    const struct lj_node *const *nodes; /* what of the query it stands for: n nodes in a row… */
    uint32_t n;
    const struct lj_node *node; /* …or this one, or (both NULL) the whole query */
    guint from, to;             /* of plan->nodes; one operand */
    bool bonus;                 /* only weight: matches nothing by itself */
};

struct lj_plan {
    GArray *nodes;         /* struct xap_node */
    GArray *parts;         /* struct lj_plan_part; they borrow nodes of the query */
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

/* Documents that a later look is restricted to, given as docids (rising; borrowed by the plan) or, where ids is
 * not NULL, as ids. */
struct lj_plan_candidates {
    const char *const *ids;
    const uint32_t *docids;
    size_t n;
};
/* The second stage: the query's words as written and in titles. NULL where the query has nothing of the kind. */
struct lj_plan *lj_plan_second(const struct lj_query *query, const struct lj_ranking *ranking,
                               const struct lj_plan_candidates *candidates);
/* A part of kind "alike" more (plan NULL: of a new plan): a stem with a factor. */
struct lj_plan *lj_plan_add_stem(struct lj_plan *plan, const char *stem, double factor);
/* Ends a plan of n operands: any of them, among the candidates. */
void lj_plan_restrict(struct lj_plan *plan, uint32_t n,
                      const struct lj_plan_candidates *candidates);
void lj_plan_free(struct lj_plan *plan);

#endif
