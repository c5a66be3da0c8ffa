/* What ranking is made of: every ingredient a number here and a small function in plan.c or
 * rerank.c.
 *
 * Zero switches an ingredient off, so that each one's gain on judged queries can be shown
 * (tests/quality, through $LEGAJO_RANKING="stem=1 folded=0 …").
 */
#ifndef LEGAJO_SEARCH_RANKING_H
#define LEGAJO_SEARCH_RANKING_H

#include "legajo/search.h"

struct lj_ranking {
    double k1, b, k3;
    double stem;   /* weight of a word's stem */
    double folded; /* of the very word, accents aside */
    double title;  /* of its stem in title and headings */
    double stop;   /* of stop words, folded */
    /* second stage, over the first `depth` documents */
    double depth;
    double phrase; /* the whole query as a phrase */
    double pair;   /* two words of the query side by side in order, stop words between counted */
    double near;   /* two neighbouring words of the query within 4 positions */
    double skip;   /* words one apart in the query, within 5 positions */
};

/* The chosen values, $LEGAJO_RANKING applied. Static. */
const struct lj_ranking *lj_ranking_default(void);

#endif
