/* How often a query matches in documents, counted from the positions that the index keeps: no text
 * is read. The figure of a document is its number of concordance lines.
 *
 *     struct lj_counter *c = lj_counter_new(searcher, query, &error);
 *     lj_counter_count(c, docids, n, matches, &error);
 */
#ifndef LEGAJO_SEARCH_COUNTING_H
#define LEGAJO_SEARCH_COUNTING_H

#include "search/searcher.h"

/* The query must be expanded, and outlive the counter. NULL with error. */
struct lj_counter *lj_counter_new(struct lj_searcher *searcher, const struct lj_query *query,
                                  GError **error);
void lj_counter_free(struct lj_counter *counter);

/* False where the query has no words of the text: nothing to count. */
bool lj_counter_has_words(const struct lj_counter *counter);

/* docids: rising. */
bool lj_counter_count(struct lj_counter *counter, const uint32_t *docids, size_t n,
                      uint32_t *matches, GError **error);

/* Part of a query that restricts documents without looking for words of the text: fields, dates. NULL:
 * none, every document. It borrows from the query; lj_filters_free. */
struct lj_query *lj_filters_of(const struct lj_query *query);
void lj_filters_free(struct lj_query *filters);

#endif
