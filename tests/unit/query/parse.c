/* What queries mean, what pasted text must not mean, and how wrong ones are refused. */
#include "analyser.h"
#include "shape.h"
#include <string.h>

static bool
declared(const char *name, void *data)
{
    return strcmp(name, data) == 0;
}

static const struct lj_query_context context = {20261122, declared, (void *)"estado"};

static struct lj_query *
parse(const char *text, enum lj_syntax syntax)
{
    GError *error = NULL;
    struct lj_query_place place = {0, 0};
    struct lj_query *query = lj_query_parse(text, syntax, &context, analyser, &place, &error);
    if (!query)
        fail_msg("%s: %s at %zu..%zu", text, error->message, place.start, place.end);
    return query;
}

struct meaning {
    const char *text, *shape;
};

static void
check(const struct meaning *cases, size_t n, enum lj_syntax syntax)
{
    for (size_t i = 0; i < n; i++) {
        struct lj_query *query = parse(cases[i].text, syntax);
        char *found = shape(query);
        if (strcmp(found, cases[i].shape) != 0)
            fail_msg("%s\n   means %s\n   not   %s", cases[i].text, found, cases[i].shape);
        g_free(found);
        char *printed = lj_query_print(query);
        struct lj_query *again = parse(printed, LJ_SYNTAX_QUERY);
        if (!lj_query_equal(query, again))
            fail_msg("%s prints as %s, which means something else", cases[i].text, printed);
        lj_query_free(again);
        lj_query_free(query);
        g_free(printed);
    }
}

static void
words_and_operators(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"", ""},
        {"  \t ", ""},
        {"tráfico", "tráfico"},
        {"tráfico armas", "[tráfico armas]"},
        {"+tráfico -armas drogas", "[+tráfico -armas drogas]"},
        {"-armas", "[-armas]"},
        {"tráfico Y armas", "(tráfico & armas)"},
        {"tráfico AND armas", "(tráfico & armas)"},
        {"tráfico O armas", "(tráfico | armas)"},
        {"tráfico OR armas OR drogas", "(tráfico | armas | drogas)"},
        {"tráfico NO armas", "[tráfico !armas]"},
        {"NO armas", "!armas"},
        {"tráfico Y NOT armas", "(tráfico & !armas)"},
        {"NO tráfico armas", "[!tráfico armas]"},
        {"NO NO armas", "!!armas"},
        {"uno Y dos O tres Y mil", "((uno & dos) | (tres & mil))"},
        {"uno dos Y tres", "([uno dos] & tres)"},
        {"uno Y (dos O tres)", "(uno & (dos | tres))"},
        {"(uno Y dos) Y tres", "(uno & dos & tres)"},
        {"((uno))", "uno"},
        {"(uno dos) tres", "[[uno dos] tres]"},
        {"+(uno dos) -(tres O mil)", "[+[uno dos] -(tres | mil)]"},
        {"uno Y -dos", "(uno & [-dos])"},
        {"NO -uno", "![-uno]"},
        {"*", "*"},
        {"* NO armas", "!armas"},
        {"(*) tipo:ley", "type=ley"},
        {"tráfico CERCA/5 armas", "{tráfico ~5 armas}"},
        {"tráfico NEAR/5 armas ADJ/3 fuego", "{{tráfico ~5 armas} >3 fuego}"},
        {"uno CERCA/5 dos CERCA/5 tres", "{uno ~5 dos ~5 tres}"},
        {"(uno CERCA/5 dos) CERCA/5 tres", "{{uno ~5 dos} ~5 tres}"},
        {"uno dos ADY/100 tres mil", "[uno {dos >100 tres} mil]"},
        {"+uno CERCA/5 dos", "[+{uno ~5 dos}]"},
        {"NO uno CERCA/5 dos", "!{uno ~5 dos}"},
        {"\"armas de fuego\" CERCA/9 (traf* O =tráfico)",
         "{\"armas de fuego\" ~9 (/traf*/ | =tráfico)}"},
        {"titulo:uno CERCA/5 titulo:dos", "{title:uno ~5 title:dos}"},
    };
    check(cases, G_N_ELEMENTS(cases), LJ_SYNTAX_QUERY);
}

