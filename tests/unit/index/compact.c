/* --compact: many segments become one that holds the same. */
#include "cmocka_all.h"
#include "running.h"
#include "index/store.h"

static void
segments_become_one(void **state)
{
    (void)state;
    write_file("src/a.txt", "presupuesto");
    expect_run(LJ_REBUILD_NONE);
    char *dir = inside("db");
    struct lj_run_options options = {.dir = dir, .message = hear};
    for (int i = 0; i < 3; i++) {
        /* A segment of its own: a rebuild of one more file would not make one. */
        struct lj_store *store = lj_store_open(dir, LJ_STORE_UPDATE, 0, NULL, NULL);
        char *path = lj_store_scratch(store, "x");
        struct xap_writer *writer = lj_xap_writer_open(path, XAP_SCRATCH, NULL);
        const char *forms = i == 0 ? "presupuesto" : i == 1 ? "presupuestos" : "presupuestas";
        assert_true(
            lj_xap_writer_set_metadata(writer, "Fpresupuest", 11, forms, strlen(forms), NULL));
        struct xap_posting posting = {.term = "suelto", .length = 6};
        struct xap_document document = {.postings = &posting, .n_postings = 1};
        assert_true(lj_xap_writer_put(writer, 0, &document, NULL));
        assert_true(lj_xap_writer_commit(writer, NULL));
        lj_xap_writer_close(writer);
        GPtrArray *scratch = g_ptr_array_new(), *none = g_ptr_array_new();
        g_ptr_array_add(scratch, path);
        assert_true(lj_store_publish(store, scratch, none, 0, NULL, NULL, NULL));
        g_ptr_array_unref(scratch);
        g_ptr_array_unref(none);
        lj_store_close(store);
        g_free(path);
    }
    expect_stub("glass gen-0001/seg-0001\nglass gen-0001/seg-0002\nglass gen-0001/seg-0003\n"
                "glass gen-0001/seg-0004\n");
    assert_true(lj_index_compact(&options, NULL));
    expect_stub("glass gen-0001/seg-0005\n");
    assert_false(there("db/gen-0001/seg-0001"));
    assert_int_equal(count("suelto"), 3);
    assert_int_equal(count("presupuesto"), 1);
    char *path = inside("db/gen-0001/seg-0005");
    struct xap_reader *reader = lj_xap_reader_open((const char *[]){path}, 1, NULL);
    size_t length;
    char *forms = lj_xap_metadata(reader, 0, "Fpresupuest", 11, &length, NULL);
    assert_int_equal(length, strlen("presupuestas presupuesto presupuestos"));
    assert_memory_equal(forms, "presupuestas presupuesto presupuestos", length);
    lj_xap_reader_close(reader);
    expect_run(LJ_REBUILD_NONE);
    assert_int_equal(report->unchanged, 1);
    g_free(forms);
    g_free(path);
    g_free(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(segments_become_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
