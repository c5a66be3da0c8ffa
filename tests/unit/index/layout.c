/* DIR/: what is ours, what is not, and what a publication changes. */
#include "cmocka_all.h"
#include "folder.h"
#include "index/lock.h"
#include "index/store.h"

static void
expect(bool create, int code)
{
    GError *error = NULL;
    struct lj_layout *layout = lj_layout_read(folder, create, &error);
    assert_null(layout);
    assert_int_equal(error->code, code);
    g_error_free(error);
}

static void
other_peoples_folders_are_left_alone(void **state)
{
    (void)state;
    expect(false, LJ_ERROR_NO_INPUT);
    struct lj_layout *layout = lj_layout_read(folder, true, NULL);
    assert_int_equal(layout->generation, 0);
    lj_layout_free(layout);
    write_file("notas.txt", "x");
    expect(true, LJ_ERROR_NOT_INDEX);
    expect(false, LJ_ERROR_NOT_INDEX);
    char *notes = inside("notas.txt");
    g_unlink(notes);
    g_free(notes);
    write_file("iamglass", "x");
    expect(true, LJ_ERROR_NOT_INDEX);
}

/* What a first run was writing when it was killed: the next one may begin. */
static void
halves_of_a_broken_run_are_ours(void **state)
{
    (void)state;
    static const char *const names[] = {"lock", "sources", "sources.X0MTZ3", "runs.jsonl.A1B2C3",
                                        "XAPIANDB.new"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        write_file(names[i], "x");
    struct lj_layout *layout = lj_layout_read(folder, true, NULL);
    assert_non_null(layout);
    lj_layout_free(layout);
    GError *error = NULL;
    struct lj_store *store = lj_store_open(folder, LJ_STORE_CREATE, 0, NULL, &error);
    assert_non_null(store);
    lj_store_close(store);
    for (size_t i = 2; i < G_N_ELEMENTS(names); i++) {
        char *path = inside(names[i]);
        assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        g_free(path);
    }
}

static void
a_foreign_stub_is_no_index(void **state)
{
    (void)state;
    write_file("XAPIANDB", "glass /srv/otra\n");
    expect(true, LJ_ERROR_NOT_INDEX);
    write_file("XAPIANDB", "");
    expect(true, LJ_ERROR_NOT_INDEX);
}

static void
publishing_replaces_the_stub(void **state)
{
    (void)state;
    struct lj_layout *layout = lj_layout_read(folder, true, NULL);
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    unsigned number = 3;
    g_array_append_val(segments, number);
    assert_true(lj_layout_publish(layout, 1, segments, NULL));
    struct lj_layout *reader = lj_layout_read(folder, false, NULL);
    assert_int_equal(reader->segments->len, 1);
    assert_false(lj_layout_moved_on(reader));
    number = 12345;
    g_array_append_val(segments, number);
    assert_true(lj_layout_publish(layout, 1, segments, NULL));
    assert_true(lj_layout_moved_on(reader));
    assert_false(lj_layout_moved_on(layout));
    lj_layout_free(reader);
    reader = lj_layout_read(folder, false, NULL);
    char **paths = lj_layout_paths(reader);
    assert_int_equal(g_strv_length(paths), 2);
    assert_true(g_str_has_suffix(paths[0], "/gen-0001/seg-0003"));
    assert_true(g_str_has_suffix(paths[1], "/gen-0001/seg-12345"));
    g_strfreev(paths);
    lj_layout_free(reader);
    lj_layout_free(layout);
    g_array_unref(segments);
}

static void
a_second_writer_is_told_who_holds_the_lock(void **state)
{
    (void)state;
    int first = lj_lock(folder, 0, NULL, NULL);
    assert_true(first >= 0);
    GError *error = NULL;
    assert_int_equal(lj_lock(folder, 0, NULL, &error), -1);
    assert_int_equal(error->code, LJ_ERROR_LOCKED);
    char *pid = g_strdup_printf("%d", (int)getpid());
    assert_non_null(strstr(error->message, pid));
    g_free(pid);
    g_clear_error(&error);
    lj_unlock(first);
    int second = lj_lock(folder, 0, NULL, NULL);
    assert_true(second >= 0);
    lj_unlock(second);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(other_peoples_folders_are_left_alone, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(halves_of_a_broken_run_are_ours, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_foreign_stub_is_no_index, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(publishing_replaces_the_stub, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_second_writer_is_told_who_holds_the_lock, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
