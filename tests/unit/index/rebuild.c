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
        char *text = g_strdup_printf("antiguo %d", i);
        write_file(name, text);
        g_free(name);
        g_free(text);
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

#define MANY 70

/* Files long enough that a rebuild with little memory makes many segments. */
static void
write_much(void)
{
    for (int i = 0; i < MANY; i++) {
        GString *text = g_string_new(NULL);
        for (int n = 0; n < 800; n++)
            g_string_append_printf(text, "Artículo %d: acta %d del expediente x%d.\n", n, i,
                                   (i * 800 + n) % 7919);
        char *name = g_strdup_printf("src/%02d/%03d.txt", i % 7, i);
        write_file(name, text->str);
        g_free(name);
        g_string_free(text, TRUE);
    }
}

/* Stops a run when it has made so many segments of the next generation. */
struct stopper {
    volatile int stop;
    unsigned segments;
    char *before; /* what was said of them when it began */
    volatile bool over;
};

static gpointer
stop_in_time(gpointer data)
{
    struct stopper *stopper = data;
    char *wanted = g_strdup_printf("glass seg-%04u\n", stopper->segments);
    char *path = inside("db/gen-0002/unfinished");
    while (!stopper->over && !stopper->stop) {
        char *text = NULL;
        if (g_file_get_contents(path, &text, NULL, NULL) && strstr(text, wanted) &&
            g_strcmp0(text, stopper->before) != 0)
            stopper->stop = 15;
        g_free(text);
        g_usleep(500);
    }
    g_free(path);
    g_free(wanted);
    return NULL;
}

static void
expect_said(const char *words)
{
    if (!strstr(said->str, words))
        fail_msg("not “%s”: %s", words, said->str);
    g_string_truncate(said, 0);
}

/* A rebuild that is stopped when it has so many segments, and says that it can be gone on with. */
static void
break_off(enum lj_rebuild rebuild, unsigned segments)
{
    struct stopper stopper = {.segments = segments};
    char *path = inside("db/gen-0002/unfinished");
    g_file_get_contents(path, &stopper.before, NULL, NULL);
    g_free(path);
    GThread *thread = g_thread_new("stopper", stop_in_time, &stopper);
    struct lj_run_options options = {.rebuild = rebuild, .memory = 1, .stop = &stopper.stop};
    if (run_with(options, NULL) != -1)
        fail_msg("%s", said->str);
    stopper.over = true;
    g_thread_join(thread);
    g_free(stopper.before);
    assert_true(report->stopped);
    expect_stub("glass gen-0001/seg-0001\n");
    assert_true(there("db/gen-0002/unfinished"));
    expect_said("goes on with it");
}

/* The live index has one segment, equal to another database. */
static void
expect_live_equals(const char *other)
{
    char *dir = inside("db"), *expected = inside(other);
    struct lj_layout *layout = lj_layout_read(dir, false, NULL);
    char **paths = lj_layout_paths(layout);
    assert_int_equal(g_strv_length(paths), 1);
    char *difference = reference_difference(expected, paths[0]);
    if (difference)
        fail_msg("%s", difference);
    g_strfreev(paths);
    lj_layout_free(layout);
    g_free(expected);
    g_free(dir);
}

static void
expect_status(const char *member)
{
    char *dir = inside("db");
    char *status = lj_index_status(&(struct lj_run_options){.dir = dir}, NULL);
    assert_non_null(strstr(status, member));
    g_free(status);
    g_free(dir);
}

static void
a_stopped_rebuild_is_gone_on_with(void **state)
{
    (void)state;
    write_much();
    expect_run(LJ_REBUILD_NONE);
    break_off(LJ_REBUILD_STORED, 2);
    expect_run(LJ_REBUILD_NONE); /* nothing has changed: what was built stays */
    expect_status("\"unfinished_rebuild\":true");
    break_off(LJ_REBUILD_STORED, 5);
    /* What was being written when it was killed goes. */
    write_file("db/gen-0002/seg-0099/postlist.glass", "x");
    write_file("db/gen-0002/tmp-1/postlist.glass", "x");
    g_string_truncate(said, 0);
    expect_run(LJ_REBUILD_STORED);
    expect_said("going on with a rebuild that was broken off");
    assert_int_equal(report->again, MANY);
    expect_live_equals("db/gen-0001/seg-0001");
    expect_status("\"unfinished_rebuild\":false");
    assert_false(there("db/gen-0002/unfinished"));
    assert_false(there("db/gen-0002/seg-0099"));
    assert_false(there("db/gen-0002/tmp-1"));
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->unchanged, MANY);
}

