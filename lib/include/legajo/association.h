/* Words that belong together: collocates of a query, and words that tell one set of documents from
 * another.
 *
 *     struct lj_associations *a = lj_collocates(searcher, query, &options, &error);
 *     struct lj_association *row = &g_array_index(a->rows, struct lj_association, 0);
 *
 * Both count words by stem, stop words and numbers left out, and weigh them by log-likelihood: G² over
 * the two-by-two table of (this word, other words) and (here, elsewhere); T. Dunning, "Accurate
 * Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19(1), 1993. Above
 * 10.83 chance alone does so once in a thousand words.
 */
#ifndef LEGAJO_ASSOCIATION_H
#define LEGAJO_ASSOCIATION_H

#include "legajo/search.h"

struct lj_association {
    char *word; /* the most frequent form of the stem, accents and all */
    char *stem;
    uint64_t count;          /* collocates: beside the query; compare: in the first set */
    uint64_t other;          /* elsewhere */
    double rate, other_rate; /* the same per 10,000 words */
    double score;            /* log-likelihood */
    bool elsewhere;          /* compare: more frequent in the other set than in the first */
};

struct lj_associations {
    GArray *rows; /* struct lj_association, highest score first (those of the first set first) */
    uint64_t documents, other_documents; /* of both sets; elsewhere 0: the rest of the archive */
    uint64_t read, other_read;   /* how many of them were counted: fewer where a sample had to do */
    uint64_t matches;            /* collocates: of the query, in the documents read */
    uint64_t words, other_words; /* words counted here and elsewhere */
    bool exact;                  /* false: a sample */
    uint64_t shared; /* compare: documents of both sets, which count in the first only */
    double took_ms;
};

struct lj_association_options {
    enum lj_match match;
    unsigned window; /* collocates: words on either side; 0: 5 */
    uint32_t most;   /* rows of each kind; 0: 50 */
};

/* Words that stand within a window of the query's matches (lj_matcher_matches) more often than in the
 * archive at large; a window ends with the section. `other` counts the rest of the archive, whatever
 * the query's filters say: texts and titles. Beyond LJ_ASSOCIATION_WORDS words in the
 * documents that match, evenly spaced ones of them are read. NULL with error. */
LJ_API struct lj_associations *lj_collocates(struct lj_searcher *searcher, struct lj_query *query,
                                             const struct lj_association_options *options,
                                             GError **error);

/* Words that tell the documents of a query from those of another, or (other NULL) from the rest of the
 * archive; texts and titles. Rows of the other set follow where there is one. */
LJ_API struct lj_associations *lj_compare(struct lj_searcher *searcher, struct lj_query *query,
                                          struct lj_query *other,
                                          const struct lj_association_options *options,
                                          GError **error);
LJ_API void lj_associations_free(struct lj_associations *associations);

/* Words read for collocates, or counted of one set, at most. */
#define LJ_ASSOCIATION_WORDS 10000000

/* Log-likelihood of a word that stands `count` times among `words` here and `other` times among
 * `other_words` elsewhere. */
LJ_API double lj_log_likelihood(uint64_t count, uint64_t words, uint64_t other,
                                uint64_t other_words);

#endif
