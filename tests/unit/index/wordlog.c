/* The list of words follows an index: after every run it says what a list made anew says. */
#include "cmocka_all.h"
#include "running.h"
#include "index/wordlog.h"

/* The lists of DIR/db, as the searcher gets them; make: read from the index where there are none. */
static GPtrArray *
open_lists(bool make)
{
    char *dir = inside("db");
    struct lj_layout *layout = lj_layout_read(dir, false, NULL);
    struct xap_reader *reader = open_index(dir);
    GPtrArray *lists = g_ptr_array_new_with_free_func((GDestroyNotify)lj_wordlist_free);
    assert_true(lj_wordlog_open(layout, reader, 0, lj_xap_shards(reader), make, lists, NULL));
    lj_xap_reader_close(reader);
    lj_layout_free(layout);
    g_free(dir);
    return lists;
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "trafico 3 tráfico", a line a word, sorted; no word of two lists. */
static char *
print_lists(GPtrArray *lists)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint l = 0; l < lists->len; l++)
        for (uint32_t i = 0; i < lj_wordlist_words(lists->pdata[l]); i++) {
            const char *word = lj_wordlist_word(lists->pdata[l], i, NULL);
            uint32_t df = lj_wordlist_df(lists->pdata[l], i);
            uint32_t found = lj_wordlist_find(lists->pdata[l], word, strlen(word));
            assert_int_equal(found, df ? i : G_MAXUINT32);
            if (df == 0)
                continue;
            assert_true(g_hash_table_add(words, g_strdup(word)));
            g_ptr_array_add(lines, g_strdup_printf("%s %u %s\n", word, df,
                                                   lj_wordlist_form(lists->pdata[l], i)));
        }
    g_hash_table_unref(words);
    g_ptr_array_sort(lines, compare_lines);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(out, lines->pdata[i]);
    g_ptr_array_unref(lines);
    return g_string_free(out, FALSE);
}

static void
expect_list_of_the_index(void)
{
    GPtrArray *lists = open_lists(false);
    assert_true(lists->len > 0);
    char *kept = print_lists(lists);
    g_ptr_array_unref(lists);
    char *dir = inside("db");
    struct xap_reader *reader = open_index(dir);
    GBytes *bytes = lj_wordlist_read(reader, "", NULL);
    lists = g_ptr_array_new_with_free_func((GDestroyNotify)lj_wordlist_free);
    g_ptr_array_add(lists, lj_wordlist_new(bytes, NULL));
    char *anew = print_lists(lists);
    assert_string_equal(kept, anew);
    g_ptr_array_unref(lists);
    g_bytes_unref(bytes);
    lj_xap_reader_close(reader);
    g_free(kept);
    g_free(anew);
    g_free(dir);
}

static ino_t
inode_of(const char *name)
{
    char *path = inside(name);
    struct stat st = {0};
    (void)stat(path, &st);
    g_free(path);
    return st.st_ino;
}

#define LIST "db/gen-0001/" LJ_WORDLIST_FILE
#define LOG "db/gen-0001/" LJ_WORDLOG_FILE

/* A text of words that many share, with accents and without, and of some that nobody else has. */
static void
write_random(GRand *random, int number)
{
    static const char *const words[] = {"tráfico", "trafico", "armas",   "más",   "mas",   "solo",
                                        "sólo",    "público", "publicó", "ley",   "año",   "ñandú",
                                        "nandu",   "decreto", "2026",    "unión", "México"};
    GString *text = g_string_new(NULL);
    for (int i = g_rand_int_range(random, 3, 40); i > 0; i--)
        g_string_append_printf(text, "%s ",
                               words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))]);
    for (int i = g_rand_int_range(random, 0, 6); i > 0; i--)
        g_string_append_printf(text, "única%c%c ", g_rand_int_range(random, 'a', 'z' + 1),
                               g_rand_int_range(random, 'a', 'z' + 1));
    char *name = g_strdup_printf("src/%03d.txt", number);
    write_file(name, text->str);
    g_free(name);
    g_string_free(text, TRUE);
}

/* Forms of words that were taken away may stay as they were (wordlog.h): here none is, but every word of
 * a changed text is written anew, so the counts must agree, and the forms do with this seed. */
