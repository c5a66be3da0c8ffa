/* The manifest: what was flushed is read, what was not named never happened. */
#include "cmocka_all.h"
#include "folder.h"
#include "index/journal.h"

static struct lj_row
row(const char *key, uint64_t size)
{
    return (struct lj_row){.key = (char *)key,
                           .state = LJ_FILE_INDEXED,
                           .size = size,
                           .mtime = -1234567890123456789,
                           .ctime = 42,
                           .inode = 7,
                           .sha256 = {1, 2, 3},
                           .documents = 3};
}

static void
rows_are_read_as_they_were_written(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    struct lj_row one = row("leyes/a.txt", 10), two = row("leyes/\xff raro", 20);
    two.state = LJ_FILE_FAILED;
    two.reason = (char *)"roto";
    lj_journal_set(journal, &one);
    lj_journal_set(journal, &two);
    char *named = lj_journal_flush(journal, NULL);
    assert_non_null(named);
    lj_journal_close(journal);
    journal = lj_journal_open(folder, named, NULL);
    const struct lj_row *found = lj_journal_find(journal, "leyes/a.txt");
    assert_int_equal(found->size, 10);
    assert_true(found->mtime == -1234567890123456789);
    assert_int_equal(found->sha256[2], 3);
    assert_null(found->reason);
    found = lj_journal_find(journal, "leyes/\xff raro");
    assert_int_equal(found->state, LJ_FILE_FAILED);
    assert_string_equal(found->reason, "roto");
    lj_journal_close(journal);
    g_free(named);
}

/* A mark of few rows; the others are as they were before there was such a mark. */
static void
rows_say_that_their_files_share_records(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    struct lj_row one = row("a/1", 1), two = row("a/2", 2), three = row("a/3", 3);
    lj_journal_set(journal, &one);
    g_free(lj_journal_flush(journal, NULL));
    char *path = inside("journal-0001");
    struct stat st, then;
    assert_int_equal(stat(path, &st), 0);
    two.shared = true;
    lj_journal_set(journal, &two);
    g_free(lj_journal_flush(journal, NULL));
    assert_int_equal(stat(path, &then), 0);
    assert_int_equal(then.st_size, 2 * st.st_size + 1);
    lj_journal_set(journal, &three);
    char *named = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    journal = lj_journal_open(folder, named, NULL);
    assert_false(lj_journal_find(journal, "a/1")->shared);
    assert_true(lj_journal_find(journal, "a/2")->shared);
    assert_false(lj_journal_find(journal, "a/3")->shared);
    assert_int_equal(lj_journal_find(journal, "a/3")->size, 3);
    lj_journal_close(journal);
    g_free(named);
    g_free(path);
}

/* Many rows, read in portions, some across their ends, one longer than a portion. */
static void
long_logs_are_read_to_their_end(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    char *reason = g_strnfill(3000000, 'r');
    for (unsigned i = 0; i < 30000; i++) {
        char *key = g_strdup_printf("leyes/%u", i);
        struct lj_row one = row(key, i);
        one.reason = i == 15000 ? reason : NULL;
        lj_journal_set(journal, &one);
        g_free(key);
    }
    char *named = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    GError *error = NULL;
    journal = lj_journal_open(folder, named, &error);
    if (!journal)
        fail_msg("%s", error->message);
    for (unsigned i = 0; i < 30000; i++) {
        char *key = g_strdup_printf("leyes/%u", i);
        const struct lj_row *found = lj_journal_find(journal, key);
        assert_non_null(found);
        assert_int_equal(found->size, i);
        assert_int_equal(found->reason ? strlen(found->reason) : 0, i == 15000 ? 3000000 : 0);
        g_free(key);
    }
    lj_journal_close(journal);
    /* Cut short by somebody: named, and no signal. */
    char *path = inside("journal-0001");
    assert_int_equal(truncate(path, 2000000), 0);
    assert_null(lj_journal_open(folder, named, &error));
    assert_int_equal(error->code, LJ_ERROR_DAMAGED);
    assert_non_null(strstr(error->message, "journal-0001"));
    g_clear_error(&error);
    /* What cannot be read at all is no damage. */
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(g_mkdir(path, 0777), 0);
    assert_null(lj_journal_open(folder, named, &error));
    assert_int_equal(error->code, LJ_ERROR_IO);
    g_clear_error(&error);
    g_free(path);
    g_free(reason);
    g_free(named);
}

