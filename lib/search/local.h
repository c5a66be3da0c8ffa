/* Plans answered from the tables of local databases themselves (glass/read.h), several times faster than Xapian's
 * matcher does it, with the same documents and scores:
 *
 *     every list of the plan is decoded once; what matches is a set of bits a database; weights are added up in
 *     an array by document, those of frequent words only where they can still bring a document among the best (of
 *     words alone a window of documents after the other, so that the array stays near); long lists are shared among
 *     threads, which are kept, asleep, for the next search;
 *     facets are counted over columns that are read once a revision and kept, and so are filters by frequent terms
 *
 * What it does not know (synonyms that are phrases, a word near itself, order by value) or cannot read (a server, another
 * table format, a database being written to that moment) it leaves to Xapian. Scores are Xapian's BM25, added up as
 * whole numbers of 2^-40: equal documents weigh the same in whatever order their words are looked up.
 */
#ifndef LEGAJO_SEARCH_LOCAL_H
#define LEGAJO_SEARCH_LOCAL_H

#include "xap/xap.h"

struct lj_local;

/* paths: databases in the order of the reader's shards. NULL where one of them cannot be read so. */
struct lj_local *lj_local_open(const char *const *paths, size_t n);
void lj_local_close(struct lj_local *local);
/* The same databases once more, for another thread, and their reader; NULL: they cannot be read any more. */
struct xap_reader *lj_local_again(const struct lj_local *local, struct lj_local **again);

/* Have all databases the revision that reader has, and none a newer one? A look at each version file tells. */
bool lj_local_unchanged(struct lj_local *local, struct xap_reader *reader);

/* A search has been answered, and there may be others: from now on threads are worth what it takes to begin them. */
void lj_local_keep(struct lj_local *local);

/* The answer to a search; NULL without an error: Xapian is to answer it. reader: the same databases. Its total is
 * exact, but for a phrase with more documents than check_at_least, and for many documents that have any of several
 * words, where neither check_at_least (G_MAXUINT32) nor counts of values ask for it. LJ_ERROR_DAMAGED: the tables
 * hold what cannot be. (Xapian is not asked then: over such tables it may count to 2^32, or say less than there is.)
 */
struct xap_matches *lj_local_search(struct lj_local *local, struct xap_reader *reader,
                                    const struct xap_search *search, GError **error);

/* With spies_later, the counts of the answer given last may still be under way: before they are read, or the answer is freed,
 * this is to be called, which waits for them. false: they cannot be had so (error: LJ_ERROR_DAMAGED, or the databases have
 * changed: search again). */
bool lj_local_counted(struct lj_local *local, GError **error);
bool lj_local_counts(const struct lj_local *local); /* is it to be called? */

/* The first search by relevance is about to come: a helper may begin to read what it needs of every document. */
void lj_local_expect(struct lj_local *local);

/* What a reader is asked beside searches, of a struct lj_local. */
extern const struct xap_tables lj_local_tables;
/* Fills revisions (of n) with those of the databases at hand, for lj_xap_reader_later. */
void lj_local_revisions(const struct lj_local *local, uint64_t *revisions);

/* Gives the data of each of n documents to take, which several threads may call at once, each for another of them. false: ask
 * Xapian; what was taken may be anything. */
typedef void (*lj_local_take_fn)(size_t i, const uint8_t *bytes, size_t length, void *data);
bool lj_local_fetch_each(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                         size_t n, lj_local_take_fn take, void *data);

/* The terms of a document that begin so, with their wdf in df; NULL: ask Xapian. lj_xap_vocabulary_free. */
struct xap_vocabulary *lj_local_terms(struct lj_local *local, struct xap_reader *reader,
                                      uint32_t docid, const char *prefix, size_t length);

/* As lj_xap_occurrences, of several documents, to out (of n): they are read together. false without an error: ask Xapian.
 * Afterwards ask lj_local_unchanged: if it says no, what was told may be anything. */
bool lj_local_occurrences(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                          uint32_t n, const struct xap_probe *probes, size_t n_probes,
                          struct xap_occurrences **out, GError **error);

#endif
