/* Near copies among ranked documents: each joins the one before it that it is most alike.
 *
 *     ranked   a b a' c b' a"    →    a (a' a")   b (b')   c
 */
#ifndef LEGAJO_SEARCH_GROUP_H
#define LEGAJO_SEARCH_GROUP_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

struct lj_group_member {
    uint32_t place;      /* in the ranking */
    unsigned similarity; /* percent, to the first */
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

/* When is a document a copy of another? Fingerprints say which to look at, their texts whether they are. */
struct lj_group_rule {
    unsigned distance; /* bits in which fingerprints may differ */
    unsigned least;    /* percent in common */
    /* Percent that the documents at two places of the ranking have in common; NULL: as the bits estimate. */
    unsigned (*alike)(uint32_t place, uint32_t other, void *data);
    void *data;
};

/* Groups n documents, best first: the first `most` groups, each whole. Every member has `least` percent in
 * common with its group's first document (so two members may have less). Of several groups it may join those
 * nearest by fingerprint are tried first, a few at most. GArray of struct lj_group; g_array_unref frees all. */
GArray *lj_group(const struct lj_group_item *items, size_t n, const struct lj_group_rule *rule,
                 size_t most);

/* Bits in which two texts differ ↔ percent that they have in common, as the bits estimate it: the
 * cosine between their pairs of words, cos(π bits / 64). */
unsigned lj_group_similarity(unsigned bits);
/* The most bits at which similarity is still reached. */
unsigned lj_group_distance(unsigned similarity);

#endif
