/* A query → ranked hits, totals, facets: over one index or several as one.
 *
 *     const char *dbs[] = {"/srv/leyes", "archivo:7000", NULL};
 *     struct lj_searcher *s = lj_searcher_open(dbs, &error);
 *     struct lj_results *r = lj_search(s, query, &options, &error);
 *
 * A searcher writes nothing and never locks; when the index moved on, it opens it afresh by itself.
 * It belongs to one thread.
 */
#ifndef LEGAJO_SEARCH_H
#define LEGAJO_SEARCH_H

#include "legajo/passage.h"

enum lj_sort {
    LJ_SORT_RELEVANCE,
    LJ_SORT_DATE,
    LJ_SORT_DATE_NEWEST,
    LJ_SORT_TITLE,
    LJ_SORT_DOCUMENT, /* the order of the index: the soonest first hit */
};
enum lj_timeline { LJ_TIMELINE_NONE, LJ_TIMELINE_YEAR, LJ_TIMELINE_MONTH, LJ_TIMELINE_DAY };

struct lj_hit;

struct lj_search_options {
    enum lj_match match;
    enum lj_sort sort;
    uint32_t offset, limit;      /* limit G_MAXUINT32: all */
    bool exact_total;            /* count every match */
    const char *const *facets;   /* field names, NULL-terminated; NULL: none */
    enum lj_timeline timeline;
    bool timeline_rates;         /* with matches and words of each period, where they can be had */
    bool snippets;
    struct lj_snippet_options snippet;
    const struct lj_ranking *ranking; /* NULL: the default; see lib/search/ranking.h */
    /* Takes each hit as it is read, in order, instead of results->hits: the hit is freed after the
     * call. False ends the search with what it has. NULL: none. */
    bool (*sink)(struct lj_hit *hit, void *data);
    void *sink_data;
    /* Near copies as one hit, best first: percent of their text in common at least,
     * 70 to 100; 0: every document by itself. offset and limit then count hits, total documents. */
    unsigned similarity;
    /* Files and records of the same bytes as one hit: the others are its copies, those that the query
     * does not find (by their path, say) among them. offset and limit then count hits. */
    bool identical;
    bool explain; /* results->terms and each hit's explanation (of hits that are kept, not of a sink's) */
};

/* A share of a hit's score; all of a hit's together are its score.
 *   first stage   word, phrase, near, pattern, fuzzy, field, citation: what matched; name: several words
 *                 that a synonym may stand for
 *   second stage  form and title: the word as it is written, accents aside, and in titles
 *   third look    family: words that begin alike; little: stop words; passage and wide: words that meet within
 *                 12 and 25 positions; dense: its best 50; pair: two words soon after one another, skip: one
 *                 and the next but one; run: a stretch as it stands in the query; evidence: anything else */
struct lj_explained {
    char *what;       /* the piece of the query; "": the whole */
    const char *kind; /* as above; static */
    double weight;
};

/* What a piece of the query was taken for. */
struct lj_explained_term {
    char *what;
    const char *kind;    /* as in struct lj_explained, first stage */
    uint64_t documents;  /* that hold it, synonyms counted */
    double most;         /* what it can add to a score */
    GPtrArray *forms;    /* char *: words it stands for, most frequent first; NULL: itself */
    GPtrArray *synonyms; /* char *: "sre (acronym, 0.3)", as query; NULL: none */
    GPtrArray *readings; /* char *: citations as terms, parents first; NULL: none */
};

#define LJ_SIMILARITY 94 /* what nearly alike means without further word */

/* A copy of a hit, or near copy. */
struct lj_copy {
    char *id, *title, *date, *path, *url; /* NULL: none */
    char key[11];
    unsigned similarity;                  /* percent, to that hit; 100: the same bytes or words */
};

/* Name of the property under which a hit's document brings the user's marks; no record has it. */
#define LJ_TAGS_PROPERTY "\x01tags"

struct lj_hit {
    uint32_t rank;               /* from 1, offset included */
    double score;
    uint32_t docid;              /* of this searcher, until it reopens */
    size_t index;                /* which of the databases */
    char key[11];
    char *path;                  /* where the original lies on this machine; NULL: not known */
    struct lj_stored *stored;    /* id, title, date, fields… */
    GPtrArray *snippets;         /* struct lj_snippet; NULL: not asked for */
    GPtrArray *copies;           /* struct lj_copy: its further paths, then others, best first; NULL: none, or none asked for */
    unsigned paths;              /* how many of them are further paths of this very document */
    GPtrArray *explanation;      /* struct lj_explained; NULL: not asked for */
};

struct lj_facet_count {
    char *value;
    uint32_t count;
};

struct lj_facet {
    char *field;
    GArray *counts;              /* struct lj_facet_count, most first, then by value */
};

