#include "cmocka_all.h"
#include "schema/order.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct row {
    uint64_t prefix;
    char *text;
    uint64_t more;
};
G_STATIC_ASSERT(sizeof(struct row) == LJ_ORDER_SIZE);

static int
compare(const void *a, const void *b, void *asked)
{
    const struct row *x = a, *y = b;
    ++*(size_t *)asked;
    return strcmp(x->text, y->text);
}

/* Words of few letters and of many, many of which begin alike; in an order that only bytes above 0x7F
 * tell from that of signed ones. */
static void
as_qsort_does(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "b", "ZS", "administ", "racion", "\xc3\xb1", "E", "0"};
    static const size_t sizes[] = {0, 1, 2, 511, 512, 513, 30000};
    GRand *random = g_rand_new_with_seed(11);
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
        size_t n = sizes[s], asked = 0, unused = 0;
        struct row *rows = g_new0(struct row, n + 1), *expected = g_new0(struct row, n + 1);
        for (size_t i = 0; i < n; i++) {
            char text[80] = "";
            for (int k = g_rand_int_range(random, 0, 9); k > 0; k--)
                strcat(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
            uint64_t prefix = 0;
            memcpy(&prefix, text, MIN(strlen(text), 8));
            rows[i] = (struct row){GUINT64_FROM_BE(prefix), g_strdup(text), i};
        }
        memcpy(expected, rows, n * sizeof *rows);
        qsort_r(expected, n, sizeof *expected, compare, &unused);
        lj_order(rows, n, compare, &asked);
        uint8_t *seen = g_malloc0(n + 1);
        for (size_t i = 0; i < n; i++) {
            assert_string_equal(rows[i].text, expected[i].text);
            assert_int_equal(seen[rows[i].more]++, 0); /* each row once, whole */
        }
        g_free(seen);
        for (size_t i = 0; i < n; i++)
            g_free(rows[i].text);
        g_free(rows);
        g_free(expected);
    }
    g_rand_free(random);
}

/* Numbers alone, and nothing is compared where all differ. */
static void
numbers_are_dealt(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct row *rows = g_new0(struct row, N);
    size_t asked = 0;
    for (uint64_t i = 0; i < N; i++)
        rows[i] = (struct row){(i * 2654435761u % N) << 20, "", i};
    lj_order(rows, N, compare, &asked);
    for (uint64_t i = 0; i < N; i++)
        assert_int_equal(rows[i].prefix, i << 20);
    assert_int_equal(asked, 0);
    g_free(rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_qsort_does),
        cmocka_unit_test(numbers_are_dealt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
