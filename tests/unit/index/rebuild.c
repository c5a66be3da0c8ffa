/* Generations: a rebuild changes nothing but what is to change, and the live index never suffers. */
#include "cmocka_all.h"
#include "running.h"
#include "analysis/lexicon.h"
#include "index/lexicon.h"
#include "legajo/search.h"
#include "reference.h"
#include <stdio.h>

/* Files of some kinds, one of several frames, records, one that fails, one nobody reads. */
static void
write_files(void)
{
    GString *text = g_string_new("# Ley de armas\n\n");
    for (int i = 0; i < 9000; i++)
        g_string_append_printf(text, "Artículo %d. Tráfico de armas y municiones número %d.%s", i,
                               i * 7, i % 5 ? " " : "\n\n## Sección\n\n");
    write_file("src/larga.md", text->str);
    g_string_free(text, TRUE);
    write_file("src/2025/a.txt", "México, D.F., 21 de enero de 2026.\nLos presupuestos públicos");
    write_file("src/vacio.txt", "");
    write_file("src/r.jsonl",
               "{\"id\":\"x:1\",\"text\":\"uno\",\"date\":\"2026-01\",\"otra\":\"k\"}\n"
               "[1,2]\n"
               "{\"text\":\"dos presupuestos\",\"subject\":[\"a\",\"b\"]}\n");
    write_file("src/foto.xyz", "\x01\x02\x03\x04\x05");
}

static void
stored_text_gives_the_same_index(void **state)
{
    (void)state;
    write_files();
    expect_run(LJ_REBUILD_NONE);
    uint64_t documents = report->documents;
    expect_run(LJ_REBUILD_STORED);
    assert_int_equal(report->documents, documents);
    assert_int_equal(report->again, documents);
    assert_int_equal(report->added, 0);
    expect_stub("glass gen-0002/seg-0001\n");
    char *before = inside("db/gen-0001/seg-0001"), *after = inside("db/gen-0002/seg-0001");
    char *difference = reference_difference(before, after);
    if (difference)
        fail_msg("%s", difference);
    g_free(before);
    g_free(after);
    /* The manifest came along: nothing is read again, failures are still known. */
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->added + report->changed + report->removed + report->failed, 0);
    assert_int_equal(report->unchanged, 5);
    expect_run(LJ_REBUILD_STORED);
    expect_stub("glass gen-0003/seg-0001\n");
    assert_false(there("db/gen-0001"));
    assert_true(there("db/gen-0002"));
}

static void
feed(const char *line)
{
    char *dir = inside("db");
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], line, strlen(line)), strlen(line));
    close(ends[1]);
    int saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    const char *sources[] = {"-", NULL};
    struct lj_run_options options = {.dir = dir, .sources = sources, .jobs = 1, .message = hear};
    lj_run_report_free(report);
    report = lj_run_report_new();
    GError *error = NULL;
    if (!lj_index_run(&options, report, &error))
        fail_msg("%s", error->message);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[0]);
    g_free(dir);
}

static void
unlink_inside(const char *name)
{
    char *path = inside(name);
    assert_int_equal(g_unlink(path), 0);
    g_free(path);
}

static void
originals_are_read_and_the_rest_comes_along(void **state)
{
    (void)state;
    write_files();
    expect_run(LJ_REBUILD_NONE);
    feed("{\"id\":\"f1\",\"text\":\"alimentado\"}\n");
    unlink_inside("src/2025/a.txt"); /* one of few: it may go */
    write_file("src/nuevo.txt", "novedades");
    expect_run(LJ_REBUILD_FULL);
    assert_int_equal(report->again, 1); /* the feed's */
    assert_int_equal(report->removed, 1);
    assert_int_equal(count("alimentado"), 1);
    assert_int_equal(count("novedades"), 1);
    assert_int_equal(count("publicos"), 0);
    assert_int_equal(count(""), 6); /* all of them */
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->added + report->changed + report->removed, 0);
}

static void
what_has_no_original_is_kept(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        char *name = g_strdup_printf("src/viejo/%d.txt", i);
        write_file(name, "antiguo");
        g_free(name);
    }
    write_file("src/a.txt", "actual");
    expect_run(LJ_REBUILD_NONE);
    char *old = inside("src/viejo");
    assert_true(lj_remove_tree(old, NULL));
    g_free(old);
    expect_run(LJ_REBUILD_FULL); /* too many at once */
    assert_true(report->withheld);
    assert_int_equal(count("antiguo"), 30);
    char *from = inside("src"), *to = inside("otra");
    assert_int_equal(g_rename(from, to), 0);
    expect_run(LJ_REBUILD_FULL); /* the source is not there */
    assert_true(report->missing);
    assert_int_equal(count("actual"), 1);
    assert_int_equal(g_rename(to, from), 0);
    g_free(from);
    g_free(to);
    if (run_with((struct lj_run_options){.rebuild = LJ_REBUILD_FULL, .max_delete = 100}, NULL) !=
        -1)
        fail_msg("%s", said->str);
    assert_int_equal(count("antiguo"), 0);
    assert_int_equal(count("actual"), 1);
}

