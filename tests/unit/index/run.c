/* Runs over a folder that changes: everything is followed exactly, nothing is lost. */
#include "cmocka_all.h"
#include "running.h"
#include "index/store.h"

static void
run(void)
{
    expect_run(LJ_REBUILD_NONE);
}

static char *
ids(void)
{
    char *dir = inside("db"), *found = ids_of(dir);
    g_free(dir);
    return found;
}

static void
expect_these(const char *expected)
{
    char *dir = inside("db");
    expect_ids(dir, expected);
    g_free(dir);
}

/* Makes a file look old: a file younger than the walk is looked at again. */
static void
age(const char *name, time_t when)
{
    char *path = inside(name);
    struct timespec times[2] = {{when, 0}, {when, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    g_free(path);
}

static void
changes_are_followed(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    write_file("src/b.txt", "cooperación");
    write_file("src/2025/c.txt", "extradiciones");
    run();
    assert_int_equal(report->added, 3);
    assert_true(report->first);
    expect_these("src/2025/c.txt src/a.txt src/b.txt");

    run(); /* nothing changed: nothing done, though files are young */
    assert_int_equal(report->added + report->changed + report->removed, 0);
    assert_int_equal(report->unchanged, 3);

    age("src/a.txt", 1000000000); /* touched */
    write_file("src/b.txt", "cooperación y municiones");
    unlink_inside("src/2025/c.txt");
    write_file("src/d.txt", "nuevo");
    run();
    assert_int_equal(report->added, 1);
    assert_int_equal(report->changed, 1);
    assert_int_equal(report->removed, 1);
    expect_these("src/a.txt src/b.txt src/d.txt");
    assert_int_equal(count("municiones"), 1);
    assert_int_equal(count("extradiciones"), 0);

    rename_inside("src/a.txt", "src/2025/a2.txt");
    run();
    assert_int_equal(report->moved, 1);
    assert_int_equal(report->removed, 0);
    assert_int_equal(report->added, 0);
    expect_these("src/2025/a2.txt src/b.txt src/d.txt");
    assert_int_equal(count("Qsrc/a.txt"), 0);
    assert_int_equal(count("trafico"), 1);

    /* equal size and mtime, other content: the change of inode data tells */
    age("src/d.txt", 1000000000);
    run();
    write_file("src/d.txt", "viejo");
    age("src/d.txt", 1000000000);
    run();
    assert_int_equal(report->changed, 1);
    assert_int_equal(count("viejo"), 1);
    assert_int_equal(count("nuevo"), 0);
}

static void
records_are_added_replaced_and_taken_away(void **state)
{
    (void)state;
    write_file("src/r.jsonl", "{\"id\":\"x:1\",\"text\":\"uno\"}\n"
                              "[1,2]\n"
                              "{\"text\":\"sin id\"}\n"
                              "{\"id\":\"x:2\",\"text\":\"dos\"}\n");
    run();
    assert_int_equal(report->added, 3);
    assert_int_equal(report->failed, 1);
    assert_non_null(strstr(said->str, "2")); /* the line */
    expect_these("src/r.jsonl#3 x:1 x:2");
    write_file("src/r.jsonl", "{\"id\":\"x:1\",\"text\":\"uno cambiado\"}\n"
                              "{\"id\":\"x:3\",\"text\":\"tres\"}\n");
    run();
    assert_int_equal(report->changed, 1);
    assert_int_equal(report->added, 1);
    assert_int_equal(report->removed, 2);
    expect_these("x:1 x:3");
    assert_int_equal(count("cambiado"), 1);
}

#define FIRST "{\"id\":\"x1\",\"text\":\"uno\"}\n"
#define SECOND "{\"id\":\"x2\",\"text\":\"dos\"}\n"
#define THIRD "{\"id\":\"x3\",\"text\":\"tres\"}\n"

/* After a record has gone from one file to another: all three are there, and the file that has them knows. */
static void
expect_all_three(uint64_t removed)
{
    run();
    assert_int_equal(report->removed, removed);
    char *found = ids();
    assert_string_equal(found, "x1 x2 x3");
    g_free(found);
    run();
    assert_int_equal(report->changed + report->removed, 0);
    char *dir = inside("db");
    struct lj_run_options options = {.dir = dir, .message = hear};
    bool sound;
    char *text = lj_index_check(&options, &sound, NULL);
    if (!sound)
        fail_msg("%s", text);
    g_free(text);
    g_free(dir);
}

static void
records_move_from_file_to_file(void **state)
{
    (void)state;
    write_file("src/a.jsonl", FIRST);
    write_file("src/b.jsonl", SECOND THIRD);
    expect_all_three(0);
    write_file("src/a.jsonl", FIRST THIRD); /* to one that is read before the old one … */
    write_file("src/b.jsonl", SECOND);
    expect_all_three(0);
    write_file("src/a.jsonl", FIRST); /* … after it, where it is new for a while … */
    write_file("src/b.jsonl", SECOND THIRD);
    run();
    write_file("src/c.jsonl", FIRST SECOND THIRD); /* … into a new one, instead of the old ones */
    unlink_inside("src/a.jsonl");
    unlink_inside("src/b.jsonl");
    expect_all_three(0);
    assert_int_equal(count("XPsrc/c.jsonl"), 3);
    write_file("src/cc.jsonl", FIRST SECOND "{\"id\":\"x3\",\"text\":\"tres y más\"}\n");
    unlink_inside("src/c.jsonl");
    expect_all_three(0);
}

static void
of_a_repeated_id_the_last_counts(void **state)
{
    (void)state;
    write_file("src/r.jsonl", "{\"id\":\"x\",\"text\":\"primero\"}\n"
                              "{\"id\":\"y\",\"text\":\"otro\"}\n"
                              "{\"id\":\"x\",\"text\":\"segundo\"}\n");
    run();
    assert_int_equal(report->repeated, 1);
    expect_these("x y");
    assert_int_equal(count("segundo"), 1);
    assert_int_equal(count("primero"), 0);
}

/* Files of one source that bring the same ids: the manifest counts what each has in the end, in whatever order they come. */
static void
files_that_share_ids_are_sound(void **state)
{
    (void)state;
    write_file("src/a.jsonl", FIRST SECOND FIRST);
    write_file("src/b.jsonl", SECOND THIRD);
    expect_all_three(0);
    write_file("src/c.jsonl", "{\"id\":\"x1\",\"text\":\"uno, otra vez\"}\n");
    expect_all_three(0);
    assert_int_equal(count("XPsrc/c.jsonl"), 1);
    assert_int_equal(run_with((struct lj_run_options){.rebuild = LJ_REBUILD_FULL}, NULL), -1);
    expect_all_three(0);
}

static void
an_id_of_another_source_is_a_failure(void **state)
{
    (void)state;
    write_file("uno/r.jsonl", "{\"id\":\"x\",\"text\":\"primero\"}\n");
    write_file("dos/r.jsonl", "{\"id\":\"x\",\"text\":\"segundo\"}\n");
    assert_int_equal(run_with((struct lj_run_options){0}, "uno"), -1);
    assert_int_equal(run_with((struct lj_run_options){0}, "dos"), -1);
    assert_int_equal(report->failed, 1);
    assert_non_null(strstr(said->str, "uno"));
    assert_non_null(strstr(said->str, "dos"));
    assert_int_equal(count("primero"), 1);
    assert_int_equal(count("segundo"), 0);
}

/* 30 files; every one under the folder given. */
static void
write_many(const char *name, int n)
{
    for (int i = 0; i < n; i++) {
        char *file = g_strdup_printf("%s/f%02d.txt", name, i);
        char *text = g_strdup_printf("documento número %d de %s", i, name);
        write_file(file, text);
        g_free(file);
        g_free(text);
    }
}

static void
the_guard_withholds_large_deletions(void **state)
{
    (void)state;
    write_many("src/2025", 30);
    write_many("src/2026", 5);
    run();
    rename_inside("src/2025", "fuera");
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), -1);
    assert_true(report->withheld);
    assert_int_equal(report->removed, 0);
    assert_non_null(strstr(said->str, "src/2025"));
    assert_int_equal(count("documento"), 35);
    /* back under another name: moved, not gone */
    rename_inside("fuera", "src/archivo");
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), -1);
    assert_false(report->withheld);
    assert_int_equal(report->moved, 30);
    assert_int_equal(count("documento"), 35);
    assert_int_equal(count("XPsrc/archivo"), 30);
    assert_int_equal(count("XPsrc/2025"), 0);
    /* on purpose */
    rename_inside("src/archivo", "fuera");
    assert_int_equal(run_with((struct lj_run_options){.max_delete = 100}, "src"), -1);
    assert_int_equal(report->removed, 30);
    assert_int_equal(count("documento"), 5);
    /* a few of few may always go */
    unlink_inside("src/2026/f00.txt");
    run();
    assert_int_equal(report->removed, 1);
}

