/* Phrases and near operators over positions. */
#include "cmocka_all.h"
#include "passage/occurrence.h"
#include <stdlib.h>
#include <string.h>

/* "3 9 12-14" → occurrences at these positions. */
static GArray *
list(const char *text)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct occurrence));
    char **words = g_strsplit(text, " ", -1);
    for (char **word = words; *word && **word; word++) {
        char *dash = strchr(*word, '-');
        uint32_t first = (uint32_t)atoi(*word), last = dash ? (uint32_t)atoi(dash + 1) : first;
        struct occurrence one = {first, last, first * 10, last * 10 + 5, 0, ZONE_TEXT};
        g_array_append_val(out, one);
    }
    g_strfreev(words);
    return out;
}

static char *
print(const GArray *found)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        const struct occurrence *one = &g_array_index(found, struct occurrence, i);
        g_string_append_printf(out, "%s%u-%u", i ? " " : "", one->first, one->last);
        assert_int_equal(one->start, one->first * 10);
        assert_int_equal(one->end, one->last * 10 + 5);
    }
    return g_string_free(out, FALSE);
}

static void
near_gives_the_smallest_windows(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *c;
        uint32_t distance;
        bool ordered;
        const char *expected;
    } cases[] = {
        {"1 8", "2 10", NULL, 3, false, "1-2 8-10"},
        {"1 8", "2 10", NULL, 1, false, "1-2"},
        {"1", "3 4", NULL, 5, false, "1-3"},
        {"1 2 3", "4", NULL, 5, false, "3-4"},
        {"5", "1 9", NULL, 4, false, "1-5 5-9"},
        {"5", "1 9", NULL, 4, true, "5-9"},
        {"1 2", "1 2", NULL, 4, false, "1-2"},
        {"1", "1", NULL, 4, false, ""},
        {"1", "2-4", NULL, 1, false, "1-4"},
        {"2-4", "6", NULL, 1, false, ""},
        {"2-4", "6", NULL, 2, false, "2-6"},
        {"1", "3", "5", 3, false, "1-5"},
        {"1", "3", "5", 2, false, ""}, /* two between the outer ones and the middle one */
        {"1", "2-3", "5", 3, false, "1-5"},
        {"5", "3", "1", 3, true, ""},
        {"1 6", "3 8", "5 10", 3, true, "1-5 6-10"},
        {"", "3", NULL, 3, true, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GArray *children[3] = {list(cases[i].a), list(cases[i].b),
                               list(cases[i].c ? cases[i].c : "")};
        GArray *out = list(""), *members = list("");
        size_t n = cases[i].c ? 3 : 2;
        lj_occurrence_near(children, n, cases[i].distance, cases[i].ordered, 0, out, members);
        char *found = print(out);
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("case %zu: found %s, expected %s", i, found, cases[i].expected);
        assert_true(members->len <= out->len * n);
        g_free(found);
        g_array_unref(out);
        g_array_unref(members);
        for (int j = 0; j < 3; j++)
            g_array_unref(children[j]);
    }
}

/* Against the definition: every pair within reach, less those that hold a smaller one. */
static void
near_equals_its_definition(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 2000; round++) {
        GArray *children[2] = {list(""), list("")};
        for (uint32_t position = 1; position < 30; position++)
            for (int j = 0; j < 2; j++)
                if (rand() % 4 == 0) {
                    struct occurrence one = {position,          position, position * 10,
                                             position * 10 + 5, 0,        0};
                    g_array_append_val(children[j], one);
                }
        uint32_t distance = (uint32_t)(rand() % 6 + 1);
        GString *expected = g_string_new(NULL);
        for (uint32_t a = 1; a < 30; a++)
            for (uint32_t b = a + 1; b < 30 && b - a <= distance; b++) {
                bool in[2][30] = {{false}};
                for (int j = 0; j < 2; j++)
                    for (guint k = 0; k < children[j]->len; k++)
                        in[j][g_array_index(children[j], struct occurrence, k).first] = true;
                if (!(in[0][a] && in[1][b]) && !(in[1][a] && in[0][b]))
                    continue;
                bool smaller = false;
                for (uint32_t c = a; c <= b; c++)
                    for (uint32_t d = c + 1; d <= b; d++)
                        if ((c != a || d != b) &&
                            ((in[0][c] && in[1][d]) || (in[1][c] && in[0][d])))
                            smaller = true;
                if (!smaller)
                    g_string_append_printf(expected, "%s%u-%u", expected->len ? " " : "", a, b);
            }
        GArray *out = list("");
        lj_occurrence_near(children, 2, distance, false, 0, out, NULL);
        char *found = print(out);
        assert_string_equal(found, expected->str);
        g_free(found);
        g_string_free(expected, TRUE);
        g_array_unref(out);
        g_array_unref(children[0]);
        g_array_unref(children[1]);
    }
}

static void
phrases_keep_their_gaps(void **state)
{
    (void)state;
    GArray *children[3] = {list("3 40 41"), list("4 9 41 42"), list("6 90 44")};
    const uint32_t gap[3] = {0, 1, 2};
    GArray *out = list("");
    lj_occurrence_sort(children[2]);
    lj_occurrence_phrase(children, gap, 3, 7, out);
    char *found = print(out);
    assert_string_equal(found, "3-6 41-44");
    assert_int_equal(g_array_index(out, struct occurrence, 0).leaf, 7);
    g_free(found);
    g_array_unref(out);
    for (int j = 0; j < 3; j++)
        g_array_unref(children[j]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_gives_the_smallest_windows),
        cmocka_unit_test(near_equals_its_definition),
        cmocka_unit_test(phrases_keep_their_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
