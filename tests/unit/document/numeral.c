/* Numbers in words, and the words themselves. */
#include "cmocka_all.h"
#include "document/numeral.h"
#include <glib.h>
#include <string.h>

static void
numbers_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned value;
        size_t used;
    } cases[] = {
        {"uno", 1, 3},
        {"veintiún días", 21, 9},
        {"VEINTIUNO", 21, 9},
        {"treinta y uno de enero", 31, 13},
        {"treinta\ny uno", 31, 13},
        {"treinta y", 30, 7},
        {"diez y seis", 16, 11},
        {"mil", 1000, 3},
        {"mil ochocientos trece", 1813, 21},
        {"mil novecientos ochenta y cuatro", 1984, 32},
        {"dos mil veintiséis", 2026, 19},
        {"dos mil, veinte", 2000, 7},
        {"ciento diecinueve mil novecientos", 119900, 33},
        {"cien y dos", 100, 4},
        {"veinte dos", 20, 6},
        {"tres cuatro", 3, 4},
        {"docena", 0, 0},
        {"unos", 0, 0},
        {"y uno", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned value = 0;
        size_t used = lj_spelled_number(cases[i].text, strlen(cases[i].text), 0, &value);
        if (used != cases[i].used || value != cases[i].value)
            fail_msg("%s: %u in %zu bytes", cases[i].text, value, used);
    }
}

static void
ordinals_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned value;
        size_t used;
    } cases[] = {
        {"primero", 1, 7},
        {"Primer párrafo", 1, 6},
        {"TERCERA", 3, 7},
        {"segundos", 2, 8},
        {"décimo", 10, 7},
        {"Décimo segundo.", 12, 15},
        {"decimosegundo", 12, 13},
        {"vigésimo tercero transitorio", 23, 17},
        {"trigésimo primera", 31, 18},
        {"centésimo vigésimo tercero", 123, 28},
        {"segundo primero", 2, 7},
        {"cuartel", 0, 0},
        {"terce", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned value = 0;
        size_t used = lj_spelled_ordinal(cases[i].text, strlen(cases[i].text), 0, &value);
        if (used != cases[i].used || value != cases[i].value)
            fail_msg("%s: %u in %zu bytes", cases[i].text, value, used);
    }
}

static void
roman_numerals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool lower;
        unsigned value;
        size_t used;
    } cases[] = {
        {"IX", false, 9, 2},   {"XIV,", false, 14, 3}, {"CXXIII", false, 123, 6},
        {"XL", false, 40, 2},  {"ix", true, 9, 2},     {"ix", false, 0, 0},
        {"IIII", false, 0, 0}, {"VX", false, 0, 0},    {"IC", false, 0, 0},
        {"XX", false, 20, 2},  {"Vista", false, 0, 0}, {"", false, 0, 0},
        {"XXXX", false, 0, 0}, {"C", false, 100, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned value = 0;
        size_t used =
            lj_spelled_roman(cases[i].text, strlen(cases[i].text), 0, cases[i].lower, &value);
        if (used != cases[i].used || value != cases[i].value)
            fail_msg("%s: %u in %zu bytes", cases[i].text, value, used);
    }
}

static void
words_are_folded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
        size_t used;
    } cases[] = {
        {"Vigésimo tercero", "vigesimo", 9},
        {"AÑO", "a\xf1o", 4},
        {"an\xcc\x83o", "a\xf1o", 5},
        {"ene\xc2\xadro", "enero", 7},
        {"sep-\ntiembre", "septiembre", 12},
        {"sep-\n2026", "sep", 3},
        {"enero.", "enero", 5},
        {"1o", "", 0},
        {"«enero", "", 0},
        {"otorrinolaringologicamente", "", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char word[LJ_SPELLED];
        size_t used = lj_spelled_word(cases[i].text, strlen(cases[i].text), 0, word);
        if (used != cases[i].used || (used && strcmp(word, cases[i].word) != 0))
            fail_msg("%s: %s in %zu bytes", cases[i].text, word, used);
    }
}

static void
ordinal_marks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t used;
    } cases[] = {
        {"º", 2},  {"° de", 2}, {"ª", 2},   {".º ", 3},  {".o ", 2},   {"o. y", 2},
        {"o ", 1}, {"er ", 2},  {"to.", 3}, {"do ", 2},  {"º. de", 3}, {"os", 0},
        {"", 0},   {".", 0},    {" o", 0},  {"otro", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t used = lj_spelled_ordinal_mark(cases[i].text, strlen(cases[i].text), 0);
        if (used != cases[i].used)
            fail_msg("\"%s\": %zu", cases[i].text, used);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_words), cmocka_unit_test(ordinals_in_words),
        cmocka_unit_test(roman_numerals),   cmocka_unit_test(words_are_folded),
        cmocka_unit_test(ordinal_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
