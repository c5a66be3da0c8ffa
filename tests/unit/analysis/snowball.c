/* The stemmer linked from the archive gives what libstemmer gives through its public door. */
#include "analysis/snowball.h"

#include <glib.h>
#include <libstemmer.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
same(struct sb_stemmer *library, struct SN_env *ours, const char *word)
{
    size_t length;
    const char *stem = lj_snowball(ours, word, strlen(word), &length);
    char *got = g_strndup(stem, length);
    const sb_symbol *other = sb_stemmer_stem(library, (const sb_symbol *)word, (int)strlen(word));
    assert_string_equal(got, (const char *)other);
    assert_int_equal(length, sb_stemmer_length(library));
    g_free(got);
}

static void
as_the_library(void **state)
{
    (void)state;
    static const char *const roots[] = {"extradi", "tráfic", "public", "señal", "cooper",
                                        "armon",   "níquel", "",       "güeld", "xyzw"};
    static const char *const endings[] = {"",     "o",     "os",     "ción",   "ciones", "ándosela",
                                          "ado",  "aron",  "amente", "idad",   "ísimos", "ñ",
                                          "aría", "ábais", "adoras", "ividad", "logía",  "e"};
    struct sb_stemmer *library = sb_stemmer_new("spanish", "UTF_8");
    struct SN_env *ours = spanish_UTF_8_create_env();
    assert_non_null(library);
    for (size_t r = 0; r < G_N_ELEMENTS(roots); r++)
        for (size_t e = 0; e < G_N_ELEMENTS(endings); e++) {
            char *word = g_strconcat(roots[r], endings[e], NULL);
            same(library, ours, word);
            g_free(word);
        }
    spanish_UTF_8_close_env(ours);
    sb_stemmer_delete(library);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_the_library)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
