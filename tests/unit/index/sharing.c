/* Records that stand in several feeds of a source: whatever becomes of the feeds, the index is the one that would be
 * built of them in one go. */
#include "cmocka_all.h"
#include "running.h"
#include "index/store.h"

static int
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Id, file and text of each document of an index, a line each, sorted; --check must find all well. g_free. */
static char *
picture_of(const char *dir)
{
    bool sound;
    char *text = lj_index_check(&(struct lj_run_options){.dir = dir}, &sound, NULL);
    if (!sound)
        fail_msg("%s", text);
    g_free(text);
    struct lj_store *store = lj_store_open(dir, LJ_STORE_READ, 0, NULL, NULL);
    assert_non_null(store);
    GArray *places = lj_store_places(store, NULL);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < places->len; i++) {
        struct lj_document *document =
            lj_store_document(store, g_array_index(places, struct lj_place, i), NULL);
        g_ptr_array_add(lines, g_strdup_printf("%s %s %s", document->id,
                                               lj_document_field(document, LJ_PROPERTY_FILE),
                                               document->text->str));
        lj_document_free(document);
    }
    g_ptr_array_sort(lines, compare);
    g_ptr_array_add(lines, NULL);
    char *all = g_strjoinv("\n", (char **)lines->pdata);
    g_ptr_array_unref(lines);
    g_array_unref(places);
    lj_store_close(store);
    return all;
}

static void
expect_same_in_one_go(void)
{
    char *dir = inside("db"), *one = inside("one"), *mine = picture_of(dir);
    for (unsigned way = 0; way < 4; way++) {
        if (way & 1)
            g_setenv("LEGAJO_BULK", "library", true);
        struct lj_run_options options = {.dir = one, .jobs = way & 2 ? 4 : 1};
        assert_int_equal(run_with(options, "src"), -1);
        char *other = picture_of(one);
        assert_string_equal(mine, other);
        g_free(other);
        lj_remove_tree(one, NULL);
        g_unsetenv("LEGAJO_BULK");
    }
    g_free(mine);
    g_free(one);
    g_free(dir);
}

/* A run; how many documents it removes, and what it leaves. */
static void
expect_removed(uint64_t removed)
{
    expect_run(LJ_REBUILD_NONE);
    uint64_t found = report->removed;
    assert_false(report->withheld);
    expect_same_in_one_go();
    assert_int_equal(found, removed);
}

static void
expect_text(const char *id, const char *text)
{
    char *dir = inside("db"), *mine = picture_of(dir);
    char *line = g_strdup_printf("%s %s", id, text);
    if (!strstr(mine, line))
        fail_msg("%s is not there:\n%s", line, mine);
    g_free(line);
    g_free(mine);
    g_free(dir);
}

#define RECORD(id, text) "{\"id\":\"" id "\",\"text\":\"" text "\"}\n"

static void
what_one_feed_loses_another_keeps(void **state)
{
    (void)state;
    write_file("src/a.jsonl", RECORD("x", "de la a") RECORD("y", "y"));
    write_file("src/b.jsonl", RECORD("x", "de la b") RECORD("z", "z"));
    write_file("src/c.txt", "nada que ver");
    expect_removed(0);
    expect_text("x", "src/b.jsonl de la b");
    write_file("src/b.jsonl", RECORD("z", "z y más"));
    expect_removed(0);
    expect_text("x", "src/a.jsonl de la a");
    write_file("src/b.jsonl", RECORD("x", "de la b"));
    expect_removed(1);
    expect_text("x", "src/b.jsonl de la b");
    unlink_inside("src/b.jsonl");
    expect_removed(0);
    expect_text("x", "src/a.jsonl de la a");
    write_file("src/a.jsonl", RECORD("y", "y"));
    expect_removed(1);
}

