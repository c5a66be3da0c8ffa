/* Declared fields and sizes; tests/cli/configuration-errors has the file's own errors. */
#include "cmocka_all.h"
#include "legajo/config.h"
#include <string.h>

static void
sizes_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t size;
    } cases[] = {
        {"0", true, 0},
        {"4096", true, 4096},
        {"64M", true, 64 << 20},
        {"1g", true, 1 << 30},
        {"2KiB", true, 2048},
        {"2kb", true, 2048},
        {"", false, 0},
        {"-1", false, 0},
        {"M", false, 0},
        {"5T", false, 0},
        {"64Mx", false, 0},
        {" 5", false, 0},
        {"99999999999999999999", false, 0},
        {"18446744073709551615K", false, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint64_t size = 0;
        assert_int_equal(lj_size_parse(cases[i].text, &size), cases[i].good);
        assert_int_equal(size, cases[i].size);
    }
}

static void
a_list_goes_through_its_printed_form(void **state)
{
    (void)state;
    GPtrArray *list = lj_declared_new(), *again = lj_declared_new();
    assert_true(lj_declared_add(list, "Sala", true, NULL));
    assert_true(lj_declared_add(list, "Año_Fiscal", false, NULL));
    assert_true(lj_declared_add(list, "sala", false, NULL)); /* one field, still a facet */
    char *text = lj_declared_print(list);
    assert_string_equal(text, "año_fiscal\nsala facet\n");
    lj_declared_read(again, text);
    lj_declared_read(again, "\n 1\nfecha\nbad name here\n"); /* of whatever wrote them: left out */
    char *printed = lj_declared_print(again);
    assert_string_equal(printed, text);
    const struct lj_declared *sala = lj_declared_find(again, "SÁLA", -1);
    assert_non_null(sala);
    assert_true(sala->facet);
    assert_string_equal(sala->prefix, "XDSALA:");
    assert_int_equal(sala->slot, lj_schema_declared_slot("sala"));
    assert_null(lj_declared_find(again, "salas", -1));
    g_free(text);
    g_free(printed);
    g_ptr_array_unref(list);
    g_ptr_array_unref(again);
}

static void
names_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"",       "1",      "a b", "a:b", "a-b",
                                        "titulo", "Órgano", "_a",  "a*",  "fecha"};
    GPtrArray *list = lj_declared_new();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        GError *error = NULL;
        assert_false(lj_declared_add(list, names[i], false, &error));
        assert_int_equal(error->code, LJ_ERROR_CONFIG);
        g_error_free(error);
    }
    assert_int_equal(list->len, 0);
    /* Names of one slot: the first that a search over short names meets. */
    GHashTable *slots = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    char *other = NULL;
    char name[16];
    for (unsigned i = 0; !other && i < 100000; i++) {
        g_snprintf(name, sizeof name, "campo%u", i);
        gpointer slot = GUINT_TO_POINTER(lj_schema_declared_slot(name));
        other = g_strdup(g_hash_table_lookup(slots, slot));
        g_hash_table_insert(slots, slot, g_strdup(name));
    }
    assert_non_null(other);
    assert_true(lj_declared_add(list, other, false, NULL));
    GError *error = NULL;
    assert_false(lj_declared_add(list, name, false, &error));
    assert_non_null(strstr(error->message, other));
    g_error_free(error);
    g_free(other);
    g_hash_table_unref(slots);
    g_ptr_array_unref(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_have_units),
        cmocka_unit_test(a_list_goes_through_its_printed_form),
        cmocka_unit_test(names_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