static void
phrases_exact_forms_patterns(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"\"tráfico de armas\"", "\"tráfico de armas\""},
        {"«tráfico de armas»", "\"tráfico de armas\""},
        {"“tráfico de armas”", "\"tráfico de armas\""},
        {"„tráfico de armas“", "\"tráfico de armas\""},
        {"«el \"grupo\" nuevo»", "\"el grupo nuevo\""},
        {"\"tráfico\"", "\"tráfico\""},
        {"\"\"", ""},
        {"\"…\" armas", "armas"},
        {"\"ley * armas\"", "\"ley * armas\""},
        {"\"tráf* de armas\"", "\"/traf*/ de armas\""},
        {"-\"armas de fuego\"", "[-\"armas de fuego\"]"},
        {"=tráfico", "=tráfico"},
        {"-=tráfico", "[-=tráfico]"},
        {"exacta:tráfico", "=tráfico"},
        {"=\"de armas\"", "=\"=de =armas\""},
        {"exacta:«de armas»", "=\"=de =armas\""},
        {"=Tráfico de armas", "[=tráfico de armas]"},
        {"traf*", "/traf*/"},
        {"Tráf**o", "/traf*o/"},
        {"?rma", "/?rma/"},
        {"arm?s", "/arm?s/"},
        {"*ción,", "/*cion/"},
        {"a??z", "/a??z/"},
        {"+traf* -arm?s", "[+/traf*/ -/arm?s/]"},
        {"franco-arm*", "\"franco /arm*/\""},
        {"trafik~1", "trafik~1"},
        {"Tráfik~2.", "trafik~2"},
        {"~500 personas", "[500 personas]"},
        {"armas,drogas;dinero", "[armas drogas dinero]"},
        {"y/o", "[y o]"},
    };
    check(cases, G_N_ELEMENTS(cases), LJ_SYNTAX_QUERY);
}

static void
fields_and_dates(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"tipo:ley", "type=ley"},
        {"TIPO:Ley armas", "[type=ley armas]"},
        {"tipo:ley,decreto", "(type=ley | type=decreto)"},
        {"tipo:ley, armas", "[type=ley armas]"},
        {"tipo:\"decreto ley\",ley", "(type=decreto ley | type=ley)"},
        {"tipo:(ley O decreto)", "(type=ley | type=decreto)"},
        {"tipo:dec*", "type:/dec*/"},
        {"-tipo:ley armas", "[-type=ley armas]"},
        {"uno O tipo:ley,decreto", "(uno | type=ley | type=decreto)"},
        {"título:armas", "title:armas"},
        {"title:\"ley de armas\"", "title:\"title:ley title:de title:armas\""},
        {"titulo:armas de fuego", "[title:armas de fuego]"},
        {"titulo:(armas fuego)", "[title:armas title:fuego]"},
        {"titulo:arm*,fuego~1", "(title:/arm*/ | title:fuego~1)"},
        {"titulo:=Año", "=title:año"},
        {"órgano:\"relaciones exteriores\"",
         "organization:\"organization:relaciones organization:exteriores\""},
        {"autor:velasco", "author:velasco"},
        {"pais:México", "country=mexico"},
        {"ext:.PDF", "ext=pdf"},
        {"ruta:Leyes/2026/", "path=leyes/2026"},
        {"ruta:leyes/*", "path=leyes"},
        {"id:\"Leyes/a b.pdf\"", "id=Leyes/a b.pdf"},
        {"id:a\"b\"«c\"d»", "id=abc\"d"},
        {"estado:Vigente", "estado=vigente"},
        {"url:https://x.mx/?a=b*", "url=https://x.mx/?a=b*"},
        {"etiqueta:revisar", "tag=revisar"},
        {"mencion:2026-01-21", "mention=20260121"},
        {"mencion:202601", "mention=202601"},
        {"fecha:2026", "20260101..20261231"},
        {"año:2026", "20260101..20261231"},
        {"fecha:2026-02", "20260201..20260228"},
        {"fecha:21/01/2026", "20260121..20260121"},
        {"fecha:\"enero de 2026\"", "20260101..20260131"},
        {"fecha:\"21 de enero de 2026\"..\"3 de marzo de 2026\"", "20260121..20260303"},
        {"fecha:2024..2026", "20240101..20261231"},
        {"fecha:..2025", "0..20251231"},
        {"fecha:2025..", "20250101..99999999"},
        {"fecha:..", "0..99999999"},
        {"fecha:hace-30d..", "20261023..99999999"},
        {"fecha:\"hace 2 meses\"", "20260922..20260922"},
        {"fecha:hace-1a..ayer", "20251122..20261121"},
        {"fecha:hoy", "20261122..20261122"},
        {"fecha:ninguna", "undated"},
        {"fecha:2024,2026 armas", "[(20240101..20241231 | 20260101..20261231) armas]"},
    };
    check(cases, G_N_ELEMENTS(cases), LJ_SYNTAX_QUERY);
}

