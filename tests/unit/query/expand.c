/* What leaves stand for, over a small index and its list of words; a user's synonyms. */
#include "cmocka_all.h"
#include "index/wordlist.h"
#include "shape.h"
#include "xap/xap.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static struct lj_analyser *analyser;
static char *folder;
static struct xap_reader *reader;
static struct lj_wordlist *list;

static struct lj_query *
parse(const char *text)
{
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, LJ_SYNTAX_QUERY, NULL, analyser, NULL, &error);
    if (!query)
        fail_msg("%s: %s", text, error->message);
    return query;
}

static const struct lj_node *
first_leaf(const struct lj_node *node)
{
    while (node->kind != LJ_NODE_WORD && node->kind != LJ_NODE_PATTERN &&
           node->kind != LJ_NODE_FUZZY)
        node = node->children->pdata[0];
    return node;
}

static void
leaves_stand_for_words(void **state)
{
    (void)state;
    static const struct {
        const char *query, *forms; /* of the first leaf; "-": none looked for */
    } cases[] = {
        {"tráf*", "trafico traficante traficos"},
        {"*ico", "trafico medico"},
        {"?rma", "arma"},
        {"*rm*", "armas arma"},
        {"arm*s", "armas"},
        {"\"arm* de\"", "armas arma"},
        {"zzz*", ""},
        {"añ*", "año"},
        {"trafiko~1", "trafico"},
        {"tarfico~1", "trafico"},
        {"trafikos~2", "trafico traficos"},
        {"ano~1", "año"},
        {"armas", "-"},
        {"armas CERCA/5 de", "armas arma"},
        {"=armas CERCA/5 de", "armas"},
        {"nada CERCA/5 de", "nada"},
        {"tipo:dec*", "decreto"},
        {"titulo:arm*", "armas arma"},
        {"organo:sec*", "secretaria"},
    };
    struct lj_expansion with = {.reader = reader, .analyser = analyser};
    for (int round = 0; round < 2; round++) { /* without and with a list of words */
        const struct lj_wordlist *lists[] = {list};
        with.lists = lists;
        with.n_lists = (size_t)round;
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
            struct lj_query *query = parse(cases[i].query);
            GError *error = NULL;
            assert_true(lj_query_expand(query, &with, &error));
            const struct lj_node *leaf = first_leaf(query->root);
            GString *forms = g_string_new(leaf->forms ? "" : "-");
            for (guint f = 0; leaf->forms && f < leaf->forms->len; f++)
                g_string_append_printf(forms, "%s%s", f ? " " : "", (char *)leaf->forms->pdata[f]);
            if (strcmp(forms->str, cases[i].forms) != 0)
                fail_msg("%s stands for %s, not %s (round %d)", cases[i].query, forms->str,
                         cases[i].forms, round);
            g_string_free(forms, TRUE);
            assert_true(lj_query_expand(query, &with, &error)); /* again */
            lj_query_free(query);
        }
    }
}

static void
wide_patterns_have_a_limit(void **state)
{
    (void)state;
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    for (int i = 0; i < 100000; i++) {
        char word[32];
        g_snprintf(word, sizeof word, "prefijo%05d", i);
        lj_wordlist_builder_add(builder, word, strlen(word), (uint32_t)i + 1);
    }
    GBytes *bytes = lj_wordlist_builder_finish(builder, "");
    lj_wordlist_builder_free(builder);
    struct lj_wordlist *many = lj_wordlist_new(bytes, NULL);
    const struct lj_wordlist *lists[] = {many};
    struct lj_expansion with = {.lists = lists, .n_lists = 1};
    struct lj_query *query = parse("*fijo*");
    assert_true(lj_query_expand(query, &with, NULL));
    assert_int_equal(query->root->forms->len, LJ_EXPANSION);
    assert_string_equal(query->root->forms->pdata[0], "prefijo99999");
    assert_int_equal(query->notices->len, 1);
    assert_non_null(strstr(query->notices->pdata[0], "100000"));
    lj_query_free(query);
    /* many of them in one query: all together have a limit too, and so have the notices */
    GString *text = g_string_new("a");
    for (int i = 0; i < 900; i++)
        g_string_append_printf(text, " *%03d*", i);
    g_string_append(text, " fin");
    query = parse(text->str);
    assert_true(lj_query_expand(query, &with, NULL));
    size_t words = 0;
    for (guint i = 0; i < query->root->children->len; i++) {
        const struct lj_node *child = query->root->children->pdata[i];
        if (child->kind != LJ_NODE_PATTERN)
            continue;
        assert_in_range(child->forms->len, LJ_EXPANSION_LEAST, LJ_EXPANSION);
        words += child->forms->len;
    }
    assert_in_range(words, LJ_EXPANSION_ALL, LJ_EXPANSION_ALL + 900 * LJ_EXPANSION_LEAST);
    assert_in_range(query->notices->len, 1, 20);
    g_string_free(text, TRUE);
    lj_query_free(query);
    lj_wordlist_free(many);
    g_bytes_unref(bytes);
}

