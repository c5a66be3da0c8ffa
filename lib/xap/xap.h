/* The Xapian boundary: plain C over libxapian. Nothing above this knows Xapian's classes; no
 * iterator or C++ type crosses. One call a document, one call a search. A reader may be given somebody who
 * answers some questions without Xapian (struct xap_tables).
 *
 * Every entry runs in one guarded frame that turns Xapian's exceptions into our errors, with a
 * message that says what the user can do. A search that meets a database modified under it reopens
 * and retries inside.
 */
#ifndef LEGAJO_XAP_H
#define LEGAJO_XAP_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* --- a document as Xapian sees it ------------------------------------------------------------ */

struct xap_posting {
    const char *term;
    uint32_t length;           /* bytes, at most 245 */
    uint32_t wdf;              /* 0: boolean */
    const uint32_t *positions; /* rising; NULL: none */
    uint32_t n_positions;
};

struct xap_value {
    uint32_t slot;
    uint32_t length;
    const char *bytes;
};

struct xap_document {
    const struct xap_posting *postings; /* any order, no term twice */
    size_t n_postings;
    const struct xap_value *values; /* any order, no slot twice, none empty */
    size_t n_values;
    const char *data;
    size_t data_length;
};

/* --- writing one database -------------------------------------------------------------------- */

enum xap_mode {
    XAP_UPDATE,  /* open an existing database, or make it; commits are synced */
    XAP_SCRATCH, /* a new one that is thrown away or compacted: no sync, no in-place safety */
};

struct xap_writer *lj_xap_writer_open(const char *path, enum xap_mode mode, GError **error);
/* Closing drops what was not committed. NULL is fine. */
void lj_xap_writer_close(struct xap_writer *writer);

/* Adds (docid 0) or replaces a document; returns its docid, 0 on error. */
uint32_t lj_xap_writer_put(struct xap_writer *writer, uint32_t docid,
                           const struct xap_document *document, GError **error);
/* Replaces a document by one of another database. */
bool lj_xap_writer_copy(struct xap_writer *from, uint32_t docid, struct xap_writer *to,
                        uint32_t replaced, GError **error);
/* Deleting what is not there is no error. */
bool lj_xap_writer_delete(struct xap_writer *writer, uint32_t docid, GError **error);
/* length 0 removes the entry. */
bool lj_xap_writer_set_metadata(struct xap_writer *writer, const char *key, size_t key_length,
                                const char *value, size_t length, GError **error);
/* The value as it will be committed, g_free; *length 0 and NULL where there is none. */
char *lj_xap_writer_metadata(struct xap_writer *writer, const char *key, size_t key_length,
                             size_t *length, GError **error);
/* Docids that a term indexes, changes not yet committed included: appended to out (uint32_t). */
bool lj_xap_writer_docids(struct xap_writer *writer, const char *term, size_t length, GArray *out,
                          GError **error);
/* Words and forms (terms without a capital before them, and those with E) of a document as it will be committed, each
 * with a NUL behind it, appended to out. Of what is not there: none. */
bool lj_xap_writer_terms(struct xap_writer *writer, uint32_t docid, GString *out, GError **error);
uint32_t lj_xap_writer_documents(struct xap_writer *writer);
bool lj_xap_writer_commit(struct xap_writer *writer, GError **error);

/* Compacts databases, in this order, into a new one at target; docids follow one another unless
 * keep_docids. Where several hold one metadata key: those beginning with 'F' (forms of a stem,
 * blank-separated) or 'A' (expansions of an acronym, tab-separated) are united, of the others the
 * last wins. full: spend time to save space. */
bool lj_xap_compact(const char *const *sources, size_t n, const char *target, bool keep_docids,
                    bool full, GError **error);

/* Structural check; appends what is wrong to report. False with LJ_ERROR_DAMAGED. */
bool lj_xap_check(const char *path, GString *report, GError **error);

/* --- reading several as one ------------------------------------------------------------------- */

