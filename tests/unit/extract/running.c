/* Pages joined to a text: words that a line's end parts. */
#include "cmocka_all.h"
#include "extract/running.h"
#include <string.h>

static void
words_parted_by_any_hyphen_are_joined(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *text;
    } cases[] = {
        {"la coope-\n", "ración\n", "la cooperación\n"},
        {"la coope\xc2\xad\n", "  ración\n", "la cooperación\n"},
        {"la coope\xe2\x80\x90\n", "ración\n", "la cooperación\n"},
        {"el PL-\n", "red\n", "el PL-\nred\n"},
        {"Montevideo-\n", "Canelones\n", "Montevideo-\nCanelones\n"},
        {"-\n", "uno\n", "-\nuno\n"},
        {"ley 5\xe2\x80\x90\n", "bis\n", "ley 5\xe2\x80\x90\nbis\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *pages = lj_running_pages();
        GString *text = g_string_new(NULL);
        lj_running_add(pages, g_strdup(cases[i].first), NULL);
        lj_running_add(pages, g_strdup(cases[i].second), NULL);
        for (guint page = 0; page < pages->len; page++)
            lj_running_append(text, pages->pdata[page]);
        assert_string_equal(text->str, cases[i].text);
        g_string_free(text, TRUE);
        g_ptr_array_unref(pages);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_parted_by_any_hyphen_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