/* --- synonyms -----------------------------------------------------------------------------------
 */

static struct lj_thesaurus *
thesaurus_of(const char *text, GError **error)
{
    char *path = g_build_filename(folder, "sinonimos.txt", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct lj_thesaurus *thesaurus = lj_thesaurus_open(path, analyser, error);
    g_free(path);
    return thesaurus;
}

static void
collect_synonyms(const struct lj_node *node, GString *out)
{
    for (guint i = 0; node->synonyms && i < node->synonyms->len; i++) {
        const struct lj_synonym *synonym = node->synonyms->pdata[i];
        struct lj_query query = {.root = synonym->node};
        char *text = shape(&query);
        g_string_append_printf(out, "%s%s/%u/%.1f", out->len ? " " : "", text, synonym->span,
                               synonym->weight);
        g_free(text);
    }
    for (guint i = 0; node->children && i < node->children->len; i++)
        collect_synonyms(node->children->pdata[i], out);
}

static void
synonyms_are_found(void **state)
{
    (void)state;
    GError *error = NULL;
    struct lj_thesaurus *thesaurus = thesaurus_of("\xEF\xBB\xBF# of cars\n"
                                                  "vehículo, coche , \"automóvil\"\r\n"
                                                  "\n"
                                                  "narco => narcotráfico, tráfico de drogas # !\n"
                                                  "estados unidos => eeuu",
                                                  &error);
    assert_null(error);
    static const struct {
        const char *query, *synonyms;
    } cases[] = {
        {"coche", "vehículo/1/0.5 automóvil/1/0.5"},
        {"Vehículos", "coche/1/0.5 automóvil/1/0.5"},
        {"narco", "narcotráfico/1/0.5 \"tráfico de drogas\"/1/0.5"},
        {"narcotráfico", ""},
        {"=coche", ""},
        {"titulo:coche", ""},
        {"los estados unidos hoy", "eeuu/2/0.5"},
        {"\"estados unidos\"", ""}, /* quotes ask for the thing itself */
        {"\"coche\"", ""},
        {"NO coche", ""},
        {"armas -coche", ""},
        {"casa el coche", "vehículo/1/0.5 automóvil/1/0.5"},
        {"los narcos", "narcotráfico/1/0.5 \"tráfico de drogas\"/1/0.5"},
        /* acronyms: built in, learned; in capitals, or where the letters are no word */
        {"la ONU hoy", "\"organizacion de las naciones unidas\"/1/0.3 \"naciones unidas\"/1/0.3"},
        {"naciones unidas", "nnuu/2/0.3"},
        {"la CAN hoy", "\"comunidad andina\"/1/0.3 \"comunidad andina de naciones\"/1/0.3"},
        {"la can hoy", ""},
        {"CAN HOY", ""}, /* all in capitals: they say nothing */
        {"art 5", ""},
        {"secretaría de relaciones exteriores", "sre/4/0.3"},
        {"estados -unidos", ""},
        {"estados", ""},
        {"sre", "\"secretaria de relaciones exteriores\"/1/0.3"},
    };
    struct lj_expansion with = {.reader = reader, .thesaurus = thesaurus, .analyser = analyser};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_query *query = parse(cases[i].query);
        assert_true(lj_query_expand(query, &with, &error));
        GString *found = g_string_new(NULL);
        collect_synonyms(query->root, found);
        if (strcmp(found->str, cases[i].synonyms) != 0)
            fail_msg("%s: %s", cases[i].query, found->str);
        g_string_free(found, TRUE);
        lj_query_free(query);
    }
    lj_thesaurus_free(thesaurus);
}

static void
malformed_synonyms_name_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"coche, auto\nsolo\n", "line 2: one term alone"},
        {"a => b => c", "line 1: more than one =>"},
        {"#\n\n => coche", "line 3: a term is missing"},
        {"coche =>", "line 1: a term is missing"},
        {"coche,,auto", "line 1: a term is missing"},
        {"coche, ...", "line 1: a term holds no word"},
        {"coche, aut\xff", "line 1: this is not UTF-8"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        assert_null(thesaurus_of(cases[i].text, &error));
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_CONFIG));
        if (!strstr(error->message, cases[i].says))
            fail_msg("%s: %s", cases[i].text, error->message);
        g_error_free(error);
    }
    GError *error = NULL;
    assert_null(lj_thesaurus_open("/nonexistent/file", analyser, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_CONFIG));
    g_error_free(error);
}

/* --- spelling -----------------------------------------------------------------------------------
 */