static void
what_no_commit_named_never_happened(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    struct lj_row one = row("a/1", 1), two = row("a/2", 2);
    lj_journal_set(journal, &one);
    char *first = lj_journal_flush(journal, NULL);
    lj_journal_set(journal, &two);
    char *second = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    journal = lj_journal_open(folder, first, NULL);
    assert_non_null(lj_journal_find(journal, "a/1"));
    assert_null(lj_journal_find(journal, "a/2"));
    /* and what is written next takes its place */
    struct lj_row gone = {.key = (char *)"a/1", .state = LJ_FILE_GONE};
    lj_journal_set(journal, &gone);
    char *third = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    journal = lj_journal_open(folder, third, NULL);
    assert_null(lj_journal_find(journal, "a/1"));
    assert_null(lj_journal_find(journal, "a/2"));
    lj_journal_close(journal);
    g_free(first);
    g_free(second);
    g_free(third);
}

/* Documents of "a/new" wait for their segment while the change of "a/old" is committed. */
static void
a_held_row_waits_for_its_segment(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    struct lj_row old = row("a/old", 1), new = row("a/new", 2), lost = row("a/lost", 3);
    lj_journal_hold(journal, &new);
    lj_journal_hold(journal, &lost);
    assert_false(lj_journal_pending(journal));
    assert_int_equal(lj_journal_find(journal, "a/new")->size, 2);
    lj_journal_set(journal, &old);
    char *first = lj_journal_flush(journal, NULL);
    struct lj_row gone = {.key = (char *)"a/lost", .state = LJ_FILE_GONE};
    lj_journal_set(journal, &gone);
    lj_journal_release(journal);
    char *second = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    journal = lj_journal_open(folder, first, NULL);
    assert_non_null(lj_journal_find(journal, "a/old"));
    assert_null(lj_journal_find(journal, "a/new"));
    lj_journal_close(journal);
    journal = lj_journal_open(folder, second, NULL);
    assert_non_null(lj_journal_find(journal, "a/old"));
    assert_int_equal(lj_journal_find(journal, "a/new")->size, 2);
    assert_null(lj_journal_find(journal, "a/lost"));
    lj_journal_close(journal);
    g_free(first);
    g_free(second);
}

static void
damage_is_said(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    struct lj_row one = row("a/1", 1);
    lj_journal_set(journal, &one);
    char *named = lj_journal_flush(journal, NULL);
    lj_journal_close(journal);
    char *path = inside("journal-0001"), *bytes;
    gsize length;
    g_file_get_contents(path, &bytes, &length, NULL);
    bytes[length / 2] ^= 1;
    g_file_set_contents(path, bytes, (gssize)length, NULL);
    GError *error = NULL;
    assert_null(lj_journal_open(folder, named, &error));
    assert_int_equal(error->code, LJ_ERROR_DAMAGED);
    g_clear_error(&error);
    assert_null(lj_journal_open(folder, "journal-0001 99999", &error));
    assert_int_equal(error->code, LJ_ERROR_DAMAGED);
    g_clear_error(&error);
    g_free(path);
    g_free(bytes);
    g_free(named);
}

static void
a_log_of_superseded_rows_is_rewritten(void **state)
{
    (void)state;
    struct lj_journal *journal = lj_journal_open(folder, NULL, NULL);
    char *named = NULL;
    for (int round = 0; round < 30; round++) {
        for (int i = 0; i < 1000; i++) {
            char key[32];
            g_snprintf(key, sizeof key, "a/%d", i);
            struct lj_row r = row(key, (uint64_t)round);
            lj_journal_set(journal, &r);
        }
        g_free(named);
        named = lj_journal_flush(journal, NULL);
        lj_journal_tidy(journal);
    }
    assert_false(g_str_has_prefix(named, "journal-0001"));
    lj_journal_close(journal);
    journal = lj_journal_open(folder, named, NULL);
    assert_int_equal(lj_journal_find(journal, "a/999")->size, 29);
    GPtrArray *rows = lj_journal_rows(journal);
    assert_int_equal(rows->len, 1000);
    g_ptr_array_unref(rows);
    lj_journal_close(journal);
    char *old = inside("journal-0001");
    assert_int_not_equal(access(old, F_OK), 0);
    g_free(old);
    g_free(named);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_read_as_they_were_written, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(rows_say_that_their_files_share_records, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(long_logs_are_read_to_their_end, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_no_commit_named_never_happened, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_held_row_waits_for_its_segment, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(damage_is_said, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_log_of_superseded_rows_is_rewritten, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