static void
the_last_counts_whichever_is_read(void **state)
{
    (void)state;
    write_file("src/a.jsonl", RECORD("x", "de la a"));
    write_file("src/b/c.jsonl", RECORD("x", "de la b"));
    write_file("src/b.jsonl", RECORD("x", "de la c"));
    expect_removed(0);
    expect_text("x", "src/b.jsonl de la c");
    write_file("src/a.jsonl", RECORD("x", "otra de la a"));
    expect_removed(0);
    expect_text("x", "src/b.jsonl de la c");
    /* The first of three takes what the last one had, and the second has it, too. */
    unlink_inside("src/b.jsonl");
    write_file("src/a.jsonl", RECORD("x", "una tercera"));
    expect_removed(0);
    expect_text("x", "src/b/c.jsonl de la b");
    /* A new one before it has nothing to say; of one behind it only the dates are new. */
    write_file("src/aa.jsonl", RECORD("x", "de otra"));
    struct timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
    char *path = inside("src/b/c.jsonl");
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    g_free(path);
    expect_removed(0);
    expect_text("x", "src/b/c.jsonl de la b");
}

/* Records of an update that come twice, or in two files of the same bytes. */
static void
ids_that_come_twice_in_an_update_are_one_document(void **state)
{
    (void)state;
    write_file("src/a.jsonl", RECORD("x", "x"));
    expect_removed(0);
    write_file("src/b.jsonl", RECORD("y", "primero") RECORD("y", "segundo"));
    write_file("src/c.jsonl", RECORD("y", "tercero"));
    write_file("src/d.jsonl", RECORD("z", "z") RECORD("v", "v"));
    write_file("src/e.jsonl", RECORD("z", "z") RECORD("v", "v"));
    expect_removed(0);
    expect_text("y", "src/c.jsonl tercero");
    expect_text("z", "src/e.jsonl z");
    unlink_inside("src/e.jsonl");
    expect_removed(0);
    expect_text("z", "src/d.jsonl z");
    /* more such pairs, all of which share an id */
    for (unsigned i = 0; i < 12; i++) {
        char *name = g_strdup_printf("src/%c%u.jsonl", "ps"[i / 6], i % 6);
        char *text = g_strdup_printf(RECORD("w", "par %u") RECORD("w%u", "w"), i % 6, i % 6);
        write_file(name, text);
        g_free(text);
        g_free(name);
    }
    expect_removed(0);
    expect_text("w", "src/s5.jsonl par 5");
}

/* More than a segment takes: what comes again in a later one. */
static void
ids_come_again_in_later_segments(void **state)
{
    (void)state;
    char *filling = g_strnfill(200000, 'x');
    const char *const names[] = {"src/a.jsonl", "src/b.jsonl", "src/c.jsonl"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        GString *lines = g_string_new(NULL);
        for (guint k = 0; k < 20; k++)
            g_string_append_printf(lines, "{\"id\":\"r%u\",\"text\":\"%u de %u %s\"}\n", i * 10 + k,
                                   k, i, filling);
        write_file(names[i], lines->str);
        g_string_free(lines, TRUE);
    }
    for (unsigned way = 0; way < 4; way++) {
        if (way & 1)
            g_setenv("LEGAJO_BULK", "library", true);
        struct lj_run_options options = {.memory = 1 << 20, .jobs = way & 2 ? 4 : 1};
        assert_int_equal(run_with(options, "src"), -1);
        g_unsetenv("LEGAJO_BULK");
        expect_same_in_one_go();
        if (way < 3) {
            char *dir = inside("db");
            lj_remove_tree(dir, NULL);
            g_free(dir);
        }
    }
    g_free(filling);
    unlink_inside("src/c.jsonl");
    assert_int_equal(run_with((struct lj_run_options){.max_delete = 100}, "src"), -1);
    assert_int_equal(report->removed, 10);
    expect_same_in_one_go();
}

/* A feed of records with the ids n to n + number - 1. */
static void
write_feed(const char *name, unsigned n, unsigned number, const char *word)
{
    GString *lines = g_string_new(NULL);
    for (unsigned i = n; i < n + number; i++)
        g_string_append_printf(lines, "{\"id\":\"r%u\",\"text\":\"número %u %s\"}\n", i, i, word);
    write_file(name, lines->str);
    g_string_free(lines, TRUE);
}

