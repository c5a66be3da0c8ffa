#include "passage/parts.h"

#include <stdlib.h>

bool
lj_part_counts(const struct lj_matcher *matcher, const struct part *part)
{
    return !part->stop || part->plus || matcher->query->stop_only;
}

static void
collect_found(const GArray *from, uint32_t leaf, bool title, GArray *spans)
{
    for (guint i = 0; from && i < from->len; i++) {
        const struct occurrence *found = &g_array_index(from, struct occurrence, i);
        if ((found->zone == ZONE_TITLE) != title)
            continue;
        struct lj_span span = {found->start, found->end,
                               found->leaf == G_MAXUINT32 ? leaf : found->leaf, found->first,
                               found->last};
        if (span.leaf == G_MAXUINT32)
            span.leaf = 0;
        g_array_append_val(spans, span);
    }
}

static void
collect(const struct lj_matcher *matcher, const struct part *part, bool wholes, bool title,
        GArray *spans)
{
    const GArray *from = NULL;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        const struct part *synonym = part->synonyms->pdata[i];
        if (synonym->span > 1)
            collect_found(synonym->found, part->leaf, title, spans);
    }
    switch (part->kind) {
    case PART_ELEMENT:
        if (lj_part_counts(matcher, part))
            from = part->found;
        break;
    case PART_PHRASE:
        from = part->found;
        break;
    case PART_NEAR:
        from = wholes ? part->found : part->members;
        break;
    case PART_OR:
    case PART_AND:
    case PART_LIST:
        for (guint i = 0; i < part->children->len; i++) {
            const struct part *child = part->children->pdata[i];
            if (!child->minus)
                collect(matcher, child, wholes, title, spans);
        }
        return;
    case PART_NOT:
    case PART_GIVEN:
        return;
    }
    collect_found(from, part->leaf, title, spans);
}

static int
compare_spans(const void *a, const void *b)
{
    const struct lj_span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end) /* the longer first */
        return x->end > y->end ? -1 : 1;
    return x->leaf < y->leaf ? -1 : x->leaf > y->leaf;
}

/* Matches are told apart by words, not bytes: so it is the same number by text and by the positions of an
 * index, whatever the readings of a word (decreto-⏎ley: decretoley, decreto, ley at one position). */
static int
compare_wholes(const void *a, const void *b)
{
    const struct lj_span *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    if (x->last != y->last) /* the longer first */
        return x->last > y->last ? -1 : 1;
    return compare_spans(x, y);
}

/* Sorts the spans from `from` on; drops those equal to the one before, or (wholes) that lie within
 * it. */
static void
tidy(GArray *spans, guint from, bool wholes)
{
    struct lj_span *first = &g_array_index(spans, struct lj_span, from);
    int (*compare)(const void *, const void *) = wholes ? compare_wholes : compare_spans;
    bool sorted = true; /* of one word they are */
    for (guint i = 1; i < spans->len - from && sorted; i++)
        sorted = compare(&first[i - 1], &first[i]) < 0;
    if (!sorted)
        qsort(first, spans->len - from, sizeof *first, compare);
    guint kept = from;
    for (guint i = from; i < spans->len; i++) {
        const struct lj_span *span = &g_array_index(spans, struct lj_span, i);
        if (kept > from) {
            const struct lj_span *last = &g_array_index(spans, struct lj_span, kept - 1);
            if (wholes ? span->last <= last->last : compare_spans(span, last) == 0)
                continue;
        }
        g_array_index(spans, struct lj_span, kept++) = *span;
    }
    g_array_set_size(spans, kept);
}

void
lj_matcher_collect(struct lj_matcher *matcher, bool wholes, bool title, GArray *spans)
{
    guint from = spans->len;
    if (matcher->root)
        collect(matcher, matcher->root, wholes, title, spans);
    if (spans->len > from)
        tidy(spans, from, wholes);
}

void
lj_matcher_spans(struct lj_matcher *matcher, GArray *spans)
{
    lj_matcher_collect(matcher, false, false, spans);
}

void
lj_matcher_matches(struct lj_matcher *matcher, GArray *spans)
{
    lj_matcher_collect(matcher, true, false, spans);
}
