/* Columns, and strings for JSON and for people. */
#include "cmocka_all.h"
#include "legajo/render.h"
#include <string.h>

static void
columns_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned width;
    } cases[] = {
        {"", 0},  {"año", 3},   {"an\xcc\x83o", 3}, {"漢字", 4},
        {"👍", 2}, {"a\x1b", 1}, {"ｆ", 2},          {"…·", 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(lj_width(cases[i].text, -1), cases[i].width);
}

static void
what_fits_is_cut_between_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned columns;
        size_t bytes;
    } cases[] = {
        {"abc", 3, 3},         {"abc", 2, 2},  {"abc", 0, 0},  {"año", 2, 3},
        {"an\xcc\x83o", 2, 4}, {"漢字", 3, 3}, {"漢字", 1, 0}, {"", 5, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(lj_width_fit(cases[i].text, strlen(cases[i].text), cases[i].columns),
                         cases[i].bytes);
}

static void
paths_are_shown_whatever_their_bytes(void **state)
{
    (void)state;
    static const char *cases[][2] = {
        {"/a/ñ.txt", "/a/ñ.txt"},
        {"/a/\xf1.txt", "/a/%F1.txt"},
        {"a\nb\x1b", "a%0Ab%1B"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *shown = lj_path_display(cases[i][0]);
        assert_string_equal(shown, cases[i][1]);
        g_free(shown);
    }
}

static void
json_strings_are_escaped(void **state)
{
    (void)state;
    static const char *cases[][2] = {
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\x01\n\t\x7f", "\"\\u0001\\n\\t\\u007f\""},
        {"ñ", "\"ñ\""},
        {NULL, "null"},
        {"", "\"\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *out = g_string_new(NULL);
        lj_json_append(out, cases[i][0], -1);
        assert_string_equal(out->str, cases[i][1]);
        g_string_free(out, TRUE);
    }
}

/* Cut at blanks only; a word longer than a line has one of its own. */
static void
wraps(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wrapped;
    } cases[] = {{"", ""},
                 {"armas de fuego", "armas de\n  fuego"},
                 {"ñandú año", "ñandú año"},
                 {"a extradiciones b", "a\n  extradiciones\n  b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = lj_wrap(cases[i].text, 9, 2);
        assert_string_equal(got, cases[i].wrapped);
        g_free(got);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_counted), cmocka_unit_test(what_fits_is_cut_between_clusters),
        cmocka_unit_test(paths_are_shown_whatever_their_bytes),
        cmocka_unit_test(json_strings_are_escaped), cmocka_unit_test(wraps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
