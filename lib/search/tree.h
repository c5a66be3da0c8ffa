/* What the files that answer plans from tables share (local.h says what they do):
 *
 *     shard.c   what is kept of a database: lengths, columns of values, sets of documents
 *     tree.c    the plan as a tree, its lists opened, its terms weighed
 *     match.c   which documents of a database match
 *     best.c    what they weigh, and the best of them (best.h, sweep.c, phrase.c, listed.c)
 *     local.c   the whole, counts
 *     tables.c  what a reader is asked beside searches
 *     occurrences.c  what documents hold of words
 *     helpers.c the threads that all of these share their work with
 *     meanwhile.c  what one of them does while the search goes on
 */
#ifndef LEGAJO_SEARCH_TREE_H
#define LEGAJO_SEARCH_TREE_H

#include "glass/read.h"
#include "search/local.h"

#include <stdatomic.h>
#include <string.h>

struct lj_local_value {
    const char *bytes;
    uint32_t length;
};

/* The values of a slot: by document, a place in the list of distinct ones; 0: none. (In the order met: a process
 * that answers once would not earn the sorting.) */
struct lj_local_column {
    uint32_t slot, bytes; /* bytes: of a value that were taken at most; 0: all */
    uint32_t *of;         /* NULL: of a glance */
    GArray *values; /* struct lj_local_value; [0] is none */
    GStringChunk *strings;
};

/* What the part of BM25 that a document's length makes is made of. */
struct lj_norms {
    double k1, b, least, average;
    double factor; /* 1 / average */
};

struct lj_local_shard {
    struct glass_reader *glass;
    bool stale;            /* written to since */
    uint32_t n;            /* one more than the last docid */
    uint32_t *lengths;     /* by document; NULL until asked for */
    uint8_t *rough;        /* the same as lj_rough_length says */
    uint64_t *all;         /* which documents there are: bits */
    struct lj_norms norms; /* of the search at hand */
    int64_t *score;        /* the same; NULL until needed */
    uint32_t *sum;         /* of synonyms\' wdfs; all 0 between uses; NULL until needed */
    GPtrArray *columns;    /* struct lj_local_column */
    GPtrArray *glances;    /* of the documents of one search: not kept by document */
    GHashTable *filters;   /* term (GBytes) → its documents, as bits */
    uint32_t range;        /* documents whose lengths a thread reads at a time: a multiple of 64 */
    /* NULL: lengths are all there, or nobody has begun */
    struct lj_lengths *reading;
    struct lj_local *helped; /* whose helper reads */
};

/* At most. */
#define LJ_THREADS 4

struct lj_local {
    char **paths;
    size_t n;
    struct lj_local_shard *shard;
    uint32_t prune_from; /* postings from which on it pays to leave some out… */
    uint32_t share_from; /* …and to share them out among threads by ranges of documents */
    uint32_t help_from;  /* …or, once threads are kept, anything else that takes as long as so many */
    uint32_t meanwhile_from; /* documents of which it pays to let a helper read and count */
    bool keeps;          /* threads, for more than one search */
    uint32_t family;     /* words of documents that take as long as the lists of words that begin alike */
    uint32_t threads;    /* 0: as many as find a processor with nothing to do */
    uint32_t processors; /* 0: not yet asked for */
    uint32_t idle;       /* of these, when last looked at… */
    int64_t looked;      /* …which was then (microseconds) */
    struct lj_helpers *helpers; /* NULL: none have been needed */
    GPtrArray *rooms;    /* struct lj_local_room of sweep.c: those that are not in use */
    struct lj_counting *counting; /* of the answer given last; NULL: its counts are there */
    bool miscounted;              /* the databases changed before they were */
};

/* Among how many threads it pays to share work (helpers.c) that takes as long as so many postings: 1 where they are fewer
 * than `from`. */
uint32_t lj_local_threads(struct lj_local *local, double postings, uint32_t from);
/* Does n jobs at once, the first in this thread. Where there is no thread to be had, a job is left out: each takes
 * parts of the work as long as there are some, the first until there are none. */