/* A database is the path of one, or host:port of a xapian-tcpsrv. Docids interleave:
 * shard = (docid - 1) % n, docid in the shard = (docid - 1) / n + 1. */
struct xap_reader *lj_xap_reader_open(const char *const *databases, size_t n, GError **error);
/* The same where there is somebody who answers most without Xapian (below): it opens them when the first question comes
 * that he does not answer, which may fail. Until then lj_xap_shard_revision says revisions[shard], and
 * lj_xap_takes_docids yes: databases are local, and none is there twice. data must live as long as the reader. */
struct xap_tables;
struct xap_reader *lj_xap_reader_later(const char *const *databases, size_t n,
                                       const uint64_t *revisions, const struct xap_tables *tables,
                                       void *data);
/* Opens them now, if they are not open. */
bool lj_xap_reader_now(struct xap_reader *reader, GError **error);
void lj_xap_reader_close(struct xap_reader *reader);
/* Goes to the newest revision; cheap when nothing changed. */
bool lj_xap_reader_reopen(struct xap_reader *reader, GError **error);

struct xap_statistics {
    uint64_t documents;
    uint32_t last_docid;
    uint64_t total_length;
    double average_length;
    uint64_t revision; /* sum over local shards; 0 for remote ones */
    char uuid[40];     /* of the first shard */
};
bool lj_xap_statistics(struct xap_reader *reader, struct xap_statistics *out, GError **error);
/* The same of one shard. */
bool lj_xap_shard_statistics(struct xap_reader *reader, size_t shard, struct xap_statistics *out,
                             GError **error);
/* The revision of one shard; 0: a remote one, or none is there. */
uint64_t lj_xap_shard_revision(struct xap_reader *reader, size_t shard);

/* One of the shards' metadata: value and a NUL (g_free), NULL with *length 0 where there is none. */
char *lj_xap_metadata(struct xap_reader *reader, size_t shard, const char *key, size_t key_length,
                      size_t *length, GError **error);
size_t lj_xap_shards(const struct xap_reader *reader);
/* What metadata of one key, first and rest, hold in all shards, parted by separator: at most `most` pieces of
 * each shard, appended to out (char *, g_free), each once. ("F" and a stem: its folded forms, by blanks.) */
bool lj_xap_pieces(struct xap_reader *reader, char first, const char *rest, char separator,
                   size_t most, GPtrArray *out, GError **error);
/* What it does with the metadata of one shard. */
void lj_xap_add_pieces(const char *value, size_t length, char separator, size_t most,
                       GPtrArray *out);
/* May a plan hold XAP_DOCIDS? Not over remote shards, nor where one database is opened twice. */
bool lj_xap_takes_docids(const struct xap_reader *reader);

/* Document frequencies (and collection frequencies, where cf is not NULL) of n terms. */
struct xap_term {
    const char *term;
    size_t length;
};
bool lj_xap_frequencies(struct xap_reader *reader, const struct xap_term *terms, size_t n,
                        uint32_t *df, uint64_t *cf, GError **error);

/* Terms of the vocabulary that begin with prefix, from `from` on (empty: the beginning), in byte
 * order, at most max: as a flat block, one free. */
struct xap_vocabulary {
    size_t n;
    struct {
        const char *term;
        uint32_t length;
        uint32_t df;
    } * entry;
    char *bytes;
};
struct xap_vocabulary *lj_xap_terms(struct xap_reader *reader, const char *prefix, size_t length,
                                    const char *from, size_t from_length, size_t max,
                                    GError **error);
void lj_xap_vocabulary_free(struct xap_vocabulary *vocabulary);

/* Docids that a term indexes, appended to out (uint32_t), rising. */
bool lj_xap_docids(struct xap_reader *reader, const char *term, size_t length, GArray *out,
                   GError **error);
/* Positions of a term in a document, appended to out (uint32_t); none is no error. */
bool lj_xap_positions(struct xap_reader *reader, uint32_t docid, const char *term, size_t length,
                      GArray *out, GError **error);
/* The same for many documents (docids rising): counts[i] positions of document i, all of them appended
 * to out one document after another. */
