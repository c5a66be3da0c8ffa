/* An open searcher, as the files of this folder share it. */
#ifndef LEGAJO_SEARCH_SEARCHER_H
#define LEGAJO_SEARCH_SEARCHER_H

#include "index/layout.h"
#include "search/local.h"
#include "search/plan.h"

/* One of the databases given: an index of ours, or a server. */
struct lj_shard_group {
    char *name;               /* as given */
    struct lj_layout *layout; /* NULL: a server */
    size_t first, n;          /* its shards in the reader */
    GHashTable *roots;        /* source NAME → folder its paths begin in; NULL until asked for */
};

struct lj_searcher {
    GArray *groups; /* struct lj_shard_group */
    struct xap_reader *reader;
    struct lj_local *local;       /* the same, read without Xapian; NULL: not all can be */
    struct lj_local *aside;       /* the same once more, for the thread that looks ahead (ahead.c); NULL: not yet… */
    struct xap_reader *aside_reader; /* …with its own reader */
    struct lj_analyser *analyser; /* the index's; a built-in one is made when first asked for */
    char *analysed;               /* version of analysis that all databases have; NULL: built in */
    GPtrArray *retired;           /* analysers of generations before; NULL: none */
    GArray *info;                 /* struct lj_index_info */
    GPtrArray *declared;          /* struct lj_declared; NULL until asked for */
    struct lj_thesaurus *thesaurus; /* of the user; NULL: none */
};

/* Order of docids (uint32_t), as the boundary wants them. */
int lj_compare_docids(gconstpointer a, gconstpointer b);

/* Opens afresh when an index was rebuilt, goes to the newest revision otherwise. What Xapian is asked later is asked of the
 * databases as they are now: xapian opens them for it, else they may be gone when it comes to that, and all is to be done
 * again if lj_searcher_moved_on(). */
bool lj_searcher_refresh(struct lj_searcher *searcher, bool xapian, GError **error);
/* Was an index rebuilt or compacted since it was opened? */
bool lj_searcher_moved_on(const struct lj_searcher *searcher);
/* The databases of which local is, once more, at the same revision, for another thread: to searcher->aside. false: not
 * to be had. */
bool lj_searcher_open_aside(struct lj_searcher *searcher);
/* lj_xap_search, by the quicker way where there is one. */
struct xap_matches *lj_searcher_match(struct lj_searcher *searcher, const struct xap_search *search,
                                      GError **error);
/* Which group a docid belongs to; *shard: which shard of the reader. */
size_t lj_searcher_group(const struct lj_searcher *searcher, uint32_t docid, size_t *shard);
/* A hit from its document, which is then the hit's, or from its data; NULL when these cannot be read. */
struct lj_hit *lj_searcher_hit_of(struct lj_searcher *searcher, uint32_t docid,
                                  struct lj_stored *stored);
struct lj_hit *lj_searcher_hit(struct lj_searcher *searcher, uint32_t docid, const char *data,
                               size_t length, GError **error);
/* Appends what there is to say of another path or document (title, date, url: of `document`); path: on this machine,
 * or NULL. lj_hit_free frees it. */
void lj_hit_add_copy(struct lj_hit *hit, const struct lj_document *document, const char *id,
                     const char *path, unsigned similarity);

/* Docids of all documents that match a query, rising: appended to out (uint32_t). Refreshes the
 * searcher and expands the query; AUTO counts as ALL. */
bool lj_search_docids(struct lj_searcher *searcher, struct lj_query *query, enum lj_match match,
                      GArray *out, GError **error);

/* The archive's words, one list a database (struct lj_wordlist); NULL: not at hand. */
GPtrArray *lj_searcher_wordlists(struct lj_searcher *searcher);

/* lj_query_expand with this searcher's index and words. every_word: forms of all words too. */
bool lj_searcher_expand(struct lj_searcher *searcher, struct lj_query *query, bool every_word,
                        GError **error);

#endif
