/* The third stage: what a document's terms and positions say of a query. */
#include "cmocka_all.h"
#include "legajo/analysis.h"
#include "legajo/query.h"
#include "search/evidence.h"
#include "search/tree.h"
#include <string.h>

static char *folder;
static struct xap_reader *reader, *other_reader;
static struct lj_local *local, *other;
static struct lj_analyser *analyser;

enum { NEAR = 1, FAR, OTHER, ABOUT };

/* Words of a text, a position each; a number stands for as many positions left out. */
static void
put(struct xap_writer *writer, const char *text)
{
    char **word = g_strsplit(text, " ", -1);
    struct xap_posting postings[16];
    uint32_t positions[16], position = 0;
    size_t n = 0;
    for (size_t i = 0; word[i]; i++) {
        if (g_ascii_isdigit(word[i][0])) {
            position += (uint32_t)atoi(word[i]);
            continue;
        }
        positions[n] = ++position;
        postings[n] = (struct xap_posting){word[i], (uint32_t)strlen(word[i]), 1, &positions[n], 1};
        n++;
    }
    struct xap_document document = {postings, n, NULL, 0, text, strlen(text)};
    assert_int_not_equal(lj_xap_writer_put(writer, 0, &document, NULL), 0);
    g_strfreev(word);
}

static int
make(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-evidence-XXXXXX", NULL);
    char *path = g_build_filename(folder, "a", NULL);
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, NULL);
    assert_non_null(writer);
    put(writer, "territorios que cedio en el tratado");
    put(writer, "tratado 100 el 100 territorios 100 en");
    put(writer, "tratamiento de pena");
    put(writer, "sobre esto");
    assert_true(lj_xap_writer_commit(writer, NULL));
    lj_xap_writer_close(writer);
    const char *paths[] = {path};
    reader = lj_xap_reader_open(paths, 1, NULL);
    local = lj_local_open(paths, 1);
    assert_non_null(local);
    other_reader = lj_local_again(local, &other);
    assert_non_null(other_reader);
    local->help_from = 0;
    local->threads = 3;
    lj_local_keep(local);
    analyser = lj_analyser_open(NULL, NULL);
    assert_non_null(reader);
    assert_non_null(analyser);
    g_free(path);
    return 0;
}

static int
remove_all(void **state)
{
    (void)state;
    lj_xap_reader_close(reader);
    lj_xap_reader_close(other_reader);
    lj_local_close(local);
    lj_local_close(other);
    lj_analyser_close(analyser);
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    return 0;
}

/* The same of all documents together, read by threads from tables; what the words are was asked of other ones. */
static void
weighs_as(const GPtrArray *words, const struct lj_ranking *ranking, uint32_t docid,
          const struct lj_evidence_parts *parts)
{
    static const uint32_t docids[] = {ABOUT, NEAR, OTHER, FAR};
    struct lj_evidence_parts own;
    struct lj_evidence *evidence =
        lj_evidence_new(words, ranking, other_reader, other, analyser, NULL);
    lj_evidence_read_in(evidence, reader, local);
    assert_true(lj_evidence_read(evidence, docids, G_N_ELEMENTS(docids), NULL));
    lj_evidence_weigh(evidence, docid, &own, NULL);
    assert_memory_equal(&own, parts, sizeof own);
    lj_evidence_free(evidence);
}

static struct lj_evidence_parts
weigh_by(const struct lj_ranking *ranking, const char *text, uint32_t docid)
{
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, LJ_SYNTAX_QUERY, NULL, analyser, NULL, &error);
    assert_null(error);
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(query->root, words);
    struct lj_evidence *evidence = lj_evidence_new(words, ranking, reader, NULL, analyser, &error);
    assert_null(error);
    struct lj_evidence_parts parts = {0};
    if (evidence) {
        double sum = lj_evidence_weigh(evidence, docid, &parts, &error);
        assert_null(error);
        assert_float_equal(sum,
                           parts.family + parts.little + parts.passage + parts.wide + parts.dense +
                               parts.pair + parts.skip + parts.run,
                           1e-9);
        weighs_as(words, ranking, docid, &parts);
    }
    lj_evidence_free(evidence);
    g_ptr_array_unref(words);
    lj_query_free(query);
    return parts;
}

static struct lj_evidence_parts
weigh(const char *text, uint32_t docid)
{
    return weigh_by(lj_ranking_default(), text, docid);
}