/* Feeds that become others, in every random way. */
static void
feeds_change_at_random(void **state)
{
    (void)state;
    static const char *const names[] = {"src/a.jsonl", "src/b.jsonl", "src/m/c.jsonl",
                                        "src/m.jsonl", "src/z.jsonl"};
    GRand *random = g_rand_new_with_seed(5);
    write_feed(names[0], 0, 4, "de la primera");
    for (unsigned round = 0; round < 15; round++) {
        for (int n = g_rand_int_range(random, 1, 4); n > 0; n--) {
            const char *name = names[g_rand_int_range(random, 0, G_N_ELEMENTS(names))];
            if (there(name) && g_rand_boolean(random)) {
                unlink_inside(name);
                continue;
            }
            char *word = g_strdup_printf("ronda%u", g_rand_int_range(random, 0, 3));
            write_feed(name, (unsigned)g_rand_int_range(random, 0, 6),
                       (unsigned)g_rand_int_range(random, 0, 6), word);
            g_free(word);
        }
        struct lj_run_options options = {.jobs = round % 2 ? 4 : 1};
        assert_int_equal(run_with(options, "src"), -1);
        expect_same_in_one_go();
    }
    g_rand_free(random);
}

/* Long feeds of which a few lines change: what is as it was is not read, and stays. */
static void
long_feeds_change_a_little(void **state)
{
    (void)state;
    static const char *const names[] = {"src/a.jsonl", "src/b.jsonl"};
    GRand *random = g_rand_new_with_seed(7);
    GPtrArray *feeds[] = {g_ptr_array_new_with_free_func(g_free),
                          g_ptr_array_new_with_free_func(g_free)};
    for (unsigned round = 0; round < 8; round++) {
        for (unsigned n = 0; n < 2; n++) {
            GPtrArray *lines = feeds[n];
            for (int k = round ? 4 : 120; k > 0; k--) {
                int what = round ? g_rand_int_range(random, 0, 5) : 0;
                guint at = (guint)g_rand_int_range(random, 0, (int)lines->len + 1);
                if (what == 0 || lines->len == 0 || at == lines->len)
                    g_ptr_array_insert(lines, (int)at,
                                       g_strdup_printf("{\"id\":\"x%d\",\"text\":\"%u y %d\"}",
                                                       g_rand_int_range(random, 0, 200), n,
                                                       g_rand_int_range(random, 0, 4)));
                else if (what == 1)
                    g_ptr_array_insert(lines, (int)at, g_strdup("{\"text\":\"sin nombre\"}"));
                else if (what == 2)
                    g_ptr_array_remove_index(lines, at);
                else if (what == 3) /* twice */
                    g_ptr_array_add(lines, g_strdup(lines->pdata[at]));
                else
                    g_ptr_array_insert(lines, 0, g_ptr_array_steal_index(lines, at));
            }
            GString *text = g_string_new(NULL);
            for (guint i = 0; i < lines->len; i++)
                g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
            if (round == 0 || g_rand_boolean(random))
                write_file(names[n], text->str);
            g_string_free(text, TRUE);
        }
        assert_int_equal(run_with((struct lj_run_options){0}, "src"), -1);
        expect_same_in_one_go();
    }
    g_ptr_array_unref(feeds[0]);
    g_ptr_array_unref(feeds[1]);
    g_rand_free(random);
}