static void
pasted_text_is_no_syntax(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"LEY DE ARMAS Y EXPLOSIVOS", "[ley de armas y explosivos]"},
        {"NO SE APLICARAN NORMAS", "[no se aplicaran normas]"},
        {"UNO CERCA/5 DOS", "[uno \"cerca 5\" dos]"},
        {"DECRETO 5 O 6", "[decreto 5 o 6]"},
        {"RESOLUCION:APRUEBASE", "\"resolucion apruebase\""},
        {"¿Qué equipo ganó?", "[qué equipo ganó]"},
        {"¿Y qué dijo?", "[y qué dijo]"},
        {"Y después", "[y después]"},
        {"https: es un protocolo", "[https es un protocolo]"},
        {"Artículo: texto", "[artículo texto]"},
        {"1) primero b) segundo", "[1 primero b segundo]"},
        {"el -entre rayas- texto", "[el -entre rayas texto]"},
        {"el -rayas- texto - suelto = igual", "[el rayas texto suelto igual]"},
        {"Y", "y"},
        {"no o y", "[no o y]"},
        {"5 % * 3 ?", "[5 3]"},
        {"¡!¿?", ""},
        {"...", ""},
    };
    check(cases, G_N_ELEMENTS(cases), LJ_SYNTAX_QUERY);
}

static void
plain_text_cannot_fail(void **state)
{
    (void)state;
    static const struct meaning cases[] = {
        {"\"sin cerrar tipo:ley -a (b Y NO", "[sin cerrar tipo ley a b y no]"},
        {"tráf* ~1 ?rma =x", "[tráf 1 rma x]"},
        {"fecha:2026 13", "[fecha 2026 13]"},
        {")))", ""},
        {"UNO Y DOS", "[uno y dos]"},
        {"uno", "uno"},
    };
    check(cases, G_N_ELEMENTS(cases), LJ_SYNTAX_PLAIN);
}

