/* Words that say the same as one of the query's, by another part of speech: "créase" for "creación".
 *
 * Where any word is enough to match they match, too, and everywhere they are evidence (plan.c, evidence.c);
 * where all words must be there, a document is asked for those that were written.
 */
#ifndef LEGAJO_SEARCH_AKIN_H
#define LEGAJO_SEARCH_AKIN_H

#include "search/searcher.h"

/* Fills `akin` of the first 64 words in lists that have such ones in the index, and clears it of all others. */
bool lj_akin_find(struct lj_searcher *searcher, struct lj_query *query, GError **error);

#endif