static void
test_runs(void **state)
{
    (void)state;
    struct lj_ranking ranking = *lj_ranking_default();
    ranking.chance = 0;
    double one = ranking.run;
    const struct {
        const char *query;
        uint32_t docid;
        double words;
    } cases[] = {
        {"cedió en el tratado", NEAR, 4}, {"el tratado en el", NEAR, 2},
        {"tratado el en", NEAR, 1},       {"cedió en el tratado", FAR, 1},
        {"municiones y armas", NEAR, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_float_equal(weigh_by(&ranking, cases[i].query, cases[i].docid).run,
                           one * cases[i].words, 1e-9);
}

static void
test_passages(void **state)
{
    (void)state;
    struct lj_evidence_parts near = weigh("territorios del tratado", NEAR);
    struct lj_evidence_parts far = weigh("territorios del tratado", FAR);
    assert_true(near.passage > far.passage * 1.5);
    assert_true(near.wide > far.wide * 1.5);
    assert_true(far.passage > 0);
}

/* What may stand together by chance counts for less, in the longer document for less still; words in order
 * are no chance. */
static void
test_chance(void **state)
{
    (void)state;
    struct lj_ranking sure = *lj_ranking_default(), doubtful = sure;
    double left[2];
    sure.chance = 0;
    doubtful.chance = 0.5;
    for (uint32_t docid = NEAR; docid <= FAR; docid++) {
        struct lj_evidence_parts all = weigh_by(&sure, "territorios en el tratado", docid);
        struct lj_evidence_parts some = weigh_by(&doubtful, "territorios en el tratado", docid);
        left[docid - NEAR] = some.passage / all.passage;
        assert_float_equal(some.wide / all.wide, left[docid - NEAR], 1e-9);
        assert_float_equal(some.dense / all.dense, left[docid - NEAR], 1e-9);
        assert_float_equal(some.run / all.run, left[docid - NEAR], 1e-9);
        assert_float_equal(some.pair, all.pair, 1e-9);
        assert_float_equal(some.held, all.held, 1e-9);
    }
    assert_true(left[0] < left[1] && left[1] < 1); /* six words, five words */
}

static void
test_families(void **state)
{
    (void)state;
    assert_true(weigh("tratados", OTHER).family > 0);  /* tratamiento */
    assert_true(weigh("=tratado", OTHER).family == 0); /* this very form */
    assert_true(weigh("sobres", ABOUT).family == 0);   /* a stop word is no form of another */
    assert_true(weigh("pena", FAR).family == 0);
}

static void
test_stop_words(void **state)
{
    (void)state;
    assert_true(weigh("tratado en el", NEAR).little > 0);
    assert_true(weigh("tratado en el", OTHER).little == 0);
}

/* In order and near: "territorios que cedió" is the query's "territorios cedió"; a thousand words apart, or the
 * other way round, it is not. */
static void
test_pairs(void **state)
{
    (void)state;
    assert_true(weigh("territorios cedió", NEAR).pair > 0);
    assert_true(weigh("cedió territorios", NEAR).pair == 0);
    assert_true(weigh("territorios tratado", FAR).pair == 0);
    assert_true(weigh("tratado territorios", FAR).pair == 0);
    assert_true(weigh("territorios territorios", NEAR).pair == 0);
    assert_true(weigh("territorios de armas que cedió", NEAR).skip > 0);
    assert_true(weigh("cedió armas territorios", NEAR).skip == 0);
}

static void
test_densest_passage(void **state)
{
    (void)state;
    struct lj_evidence_parts near = weigh("territorios del tratado", NEAR);
    struct lj_evidence_parts far = weigh("territorios del tratado", FAR);
    assert_true(near.dense > far.dense * 1.5);
    assert_true(weigh("municiones", NEAR).dense == 0);
}

/* Words of alternatives and of near operators are looked for as those of a list. */
static void
test_operators(void **state)
{
    (void)state;
    double list = weigh("territorios tratado", NEAR).passage;
    assert_true(list > 0);
    assert_float_equal(weigh("territorios O tratado", NEAR).passage, list, 1e-9);
    assert_float_equal(weigh("territorios CERCA/9 tratado", NEAR).passage, list, 1e-9);
    assert_float_equal(weigh("territorios Y (tratado O tratado)", NEAR).passage, list, 1e-9);
    assert_true(weigh("territorios NO tratado", NEAR).passage < list);
}

static void
test_odd_queries(void **state)
{
    (void)state;
    struct lj_evidence_parts none = {0};
    struct lj_evidence_parts gone = weigh("tratado", 99);
    assert_memory_equal(&gone, &none, sizeof none);
    GString *long_query = g_string_new(NULL);
    for (int i = 0; i < 300; i++)
        g_string_append_printf(long_query, "palabra%d el ", i);
    g_string_append(long_query, "tratado");
    assert_true(weigh(long_query->str, NEAR).little > 0);
    g_string_free(long_query, TRUE);
    struct lj_evidence_parts stops = weigh("en el", NEAR), field = weigh("titulo:tratado", NEAR);
    assert_memory_equal(&stops, &none, sizeof none);
    assert_memory_equal(&field, &none, sizeof none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_passages),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_stop_words),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_densest_passage),
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_odd_queries),
    };
    return cmocka_run_group_tests(tests, make, remove_all);
}
