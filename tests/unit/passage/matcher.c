/* Spans: what of a text a query matches, as [brackets]. */
#include "analyser.h"
#include "legajo/passage.h"
#include <string.h>

static struct lj_query *
parse(const char *text)
{
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, LJ_SYNTAX_QUERY, NULL, analyser, NULL, &error);
    if (!query)
        fail_msg("%s: %s", text, error->message);
    return query;
}

/* The text with brackets around the spans; those that touch or overlap are united. */
static char *
bracketed(const char *text, const GArray *spans)
{
    GString *out = g_string_new(NULL);
    size_t length = strlen(text);
    unsigned *depth = g_new0(unsigned, length + 2);
    for (guint i = 0; i < spans->len; i++) {
        const struct lj_span *span = &g_array_index(spans, struct lj_span, i);
        assert_true(span->start < span->end && span->end <= length);
        for (size_t at = span->start; at < span->end; at++)
            depth[at + 1]++;
    }
    for (size_t at = 0; at <= length; at++) {
        if (depth[at] > 0 && depth[at + 1] == 0)
            g_string_append_c(out, ']');
        if (depth[at] == 0 && depth[at + 1] > 0)
            g_string_append_c(out, '[');
        if (at < length)
            g_string_append_c(out, text[at]);
    }
    g_free(depth);
    return g_string_free(out, FALSE);
}

struct table {
    const char *query, *text, *expected;
};

static void
check(const struct table *cases, size_t n, bool wholes)
{
    for (size_t i = 0; i < n; i++) {
        struct lj_query *query = parse(cases[i].query);
        struct lj_matcher *matcher = lj_matcher_new(query, analyser);
        GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
        if (wholes) {
            lj_matcher_begin(matcher, NULL);
            lj_matcher_feed(matcher, cases[i].text, strlen(cases[i].text), 0);
            lj_matcher_end(matcher);
            lj_matcher_matches(matcher, spans);
        } else {
            lj_matcher_find(matcher, cases[i].text, strlen(cases[i].text), 0, spans);
        }
        char *found = bracketed(cases[i].text, spans);
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("%s\n   found    %s\n   expected %s", cases[i].query, found,
                     cases[i].expected);
        g_free(found);
        g_array_unref(spans);
        lj_matcher_free(matcher);
        lj_query_free(query);
    }
}

