/* What people do to an index by hand: taking out and letting in, checking, copying, asking how it is. */
#include "cmocka_all.h"
#include "running.h"
#include "index/history.h"
#include "index/lock.h"
#include "index/store.h"
#include "legajo/stored.h"
#include <jansson.h>

static char *dir;

static int
set_up_dir(void **state)
{
    int made = set_up(state);
    dir = inside("db");
    return made;
}

static int
tear_down_dir(void **state)
{
    g_clear_pointer(&dir, g_free);
    return tear_down(state);
}

/* A run, or a rebuild, that must go well. */
static void
run_over(enum lj_rebuild rebuild, const char *source)
{
    if (run_with((struct lj_run_options){.dir = dir, .rebuild = rebuild}, source) != -1)
        fail_msg("%s", said->str);
}

static void
feed(const char *line)
{
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
    assert_true(lj_index_run(&options, report, NULL));
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[0]);
}

typedef bool (*by_id)(const struct lj_run_options *options, const char *id, GError **error);

static void
job(by_id what, const char *id)
{
    struct lj_run_options options = {.dir = dir, .message = hear};
    GError *error = NULL;
    if (!what(&options, id, &error))
        fail_msg("%s", error->message);
}

static void
expect_none(by_id what, const char *id)
{
    struct lj_run_options options = {.dir = dir, .message = hear};
    GError *error = NULL;
    assert_false(what(&options, id, &error));
    assert_int_equal(error->code, LJ_ERROR_NO_INPUT);
    g_error_free(error);
}

/* What the check finds; 0: the index is sound. */
static json_int_t
problems(void)
{
    struct lj_run_options options = {.dir = dir, .message = hear};
    bool sound;
    GError *error = NULL;
    char *text = lj_index_check(&options, &sound, &error);
    if (!text)
        fail_msg("%s", error->message);
    json_t *found = json_loads(text, 0, NULL);
    json_int_t n = json_integer_value(json_object_get(found, "n_problems"));
    assert_int_equal(sound, n == 0);
    g_string_assign(said, text);
    json_decref(found);
    g_free(text);
    return n;
}

static void
a_removed_document_stays_out(void **state)
{
    (void)state;
    write_file("src/a.txt", "uno");
    write_file("src/b.txt", "dos");
    write_file("src/r.jsonl",
               "{\"id\":\"x\",\"text\":\"tres\"}\n{\"id\":\"y\",\"text\":\"cuatro\"}\n");
    run_over(LJ_REBUILD_NONE, "src");
    feed("{\"id\":\"f\",\"text\":\"cinco\"}\n");
    expect_ids(dir, "f src/a.txt src/b.txt x y");
    expect_none(lj_index_remove, "src/c.txt");
    expect_none(lj_index_restore, "src/a.txt");

    char key[11];
    lj_document_key("src/a.txt", key);
    key[6] = 0;
    job(lj_index_remove, key);
    job(lj_index_remove, "x");
    job(lj_index_remove, "f");
    expect_ids(dir, "src/b.txt y");
    assert_int_equal(problems(), 0);

    /* Neither a run, nor a change, nor a feed, nor a rebuild brings it back. */
    write_file("src/a.txt", "uno cambiado");
    write_file("src/r.jsonl", "{\"id\":\"x\",\"text\":\"tres más\"}\n"
                              "{\"id\":\"y\",\"text\":\"cuatro más\"}\n");
    run_over(LJ_REBUILD_NONE, "src");
    assert_int_equal(report->changed, 1);
    feed("{\"id\":\"f\",\"text\":\"cinco\"}\n");
    expect_ids(dir, "src/b.txt y");
    run_over(LJ_REBUILD_STORED, NULL);
    run_over(LJ_REBUILD_FULL, NULL);
    run_over(LJ_REBUILD_NONE, "src");
    expect_ids(dir, "src/b.txt y");
    assert_int_equal(problems(), 0);

    lj_document_key("x", key);
    job(lj_index_restore, key);
    job(lj_index_restore, "src/a.txt");
    job(lj_index_restore, "f");
    expect_ids(dir, "src/b.txt y");
    run_over(LJ_REBUILD_NONE, NULL);
    feed("{\"id\":\"f\",\"text\":\"cinco\"}\n");
    expect_ids(dir, "f src/a.txt src/b.txt x y");
    assert_int_equal(problems(), 0);
}

static void
a_source_is_forgotten_whole(void **state)
{
    (void)state;
    write_file("src/a.txt", "uno");
    write_file("SRC/b.txt", "dos"); /* one term, two sources */
    run_over(LJ_REBUILD_NONE, "src");
    run_over(LJ_REBUILD_NONE, "SRC");
    job(lj_index_remove, "src/a.txt");
    expect_none(lj_index_remove_source, "otra");
    job(lj_index_remove_source, "src");
    expect_ids(dir, "SRC/b.txt");
    run_over(LJ_REBUILD_NONE, NULL);
    expect_ids(dir, "SRC/b.txt");
    run_over(LJ_REBUILD_NONE, "src"); /* what was kept out is forgotten, too */
    expect_ids(dir, "SRC/b.txt src/a.txt");
    assert_int_equal(problems(), 0);
}