static void
a_missing_source_loses_nothing(void **state)
{
    (void)state;
    write_many("src", 3);
    write_many("otra", 3);
    run();
    assert_int_equal(run_with((struct lj_run_options){0}, "otra"), -1);
    rename_inside("otra", "fuera");
    write_file("src/nuevo.txt", "nuevo");
    assert_int_equal(run_with((struct lj_run_options){0}, NULL), -1); /* every remembered one */
    assert_true(report->missing);
    assert_int_equal(report->added, 1);
    assert_int_equal(count("documento"), 6);
    /* its folder appears elsewhere: the source has moved, nothing is read again */
    rename_inside("fuera", "x");
    char *place = inside("y");
    g_mkdir_with_parents(place, 0777);
    g_free(place);
    rename_inside("x", "y/otra");
    assert_int_equal(run_with((struct lj_run_options){0}, "y/otra"), -1);
    assert_int_equal(report->unchanged, 3);
    assert_int_equal(count("documento"), 6);
}

static void
a_name_of_two_folders_needs_the_remedy(void **state)
{
    (void)state;
    write_many("uno/leyes", 2);
    write_many("dos/leyes", 2);
    assert_int_equal(run_with((struct lj_run_options){0}, "uno/leyes"), -1);
    assert_int_equal(run_with((struct lj_run_options){0}, "dos/leyes"), LJ_ERROR_USAGE);
    assert_non_null(strstr(said->str, "--name"));
    assert_int_equal(run_with((struct lj_run_options){.name = "leyes2"}, "dos/leyes"), -1);
    assert_int_equal(count("documento"), 4);
    assert_int_equal(count("XNleyes2"), 2);
}