static void
a_move_is_no_second_document(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        char *name = g_strdup_printf("src/2025/%d.txt", i), *text = g_strdup_printf("acta %d", i);
        write_file(name, text);
        g_free(name);
        g_free(text);
    }
    expect_run(LJ_REBUILD_NONE);
    char *from = inside("src/2025"), *to = inside("src/archivo");
    assert_int_equal(g_rename(from, to), 0);
    g_free(from);
    g_free(to);
    expect_run(LJ_REBUILD_FULL);
    assert_false(report->withheld);
    assert_int_equal(count("acta"), 30);
    assert_int_equal(count("Qsrc/2025/7.txt"), 0);
}

static int stop_now = 1;

static void
a_stopped_or_broken_rebuild_leaves_the_live_one(void **state)
{
    (void)state;
    write_files();
    expect_run(LJ_REBUILD_NONE);
    run_with((struct lj_run_options){.rebuild = LJ_REBUILD_STORED, .stop = &stop_now}, NULL);
    expect_stub("glass gen-0001/seg-0001\n");
    assert_false(there("db/gen-0002"));
    /* What a killed one leaves goes with the next run. */
    write_file("db/gen-0002/seg-0001/postlist.glass", "x");
    expect_run(LJ_REBUILD_NONE);
    assert_false(there("db/gen-0002"));
    expect_stub("glass gen-0001/seg-0001\n");
}

static void
there_is_a_way_back(void **state)
{
    (void)state;
    write_file("src/a.txt", "uno");
    expect_run(LJ_REBUILD_NONE);
    char *dir = inside("db");
    struct lj_run_options options = {.dir = dir, .message = hear};
    GError *error = NULL;
    assert_false(lj_index_rollback(&options, &error));
    assert_int_equal(error->code, LJ_ERROR_NO_INPUT);
    g_clear_error(&error);
    expect_run(LJ_REBUILD_STORED);
    write_file("src/b.txt", "dos");
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(count("dos"), 1);
    assert_true(lj_index_rollback(&options, NULL));
    expect_stub("glass gen-0001/seg-0001\n");
    assert_int_equal(count("dos"), 0);
    expect_run(LJ_REBUILD_NONE); /* catches up */
    assert_int_equal(count("dos"), 1);
    assert_false(there("db/gen-0002"));
    /* A live generation that cannot be read is what one goes back from. */
    expect_run(LJ_REBUILD_STORED);
    write_file("db/gen-0002/seg-0001/iamglass", "damaged");
    assert_true(lj_index_rollback(&options, &error));
    assert_int_equal(count("dos"), 1);
    g_free(dir);
}

/* --- the lexicon ------------------------------------------------------------------------------- */

/* The version of an index's lexicon, as if an older program had made it. */
static char *alien;

/* A lexicon that knows no word, of another digest: naciones is no form of nación to it. */
static void
write_alien_lexicon(const char *dir)
{
    struct lj_analyser *analyser = lj_analyser_open(NULL, NULL);
    size_t length;
    const void *bytes = lj_analyser_lexicon(analyser, &length);
    struct lexicon_header *copy = g_memdup2(bytes, length);
    memset(copy->digest, 0xab, sizeof copy->digest);
    copy->words_root = 0;
    char *parent = g_build_filename(dir, "analyser", NULL);
    char *path = g_build_filename(parent, "abababababababab", NULL);
    g_mkdir_with_parents(parent, 0777);
    assert_true(g_file_set_contents(path, (const char *)copy, (gssize)length, NULL));
    const char *own = lj_analyser_builtin();
    alien = g_strdup_printf("%.*s-abababababababab", (int)(strrchr(own, '-') - own), own);
    g_free(copy);
    g_free(path);
    g_free(parent);
    lj_analyser_close(analyser);
}

/* Makes the index one that was analysed with the alien lexicon. */
static void
make_alien(void)
{
    write_file("src/a.txt", "anduvieron");
    expect_run(LJ_REBUILD_NONE);
    char *generation = inside("db/gen-0001"), *segment = inside("db/gen-0001/seg-0001");
    write_alien_lexicon(generation);
    struct xap_writer *writer = lj_xap_writer_open(segment, XAP_UPDATE, NULL);
    assert_true(lj_xap_writer_set_metadata(writer, "analyser", 8, alien, strlen(alien), NULL));
    assert_true(lj_xap_writer_commit(writer, NULL));
    lj_xap_writer_close(writer);
    g_free(generation);
    g_free(segment);
    write_file("src/b.txt", "supieron");
}

static char *
stem_by(struct lj_analyser *analyser, const char *word)
{
    return g_strconcat("Z", lj_analyser_word(analyser, word, -1)->stem, NULL);
}

