/* Markdown and its front matter. */
#include "helper.h"

static void
front_matter_becomes_fields(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "ley.md",
        "---\ntitle: \"Ley Nº 1 - ARMAS\"\nrank: ley\npublication_date: \"2009-12-15\"\n"
        "country: uy\nsource: \"https://example.org/1\"\ndepartment: Ministerio\nstatus: in_force\n"
        "tags: [armas, seguridad]\nempty: null\nid: UY-1\nextra:\n  inner: x\n---\n\n# Ley Nº "
        "1\n\nTexto **fuerte**.\n");
    struct lj_document *d = first(&o);
    assert_string_equal(d->mime, "text/markdown");
    assert_string_equal(lj_document_field(d, "title"), "Ley Nº 1 - ARMAS");
    assert_string_equal(lj_document_field(d, "type"), "ley");
    assert_string_equal(lj_document_field(d, "country"), "uy");
    assert_string_equal(lj_document_field(d, "url"), "https://example.org/1");
    assert_string_equal(lj_document_field(d, "organization"), "Ministerio");
    assert_string_equal(lj_document_field(d, "status"), "in_force");
    assert_string_equal(lj_document_field(d, "subject"), "armas");
    assert_string_equal(lj_document_field(d, "identifier"), "UY-1");
    assert_string_equal(lj_document_field(d, "extra.inner"), "x");
    assert_null(lj_document_field(d, "empty"));
    assert_null(d->id);
    assert_string_equal(d->date, "2009-12-15");
    assert_int_equal(d->date_from, LJ_DATE_FRONT_MATTER);
    assert_string_equal(d->text->str, "Ley Nº 1\n\nTexto fuerte.\n");
    clear(&o);
}

static void
markup_goes_and_words_stay(void **state)
{
    (void)state;
    static const struct {
        const char *markdown, *text, *marks;
    } cases[] = {
        {"# Uno\n\n## Dos ##\n\n#tres\n", "Uno\n\nDos\n\n#tres\n", "S1 Uno|S2 Dos|"},
        {"Título\n======\nTexto\n", "Título\nTexto\n", "S1 Título|"},
        {"Ver [la ley](http://x/y_(z)) y [1].\n", "Ver la ley y [1].\n", ""},
        {"![Mapa](m.png) <br> <https://x.org/>\n", "Mapa  https://x.org/\n", ""},
        {"(*) **A** __b__ `c` 1\\. d\n", "(*) A b c 1. d\n", ""},
        {"a <!-- no\n", "a <!-- no\n", ""},
        {"<!-- nada\nmás\n--> b\n", "\n b\n", ""},
        {"```\n# no es título\n```\n", "# no es título\n", ""},
        {"##### Artículo 1 **(Objeto)**\n", "Artículo 1 (Objeto)\n", "S5 Artículo 1 (Objeto)|"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string("a.md", cases[i].markdown);
        assert_string_equal(first(&o)->text->str, cases[i].text);
        char *marks = marks_of(first(&o));
        assert_string_equal(marks, cases[i].marks);
        g_free(marks);
        clear(&o);
    }
}

static void
broken_front_matter_is_noted_and_read_as_text(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.md", "---\ntitle: \"sin cerrar\nrank: [a\n---\nCuerpo\n");
    struct lj_document *d = first(&o);
    assert_int_equal(o.failures->len, 1);
    assert_non_null(strstr(o.failures->pdata[0], "front matter"));
    assert_non_null(strstr(o.failures->pdata[0], "line "));
    assert_non_null(strstr(d->text->str, "sin cerrar"));
    assert_non_null(strstr(d->text->str, "Cuerpo"));
    clear(&o);
}

static void
an_impossible_date_is_kept_and_no_date(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.md", "---\ntitle: x\ndate: 2026-02-31\n---\nCuerpo\n");
    assert_null(first(&o)->date);
    assert_string_equal(lj_document_field(first(&o), "date_text"), "2026-02-31");
    clear(&o);
}

static void
front_matter_is_known_in_any_file(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.txt", "---\ntitle: Con cabecera\n---\nCuerpo\n");
    assert_string_equal(lj_document_field(first(&o), "title"), "Con cabecera");
    clear(&o);
    o = extract_string("a.txt", "---\nUna raya y nada más\n---\nCuerpo\n");
    assert_string_equal(first(&o)->mime, "text/plain");
    clear(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_matter_becomes_fields),
        cmocka_unit_test(markup_goes_and_words_stay),
        cmocka_unit_test(broken_front_matter_is_noted_and_read_as_text),
        cmocka_unit_test(an_impossible_date_is_kept_and_no_date),
        cmocka_unit_test(front_matter_is_known_in_any_file),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
