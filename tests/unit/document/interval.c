/* ISO dates and the intervals they stand for. */
#include "cmocka_all.h"
#include "legajo/document.h"

static void
iso_dates_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t first, last; /* 0: refused */
    } cases[] = {
        {"2026", 20260101, 20261231},
        {"2026-01", 20260101, 20260131},
        {"2024-02", 20240201, 20240229},
        {"1900-02", 19000201, 19000228},
        {"2000-02-29", 20000229, 20000229},
        {"2026-01-21", 20260121, 20260121},
        {" 2026-01-21\n", 20260121, 20260121},
        {"20260121", 20260121, 20260121},
        {"2026-01-21T10:00:00Z", 20260121, 20260121},
        {"2026-01-21T10:00:00.123-06:00", 20260121, 20260121},
        {"2026-01-21 10:00", 20260121, 20260121},
        {"1813-05-11", 18130511, 18130511},
        {"2026-13", 0, 0},
        {"2026-00", 0, 0},
        {"2026-02-29", 0, 0},
        {"2026-01-00", 0, 0},
        {"2026-01-32", 0, 0},
        {"2026-1-2", 0, 0},
        {"0000", 0, 0},
        {"202", 0, 0},
        {"20261", 0, 0},
        {"202601", 0, 0},
        {"2026-", 0, 0},
        {"2026-01-", 0, 0},
        {"2026-01-21x", 0, 0},
        {"2026-01-21T", 0, 0},
        {"2026-01-21Tnoon", 0, 0},
        {"2026-01-21 de enero", 0, 0},
        {"21/01/2026", 0, 0},
        {"", 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_interval found = {0, 0};
        bool read = lj_interval_from_iso(cases[i].text, -1, &found);
        if (read != (cases[i].first != 0) || found.first != cases[i].first ||
            found.last != cases[i].last)
            fail_msg("%s: %d %u %u", cases[i].text, read, found.first, found.last);
    }
    struct lj_interval found;
    assert_false(lj_interval_from_iso("2026\0", 5, &found));
    assert_true(lj_interval_from_iso("2026-01-21", 7, &found));
    assert_int_equal(found.last, 20260131);
}

static void
intervals_print_shortest(void **state)
{
    (void)state;
    static const struct {
        struct lj_interval interval;
        const char *text;
    } cases[] = {
        {{20260101, 20261231}, "2026"},
        {{20260101, 20260131}, "2026-01"},
        {{20240201, 20240229}, "2024-02"},
        {{20240201, 20240228}, "2024-02-01..2024-02-28"},
        {{20260121, 20260121}, "2026-01-21"},
        {{20260121, 20260203}, "2026-01-21..2026-02-03"},
        {{0, 20251231}, "..2025-12-31"},
        {{20260101, 99999999}, "2026-01-01.."},
        {{0, 99999999}, ".."},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = lj_interval_to_iso(&cases[i].interval);
        assert_string_equal(text, cases[i].text);
        g_free(text);
    }
}

/* Every day of eight centuries comes back, and no other. */
static void
every_day_comes_back(void **state)
{
    (void)state;
    GDate *date = g_date_new_dmy(1, 1, 1500);
    for (int i = 0; i < 800 * 366; i++) {
        struct lj_interval day, again;
        assert_true(lj_interval_of(g_date_get_year(date), g_date_get_month(date),
                                   g_date_get_day(date), &day));
        char *iso = lj_interval_to_iso(&day);
        assert_true(lj_interval_from_iso(iso, -1, &again));
        assert_int_equal(day.first, again.first);
        assert_int_equal(day.last, again.last);
        g_free(iso);
        if (g_date_is_last_of_month(date))
            assert_false(lj_interval_of(g_date_get_year(date), g_date_get_month(date),
                                        g_date_get_day(date) + 1u, &day));
        g_date_add_days(date, 1);
    }
    g_date_free(date);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_dates_are_read),
        cmocka_unit_test(intervals_print_shortest),
        cmocka_unit_test(every_day_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
