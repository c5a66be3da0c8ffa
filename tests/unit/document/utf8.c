/* Strict UTF-8 against GLib's validator, and what was seen on the way. */
#include "cmocka_all.h"
#include "document/utf8.h"
#include <glib.h>
#include <string.h>

static void
spans_end_where_glib_says(void **state)
{
    (void)state;
    static const char *cases[] = {
        "",
        "abc",
        "año de la acción pública y de ñandúes",
        "\xc3",
        "ab\xc3(",
        "\xc0\xaf",
        "\xe0\x80\x80",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf0\x9f\x98\x80",
        "\xef\xbf\xbf",
        "€ “comillas” — ·",
        "abcdefgh\xff",
        "abcdefghijklm\xe2\x80",
        "\x80",
        "\xf8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *end;
        g_utf8_validate(cases[i], (gssize)strlen(cases[i]), &end);
        assert_int_equal(lj_utf8_span(cases[i], strlen(cases[i]), NULL), end - cases[i]);
    }
    GRand *random = g_rand_new_with_seed(7);
    for (int round = 0; round < 200000; round++) { /* pieces of sequences, glued anyhow */
        static const char *pieces[] = {
            "a",        "abcdefgh", "\xc3\xb1", "\xe2\x82\xac", "\xe2", "\x82", "\xf0\x9f\x98\x80",
            "\xf0\x9f", "\xed",     "\xa0",     "\xff",         "é"};
        char buffer[80] = "";
        int n = g_rand_int_range(random, 0, 9);
        for (int k = 0; k < n; k++)
            strcat(buffer, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        const char *end;
        g_utf8_validate(buffer, -1, &end);
        assert_int_equal(lj_utf8_span(buffer, strlen(buffer), NULL), end - buffer);
        unsigned flags = 0, high = 0;
        for (const char *p = buffer; p < end; p++)
            high |= (uint8_t)*p >= 0x80 ? LJ_UTF8_HIGH : 0;
        assert_int_equal(lj_utf8_span(buffer, strlen(buffer), &flags), end - buffer);
        if (!*end)
            assert_int_equal(flags & ~(unsigned)LJ_UTF8_MARKS, high);
    }
    g_rand_free(random);
}

static void
what_was_seen_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        unsigned flags;
    } cases[] = {
        {"plain text\tand\nlines", 20, 0},
        {"a line\r\n", 8, LJ_UTF8_RETURN},
        {"0123456789\0abc", 14, LJ_UTF8_CONTROL},
        {"0123456789\x7f", 11, LJ_UTF8_CONTROL},
        {"\x7f"
         "0123456789",
         11, LJ_UTF8_CONTROL},
        {"page\fpage page", 14, LJ_UTF8_CONTROL},
        {"acción", 7, LJ_UTF8_HIGH},
        {"accio\xcc\x81n", 8, LJ_UTF8_HIGH | LJ_UTF8_MARKS},
        {"“sí” — €", 17, LJ_UTF8_HIGH},
        {"\xe2\x80\x80", 3, LJ_UTF8_HIGH | LJ_UTF8_MARKS}, /* U+2000 is U+2002 in NFC */
        {"\xe2\x84\xab", 3, LJ_UTF8_HIGH | LJ_UTF8_MARKS}, /* the Ångström sign */
        {"\xc2\x85", 2, LJ_UTF8_HIGH | LJ_UTF8_CONTROL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned flags = 0;
        assert_int_equal(lj_utf8_span(cases[i].text, cases[i].length, &flags), cases[i].length);
        assert_int_equal(flags, cases[i].flags);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_end_where_glib_says),
        cmocka_unit_test(what_was_seen_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