static void
failures_are_known_and_not_repeated(void **state)
{
    (void)state;
    write_file("src/a.txt", "bueno");
    char *binary = inside("src/b.bin");
    g_assert_true(g_file_set_contents(binary, "\0\1\2\3\0\xff\xfe\0\0\0\0\0\0", 13, NULL));
    g_free(binary);
    run();
    assert_int_equal(report->failed, 0);
    assert_int_equal(report->skipped, 1);
    assert_int_equal(report->documents, 1);
    run();
    assert_int_equal(report->skipped, 0); /* looked at once */
}

static void
one_worker_and_four_make_the_same_index(void **state)
{
    (void)state;
    write_many("src/a", 40);
    write_many("src/b", 40);
    assert_int_equal(run_with((struct lj_run_options){.jobs = 1}, "src"), -1);
    char *one = ids();
    rename_inside("db", "db1");
    assert_int_equal(run_with((struct lj_run_options){.jobs = 4}, "src"), -1);
    char *four = ids();
    assert_string_equal(one, four);
    g_free(one);
    g_free(four);
}

/* Workers ask the index for what they have read while the run takes in what others have done. */
static void
many_changes_at_once_are_all_taken(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 600; i++) {
            char *name = g_strdup_printf("src/%03d.txt", i);
            char *text =
                g_strdup_printf("ronda%d de la nota %d: armas, fronteras y aduanas", round, i);
            write_file(name, text);
            g_free(name);
            g_free(text);
        }
        assert_int_equal(run_with((struct lj_run_options){.jobs = 4}, "src"), -1);
        assert_int_equal(report->failed, 0);
        assert_int_equal(round ? report->changed : report->added, 600);
        char *word = g_strdup_printf("ronda%d", round);
        assert_int_equal(count(word), 600);
        g_free(word);
    }
}

