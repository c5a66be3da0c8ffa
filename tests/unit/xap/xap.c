/* The boundary through its own interface: what is written is read, found, counted, merged. */
#include "cmocka_all.h"
#include "xap/xap.h"
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static char *
inside(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* A document of one word a position, with its number as data and value 1 = its date. */
static void
put(struct xap_writer *writer, const char *words, const char *date)
{
    char **word = g_strsplit(words, " ", -1);
    struct xap_posting postings[16];
    uint32_t positions[16];
    size_t n = 0;
    for (; word[n]; n++) {
        positions[n] = (uint32_t)n + 1;
        postings[n] = (struct xap_posting){word[n], (uint32_t)strlen(word[n]), 1, &positions[n], 1};
    }
    struct xap_value value = {1, (uint32_t)strlen(date), date};
    struct xap_document document = {postings, n, &value, *date ? 1 : 0, words, strlen(words)};
    GError *error = NULL;
    assert_int_not_equal(lj_xap_writer_put(writer, 0, &document, &error), 0);
    assert_null(error);
    g_strfreev(word);
}

static int
make_two(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-xap-XXXXXX", NULL);
    for (int i = 0; i < 2; i++) {
        char *path = inside(i ? "b" : "a");
        struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, NULL);
        assert_non_null(writer);
        put(writer, i ? "cooperacion en extradiciones" : "trafico de armas", "20260121");
        put(writer, i ? "armas y municiones" : "de trafico sin arma", i ? "" : "20250301");
        const char *forms = i ? "arma armas" : "armado armas";
        assert_true(lj_xap_writer_set_metadata(writer, "Farm", 4, forms, strlen(forms), NULL));
        const char *acronym = i ? "real academia\tsan juan" : "san juan";
        assert_true(lj_xap_writer_set_metadata(writer, "Ara", 3, acronym, strlen(acronym), NULL));
        assert_true(lj_xap_writer_set_metadata(writer, "journal", 7, i ? "2" : "1", 1, NULL));
        assert_true(lj_xap_writer_commit(writer, NULL));
        lj_xap_writer_close(writer);
        g_free(path);
    }
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    return 0;
}

static struct xap_reader *
open_both(void)
{
    char *a = inside("a"), *b = inside("b");
    const char *paths[] = {a, b};
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open(paths, 2, &error);
    assert_null(error);
    g_free(a);
    g_free(b);
    return reader;
}

static void
search_finds_words_and_phrases(void **state)
{
    (void)state;
    struct xap_reader *reader = open_both();
    struct xap_node any = {.op = XAP_TERM, .term = "armas", .length = 5};
    uint32_t slot = 1;
    struct xap_search search = {.nodes = &any,
                                .n_nodes = 1,
                                .max = 10,
                                .check_at_least = G_MAXUINT32,
                                .spies = &slot,
                                .n_spies = 1};
    struct xap_matches *found = lj_xap_search(reader, &search, NULL);
    assert_int_equal(found->n, 2);
    assert_int_equal(found->lower, 2);
    assert_int_equal(found->spy[0].n, 1);
    assert_string_equal(found->spy[0].count[0].value, "20260121");
    lj_xap_matches_free(found);

    struct xap_node phrase[] = {{.op = XAP_TERM, .term = "trafico", .length = 7},
                                {.op = XAP_TERM, .term = "de", .length = 2},
                                {.op = XAP_PHRASE, .n = 2, .window = 2}};
    search.nodes = phrase;
    search.n_nodes = 3;
    search.n_spies = 0;
    found = lj_xap_search(reader, &search, NULL);
    assert_int_equal(found->n, 1);
    size_t length;
    char *data = lj_xap_data(reader, found->hit[0].docid, &length, NULL);
    assert_memory_equal(data, "trafico de armas", length);
    g_free(data);
    lj_xap_matches_free(found);

    struct xap_node range = {.op = XAP_VALUE_RANGE, .slot = 1, .term = "20260101", .length = 8};
    search.nodes = &range;
    search.n_nodes = 1;
    found = lj_xap_search(reader, &search, NULL);
    assert_int_equal(found->n, 2);
    lj_xap_matches_free(found);
    lj_xap_reader_close(reader);
}

/* Hits of one weight at the end of a list are those with the least values, however the documents are
 * spread over databases. */
