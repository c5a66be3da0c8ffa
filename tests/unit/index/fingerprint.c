/* Fingerprints: counted as defined, near for near copies, far for the rest. */
#include "cmocka_all.h"
#include "index/fingerprint.h"
#include <glib.h>
#include <string.h>

static bool
make(const char *text, uint64_t *out)
{
    char **words = g_strsplit(text, " ", -1);
    static struct lj_fingerprint f;
    lj_fingerprint_begin(&f);
    for (char **word = words; *word; word++)
        if (**word)
            lj_fingerprint_add(&f, lj_fingerprint_word(*word, strlen(*word)));
    g_strfreev(words);
    return lj_fingerprint_end(&f, out);
}

/* Distinct pair by distinct pair, bit by bit. */
static uint64_t
defined(const uint64_t *word, size_t n)
{
    uint64_t out = 0, *pairs = g_new(uint64_t, n);
    size_t m = 0;
    for (size_t i = 1; i < n; i++) {
        uint64_t pair = (word[i - 1] << 21 | word[i - 1] >> 43) ^ word[i];
        bool known = false;
        for (size_t k = 0; k < m && !known; k++)
            known = pairs[k] == pair;
        if (!known)
            pairs[m++] = pair;
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        size_t ones = 0;
        for (size_t i = 0; i < m; i++)
            ones += pairs[i] >> bit & 1;
        out |= (uint64_t)(2 * ones > m) << bit;
    }
    g_free(pairs);
    return out;
}

static void
counts_as_defined(void **state)
{
    (void)state;
    const size_t sizes[] = {2, 3, 8, 9, 10, 16, 17, 100, 4097};
    uint64_t *words = g_new(uint64_t, 4097);
    for (size_t i = 0; i < 4097; i++) {
        char name[16];
        words[i] =
            lj_fingerprint_word(name, (size_t)g_snprintf(name, sizeof name, "w%zu", i % 700));
    }
    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
        static struct lj_fingerprint f;
        uint64_t made;
        lj_fingerprint_begin(&f);
        for (size_t i = 0; i < sizes[s]; i++)
            lj_fingerprint_add(&f, words[i]);
        assert_true(lj_fingerprint_end(&f, &made));
        assert_true(made == defined(words, sizes[s]));
    }
    g_free(words);
}

static void
small_changes_change_few_bits(void **state)
{
    (void)state;
    GString *a = g_string_new(NULL), *b = g_string_new(NULL), *c = g_string_new(NULL);
    for (int i = 0; i < 300; i++) {
        g_string_append_printf(a, "palabra%d ", i);
        g_string_append_printf(b, i % 60 == 7 ? "errata%d " : "palabra%d ", i);
        g_string_append_printf(c, "otra%d ", i);
    }
    uint64_t x = 0, y = 0, z = 0;
    assert_true(make(a->str, &x) && make(b->str, &y) && make(c->str, &z));
    assert_true(lj_fingerprint_distance(x, y) > 0);
    assert_true(lj_fingerprint_distance(x, y) <= 9);
    assert_true(lj_fingerprint_distance(x, z) >= 18);
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
    g_string_free(c, TRUE);
}

/* Two speeches share their courtesies, said over and over, and nothing else. */
static void
what_is_repeated_counts_once(void **state)
{
    (void)state;
    GString *a = g_string_new(NULL), *b = g_string_new(NULL);
    for (int i = 0; i < 400; i++) {
        g_string_append_printf(a, "muchas gracias presidente buenos dias uno%d ", i);
        g_string_append_printf(b, "muchas gracias presidente buenos dias dos%d ", i);
    }
    uint64_t x = 0, y = 0;
    assert_true(make(a->str, &x) && make(b->str, &y));
    assert_true(lj_fingerprint_distance(x, y) >= 18);
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
}

static void
order_matters_and_nothing_has_none(void **state)
{
    (void)state;
    uint64_t x = 0, y = 0;
    assert_false(make("", &x));
    assert_true(make("ley", &x) && make("ley", &y));
    assert_true(x == y);
    assert_true(make("ley armas", &x) && make("armas ley", &y));
    assert_true(x != y);
    assert_true(lj_fingerprint_word("", 0) != 0);
}

static void
the_value_comes_back(void **state)
{
    (void)state;
    char bytes[8];
    uint64_t back;
    lj_fingerprint_write(0x0123456789ABCDEFu, bytes);
    assert_int_equal((uint8_t)bytes[0], 0x01);
    assert_true(lj_fingerprint_read(bytes, 8, &back) && back == 0x0123456789ABCDEFu);
    assert_false(lj_fingerprint_read(bytes, 7, &back));
    assert_false(lj_fingerprint_read(bytes, 0, &back));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_as_defined),
        cmocka_unit_test(small_changes_change_few_bits),
        cmocka_unit_test(what_is_repeated_counts_once),
        cmocka_unit_test(order_matters_and_nothing_has_none),
        cmocka_unit_test(the_value_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