static void
the_guard_counts_what_is_lost(void **state)
{
    (void)state;
    write_feed("src/2024.jsonl", 0, 40, "uno");
    write_feed("src/2025.jsonl", 40, 40, "dos");
    expect_removed(0);
    /* merged into one */
    write_feed("src/todo.jsonl", 0, 80, "tres");
    unlink_inside("src/2024.jsonl");
    unlink_inside("src/2025.jsonl");
    expect_removed(0);
    /* another name, and another content */
    write_feed("src/nuevo.jsonl", 0, 85, "cuatro");
    unlink_inside("src/todo.jsonl");
    expect_removed(0);
    /* the same, where a name is part of the ids: the texts are there still */
    GString *lines = g_string_new(NULL);
    for (unsigned i = 0; i < 60; i++)
        g_string_append_printf(lines, "{\"text\":\"sin nombre %u\"}\n", i);
    write_file("src/lista.jsonl", lines->str);
    expect_removed(0);
    g_string_append(lines, "{\"text\":\"y uno más\"}\n");
    write_file("src/lista2.jsonl", lines->str);
    g_string_free(lines, TRUE);
    unlink_inside("src/lista.jsonl");
    expect_removed(60);
    /* of 85 records 50 are lost indeed, and not said to be 85 */
    write_feed("src/resto.jsonl", 0, 35, "cinco");
    unlink_inside("src/nuevo.jsonl");
    expect_run(LJ_REBUILD_NONE);
    assert_true(report->withheld);
    assert_int_equal(report->removed, 0);
    assert_non_null(strstr(said->str, "50 documents seem to be gone"));
    assert_int_equal(count("cuatro"), 50);
    assert_int_equal(count("cinco"), 35);
    char *dir = inside("db");
    g_free(picture_of(dir)); /* sound */
    g_free(dir);
    /* the rest comes back, and what others have taken is its own again, or theirs where they come after it */
    write_feed("src/nuevo.jsonl", 0, 85, "cuatro");
    expect_removed(0);
    assert_int_equal(count("cuatro"), 50);
    unlink_inside("src/nuevo.jsonl");
    assert_int_equal(run_with((struct lj_run_options){.max_delete = 100}, "src"), -1);
    assert_int_equal(report->removed, 50);
    expect_same_in_one_go();
}

static void
what_is_forgotten_by_hand_is_looked_for(void **state)
{
    (void)state;
    write_file("src/a.jsonl", RECORD("x", "de la a"));
    write_file("src/b/b.jsonl", RECORD("x", "de la b"));
    expect_removed(0);
    char *dir = inside("db");
    assert_true(
        lj_index_remove_source(&(struct lj_run_options){.dir = dir}, "src/b/b.jsonl", NULL));
    g_free(dir);
    unlink_inside("src/b/b.jsonl");
    expect_removed(0);
    expect_text("x", "src/a.jsonl de la a");
}

/* A record of a feed on standard input takes it from the file that had it. */
static void
records_on_standard_input_are_counted(void **state)
{
    (void)state;
    write_file("src/a.jsonl", RECORD("x", "x") RECORD("y", "y"));
    expect_removed(0);
    write_file("más", RECORD("x", "otra x") "{\"id\":\"y\",\"deleted\":true}\n");
    char *path = inside("más"), *dir = inside("db");
    int before = dup(STDIN_FILENO), fd = open(path, O_RDONLY);
    dup2(fd, STDIN_FILENO);
    const char *sources[] = {"-", NULL};
    struct lj_run_options options = {.dir = dir, .sources = sources, .name = "src", .jobs = 1};
    assert_true(lj_index_run(&options, report, NULL));
    dup2(before, STDIN_FILENO);
    close(before);
    close(fd);
    char *picture = picture_of(dir);
    assert_non_null(strstr(picture, "otra x"));
    assert_null(strstr(picture, "y src"));
    g_free(picture);
    g_free(path);
    g_free(dir);
}

/* A feed of one record is not taken for a document that moves with its file. */
static void
a_feed_of_one_record_gets_another_name(void **state)
{
    (void)state;
    write_file("src/a.jsonl", "{\"text\":\"uno solo\"}\n");
    expect_removed(0);
    rename_inside("src/a.jsonl", "src/b.jsonl");
    expect_removed(1);
    expect_text("src/b.jsonl#1", "src/b.jsonl uno solo");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_one_feed_loses_another_keeps),
        TEST(the_last_counts_whichever_is_read),
        TEST(ids_that_come_twice_in_an_update_are_one_document),
        TEST(ids_come_again_in_later_segments),
        TEST(feeds_change_at_random),
        TEST(long_feeds_change_a_little),
        TEST(the_guard_counts_what_is_lost),
        TEST(what_is_forgotten_by_hand_is_looked_for),
        TEST(records_on_standard_input_are_counted),
        TEST(a_feed_of_one_record_gets_another_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
