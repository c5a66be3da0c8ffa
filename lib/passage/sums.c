#include "passage/parts.h"

#include <string.h>

static bool
sums(const struct lj_matcher *matcher, const struct part *part, bool *counted)
{
    if (part->synonyms || part->title)
        return false;
    switch (part->kind) {
    case PART_ELEMENT:
        for (guint i = 0; i < matcher->elements->len; i++)
            if (matcher->elements->pdata[i] == part->element && lj_part_counts(matcher, part))
                counted[i] = true;
        return !part->element->title;
    case PART_PHRASE:
    case PART_NEAR:
        return false;
    case PART_OR:
    case PART_AND:
    case PART_LIST:
        for (guint i = 0; i < part->children->len; i++) {
            const struct part *child = part->children->pdata[i];
            if (!child->minus && !sums(matcher, child, counted))
                return false;
        }
        return true;
    case PART_NOT:
    case PART_GIVEN:
        return true;
    }
    return false;
}

bool
lj_matcher_sums(const struct lj_matcher *matcher, bool *counted)
{
    memset(counted, 0, matcher->elements->len * sizeof *counted);
    return matcher->root && sums(matcher, matcher->root, counted);
}
