/* Words of fixed tables: every row is found, and nothing else. */
#include "cmocka_all.h"
#include "document/word_table.h"
#include <string.h>

struct row {
    const char *word;
    int value;
};

static const struct row *
find(const struct row *rows, size_t n, struct lj_word_table *table, const char *word, size_t length)
{
    return lj_word_table_find(table, rows, sizeof *rows, n, word, length);
}

static void
rows_are_found_by_their_words(void **state)
{
    (void)state;
    static const struct row rows[] = {{"ley", 1}, {"leyes", 2}, {"a\xf1o", 3},
                                      {"", 4},    {"ley", 5},   {"decreto", 6}};
    struct lj_word_table table = {0};
    static const struct {
        const char *word;
        size_t length;
        int value; /* 0: none */
    } cases[] = {
        {"ley", 3, 1},                       /* the first of two */
        {"leyes", 5, 2},    {"leyes", 3, 1}, /* so many bytes of it */
        {"leyes", 4, 0},    {"a\xf1o", 3, 3},   {"ano", 3, 0}, {"", 0, 4},
        {"decretos", 8, 0}, {"decretos", 7, 6}, {"Ley", 3, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct row *row =
            find(rows, G_N_ELEMENTS(rows), &table, cases[i].word, cases[i].length);
        assert_int_equal(row ? row->value : 0, cases[i].value);
    }
}

/* As many rows as it takes: words stand in each other's places. */
static void
full_tables_find_all(void **state)
{
    (void)state;
    static char words[512][8];
    static struct row rows[512];
    for (int i = 0; i < 512; i++) {
        g_snprintf(words[i], sizeof words[i], "w%d", i * 7);
        rows[i] = (struct row){words[i], i};
    }
    struct lj_word_table table = {0};
    for (int i = 0; i < 3584; i++) {
        char word[8];
        g_snprintf(word, sizeof word, "w%d", i);
        const struct row *row = find(rows, 512, &table, word, strlen(word));
        assert_int_equal(row != NULL, i % 7 == 0);
        if (row)
            assert_int_equal(row->value, i / 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_their_words),
        cmocka_unit_test(full_tables_find_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