bool lj_xap_positions_of(struct xap_reader *reader, const char *term, size_t length,
                         const uint32_t *docids, size_t n, uint32_t *counts, GArray *out,
                         GError **error);
/* How often a term stands in many documents (docids rising; 0: it does not). */
bool lj_xap_wdf_of(struct xap_reader *reader, const char *term, size_t length,
                   const uint32_t *docids, size_t n, uint32_t *wdf, GError **error);
/* Terms from `from` on and before `to` of many documents together: in byte order, with the sum of their
 * wdf in df. */
struct xap_vocabulary *lj_xap_sum_terms(struct xap_reader *reader, const uint32_t *docids, size_t n,
                                        const char *from, size_t from_length, const char *to,
                                        size_t to_length, GError **error);
/* What a document holds of some words: terms that are a probe, or begin with it. */
struct xap_probe {
    const char *term;
    uint32_t length;
    bool prefix;
};
struct xap_found {
    const char *term; /* NUL-terminated */
    uint32_t size;    /* bytes of it */
    uint32_t wdf;
    const uint32_t *positions; /* rising; at most XAP_POSITIONS */
    uint32_t n_positions;
    uint32_t word; /* the same in all documents that were read together, from 1 on; 0: not known */
};
struct xap_occurrences {
    uint32_t length; /* of the document, as ranking counts it; 0: there is no such document */
    size_t n;
    struct xap_found *entry;
    GStringChunk *strings;
    GArray *positions;
};
#define XAP_POSITIONS 10000u
#define XAP_OCCURRENCES 2000u /* terms; what follows is left out */
/* probes: in byte order, none beginning with a prefix before it. One pass over the document's terms. */
struct xap_occurrences *lj_xap_occurrences(struct xap_reader *reader, uint32_t docid,
                                           const struct xap_probe *probes, size_t n,
                                           GError **error);
void lj_xap_occurrences_free(struct xap_occurrences *occurrences);
/* Document data and a NUL: g_free; NULL with LJ_ERROR_NO_INPUT when there is no such document. */
char *lj_xap_data(struct xap_reader *reader, uint32_t docid, size_t *length, GError **error);
/* A value, g_free; NULL and *length 0 where there is none. */
char *lj_xap_value(struct xap_reader *reader, uint32_t docid, uint32_t slot, size_t *length,
                   GError **error);

/* --- searching --------------------------------------------------------------------------------- */

enum xap_op {
    XAP_TERM, /* term; factor: wqf (0 counts as 1) */
    XAP_ALL,  /* every document, weight 0 */
    XAP_NONE,
    XAP_AND, /* n operands before it in postfix order */
    XAP_OR,
    XAP_AND_NOT,     /* 2: first but not second */
    XAP_AND_MAYBE,   /* 2: matches the first; the second only adds weight */
    XAP_FILTER,      /* 2: matches both; weight of the first */
    XAP_SYNONYM,     /* n: one term's weight for any of them */
    XAP_NEAR,        /* n: terms or ORs of terms, within window positions */
    XAP_PHRASE,      /* n: the same, in order */
    XAP_SCALE,       /* 1: weight times factor; 0: boolean */
    XAP_VALUE_RANGE, /* low..high of slot, inclusive; NULL low or high: open */
    XAP_DOCIDS,      /* those documents, weight 0; only where lj_xap_takes_docids() */
};

/* A plan in postfix order: operands before their operator. */
struct xap_node {
    enum xap_op op;
    uint32_t n;       /* operands */
    const char *term; /* TERM; low of VALUE_RANGE */
    uint32_t length;
    const char *high; /* VALUE_RANGE */
    uint32_t high_length;
    uint32_t slot;
    uint32_t window;
    double factor;
    const uint32_t *docids; /* DOCIDS: n_docids, rising */
    uint32_t n_docids;
};

enum xap_sort { XAP_BY_RELEVANCE, XAP_BY_VALUE, XAP_BY_VALUE_REVERSE, XAP_BY_DOCID };

