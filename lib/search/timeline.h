/* The timeline: documents of a query by year, month or day, and, where the index is at hand, how often
 * the query matches in them and how many words were published in the period, so that a loud month is
 * not mistaken for a busy one. */
#ifndef LEGAJO_SEARCH_TIMELINE_H
#define LEGAJO_SEARCH_TIMELINE_H

#include "search/counting.h"

/* Fills results->timeline. query: expanded; plan: what it matches; all: as the plan was made. A
 * document counts in the period its date says: one dated to a year stands, by month, under that year.
 * Words are those of every document of the period that satisfies the filters (fields, dates) of the
 * query. */
bool lj_timeline_fill(struct lj_searcher *searcher, const struct lj_query *query,
                      const struct lj_plan *plan, bool all, enum lj_timeline by,
                      struct lj_results *results, GError **error);

/* Is every database at hand? Over a server positions and values would be asked for one by one. */
bool lj_searcher_is_local(const struct lj_searcher *searcher);

#endif
