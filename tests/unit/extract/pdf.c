/* PDF: text, pages and their labels, outline, running lines, hyphens; the PDFs are written here. */
#include "helper.h"

/* A PDF of pages, each an array of lines ended by NULL; extra goes into the catalogue. */
static GString *
make_pdf(const char *const *const *pages, int n, const char *catalogue, const char *objects,
         const char *info)
{
    GString *pdf = g_string_new("%PDF-1.4\n");
    GArray *offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    GString *kids = g_string_new(NULL);
    for (int i = 0; i < n; i++)
        g_string_append_printf(kids, "%d 0 R ", 10 + 2 * i);
#define OBJECT(number)                                                                             \
    while (offsets->len <= (guint)(number)) {                                                      \
        gsize zero = 0;                                                                            \
        g_array_append_val(offsets, zero);                                                         \
    }                                                                                              \
    g_array_index(offsets, gsize, number) = pdf->len;                                              \
    g_string_append_printf(pdf, "%d 0 obj\n", number)
    OBJECT(1);
    g_string_append_printf(pdf, "<</Type/Catalog/Pages 2 0 R %s>>\nendobj\n", catalogue);
    OBJECT(2);
    g_string_append_printf(pdf, "<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n", n, kids->str);
    OBJECT(3);
    g_string_append(
        pdf, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\nendobj\n");
    OBJECT(4);
    g_string_append_printf(pdf, "<<%s>>\nendobj\n", info);
    for (int i = 0; i < n; i++) {
        GString *content = g_string_new("BT /F1 10 Tf 14 TL 50 750 Td\n");
        for (const char *const *line = pages[i]; *line; line++) {
            char *latin = g_convert(*line, -1, "CP1252", "UTF-8", NULL, NULL, NULL);
            g_string_append_printf(content, "(%s) Tj T*\n", latin);
            g_free(latin);
        }
        g_string_append(content, "ET\n");
        OBJECT(10 + 2 * i);
        g_string_append_printf(pdf,
                               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 "
                               "792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>\nendobj\n",
                               11 + 2 * i);
        OBJECT(11 + 2 * i);
        g_string_append_printf(pdf, "<</Length %zu>>\nstream\n", content->len);
        g_string_append_len(pdf, content->str, (gssize)content->len);
        g_string_append(pdf, "\nendstream\nendobj\n");
        g_string_free(content, TRUE);
    }
    if (objects) {
        OBJECT(5);
        g_string_append_printf(pdf, "%s\nendobj\n", objects);
    }
    gsize xref = pdf->len;
    g_string_append_printf(pdf, "xref\n0 %u\n", offsets->len);
    for (guint i = 0; i < offsets->len; i++) {
        gsize at = g_array_index(offsets, gsize, i);
        g_string_append_printf(pdf, "%010zu %05d %c \n", at, at ? 0 : 65535, at ? 'n' : 'f');
    }
    g_string_append_printf(pdf,
                           "trailer\n<</Size %u/Root 1 0 R/Info 4 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
                           offsets->len, xref);
    g_array_unref(offsets);
    g_string_free(kids, TRUE);
    return pdf;
}

static const char *const page1[] = {"DIARIO DE SESIONES - 10 de mayo",
                                    "Ley de Armas",
                                    "La presente ley regula la coope-",
                                    "ración de la UNO-",
                                    "DOS.",
                                    "Página 1",
                                    NULL};
static const char *const page2[] = {"DIARIO DE SESIONES - 10 de mayo",
                                    "Artículo 1.- Texto de la segunda hoja, que se par-",
                                    "Página 2", NULL};
static const char *const page3[] = {"DIARIO DE SESIONES - 10 de mayo", "te en dos.",
                                    "Capítulo final", "Página 3", NULL};
static const char *const page4[] = {"DIARIO DE SESIONES - 10 de mayo", "Fin.", "Página 4", NULL};
static const char *const *const four[] = {page1, page2, page3, page4};

static void
pages_come_without_what_runs_along_them(void **state)
{
    (void)state;
    GString *pdf = make_pdf(four, 4, "/PageLabels<</Nums[0<</S/r>>2<</S/D/St 145>>]>>", NULL,
                            "/Title(Microsoft Word - ley.docx)");
    struct outcome o = extract_bytes("ley.txt", pdf->str, pdf->len);
    struct lj_document *d = first(&o);
    assert_string_equal(d->mime, "application/pdf");
    assert_string_equal(
        d->text->str,
        "Ley de Armas\nLa presente ley regula la cooperación de la UNO-\nDOS.\n"
        "Artículo 1.- Texto de la segunda hoja, que se parte en dos.\nCapítulo final\nFin.\n");
    char *marks = marks_of(d);
    assert_string_equal(marks, "P1 i|S5 Artículo 1|P2 ii|P3 145|P4 146|");
    g_free(marks);
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    clear(&o);
    g_string_free(pdf, TRUE);
}

/* Pages of nothing but such lines, as certificates are, say them. */
static void
pages_keep_the_only_line_they_have(void **state)
{
    (void)state;
    static const char *const pages[][2] = {{"Constancia de riego número 1", NULL},
                                           {"Constancia de riego número 2", NULL},
                                           {"Constancia de riego número 3", NULL},
                                           {"Constancia de riego número 4", NULL}};
    const char *const *const all[] = {pages[0], pages[1], pages[2], pages[3]};
    GString *pdf = make_pdf(all, 4, "", NULL, "");
    struct outcome o = extract_bytes("c.pdf", pdf->str, pdf->len);
    assert_non_null(strstr(first(&o)->text->str, "Constancia de riego número 3"));
    clear(&o);
    g_string_free(pdf, TRUE);
}

/* The same words at the foot of many pages are text where they stand at other heights. */
static void
what_recurs_elsewhere_on_the_page_is_text(void **state)
{
    (void)state;
    static const char *const one[] = {"Acta", "Uno.", "Acordó la ampliación", NULL};
    static const char *const two[] = {"Acta", "Dos.", "Sigue.", "Acordó la ampliación", NULL};
    static const char *const three[] = {"Acta", "Tres.", "Sigue.", "Sigue.", "Acordó la ampliación",
                                        NULL};
    static const char *const four_[] = {
        "Acta", "Cuatro.", "Sigue.", "Así.", "Todavía.", "Acordó la ampliación", NULL};
    const char *const *const all[] = {one, two, three, four_};
    GString *pdf = make_pdf(all, 4, "", NULL, "");
    struct outcome o = extract_bytes("a.pdf", pdf->str, pdf->len);
    assert_string_equal(first(&o)->text->str,
                        "Uno.\nAcordó la ampliación\nDos.\nSigue.\nAcordó la ampliación\nTres.\n"
                        "Sigue.\nSigue.\nAcordó la ampliación\nCuatro.\nSigue.\nAsí.\nTodavía.\n"
                        "Acordó la ampliación\n");
    clear(&o);
    g_string_free(pdf, TRUE);
}

static void
the_outline_becomes_sections(void **state)
{
    (void)state;
    GString *pdf = make_pdf(four, 4, "/Outlines 5 0 R",
                            "<</First 6 0 R/Last 6 0 R/Count 1>>\nendobj\n6 0 "
                            "obj\n<</Title(Cap\\355tulo final)/Parent 5 0 R/Dest[14 0 R/Fit]>>",
                            "");
    /* object 6 has no row in the table of offsets: the reader rebuilds it */
    char *xref = g_strrstr(pdf->str, "startxref");
    memcpy(xref, "startxxxx", 9);
    struct outcome o = extract_bytes("ley.pdf", pdf->str, pdf->len);
    struct lj_document *d = first(&o);
    char *marks = marks_of(d);
    assert_non_null(strstr(marks, "S1 Capítulo final|"));
    g_free(marks);
    for (guint i = 0; i < d->marks->len; i++) {
        struct lj_mark *m = &g_array_index(d->marks, struct lj_mark, i);
        if (m->label && strcmp(m->label, "Capítulo final") == 0)
            assert_memory_equal(d->text->str + m->start, "Capítulo final", m->end - m->start);
    }
    clear(&o);
    g_string_free(pdf, TRUE);
}

static void
metadata_counts_when_the_text_bears_it_out(void **state)
{
    (void)state;
    static const struct {
        const char *info, *title, *author;
    } cases[] = {
        {"/Title(La ley que regula la ley)/Author(Ana P\\351rez)/CreationDate(D:20200101)",
         "La ley que regula la ley", "Ana Pérez"},
        {"/Title(Plantilla de otro expediente)/Author(usuario1)", "Ley de Armas", NULL},
        {"/Title(Documento1)/Author(Usuario de Windows)", "Ley de Armas", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *pdf = make_pdf(four, 4, "", NULL, cases[i].info);
        struct outcome o = extract_bytes("x.pdf", pdf->str, pdf->len);
        assert_string_equal(lj_document_field(first(&o), "title"), cases[i].title);
        assert_true(g_strcmp0(lj_document_field(first(&o), "author"), cases[i].author) == 0);
        assert_null(first(&o)->date); /* a creation date is none of the document's */
        clear(&o);
        g_string_free(pdf, TRUE);
    }
}

static void
damage_costs_one_document(void **state)
{
    (void)state;
    struct outcome o = extract_string("x.pdf", "%PDF-1.4\nnada de nada");
    assert_false(o.good);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    clear(&o);
    GString *pdf = make_pdf(four, 4, "", NULL, "");
    o = extract_bytes("x.pdf", pdf->str,
                      pdf->len * 2 / 3); /* truncated: what is left is read, or a failure */
    assert_true(o.good || o.error->code == LJ_ERROR_FORMAT);
    clear(&o);
    o = extract_bytes("x.pdf", pdf->str, pdf->len);
    first(&o);
    clear(&o);
    g_string_free(pdf, TRUE);
}

static void
answers_in_forms_are_text(void **state)
{
    (void)state;
    const char *const one[] = {"Solicitud de acceso", NULL};
    const char *const *const pages[] = {one};
    GString *pdf = make_pdf(pages, 1, "/AcroForm<</Fields[5 0 R]/NeedAppearances true>>",
                            "<</Type/Annot/Subtype/Widget/FT/Tx/T(nombre)/V(Ana Ruiz)"
                            "/Rect[100 600 400 620]/F 4/P 10 0 R>>",
                            "");
    /* as long as what it replaces, so that the table of objects stays true */
    char *box = strstr(pdf->str, "/MediaBox[0 0 612 792]");
    assert_non_null(box);
    memcpy(box, "/Annots[5 0 R]        ", 22);
    struct outcome o = extract_bytes("solicitud.pdf", pdf->str, pdf->len);
    assert_string_equal(first(&o)->text->str, "Solicitud de acceso\nAna Ruiz\n");
    clear(&o);
    g_string_free(pdf, TRUE);
}

static void
files_within_are_documents_of_their_own(void **state)
{
    (void)state;
    const char *const one[] = {"Informe de aguas", "La red pierde un tercio.", NULL};
    const char *const *const pages[] = {one};
    const char *within = "Anexo: la tabla de pozos.";
    char *object = g_strdup_printf("<</Type/EmbeddedFile/Length %zu>>\nstream\n%s\nendstream",
                                   strlen(within), within);
    GString *pdf = make_pdf(pages, 1,
                            "/Names<</EmbeddedFiles<</Names[(pozos.txt)<</Type/Filespec/"
                            "F(..\\\\x/pozos.txt)/EF<</F 5 0 R>>>>]>>>>",
                            object, "");
    struct outcome o = extract_bytes("informe.pdf", pdf->str, pdf->len);
    assert_true(o.good);
    assert_int_equal(o.documents->len, 2);
    const struct lj_document *d = o.documents->pdata[0], *inner = o.documents->pdata[1];
    assert_string_equal(lj_document_field(d, "title"), "Informe de aguas");
    assert_string_equal(inner->text->str, "Anexo: la tabla de pozos.");
    assert_string_equal(inner->member, "pozos.txt");
    clear(&o);
    g_string_free(pdf, TRUE);
    g_free(object);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_come_without_what_runs_along_them),
        cmocka_unit_test(pages_keep_the_only_line_they_have),
        cmocka_unit_test(what_recurs_elsewhere_on_the_page_is_text),
        cmocka_unit_test(the_outline_becomes_sections),
        cmocka_unit_test(metadata_counts_when_the_text_bears_it_out),
        cmocka_unit_test(answers_in_forms_are_text),
        cmocka_unit_test(files_within_are_documents_of_their_own),
        cmocka_unit_test(damage_costs_one_document),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