static void
an_index_keeps_its_lexicon(void **state)
{
    (void)state;
    make_alien();
    char *dir = inside("db"), *path = inside("db/gen-0001/analyser/abababababababab");
    struct lj_analyser *old = lj_analyser_open(path, NULL), *own = lj_analyser_open(NULL, NULL);
    char *by_old = stem_by(old, "supieron"), *by_own = stem_by(own, "supieron");
    assert_string_not_equal(by_old, by_own);

    expect_run(LJ_REBUILD_NONE); /* a run goes on with the index's own */
    assert_int_equal(count(by_old), 1);
    assert_int_equal(count(by_own), 0);
    const char *databases[] = {dir, NULL};
    struct lj_searcher *searcher = lj_searcher_open(databases, NULL);
    assert_non_null(searcher);
    assert_string_equal(lj_analyser_version(lj_searcher_analyser(searcher)), alien);

    /* Until it is rebuilt; a searcher that is open notices with its next search. */
    expect_run(LJ_REBUILD_STORED);
    assert_int_equal(count(by_old), 0);
    assert_int_equal(count(by_own), 1);
    struct lj_search_options options = {.limit = 10};
    struct lj_query_place where;
    struct lj_query *query = lj_query_parse("supieron", LJ_SYNTAX_QUERY, NULL,
                                            lj_searcher_analyser(searcher), &where, NULL);
    struct lj_results *results = lj_search(searcher, query, &options, NULL);
    assert_non_null(results);
    assert_string_equal(lj_analyser_version(lj_searcher_analyser(searcher)), lj_analyser_builtin());
    lj_results_free(results);
    lj_query_free(query);
    lj_searcher_close(searcher);
    lj_analyser_close(old);
    lj_analyser_close(own);
    g_clear_pointer(&alien, g_free);
    g_free(by_old);
    g_free(by_own);
    g_free(dir);
    g_free(path);
}

static void
a_lexicon_that_is_needed_and_gone_is_said(void **state)
{
    (void)state;
    make_alien();
    char *dir = inside("db");
    const char *databases[] = {dir, NULL};
    static const char *const damages[] = {"cut", NULL}; /* and removed */
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        if (damages[i])
            write_file("db/gen-0001/analyser/abababababababab", damages[i]);
        else
            unlink_inside("db/gen-0001/analyser/abababababababab");
        GError *error = NULL;
        assert_null(lj_searcher_open(databases, &error));
        assert_int_equal(error->code, LJ_ERROR_DAMAGED);
        assert_non_null(strstr(error->message, "--rebuild"));
        g_clear_error(&error);
        assert_int_equal(run_with((struct lj_run_options){0}, "src"), LJ_ERROR_DAMAGED);
    }
    expect_run(LJ_REBUILD_STORED);
    expect_run(LJ_REBUILD_NONE);
    /* The built-in one is always at hand: its copy is only written again. */
    char *copy =
        g_strconcat("db/gen-0002/analyser/", strrchr(lj_analyser_builtin(), '-') + 1, NULL);
    assert_true(there(copy));
    write_file(copy, "cut");
    expect_run(LJ_REBUILD_NONE);
    struct lj_layout *layout = lj_layout_read(dir, false, NULL);
    assert_true(lj_lexicon_check(layout, 2, lj_analyser_builtin(), NULL));
    lj_layout_free(layout);
    g_clear_pointer(&alien, g_free);
    g_free(copy);
    g_free(dir);
}

static void
other_rules_ask_for_a_rebuild(void **state)
{
    (void)state;
    write_file("src/a.txt", "uno");
    expect_run(LJ_REBUILD_NONE);
    char *segment = inside("db/gen-0001/seg-0001"), *dir = inside("db");
    struct xap_writer *writer = lj_xap_writer_open(segment, XAP_UPDATE, NULL);
    assert_true(lj_xap_writer_set_metadata(writer, "analyser", 8, "0 es 1-abab", 11, NULL));
    assert_true(lj_xap_writer_commit(writer, NULL));
    lj_xap_writer_close(writer);
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), LJ_ERROR_NEWER);
    const char *databases[] = {dir, NULL};
    GError *error = NULL;
    assert_null(lj_searcher_open(databases, &error));
    assert_int_equal(error->code, LJ_ERROR_NEWER);
    g_clear_error(&error);
    expect_run(LJ_REBUILD_STORED);
    expect_run(LJ_REBUILD_NONE);
    g_free(segment);
    g_free(dir);
}

static void
a_lost_manifest_is_made_good(void **state)
{
    (void)state;
    write_files();
    expect_run(LJ_REBUILD_NONE);
    uint64_t documents = report->documents;
    write_file("db/gen-0001/journal-0001", "x");
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), LJ_ERROR_DAMAGED);
    expect_run(LJ_REBUILD_STORED);
    assert_int_equal(report->documents, documents);
    expect_run(LJ_REBUILD_NONE); /* files are read once more, none becomes two documents */
    assert_int_equal(report->documents, documents);
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->unchanged, 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stored_text_gives_the_same_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(originals_are_read_and_the_rest_comes_along, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_has_no_original_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_move_is_no_second_document, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stopped_or_broken_rebuild_leaves_the_live_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(there_is_a_way_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_index_keeps_its_lexicon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lexicon_that_is_needed_and_gone_is_said, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(other_rules_ask_for_a_rebuild, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_manifest_is_made_good, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
