/* What other files of the stage ask of a matcher. */
#ifndef LEGAJO_PASSAGE_MATCHER_H
#define LEGAJO_PASSAGE_MATCHER_H

#include "legajo/passage.h"

/* How many leaves the query has (lj_query_leaves): spans name theirs by number. */
size_t lj_matcher_leaves(const struct lj_matcher *matcher);

/* --- words on the way ----------------------------------------------------------------------------
 */

/* A word of the text that was fed. */
struct lj_kept {
    const struct lj_word *word; /* of the analyser's vocabulary: until the next begin */
    uint32_t start, end;        /* bytes of the document's text */
    uint32_t section;           /* rises with each section */
};

/* From now on the words of the text (further readings left out) are appended to into, struct lj_kept;
 * NULL ends it. */
void lj_matcher_keep(struct lj_matcher *matcher, GArray *into);

/* --- positions instead of text ------------------------------------------------------------------
 *
 * Where an index keeps positions, matches can be counted without reading a text:
 *
 *     lj_matcher_begin(m, NULL);
 *     for each element: lj_matcher_place(m, element, positions, n);
 *     lj_matcher_end(m);
 *     lj_matcher_matches(m, spans);    start and end are positions then
 */

/* How a query looks for one word. */
enum lj_element_kind {
    LJ_ELEMENT_STEM,          /* words of this stem, and the forms given */
    LJ_ELEMENT_FORM,          /* this form, accents and all */
    LJ_ELEMENT_FOLDED,        /* this word, accents aside */
    LJ_ELEMENT_PATTERN,       /* words that lj_pattern_fits */
    LJ_ELEMENT_NEAR_SPELLING, /* the forms given; without: words within a distance */
};

struct lj_element {
    enum lj_element_kind kind;
    const char *text;  /* stem, form, folded word, pattern; borrowed */
    GHashTable *forms; /* folded words that are it too (borrowed strings); NULL: none */
    bool title;        /* counts in title and headings only */
};

/* Element i; false where there are no more. */
bool lj_matcher_element(const struct lj_matcher *matcher, size_t i, struct lj_element *out);

/* Is every place of a word a match of its own, no phrase or near operator joining any? counted[i] is then set
 * where those of element i are shown (not behind NO, no stop word beside others). */
bool lj_matcher_sums(const struct lj_matcher *matcher, bool *counted);

/* Says where element i stands: rising positions. Those up to 1,000 are the title's. */
void lj_matcher_place(struct lj_matcher *matcher, size_t i, const uint32_t *positions, size_t n);

/* Does a folded word fit a pattern of *, ? (one code point) and letters? */
bool lj_pattern_fits(const char *pattern, const char *word);

/* Is the edit distance of two words (code points, LJ_WORD_LIMIT at most), neighbours exchanged being one edit, at
 * most `most`? */
bool lj_edits_within(const gunichar *a, size_t n_a, const gunichar *b, size_t n_b, uint32_t most);

#endif