static void
a_stopped_rebuild_that_fits_no_more_is_begun_anew(void **state)
{
    (void)state;
    write_much();
    expect_run(LJ_REBUILD_NONE);
    break_off(LJ_REBUILD_STORED, 2);
    break_off(LJ_REBUILD_FULL, 1); /* another kind of rebuild */
    break_off(LJ_REBUILD_STORED, 2);
    write_file("db/gen-0002/seg-0001/iamglass", "damaged");
    break_off(LJ_REBUILD_STORED, 2);
    write_file("src/nuevo.txt", "novedades");
    expect_run(LJ_REBUILD_NONE); /* another live index */
    g_string_truncate(said, 0);
    if (run_with((struct lj_run_options){.rebuild = LJ_REBUILD_STORED}, NULL) != -1)
        fail_msg("%s", said->str);
    expect_said("and is removed");
    assert_int_equal(report->documents, MANY + 1);
    assert_int_equal(count("novedades"), 1);
}

/* Between the two attempts the originals go their way. */
static void
what_was_read_is_not_read_again_unless_it_changed(void **state)
{
    (void)state;
    write_much();
    expect_run(LJ_REBUILD_NONE);
    feed("{\"id\":\"f1\",\"text\":\"alimentado\"}\n");
    break_off(LJ_REBUILD_FULL, 2);
    write_file("src/00/000.txt", "enmendada"); /* the first ones are in a segment already */
    unlink_inside("src/00/007.txt");
    char *from = inside("src/00/014.txt"), *to = inside("src/movida.txt");
    assert_int_equal(g_rename(from, to), 0);
    g_free(from);
    g_free(to);
    write_file("src/nuevo.txt", "novedades");
    expect_run(LJ_REBUILD_FULL);
    expect_said("going on with a rebuild that was broken off");
    assert_int_equal(report->documents, MANY + 1);
    assert_int_equal(count("enmendada"), 1);
    assert_int_equal(count("novedades"), 1);
    assert_int_equal(count("alimentado"), 1);
    assert_int_equal(count("Qsrc/00/007.txt"), 0);
    assert_int_equal(count("Qsrc/00/014.txt"), 0);
    assert_int_equal(count("Qsrc/movida.txt"), 1);
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->added + report->changed + report->removed, 0);
}

/* Broken off while documents whose source is away are carried; then it is back. */
static void
what_was_carried_is_read_when_it_is_back(void **state)
{
    (void)state;
    write_much();
    expect_run(LJ_REBUILD_NONE);
    char *from = inside("src"), *to = inside("away");
    assert_int_equal(g_rename(from, to), 0);
    break_off(LJ_REBUILD_FULL, 2);
    assert_int_equal(g_rename(to, from), 0);
    g_free(from);
    g_free(to);
    unlink_inside("src/00/000.txt");
    write_file("src/00/007.txt", "enmendada");
    expect_run(LJ_REBUILD_FULL);
    expect_said("going on with a rebuild that was broken off");
    assert_int_equal(report->documents, MANY - 1);
    assert_int_equal(count("enmendada"), 1);
    assert_int_equal(count("Qsrc/00/000.txt"), 0);
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->added + report->changed + report->removed, 0);
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

/* Of the live generation nothing is left: the last good one stays, as the way back, while and after the originals are read
 * again. */
static void
a_lost_generation_does_not_take_the_one_before_along(void **state)
{
    (void)state;
    static const char *const losses[] = {"db/gen-0002", "db/gen-0002/seg-0001"};
    for (size_t i = 0; i < G_N_ELEMENTS(losses); i++) {
        write_file("src/a.txt", "uno");
        expect_run(LJ_REBUILD_NONE);
        expect_run(LJ_REBUILD_STORED);
        char *dir = inside("db"), *live = inside(losses[i]);
        assert_true(lj_remove_tree(live, NULL));
        write_file("src/a.txt", "dos");
        struct lj_run_options stopped = {.rebuild = LJ_REBUILD_FULL, .stop = &stop_now};
        assert_int_equal(run_with(stopped, NULL), -1);
        assert_true(there("db/gen-0001"));
        expect_run(LJ_REBUILD_FULL);
        expect_stub("glass gen-0003/seg-0001\n");
        assert_int_equal(count("dos"), 1);
        assert_true(there("db/gen-0001"));
        assert_false(there("db/gen-0002"));
        expect_run(LJ_REBUILD_NONE);
        struct lj_run_options options = {.dir = dir, .message = hear};
        assert_true(lj_index_rollback(&options, NULL));
        expect_stub("glass gen-0001/seg-0001\n");
        assert_int_equal(count("uno"), 1);
        expect_run(LJ_REBUILD_NONE);
        assert_false(there("db/gen-0003"));
        assert_true(lj_remove_tree(dir, NULL));
        g_free(live);
        g_free(dir);
    }
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
        cmocka_unit_test_setup_teardown(a_stopped_rebuild_is_gone_on_with, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stopped_rebuild_that_fits_no_more_is_begun_anew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_read_is_not_read_again_unless_it_changed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_carried_is_read_when_it_is_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(there_is_a_way_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_generation_does_not_take_the_one_before_along,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_index_keeps_its_lexicon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lexicon_that_is_needed_and_gone_is_said, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(other_rules_ask_for_a_rebuild, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_manifest_is_made_good, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
