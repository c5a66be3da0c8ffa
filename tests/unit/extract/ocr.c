/* Recognition of characters: passes, the cache, the limit of time. */
#include "helper.h"

#include <fcntl.h>

static uint32_t left;
static int asked;

static void
count_left(uint32_t pages, bool whole, void *data)
{
    (void)data;
    assert_true(whole);
    left += pages;
}

static bool
count_page(void *data)
{
    (void)data;
    asked++;
    return true;
}

static struct outcome
recognise(enum lj_extract_pass pass, enum lj_ocr ocr, uint32_t timeout_ms,
          struct lj_page_cache *pages)
{
    struct outcome o = {.documents =
                            g_ptr_array_new_with_free_func((GDestroyNotify)lj_document_free),
                        .failures = g_ptr_array_new_with_free_func(g_free),
                        .members = g_ptr_array_new_with_free_func(g_free)};
    struct lj_extract_request request = {
        .name = "pagina.png", .pass = pass, .ocr = ocr, .timeout_ms = timeout_ms, .pages = pages};
    struct lj_extract_sinks sinks = {.document = keep_document,
                                     .failure = keep_failure,
                                     .data = &o,
                                     .left = count_left,
                                     .page = count_page};
    char *path =
        g_build_filename(g_getenv("LEGAJO_SOURCE"), "tests/cli/indexer-ocr/pagina.png", NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    if (!extractor)
        extractor = lj_extractor_open(NULL, NULL);
    left = 0;
    asked = 0;
    o.good = lj_extract(extractor, fd, &request, &sinks, &o.error);
    close(fd);
    g_free(path);
    return o;
}

/* The first pass leaves the page; the second gives the document; a third one knows the page. */
static void
a_page_is_left_then_read_then_known(void **state)
{
    (void)state;
    struct outcome o = recognise(LJ_PASS_TEXT, LJ_OCR_AUTO, 0, NULL);
    assert_true(o.good);
    assert_int_equal(o.documents->len, 0);
    assert_int_equal(left, 1);
    clear(&o);
    o = recognise(LJ_PASS_TEXT, LJ_OCR_NEVER, 0, NULL);
    assert_int_equal(o.error->code, LJ_ERROR_SKIPPED);
    assert_string_equal(o.error->message, "image/png");
    clear(&o);
    char *dir = g_dir_make_tmp("legajo-ocr-XXXXXX", NULL);
    struct lj_page_cache *pages = lj_page_cache_open(dir, true);
    for (int round = 0; round < 2; round++) {
        gint64 began = g_get_monotonic_time();
        o = recognise(round == 0 ? LJ_PASS_WARM : LJ_PASS_OCR, LJ_OCR_AUTO, 0, pages);
        assert_true(o.good);
        assert_int_equal(asked, 1);
        assert_int_equal(o.documents->len, round);
        if (round == 1) {
            assert_true(first(&o)->ocr);
            assert_non_null(strstr(first(&o)->text->str, "expedientes municipales"));
            assert_true(g_get_monotonic_time() - began < 30 * G_USEC_PER_SEC);
        }
        clear(&o);
    }
    lj_page_cache_close(pages);
    char *command = g_strdup_printf("rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
    g_free(command);
    g_free(dir);
}

/* A page that takes too long is told with its number; nothing hangs. */
static void
a_page_has_its_time(void **state)
{
    (void)state;
    struct outcome o = recognise(LJ_PASS_OCR, LJ_OCR_AUTO, 1, NULL);
    assert_true(o.good);
    assert_int_equal(o.failures->len, 1);
    assert_non_null(strstr(o.failures->pdata[0], "page 1: "));
    assert_non_null(strstr(o.failures->pdata[0], "longer than 1 seconds"));
    clear(&o);
}

int
main(void)
{
    if (!lj_ocr_available()) {
        print_message("skipped: built without tesseract\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_page_is_left_then_read_then_known),
                                       cmocka_unit_test(a_page_has_its_time)};
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
