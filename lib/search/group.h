/* Near copies among ranked documents: each joins the first before it that it is nearly alike.
 *
 *     ranked   a b a' c b' a"    →    a (a' a")   b (b')   c
 */
#ifndef LEGAJO_SEARCH_GROUP_H
#define LEGAJO_SEARCH_GROUP_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

struct lj_group_member {
    uint32_t place;    /* in the ranking */
    uint32_t distance; /* bits in which it differs from the first */
};

struct lj_group {
    uint32_t place; /* of its first document in the ranking */
    GArray *others; /* struct lj_group_member, in order of the ranking; NULL: none */
};

/* A ranked document's fingerprint; without one it stands alone. */
struct lj_group_item {
    bool known;
    uint64_t fingerprint;
};

/* Groups n documents, best first: the first `most` groups, each whole. Every member is within
 * `distance` bits of its group's first document (so two members may lie twice as far apart).
 * GArray of struct lj_group; g_array_unref frees all. */
GArray *lj_group(const struct lj_group_item *items, size_t n, unsigned distance, size_t most);

/* Bits in which two texts differ ↔ percent that they have in common, as the bits estimate it: the
 * cosine between their pairs of words, cos(π bits / 64). */
unsigned lj_group_similarity(unsigned bits);
/* The most bits at which similarity is still reached. */
unsigned lj_group_distance(unsigned similarity);

#endif
