/* Eight postings at once, both ways that there are, beside one after the other. */
#include "cmocka_all.h"
#include "glass/eight.h"

#include <glib.h>

/* The way of processors that have no such instructions. */
#undef LEGAJO_GLASS_EIGHT_H
#undef __SSE2__
#define glass_eight_are plain_eight_are
#define glass_eight_decode plain_eight_decode
#define glass_eight_before plain_eight_before
#define glass_eight_span plain_eight_span
#include "glass/eight.h"
#undef glass_eight_are
#undef glass_eight_decode
#undef glass_eight_before
#undef glass_eight_span

static uint64_t seed = 5;

static uint32_t
random_below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

/* Small gaps, or as large as they may be. */
static void
fill(uint8_t *p, size_t n)
{
    uint32_t most = random_below(3) ? 4 : 128;
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)random_below(most);
}

static void
eight_are_what_each_says(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t p[GLASS_EIGHT];
        uint32_t docid = random_below(1u << 27), last = docid;
        uint32_t docids[2][8], wdfs[2][8];
        fill(p, sizeof p);
        assert_true(glass_eight_are(p));
        assert_true(plain_eight_are(p));
        uint32_t ends[] = {glass_eight_decode(p, docid, docids[0], wdfs[0]),
                           plain_eight_decode(p, docid, docids[1], wdfs[1])};
        for (uint32_t i = 0; i < 8; i++) {
            last += p[2 * i] + 1u;
            for (int way = 0; way < 2; way++) {
                assert_int_equal(docids[way][i], last);
                assert_int_equal(wdfs[way][i], p[2 * i + 1]);
            }
        }
        assert_int_equal(ends[0], last);
        assert_int_equal(ends[1], last);
        uint32_t distance = random_below(last - docid + 40) + 1, before = 0, reached[2];
        if (round % 5 == 0)
            distance += 1u << 26;
        while (before < 8 && docids[0][before] < docid + distance)
            before++;
        assert_int_equal(glass_eight_before(p, distance, &reached[0]), before);
        assert_int_equal(plain_eight_before(p, distance, &reached[1]), before);
        assert_int_equal(reached[0], docids[0][MIN(before, 7)] - docid);
        assert_int_equal(reached[1], reached[0]);
    }
}

static void
longer_numbers_are_told(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        uint8_t p[4 * GLASS_EIGHT];
        uint32_t span = 32;
        fill(p, sizeof p);
        for (size_t i = 0; i < sizeof p; i += 2)
            span += p[i];
        assert_int_equal(glass_eight_span(p), span);
        assert_int_equal(plain_eight_span(p), span);
        size_t at = random_below(sizeof p);
        p[at] |= 0x80;
        assert_int_equal(glass_eight_span(p), 0);
        assert_int_equal(plain_eight_span(p), 0);
        for (size_t i = 0; i < 4; i++) {
            bool are = at / GLASS_EIGHT != i;
            assert_int_equal(glass_eight_are(p + i * GLASS_EIGHT), are);
            assert_int_equal(plain_eight_are(p + i * GLASS_EIGHT), are);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(eight_are_what_each_says),
                                       cmocka_unit_test(longer_numbers_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