static void
a_stop_keeps_what_was_committed(void **state)
{
    (void)state;
    static volatile int stop = 15;
    write_many("src", 5);
    run();
    write_many("src/mas", 5);
    assert_int_equal(run_with((struct lj_run_options){.stop = &stop}, "src"), -1);
    assert_true(report->stopped);
    assert_int_equal(report->removed, 0);
    assert_int_equal(count("documento"), 5);
    run();
    assert_int_equal(count("documento"), 10);
}

/* Waits until DIR/db has a document to be found, or some seconds, and then tells the run to stop. */
static gpointer
stop_when_searchable(gpointer data)
{
    bool found = false;
    char *stub = inside("db/XAPIANDB");
    for (int i = 0; i < 300 && !found; i++) {
        char *text = NULL;
        found = g_file_get_contents(stub, &text, NULL, NULL) && strstr(text, "/seg-") != NULL;
        g_free(text);
        g_usleep(100000);
    }
    g_free(stub);
    found = found && count("temprano") == 1;
    *(volatile int *)data = 15;
    return GINT_TO_POINTER(found);
}

/* A build that is stopped once a document of it is found. Was one? */
static bool
build_until_searchable(void)
{
    volatile int stop = 0;
    GThread *watch = g_thread_new("watch", stop_when_searchable, (gpointer)&stop);
    int code =
        run_with((struct lj_run_options){.stop = &stop, .publish_ms = 500, .jobs = 1}, "src");
    bool found = GPOINTER_TO_INT(g_thread_join(watch));
    assert_int_equal(code, -1);
    return found;
}

/* A first build is searchable soon after its first readable document, whatever comes behind: here a document
 * whose reader says nothing for a minute. */
static void
what_is_read_is_searchable_while_a_file_takes_long(void **state)
{
    (void)state;
    const char *real = g_getenv("LEGAJO_EXTRACT");
    char *given = g_strdup(real), *quick = inside("legajo-extract"),
         *full = inside("legajo-extract-full");
    assert_int_equal(symlink(given, quick), 0);
    write_file("legajo-extract-full", "#!/bin/sh\nexec sleep 60\n");
    assert_int_equal(chmod(full, 0700), 0);
    write_file("src/a.txt", "un texto temprano");
    write_file("src/b.pdf", "%PDF-1.4\n");
    g_setenv("LEGAJO_EXTRACT", quick, TRUE);
    bool found = build_until_searchable();
    g_setenv("LEGAJO_EXTRACT", given, TRUE);
    assert_true(found);
    assert_true(report->stopped);
    assert_int_equal(report->documents, 1);
    assert_int_equal(report->failed, 0);
    run(); /* takes up what was left: the damaged file is a failure now */
    assert_int_equal(report->unchanged + report->changed + report->added, 1);
    assert_int_equal(report->documents, 1);
    assert_int_equal(report->failed, 1);
    g_free(given);
    g_free(quick);
    g_free(full);
}

/* Nor do documents behind slow ones wait for them; those come last, and are read whole then. */
static void
what_stands_behind_slow_files_is_searchable_soon(void **state)
{
    (void)state;
    const char *real = g_getenv("LEGAJO_EXTRACT");
    char *given = g_strdup(real), *quick = inside("legajo-extract");
    char *full = inside("legajo-extract-full"), *mark = inside("patience");
    assert_int_equal(symlink(given, quick), 0);
    char *script =
        g_strdup_printf("#!/bin/sh\n[ -e '%s' ] || exec sleep 60\nexec '%s-full'\n", mark, given);
    write_file("legajo-extract-full", script);
    assert_int_equal(chmod(full, 0700), 0);
    write_file("src/a.pdf", "%PDF-1.4\n");
    write_file("src/b.pdf", "%PDF-1.5\n");
    write_file("src/z.txt", "un texto temprano");
    g_setenv("LEGAJO_EXTRACT", quick, TRUE);
    bool found = build_until_searchable();
    assert_true(found);
    assert_int_equal(report->documents, 1);
    assert_int_equal(report->failed, 0);
    write_file("patience", "");
    run();
    g_setenv("LEGAJO_EXTRACT", given, TRUE);
    assert_int_equal(report->failed, 2); /* such a PDF is no PDF */
    assert_int_equal(report->unchanged, 1);
    g_free(script);
    g_free(given);
    g_free(quick);
    g_free(full);
    g_free(mark);
}

