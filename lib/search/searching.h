/* A search under way, as its stages hand it on (search.c calls them in this order):
 *
 *     plan and first stage (search.c, verify.c) → order (order.c) → counts (facets.c) → copies → hits
 *     → explain
 */
#ifndef LEGAJO_SEARCH_SEARCHING_H
#define LEGAJO_SEARCH_SEARCHING_H

#include "search/ranking.h"
#include "search/searcher.h"

struct lj_ahead;
struct lj_evidence;
struct lj_group;

/* Matches among which near copies are looked for. */
#define LJ_GROUP_LIMIT 200000

struct lj_candidate {
    uint32_t docid;
    double score;
    char *id; /* NULL until asked for, where documents can be named by docid */
    /* by the third look, where it looked at it */
    bool close;
    double norm, held; /* as in struct lj_evidence_parts */
};

struct lj_searching {
    struct lj_searcher *searcher;
    struct lj_query *query;
    const struct lj_search_options *options;
    const struct lj_ranking *ranking;
    struct lj_results *results;
    struct lj_plan *plan;
    GArray *candidates; /* struct lj_candidate, best first */
    GArray *groups;     /* struct lj_group of candidates; NULL: each by itself */
    GHashTable *met;    /* contents shown already (32 bytes), with `identical` */
    bool everything;    /* rank all matches: so many of the best were copies */
    bool too_few;       /* the candidates ran out before the list was full */
    GArray *spies;      /* uint32_t slots… */
    GArray *spy_bytes;  /* …and, of each, as in struct xap_search */
    struct xap_matches *first;
    double trust;          /* what of the third look's evidence counts */
    struct lj_plan *alike; /* of the fourth look, whose documents are gone; NULL: there was none */
    bool all;              /* as the plan was made */
    struct lj_ahead *ahead; /* NULL: nobody looks */
    bool unverified;       /* more documents would have had to be read than are */
};

struct lj_results *lj_results_new(void);
void lj_search_notice(struct lj_searching *s, const char *code, const char *text);

/* GDestroyNotify of struct lj_candidate and struct lj_facet_count in arrays. */
void lj_candidate_clear(gpointer data);
void lj_facet_count_clear(gpointer data);

/* Are scores what orders the answer? */
bool lj_search_by_relevance(const struct lj_searching *s);
/* How many matches are to be ranked: near copies may lie anywhere among them. */
uint64_t lj_search_wanted(const struct lj_searching *s);

/* Restricts the plan to documents whose text holds what the plan only approaches; with no such part in
 * the query nothing happens. */
bool lj_search_verify(struct lj_searching *s, bool all, GError **error);

/* Lets a helper ask what the third look wants to know, where there is one with nothing to do. The query is not to change until
 * that is taken, or the end, and the analyser not to be used unless the helper is awaited. */
void lj_search_look_ahead(struct lj_searching *s);
void lj_search_await_ahead(struct lj_searching *s);
/* NULL: it is not at hand. lj_evidence_free. */
struct lj_evidence *lj_search_take_ahead(struct lj_searching *s);
void lj_search_end_ahead(struct lj_searching *s);

/* Puts the candidates in their order. */
bool lj_search_order(struct lj_searching *s, GError **error);

/* Fills results->terms and the explanations of results->hits. */
bool lj_search_explain(struct lj_searching *s, GError **error);

/* What of all matches is to be counted, before the first stage; and the counts, after it. */
bool lj_search_choose_spies(struct lj_searching *s, GError **error);
bool lj_search_fill_counts(struct lj_searching *s, GError **error);

/* Groups the candidates; each group then stands where its best document stood. */
bool lj_search_group(struct lj_searching *s, GError **error);
/* The copies of a group's first document. */
bool lj_search_add_group(struct lj_searching *s, const struct lj_group *group, struct lj_hit *hit,
                         GError **error);
/* Has a document of this very content been shown? From now on it has. */
bool lj_search_repeats(struct lj_searching *s, const struct lj_document *document);
/* The other documents of a hit's content, whether the query finds them or not: a file under several
 * paths is one thing to read. */
bool lj_search_add_identical(struct lj_searching *s, struct lj_hit *hit, GError **error);

/* The documents of the page asked for, to results->hits or the options' sink. */
bool lj_search_make_hits(struct lj_searching *s, GError **error);

#endif
