/* A first build gives one index, whether segments come from the bulk builder or the library, and
 * whatever the number of workers. */
#include "cmocka_all.h"
#include "legajo/index.h"
#include "reference.h"
#include <string.h>

static char *folder;

static void
remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

/* A hundred files of a few words; one long enough for several frames; an id that a feed repeats. */
static int
make_files(void **state)
{
    (void)state;
    static const char *const words[] = {
        "tráfico",    "de",      "armas",   "Ley",  "artículo", "12",          "municiones", "el",
        "Secretaría", "público", "publico", "2026", "decreto",  "cooperación", "del"};
    folder = g_dir_make_tmp("legajo-ways-XXXXXX", NULL);
    char *source = g_build_filename(folder, "leyes", NULL);
    assert_int_equal(g_mkdir_with_parents(source, 0777), 0);
    GRand *random = g_rand_new_with_seed(11);
    for (int i = 0; i < 100; i++) {
        GString *text = g_string_new(NULL);
        int n = i == 50 ? 30000 : g_rand_int_range(random, 0, 300);
        for (int k = 0; k < n; k++)
            g_string_append_printf(text, "%s%s",
                                   words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))],
                                   k % 60 == 59 ? ".\n\n" : " ");
        g_string_append(text, "La Administración Nacional de Aduanas (ANA) lo dispone.\n");
        char *name = g_strdup_printf("%s/ley-%03d.txt", source, i);
        assert_true(g_file_set_contents(name, text->str, (gssize)text->len, NULL));
        g_free(name);
        g_string_free(text, TRUE);
    }
    char *feed = g_build_filename(source, "registros.jsonl", NULL);
    GString *lines = g_string_new(NULL);
    for (int i = 0; i < 40; i++)
        g_string_append_printf(lines,
                               "{\"id\":\"r%d\",\"title\":\"Decreto %d\",\"text\":\"texto número "
                               "%d del decreto\",\"date\":\"2026-01-%02d\",\"type\":\"decreto\"}\n",
                               i % 30, i, i, 1 + i % 28);
    assert_true(g_file_set_contents(feed, lines->str, (gssize)lines->len, NULL));
    g_string_free(lines, TRUE);
    g_free(feed);
    g_free(source);
    g_rand_free(random);
    return 0;
}

static int
remove_files(void **state)
{
    (void)state;
    remove_tree(folder);
    g_free(folder);
    return 0;
}

static char *
build(const char *name, const char *way, unsigned jobs)
{
    char *dir = g_build_filename(folder, name, NULL);
    char *source = g_build_filename(folder, "leyes", NULL);
    const char *sources[] = {source, NULL};
    struct lj_run_options options = {.dir = dir, .sources = sources, .jobs = jobs};
    struct lj_run_report *report = lj_run_report_new();
    GError *error = NULL;
    g_setenv("LEGAJO_BULK", way, TRUE);
    if (!lj_index_run(&options, report, &error))
        fail_msg("%s: %s", name, error->message);
    assert_int_equal(report->documents, 130);
    lj_run_report_free(report);
    g_free(source);
    char *segment = g_build_filename(dir, "gen-0001", "seg-0001", NULL);
    g_free(dir);
    return segment;
}

static void
every_way_gives_one_index(void **state)
{
    (void)state;
    if (!g_getenv("LEGAJO_EXTRACT") || !g_file_test(g_getenv("LEGAJO_EXTRACT"), G_FILE_TEST_EXISTS))
        skip();
    char *library = build("library", "library", 2);
    char *ways[] = {build("glass-1", "glass", 1), build("glass-3", "glass", 3)};
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        char *difference = reference_difference(library, ways[i]);
        if (difference)
            fail_msg("way %zu: %s", i, difference);
        g_free(ways[i]);
    }
    g_free(library);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_gives_one_index)};
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
