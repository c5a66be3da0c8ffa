/* Files of the same bytes are one document with several paths, whatever becomes of them. */
#include "cmocka_all.h"
#include "running.h"
#include "index/store.h"
#include "legajo/search.h"

#include <stdlib.h>

static void
run(void)
{
    expect_run(LJ_REBUILD_NONE);
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The documents with their paths: "a.txt+b.txt c.txt", by id; what --check says must be that all is well. */
static void
expect_paths(const char *expected)
{
    char *dir = inside("db");
    const char *dirs[] = {dir, NULL};
    struct lj_searcher *searcher = lj_searcher_open(dirs, NULL);
    assert_non_null(searcher);
    struct lj_query *query =
        lj_query_parse("*", LJ_SYNTAX_QUERY, NULL, lj_searcher_analyser(searcher), NULL, NULL);
    struct lj_search_options options = {.limit = 100, .sort = LJ_SORT_TITLE};
    struct lj_results *results = lj_search(searcher, query, &options, NULL);
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < results->hits->len; i++) {
        const struct lj_hit *hit = results->hits->pdata[i];
        GString *out = g_string_new(hit->stored->document->id + strlen("src/"));
        for (guint k = 0; k < hit->paths; k++) {
            const struct lj_copy *copy = hit->copies->pdata[k];
            g_string_append_printf(out, "+%s", copy->id + strlen("src/"));
            char *end = g_strconcat("/", copy->id, NULL);
            assert_true(g_str_has_suffix(copy->path, end));
            g_free(end);
            /* each of its ids names the document */
            struct lj_hit *same = lj_searcher_lookup(searcher, copy->id, NULL);
            assert_int_equal(same->docid, hit->docid);
            lj_hit_free(same);
        }
        g_ptr_array_add(found, g_string_free(out, FALSE));
    }
    g_ptr_array_add(found, NULL);
    qsort(found->pdata, found->len - 1, sizeof *found->pdata, compare);
    char *joined = g_strjoinv(" ", (char **)found->pdata);
    assert_string_equal(joined, expected);
    assert_int_equal(results->total, found->len - 1);
    g_free(joined);
    g_ptr_array_unref(found);
    lj_results_free(results);
    lj_query_free(query);
    lj_searcher_close(searcher);
    bool sound;
    char *said_of_it = lj_index_check(&(struct lj_run_options){.dir = dir}, &sound, NULL);
    if (!sound)
        fail_msg("%s", said_of_it);
    g_free(said_of_it);
    g_free(dir);
}

/* Some text of its own, a long one where so much is asked for: more than one frame. */
static void
write_text(const char *name, const char *word, unsigned times)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < times; i++)
        g_string_append_printf(text, "%s %u de la ley. ", word, i);
    write_file(name, text->str);
    g_string_free(text, TRUE);
}

static void
the_least_path_gives_the_id(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        write_text("src/c/x.txt", "aguas", 1);
        write_text("src/a/y.txt", "aguas", 1);
        write_text("src/b.md", "aguas", 1);
        write_text("src/otra.txt", "montes", 1);
        assert_int_equal(run_with((struct lj_run_options){.jobs = jobs}, "src"), -1);
        assert_int_equal(report->added, 2);
        assert_int_equal(report->duplicates, 2);
        expect_paths("a/y.txt+b.md+c/x.txt otra.txt");
        assert_int_equal(count("aguas"), 1);
        assert_int_equal(count("XPsrc/c"), 1);
        assert_int_equal(count("XE:md"), 1);
        run();
        assert_int_equal(report->added + report->changed + report->removed, 0);
        assert_int_equal(report->unchanged, 4);
        char *dir = inside("db");
        assert_true(lj_remove_tree(dir, NULL));
        g_free(dir);
    }
}

static void
copies_come_and_go(void **state)
{
    (void)state;
    write_text("src/m.txt", "aguas", 20000);
    run();
    write_text("src/z.txt", "aguas", 20000);
    write_text("src/b.txt", "aguas", 20000);
    run();
    assert_int_equal(report->added, 0);
    expect_paths("m.txt+b.txt+z.txt"); /* whose document it is stays so */
    assert_int_equal(count("aguas"), 1);
    unlink_inside("src/z.txt");
    run();
    assert_int_equal(report->removed, 0);
    expect_paths("m.txt+b.txt");
    write_text("src/b.txt", "montes", 10);
    run();
    expect_paths("b.txt m.txt");
    assert_int_equal(report->added, 1);
    assert_int_equal(count("montes"), 1);
    write_text("src/b.txt", "aguas", 20000);
    run();
    expect_paths("m.txt+b.txt");
    assert_int_equal(count("montes"), 0);
}

