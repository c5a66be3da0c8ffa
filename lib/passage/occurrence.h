/* Where the parts of a query occur in a document, and how phrases and near operators join them.
 *
 *     "tráfico de armas"     children: [3, 40] [4, 9, 41] [5, 90]   →   3..5
 *     a CERCA/3 b            children: [1, 8] [2, 10]               →   1..2, 8..10
 */
#ifndef LEGAJO_PASSAGE_OCCURRENCE_H
#define LEGAJO_PASSAGE_OCCURRENCE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum occurrence_zone {
    ZONE_TEXT,
    ZONE_HEADING, /* of the text, in a heading */
    ZONE_TITLE,   /* offsets are of the title */
};

struct occurrence {
    uint32_t first, last; /* positions; those of the title come before the text's */
    uint32_t start, end;  /* bytes */
    uint32_t leaf;        /* in lj_query_leaves; G_MAXUINT32: not shown */
    uint32_t zone;        /* enum occurrence_zone */
};

/* Arrays of struct occurrence, sorted by first, then last. */

/* Children one after another: gap[i] positions from the last of child i-1 to the first of child i.
 */
void lj_occurrence_phrase(GArray *const *children, const uint32_t *gap, size_t n, uint32_t leaf,
                          GArray *out);

/* The smallest windows that hold one occurrence of each child, none overlapping another, with at
 * most `distance` positions from one to the next in all (n children: distance + n - 2 from the
 * first to the last). members (NULL: not wanted) gets the occurrences each window is made of. */
void lj_occurrence_near(GArray *const *children, size_t n, uint32_t distance, bool ordered,
                        uint32_t leaf, GArray *out, GArray *members);

/* Sorts by first, last, start, and drops what is there twice. */
void lj_occurrence_sort(GArray *occurrences);

#endif