static void
the_list_follows_the_index(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(7);
    for (int i = 0; i < 60; i++)
        write_random(random, i);
    expect_run(LJ_REBUILD_NONE);
    expect_list_of_the_index();
    assert_false(there(LOG));
    ino_t list = inode_of(LIST);
    int last = 60, steps = 0;
    for (int round = 0; round < 40; round++) {
        for (int i = g_rand_int_range(random, 1, 6); i > 0; i--) {
            int what = g_rand_int_range(random, 0, 6);
            char *name = g_strdup_printf("src/%03d.txt", g_rand_int_range(random, 0, last));
            char *path = inside(name);
            if (what == 0)
                g_unlink(path);
            else
                write_random(random, what < 3 ? last++ : g_rand_int_range(random, 0, last));
            g_free(path);
            g_free(name);
        }
        expect_run(LJ_REBUILD_NONE);
        expect_list_of_the_index();
        steps += there(LOG);
    }
    assert_int_equal(inode_of(LIST), list); /* nothing was read anew */
    assert_int_equal(steps, 40);
    g_rand_free(random);
}

static void
merging_changes_no_word(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    expect_run(LJ_REBUILD_NONE);
    write_file("src/b.txt", "tráfico de influencias");
    expect_run(LJ_REBUILD_NONE);
    ino_t list = inode_of(LIST);
    char *dir = inside("db");
    assert_true(lj_index_compact(&(struct lj_run_options){.dir = dir}, NULL));
    g_free(dir);
    expect_list_of_the_index();
    assert_int_equal(inode_of(LIST), list);
}

/* A feed has no rows in the manifest, and changes words all the same. */
static void
records_of_a_feed_count(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    expect_run(LJ_REBUILD_NONE);
    write_file("feed.jsonl", "{\"id\": \"x\", \"text\": \"narcolaboratorio\"}\n");
    char *path = inside("feed.jsonl"), *dir = inside("db");
    int given = open(path, O_RDONLY), input = dup(STDIN_FILENO);
    assert_true(given >= 0 && input >= 0 && dup2(given, STDIN_FILENO) == STDIN_FILENO);
    lj_run_report_free(report);
    report = lj_run_report_new();
    const char *sources[] = {"-", NULL};
    assert_true(lj_index_run(&(struct lj_run_options){.dir = dir, .sources = sources, .jobs = 2},
                             report, NULL));
    dup2(input, STDIN_FILENO);
    close(input);
    close(given);
    expect_list_of_the_index();
    GPtrArray *lists = open_lists(false);
    char *text = print_lists(lists);
    assert_non_null(strstr(text, "narcolaboratorio 1 "));
    g_free(text);
    g_ptr_array_unref(lists);
    g_free(path);
    g_free(dir);
}

/* Whatever becomes of the log, nobody is told wrong words, and the next run puts it right. */
static void
a_damaged_log_is_none(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    expect_run(LJ_REBUILD_NONE);
    for (int i = 0; i < 3; i++) {
        char *name = g_strdup_printf("src/b%d.txt", i),
             *text = g_strdup_printf("extradición número %d", i);
        write_file(name, text);
        expect_run(LJ_REBUILD_NONE);
        g_free(name);
        g_free(text);
    }
    char *path = inside(LOG), *bytes;
    gsize length;
    assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    for (gsize i = 0; i < 2 * length; i += 5) {
        char *copy = g_memdup2(bytes, length);
        if (i < length)
            copy[i] ^= 0x25;
        assert_true(
            g_file_set_contents(path, copy, (gssize)(i < length ? length : i - length), NULL));
        GPtrArray *lists = open_lists(false);
        assert_int_equal(lists->len, 0);
        g_ptr_array_unref(lists);
        g_free(copy);
    }
    GPtrArray *lists = open_lists(true);
    assert_int_equal(lists->len, 1);
    g_ptr_array_unref(lists);
    expect_run(LJ_REBUILD_NONE);
    expect_list_of_the_index();
    g_free(bytes);
    g_free(path);
}

/* A log is worked into the list before it grows beside it. */
static void
a_long_log_ends(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    expect_run(LJ_REBUILD_NONE);
    ino_t list = inode_of(LIST);
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 9000; i++)
        g_string_append_printf(text, "palabrá%d ", i);
    write_file("src/b.txt", text->str);
    expect_run(LJ_REBUILD_NONE);
    assert_false(there(LOG));
    assert_true(inode_of(LIST) != list);
    expect_list_of_the_index();
    g_string_free(text, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_list_follows_the_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(merging_changes_no_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_of_a_feed_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_log_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_log_ends, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
