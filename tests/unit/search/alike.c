/* What makes a copy, and what makes another text of the same form. */
#include "cmocka_all.h"
#include "search/alike.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Words by number, as a text has them. */
struct dictionary {
    GHashTable *numbers;
    GPtrArray *words;
};

static GArray *
read_words(struct dictionary *dictionary, const char *text)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    char **words = g_strsplit(text, " ", -1);
    for (char **word = words; *word; word++) {
        gpointer known = g_hash_table_lookup(dictionary->numbers, *word);
        if (!known) {
            char *own = g_strdup(*word);
            g_ptr_array_add(dictionary->words, own);
            known = GUINT_TO_POINTER(dictionary->words->len);
            g_hash_table_insert(dictionary->numbers, own, known);
        }
        uint32_t number = GPOINTER_TO_UINT(known) - 1;
        g_array_append_val(numbers, number);
    }
    g_strfreev(words);
    return numbers;
}

static bool
misspelt(uint32_t a, uint32_t b, void *data)
{
    const struct dictionary *dictionary = data;
    return lj_alike_misspelt(dictionary->words->pdata[a], dictionary->words->pdata[b]);
}

static int
compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

#define NEWS                                                                                       \
    "presidente anuncio hoy nuevo programa vivienda beneficiara familias zonas rurales pais "      \
    "inversion conjunta "                                                                          \
    "gobiernos estatales ministra explico obras comenzaran proximo trimestre"
#define LAW(name, city, number)                                                                    \
    "articulo 1 designase nombre " name " escuela " number " ciudad " city                         \
    " articulo 2 comuniquese publiquese archivese"

static void
copies_and_forms(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned least, most;
    } cases[] = {
        {NEWS, NEWS, 100, 100},
        {NEWS, "boletin prensa 415 " NEWS " conmutador 55", 95, 100},
        {"boletin prensa 415 " NEWS, "montevideo 3 marzo " NEWS " aviso legal", 94, 99},
        {NEWS,
         "presidente anuncio hoy nuevo programa viviemda beneficiara familas zonas rurales pais "
         "inversion conjunta gobiernos estatales ministra explico obras comenzarán proxirno "
         "trimestre",
         99, 99},
        {NEWS,
         "presidente anuncio hoy nuevo programa vivienda beneficiara familias zonas rurales pais "
         "gobiernos estatales ministra explico obras comenzaran proximo trimestre",
         94, 99},
        {NEWS, NEWS " " NEWS " " NEWS " " NEWS, 0, 0},
        {NEWS, "otra cosa dicen estas palabras", 0, 0},
        {"", NEWS, 0, 0},
        {LAW("artigas", "minas", "23"), LAW("rodo", "rocha", "45"), 0, 80},
        {LAW("artigas", "minas", "23"), LAW("artigas", "minas", "24"), 0, 85},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct dictionary dictionary = {
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), g_ptr_array_new()};
        GArray *a = read_words(&dictionary, cases[i].a), *b = read_words(&dictionary, cases[i].b);
        if (!*cases[i].a)
            g_array_set_size(a, 0);
        uint32_t *x = (uint32_t *)(void *)a->data, *y = (uint32_t *)(void *)b->data;
        unsigned percent = lj_alike(x, a->len, y, b->len, misspelt, &dictionary);
        assert_in_range(percent, cases[i].least, cases[i].most);
        assert_int_equal(lj_alike(y, b->len, x, a->len, misspelt, &dictionary), percent);
        if (a->len)
            qsort(x, a->len, sizeof *x, compare);
        qsort(y, b->len, sizeof *y, compare);
        assert_true(lj_alike_at_most(x, a->len, y, b->len) >= MIN(percent, 94));
        g_array_unref(a);
        g_array_unref(b);
        g_hash_table_unref(dictionary.numbers);
        g_ptr_array_unref(dictionary.words);
    }
}

static void
errors_of_typing(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"vivienda", "viviemda", true},
        {"armas", "arrnas", false},
        {"proximo", "proxirno", true},
        {"ley", "lei", true},
        {"de", "en", false},
        {"1990", "1991", false},
        {"l990", "1990", false},
        {"rocha", "minas", false},
        {"niño", "nino", true},
        {"vivienda", "ivvienda", true},
        {"", "", false},
        {"decreto", "decretos", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(lj_alike_misspelt(cases[i].a, cases[i].b), cases[i].same);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(copies_and_forms),
                                       cmocka_unit_test(errors_of_typing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
