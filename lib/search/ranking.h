/* What ranking is made of: every ingredient a number here and a small function in plan.c or
 * evidence.c.
 *
 * Zero switches an ingredient off, so that each one's gain on judged queries can be shown
 * (tests/quality, through $LEGAJO_RANKING="stem=1 folded=0 …").
 */
#ifndef LEGAJO_SEARCH_RANKING_H
#define LEGAJO_SEARCH_RANKING_H

#include "legajo/search.h"

struct lj_ranking {
    /* first stage: Xapian's BM25 over stems */
    double k1, b, k3, min_normlen;
    double stem; /* weight of a word's stem */
    double akin; /* the share of it that goes to whichever of it and the words akin to it are there */
    /* second stage, over the first `depth` documents */
    double depth;
    double folded; /* of the very word, accents aside */
    double title;  /* of its stem in title and headings */
    /* what the positions in the first `close` documents say (evidence.h) */
    double close;
    double family;  /* words that begin like the query's: the widest class of conflation */
    double little;  /* its stop words */
    double passage; /* words that meet within 12 positions */
    double wide;    /* the same within 25 */
    double dense;   /* BM25 of the best 50 positions */
    double pair;    /* two words of the query soon after one another, in order */
    double skip;    /* a word and the next but one */
    double run;     /* a stretch of the query as it stands in it: for each word of the longest */
    double chance;  /* how much less passages and runs count in long documents, where words meet by chance */
    double held;    /* the share of the query that is a fair one for a document's best passage… */
    double least;   /* …and what of the evidence counts where none of the first holds any */
    /* what the very first documents tell of others of the best (feedback.h) */
    double alike; /* where even the third holds nothing of the query */
};

/* The chosen values, $LEGAJO_RANKING applied. Static. */
const struct lj_ranking *lj_ranking_default(void);

#endif
