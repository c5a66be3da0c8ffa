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
        "<p>Los antecedentes<a href=#n1><sup>1</sup></a> de 25 km<sup>2</sup>, ley<sup><a "
        "href=#n2>[2]</a></sup> consti&shy;tucional 5&shy;bis&shy;.</p>"
        "<ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></"
        "table>"
        "<h2>Artículo 1</h2><div hidden>no</div><div style='display: "
        "none'>no</div>Fin</body></html>");
    struct lj_document *d = first(&o);
    assert_string_equal(d->mime, "text/html");
    assert_string_equal(
        d->text->str,
        "Ley de Armas\n\nUno dos tres.\n\nCuatro\ncinco\n\nLos antecedentes 1 de 25 km2, "
        "ley[2] constitucional 5­bis­.\n\na\nb\n\n1\t2\n3\n\nArtículo 1\n\nFin\n");
    char *marks = marks_of(d);
    assert_string_equal(marks, "S1 Ley de Armas|S2 Artículo 1|");
    g_free(marks);
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    assert_string_equal(lj_document_field(d, "language"), "es");
    clear(&o);
}

/* A page as government sites serve it: the law stands between menus, banners, forms and a foot. */
static void
the_main_text_is_found(void **state)
{
    (void)state;
    static const char head
        [] = "<!DOCTYPE html><html><head><title>Ley de Aguas | Gobierno de "
             "Prueba</title></head><body>"
             "<div id='topbar'><span>Modo oscuro</span></div>"
             "<div class='header-wrap'><ul><li><a href='/'>Inicio</a></li><li><a "
             "href='/l'>Leyes</a></li>"
             "<li><a href='/c'>Contacto</a></li></ul></div>"
             "<form id='aspnetForm'><div class='row'>",
    foot[] =
        "</div></form><div class='cookie-notice'>Este sitio usa cookies <a href='/p'>más</a></div>"
        "<footer><p>Dirección: calle 1, teléfono 2</p></footer></body></html>",
    law[] = "<h1>Ley de Aguas</h1><p>Artículo 1. Las aguas son de todos, según el <a "
            "href='/cc'>Código Civil</a> y las costumbres de los regantes, que las cuidan.</p>"
            "<p>Artículo 2. Nadie las desvía sin permiso de la junta de vecinos.</p>",
    text[] = "Ley de Aguas\n\nArtículo 1. Las aguas son de todos, según el Código Civil y las "
             "costumbres de los regantes, que las cuidan.\n\nArtículo 2. Nadie las desvía sin "
             "permiso de la junta de vecinos.\n";
    static const char *const around[][2] = {
        {"", ""},
        {"<main>", "</main><aside><h3>Noticias</h3><p>Otra noticia del día, larga como un "
                   "párrafo.</p></aside>"},
        {"<div id='contenido'>", "</div><div class='col'><a href='/1'>Una</a> <a href='/2'>Dos</a> "
                                 "<a href='/3'>Tres noticias más</a></div>"},
        {"<table><tr><td class='menu'><a href='/1'>Uno</a><br><a href='/2'>Dos</a></td><td>",
         "</td></tr></table>"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(around); i++) {
        char *page = g_strconcat(head, around[i][0], law, around[i][1], foot, NULL);
        struct outcome o = extract_string("a.html", page);
        assert_string_equal(first(&o)->text->str, text);
        assert_string_equal(lj_document_field(first(&o), "title"), "Ley de Aguas");
        clear(&o);
        g_free(page);
    }
    /* A page of links and nothing else keeps them. */
    struct outcome o = extract_string(
        "a.html", "<html><body><ul><li><a href=1>Ley de aguas de riego</a><li><a href=2>Ley de "
                  "bosques</a><li><a href=3>Ley de caminos vecinales</a></ul></body></html>");
    assert_string_equal(first(&o)->text->str,
                        "Ley de aguas de riego\nLey de bosques\nLey de caminos vecinales\n");
    clear(&o);
}

/* The date of the page, not of an event beside it; the author from linked data. */
static void
dates_and_authors_are_the_pages_own(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.html",
        "<html><body><div><time datetime='2030-01-01'>Agenda</time></div><article><h1>Nota</h1>"
        "<time datetime='2024-05-06'>6 de mayo</time><p>Texto de la "
        "nota.</p></article></body></html>");
    assert_string_equal(first(&o)->date, "2024-05-06");
    clear(&o);
    o = extract_string("a.html", "<html><body><time datetime='2030-01-01'>Uno</time><time "
                                 "datetime='2031-01-01'>Dos</time><p>Texto.</p></body></html>");
    assert_null(first(&o)->date);
    clear(&o);
    o = extract_string(
        "a.html",
        "<html><head><title>Microsoft Word - Documento1</title><script "
        "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":[{\"name\":\"Ana "
        "Pérez\"}],\"dateModified\":\"2026-01-01\",\"datePublished\":\"2025-03-04\"}</script></"
        "head>"
        "<body><h1>El riego</h1><p>Hola</p></body></html>");
    assert_string_equal(lj_document_field(first(&o), "author"), "Ana Pérez");
    assert_string_equal(lj_document_field(first(&o), "title"), "El riego");
    assert_string_equal(first(&o)->date, "2025-03-04");
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
        cmocka_unit_test(the_main_text_is_found),
        cmocka_unit_test(dates_and_authors_are_the_pages_own),
        cmocka_unit_test(meta_tags_become_fields),
        cmocka_unit_test(charsets_are_as_declared_where_bytes_allow),
        cmocka_unit_test(deep_nesting_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
