/* A user's synonyms, by stem. */
#ifndef LEGAJO_QUERY_THESAURUS_H
#define LEGAJO_QUERY_THESAURUS_H

#include "legajo/query.h"

/* Stems of words, blank between them, as rules are looked up by. g_free; NULL when there is no
 * word. */
char *thesaurus_key(struct lj_analyser *analyser, const char *text);

/* What stands for key: GPtrArray of char *, borrowed; NULL: nothing. */
const GPtrArray *thesaurus_find(const struct lj_thesaurus *thesaurus, const char *key);

/* The most words that a left side has. */
size_t thesaurus_longest(const struct lj_thesaurus *thesaurus);

#endif