static void
the_first_path_goes(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 20000);
    write_text("src/b.txt", "aguas", 20000);
    write_text("src/c.txt", "aguas", 20000);
    run();
    expect_paths("a.txt+b.txt+c.txt");
    unlink_inside("src/a.txt");
    run();
    assert_int_equal(report->added + report->removed, 0); /* nor is anything read */
    expect_paths("b.txt+c.txt");
    assert_int_equal(count("Qsrc/a.txt"), 0);
    assert_int_equal(count("XJsrc/a.txt"), 0);
    write_text("src/b.txt", "montes", 3);
    run();
    expect_paths("b.txt c.txt");
    assert_int_equal(count("aguas"), 1);
    run();
    assert_int_equal(report->added + report->changed, 0);
    unlink_inside("src/c.txt");
    run();
    assert_int_equal(report->removed, 1);
    expect_paths("b.txt");
}

/* All of a group changes at once, or changes places. */
static void
bytes_change_places(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 1);
    write_text("src/b.txt", "aguas", 1);
    write_text("src/c.txt", "montes", 1);
    write_text("src/d.txt", "montes", 1);
    run();
    expect_paths("a.txt+b.txt c.txt+d.txt");
    write_text("src/a.txt", "montes", 1);
    write_text("src/c.txt", "aguas", 1);
    run();
    expect_paths("b.txt+c.txt d.txt+a.txt");
    write_text("src/a.txt", "minas", 1);
    write_text("src/b.txt", "minas", 1);
    write_text("src/c.txt", "minas", 1);
    write_text("src/d.txt", "minas", 1);
    run();
    assert_int_equal(count("minas"), 1);
    assert_int_equal(count("ley"), 1);
    char *dir = inside("db");
    char *found = ids_of(dir);
    assert_int_equal(strlen(found), strlen("src/a.txt"));
    g_free(found);
    g_free(dir);
}

static void
moves_are_no_losses(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++)
        for (int k = 0; k < 2; k++) {
            char *name = g_strdup_printf("src/%s/%d.txt", k ? "uno" : "dos", i);
            write_text(name, "aguas", 1 + (unsigned)i);
            g_free(name);
        }
    run();
    assert_int_equal(count("aguas"), 30);
    rename_inside("src/uno", "src/tres"); /* copies */
    run();
    assert_false(report->withheld);
    assert_int_equal(count("aguas"), 30);
    assert_int_equal(count("XPsrc/tres"), 30);
    assert_int_equal(count("XPsrc/uno"), 0);
    rename_inside("src/dos", "src/cuatro"); /* first paths */
    run();
    assert_false(report->withheld);
    assert_int_equal(report->removed, 0);
    assert_int_equal(count("aguas"), 30);
    assert_int_equal(count("XPsrc/tres"), 30);
    assert_int_equal(count("XPsrc/cuatro"), 30);
    assert_int_equal(count("XPsrc/dos"), 0);
    /* a folder that is gone is told, though each document has another path */
    rename_inside("src/tres", "fuera");
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), -1);
    assert_true(report->withheld);
    assert_int_equal(count("XPsrc/tres"), 30);
    assert_int_equal(run_with((struct lj_run_options){.max_delete = 100}, "src"), -1);
    assert_int_equal(report->removed, 0);
    assert_int_equal(count("XPsrc/tres"), 0);
    assert_int_equal(count("aguas"), 30);
}

/* What is no single document is read for each path, as ever. */
static void
several_documents_stay_several(void **state)
{
    (void)state;
    static const char mail[] =
        "From: a@example.org\nSubject: Aguas\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        "La ley de aguas.\n--x\nContent-Type: text/plain; name=anexo.txt\n"
        "Content-Disposition: attachment; filename=anexo.txt\n\nEl anexo de la ley.\n--x--\n";
    write_file("src/a.eml", mail);
    write_file("src/b.eml", mail);
    write_file("src/a.jsonl", "{\"text\":\"uno\"}\n");
    write_file("src/b.jsonl", "{\"text\":\"uno\"}\n");
    write_file("src/a.pdf", "%PDF-1.4 roto");
    write_file("src/b.pdf", "%PDF-1.4 roto");
    write_file("src/a.xyz", "\x01\x02\x03\x04\x05");
    write_file("src/b.xyz", "\x01\x02\x03\x04\x05");
    run();
    assert_int_equal(report->failed, 2);
    assert_int_equal(report->skipped, 2);
    expect_paths("a.eml a.eml!/anexo.txt a.jsonl#1 b.eml b.eml!/anexo.txt b.jsonl#1");
    run();
    assert_int_equal(report->added + report->changed + report->failed, 0);
    unlink_inside("src/a.eml");
    run();
    expect_paths("a.jsonl#1 b.eml b.eml!/anexo.txt b.jsonl#1");
}

