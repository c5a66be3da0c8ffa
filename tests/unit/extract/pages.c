/* The texts of recognised pages, kept by content. */
#include "extract/pages.h"
#include "cmocka_all.h"
#include <glib/gstdio.h>
#include <string.h>

static void
fill(uint8_t key[32], uint8_t byte)
{
    memset(key, byte, 32);
}

static gpointer
ask(gpointer cache)
{
    uint8_t key[32];
    fill(key, 7);
    GString *text = g_string_new(NULL);
    bool known = lj_page_cache_find(cache, key, text);
    return known ? g_string_free(text, FALSE) : g_string_free(text, TRUE);
}

/* A page that one thread reads is not read by a second one, which waits and gets the text. */
static void
test_read_once(void **state)
{
    (void)state;
    char *dir = g_dir_make_tmp("legajo-pages-XXXXXX", NULL),
         *inner = g_build_filename(dir, "ocr", NULL);
    struct lj_page_cache *cache = lj_page_cache_open(inner, true);
    uint8_t key[32];
    fill(key, 7);
    GString *text = g_string_new(NULL);
    assert_false(lj_page_cache_find(cache, key, text));
    GThread *other = g_thread_new("ask", ask, cache);
    g_usleep(50000);
    lj_page_cache_keep(cache, key, "Artículo 1.º", strlen("Artículo 1.º"));
    char *found = g_thread_join(other);
    assert_non_null(found);
    assert_string_equal(found, "Artículo 1.º");
    g_free(found);
    lj_page_cache_close(cache);

    cache = lj_page_cache_open(inner, false); /* another process, another day */
    assert_true(lj_page_cache_find(cache, key, text));
    assert_string_equal(text->str, "Artículo 1.º");
    lj_page_cache_close(cache);

    /* Half a file is no page. */
    char *path = g_strconcat(inner, "/07/", NULL);
    GString *name = g_string_new(path);
    for (int i = 0; i < 31; i++)
        g_string_append(name, "07");
    g_string_append(name, ".zst");
    char *bytes;
    gsize length;
    assert_true(g_file_get_contents(name->str, &bytes, &length, NULL));
    assert_true(g_file_set_contents(name->str, bytes, (gssize)length - 3, NULL));
    cache = lj_page_cache_open(inner, true);
    g_string_truncate(text, 0);
    assert_false(lj_page_cache_find(cache, key, text));
    assert_int_equal(text->len, 0);
    lj_page_cache_release(cache, key);
    assert_false(lj_page_cache_find(cache, key, text)); /* given up by one, free for the next */
    lj_page_cache_release(cache, key);
    lj_page_cache_close(cache);
    g_unlink(name->str);
    g_rmdir(path);
    g_rmdir(inner);
    g_rmdir(dir);
    g_free(bytes);
    g_string_free(name, TRUE);
    g_string_free(text, TRUE);
    g_free(path);
    g_free(inner);
    g_free(dir);
}

static void
test_no_cache(void **state)
{
    (void)state;
    uint8_t key[32] = {0};
    GString *text = g_string_new("x");
    assert_false(lj_page_cache_find(NULL, key, text));
    lj_page_cache_keep(NULL, key, "y", 1);
    lj_page_cache_release(NULL, key);
    assert_string_equal(text->str, "x");
    g_string_free(text, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read_once),
                                       cmocka_unit_test(test_no_cache)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
