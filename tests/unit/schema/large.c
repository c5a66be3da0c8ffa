#include "cmocka_all.h"
#include "schema/large.h"

#include <stdint.h>

/* Contents and zeros survive the way from ordinary memory to large pages. */
static void
tables_grow(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 4096, (2u << 20) - 1, 2u << 20, (2u << 20) + 1, 9u << 20};
    uint8_t *table = NULL;
    size_t size = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        table = lj_large_grow(table, size, sizes[i]);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(table[k], (uint8_t)(k * 7 + 1));
        for (size_t k = size; k < sizes[i]; k++)
            assert_int_equal(table[k], 0);
        size = sizes[i];
        for (size_t k = 0; k < size; k++)
            table[k] = (uint8_t)(k * 7 + 1);
    }
    lj_large_free(table, size);
    lj_large_free(NULL, 0);
    lj_large_free(NULL, 9u << 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_grow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
