/* The elementary codes, byte by byte, and position lists read back. */
#include "cmocka_all.h"
#include "glass/code.h"
#include "glass/run.h"
#include <string.h>

static void
numbers_have_their_bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t n;
    } cases[] = {{0, "\0", 1},
                 {127, "\x7f", 1},
                 {128, "\x80\x01", 2},
                 {16383, "\xff\x7f", 2},
                 {16384, "\x80\x80\x01", 3},
                 {UINT32_MAX, "\xff\xff\xff\xff\x0f", 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t code[10];
        assert_int_equal(glass_put_number(code, cases[i].value) - code, cases[i].n);
        assert_memory_equal(code, cases[i].bytes, cases[i].n);
        assert_int_equal(glass_number_size(cases[i].value), cases[i].n);
        uint32_t back;
        assert_ptr_equal(glass_get_number(code, &back), code + cases[i].n);
        assert_int_equal(back, cases[i].value);
    }
}

static void
sorted_numbers_keep_their_order(void **state)
{
    (void)state;
    static const uint32_t values[] = {
        1,       2,       255,      256,       32767,     32768,     32769,    65535,     65536,
        4194303, 4194304, 16777216, 536870911, 536870912, 536870913, 1u << 31, UINT32_MAX};
    static const size_t sizes[] = {2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5};
    uint8_t before[GLASS_SORTED], code[GLASS_SORTED];
    size_t n_before = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        size_t n = (size_t)(glass_put_sorted(code, values[i]) - code);
        assert_int_equal(n, sizes[i]);
        assert_true(code[0] != 0xff);
        if (i)
            assert_true(glass_compare(before, n_before, code, n) < 0);
        memcpy(before, code, n);
        n_before = n;
    }
}

/* A reader of position lists after the format's description, bit by bit. */
struct bits {
    const uint8_t *p;
    unsigned at;
};

static uint64_t
get(struct bits *in, uint64_t m)
{
    if (m <= 1)
        return 0;
    unsigned b = 0;
    while (UINT64_C(1) << b < m)
        b++;
    uint64_t spare = (UINT64_C(1) << b) - m, h = (m - spare) / 2, value = 0;
    unsigned read = spare ? b - 1 : b;
    for (unsigned i = 0; i < read; i++, in->at++)
        value |= (uint64_t)(in->p[in->at / 8] >> in->at % 8 & 1) << i;
    if (spare && value < h) {
        /* short codes lie in the middle: this one has another bit */
        uint64_t high = in->p[in->at / 8] >> in->at % 8 & 1;
        in->at++;
        if (high)
            value += h + spare;
    }
    return value;
}

static void
get_between(struct bits *in, uint32_t *position, uint32_t j, uint32_t k)
{
    if (j + 1 >= k)
        return;
    uint32_t middle = j + (k - j) / 2;
    position[middle] = position[j] + (middle - j) +
                       (uint32_t)get(in, (uint64_t)position[k] - position[j] - (k - j) + 1);
    get_between(in, position, j, middle);
    get_between(in, position, middle, k);
}

static void
positions_read_back(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(7);
    for (int round = 0; round < 3000; round++) {
        uint32_t n = (uint32_t)g_rand_int_range(random, 1, round % 50 ? 40 : 3000);
        uint32_t reach =
            round % 3 ? n + (uint32_t)g_rand_int_range(random, 1, 5000) : UINT32_MAX / 2;
        uint32_t *position = g_new(uint32_t, n), *back = g_new(uint32_t, n);
        uint32_t least = round % 7 ? (uint32_t)g_rand_int_range(random, 0, 1000) : 0;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t room = reach / n;
            position[i] = least;
            least += 1 + (round % 5 && room > 1
                              ? (uint32_t)g_rand_int_range(random, 0, (gint32)MIN(room, G_MAXINT32))
                              : 0);
        }
        if (round % 11 == 0)
            position[n - 1] = UINT32_MAX;
        uint8_t *code = g_malloc0(glass_positions_bound(n));
        uint8_t *end = glass_put_positions(code, position, n);
        assert_true((size_t)(end - code) <= glass_positions_bound(n));
        struct bits in = {.p = glass_get_number(code, &back[n - 1])};
        if (n > 1) {
            back[0] = (uint32_t)get(&in, back[n - 1]);
            assert_int_equal(get(&in, (uint64_t)back[n - 1] - back[0]) + 2, n);
            get_between(&in, back, 0, n - 1);
        }
        assert_memory_equal(position, back, n * sizeof *back);
        assert_ptr_equal(in.p + (in.at + 7) / 8, end);
        g_free(code);
        g_free(position);
        g_free(back);
    }
    g_rand_free(random);
}

static void
words_unite_sorted(void **state)
{
    (void)state;
    static const char *cases[][3] = {{"arma armas", "armado armas", "arma armado armas"},
                                     {"", "b a", "a b"},
                                     {"z", " z  y ", "y z"},
                                     {"a", "", "a"},
                                     {"a ab c", "ab c", "a ab c"},
                                     {"a c", "ab", "a ab c"},
                                     {"b a", "a", "a b"},
                                     {"a a", "a", "a"},
                                     {"a  b", "b", "a b"},
                                     {"a b ", "b", "a b"},
                                     {"a b", "b a", "a b"},
                                     {"a b", " b b", "a b"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *words = g_byte_array_new();
        g_byte_array_append(words, (const guint8 *)cases[i][0], (guint)strlen(cases[i][0]));
        glass_unite(words, ' ', cases[i][1], strlen(cases[i][1]));
        assert_int_equal(words->len, strlen(cases[i][2]));
        assert_memory_equal(words->data, cases[i][2], words->len);
        g_byte_array_unref(words);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_bytes),
        cmocka_unit_test(sorted_numbers_keep_their_order),
        cmocka_unit_test(positions_read_back),
        cmocka_unit_test(words_unite_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
