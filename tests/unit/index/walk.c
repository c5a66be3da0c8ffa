/* The walk: order, globs, what is left out, what could not be read. */
#include "cmocka_all.h"
#include "folder.h"
#include "index/walk.h"

static void
globs_match_as_in_gitignore(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool folder, found;
    } cases[] = {
        {"*.bak", "a.bak", false, true},
        {"*.bak", "x/y/a.bak", false, true},
        {"*.bak", "a.bakx", false, false},
        {"viejo/", "viejo", true, true},
        {"viejo/", "viejo", false, false},
        {"/a.txt", "a.txt", false, true},
        {"/a.txt", "x/a.txt", false, false},
        {"x/*.txt", "x/a.txt", false, true},
        {"x/*.txt", "x/y/a.txt", false, false},
        {"x/**/*.txt", "x/y/z/a.txt", false, true},
        {"x/**/*.txt", "x/a.txt", false, true},
        {"**/b", "b", false, true},
        {"a?c", "abc", false, true},
        {"[a-c]x", "bx", false, true},
        {"[!a-c]x", "bx", false, false},
        {"\\*", "*", false, true},
        {"\\*", "a", false, false},
        {"[", "[", false, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (lj_glob_match(cases[i].pattern, cases[i].path, cases[i].folder) != cases[i].found)
            fail_msg("%s on %s", cases[i].pattern, cases[i].path);
}

/* The paths of a walk, blank-separated. */
static char *
walked(struct lj_walk_options *options)
{
    struct lj_walk *walk = lj_walk(folder, options, NULL, NULL);
    GString *paths = g_string_new(NULL);
    for (guint i = 0; i < walk->files->len; i++)
        g_string_append_printf(paths, "%s%s", i ? " " : "",
                               g_array_index(walk->files, struct lj_file, i).path);
    lj_walk_free(walk);
    return g_string_free(paths, FALSE);
}

static void
check(struct lj_walk_options *options, const char *expected)
{
    char *paths = walked(options);
    assert_string_equal(paths, expected);
    g_free(paths);
}

static void
files_come_in_order_and_unwanted_ones_not(void **state)
{
    (void)state;
    const char *names[] = {
        "b.txt",     "a/z.txt",       "a/a.txt",    ".oculto",          "~$carta.doc",
        "Thumbs.db", "base/iamglass", "base/x.txt", "cerrado/.noindex", "cerrado/x.txt"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        write_file(names[i], "x");
    char *link = inside("bucle"), *target = inside("a/vuelta");
    assert_int_equal(symlink(folder, target), 0);
    assert_int_equal(symlink("b.txt", link), 0);
    struct lj_walk_options options = {0};
    check(&options, "a/a.txt a/z.txt b.txt");
    options.follow = true;
    check(&options, "a/a.txt a/z.txt b.txt bucle");
    options = (struct lj_walk_options){.hidden = true};
    check(&options, ".oculto Thumbs.db a/a.txt a/z.txt b.txt ~$carta.doc");
    GArray *globs = g_array_new(FALSE, FALSE, sizeof(struct lj_glob));
    struct lj_glob out = {(char *)"*.txt", false}, in = {(char *)"a/z.txt", true};
    g_array_append_val(globs, out);
    g_array_append_val(globs, in);
    options = (struct lj_walk_options){.globs = globs};
    check(&options, "a/z.txt");
    g_array_unref(globs);
    g_free(link);
    g_free(target);
}

static void
what_cannot_be_read_is_named(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root reads everything */
    write_file("a/x.txt", "x");
    char *shut = inside("a");
    g_chmod(shut, 0);
    struct lj_walk_options options = {0};
    struct lj_walk *walk = lj_walk(folder, &options, NULL, NULL);
    assert_int_equal(walk->unreadable->len, 1);
    assert_string_equal(walk->shut->pdata[0], "a");
    lj_walk_free(walk);
    g_chmod(shut, 0700);
    g_free(shut);
}

static void
a_missing_source_is_an_error(void **state)
{
    (void)state;
    struct lj_walk_options options = {0};
    GError *error = NULL;
    assert_null(lj_walk("/nonexistent/legajo", &options, NULL, &error));
    assert_int_equal(error->code, LJ_ERROR_NO_INPUT);
    g_error_free(error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_as_in_gitignore),
        cmocka_unit_test_setup_teardown(files_come_in_order_and_unwanted_ones_not, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_named, make_folder, remove_folder),
        cmocka_unit_test(a_missing_source_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