static void
ties_at_the_end_are_settled(void **state)
{
    (void)state;
    enum { MANY = 60, MOST = 10 };
    for (size_t spread = 1; spread <= 3; spread++) {
        char *paths[4] = {NULL};
        struct xap_writer *writers[3];
        for (size_t i = 0; i < spread; i++) {
            char *name = g_strdup_printf("ties-%zu-%zu", spread, i);
            paths[i] = inside(name);
            g_free(name);
            writers[i] = lj_xap_writer_open(paths[i], XAP_UPDATE, NULL);
            assert_non_null(writers[i]);
        }
        for (unsigned n = 0; n < MANY; n++) {
            char value[8]; /* 00 37 14 … : not the order of the documents */
            g_snprintf(value, sizeof value, "%02u", n * 37 % MANY);
            put(writers[(n * spread) / MANY], "una ley igual", value);
        }
        for (size_t i = 0; i < spread; i++) {
            assert_true(lj_xap_writer_commit(writers[i], NULL));
            lj_xap_writer_close(writers[i]);
        }
        struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, spread, NULL);
        assert_non_null(reader);
        struct xap_node any = {.op = XAP_TERM, .term = "ley", .length = 3};
        uint32_t slot = 1;
        struct xap_search search = {.nodes = &any,
                                    .n_nodes = 1,
                                    .max = MOST,
                                    .check_at_least = G_MAXUINT32,
                                    .spies = &slot,
                                    .n_spies = 1,
                                    .values = true,
                                    .value_slot = 1,
                                    .settle = true,
                                    .settle_slot = 1};
        struct xap_matches *matches = lj_xap_search(reader, &search, NULL);
        assert_non_null(matches);
        assert_int_equal(matches->n, MOST);
        assert_int_equal(matches->lower, MANY);
        assert_int_equal(matches->spy[0].total, MANY);
        for (size_t i = 0; i < matches->n; i++) {
            char value[8];
            g_snprintf(value, sizeof value, "%02zu", i);
            assert_string_equal(matches->hit[i].value, value);
        }
        lj_xap_matches_free(matches);
        lj_xap_reader_close(reader);
        for (size_t i = 0; i < spread; i++)
            g_free(paths[i]);
    }
}

static void
a_plan_that_does_not_come_out_is_an_error(void **state)
{
    (void)state;
    struct xap_reader *reader = open_both();
    struct xap_node wrong = {.op = XAP_AND, .n = 2};
    struct xap_search search = {.nodes = &wrong, .n_nodes = 1, .max = 10};
    GError *error = NULL;
    assert_null(lj_xap_search(reader, &search, &error));
    assert_int_equal(error->code, LJ_ERROR_INTERNAL);
    g_error_free(error);
    lj_xap_reader_close(reader);
}

static void
vocabulary_and_positions_are_read(void **state)
{
    (void)state;
    struct xap_reader *reader = open_both();
    struct xap_vocabulary *terms = lj_xap_terms(reader, "ar", 2, "", 0, 10, NULL);
    assert_int_equal(terms->n, 2);
    assert_string_equal(terms->entry[1].term, "armas");
    assert_int_equal(terms->entry[1].df, 2);
    lj_xap_vocabulary_free(terms);
    GArray *out = g_array_new(FALSE, FALSE, 4);
    assert_true(lj_xap_positions(reader, 1, "armas", 5, out, NULL));
    assert_int_equal(out->len, 1);
    assert_int_equal(g_array_index(out, uint32_t, 0), 3);
    assert_true(lj_xap_positions(reader, 1, "nada", 4, out, NULL));
    assert_int_equal(out->len, 1);
    g_array_set_size(out, 0);
    assert_true(lj_xap_docids(reader, "trafico", 7, out, NULL));
    assert_int_equal(out->len, 2);
    g_array_unref(out);
    GError *error = NULL;
    size_t length;
    assert_null(lj_xap_data(reader, 99, &length, &error));
    assert_int_equal(error->code, LJ_ERROR_NO_INPUT);
    g_error_free(error);
    lj_xap_reader_close(reader);
}

static void
compaction_unites_forms_and_keeps_the_last_of_the_rest(void **state)
{
    (void)state;
    char *a = inside("a"), *b = inside("b"), *c = inside("c");
    const char *sources[] = {a, b};
    assert_true(lj_xap_compact(sources, 2, c, false, false, NULL));
    const char *path = c;
    struct xap_reader *reader = lj_xap_reader_open(&path, 1, NULL);
    struct xap_statistics statistics;
    assert_true(lj_xap_statistics(reader, &statistics, NULL));
    assert_int_equal(statistics.documents, 4);
    size_t length;
    char *forms = lj_xap_metadata(reader, 0, "Farm", 4, &length, NULL);
    assert_int_equal(length, strlen("arma armado armas"));
    assert_memory_equal(forms, "arma armado armas", length);
    g_free(forms);
    char *acronym = lj_xap_metadata(reader, 0, "Ara", 3, &length, NULL);
    assert_int_equal(length, strlen("real academia\tsan juan"));
    assert_memory_equal(acronym, "real academia\tsan juan", length);
    g_free(acronym);
    char *journal = lj_xap_metadata(reader, 0, "journal", 7, &length, NULL);
    assert_memory_equal(journal, "2", 1);
    g_free(journal);
    lj_xap_reader_close(reader);
    GString *report = g_string_new(NULL);
    assert_true(lj_xap_check(c, report, NULL));
    g_string_free(report, TRUE);
    g_free(a);
    g_free(b);
    g_free(c);
}