static void
a_check_finds_what_is_wrong(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "palabra%d ", i);
    write_file("src/larga.txt", text->str);
    g_string_free(text, TRUE);
    write_file("src/a.txt", "uno dos tres");
    write_file("src/b.txt", "cuatro");
    run_over(LJ_REBUILD_NONE, "src");
    assert_int_equal(problems(), 0);

    /* A frame of a text that does not unpack. */
    char *segment = inside("db/gen-0001/seg-0001"), frame[16];
    size_t length = lj_stored_frame_key("src/larga.txt", 1, frame);
    struct xap_writer *writer = lj_xap_writer_open(segment, XAP_UPDATE, NULL);
    assert_true(lj_xap_writer_set_metadata(writer, frame, length, "x", 1, NULL));
    assert_true(lj_xap_writer_commit(writer, NULL));
    lj_xap_writer_close(writer);
    json_int_t n = problems();
    assert_true(n >= 1);
    assert_non_null(strstr(said->str, "src/larga.txt"));
    /* A rebuild tells of it, and the next run reads the file again. */
    run_over(LJ_REBUILD_STORED, NULL);
    assert_int_equal(report->failed, 1);
    run_over(LJ_REBUILD_NONE, NULL);
    assert_int_equal(report->added, 1);
    assert_int_equal(problems(), 0);
    g_free(segment);

    /* A document that its file's row does not know of, and a row without its document. */
    struct lj_store *store = lj_store_open(dir, LJ_STORE_UPDATE, 0, NULL, NULL);
    struct lj_place place;
    assert_true(lj_store_find(store, "src/a.txt", &place, NULL, NULL, NULL));
    assert_true(lj_store_delete(store, place, "src/a.txt", NULL));
    char b[] = "src/b.txt";
    struct lj_row gone = {.key = b, .state = LJ_FILE_GONE};
    lj_journal_set(store->journal, &gone);
    assert_true(lj_store_commit(store, NULL));
    lj_store_close(store);
    assert_int_equal(problems(), 2);
    assert_non_null(strstr(said->str, "src/a.txt"));
    assert_non_null(strstr(said->str, "src/b.txt"));

    /* Structure. */
    char *table = inside("db/gen-0002/seg-0001/postlist.glass");
    struct stat st;
    assert_int_equal(stat(table, &st), 0);
    int fd = open(table, O_WRONLY);
    char junk[8192];
    memset(junk, 0xee, sizeof junk);
    for (off_t at = 0; at < st.st_size; at += (off_t)sizeof junk)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    assert_true(problems() >= 1);
    g_free(table);
}

/* A run that is cut off between two commits leaves a row without its document, or with more of them: sound, where the
 * file is not any more what the row says, since the next run looks at it. */
static void
what_the_next_run_reads_is_no_problem(void **state)
{
    (void)state;
    write_file("src/2024/a.txt", "uno");
    write_file("src/b.txt", "dos");
    run_over(LJ_REBUILD_NONE, "src");
    struct lj_store *store = lj_store_open(dir, LJ_STORE_UPDATE, 0, NULL, NULL);
    assert_non_null(store);
    struct lj_place place;
    assert_true(lj_store_find(store, "src/2024/a.txt", &place, NULL, NULL, NULL));
    assert_true(lj_store_delete(store, place, "src/2024/a.txt", NULL));
    assert_true(lj_store_commit(store, NULL));
    lj_store_close(store);
    assert_int_equal(problems(), 1);
    char *path = inside("src/2024/a.txt");
    g_unlink(path);
    assert_int_equal(problems(), 0);
    g_free(path);
    write_file("src/r.jsonl", "{\"text\":\"tres\"}\n{\"text\":\"cuatro\"}\n");
    run_over(LJ_REBUILD_NONE, "src");
    store = lj_store_open(dir, LJ_STORE_UPDATE, 0, NULL, NULL);
    assert_non_null(store);
    struct lj_row fewer = *lj_journal_find(store->journal, "src/r.jsonl");
    char key[] = "src/r.jsonl";
    fewer.key = key;
    fewer.documents = 1;
    lj_journal_set(store->journal, &fewer);
    assert_true(lj_store_commit(store, NULL));
    lj_store_close(store);
    assert_int_equal(problems(), 1);
    write_file("src/r.jsonl", "{\"text\":\"tres\"}\n{\"text\":\"cuatro\"}\n{\"text\":\"cinco\"}\n");
    assert_int_equal(problems(), 0);
    run_over(LJ_REBUILD_NONE, "src");
    assert_int_equal(problems(), 0);
}

