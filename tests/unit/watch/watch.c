/* What is kept outside the index comes back, whoever wrote it. */
#include "cmocka_all.h"
#include "legajo/watch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
saved_searches_come_back(void **state)
{
    (void)state;
    char *databases[] = {(char *)"/a;b", (char *)"host:7000", NULL};
    struct lj_saved saved = {.name = (char *)"año-1",
                             .query = (char *)"«tráfico» [x] ; a\\n \"b\"\n",
                             .databases = databases,
                             .match = LJ_MATCH_ANY,
                             .created = (char *)"2026-01-21"};
    GError *error = NULL;
    assert_true(lj_saved_put(&saved, &error));
    saved.name = (char *)"b";
    saved.syntax = LJ_SYNTAX_PLAIN;
    assert_true(lj_saved_put(&saved, &error));
    GPtrArray *list = lj_saved_list(&error);
    assert_int_equal(list->len, 2);
    const struct lj_saved *back = list->pdata[0];
    assert_string_equal(back->name, "año-1");
    assert_string_equal(back->query, saved.query);
    assert_string_equal(back->databases[0], "/a;b");
    assert_string_equal(back->databases[1], "host:7000");
    assert_null(back->databases[2]);
    assert_int_equal(back->match, LJ_MATCH_ANY);
    assert_int_equal(back->syntax, LJ_SYNTAX_QUERY);
    assert_int_equal(((struct lj_saved *)list->pdata[1])->syntax, LJ_SYNTAX_PLAIN);
    g_ptr_array_unref(list);

    static const char *const bad[] = {"", "../x", "a/b", ".x", "-x", "a b", "a\n", "\xff"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        saved.name = (char *)bad[i];
        assert_false(lj_saved_put(&saved, &error));
        assert_int_equal(lj_error_exit_status(error), 2);
        g_clear_error(&error);
    }
    assert_true(lj_saved_forget("b", &error));
    assert_false(lj_saved_forget("b", &error));
    assert_int_equal(lj_error_exit_status(error), 66);
    g_clear_error(&error);
    list = lj_saved_list(&error);
    assert_int_equal(list->len, 1);
    g_ptr_array_unref(list);
}

static void
alerts_remember_what_they_delivered(void **state)
{
    (void)state;
    GError *error = NULL;
    struct lj_document *document = lj_document_new();
    document->id = g_strdup("a/1.txt");
    char key[33], other[33];
    lj_watch_content(document, key);
    g_free(document->id);
    document->id = g_strdup("b/2.txt"); /* renamed: the same content */
    lj_watch_content(document, other);
    assert_string_equal(key, other);
    document->sha256[5] = 1;
    lj_watch_content(document, other);
    assert_string_not_equal(key, other);
    lj_document_free(document);

    GPtrArray *keys = g_ptr_array_new();
    g_ptr_array_add(keys, key);
    assert_true(lj_delivered_add("x", keys, &error));
    keys->pdata[0] = other;
    assert_true(lj_delivered_add("x", keys, &error));
    GHashTable *set = lj_delivered_read("x", &error);
    assert_int_equal(g_hash_table_size(set), 2);
    assert_true(g_hash_table_contains(set, key));
    g_hash_table_unref(set);
    set = lj_delivered_read("y", &error);
    assert_int_equal(g_hash_table_size(set), 0);
    g_hash_table_unref(set);
    g_ptr_array_unref(keys);
}

static void
marks_stay_with_the_content(void **state)
{
    (void)state;
    GError *error = NULL;
    struct lj_stored stored = {.document = lj_document_new()};
    struct lj_hit hit = {.stored = &stored};
    memset(stored.document->sha256, 7, 32);
    GPtrArray *hits = g_ptr_array_new();
    g_ptr_array_add(hits, &hit);
    size_t changed = 0;
    char **changes = lj_tags_parse("+Revisar,+leída", &error);
    assert_true(lj_tags_change(changes, hits, &changed, &error));
    assert_int_equal(changed, 1);
    assert_true(lj_tags_change(changes, hits, &changed, &error));
    assert_int_equal(changed, 0);
    g_strfreev(changes);
    struct lj_tags *tags = lj_tags_read(&error);
    GPtrArray *list = lj_tags_of(tags, stored.document);
    assert_int_equal(list->len, 2);
    assert_string_equal(list->pdata[0], "leida");
    assert_string_equal(list->pdata[1], "revisar");
    g_ptr_array_unref(list);
    list = lj_tags_contents(tags, "LEÍDA");
    assert_int_equal(list->len, 1);
    assert_int_equal(strlen(list->pdata[0]), 64);
    g_ptr_array_unref(list);
    lj_tags_free(tags);
    changes = lj_tags_parse("-revisar", &error);
    assert_true(lj_tags_change(changes, hits, &changed, &error));
    assert_int_equal(changed, 1);
    g_strfreev(changes);
    static const char *const bad[] = {"", "x", "+", "+a,,", "+a b", "+a/b"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        assert_null(lj_tags_parse(bad[i], &error));
        assert_int_equal(lj_error_exit_status(error), 2);
        g_clear_error(&error);
    }
    lj_document_free(stored.document);
    g_ptr_array_unref(hits);
}

static char folder[] = "/tmp/legajo-watch-XXXXXX";

static int
set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    return setenv("XDG_STATE_HOME", folder, 1);
}

static int
tear_down(void **state)
{
    (void)state;
    static const char *const files[] = {"legajo/delivered/x",
                                        "legajo/delivered",
                                        "legajo/saved",
                                        "legajo/tags",
                                        "legajo/lock",
                                        "legajo",
                                        ""};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char *path = g_build_filename(folder, files[i], NULL);
        remove(path);
        g_free(path);
    }
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_searches_come_back),
        cmocka_unit_test(alerts_remember_what_they_delivered),
        cmocka_unit_test(marks_stay_with_the_content),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
