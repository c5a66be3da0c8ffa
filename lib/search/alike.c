#include "search/alike.h"

#include "passage/matcher.h"

#include <string.h>

#define SMALL_GAP                                                                                  \
    40000 /* cells of a table that is filled; in larger gaps only beginnings and ends are compared */
#define LONGEST_WORD 48
#define ERRORS 12 /* percent of words that may be misspelt */

/* What was found so far. */
struct tally {
    size_t common, missing, replaced, outside;
};

struct compared {
    const uint32_t *a, *b; /* a is the shorter */
    lj_alike_error error;
    void *data;
    struct tally tally;
};

static bool
same(const struct compared *c, size_t i, size_t j)
{
    return c->a[i] == c->b[j] || (c->error && c->error(c->a[i], c->b[j], c->data));
}

static unsigned
percent(const struct tally *t, size_t n_longer)
{
    double all = (double)t->common + (double)t->missing + 3 * (double)t->replaced +
                 0.25 * (double)t->outside + 0.1 * (double)(n_longer - MIN(n_longer, t->common));
    return all > 0 ? MIN(99u, (unsigned)(100 * (double)t->common / all)) : 0;
}

/* --- anchors: pairs of words that stand once in either text ------------------------------------- */

struct anchor {
    uint32_t a, b;
};

/* Pair of words → place + 1; 0: more than once. */
static GHashTable *
pairs_of(const uint32_t *word, size_t n)
{
    GHashTable *pairs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (size_t i = 0; i + 1 < n; i++) {
        gint64 pair = (gint64)((uint64_t)word[i] << 32 | word[i + 1]);
        bool twice = g_hash_table_contains(pairs, &pair);
        g_hash_table_insert(pairs, g_memdup2(&pair, sizeof pair),
                            GUINT_TO_POINTER(twice ? 0 : i + 1));
    }
    return pairs;
}

/* The longest run of anchors that rise in both texts (patience: each pile keeps its lowest end). */
static GArray *
rising(const GArray *anchors)
{
    guint n = anchors->len, piles = 0;
    guint *top = g_new(guint, n + 1), *before = g_new(guint, n + 1);
    const struct anchor *anchor = (const struct anchor *)(const void *)anchors->data;
    for (guint i = 0; i < n; i++) {
        guint low = 0, high = piles;
        while (low < high) {
            guint middle = (low + high) / 2;
            if (anchor[top[middle]].b < anchor[i].b)
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? top[low - 1] : G_MAXUINT;
        top[low] = i;
        piles = MAX(piles, low + 1);
    }
    GArray *run = g_array_new(FALSE, FALSE, sizeof(struct anchor));
    g_array_set_size(run, piles);
    for (guint i = piles > 0 ? top[piles - 1] : G_MAXUINT, k = piles; k-- > 0; i = before[i])
        g_array_index(run, struct anchor, k) = anchor[i];
    g_free(top);
    g_free(before);
    return run;
}

static GArray *
find_anchors(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    GHashTable *in_a = pairs_of(a, n_a), *in_b = pairs_of(b, n_b);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct anchor));
    for (size_t i = 0; i + 1 < n_a; i++) {
        gint64 pair = (gint64)((uint64_t)a[i] << 32 | a[i + 1]);
        guint own = GPOINTER_TO_UINT(g_hash_table_lookup(in_a, &pair)),
              other = own ? GPOINTER_TO_UINT(g_hash_table_lookup(in_b, &pair)) : 0;
        if (other) {
            struct anchor anchor = {(uint32_t)i, other - 1};
            g_array_append_val(all, anchor);
        }
    }
    GArray *run = rising(all);
    g_array_unref(all);
    g_hash_table_unref(in_a);
    g_hash_table_unref(in_b);
    return run;
}

/* --- gaps between them ---------------------------------------------------------------------------- */

/* Words of a that b lacks, where b has others in their place or none. */
static void
add_hole(struct compared *c, size_t own, size_t others)
{
    c->tally.missing += own;
    c->tally.replaced += MIN(own, others);
}

/* The longest common list of a[a, a_end) and b[b, b_end), by a table; holes between go to the tally. */
static void
compare_cells(struct compared *c, size_t a, size_t a_end, size_t b, size_t b_end)
{
    size_t n = a_end - a, m = b_end - b, width = m + 1;
    uint16_t *best = g_new0(uint16_t, (n + 1) * width); /* of what follows */
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;)
            best[i * width + j] = same(c, a + i, b + j)
                                      ? (uint16_t)(best[(i + 1) * width + j + 1] + 1)
                                      : MAX(best[(i + 1) * width + j], best[i * width + j + 1]);
    size_t i = 0, j = 0, hole_a = 0, hole_b = 0;
    while (i < n && j < m) {
        if (same(c, a + i, b + j)) {
            add_hole(c, i - hole_a, j - hole_b);
            c->tally.common++;
            hole_a = ++i;
            hole_b = ++j;
        } else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) {
            i++;
        } else {
            j++;
        }
    }
    add_hole(c, n - hole_a, m - hole_b);
    g_free(best);
}