static void
errors_mark_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t start, end;
        const char *says;
    } cases[] = {
        {"armas \"sin cerrar", 6, 17, "not closed"},
        {"armas «sin cerrar", 6, 18, "not closed"},
        {"tipo:\"ley", 5, 9, "not closed"},
        {"armas» y", 5, 7, "never opened"},
        {"(armas", 0, 1, "not closed"},
        {"armas de fuego)", 14, 15, "never opened"},
        {"a ()", 2, 4, "no word between"},
        {"titulo:()", 7, 9, "no word between"},
        {"armas NO", 6, 8, "behind it"},
        {"NO", 0, 2, "behind it"},
        {"armas Y", 6, 7, "both sides"},
        {"armas Y O fuego", 6, 7, "both sides"},
        {"(O fuego)", 1, 2, "both sides"},
        {"armas CERCA/5", 6, 13, "both sides"},
        {"CERCA/5 armas", 0, 7, "both sides"},
        {"armas CERCA/101 b", 6, 15, "between 1 and 100"},
        {"armas CERCA/0 b", 6, 13, "between 1 and 100"},
        {"armas CERCA/5 (b c)", 14, 19, "joins words"},
        {"armas CERCA/5 tipo:ley", 14, 22, "joins words"},
        {"armas CERCA/5 titulo:ley", 14, 24, "of one field"},
        {"a*", 0, 2, "two letters"},
        {"x tipo:a*", 7, 9, "two letters"},
        {"trafik~3", 0, 8, "~1 or ~2"},
        {"\"a b\"~3", 0, 7, "CERCA/5"},
        {"armas ~3 =«a b»~12.", 9, 20, "CERCA/5"},
        {"(\"a b\"~3)", 1, 8, "CERCA/5"},
        {"titulo:\"a b\"~3", 7, 14, "CERCA/5"},
        {"titlo:armas", 0, 6, "did you mean titulo:?"},
        {"xyzzy:armas", 0, 6, "in quotes"},
        {"fecha:2026-13", 6, 13, "no month 13"},
        {"fecha:13/13/2026", 6, 16, "no month 13"},
        {"fecha:01/21/2026", 6, 16, "21/01/2026"},
        {"fecha:2024-2026", 6, 15, "2024..2026"},
        {"fecha:2026..2024", 6, 16, "2024..2026"},
        {"fecha:30/02/2026", 6, 16, "is no date"},
        {"fecha:enero", 6, 11, "is no date"},
        {"mencion:2024..2026", 8, 18, "a day, a month or a year"},
        {"tipo:\"\"", 5, 7, "value is missing"},
        {"ext:.", 4, 5, "value is missing"},
        {"titulo:¿?", 7, 10, "no word"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        struct lj_query_place place = {99, 99};
        struct lj_query *query =
            lj_query_parse(cases[i].text, LJ_SYNTAX_QUERY, &context, analyser, &place, &error);
        if (query)
            fail_msg("%s is accepted", cases[i].text);
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_QUERY));
        if (!strstr(error->message, cases[i].says))
            fail_msg("%s: %s", cases[i].text, error->message);
        if (place.start != cases[i].start || place.end != cases[i].end)
            fail_msg("%s: marked %zu..%zu (%s)", cases[i].text, place.start, place.end,
                     error->message);
        g_clear_error(&error);
    }
}

static void
places_are_bytes_of_the_query(void **state)
{
    (void)state;
    struct lj_query *query = parse("año =tráfico (uno mil) \"uno mil\" tipo:ley", LJ_SYNTAX_QUERY);
    static const size_t places[][2] = {{0, 4}, {6, 14}, {15, 24}, {25, 34}, {35, 43}};
    for (guint i = 0; i < 5; i++) {
        const struct lj_node *node = query->root->children->pdata[i];
        assert_int_equal(node->start, places[i][0]);
        assert_int_equal(node->end, places[i][1]);
    }
    lj_query_free(query);
}

static void
leaves_are_what_the_text_shows(void **state)
{
    (void)state;
    struct lj_query *query = parse("uno NO dos -tres (mil O \"cinco seis\") titulo:siete "
                                   "tipo:ley och* CERCA/2 nuve~1",
                                   LJ_SYNTAX_QUERY);
    GPtrArray *leaves = g_ptr_array_new();
    lj_query_leaves(query, leaves);
    static const enum lj_node_kind kinds[] = {LJ_NODE_WORD, LJ_NODE_WORD, LJ_NODE_PHRASE,
                                              LJ_NODE_PATTERN, LJ_NODE_FUZZY};
    assert_int_equal(leaves->len, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < leaves->len; i++)
        assert_int_equal(((struct lj_node *)leaves->pdata[i])->kind, kinds[i]);
    g_ptr_array_unref(leaves);
    lj_query_free(query);
}