static void
misspellings_are_put_right(void **state)
{
    (void)state;
    static const struct {
        const char *word, *best; /* NULL: nothing to say */
    } cases[] = {
        {"trafiko", "tráfico"},
        {"trafico", "tráfico"},
        {"tráfico", NULL},
        {"TRAFICO", "tráfico"},
        {"tarfico", "tráfico"},
        {"harmas", "armas"},
        {"armsa", "armas"},
        {"decrreto", "decreto"},
        {"ezpada", NULL},
        {"ahnio", "año"},
        {"dearmas", "de armas"},
        {"2026", NULL},
        {"", NULL},
        {"x", NULL},
        {"qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjkl", NULL},
    };
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    static const char *const words[] = {"trafico", "armas", "decreto", "año", "de", "zumo"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        lj_wordlist_builder_add(builder, words[i], strlen(words[i]), 100);
    lj_wordlist_builder_form(builder, "trafico", 7, "tráfico", 8, 95);
    GBytes *bytes = lj_wordlist_builder_finish(builder, "");
    lj_wordlist_builder_free(builder);
    struct lj_wordlist *words_list = lj_wordlist_new(bytes, NULL);
    const struct lj_wordlist *lists[] = {words_list};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GArray *found = lj_spell_suggest(lists, 1, cases[i].word, -1, 3);
        const char *best = found->len ? g_array_index(found, struct lj_suggestion, 0).form : NULL;
        if (g_strcmp0(best, cases[i].best) != 0)
            fail_msg("%s: %s", cases[i].word, best ? best : "nothing");
        g_array_unref(found);
    }
    struct lj_query *query =
        parse("trafiko de =trafiko \"trafiko\" -trafiko tipo:trafiko Y harmas trafico");
    GArray *corrections = lj_query_corrections(query, lists, 1);
    assert_int_equal(corrections->len, 3);
    char *text = lj_query_corrected(query, corrections, false);
    assert_string_equal(text,
                        "tráfico de =trafiko \"trafiko\" -trafiko tipo:trafiko Y armas trafico");
    g_free(text);
    text = lj_query_corrected(query, corrections, true);
    assert_string_equal(text,
                        "tráfico de =trafiko \"trafiko\" -trafiko tipo:trafiko Y armas tráfico");
    g_free(text);
    g_array_unref(corrections);
    lj_query_free(query);
    query = parse("armas");
    corrections = lj_query_corrections(query, lists, 1);
    assert_null(lj_query_corrected(query, corrections, true));
    g_array_unref(corrections);
    lj_query_free(query);
    lj_wordlist_free(words_list);
    g_bytes_unref(bytes);
}

/* --- a small index ------------------------------------------------------------------------------
 */

static int
open_index(void **state)
{
    (void)state;
    static const char *const documents[][12] = {
        {"trafico", "armas", "arma", "de", "año", "Etráfico", "XT:decreto", "G:secretaria del ramo",
         "Gsecretaria"},
        {"trafico", "armas", "medico", "de", "Etráfico", "Eaño", "XT:ley"},
        {"trafico", "traficante", "de", "Zarm"},
        {"traficos", "de", "XT:dictamen"},
        {"traficante", "de"},
    };
    analyser = lj_analyser_open(NULL, NULL);
    folder = g_build_filename(g_get_tmp_dir(), "lj-expand-XXXXXX", NULL);
    if (!g_mkdtemp(folder))
        return -1;
    char *path = g_build_filename(folder, "seg", NULL);
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_SCRATCH, NULL);
    for (size_t d = 0; d < G_N_ELEMENTS(documents); d++) {
        struct xap_posting postings[12] = {{0}};
        size_t n = 0;
        for (; documents[d][n]; n++) {
            postings[n].term = documents[d][n];
            postings[n].length = (uint32_t)strlen(documents[d][n]);
            postings[n].wdf = 1;
        }
        struct xap_document document = {.postings = postings, .n_postings = n};
        lj_xap_writer_put(writer, 0, &document, NULL);
    }
    const struct lj_word *word = lj_analyser_word(analyser, "armas", -1);
    char *key = g_strconcat("F", word->stem, NULL);
    lj_xap_writer_set_metadata(writer, key, strlen(key), "arma armas", 10, NULL);
    g_free(key);
    static const char sre[] = "secretaria de relaciones exteriores";
    lj_xap_writer_set_metadata(writer, "Asre", 4, sre, strlen(sre), NULL);
    bool fine = lj_xap_writer_commit(writer, NULL);
    lj_xap_writer_close(writer);
    const char *paths[] = {path};
    reader = lj_xap_reader_open(paths, 1, NULL);
    g_free(path);
    GBytes *bytes = lj_wordlist_read(reader, "", NULL);
    list = lj_wordlist_new(bytes, NULL);
    g_bytes_unref(bytes);
    return fine && reader && list ? 0 : -1;
}

static int
close_index(void **state)
{
    (void)state;
    lj_wordlist_free(list);
    lj_xap_reader_close(reader);
    lj_analyser_close(analyser);
    char *remove = g_strdup_printf("rm -r '%s'", folder);
    int status = system(remove);
    g_free(remove);
    g_free(folder);
    return status;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_stand_for_words),
        cmocka_unit_test(wide_patterns_have_a_limit),
        cmocka_unit_test(synonyms_are_found),
        cmocka_unit_test(malformed_synonyms_name_their_line),
        cmocka_unit_test(misspellings_are_put_right),
    };
    return cmocka_run_group_tests(tests, open_index, close_index);
}
