/* The order of a page's text, from boxes made here: each letter is 5 points wide and 10 high. */
#include "cmocka_all.h"
#include "extract/layout.h"
#include <string.h>

struct line {
    const char *text;
    double x, y;
    double gap_after; /* the letter behind this many… */
    double gap;       /* …is moved by so many points */
    bool upwards;
};

static char *
arrange(const struct line *lines, size_t n, GArray *tops)
{
    GString *text = g_string_new(NULL), *out = g_string_new(NULL);
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(struct lj_box));
    for (size_t i = 0; i < n; i++) {
        double x = lines[i].x, y = lines[i].y;
        int number = 0;
        for (const char *p = lines[i].text; *p; p = g_utf8_next_char(p)) {
            struct lj_box box = {x, y, x + 5, y + 10};
            g_array_append_val(boxes, box);
            x += lines[i].upwards ? 0 : 5;
            y -= lines[i].upwards ? 10 : 0;
            if (++number == lines[i].gap_after)
                x += lines[i].gap;
        }
        g_string_append_printf(text, "%s\n", lines[i].text);
        struct lj_box end = {x, y, x, y + 10};
        g_array_append_val(boxes, end);
    }
    bool good = lj_layout_arrange(text->str, (const struct lj_box *)(const void *)boxes->data,
                                  boxes->len, out, tops);
    g_string_free(text, TRUE);
    g_array_unref(boxes);
    if (!good)
        g_string_assign(out, "(as it was)");
    return g_string_free(out, FALSE);
}

/* Poppler reads a paragraph that is set in behind the one below it. */
static void
what_is_above_comes_before(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"Cuatro. Se añade un artículo 3 ter:", 50, 100, 0, 0, false},
        {"1. Las comunicaciones podrán realizarse", 60, 130, 0, 0, false},
        {"por medios electrónicos.", 50, 145, 0, 0, false},
        {"«Artículo 3 ter. Comunicaciones", 70, 115, 0, 0, false},
    };
    char *text = arrange(lines, G_N_ELEMENTS(lines), NULL);
    assert_string_equal(text,
                        "Cuatro. Se añade un artículo 3 ter:\n«Artículo 3 ter. Comunicaciones\n"
                        "1. Las comunicaciones podrán realizarse\npor medios electrónicos.\n");
    g_free(text);
}

static void
columns_stay_columns(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"izquierda uno", 50, 100, 0, 0, false},  {"izquierda dos", 50, 115, 0, 0, false},
        {"izquierda tres", 50, 130, 0, 0, false}, {"derecha uno", 300, 100, 0, 0, false},
        {"derecha dos", 300, 115, 0, 0, false},   {"derecha tres", 300, 130, 0, 0, false},
    };
    char *text = arrange(lines, G_N_ELEMENTS(lines), NULL);
    assert_string_equal(text, "izquierda uno\nizquierda dos\nizquierda tres\nderecha uno\nderecha "
                              "dos\nderecha tres\n");
    g_free(text);
}

/* "Dictámenes3": cells that touch in the text, not on the page; a cell far off stands behind a tab. */
static void
cells_are_parted(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"Dictámenes3", 50, 100, 10, 8, false},
        {"Total1200", 50, 115, 5, 120, false},
        {"Firma:", 50, 130, 0, 0, false},
        {"Ana Ruiz", 200, 130, 0, 0, false},
    };
    char *text = arrange(lines, G_N_ELEMENTS(lines), NULL);
    assert_string_equal(text, "Dictámenes 3\nTotal\t1200\nFirma:\tAna Ruiz\n");
    g_free(text);
}

/* What runs up a margin, and the number beside the text, are lines of their own. */
static void
margins_are_lines_of_their_own(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"El texto que es largo y llena la línea", 50, 100, 0, 0, false},
        {"cve: BOCG-1", 400, 500, 0, 0, true},
        {"9", 390, 100, 0, 0, false},
        {"y sigue en la otra línea hasta el fin.", 50, 115, 0, 0, false},
    };
    GArray *tops = g_array_new(FALSE, FALSE, sizeof(double));
    char *text = arrange(lines, G_N_ELEMENTS(lines), tops);
    assert_string_equal(text, "El texto que es largo y llena la línea\n9\n"
                              "y sigue en la otra línea hasta el fin.\ncve: BOCG-1\n");
    assert_int_equal(tops->len, 4);
    assert_true(g_array_index(tops, double, 2) == 115);
    g_free(text);
    g_array_unref(tops);
}