/* Dates that lie ahead, and a clock that goes back between two runs, lose nothing and repeat nothing. */
static void
dates_are_compared_never_trusted(void **state)
{
    (void)state;
    time_t now = time(NULL);
    write_file("src/futura.txt", "fechada mañana");
    write_file("src/vieja.txt", "fechada ayer");
    age("src/futura.txt", now + 86400);
    age("src/vieja.txt", now - 86400);
    g_usleep(20000); /* not in the clock tick of the walk */
    run();
    run();
    assert_int_equal(report->unchanged, 2);
    char *dir = inside("db");
    struct lj_store *store = lj_store_open(dir, LJ_STORE_READ, 0, NULL, NULL);
    assert_non_null(store);
    g_free(dir);
    struct stat st;
    char *path = inside("src/futura.txt");
    assert_int_equal(stat(path, &st), 0);
    int64_t ctime = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
    /* A date ahead does not make a file one that is looked into at every run. */
    assert_true(lj_journal_find(store->journal, "src/futura.txt")->ctime == ctime);
    lj_store_close(store);
    g_free(path);
    /* As after the clock went back: a change that is older than what is known. */
    write_file("src/vieja.txt", "fechada otra vez");
    age("src/vieja.txt", now - 2 * 86400);
    write_file("src/futura.txt", "fechada aun antes");
    age("src/futura.txt", now - 3 * 86400);
    run();
    assert_int_equal(report->changed, 2);
    run();
    assert_int_equal(report->unchanged, 2);
    assert_int_equal(report->changed + report->added + report->removed, 0);
}