static void
spans_are_right_under_stems_and_accents(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"trafico", "El TRÁFICO de armas", "El [TRÁFICO] de armas"},
        {"tráfico arma", "tráficos de armas", "[tráficos] de [armas]"},
        {"año", "los años y el ano", "los [años] y el ano"},
        {"=tráfico", "trafico, tráfico, tráficos", "trafico, [tráfico], tráficos"},
        {"arma NO tráfico", "tráfico de armas", "tráfico de [armas]"},
        {"armas -tráfico", "tráfico de armas", "tráfico de [armas]"},
        {"arma", "nada de eso", "nada de eso"},
        {"arma", "", ""},
        {"arma",
         "tra\xcc\x81"
         "fico de armas",
         "tra\xcc\x81"
         "fico de [armas]"},
        {"legislación", "la legisla-\nción vigente", "la [legisla-\nción] vigente"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

static void
function_words_are_shown_only_where_asked_for(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"tráfico de armas", "de la ley de tráfico", "de la ley de [tráfico]"},
        {"de la", "de la ley", "[de] [la] ley"},
        {"\"tráfico de armas\"", "de armas: tráfico de armas", "de armas: [tráfico de armas]"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

static void
phrases_match_in_order_accents_aside(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"\"trafico de armas\"", "Tráfico de Armas y armas de tráfico",
         "[Tráfico de Armas] y armas de tráfico"},
        {"\"tráfico de armas\"", "tráfico de arma", "tráfico de arma"},
        {"\"la la\"", "la la la", "[la la la]"},
        {"=\"tráfico de\"", "trafico de, tráfico de", "trafico de, [tráfico de]"},
        {"\"armas * fuego\"", "armas de fuego, armas fuego", "[armas de fuego], armas fuego"},
        {"\"traf* de armas\"", "traficantes de armas", "[traficantes de armas]"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

static void
patterns_and_near_spellings(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"traf*", "Tráfico traficante trajo", "[Tráfico] [traficante] trajo"},
        {"?rmas", "armas urmas rmas", "[armas] [urmas] rmas"},
        {"arm?s", "armas armás armaos", "[armas] [armás] armaos"},
        {"ni?o", "niño nino nicho", "[niño] [nino] nicho"},
        {"trafik~1", "trafic trafico", "[trafic] trafico"},
        {"trafiko~1", "tráfico traficó tráficos", "[tráfico] [traficó] tráficos"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

static void
near_operators_show_only_what_is_near(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"tráfico CERCA/2 armas", "armas x x x tráfico de armas",
         "armas x x x [tráfico] de [armas]"},
        {"tráfico CERCA/1 armas", "tráfico de armas", "tráfico de armas"},
        {"armas ADY/2 tráfico", "tráfico de armas", "tráfico de armas"},
        {"tráfico ADY/2 armas", "tráfico de armas", "[tráfico] de [armas]"},
        {"ley CERCA/3 \"armas de fuego\"", "ley de armas de fuego; armas de fuego",
         "[ley] de [armas de fuego]; armas de fuego"},
        {"arma CERCA/2 arma", "armas y armas", "[armas] y [armas]"},
        {"arma CERCA/2 arma", "armas y mas", "armas y mas"},
        {"traf* CERCA/2 armas", "traficante de armas", "[traficante] de [armas]"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

static void
matches_are_wholes_and_none_within_another(void **state)
{
    (void)state;
    static const struct table cases[] = {
        {"tráfico CERCA/2 armas", "tráfico de armas y armas", "[tráfico de armas] y armas"},
        {"\"tráfico de armas\" armas", "tráfico de armas, armas", "[tráfico de armas], [armas]"},
        {"arma O armas", "armas", "[armas]"},
        /* readings of one word are one match, as many as its positions in the index tell */
        {"legislación legisla cion", "la legisla-\nción", "la [legisla-\nción]"},
        {"legisla cion", "la legisla-\nción", "la [legisla]-\nción"},
        {"diputados diputadas", "diputados/as", "[diputados/as]"},
        {"teórico-práctico práctico", "teórico-práctico", "[teórico-práctico]"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
phrases_cross_frames_but_no_section(void **state)
{
    (void)state;
    static const char text[] = "tráfico de armas de fuego";
    struct lj_query *query = parse("\"armas de fuego\"");
    struct lj_matcher *matcher = lj_matcher_new(query, analyser);
    for (int heading = 0; heading < 2; heading++) {
        struct lj_document *document = lj_document_new();
        lj_document_add_field(document, "title", "Fuego");
        if (heading)
            lj_document_add_mark(document, LJ_MARK_SECTION, 1, 18, 20, "de");
        lj_matcher_begin(matcher, document);
        lj_matcher_feed(matcher, text, 18, 0);
        lj_matcher_feed(matcher, text + 18, strlen(text) - 18, 18);
        lj_matcher_end(matcher);
        GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
        lj_matcher_spans(matcher, spans);
        assert_int_equal(spans->len, heading ? 0 : 1);
        if (!heading) {
            assert_int_equal(g_array_index(spans, struct lj_span, 0).start, 12);
            assert_int_equal(g_array_index(spans, struct lj_span, 0).end, strlen(text));
        }
        g_array_unref(spans);
        lj_document_free(document);
    }
    lj_matcher_free(matcher);
    lj_query_free(query);
}

static void
words_of_the_title_are_found_there_and_in_headings(void **state)
{
    (void)state;
    static const char text[] = "armas\nSección de armas\nlas armas";
    struct lj_query *query = parse("titulo:armas");
    struct lj_matcher *matcher = lj_matcher_new(query, analyser);
    struct lj_document *document = lj_document_new();
    lj_document_add_mark(document, LJ_MARK_SECTION, 1, 6, 23, "Sección de armas");
    lj_matcher_begin(matcher, document);
    lj_matcher_feed(matcher, text, strlen(text), 0);
    lj_matcher_end(matcher);
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    lj_matcher_spans(matcher, spans);
    assert_int_equal(spans->len, 1);
    assert_int_equal(g_array_index(spans, struct lj_span, 0).start, 18);
    g_array_set_size(spans, 0);
    lj_matcher_find_title(matcher, "Ley de Armas", 12, spans);
    assert_int_equal(spans->len, 1);
    assert_int_equal(g_array_index(spans, struct lj_span, 0).start, 7);
    g_array_unref(spans);
    lj_document_free(document);
    lj_matcher_free(matcher);
    lj_query_free(query);
}

static void
documents_are_verified(void **state)
{
    (void)state;
    static const struct {
        const char *query, *text;
        bool all, any, verify;
    } cases[] = {
        {"tráfico armas", "tráfico", false, true, false},
        {"tráfico armas", "tráfico de armas", true, true, false},
        {"tráfico -armas", "tráfico de armas", false, false, false},
        {"ley CERCA/2 \"armas de fuego\"", "ley y armas de fuego", true, true, true},
        {"ley CERCA/2 \"armas de fuego\"", "ley y las armas de fuego", false, false, true},
        {"ley NO (ley CERCA/2 \"armas de fuego\")", "ley y armas de fuego", false, false, true},
        {"tipo:ley", "nada", true, true, false},
        {"tipo:ley armas", "nada", false, false, false},
        {"tipo:ley O armas", "nada", true, true, false},
        {"", "nada", true, true, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_query *query = parse(cases[i].query);
        struct lj_matcher *matcher = lj_matcher_new(query, analyser);
        lj_matcher_begin(matcher, NULL);
        lj_matcher_feed(matcher, cases[i].text, strlen(cases[i].text), 0);
        lj_matcher_end(matcher);
        if (lj_matcher_holds(matcher, true) != cases[i].all ||
            lj_matcher_holds(matcher, false) != cases[i].any ||
            lj_matcher_must_verify(matcher) != cases[i].verify)
            fail_msg("%s in «%s»", cases[i].query, cases[i].text);
        lj_matcher_free(matcher);
        lj_query_free(query);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_right_under_stems_and_accents),
        cmocka_unit_test(function_words_are_shown_only_where_asked_for),
        cmocka_unit_test(phrases_match_in_order_accents_aside),
        cmocka_unit_test(patterns_and_near_spellings),
        cmocka_unit_test(near_operators_show_only_what_is_near),
        cmocka_unit_test(matches_are_wholes_and_none_within_another),
        cmocka_unit_test(phrases_cross_frames_but_no_section),
        cmocka_unit_test(words_of_the_title_are_found_there_and_in_headings),
        cmocka_unit_test(documents_are_verified),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