/* A header that Poppler reads in the middle of the page goes to its head. */
static void
headers_come_first(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"Primera línea del cuerpo, a todo el ancho", 100, 100, 0, 0, false},
        {"Serie A", 20, 50, 0, 0, false},
        {"Segunda línea del cuerpo", 100, 115, 0, 0, false},
        {"Tercera", 100, 400, 0, 0, false},
    };
    char *text = arrange(lines, G_N_ELEMENTS(lines), NULL);
    assert_string_equal(text, "Serie A\nPrimera línea del cuerpo, a todo el ancho\nSegunda línea "
                              "del cuerpo\nTercera\n");
    g_free(text);
}

/* "D E C R E T O" is a word; where its letters end a wider gap does. */
static void
words_that_are_spaced_out_are_words(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {"D E C R E T O  L E Y", 50, 100, 0, 0, false},
        {"y a la o", 50, 115, 0, 0, false},
    };
    char *text = arrange(lines, G_N_ELEMENTS(lines), NULL);
    assert_string_equal(text, "DECRETO  LEY\ny a la o\n");
    g_free(text);
}

/* '^': the digit behind it is a small one. */
static void
marks_of_notes_are_no_part_of_words(void **state)
{
    (void)state;
    static const char line[] = "los antecedentes^1 de 25 km^2 del área42 del acta^1bis\n";
    GString *text = g_string_new(NULL), *out = g_string_new(NULL);
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(struct lj_box));
    double x = 50, high = 10;
    for (const char *p = line; *p; p = g_utf8_next_char(p)) {
        if (*p == '^') {
            high = 6;
            continue;
        }
        struct lj_box box = {x, 100, x + 5, 100 + high};
        g_array_append_val(boxes, box);
        x += 5;
        high = 10;
        g_string_append_unichar(text, g_utf8_get_char(p));
    }
    assert_true(lj_layout_arrange(text->str, (const struct lj_box *)(const void *)boxes->data,
                                  boxes->len, out, NULL));
    assert_string_equal(out->str, "los antecedentes 1 de 25 km2 del área42 del acta1bis\n");
    g_string_free(text, TRUE);
    g_string_free(out, TRUE);
    g_array_unref(boxes);
}

/* '_': a blank that Poppler sees between letters that are placed singly; those of a plain line stay. */
static void
blanks_within_words_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *line, *read;
        double more; /* by which every second letter is wider */
    } lines[] = {
        {"la re_lación de re_gantes y los can_ales de la ci_udad\n",
         "la relación de regantes y los canales de la ciudad\n", 0.5},
        {"la re_lación de re_gantes y los can_ales de la ci_udad\n",
         "la re lación de re gantes y los can ales de la ci udad\n", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        GString *text = g_string_new(NULL), *out = g_string_new(NULL);
        GArray *boxes = g_array_new(FALSE, FALSE, sizeof(struct lj_box));
        double x = 50;
        for (const char *p = lines[i].line; *p; p = g_utf8_next_char(p)) {
            double wide = *p == '_' ? 1.2 : *p == ' ' ? 4 : boxes->len % 2 ? 5 + lines[i].more : 5;
            struct lj_box box = {x, 100, x + wide, 110};
            g_array_append_val(boxes, box);
            x += wide;
            g_string_append_unichar(text, *p == '_' ? ' ' : g_utf8_get_char(p));
        }
        assert_true(lj_layout_arrange(text->str, (const struct lj_box *)(const void *)boxes->data,
                                      boxes->len, out, NULL));
        assert_string_equal(out->str, lines[i].read);
        g_string_free(text, TRUE);
        g_string_free(out, TRUE);
        g_array_unref(boxes);
    }
}

static void
what_does_not_fit_stays_as_it_is(void **state)
{
    (void)state;
    static const struct line upwards[] = {{"Cuadro girado", 50, 400, 0, 0, true}};
    char *text = arrange(upwards, 1, NULL);
    assert_string_equal(text, "(as it was)");
    g_free(text);
    struct lj_box box = {0, 0, 1, 1};
    GString *out = g_string_new(NULL);
    assert_false(lj_layout_arrange("dos", &box, 1, out, NULL));
    assert_int_equal(out->len, 0);
    assert_true(lj_layout_arrange("", &box, 0, out, NULL));
    g_string_free(out, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_above_comes_before),
        cmocka_unit_test(columns_stay_columns),
        cmocka_unit_test(cells_are_parted),
        cmocka_unit_test(margins_are_lines_of_their_own),
        cmocka_unit_test(headers_come_first),
        cmocka_unit_test(words_that_are_spaced_out_are_words),
        cmocka_unit_test(blanks_within_words_are_none),
        cmocka_unit_test(marks_of_notes_are_no_part_of_words),
        cmocka_unit_test(what_does_not_fit_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
