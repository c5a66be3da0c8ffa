/* What collocates and comparisons share: words counted by stem, weighed, given a form to be shown. */
#ifndef LEGAJO_SEARCH_ASSOCIATION_H
#define LEGAJO_SEARCH_ASSOCIATION_H

#include "legajo/association.h"
#include "search/searcher.h"

/* Documents of a query, as many as may be read. */
struct lj_portion {
    GArray *docids;     /* uint32_t, rising: those to read */
    uint64_t documents; /* that match */
    uint64_t words;     /* of those to read */
};

/* NULL with error; lj_portion_free. without (rising, NULL: none): docids to leave out, counted in
 * *shared. */
struct lj_portion *lj_portion_of(struct lj_searcher *searcher, struct lj_query *query,
                                 enum lj_match match, const GArray *without, uint64_t *shared,
                                 GError **error);
void lj_portion_free(struct lj_portion *portion);

/* Words of the whole archive. */
bool lj_archive_words(struct lj_searcher *searcher, uint64_t *documents, uint64_t *words,
                      GError **error);

struct lj_associations *lj_associations_new(void);

/* Puts the rows in order and keeps the best of each kind. */
void lj_associations_settle(struct lj_associations *associations, uint32_t most);

#endif
