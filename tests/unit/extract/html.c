/* HTML: text, sections, what meta tags say, charsets. */
#include "helper.h"

static void
blocks_become_lines_and_headings_sections(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.html",
        "<!DOCTYPE html><html lang=es><head><title>Ley  de\n Armas</title><style>p{}</style>"
        "<script>var x='<p>no</p>';</script></head><body><nav><a href=/>Inicio</a></nav>"
        "<h1>Ley de <em>Armas</em></h1><p>Uno\n dos&nbsp;tres.</p><p>Cuatro<br>cinco</p>"
        "<ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></"
        "table>"
        "<h2>Artículo 1</h2><div hidden>no</div><div style='display: "
        "none'>no</div>Fin</body></html>");
    struct lj_document *d = first(&o);
    assert_string_equal(d->mime, "text/html");
    assert_string_equal(
        d->text->str,
        "Ley de Armas\n\nUno dos tres.\n\nCuatro\ncinco\n\na\nb\n\n1\t2\n3\n\nArtículo 1\n\nFin\n");
    char *marks = marks_of(d);
    assert_string_equal(marks, "S1 Ley de Armas|S2 Artículo 1|");
    g_free(marks);
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    assert_string_equal(lj_document_field(d, "language"), "es");
    clear(&o);
}

static void
meta_tags_become_fields(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.html", "<html><head><meta name='DC.creator' content='Ana Pérez'><meta name=keywords "
                  "content='armas, paz'>"
                  "<meta property='article:published_time' content='2026-01-21T10:00:00-06:00'>"
                  "<link rel=canonical href='https://example.org/n'></head><body><p>Texto de 3 de "
                  "mayo de 2001</body></html>");
    struct lj_document *d = first(&o);
    assert_string_equal(lj_document_field(d, "author"), "Ana Pérez");
    assert_string_equal(lj_document_field(d, "subject"), "armas");
    assert_string_equal(lj_document_field(d, "url"), "https://example.org/n");
    assert_string_equal(d->date, "2026-01-21");
    assert_int_equal(d->date_from, LJ_DATE_MARKUP);
    clear(&o);
    o = extract_string(
        "a.html", "<html><body><script "
                  "type='application/ld+json'>{\"@graph\":[{\"datePublished\":\"2025-03-04\"}]}"
                  "</script><p>Hola</p></body></html>");
    assert_string_equal(first(&o)->date, "2025-03-04");
    clear(&o);
    o = extract_string(
        "a.html",
        "<html><body><time datetime='2024-12-31'>fin de año</time><p>Hola</p></body></html>");
    assert_string_equal(first(&o)->date, "2024-12-31");
    clear(&o);
}

static void
charsets_are_as_declared_where_bytes_allow(void **state)
{
    (void)state;
    static const struct {
        const char *html, *charset, *from;
    } cases[] = {
        {"<html><head><meta charset=iso-8859-1></head><body>A\xf1o \x93x\x94</body></html>",
         "windows-1252", "declared"},
        {"<html><head><meta http-equiv=Content-Type content='text/html; "
         "charset=windows-1252'></head><body>A\xf1o \x93x\x94</body></html>",
         "windows-1252", "declared"},
        {"<html><head><meta charset=iso-8859-1></head><body>A\xc3\xb1o “x”</body></html>", "utf-8",
         "utf-8"},
        {"<html><head></head><body>A\xf1o \x93x\x94</body></html>", "windows-1252", "default"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string("a.html", cases[i].html);
        assert_string_equal(first(&o)->text->str, "Año “x”\n");
        assert_string_equal(first(&o)->charset, cases[i].charset);
        assert_string_equal(first(&o)->charset_from, cases[i].from);
        clear(&o);
    }
}

static void
deep_nesting_is_survived(void **state)
{
    (void)state;
    GString *page = g_string_new("<html><body><p>Antes</p>");
    for (int i = 0; i < 100000; i++)
        g_string_append(page, "<div><b>");
    struct outcome o = extract_bytes("a.html", page->str, page->len);
    assert_non_null(strstr(first(&o)->text->str, "Antes"));
    clear(&o);
    g_string_free(page, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_become_lines_and_headings_sections),
        cmocka_unit_test(meta_tags_become_fields),
        cmocka_unit_test(charsets_are_as_declared_where_bytes_allow),
        cmocka_unit_test(deep_nesting_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