struct xap_search {
    const struct xap_node *nodes;
    size_t n_nodes;
    uint32_t first, max;
    uint32_t check_at_least; /* G_MAXUINT32: exact total */
    enum xap_sort sort;
    uint32_t sort_slot;
    double k1, b, k3, min_normlen; /* BM25; all 0: 1.2 0.75 8 0.5 */
    const uint32_t *spies;         /* slots to count */
    const uint32_t *spy_bytes;     /* of each: values that begin with the same so many bytes may be counted as one, which is
                                    these; 0, or NULL: they may not */
    size_t n_spies;
    bool spies_later; /* they may be counted meanwhile (search/local.h: lj_local_counted) */
    bool values; /* each hit brings the value of value_slot along */
    uint32_t value_slot;
    bool settle; /* by relevance: of hits of one weight at the end of the list, those with
                                the least value of settle_slot; else the documents' spread over
                                databases decides */
    uint32_t settle_slot;
};

struct xap_hit {
    uint32_t docid;
    double weight;
    const char *value; /* NUL-terminated; NULL where not asked for */
    uint32_t value_length;
};

struct xap_count {
    const char *value;
    uint32_t length;
    uint32_t count;
};

struct xap_matches {
    size_t n;
    struct xap_hit *hit;
    uint32_t lower, estimate, upper; /* number of matches */
    double max_possible;
    /* for each spy: its distinct values and counts, in any order */
    struct {
        size_t n;
        struct xap_count *count;
        uint32_t total; /* documents seen */
    } * spy;
    size_t n_spies;
    GStringChunk *strings;
};

struct xap_matches *lj_xap_search(struct xap_reader *reader, const struct xap_search *search,
                                  GError **error);
/* Docids of all that matches a plan, rising: appended to out (uint32_t). */
bool lj_xap_match(struct xap_reader *reader, const struct xap_node *nodes, size_t n, GArray *out,
                  GError **error);
void lj_xap_matches_free(struct xap_matches *matches);

/* Data of several documents in one call (keeps the order): blocks of bytes, one free. A document
 * that has gone meanwhile has length 0. */
struct xap_data {
    size_t n;
    struct {
        const char *bytes;
        size_t length;
    } * entry;
    char *bytes;
};
struct xap_data *lj_xap_fetch(struct xap_reader *reader, const uint32_t *docids, size_t n,
                              GError **error);
void lj_xap_data_free(struct xap_data *data);
/* One slot's values of several documents (docids rising), in the same form. */
struct xap_data *lj_xap_values(struct xap_reader *reader, uint32_t slot, const uint32_t *docids,
                               size_t n, GError **error);

/* --- who answers without Xapian ---------------------------------------------------------------- */

/* Each as the function of that name (frequencies: without collection frequencies), at the revision that
 * lj_xap_shard_revision says; false or NULL, and nothing changed: ask Xapian. */
struct xap_tables {
    bool (*statistics)(void *data, struct xap_reader *reader, struct xap_statistics *out);
    bool (*shard_statistics)(void *data, struct xap_reader *reader, size_t shard,
                             struct xap_statistics *out);
    bool (*metadata)(void *data, struct xap_reader *reader, size_t shard, const char *key,
                     size_t key_length, char **value, size_t *length);
    bool (*pieces)(void *data, struct xap_reader *reader, char first, const char *rest,
                   char separator, size_t most, GPtrArray *out);
    bool (*frequencies)(void *data, struct xap_reader *reader, const struct xap_term *terms,
                        size_t n, uint32_t *df);
    bool (*docids)(void *data, struct xap_reader *reader, const char *term, size_t length,
                   GArray *out);
    bool (*positions)(void *data, struct xap_reader *reader, uint32_t docid, const char *term,
                      size_t length, GArray *out);
    struct xap_data *(*fetch)(void *data, struct xap_reader *reader, const uint32_t *docids,
                              size_t n);
    struct xap_data *(*values)(void *data, struct xap_reader *reader, uint32_t slot,
                               const uint32_t *docids, size_t n);
};

G_END_DECLS

#endif
