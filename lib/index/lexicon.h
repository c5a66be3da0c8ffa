/* The analyser of an index: that of the lexicon its terms were made with, whatever this program has
 * built in.
 *
 * Every generation keeps a copy, gen-NNNN/analyser/DIGEST. Where the index's lexicon is the built-in
 * one, no copy is opened. The copy matters once the program has been updated: searches and runs then go
 * on with the index's own, until --rebuild.
 */
#ifndef LEGAJO_INDEX_LEXICON_H
#define LEGAJO_INDEX_LEXICON_H

#include "index/layout.h"
#include "legajo/analysis.h"

/* Opens the analyser of a version ("1 es 2-0123456789abcdef"; NULL or empty: the built-in one) for a
 * generation. LJ_ERROR_NEWER: the rules of analysis themselves have changed, no lexicon helps;
 * LJ_ERROR_DAMAGED: the copy is needed and cannot be used. Both say what to do. */
struct lj_analyser *lj_lexicon_analyser(const struct lj_layout *layout, unsigned generation,
                                        const char *version, GError **error);

/* Sees to it that a generation has a whole copy of this version's lexicon. Where it is the built-in
 * one, a missing or damaged copy is written; *mended says that a damaged one was. A version that is not
 * built in is left as it is. */
bool lj_lexicon_keep(const struct lj_layout *layout, unsigned generation, const char *version,
                     bool *mended, GError **error);

/* Is the copy of this version there and whole? */
bool lj_lexicon_check(const struct lj_layout *layout, unsigned generation, const char *version,
                      GError **error);

/* Where the copy of a version lies; g_free. NULL where the version names no lexicon. */
char *lj_lexicon_path(const struct lj_layout *layout, unsigned generation, const char *version);

#endif
