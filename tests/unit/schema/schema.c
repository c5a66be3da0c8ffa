/* The field table: names, prefixes and slots that no two rows may share. */
#include "cmocka_all.h"
#include "legajo/schema.h"
#include <string.h>

static void
names_find_their_row(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int id;
    } cases[] = {
        {"titulo", LJ_FIELD_TITLE},
        {"Título", LJ_FIELD_TITLE},
        {"title", LJ_FIELD_TITLE},
        {"ÓRGANO", LJ_FIELD_ORGANIZATION},
        {"organo", LJ_FIELD_ORGANIZATION},
        {"país", LJ_FIELD_COUNTRY},
        {"pais", LJ_FIELD_COUNTRY},
        {"año", LJ_FIELD_YEAR},
        {"ano", -1},
        {"http", -1},
        {"", -1},
        {"art", LJ_FIELD_ARTICLE},
        {"ley", LJ_FIELD_LAW},
        {"fecha", LJ_FIELD_DATE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct lj_field *field = lj_field_find(cases[i].name, -1);
        assert_int_equal(field ? (int)field->id : -1, cases[i].id);
    }
}

static void
rows_stand_in_the_order_of_their_ids(void **state)
{
    (void)state;
    const struct lj_field *table = lj_field_table();
    for (int i = 0; i < LJ_FIELDS; i++) {
        assert_int_equal(table[i].id, i);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(table[i].name, table[j].name);
            assert_true(table[i].slot < 0 || table[i].slot != table[j].slot);
        }
    }
}

static void
typing_errors_find_the_nearest_row(void **state)
{
    (void)state;
    assert_int_equal(lj_field_nearest("titlo", -1)->id, LJ_FIELD_TITLE);
    assert_int_equal(lj_field_nearest("fehca", -1)->id, LJ_FIELD_DATE);
    assert_int_equal(lj_field_nearest("oragno", -1)->id, LJ_FIELD_ORGANIZATION);
    assert_null(lj_field_nearest("xyzzy", -1));
    assert_null(lj_field_nearest("a", -1)); /* no letter of it in common with "id", "tag" */
}

/* Frequent characters are folded by a table, a text with others by ICU: ẓ at the end makes it one. */
static void
folding_by_table_and_by_unicode_agree(void **state)
{
    (void)state;
    for (gunichar c = 1; c < 0x2100; c++) {
        char plain[20] = "N a", other[24];
        int n = 3 + g_unichar_to_utf8(c, plain + 3);
        plain[n++] = 'B';
        plain[n] = 0;
        g_snprintf(other, sizeof other, "%s\xe1\xba\x93", plain);
        char *first = lj_schema_fold(plain, -1), *second = lj_schema_fold(other, -1);
        assert_int_equal(strlen(second), strlen(first) + 1);
        assert_memory_equal(first, second, strlen(first));
        assert_int_equal(second[strlen(first)], 'z');
        g_free(first);
        g_free(second);
    }
    static const char *const ends[] = {"", " ", "\t a \n", "  ", "a  b "};
    static const char *const folded[] = {"", "", "a", "", "a b"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *plain = lj_schema_fold(ends[i], -1);
        assert_string_equal(plain, folded[i]);
        g_free(plain);
    }
}

static void
folding_keeps_the_letter_ene(void **state)
{
    (void)state;
    static const char *cases[][2] = {
        {"  Órgano\t Público ", "organo publico"},
        {"AÑO", "año"},
        {"an\xcc\x83o", "año"},
        {"pingüino", "pinguino"},
        {"", ""},
        {"\xff", "\xef\xbf\xbd"},
        {"ﬁn", "fin"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folded = lj_schema_fold(cases[i][0], -1);
        assert_string_equal(folded, cases[i][1]);
        g_free(folded);
    }
}

static void
lists_come_apart_as_they_were_joined(void **state)
{
    (void)state;
    char big[300];
    memset(big, 'x', 299);
    big[299] = 0;
    const char *values[] = {"ley", "decreto", big, "ley"};
    GString *joined = g_string_new(NULL);
    lj_schema_list_join(values, 4, joined);
    GPtrArray *split = g_ptr_array_new_with_free_func(g_free);
    assert_true(lj_schema_list_split(joined->str, joined->len, split));
    assert_int_equal(split->len, 3);
    assert_string_equal(split->pdata[0], "decreto");
    assert_string_equal(split->pdata[1], "ley");
    assert_string_equal(split->pdata[2], big);
    assert_false(lj_schema_list_split("\x05"
                                      "ab",
                                      3, split));
    g_ptr_array_unref(split);
    g_string_free(joined, TRUE);
}

static void
declared_slots_are_stable(void **state)
{
    (void)state;
    assert_int_equal(lj_schema_declared_slot("Estado"), lj_schema_declared_slot("estado"));
    assert_true(lj_schema_declared_slot("estado") >= LJ_SLOT_DECLARED);
    assert_int_not_equal(lj_schema_declared_slot("estado"), lj_schema_declared_slot("status"));
    char *prefix = lj_schema_declared_prefix("Norm Class");
    assert_string_equal(prefix, "XDNORMCLASS:");
    g_free(prefix);
}

static void
errors_have_their_exit_status(void **state)
{
    (void)state;
    GError *error = g_error_new_literal(LJ_ERROR, LJ_ERROR_LOCKED, "locked");
    assert_int_equal(lj_error_exit_status(error), 75);
    assert_string_equal(lj_error_name(error), "locked");
    g_error_free(error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_find_their_row),
        cmocka_unit_test(rows_stand_in_the_order_of_their_ids),
        cmocka_unit_test(typing_errors_find_the_nearest_row),
        cmocka_unit_test(folding_by_table_and_by_unicode_agree),
        cmocka_unit_test(folding_keeps_the_letter_ene),
        cmocka_unit_test(lists_come_apart_as_they_were_joined),
        cmocka_unit_test(declared_slots_are_stable),
        cmocka_unit_test(errors_have_their_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