/* Xapian merges more than two by a heap, which hands equal keys over in any order: the manifest that the index
 * names must be the last segment's all the same. */
static void
of_many_the_last_wins(void **state)
{
    (void)state;
    enum { DATABASES = 13 };
    char *paths[DATABASES + 1] = {NULL};
    for (int i = 0; i < DATABASES; i++) {
        char name[16], value[24];
        g_snprintf(name, sizeof name, "many%d", i);
        paths[i] = inside(name);
        struct xap_writer *writer = lj_xap_writer_open(paths[i], XAP_UPDATE, NULL);
        put(writer, name, "");
        g_snprintf(value, sizeof value, "journal-0001 %d", 1000 * (i + 1));
        const char *keys[] = {"legajo", "journal", "updated"};
        for (int k = i % 3; k < 3; k++)
            assert_true(lj_xap_writer_set_metadata(writer, keys[k], strlen(keys[k]), value,
                                                   strlen(value), NULL));
        assert_true(lj_xap_writer_commit(writer, NULL));
        lj_xap_writer_close(writer);
    }
    char *target = inside("of-many");
    assert_true(lj_xap_compact((const char *const *)paths, DATABASES, target, false, false, NULL));
    const char *path = target;
    struct xap_reader *reader = lj_xap_reader_open(&path, 1, NULL);
    static const char *const wanted[][2] = {{"legajo", "journal-0001 13000"},
                                            {"journal", "journal-0001 13000"},
                                            {"updated", "journal-0001 13000"}};
    for (size_t k = 0; k < G_N_ELEMENTS(wanted); k++) {
        size_t length;
        char *found = lj_xap_metadata(reader, 0, wanted[k][0], strlen(wanted[k][0]), &length, NULL);
        assert_string_equal(found, wanted[k][1]);
        g_free(found);
    }
    lj_xap_reader_close(reader);
    for (int i = 0; i < DATABASES; i++)
        g_free(paths[i]);
    g_free(target);
}

static void
what_was_not_committed_is_dropped(void **state)
{
    (void)state;
    char *d = inside("d");
    struct xap_writer *writer = lj_xap_writer_open(d, XAP_UPDATE, NULL);
    put(writer, "uno", "");
    assert_true(lj_xap_writer_commit(writer, NULL));
    put(writer, "dos", "");
    lj_xap_writer_close(writer);
    writer = lj_xap_writer_open(d, XAP_UPDATE, NULL);
    assert_int_equal(lj_xap_writer_documents(writer), 1);
    GError *error = NULL;
    assert_null(lj_xap_writer_open(d, XAP_UPDATE, &error));
    assert_int_equal(error->code, LJ_ERROR_LOCKED);
    g_clear_error(&error);
    lj_xap_writer_close(writer);
    /* A lock that cannot be taken is held by nobody. */
    char *lock = g_build_filename(d, "flintlock", NULL);
    assert_int_equal(g_unlink(lock), 0);
    assert_int_equal(g_mkdir(lock, 0700), 0);
    assert_null(lj_xap_writer_open(d, XAP_UPDATE, &error));
    assert_int_equal(error->code, LJ_ERROR_IO);
    g_clear_error(&error);
    g_rmdir(lock);
    g_free(lock);
    g_free(d);
    const char *nowhere = "/nonexistent/legajo";
    assert_null(lj_xap_reader_open(&nowhere, 1, &error));
    assert_int_equal(error->code, LJ_ERROR_NO_INPUT);
    g_clear_error(&error);
    const char *closed = "127.0.0.1:1";
    assert_null(lj_xap_reader_open(&closed, 1, &error));
    assert_int_equal(error->code, LJ_ERROR_IO);
    g_clear_error(&error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_finds_words_and_phrases),
        cmocka_unit_test(ties_at_the_end_are_settled),
        cmocka_unit_test(a_plan_that_does_not_come_out_is_an_error),
        cmocka_unit_test(vocabulary_and_positions_are_read),
        cmocka_unit_test(compaction_unites_forms_and_keeps_the_last_of_the_rest),
        cmocka_unit_test(of_many_the_last_wins),
        cmocka_unit_test(what_was_not_committed_is_dropped),
    };
    return cmocka_run_group_tests(tests, make_two, remove_folder);
}