static void
stop_words_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool only;
    } cases[] = {{"de la", true},     {"de", true}, {"de armas", false},  {"la tipo:ley", false},
                 {"(de O la)", true}, {"", false},  {"\"de la\"", false}, {"=de", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_query *query = parse(cases[i].text, LJ_SYNTAX_QUERY);
        assert_int_equal(query->stop_only, cases[i].only);
        lj_query_free(query);
    }
}

/* --- bounds -------------------------------------------------------------------------------------
 */

static void
long_and_deep_queries_end(void **state)
{
    (void)state;
    GError *error = NULL;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 10000; i++)
        g_string_append_printf(text, "palabra%d ", i);
    struct lj_query *query = parse(text->str, LJ_SYNTAX_QUERY);
    assert_int_equal(query->root->children->len, LJ_QUERY_WORDS);
    assert_int_equal(query->notices->len, 1);
    lj_query_free(query);
    query = parse(text->str, LJ_SYNTAX_PLAIN);
    assert_int_equal(query->root->children->len, LJ_QUERY_WORDS);
    lj_query_free(query);

    static const char *const pieces[] = {"(", "NO ", "+(", "dos CERCA/1 dos CERCA/2 ", "titulo:("};
    for (size_t p = 0; p < G_N_ELEMENTS(pieces); p++) {
        g_string_truncate(text, 0);
        for (int i = 0; i < 10000; i++)
            g_string_append(text, pieces[p]);
        g_string_append(text, "dos");
        for (int i = 0; i < 10000 && strchr(pieces[p], '('); i++)
            g_string_append_c(text, ')');
        assert_null(lj_query_parse(text->str, LJ_SYNTAX_QUERY, &context, analyser, NULL, &error));
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_QUERY));
        g_clear_error(&error);
    }
    /* Operators between more words than are read: not the operator is at fault. */
    g_string_assign(text, "palabra0");
    for (int i = 1; i < 2 * LJ_QUERY_WORDS; i++)
        g_string_append_printf(text, " CERCA/5 palabra%d", i);
    assert_null(lj_query_parse(text->str, LJ_SYNTAX_QUERY, &context, analyser, NULL, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_QUERY));
    assert_non_null(strstr(error->message, "1000 words"));
    g_clear_error(&error);
    g_string_truncate(text, 0);
    for (int i = 0; i < 390; i++)
        g_string_append_c(text, '(');
    g_string_append(text, "dos");
    for (int i = 0; i < 390; i++)
        g_string_append_c(text, ')');
    query = parse(text->str, LJ_SYNTAX_QUERY); /* levels of the tree count, not parentheses */
    assert_int_equal(query->root->kind, LJ_NODE_WORD);
    lj_query_free(query);
    g_string_free(text, TRUE);
}

/* --- properties ---------------------------------------------------------------------------------
 */

/* Whatever parses prints as something that parses to an equal tree. */
static void
assert_prints_back(const char *text, enum lj_syntax syntax)
{
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, syntax, &context, analyser, NULL, &error);
    assert_true((query != NULL) == (error == NULL));
    assert_true(query || syntax == LJ_SYNTAX_QUERY);
    if (!query) {
        g_error_free(error);
        return;
    }
    char *printed = lj_query_print(query);
    struct lj_query *again =
        lj_query_parse(printed, LJ_SYNTAX_QUERY, &context, analyser, NULL, &error);
    if (!again)
        fail_msg("%s\nprints as\n%s\nwhich fails: %s", text, printed, error->message);
    if (!lj_query_equal(query, again)) {
        char *before = shape(query), *after = shape(again);
        fail_msg("%s\nprints as\n%s\nwhich means %s\nand not %s", text, printed, after, before);
    }
    char *twice = lj_query_print(again);
    assert_string_equal(printed, twice);
    g_free(twice);
    g_free(printed);
    lj_query_free(again);
    lj_query_free(query);
}