static void
a_copy_is_an_index(void **state)
{
    (void)state;
    write_file("src/a.txt", "uno");
    run_over(LJ_REBUILD_NONE, "src");
    feed("{\"id\":\"f\",\"text\":\"cinco\"}\n");
    char *target = inside("copia"), *live = dir;
    struct lj_run_options options = {.dir = dir, .message = hear};
    int lock =
        lj_lock(dir, 0, NULL, NULL); /* another run is at work: a copy does not wait for it */
    assert_true(lock >= 0);
    GError *error = NULL;
    char *page = g_build_filename(dir, "ocr", "3f", "a9.zst", NULL);
    char *pages = g_path_get_dirname(page);
    assert_int_equal(g_mkdir_with_parents(pages, 0777), 0);
    assert_true(g_file_set_contents(page, "text of a page", -1, NULL));
    g_free(pages);
    g_free(page);
    if (!lj_index_copy(&options, target, &error))
        fail_msg("%s", error->message);
    lj_unlock(lock);
    page = g_build_filename(target, "ocr", "3f", "a9.zst", NULL);
    assert_true(g_file_test(page, G_FILE_TEST_EXISTS)); /* the copy need not recognise it again */
    g_free(page);
    assert_false(lj_index_copy(&options, target, &error)); /* not empty any more */
    assert_int_equal(error->code, LJ_ERROR_NOT_INDEX);
    g_clear_error(&error);
    dir = target;
    expect_ids(dir, "f src/a.txt");
    assert_int_equal(problems(), 0);
    write_file("src/b.txt", "dos");
    run_over(LJ_REBUILD_NONE, NULL); /* it remembers its sources and what they held */
    assert_int_equal(report->added, 1);
    assert_int_equal(report->unchanged, 1);
    expect_ids(dir, "f src/a.txt src/b.txt");
    dir = live;
    expect_ids(dir, "f src/a.txt");
    g_free(target);
}

static void
the_status_tells_all(void **state)
{
    (void)state;
    write_file("src/a.txt", "México, D.F., 21 de enero de 2026.\nuno");
    write_file("src/r.jsonl", "{\"id\":\"x\",\"text\":\"tres\",\"date\":\"1917\"}\n[1]\n");
    write_file("src/mala.docx", "PK\x03\x04 esto no es un documento");
    run_over(LJ_REBUILD_NONE, "src");
    struct lj_run_options options = {.dir = dir};
    GError *error = NULL;
    int lock = lj_lock(dir, 0, NULL, NULL);
    char *text = lj_index_status(&options, &error);
    lj_unlock(lock);
    if (!text)
        fail_msg("%s", error->message);
    json_t *status = json_loads(text, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(status, "documents")), 2);
    assert_string_equal(json_string_value(json_object_get(status, "first_year")), "1917");
    assert_string_equal(json_string_value(json_object_get(status, "last_year")), "2026");
    assert_true(json_is_string(json_object_get(status, "writer")));
    json_t *files = json_object_get(status, "files");
    assert_int_equal(json_integer_value(json_object_get(files, "failed")), 1);
    assert_int_equal(json_integer_value(json_object_get(files, "indexed")), 2);
    json_t *failure = json_array_get(json_object_get(status, "failures"), 0);
    assert_string_equal(json_string_value(json_object_get(failure, "example")), "src/mala.docx");
    json_t *source = json_array_get(json_object_get(status, "sources"), 0);
    assert_int_equal(json_integer_value(json_object_get(source, "documents")), 2);
    assert_true(json_is_true(json_object_get(source, "there")));
    assert_true(json_integer_value(json_object_get(status, "last_good_run_age")) < 100);
    json_decref(status);
    g_free(text);
    text = lj_index_status(&options, NULL);
    status = json_loads(text, 0, NULL);
    assert_true(json_is_null(json_object_get(status, "writer")));
    json_decref(status);
    g_free(text);
}

static void
only_good_runs_are_good(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        bool good;
    } rows[] = {
        {"{\"action\":\"run\",\"error\":null,\"failed\":3}", true},
        {"{\"action\":\"rebuild=full\",\"error\":null}", true},
        {"{\"error\":null}", true},                         /* before there were actions */
        {"{\"action\":\"rebuild\",\"error\":null}", false}, /* looks at no source */
        {"{\"action\":\"compact\",\"error\":null}", false},
        {"{\"action\":\"run\",\"error\":\"disk full\"}", false},
        {"{\"action\":\"run\",\"error\":null,\"missing\":true}", false},
        {"{\"action\":\"run\",\"error\":null,\"withheld\":true}", false},
        {"{\"action\":\"run\",\"error\":null,\"stopped\":true}", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *record = json_loads(rows[i].record, 0, NULL);
        if (lj_history_is_good(record) != rows[i].good)
            fail_msg("%s", rows[i].record);
        json_decref(record);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_removed_document_stays_out, set_up_dir, tear_down_dir),
        cmocka_unit_test_setup_teardown(a_source_is_forgotten_whole, set_up_dir, tear_down_dir),
        cmocka_unit_test_setup_teardown(a_check_finds_what_is_wrong, set_up_dir, tear_down_dir),
        cmocka_unit_test_setup_teardown(what_the_next_run_reads_is_no_problem, set_up_dir,
                                        tear_down_dir),
        cmocka_unit_test_setup_teardown(a_copy_is_an_index, set_up_dir, tear_down_dir),
        cmocka_unit_test_setup_teardown(the_status_tells_all, set_up_dir, tear_down_dir),
        cmocka_unit_test(only_good_runs_are_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
