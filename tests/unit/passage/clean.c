/* Text made fit for a line, and where it may be cut. */
#include "cmocka_all.h"
#include "passage/clean.h"
#include <string.h>

static void
blanks_collapse_and_controls_go(void **state)
{
    (void)state;
    static const char *cases[][2] = {
        {"  a \n\t b  ", "a b"},
        {"a\x1b[31mb", "a[31mb"},
        {"a\xc2\xa0\xe2\x80\x83z", "a z"},
        {"legis\xc2\xadlación", "legislación"},
        {"a\xe2\x80\xaetxt", "atxt"},
        {"a\xc2\x9b"
         "31mb",
         "a31mb"},
        {"", ""},
        {"\n \n", ""},
        {"a\xff"
         "b",
         "ab"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *out = g_string_new(NULL);
        lj_clean(cases[i][0], strlen(cases[i][0]), 0, NULL, 0, out, NULL);
        assert_string_equal(out->str, cases[i][1]);
        g_string_free(out, TRUE);
    }
}

static void
highlights_follow_the_text(void **state)
{
    (void)state;
    static const char text[] = "  Tráfico\n\nde \x01 armas";
    const struct lj_span spans[] = {
        {102, 110, 0, 0, 0}, {102, 110, 1, 0, 0}, {117, 122, 0, 0, 0}, {500, 501, 0, 0, 0}};
    GString *out = g_string_new(NULL);
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    lj_clean(text, strlen(text), 100, spans, 4, out, marks);
    assert_string_equal(out->str, "Tráfico de armas");
    assert_int_equal(marks->len, 4);
    static const uint32_t expected[] = {0, 8, 12, 17};
    assert_memory_equal(marks->data, expected, sizeof expected);
    g_array_unref(marks);
    g_string_free(out, TRUE);
}

static void
sentences_begin(void **state)
{
    (void)state;
    /* | stands where a sentence begins */
    static const char *cases[] = {
        "|Se publica. |La ley rige.",
        "|El art. 5 de la Ley Nº 18.037 rige.",
        "|El Sr. Gómez y la S.R.E. Ana van.",
        "|¿Qué? |¡No! |Sí… |Ya.",
        "|Título\n\n|Texto que sigue\n\nen otra línea;\n\n|a) y en otra",
        "|Artículo 1. Las armas. |Artículo 2. Otras.",
        "|Dijo: «basta.» |Y calló.",
        "|En el año 2026. |Después",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *text = g_string_new(NULL), *found = g_string_new(NULL);
        for (const char *p = cases[i]; *p; p++)
            if (*p != '|')
                g_string_append_c(text, *p);
        for (size_t at = 0; at < text->len; at++) {
            if (((uint8_t)text->str[at] & 0xC0) != 0x80 &&
                lj_sentence_start(text->str, text->len, at))
                g_string_append_c(found, '|');
            g_string_append_c(found, text->str[at]);
        }
        assert_string_equal(found->str, cases[i]);
        g_string_free(text, TRUE);
        g_string_free(found, TRUE);
    }
}

static void
clusters_are_not_split(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        bool border;
    } cases[] = {
        {"ab", 1, true},
        {"a\xcc\x81"
         "b",
         1, false},
        {"a\xcc\x81"
         "b",
         3, true},
        {"\r\n", 1, false},
        {"👩‍👧", 4, false},
        {"👩‍👧", 7, false},
        {"🇲🇽🇺🇾", 4, false},
        {"🇲🇽🇺🇾", 8, true},
        {"👍🏽", 4, false},
        {"각", 3, true},
        {"\xe1\x84\x80\xe1\x85\xa1", 3, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (lj_grapheme_border(cases[i].text, strlen(cases[i].text), cases[i].at) !=
            cases[i].border)
            fail_msg("case %zu: %s at %zu", i, cases[i].text, cases[i].at);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_collapse_and_controls_go),
        cmocka_unit_test(highlights_follow_the_text),
        cmocka_unit_test(sentences_begin),
        cmocka_unit_test(clusters_are_not_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