static void
random_strings_print_back(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "tráfico",
        "armas",
        "de",
        "Y",
        "O",
        "NO",
        "y",
        "CERCA/5",
        "ADY/3",
        "(",
        ")",
        " ",
        " ",
        " ",
        "\"",
        "«",
        "»",
        "“",
        "”",
        "+",
        "-",
        "=",
        "*",
        "?",
        "~1",
        "~2",
        "~",
        ",",
        ".",
        ":",
        ";",
        "titulo:",
        "tipo:",
        "organo:",
        "fecha:",
        "id:",
        "ruta:",
        "url:",
        "mencion:",
        "estado:",
        "exacta:",
        "art:",
        "2026",
        "2026-01",
        "..",
        "hace-30d",
        "ninguna",
        "a",
        "É",
        "ñ",
        "1.234,5",
        "S.R.E.",
        "EE. UU.",
        "a@b.mx",
        "http://x.mx/?q=(a)*",
        "#ley",
        "@gob",
        "69-B",
        "y/o",
        "1o.",
        "legisla-\nción",
        "diputad@s",
        "dip(a)",
        "A",
        "LEY",
        "\n",
        "\t",
        "\xc2\xad",
        "n\xcc\x83",
        "日本",
        "ﬁn",
        "😀",
        "'",
        "/",
        "¿",
        "¡",
        "…",
        "—",
        "[",
        "]",
        "{",
        "|",
        "&",
        "^",
        "%",
        "\\",
        "traf*",
        "?rma",
        "x*",
        "teórico-práctico",
        "\xff",
        "º",
        "İ",
        "ß",
        "Nº",
        "www.x.mx?a",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    };
    GRand *random = g_rand_new_with_seed(20261122);
    GString *text = g_string_new(NULL);
    for (int round = 0; round < 20000; round++) {
        g_string_truncate(text, 0);
        int n = g_rand_int_range(random, 1, 14);
        for (int i = 0; i < n; i++) {
            if (g_rand_int_range(random, 0, 3) == 0)
                g_string_append_c(text, ' ');
            g_string_append(text,
                            pieces[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces))]);
        }
        assert_prints_back(text->str, round % 8 == 0 ? LJ_SYNTAX_PLAIN : LJ_SYNTAX_QUERY);
    }
    g_string_free(text, TRUE);
    g_rand_free(random);
}

/* A random query that is right, written by the grammar. */
static void
write_random(GRand *random, int depth, GString *out)
{
    static const char *const words[] = {"tráfico", "armas", "fuego", "ley", "año", "mar", "norma"};
    const char *word = words[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(words))];
    int kind = g_rand_int_range(random, 0, depth > 0 ? 20 : 10);
    switch (kind) {
    case 0:
        g_string_append_printf(out, "=%s", word);
        return;
    case 1:
        g_string_append_printf(out, "\"%s de %s\"", word, word);
        return;
    case 2:
        g_string_append_printf(out, "%.4s*", "traficante");
        return;
    case 3:
        g_string_append_printf(out, "%s~%d", word, g_rand_int_range(random, 1, 3));
        return;
    case 4:
        g_string_append_printf(out, "titulo:%s", word);
        return;
    case 5:
        g_string_append_printf(out, "tipo:%s,%s", word, words[0]);
        return;
    case 6:
        g_string_append_printf(out, "fecha:20%02d..20%02d", g_rand_int_range(random, 0, 20),
                               g_rand_int_range(random, 20, 40));
        return;
    case 10:
    case 11:
        g_string_append_c(out, '(');
        write_random(random, depth - 1, out);
        g_string_append(out, kind == 10 ? " Y " : " O ");
        write_random(random, depth - 1, out);
        g_string_append_c(out, ')');
        return;
    case 12:
        g_string_append(out, "NO ");
        write_random(random, depth - 1, out);
        return;
    case 13:
        g_string_append_printf(out, "(%s %s/%d %s)", word, depth % 2 ? "CERCA" : "ADY",
                               g_rand_int_range(random, 1, 101), words[1]);
        return;
    case 14:
    case 15:
        g_string_append_c(out, kind == 14 ? '+' : '-');
        g_string_append_c(out, '(');
        write_random(random, depth - 1, out);
        g_string_append(out, ") ");
        write_random(random, depth - 1, out);
        return;
    case 16:
    case 17:
        write_random(random, depth - 1, out);
        g_string_append_c(out, ' ');
        write_random(random, depth - 1, out);
        return;
    case 18:
        write_random(random, depth - 1, out);
        g_string_append(out, " Y ");
        write_random(random, depth - 1, out);
        g_string_append(out, " O ");
        write_random(random, depth - 1, out);
        return;
    default:
        g_string_append(out, word);
    }
}