void lj_local_together(struct lj_local *local, GThreadFunc work, void *jobs, size_t size,
                       uint32_t n);

/* Work that another thread may do meanwhile; the caller's, and in its place until taken back. */
struct lj_task {
    GThreadFunc work;
    void *data;
    atomic_int state;
    struct lj_task *next;
};
/* threads: as many are to be there by now, if they can be had. */
void lj_task_give(struct lj_local *local, struct lj_task *task, uint32_t threads);
/* false: nobody has begun with it, and nobody will: a thread may be kept waiting for its processor longer than the whole
 * search takes. After true it is done. */
bool lj_task_take_back(struct lj_local *local, struct lj_task *task);
void lj_helpers_free(struct lj_helpers *helpers);

/* Is a database at the revision that Xapian's reader has? One that is not is opened again. */
bool lj_local_settle(struct lj_local *local, struct xap_reader *reader, size_t i);
bool lj_local_settle_all(struct lj_local *local, struct xap_reader *reader);
/* Was a database written to since it was opened (then what was read says nothing)? */
bool lj_local_stale(struct lj_local *local, size_t i);
/* Was nothing written meanwhile, and is everything as it should be? LJ_ERROR_DAMAGED: it is not. */
bool lj_local_sound(struct lj_local *local, GError **error);
/* Says that one is damaged. */
void lj_local_damaged(const struct lj_local *local, size_t i, GError **error);

bool lj_shard_open(struct lj_local_shard *shard, const char *path);
void lj_shard_clear(struct lj_local_shard *shard);
/* Fills lengths, rough and all. */
void lj_shard_lengths(struct lj_local_shard *shard);
/* A helper begins with that. */
void lj_shard_expect(struct lj_local *local, struct lj_local_shard *shard);
/* Counts that are not yet there are waited for. */
void lj_counting_end(struct lj_local *local);
/* Kept until the shard is cleared. */
const struct lj_local_column *lj_shard_column(struct lj_local_shard *shard, uint32_t slot);
/* How many documents of a set have each of a column's values, to *number (of each place; the caller's), bytes as there: a
 * process that answers once need not know the values of all. Good until the next call for this slot. */
const struct lj_local_column *lj_shard_count(struct lj_local_shard *shard, uint32_t slot,
                                             uint32_t bytes, const uint64_t *set,
                                             uint32_t **number);
/* The same where the slot was not counted before (lj_shard_knows), by a reader of the database: the shard stays as it is, and
 * may be given the column, which is the caller's, to keep. */
struct lj_local_column *lj_shard_glance(struct glass_reader *glass, uint32_t slot, uint32_t bytes,
                                        const uint64_t *set, uint32_t **number);
bool lj_shard_knows(const struct lj_local_shard *shard, uint32_t slot, uint32_t bytes);

/* Adds the values of a column that some documents have (number, by place), and how many, to counts (struct xap_count). */
void lj_counts_add(const struct lj_local_column *column, const uint32_t *number,
                   GStringChunk *strings, GArray *counts);
/* Makes them the counts of a spy of out. */
void lj_counts_finish(GArray *counts, size_t spy, bool several, struct xap_matches *out);
/* Gives the counting of what was found to a helper: the sets are then its own. false: it is not worth that, or there is none. */
bool lj_counting_begin(struct lj_local *local, const struct xap_search *search, uint64_t **found,
                       struct xap_matches *out);
/* The same of what has any of some terms (TERM nodes), within a set of each database (NULL: all of it), which is to stay until
 * they are counted: then out has their number, too. */
bool lj_counting_any(struct lj_local *local, const struct xap_search *search,
                     const GPtrArray *terms, const uint64_t *const *within,
                     struct xap_matches *out);

/* The documents of a term, to filter by: kept until the shard is cleared, or many more have been asked for. NULL: not
 * at hand, and not to be made. */
const uint64_t *lj_shard_filter(struct lj_local_shard *shard, const char *term, uint32_t length,
                                bool make);

