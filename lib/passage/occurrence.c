#include "passage/occurrence.h"

#include <stdlib.h>
#include <string.h>

static const struct occurrence *
at(const GArray *list, size_t i)
{
    return &g_array_index(list, struct occurrence, i);
}

static int
compare(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end) /* the longer reading of one position first */
        return x->end > y->end ? -1 : 1;
    return x->leaf < y->leaf ? -1 : x->leaf > y->leaf;
}

void
lj_occurrence_sort(GArray *list)
{
    bool sorted = true;
    for (size_t i = 1; i < list->len && sorted; i++)
        sorted = compare(at(list, i - 1), at(list, i)) < 0;
    if (sorted)
        return;
    qsort(list->data, list->len, sizeof(struct occurrence), compare);
    size_t kept = 0;
    for (size_t i = 0; i < list->len; i++)
        if (kept == 0 || compare(at(list, kept - 1), at(list, i)) != 0)
            g_array_index(list, struct occurrence, kept++) = *at(list, i);
    g_array_set_size(list, (guint)kept);
}

void
lj_occurrence_phrase(GArray *const *children, const uint32_t *gap, size_t n, uint32_t leaf,
                     GArray *out)
{
    if (n == 0)
        return;
    size_t *cursor =
        g_new0(size_t, n); /* wanted positions only rise, so each list is walked once */
    for (size_t i = 0; i < children[0]->len; i++) {
        struct occurrence found = *at(children[0], i);
        size_t child = 1;
        for (; child < n; child++) {
            const GArray *list = children[child];
            uint32_t want = found.last + gap[child];
            while (cursor[child] < list->len && at(list, cursor[child])->first < want)
                cursor[child]++;
            if (cursor[child] == list->len || at(list, cursor[child])->first != want)
                break;
            found.last = at(list, cursor[child])->last;
            found.end = MAX(found.end, at(list, cursor[child])->end);
        }
        if (child < n)
            continue;
        found.leaf = leaf;
        g_array_append_val(out, found);
    }
    g_free(cursor);
    lj_occurrence_sort(out);
}

static bool
overlap(const struct occurrence *a, const struct occurrence *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The earliest occurrence of a child, from its cursor on, that overlaps none of those chosen; NULL
 * when there is none within reach. */
static const struct occurrence *
earliest(const GArray *list, size_t from, uint32_t reach, const struct occurrence **chosen,
         size_t n_chosen)
{
    for (size_t i = from; i < list->len && at(list, i)->first <= reach; i++) {
        bool free = true;
        for (size_t j = 0; j < n_chosen && free; j++)
            free = !overlap(at(list, i), chosen[j]);
        if (free)
            return at(list, i);
    }
    return NULL;
}

struct window {
    struct occurrence whole;
    size_t member; /* first of n in the pool */
};

/* The window that begins with `left`, of child `which`: the others as early as they come. */
static bool
window_from(GArray *const *children, size_t n, uint32_t distance, bool ordered, size_t which,
            const struct occurrence *left, size_t *cursor, const struct occurrence **chosen,
            struct occurrence *whole)
{
    size_t k = 0;
    chosen[k++] = left;
    uint32_t inner = 0; /* positions that phrases in between take beyond one: not counted */
    *whole = *left;
    for (size_t step = 1; step < n; step++) {
        size_t child = ordered ? which + step : step <= which ? step - 1 : step;
        if (child >= n)
            return false;
        while (cursor[child] < children[child]->len &&
               at(children[child], cursor[child])->first < left->first)
            cursor[child]++;
        size_t from = cursor[child];
        const GArray *list = children[child];
        if (ordered)
            while (from < list->len && at(list, from)->first <= chosen[k - 1]->last)
                from++;
        uint64_t reach = (uint64_t)left->last + distance + n - 2 + inner;
        const struct occurrence *next =
            earliest(list, from, (uint32_t)MIN(reach, G_MAXUINT32), chosen, k);
        if (!next)
            return false;
        chosen[k++] = next;
        inner += next->last - next->first;
        whole->last = MAX(whole->last, next->last);
        whole->end = MAX(whole->end, next->end);
    }
    return (uint64_t)whole->last - left->last <= (uint64_t)distance + n - 2 + inner;
}

void
lj_occurrence_near(GArray *const *children, size_t n, uint32_t distance, bool ordered,
                   uint32_t leaf, GArray *out, GArray *members)
{
    if (n == 0)
        return;
    size_t *cursor = g_new0(size_t, n), *left = g_new0(size_t, n);
    const struct occurrence **chosen = g_new(const struct occurrence *, n);
    GArray *windows = g_array_new(FALSE, FALSE, sizeof(struct window));
    GArray *pool = g_array_new(FALSE, FALSE, sizeof(struct occurrence));
    for (;;) {
        size_t which = n; /* the next left edge, over all children */
        for (size_t i = 0; i < (ordered ? 1 : n); i++)
            if (left[i] < children[i]->len &&
                (which == n ||
                 compare(at(children[i], left[i]), at(children[which], left[which])) < 0))
                which = i;
        if (which == n)
            break;
        struct window window = {.member = pool->len};
        const struct occurrence *edge = at(children[which], left[which]++);
        if (!window_from(children, n, distance, ordered, which, edge, cursor, chosen,
                         &window.whole))
            continue;
        /* A window that begins earlier and ends no sooner holds this one: it is not the smallest.
         */
        while (windows->len > 0) {
            struct window *before = &g_array_index(windows, struct window, windows->len - 1);
            if (before->whole.last < window.whole.last ||
                (before->whole.first == window.whole.first &&
                 before->whole.last == window.whole.last))
                break;
            g_array_set_size(windows, windows->len - 1);
        }
        if (windows->len > 0) {
            struct window *before = &g_array_index(windows, struct window, windows->len - 1);
            if (before->whole.first == window.whole.first &&
                before->whole.last <= window.whole.last)
                continue;
        }
        window.whole.leaf = leaf;
        g_array_append_val(windows, window);
        for (size_t i = 0; i < n; i++)
            g_array_append_vals(pool, chosen[i], 1);
    }
    for (size_t i = 0; i < windows->len; i++) {
        const struct window *window = &g_array_index(windows, struct window, i);
        g_array_append_val(out, window->whole);
        if (members)
            g_array_append_vals(members, at(pool, window->member), (guint)n);
    }
    g_array_unref(windows);
    g_array_unref(pool);
    g_free(cursor);
    g_free(left);
    g_free(chosen);
    if (members)
        lj_occurrence_sort(members);
}