static void
random_trees_print_back(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(7);
    GString *text = g_string_new(NULL);
    for (int round = 0; round < 5000; round++) {
        g_string_truncate(text, 0);
        write_random(random, round % 7, text);
        lj_query_free(parse(text->str, LJ_SYNTAX_QUERY));
        assert_prints_back(text->str, LJ_SYNTAX_QUERY);
    }
    g_string_free(text, TRUE);
    g_rand_free(random);
}

/* art:, cita: and ley: ask for the terms of lib/analysis/citation.h, and print so that they parse
 * again. */
static void
citations_become_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *term; /* NULL: an error */
    } cases[] = {
        {"art:123", "#art=123"},
        {"art:\"27 fracción V de la Constitución\"", "constitucion#art=27/frac=5"},
        {"cita:\"RD 1312/2024\"", "rd:1312/2024"},
        {"cita:\"Real Decreto-ley 1/1986\"", "rdl:1/1986"},
        {"ley:19.924", "ley:19924"},
        {"ley:\"Federal de Armas\"", "ley:federal-armas"},
        {"cita:\"tráfico de armas\"", NULL},
        {"art:armas", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        struct lj_query_place place;
        struct lj_query *query =
            lj_query_parse(cases[i].text, LJ_SYNTAX_QUERY, NULL, analyser, &place, &error);
        if (!cases[i].term) {
            assert_null(query);
            assert_int_equal(error->code, LJ_ERROR_QUERY);
            g_error_free(error);
        } else {
            assert_non_null(query);
            assert_int_equal(query->root->kind, LJ_NODE_FIELD);
            assert_string_equal(query->root->text, cases[i].term);
            char *printed = lj_query_print(query);
            struct lj_query *again =
                lj_query_parse(printed, LJ_SYNTAX_QUERY, NULL, analyser, &place, &error);
            assert_non_null(again);
            assert_true(lj_query_equal(query, again));
            lj_query_free(again);
            g_free(printed);
            lj_query_free(query);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_operators),
        cmocka_unit_test(phrases_exact_forms_patterns),
        cmocka_unit_test(fields_and_dates),
        cmocka_unit_test(pasted_text_is_no_syntax),
        cmocka_unit_test(plain_text_cannot_fail),
        cmocka_unit_test(errors_mark_their_place),
        cmocka_unit_test(places_are_bytes_of_the_query),
        cmocka_unit_test(leaves_are_what_the_text_shows),
        cmocka_unit_test(stop_words_only),
        cmocka_unit_test(long_and_deep_queries_end),
        cmocka_unit_test(random_strings_print_back),
        cmocka_unit_test(random_trees_print_back),
        cmocka_unit_test(citations_become_terms),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
