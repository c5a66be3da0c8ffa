/* Which forms meet in one stem, and which must not. */
#include "cmocka_all.h"
#include "analysis/stem.h"
#include <string.h>

static int
open_stemmer(void **state)
{
    *state = lj_stemmer_open(NULL, NULL);
    return *state ? 0 : -1;
}

static int
close_stemmer(void **state)
{
    lj_stemmer_close(*state);
    return 0;
}

static bool
meet(struct lj_stemmer *stemmer, const char *a, const char *b)
{
    char left[LJ_STEM_SIZE], right[LJ_STEM_SIZE];
    size_t n = lj_stem(stemmer, a, strlen(a), left), m = lj_stem(stemmer, b, strlen(b), right);
    bool same = n == m && memcmp(left, right, n) == 0;
    assert_int_equal(strlen(left), n);
    assert_true(n > 0);
    return same;
}

static void
number_makes_no_difference(void **state)
{
    static const char *const pairs[][2] = {
        {"arma", "armas"},         {"año", "años"},
        {"acto", "actos"},         {"juez", "jueces"},
        {"voz", "voces"},          {"joven", "jovenes"},
        {"regimen", "regimenes"},  {"dictamen", "dictamenes"},
        {"militar", "militares"},  {"linea", "lineas"},
        {"prestamo", "prestamos"}, {"frances", "franceses"},
        {"nacion", "naciones"},    {"ley", "leyes"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
}

static void
eñe_is_a_letter(void **state)
{
    static const char *const pairs[][2] = {
        {"año", "ano"}, {"caña", "cana"}, {"peña", "pena"}, {"años", "anos"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s meet", pairs[i][0], pairs[i][1]);
}

static void
any_length_has_a_stem(void **state)
{
    char word[1024], stem[LJ_STEM_SIZE];
    memset(word, 'a', sizeof word);
    for (size_t n = 1; n < sizeof word; n++) {
        size_t length = lj_stem(*state, word, n, stem);
        assert_true(length > 0 && length < LJ_STEM_SIZE);
    }
    assert_true(lj_stem(*state, "s", 1, stem) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_makes_no_difference),
        cmocka_unit_test(eñe_is_a_letter),
        cmocka_unit_test(any_length_has_a_stem),
    };
    return cmocka_run_group_tests_name("stem", tests, open_stemmer, close_stemmer);
}