static void
taken_out_by_hand_with_all_paths(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 1);
    write_text("src/b.txt", "aguas", 1);
    write_text("src/d/c.txt", "aguas", 1);
    write_text("src/otra.txt", "montes", 1);
    run();
    char *dir = inside("db");
    struct lj_run_options options = {.dir = dir, .message = hear};
    static const char *const ids[] = {"src/a.txt", "src/d/c.txt"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        assert_true(lj_index_remove(&options, ids[i], NULL));
        expect_paths("otra.txt");
        run();
        expect_paths("otra.txt");
        assert_true(lj_index_restore(&options, ids[1 - i], NULL));
        run();
        expect_paths("a.txt+b.txt+d/c.txt otra.txt");
    }
    assert_true(lj_index_remove_source(&options, "src/d", NULL));
    expect_paths("a.txt+b.txt otra.txt");
    assert_true(lj_index_remove_source(&options, "src/a.txt", NULL));
    expect_paths("b.txt otra.txt");
    run();
    expect_paths("b.txt+a.txt+d/c.txt otra.txt");
    assert_true(lj_index_remove_source(&options, "src", NULL));
    assert_int_equal(count(""), 0);
    g_free(dir);
}

/* A rebuild keeps what is one document, and makes one of what an index of before has as several. */
static void
rebuilds_keep_and_unite(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 20000);
    write_text("src/b.txt", "aguas", 20000);
    run();
    expect_run(LJ_REBUILD_STORED);
    expect_paths("a.txt+b.txt");
    run();
    assert_int_equal(report->added + report->changed + report->removed, 0);
    expect_run(LJ_REBUILD_FULL);
    expect_paths("a.txt+b.txt");
    unlink_inside("src/a.txt");
    write_text("src/z.txt", "aguas", 20000);
    expect_run(LJ_REBUILD_FULL);
    expect_paths("b.txt+z.txt");
    /* deletions that are not wanted, a source that is not there: what is kept goes together with what is read */
    for (int i = 0; i < 30; i++) {
        char *name = g_strdup_printf("src/viejo/%d.txt", i);
        write_text(name, "montes", 1 + (unsigned)i);
        g_free(name);
    }
    run();
    rename_inside("src/viejo", "fuera");
    for (int i = 0; i < 30; i++) {
        char *name = g_strdup_printf("src/nuevo/%d.txt", i);
        write_text(name, "montes", 1 + (unsigned)i);
        g_free(name);
    }
    struct lj_run_options keeping = {.rebuild = LJ_REBUILD_FULL, .no_delete = true};
    assert_int_equal(run_with(keeping, NULL), -1);
    assert_int_equal(count("montes"), 30);
    assert_int_equal(count("XPsrc/viejo"), 30);
    assert_int_equal(count("XPsrc/nuevo"), 30);
    assert_int_equal(count("Qsrc/nuevo/7.txt"), 1);
    rename_inside("fuera", "src/viejo");
    rename_inside("src", "otra");
    expect_run(LJ_REBUILD_FULL);
    assert_true(report->missing);
    assert_int_equal(count("XPsrc/viejo"), 30);
    rename_inside("otra", "src");
    run();
    assert_int_equal(report->added + report->removed, 0);
    assert_int_equal(count("montes"), 30);
}

/* Where looking for like files takes too long, they are found when all is read. */
static void
what_was_not_looked_for_is_united(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        char *name = g_strdup_printf("src/%03d.txt", i);
        write_text(name, "aguas", 3000 + (unsigned)(i % 20));
        g_free(name);
    }
    assert_int_equal(run_with((struct lj_run_options){.publish_ms = 1}, "src"), -1);
    assert_int_equal(count("aguas"), 20);
    assert_int_equal(count("XPsrc"), 20);
    assert_int_equal(count("Qsrc/000.txt"), 1);
    assert_int_equal(count("XJsrc/020.txt"), 1);
    run();
    assert_int_equal(report->added + report->changed + report->removed, 0);
    assert_int_equal(report->unchanged, 200);
}

static void
a_lost_manifest_makes_no_second_document(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 3);
    write_text("src/b.txt", "aguas", 3);
    run();
    write_file("db/gen-0001/journal-0001", "x");
    expect_run(LJ_REBUILD_STORED);
    run();
    expect_paths("a.txt+b.txt");
    assert_int_equal(count("aguas"), 1);
}