static void
compare_gap(struct compared *c, size_t a, size_t a_end, size_t b, size_t b_end)
{
    while (a < a_end && b < b_end && same(c, a, b))
        a++, b++, c->tally.common++;
    while (a < a_end && b < b_end && same(c, a_end - 1, b_end - 1))
        a_end--, b_end--, c->tally.common++;
    if (a == a_end || b == b_end || (a_end - a + 1) * (b_end - b + 1) > SMALL_GAP)
        add_hole(c, a_end - a, b_end - b);
    else
        compare_cells(c, a, a_end, b, b_end);
}

/* Before the first anchor and behind the last: what joins on without a break is in common, the rest outside. */
static void
compare_ends(struct compared *c, const GArray *run, size_t n_a, size_t n_b)
{
    struct anchor first = g_array_index(run, struct anchor, 0),
                  last = g_array_index(run, struct anchor, run->len - 1);
    size_t a = first.a, b = first.b;
    while (a > 0 && b > 0 && same(c, a - 1, b - 1))
        a--, b--, c->tally.common++;
    c->tally.outside += a;
    a = last.a + 2;
    b = last.b + 2;
    while (a < n_a && b < n_b && same(c, a, b))
        a++, b++, c->tally.common++;
    c->tally.outside += n_a - a;
}

unsigned
lj_alike(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, lj_alike_error error,
         void *data)
{
    if (n_a > n_b)
        return lj_alike(b, n_b, a, n_a, error, data);
    if (n_a == 0 || n_b / LJ_ALIKE_LONGER > n_a)
        return 0;
    if (n_a == n_b && memcmp(a, b, n_a * sizeof *a) == 0)
        return 100;
    struct compared c = {.a = a, .b = b, .error = error, .data = data};
    GArray *run = find_anchors(a, n_a, b, n_b);
    if (run->len > 0) {
        compare_ends(&c, run, n_a, n_b);
        size_t done_a = g_array_index(run, struct anchor, 0).a,
               done_b = g_array_index(run, struct anchor, 0).b;
        for (guint i = 0; i < run->len;
             i++) { /* an anchor is two words, and may overlap the one before */
            struct anchor anchor = g_array_index(run, struct anchor, i);
            if (anchor.a > done_a && anchor.b > done_b)
                compare_gap(&c, done_a, anchor.a, done_b, anchor.b);
            else if (anchor.a > done_a)
                add_hole(&c, anchor.a - done_a, 0);
            size_t end = MAX(done_a, anchor.a);
            c.tally.common += anchor.a + 2 - MIN(end, anchor.a + 2);
            done_a = MAX(done_a, anchor.a + 2);
            done_b = MAX(done_b, anchor.b + 2);
        }
    }
    g_array_unref(run);
    return percent(&c.tally, n_b);
}

unsigned
lj_alike_at_most(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t common = 0, shorter = MIN(n_a, n_b), longer = MAX(n_a, n_b);
    for (size_t i = 0, j = 0; i < n_a && j < n_b;) {
        common += a[i] == b[j];
        size_t step = a[i] <= b[j];
        j += a[i] >= b[j];
        i += step;
    }
    if (shorter == 0 || longer / LJ_ALIKE_LONGER > shorter)
        return 0;
    common = MIN(shorter, common + shorter * ERRORS / 100 + 1);
    const struct tally tally = {.common = common, .outside = shorter - common};
    return percent(&tally, longer);
}

/* --- one word, written twice -------------------------------------------------------------------- */

static size_t
letters(const char *word, gunichar *out)
{
    size_t n = 0;
    for (; *word && n < LONGEST_WORD; word = g_utf8_next_char(word)) {
        out[n] = g_utf8_get_char(word);
        if (g_unichar_isdigit(out[n++]))
            return 0;
    }
    return *word ? 0 : n;
}

bool
lj_alike_misspelt(const char *a, const char *b)
{
    gunichar x[LONGEST_WORD], y[LONGEST_WORD];
    size_t n = letters(a, x), m = letters(b, y), shorter = MIN(n, m);
    uint32_t most = shorter < 3 ? 0 : shorter < 6 ? 1 : shorter < 10 ? 2 : 3;
    return most > 0 && lj_edits_within(x, n, y, m, most);
}