/* A length in a byte, a longer one never in a lower: a sixteenth of it is lost, and of those over half a million all. */
static inline uint8_t
lj_rough_length(uint32_t length)
{
    unsigned bits = 32 - (unsigned)__builtin_clz(length | 16);
    uint32_t rough = (bits - 5) * 16 + (length >> (bits - 5));
    return (uint8_t)MIN(rough, UINT8_MAX);
}

static inline int
lj_compare_values(const struct lj_local_value *x, const struct lj_local_value *y)
{
    int order = memcmp(x->bytes, y->bytes, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static inline size_t
lj_set_words(const struct lj_local_shard *shard)
{
    return (shard->n + 63) / 64;
}

static inline bool
lj_set_has(const uint64_t *set, uint32_t docid)
{
    return set[docid / 64] >> docid % 64 & 1;
}

static inline void
lj_set_add(uint64_t *set, uint32_t docid)
{
    set[docid / 64] |= UINT64_C(1) << docid % 64;
}

static inline uint32_t
lj_set_count(const struct lj_local_shard *shard, const uint64_t *set)
{
    uint64_t sum = 0;
    for (size_t w = 0; w < lj_set_words(shard); w++) {
        uint64_t bits = set[w] - (set[w] >> 1 & UINT64_C(0x5555555555555555));
        bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
        bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
        sum += bits * UINT64_C(0x0101010101010101) >> 56;
    }
    return (uint32_t)sum;
}

/* Any of first..last? */
static inline bool
lj_set_has_any(const uint64_t *set, uint32_t first, uint32_t last)
{
    uint64_t head = ~UINT64_C(0) << first % 64, tail = ~UINT64_C(0) >> (63 - last % 64);
    if (first / 64 == last / 64)
        return set[first / 64] & head & tail;
    if (set[first / 64] & head)
        return true;
    for (uint32_t w = first / 64 + 1; w < last / 64; w++)
        if (set[w])
            return true;
    return set[last / 64] & tail;
}

/* Runs what follows for each docid of a set. */
#define FOR_EACH(shard, set, docid, ...)                                                           \
    for (size_t w_ = 0, n_ = lj_set_words(shard); w_ < n_; w_++)                                   \
        for (uint64_t bits_ = (set)[w_]; bits_; bits_ &= bits_ - 1) {                              \
            uint32_t docid = (uint32_t)(w_ * 64 + (unsigned)__builtin_ctzll(bits_));               \
            __VA_ARGS__                                                                            \
        }

static inline uint64_t *
lj_set_new(const struct lj_local_shard *shard)
{
    return g_new0(uint64_t, lj_set_words(shard));
}

/* A node and what it has come to in the database at hand. */
struct lj_local_node {
    const struct xap_node *plan;
    struct lj_local_node **child;
    uint32_t n;
    double factor;  /* of its weight; 0: none */
    double weight;  /* TERM, SYNONYM: BM25's, without what a document adds */
    uint64_t found; /* TERM: documents with it in all databases */
    bool
        listed; /* TERM of a phrase or SYNONYM: its postings are wanted, though it weighs nothing */
    /* of each database */
    struct lj_local_part {
        struct glass_postings list;
        bool begun;
        uint32_t *docids, *wdf; /* TERM: the postings asked for; PHRASE: the documents it is in */
        uint32_t n_docids;
        uint64_t *own; /* operators: what matches */
    } * part;
};

struct lj_local_plan {
    struct lj_local *local;
    const struct xap_search *search;
    GPtrArray *nodes; /* all of them */
    struct lj_local_node *root;
    double documents, average;
};

/* Of all databases. */
static inline uint32_t
lj_sets_count(const struct lj_local_plan *s, uint64_t *const *set)
{
    uint32_t n = 0;
    for (size_t k = 0; k < s->local->n; k++)
        n += lj_set_count(&s->local->shard[k], set[k]);
    return n;
}

/* Positions of one place of a phrase. */
struct lj_local_place {
    struct glass_positions *list;
    const struct lj_local_part **part; /* which documents have them */
    const struct lj_local_node *node;
    uint32_t n_lists;
    GArray *positions;
};

/* The position lists of a phrase in a database. */
struct lj_local_phrase {
    struct lj_local_place *places;
    uint32_t n, window;
    uint32_t *at;
    bool near;               /* in any order */
    bool exact;              /* words only, one right after another */
    struct glass_walk *walk; /* exact: of each place */
    uint32_t *order;         /* exact: places, the rarest first */
};

/* NULL: this cannot be answered from tables. Lists are not yet opened. s->nodes is made here, and the
 * caller's to release. */
struct lj_local_node *lj_tree_build(struct lj_local_plan *s);
/* Opens the lists of all terms and weighs them. */
void lj_tree_open(struct lj_local_plan *s);
void lj_tree_clear(struct lj_local_plan *s); /* what opening and matching took */

/* How many documents a node may match, roughly; phrases come last, since they read positions. */
double lj_tree_cost(const struct lj_local_plan *s, const struct lj_local_node *node);
/* The word that a node is, its factors aside; NULL: it is something else. */
static inline struct lj_local_node *
lj_tree_word(struct lj_local_node *node)
{
    while (node->plan->op == XAP_SCALE)
        node = node->child[0];
    return node->plan->op == XAP_TERM ? node : NULL;
}
static inline bool
lj_is_phrase(const struct lj_local_node *node)
{
    return node->plan->op == XAP_PHRASE || node->plan->op == XAP_NEAR;
}

/* Adds to out the documents of database k within a set (NULL: all) that a node matches. */
void lj_tree_match(struct lj_local_plan *s, size_t k, struct lj_local_node *node,
                   const uint64_t *within, uint64_t *out);
/* The same of all of n nodes. */
void lj_tree_match_all(struct lj_local_plan *s, size_t k, struct lj_local_node *const *children,
                       uint32_t n, const uint64_t *within, uint64_t *out);

/* What node (PHRASE or NEAR) needs in database k, which glass reads; alternatives at one of its places have been matched. */
void lj_phrase_open(struct lj_local_phrase *phrase, struct glass_reader *glass, size_t k,
                    const struct lj_local_node *node);
void lj_phrase_close(struct lj_local_phrase *phrase);
/* Does it stand in a document that has all its words? */
bool lj_phrase_stands(struct lj_local_phrase *phrase, uint32_t docid);
/* The same of several, docids rising: quicker. */
void lj_phrase_look(struct lj_local_phrase *phrase, const uint32_t *docids, uint32_t n,
                    bool *stands);

/* --- the best (best.c): each is asked for a plan with opened lists, once ---------------------- */

/* The node that is the whole plan, its factors aside; NULL: it weighs nothing. */
struct lj_local_node *lj_best_only(const struct lj_local_plan *s);
/* What each weighs of documents that are named, where the plan is any of several words among these, and the answer;
 * false: it is not. */
bool lj_best_of_listed(struct lj_local_plan *s, struct xap_matches *out);
/* The answer to a word, or any of several, perhaps within a filter; false: the plan is something else. Where all that
 * match are wanted, these go to all (a set a database, made here). */
bool lj_best_of_words(struct lj_local_plan *s, uint64_t **all, struct xap_matches *out);
/* The answer to a phrase or near operator. */
void lj_best_of_phrase(struct lj_local_plan *s, struct lj_local_node *phrase,
                       struct xap_matches *out);
/* GDestroyNotify of local->rooms. */
void lj_local_room_free(gpointer room);
/* Documents that have any of the plan's operands, the best of them in any case, to found (a set a database, made here),
 * with their scores; how many there are, to out; false: it is something else, or is too small for that. Where all that match
 * are wanted, these go to all. */
bool lj_best_of_any(struct lj_local_plan *s, uint64_t **found, uint64_t **all,
                    struct xap_matches *out);
/* Makes the scores of all documents found in a database. */
void lj_best_score(struct lj_local_plan *s, size_t k, const uint64_t *found);
/* The best of those found, `total` of them, by their scores. */
void lj_best_take(struct lj_local_plan *s, uint64_t *const *found, uint32_t total,
                  struct xap_matches *out);

#endif
