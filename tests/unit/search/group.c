/* Grouping: the nearest wins, the first of those as near; the banded look-up finds what a plain one finds. */
#include "cmocka_all.h"
#include "search/group.h"
#include <glib.h>

/* Low bits are fair enough for a test, and the same everywhere. */
static uint64_t
next(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void
check(const struct lj_group_item *items, size_t n, unsigned distance, size_t most)
{
    const struct lj_group_rule rule = {.distance = distance};
    GArray *groups = lj_group(items, n, &rule, most);
    uint32_t *leaders = g_new(uint32_t, n + 1), *members = g_new0(uint32_t, n + 1), count = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t g = count;
        unsigned nearest = distance + 1;
        for (uint32_t k = 0; items[i].known && k < count; k++) {
            unsigned bits = (unsigned)__builtin_popcountll(items[leaders[k]].fingerprint ^
                                                           items[i].fingerprint);
            if (items[leaders[k]].known && bits < nearest) {
                nearest = bits;
                g = k;
            }
        }
        if (g < count) {
            const struct lj_group *group = &g_array_index(groups, struct lj_group, g);
            assert_non_null(group->others);
            assert_true(members[g] < group->others->len);
            assert_int_equal(g_array_index(group->others, struct lj_group_member, members[g]).place,
                             i);
            members[g]++;
        } else if (count < most) {
            assert_true(count < groups->len);
            assert_int_equal(g_array_index(groups, struct lj_group, count).place, i);
            leaders[count++] = i;
        }
    }
    assert_int_equal(groups->len, count);
    for (uint32_t g = 0; g < count; g++) {
        const GArray *others = g_array_index(groups, struct lj_group, g).others;
        assert_int_equal(others ? others->len : 0, members[g]);
    }
    g_free(leaders);
    g_free(members);
    g_array_unref(groups);
}

static void
as_a_plain_search_would(void **state)
{
    (void)state;
    enum { N = 600 };
    struct lj_group_item items[N];
    uint64_t random = 7;
    for (int i = 0; i < N; i++) {
        uint64_t base = i < 60 ? next(&random) : items[next(&random) % 60].fingerprint;
        unsigned flips = (unsigned)(next(&random) % 11);
        for (unsigned f = 0; i >= 60 && f < flips; f++)
            base ^= (uint64_t)1 << (next(&random) % 64);
        items[i] = (struct lj_group_item){i % 50 != 9, base};
    }
    for (unsigned distance = 0; distance <= 12; distance++) {
        check(items, N, distance, N);
        check(items, N, distance, 10);
    }
    check(items, 0, 6, 10);
    check(items, 1, 6, 0);
}

/* Places 0 and 1 are alike in their text, 0 and 2 only in their fingerprints. */
static unsigned
by_text(uint32_t place, uint32_t other, void *data)
{
    (*(unsigned *)data)++;
    return place == 0 && other == 1 ? 95 : 80;
}

static void
texts_decide(void **state)
{
    (void)state;
    const struct lj_group_item items[] = {
        {true, 0}, {true, 0x3FFF}, {true, 0}, {true, ~(uint64_t)0}};
    unsigned asked = 0;
    const struct lj_group_rule rule = {
        .distance = 20, .least = 90, .alike = by_text, .data = &asked};
    GArray *groups = lj_group(items, G_N_ELEMENTS(items), &rule, 10);
    assert_int_equal(groups->len, 3);
    const struct lj_group *first = &g_array_index(groups, struct lj_group, 0);
    assert_int_equal(first->others->len, 1);
    assert_int_equal(g_array_index(first->others, struct lj_group_member, 0).similarity, 95);
    assert_int_equal(asked, 2); /* what is far by fingerprint is not read */
    g_array_unref(groups);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_a_plain_search_would),
                                       cmocka_unit_test(texts_decide)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