/* A year, month or day of the timeline. */
struct lj_period {
    char *period;                /* "2026", "2026-01", "2026-01-21" */
    uint32_t documents;
    uint64_t matches;            /* what a concordance would show of them */
    uint64_t words;              /* of all documents of the period that satisfy the query's filters */
};

struct lj_index_info {
    char *name;                  /* as given */
    char uuid[40];
    uint64_t revision;
    uint64_t documents;
    char *updated;               /* ISO time of the last commit; NULL: not known */
};

struct lj_notice {
    const char *code;            /* "relaxed", "limit"… static */
    char *text;                  /* for people */
};

struct lj_results {
    uint64_t total;
    bool total_exact;
    bool relaxed;                /* --match=auto found nothing with all words */
    double took_ms;
    char *parsed;                /* the query as understood */
    GPtrArray *hits;             /* struct lj_hit */
    GPtrArray *facets;           /* struct lj_facet */
    GArray *timeline;            /* struct lj_period, in order of time */
    bool timeline_matches, timeline_words; /* are these known? */
    GArray *notices;             /* struct lj_notice */
    GPtrArray *terms;            /* struct lj_explained_term; NULL: not asked for */
};

/* databases: DIRs, or host:port of a xapian-tcpsrv; NULL-terminated. */
LJ_API struct lj_searcher *lj_searcher_open(const char *const *databases, GError **error);
LJ_API void lj_searcher_close(struct lj_searcher *searcher);

/* A search by relevance will follow soon: what it needs of every document may be read meanwhile, while its query is parsed.
 * (lj_search does the same a little later.) */
LJ_API void lj_searcher_expect(struct lj_searcher *searcher);

/* The analyser of the index (lexicon included); borrowed. */
LJ_API struct lj_analyser *lj_searcher_analyser(struct lj_searcher *searcher);

/* A field that one of the indexes declares, or NULL; borrowed until the next search. */
LJ_API const struct lj_declared *lj_searcher_declared(struct lj_searcher *searcher,
                                                      const char *name);

/* Synonyms for the searches to come, from a file (see lj_thesaurus_open); NULL: none any more. */
LJ_API bool lj_searcher_set_thesaurus(struct lj_searcher *searcher, const char *path,
                                      GError **error);

/* One entry a database: GArray of struct lj_index_info, borrowed until the next call. */
LJ_API const GArray *lj_searcher_info(struct lj_searcher *searcher, GError **error);

LJ_API struct lj_results *lj_search(struct lj_searcher *searcher, struct lj_query *query,
                                    const struct lj_search_options *options, GError **error);
LJ_API void lj_results_free(struct lj_results *results);

/* The document with this id, or with this unambiguous prefix of a key (4 digits at least). NULL with
 * LJ_ERROR_NO_INPUT naming the candidates when none or several have it. Free with lj_hit_free. */
LJ_API struct lj_hit *lj_searcher_lookup(struct lj_searcher *searcher, const char *id,
                                         GError **error);
LJ_API void lj_hit_free(struct lj_hit *hit);

/* One frame of a hit's text, by its number in the directory; g_free. As lj_frame_reader reads. */
LJ_API char *lj_searcher_frame(struct lj_searcher *searcher, const struct lj_hit *hit,
                               uint32_t frame, GError **error);

/* The whole text of a hit; NULL with error when a frame cannot be read. g_string_free. */
LJ_API GString *lj_searcher_text(struct lj_searcher *searcher, const struct lj_hit *hit,
                                 GError **error);

/* Vocabulary: words (folded) that begin with prefix, most frequent first or in order; calls back
 * nothing: GArray of struct lj_facet_count (g_array_unref frees values). */
LJ_API GArray *lj_searcher_terms(struct lj_searcher *searcher, const char *prefix, size_t max,
                                 GError **error);

/* A query (LJ_SYNTAX_QUERY, to be asked with LJ_MATCH_ANY) for documents like a text: its most telling words,
 * 30 at most, by how often it has them and how few documents do. except: key of a document that is left out,
 * the text's own; NULL: none. NULL with LJ_ERROR_USAGE when there is no such word. g_free. */
LJ_API char *lj_searcher_similar(struct lj_searcher *searcher, const char *text, size_t length,
                                 const char *except, GError **error);

/* The default ranking without its second stage: for words that no one wrote side by side. Static. */
LJ_API const struct lj_ranking *lj_ranking_of_words(void);

/* What words of the query may have meant (struct lj_correction; see lj_query_corrections); without a
 * correction empty, always so over a server. The words are read from the list the indexer keeps; where it is
 * missing or of another state, nothing is said unless `make` is set: then they are read from the index, which
 * takes longer the larger it is. NULL with error. g_array_unref. */
LJ_API GArray *lj_searcher_corrections(struct lj_searcher *searcher, const struct lj_query *query,
                                       bool make, GError **error);

#endif