/* A row goes, or is there, without the document: as where a run is killed between the commits of two segments. */
static void
tear(const char *key, const char *first)
{
    char *dir = inside("db"), *own = g_strdup(key);
    struct lj_store *store = lj_store_open(dir, LJ_STORE_UPDATE, 0, NULL, NULL);
    struct lj_row row = first ? *lj_journal_find(store->journal, first) : (struct lj_row){0};
    row.key = own;
    row.state = first ? LJ_FILE_COPY : LJ_FILE_GONE;
    row.documents = 0;
    row.reason = (char *)first;
    lj_journal_set(store->journal, &row);
    assert_true(lj_store_commit(store, NULL));
    lj_store_close(store);
    g_free(own);
    g_free(dir);
}

static void
what_was_torn_is_mended(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 1);
    write_text("src/b.txt", "aguas", 1);
    run();
    tear("src/b.txt", NULL);
    unlink_inside("src/b.txt");
    run();
    expect_paths("a.txt");
    write_text("src/b.txt", "aguas", 1);
    tear("src/b.txt", "src/a.txt");
    run();
    expect_paths("a.txt+b.txt");
    tear("src/b.txt", NULL);
    run();
    expect_paths("a.txt+b.txt");
    tear("src/c.txt", "src/a.txt");
    run();
    expect_paths("a.txt+b.txt");
}

/* A row that names any of the paths is the document's. */
static void
metadata_is_joined_by_any_path(void **state)
{
    (void)state;
    write_text("src/a.txt", "aguas", 1);
    write_text("src/b.txt", "aguas", 1);
    write_file("fichas.csv", "archivo,título\nb.txt,Título de la ficha\n");
    char *table = inside("fichas.csv");
    assert_int_equal(run_with((struct lj_run_options){.metadata = table}, "src"), -1);
    assert_int_equal(count("ficha"), 1);
    assert_null(strstr(said->str, "describe no document"));
    unlink_inside("src/b.txt");
    run();
    assert_int_equal(count("ficha"), 0);
    expect_paths("a.txt");
    write_text("src/b.txt", "aguas", 1);
    run();
    assert_int_equal(count("ficha"), 1);
    write_file("fichas.csv", "archivo,título\nb.txt,Otro nombre\n");
    run();
    assert_int_equal(count("ficha"), 0);
    assert_int_equal(count("nombre"), 1);
    expect_paths("a.txt+b.txt");
    g_free(table);
}

/* Only the dates change: nothing is read, nothing changes. */
static void
dates_alone_say_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"src/a.txt", "src/b.txt", "src/c.txt"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        write_text(names[i], "aguas", 1);
    run();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = inside(names[i]);
        struct timespec times[2] = {{1000 + (time_t)i, 0}, {1000 + (time_t)i, 0}};
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
        g_free(path);
        run();
        assert_int_equal(report->added + report->changed + report->removed, 0);
        expect_paths("a.txt+b.txt+c.txt");
    }
    g_usleep(1100000);
    run();
    run();
    assert_int_equal(report->unchanged, 3);
}

/* No path of a document stays: one has another name, the others are gone, or have one, too, or other bytes. */
static void
all_paths_go(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        const char *moves = first ? "src/a.txt" : "src/b.txt",
                   *stays = first ? "src/b.txt" : "src/a.txt";
        write_text("src/a.txt", "aguas", 1);
        write_text("src/b.txt", "aguas", 1);
        run();
        expect_paths("a.txt+b.txt");
        rename_inside(moves, "src/m.txt");
        unlink_inside(stays);
        run();
        expect_paths("m.txt");
        assert_int_equal(count("aguas"), 1);
        rename_inside("src/m.txt", "src/a.txt");
        write_text("src/b.txt", "aguas", 1);
        run();
        assert_int_equal(count("aguas"), 1);
        rename_inside(moves, "src/m.txt");
        rename_inside(stays, "src/n.txt");
        run();
        expect_paths("m.txt+n.txt");
        assert_int_equal(count("aguas"), 1);
        rename_inside("src/m.txt", moves);
        write_text("src/n.txt", "montes", 2);
        run();
        expect_paths(first ? "a.txt n.txt" : "b.txt n.txt");
        assert_int_equal(count("aguas"), 1);
        char *dir = inside("db");
        assert_true(lj_remove_tree(dir, NULL));
        g_free(dir);
        unlink_inside(moves);
        unlink_inside("src/n.txt");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_paths_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_least_path_gives_the_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(copies_come_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_path_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_change_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(moves_are_no_losses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_documents_stay_several, set_up, tear_down),
        cmocka_unit_test_setup_teardown(taken_out_by_hand_with_all_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rebuilds_keep_and_unite, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_looked_for_is_united, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_manifest_makes_no_second_document, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_torn_is_mended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metadata_is_joined_by_any_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dates_alone_say_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