static void
an_empty_folder_makes_an_index(void **state)
{
    (void)state;
    char *empty = inside("src");
    g_mkdir(empty, 0777);
    g_free(empty);
    run();
    assert_int_equal(report->documents, 0);
    expect_these("");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* A kind that nobody reads is looked at again by the next version of the programs that read, and only by it. */
static void
skipped_kinds_are_looked_at_after_an_update(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    write_file("src/programa", "\177ELF\2\1\1");
    run();
    assert_int_equal(report->skipped, 1);
    run();
    assert_int_equal(report->skipped, 0);
    assert_int_equal(report->unchanged, 2);
    char *path = inside("db/sources"), *text;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **parts = g_strsplit(text, "reader=text ", 2); /* as a smaller program wrote it */
    assert_int_equal(g_strv_length(parts), 2);
    char *older = g_strconcat(parts[0], "reader=text 1", parts[1], NULL);
    write_file("db/sources", older);
    run();
    assert_int_equal(report->skipped, 1);
    assert_int_equal(report->unchanged, 1);
    run();
    assert_int_equal(report->skipped, 0);
    g_free(older);
    g_strfreev(parts);
    g_free(text);
    g_free(path);
}

/* --- an index is never lost --------------------------------------------------------------------- */

static void
the_stub_is_made_again(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    run();
    write_file("src/b.txt", "cooperación");
    run();
    char *stub = inside("db/XAPIANDB"), *dir = inside("db"), *before;
    assert_true(g_file_get_contents(stub, &before, NULL, NULL));
    static const char *const losses[] = {NULL, "", "glass gen-0001/se", "\0\0\0\0"};
    for (size_t i = 0; i < G_N_ELEMENTS(losses); i++) {
        if (losses[i])
            write_file("db/XAPIANDB", losses[i]);
        else
            unlink_inside("db/XAPIANDB");
        struct lj_layout *layout = lj_layout_read(dir, false, NULL); /* as a search does */
        assert_non_null(layout);
        assert_true(layout->recovered);
        lj_layout_free(layout);
        assert_int_equal(run_with((struct lj_run_options){0}, i % 2 ? "src" : NULL), -1);
        assert_int_equal(report->unchanged, 2);
        assert_int_equal(report->added, 0);
        assert_non_null(strstr(said->str, "made again"));
        g_string_truncate(said, 0);
        expect_stub(before);
        expect_these("src/a.txt src/b.txt");
        run();
        assert_null(strstr(said->str, "made again"));
    }
    g_free(before);
    g_free(stub);
    g_free(dir);
}

/* A clock that was set back, or a copy: dates say nothing. */
static void
date(const char *name, time_t when)
{
    char *path = inside(name);
    const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    g_free(path);
}

/* Of two generations the one that was live: the rebuilt one, and after --rollback the one before; one that is not whole
 * is none. */
static void
the_stub_names_the_live_generation_again(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    run();
    expect_run(LJ_REBUILD_STORED);
    unlink_inside("db/XAPIANDB");
    date("db/gen-0001/XAPIANDB", time(NULL) + 1000);
    date("db/gen-0002/XAPIANDB", 1000);
    run();
    expect_stub("glass gen-0002/seg-0001\n");
    unlink_inside("db/XAPIANDB");
    char *from = inside("db/gen-0002/seg-0001/iamglass"), *to = inside("away");
    assert_int_equal(g_rename(from, to), 0);
    char *index = inside("db");
    struct lj_layout *layout = lj_layout_read(index, false, NULL);
    assert_int_equal(layout->generation, 1);
    lj_layout_free(layout);
    assert_int_equal(g_rename(to, from), 0);
    g_free(index);
    g_free(from);
    g_free(to);
    run();
    expect_stub("glass gen-0002/seg-0001\n");
    char *dir = inside("db");
    assert_true(lj_index_rollback(&(struct lj_run_options){.dir = dir}, NULL));
    unlink_inside("db/XAPIANDB");
    run();
    expect_stub("glass gen-0001/seg-0001\n");
    g_free(dir);
}

/* An index of before generations had stubs of their own: which segments count is not known, so nothing is touched. */
static void
what_cannot_be_made_again_is_not_touched(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    run();
    char *stub = inside("db/XAPIANDB"), *text;
    assert_true(g_file_get_contents(stub, &text, NULL, NULL));
    unlink_inside("db/XAPIANDB");
    unlink_inside("db/gen-0001/XAPIANDB");
    assert_int_equal(run_with((struct lj_run_options){0}, "src"), LJ_ERROR_DAMAGED);
    assert_non_null(strstr(said->str, "XAPIANDB"));
    assert_true(there("db/gen-0001/seg-0001"));
    assert_true(g_file_set_contents(stub, text, -1, NULL)); /* the remedy */
    run();
    assert_int_equal(report->unchanged, 1);
    g_free(text);
    g_free(stub);
}

/* Sources are kept before anything else: a first run that was killed need not be told them again. */
static void
a_first_run_is_taken_up_without_naming_its_sources(void **state)
{
    (void)state;
    write_file("src/a.txt", "tráfico de armas");
    run();
    char *dir = inside("db/gen-0001");
    unlink_inside("db/XAPIANDB");
    lj_remove_tree(dir, NULL);
    g_free(dir);
    assert_int_equal(run_with((struct lj_run_options){0}, NULL), -1);
    assert_int_equal(report->added, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(changes_are_followed),
        TEST(records_are_added_replaced_and_taken_away),
        TEST(records_move_from_file_to_file),
        TEST(of_a_repeated_id_the_last_counts),
        TEST(files_that_share_ids_are_sound),
        TEST(an_id_of_another_source_is_a_failure),
        TEST(the_guard_withholds_large_deletions),
        TEST(a_missing_source_loses_nothing),
        TEST(a_name_of_two_folders_needs_the_remedy),
        TEST(failures_are_known_and_not_repeated),
        TEST(one_worker_and_four_make_the_same_index),
        TEST(many_changes_at_once_are_all_taken),
        TEST(a_stop_keeps_what_was_committed),
        TEST(what_is_read_is_searchable_while_a_file_takes_long),
        TEST(what_stands_behind_slow_files_is_searchable_soon),
        TEST(dates_are_compared_never_trusted),
        TEST(an_empty_folder_makes_an_index),
        cmocka_unit_test_setup_teardown(the_stub_is_made_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_stub_names_the_live_generation_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_made_again_is_not_touched, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_first_run_is_taken_up_without_naming_its_sources, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(skipped_kinds_are_looked_at_after_an_update, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
